"""Notices that a person brings, or clears up, as they come in and go out."""

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from api.schemas.schema import Instant, Schema
from dispatch.model import Appointment, Notice, NoticeChannel, NoticeKind, NoticeState, Visit
from dispatch.policy.pack import Pack


class NoticeOut(Schema):
    """A notice, without what it says and to whom."""

    id: UUID
    branch_id: UUID
    case_id: UUID
    visit_id: UUID
    reference: str
    kind: NoticeKind
    state: NoticeState
    channel: NoticeChannel
    language: str
    tell_by: Instant

    @classmethod
    def of(cls, notice: Notice, visit: Visit, tell_by: datetime) -> "NoticeOut":
        """Return the notice as it goes out; `tell_by` is when it is too late."""
        names = cls.model_fields.keys() - {"reference", "tell_by"}
        told = notice.model_dump(include=names)
        return cls.model_validate({**told, "reference": visit.reference, "tell_by": tell_by})


class ToldIn(Schema):
    """What came of telling somebody."""

    result: Literal["told", "not_reached"]


class ClearingIn(Schema):
    """What somebody found out about a notice in doubt."""

    has_left: bool


def tell_by(notice: Notice, appointment: Appointment | None, law: Pack) -> datetime:
    """Return when a notice must be told at the latest: an announcement leaves its notice hours."""
    if notice.kind is not NoticeKind.ANNOUNCEMENT or appointment is None:
        return notice.expires_at
    return appointment.window_from_at - timedelta(hours=int(law["notice.min_hours"]))
