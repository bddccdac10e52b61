"""Visit: one intended call on a person at a place; it lives across plans."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from sqlmodel import Field

from dispatch.ids import new_token
from dispatch.model.columns import (
    UUID,
    Row,
    choice,
    instant,
    listing,
    maybe_to,
    reference,
    some_instant,
    to,
)
from dispatch.model.state import move


class VisitState(StrEnum):
    """Where a visit stands."""

    DRAFT = "draft"
    PLANNED = "planned"
    AUDITED = "audited"
    NOTICED = "noticed"
    CONFIRMED = "confirmed"
    UNANSWERED = "unanswered"
    RELEASED = "released"
    EN_ROUTE = "en_route"
    ARRIVED = "arrived"
    IDENTITY = "identity"
    TALK = "talk"
    THIRD_PARTY = "third_party"
    NO_ONE = "no_one"
    LEFT = "left"
    REPORTED = "reported"
    REVIEWED = "reviewed"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    ABORTED = "aborted"


class VisitPurpose(StrEnum):
    """What a visit is for, in words that a notice may hold; never to press."""

    TALK_ABOUT_OPTIONS = "talk_about_options"
    SEE_SITUATION = "see_situation"
    ARRANGEMENT = "arrangement"
    DOCUMENTS = "documents"


class TakenBack(StrEnum):
    """Why an approval, an appointment or a published plan is taken back: a closed list, for the log."""

    CREW_AWAY = "crew_away"
    SAFETY = "safety"
    ROADS_OR_WEATHER = "roads_or_weather"
    NEW_FACTS = "new_facts"
    PERSON_IN_TOUCH = "person_in_touch"
    PAID = "paid"
    MISTAKE = "mistake"
    NOT_PROVEN = "not_proven"
    NOT_PUBLISHED = "not_published"


_V = VisitState
_STOP: Final = frozenset({_V.CANCELLED, _V.ABORTED})
_DOOR: Final = frozenset({_V.TALK, _V.THIRD_PARTY, _V.NO_ONE})
_REPORT: Final = frozenset({_V.LEFT, _V.REPORTED, _V.ABORTED})

VISIT_STATES: Final[Mapping[VisitState, frozenset[VisitState]]] = {
    _V.DRAFT: frozenset({_V.PLANNED, _V.CANCELLED}),
    _V.PLANNED: frozenset({_V.AUDITED, _V.DRAFT, _V.CANCELLED}),
    _V.AUDITED: frozenset({_V.NOTICED, _V.DRAFT, _V.CANCELLED}),
    _V.NOTICED: frozenset({_V.CONFIRMED, _V.UNANSWERED, _V.DRAFT}) | _STOP,
    _V.UNANSWERED: frozenset({_V.CONFIRMED, _V.RELEASED, _V.DRAFT}) | _STOP,
    _V.CONFIRMED: frozenset({_V.RELEASED, _V.DRAFT}) | _STOP,
    _V.RELEASED: frozenset({_V.EN_ROUTE, _V.ARRIVED, _V.CONFIRMED, _V.UNANSWERED, _V.DRAFT})
    | _STOP,
    _V.EN_ROUTE: frozenset({_V.ARRIVED}) | _STOP,
    _V.ARRIVED: frozenset({_V.IDENTITY, *_DOOR}) | _REPORT,
    _V.IDENTITY: _DOOR | _REPORT,
    _V.TALK: _REPORT,
    _V.THIRD_PARTY: _REPORT,
    _V.NO_ONE: _REPORT,
    _V.LEFT: frozenset({_V.REPORTED, _V.ABORTED}),
    _V.REPORTED: frozenset({_V.REVIEWED, _V.CLOSED}),
    _V.REVIEWED: frozenset({_V.CLOSED}),
    _V.ABORTED: frozenset({_V.REPORTED, _V.CLOSED}),
}

OPEN: Final = frozenset(
    {
        _V.DRAFT,
        _V.PLANNED,
        _V.AUDITED,
        _V.NOTICED,
        _V.CONFIRMED,
        _V.UNANSWERED,
        _V.RELEASED,
    }
)
"""Not yet begun: may still be planned, moved or cancelled."""

UNDECIDED: Final = frozenset({VisitState.NOTICED, VisitState.UNANSWERED})
"""Told of, and not answered: the person may be reminded."""

ANNOUNCED: Final = frozenset({_V.NOTICED, _V.CONFIRMED, _V.UNANSWERED, _V.RELEASED})
"""The person has been told, or is being told: the crew is fixed."""

UNDER_WAY: Final = frozenset(
    {_V.EN_ROUTE, _V.ARRIVED, _V.IDENTITY, _V.TALK, _V.THIRD_PARTY, _V.NO_ONE, _V.LEFT}
)
"""The crew is at it."""


class Visit(Row, table=True):
    """One intended call: approved by a human, planned, announced, made, reported."""

    __tablename__ = "visit"

    branch_id: UUID = to("branch")
    case_id: UUID = to("loan_case")
    person_id: UUID = to("person")
    place_id: UUID = to("place")
    approval_id: UUID | None = maybe_to("approval")
    reference: str = reference()
    state: VisitState = choice(VisitState, default=VisitState.DRAFT, index=True)
    purpose: str = Field(default=VisitPurpose.TALK_ABOUT_OPTIONS, max_length=60)
    options: list[str] = listing()
    """What may be offered (`dispatch.policy.relief.Relief`); empty: the whole catalogue."""
    ground: str = Field(max_length=2000)
    pack_id: str = Field(max_length=40)
    pack_version: str = Field(max_length=40)
    service_date: date | None = Field(default=None, index=True)
    earliest_on: date | None = None
    latest_on: date | None = None
    service_s: int = 25 * 60
    value: int = 50
    languages: list[str] = listing()
    skills: list[str] = listing()
    code_seed: str = Field(default_factory=new_token, max_length=64)
    times_declined_by_us: int = 0
    arrived_at: datetime | None = some_instant()
    left_at: datetime | None = some_instant()
    created_at: datetime = instant()
    version: int = 1

    def move_to(
        self, state: VisitState, *, actor: str, now: datetime, why: str | None = None
    ) -> None:
        """Move to another state, as the table permits."""
        move(self, VISIT_STATES, state, actor=actor, now=now, why=why)

    def may_become(self, state: VisitState) -> bool:
        """Whether the table permits the step from the present state."""
        return state in VISIT_STATES.get(self.state, frozenset())
