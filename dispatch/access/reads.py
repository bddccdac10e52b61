"""Reads: one entry of evidence for each borrower record that was delivered."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from dispatch.model import Case
from dispatch.store import evidence


def note_reads(session: Session, *, cases: Sequence[Case], actor: str, now: datetime) -> None:
    """Record who was shown which cases; all entries of one answer go in together."""
    evidence.append(
        session,
        [
            {
                "branch_id": case.branch_id,
                "kind": "read.case",
                "subject": "loan_case",
                "subject_id": case.id,
                "case_id": case.id,
                "person_id": case.person_id,
                "actor": actor,
                "at": now,
            }
            for case in cases
        ],
    )
