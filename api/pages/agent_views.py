"""What the agent's templates take: the itinerary, and one visit of it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from api.pages.views import Page, Sentence
from dispatch.wording.door import DoorScript


@dataclass(frozen=True, slots=True)
class CrewView:
    """Today's crew as its members see it."""

    label: str
    #: The others; the reader is not among them.
    partners: tuple[str, ...]
    from_at: datetime
    until_at: datetime


@dataclass(frozen=True, slots=True)
class HelpLines:
    """Numbers an agent can call at once; empty ones are not shown."""

    supervisor_phone: str = ""
    emergency_phone: str = ""


@dataclass(frozen=True, slots=True)
class ItineraryStop:
    """One visit as the crew sees it. Never an amount: that is asked for after identity."""

    visit_id: UUID
    reference: str
    position: int
    neighbourhood: str
    address: str
    #: None once the day is over: the place is told on the day and before.
    lat: float | None
    lon: float | None
    window_from_at: datetime
    window_until_at: datetime
    #: ``appointment.*``
    state: str
    #: ``progress.*``: waiting, arrived, identified, reported, cancelled.
    progress: str
    #: Shown at the door; the same code is on the notice.
    door_code: str
    #: How to ask for the person: a courteous short form.
    person_name: str
    #: The stay must be over by then.
    latest_end_at: datetime
    #: Language the person prefers, as ``language.<tag>``.
    language: str = "zh-CN"
    why: tuple[Sentence, ...] = ()
    #: ``risk.kind.*``: what to reckon with on the way; empty once the crew is at the door.
    risks: tuple[str, ...] = ()
    #: What is said at the door, in the person's language; None once nobody is to go there.
    script: DoorScript | None = None


@dataclass(frozen=True, slots=True)
class TodayPage:
    """An agent's itinerary of one service date."""

    page: Page
    service_on: date
    crew: CrewView | None
    stops: tuple[ItineraryStop, ...]
    help_lines: HelpLines = HelpLines()
    #: What changed since the agent last looked: ``change.*``.
    changes: tuple[Sentence, ...] = ()
    #: Whether the list is of the present day; else its date stands over it.
    is_today: bool = True

    @property
    def next_stop(self) -> ItineraryStop | None:
        """The first stop that is neither reported nor cancelled."""
        still_open = (s for s in self.stops if s.progress not in {"reported", "cancelled"})
        return next(still_open, None)


@dataclass(frozen=True, slots=True)
class VisitPage:
    """One visit: how to get there, the steps at the door, the report."""

    page: Page
    stop: ItineraryStop
    crew: CrewView
    #: A fresh UUID, so that the form also works as a plain post.
    outcome_id: UUID
    currency: str
    service_on: date
    help_lines: HelpLines = HelpLines()
