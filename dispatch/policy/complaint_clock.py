"""A complaint's clocks, as the pack gives them: by when it is acknowledged, and by when answered."""

from datetime import datetime, timedelta

from dispatch.model import Complaint, Extension
from dispatch.policy.pack import Pack


def acknowledge_by(law: Pack, received_at: datetime) -> datetime:
    """Return the instant by which the person must know that the complaint has arrived."""
    return received_at + timedelta(days=int(law["complaint.acknowledge_days"]))


def answer_by(law: Pack, received_at: datetime) -> datetime:
    """Return the instant by which the person must have an answer."""
    return received_at + timedelta(days=int(law["complaint.answer_days"]))


def extended_until(law: Pack, complaint: Complaint, extension: Extension) -> datetime | None:
    """Return the new bound of the answer; None where the pack knows of no such extension."""
    whole = law.get("complaint.complex_answer_days")
    if whole is None:
        return None
    complex_until = complaint.received_at + timedelta(days=int(whole))
    if extension is Extension.COMPLEX:
        return complex_until
    more = law.get("complaint.approved_more_days")
    return None if more is None else complex_until + timedelta(days=int(more))
