"""Repeat: whether a case in follow-up may be considered again; the decision is never made here.

A repeat visit is a decision of its own, by a human, in writing (`dispatch.eligibility`). No
outcome, broken promise or refusal leads to one, and nothing in this package creates a visit, a
plan run, or a step of a case towards either.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from dispatch.model import Case, HoldKind, Stage
from dispatch.store.holds import holds_of


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands after its visit: what a person who decides must know first."""

    stage: Stage
    holds: tuple[HoldKind, ...]

    @property
    def may_be_considered(self) -> bool:
        """Whether a person may look at the case again at all."""
        return self.stage is Stage.FOLLOW_UP and not self.holds


def standing(session: Session, *, case: Case, now: datetime) -> Standing:
    """Return where a case stands, with every hold that stops visits now."""
    holds = tuple(
        hold.kind
        for hold in holds_of(session, case.person_id)
        if hold.is_active(now)
        and hold.case_id in {None, case.id}
        and hold.place_id in {None, case.place_id}
    )
    return Standing(stage=case.stage, holds=holds)
