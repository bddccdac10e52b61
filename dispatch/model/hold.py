"""Hold: what stops visits to a person or about a case, at once and offline too."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlmodel import Field

from dispatch.errors import Refused
from dispatch.model.columns import UUID, Row, choice, instant, maybe_to, some_instant, to
from dispatch.model.state import move


class HoldKind(StrEnum):
    """Why visits stop."""

    HARDSHIP = "hardship"
    DISPUTE = "dispute"
    COMPLAINT = "complaint"
    STOP_CONTACT = "stop_contact"
    STOP_VISITS = "stop_visits"
    SIGNED_PLAN = "signed_plan_performing"
    PLAN_REQUEST = "plan_request"
    PROMISE_OPEN = "promise_open"
    REPRESENTED = "represented"
    INSOLVENCY = "insolvency"
    DECEASED = "deceased"
    INCAPACITY = "incapacity"
    VULNERABLE = "vulnerable"
    DISTRESS = "distress_flag"
    ILLNESS = "illness"
    BEREAVEMENT = "bereavement"
    DISASTER_AREA = "disaster_area"
    MINOR_ONLY = "minor_only"
    PAID_UNPOSTED = "paid_unposted"
    DATA_AUDIT_EXPIRED = "data_audit_expired"
    IDENTITY_DOUBT = "identity_doubt"
    LANGUAGE = "language"
    COOLING_OFF = "cooling_off"
    AWAY = "away"
    PLACE_BARRED = "place_barred"


PERMANENT: Final = frozenset({HoldKind.STOP_CONTACT, HoldKind.STOP_VISITS, HoldKind.DECEASED})
"""Holds that nobody but the person lifts."""

SPECIALIST: Final = frozenset({HoldKind.DISTRESS, HoldKind.VULNERABLE, HoldKind.INCAPACITY})
"""Holds that only a specialist, never the collector's own line, releases."""


class Releaser(StrEnum):
    """On whose word a hold ends."""

    PERSON = "person"
    SPECIALIST = "specialist"
    MANAGER = "manager"


def releaser_of(kind: HoldKind) -> Releaser:
    """Return on whose word a hold of this kind ends; never on the crew's alone."""
    if kind in PERMANENT:
        return Releaser.PERSON
    return Releaser.SPECIALIST if kind in SPECIALIST else Releaser.MANAGER


class HoldState(StrEnum):
    """Where a hold stands."""

    REQUESTED = "requested"
    ACTIVE = "active"
    LAPSED = "lapsed"
    RELEASED = "released"


_STATES: Final[Mapping[HoldState, frozenset[HoldState]]] = {
    HoldState.REQUESTED: frozenset({HoldState.ACTIVE, HoldState.RELEASED}),
    HoldState.ACTIVE: frozenset({HoldState.LAPSED, HoldState.RELEASED}),
}


class Hold(Row, table=True):
    """A stop on visits: for the person everywhere, or for one case, or for one place."""

    __tablename__ = "hold"

    branch_id: UUID = to("branch")
    person_id: UUID = to("person")
    case_id: UUID | None = maybe_to("loan_case")
    place_id: UUID | None = maybe_to("place")
    kind: HoldKind = choice(HoldKind, index=True)
    state: HoldState = choice(HoldState, default=HoldState.ACTIVE, index=True)
    from_at: datetime = instant()
    until_at: datetime | None = some_instant()
    requested_by: str = Field(max_length=80)
    source_id: UUID | None = Field(default=None, index=True)
    released_by: str | None = Field(default=None, max_length=80)
    release_reason: str | None = Field(default=None, max_length=500)

    def is_active(self, at: datetime) -> bool:
        """Whether visits are stopped at an instant."""
        return (
            self.state is HoldState.ACTIVE
            and self.from_at <= at
            and (self.until_at is None or at < self.until_at)
        )

    def release(
        self, *, reason: str, actor: str, now: datetime, is_specialist: bool = False
    ) -> None:
        """Lift the hold, with a reason; some only a specialist may lift."""
        if self.kind in SPECIALIST and not is_specialist:
            msg = f"A hold for {self.kind} is lifted by a specialist only; hand it over to one."
            raise Refused(msg)
        if not reason.strip():
            msg = "Say why the hold is lifted; an empty reason is not enough."
            raise Refused(msg)
        move(self, _STATES, HoldState.RELEASED, actor=actor, now=now, hold=self.kind)
        self.released_by, self.release_reason = actor, reason

    def lapse(self, *, actor: str, now: datetime) -> None:
        """End a hold whose time has run out."""
        move(self, _STATES, HoldState.LAPSED, actor=actor, now=now, hold=self.kind)
