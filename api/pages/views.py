"""What the page templates take: one frozen dataclass a page, and its parts.

A view holds facts, never sentences: instants are aware `datetime`s (the translator shows them in
`Page.time_zone`), states and codes are the values of the dispatch enums and are worded by the
catalogue key named beside the field. Fill a view inside the request's read, render it after.

==================================  =======================
template                            view
==================================  =======================
``day.html``                        `DayPage`
``login.html``                      `LoginPage`
``error.html``                      `ErrorPage`
``today.html``                      `TodayPage`
``visit.html``                      `VisitPage`
``borrower/landing.html``           `LandingPage`
``borrower/appointment.html``       `AppointmentPage`
``borrower/reply.html``             `ReplyPage`
==================================  =======================
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from urllib.parse import quote
from uuid import UUID

NO_VALUES: Mapping[str, object] = MappingProxyType({})


# --- every page ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the catalogue with its values: `key` in full, as ``reason.too_far``."""

    key: str
    values: Mapping[str, object] = NO_VALUES


@dataclass(frozen=True, slots=True)
class Page:
    """What every page needs, whoever reads it."""

    locale: str
    #: Path and query of this page, without ``lang``; the language links come back to it.
    path: str
    time_zone: str = "UTC"
    #: ``system``, ``light`` or ``dark``: the ``theme`` cookie, which the switch sets.
    theme: str = "system"
    #: Sent with every form as ``csrf_token`` and by scripts as ``X-CSRF-Token``.
    csrf_token: str = ""
    #: Who is signed in; None on the login and borrower pages.
    viewer_name: str | None = None
    #: Said once at the top after a form post: ``flash.*``.
    flash: Sentence | None = None

    def in_language(self, locale: str) -> str:
        """Address of this page in another language."""
        joint = "&" if "?" in self.path else "?"
        return f"{self.path}{joint}lang={quote(locale)}"


@dataclass(frozen=True, slots=True)
class LoginPage:
    """The log-in form; `fault` is ``login.fault.*`` after a failed try, never saying which part."""

    page: Page
    email: str = ""
    next_path: str = "/"
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """A problem shown to a person: `kind` is worded by ``error.<kind>.*``, others as ``error.other``."""

    page: Page
    status: int
    kind: str
    detail: str = ""
    request_id: str = ""
    home: str = "/"


# --- the manager's day -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BranchChoice:
    """A branch the manager may open."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class PlanView:
    """The plan on show: the published one if there is one, else the newest."""

    id: UUID
    version: int
    #: ``plan.status.*``: draft, published, recalled, superseded.
    status: str
    made_at: datetime
    published_at: datetime | None = None
    #: Some travel times are estimates, not from roads.
    is_estimated: bool = False
    #: A required visit is unserved: publishing needs an explained decision.
    is_incomplete: bool = False
    #: Findings of the release audit; any makes Publish unavailable.
    release_faults: tuple["ReleaseFault", ...] = ()
    pack_name: str = ""
    pack_version: str = ""
    is_pack_signed: bool = False


@dataclass(frozen=True, slots=True)
class ReleaseFault:
    """Why one visit may not be released yet; `why` is ``fault.*``."""

    reference: str
    why: Sentence


@dataclass(frozen=True, slots=True)
class RunView:
    """A plan run that is queued, under way, or the last one if it failed."""

    id: UUID
    #: ``run.status.*``: queued, running, done, failed, stale.
    status: str
    #: 0 to 100, None while unknown.
    progress: int | None = None
    why: Sentence | None = None

    @property
    def is_open(self) -> bool:
        """Whether the page should keep asking."""
        return self.status in {"queued", "running"}


@dataclass(frozen=True, slots=True)
class Figures:
    """The day in numbers; travel in seconds."""

    visits: int = 0
    confirmed: int = 0
    announced: int = 0
    unserved: int = 0
    unserved_required: int = 0
    crews: int = 0
    travel_s: int = 0
    travel_m: int = 0


@dataclass(frozen=True, slots=True)
class BreakView:
    """A rest on a route."""

    from_at: datetime
    to_at: datetime


@dataclass(frozen=True, slots=True)
class StopView:
    """One visit on a route. No name, no address, no amount: the board hangs in an open office."""

    visit_id: UUID
    reference: str
    position: int
    neighbourhood: str
    start_at: datetime
    leave_at: datetime
    window_from_at: datetime
    window_to_at: datetime
    #: ``appointment.*``: unannounced, announced, confirmed, no_answer, moved, refused, held, done.
    state: str
    lat: float
    lon: float
    #: Travel to this stop from the one before.
    travel_s: int = 0
    #: ``lock.*``: none, crew (announced with this crew), promise (time confirmed).
    lock: str = "none"
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class RouteView:
    """One crew's day. `line` is road geometry as (lon, lat), straight if none is known."""

    id: UUID
    #: One or two characters, shown with the colour and the line pattern: A, B, C …
    label: str
    members: tuple[str, ...]
    from_at: datetime
    to_at: datetime
    travel_s: int
    stops: tuple[StopView, ...]
    breaks: tuple[BreakView, ...] = ()
    line: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class UnservedView:
    """A visit left out, with its reasons (``reason.*``) and a verified remedy (``remedy.*``)."""

    visit_id: UUID
    reference: str
    neighbourhood: str
    is_required: bool
    reasons: tuple[Sentence, ...]
    remedy: Sentence | None = None


@dataclass(frozen=True, slots=True)
class ApprovalView:
    """A case that waits for a person to approve a visit; `facts` are ``ground_fact.*``."""

    visit_id: UUID
    reference: str
    neighbourhood: str
    facts: tuple[Sentence, ...]
    #: After this the notice can no longer be delivered in time.
    decide_by_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class UnlocatedView:
    """A case whose place cannot be put on the map yet; `why` is ``unlocated.*``."""

    case_id: UUID
    reference: str
    why: Sentence


@dataclass(frozen=True, slots=True)
class DayPage:
    """The manager's day: one branch, one service date."""

    page: Page
    branch: BranchChoice
    branches: tuple[BranchChoice, ...]
    service_on: date
    #: The branch's own calendar day, for the "today" link.
    today_on: date
    previous_on: date
    next_on: date
    plan: PlanView | None
    run: RunView | None
    figures: Figures
    routes: tuple[RouteView, ...] = ()
    unserved: tuple[UnservedView, ...] = ()
    approvals: tuple[ApprovalView, ...] = ()
    unlocated: tuple[UnlocatedView, ...] = ()
    is_send_nothing: bool = False


# --- the agent's itinerary -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CrewView:
    """Today's crew as its members see it."""

    label: str
    #: The others; the reader is not among them.
    partners: tuple[str, ...]
    from_at: datetime
    to_at: datetime


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
    lat: float
    lon: float
    window_from_at: datetime
    window_to_at: datetime
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


# --- the borrower's page ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LandingPage:
    """What anyone who opens the link sees: nothing, until a second fact is given.

    `state`: ``open``; ``wrong`` (a try failed); ``locked`` (too many); ``closed`` (expired,
    used up or unknown: one page for all three, so that a guess learns nothing).
    """

    page: Page
    token: str
    state: str = "open"
    #: Names of the facts asked for, in order: ``challenge.*``.
    challenges: tuple[str, ...] = ("phone_last4", "birth_year")
    tries_left: int | None = None
    contact_phone: str = ""


@dataclass(frozen=True, slots=True)
class CrewMember:
    """Who will come: name and the number on the identity card."""

    name: str
    card_number: str


@dataclass(frozen=True, slots=True)
class SlotView:
    """Another time on offer; `id` comes back as ``slot``."""

    id: str
    from_at: datetime
    to_at: datetime


@dataclass(frozen=True, slots=True)
class AppointmentPage:
    """The appointment, shown after the second fact, as the answer to a POST.

    `proof` is a short-lived signed text that each form sends back instead of a cookie.
    `replies` are the answers open now, of confirm, move, refuse, hardship, dispute, complain,
    stop; the page keeps its own order.
    """

    page: Page
    token: str
    proof: str
    reference: str
    #: ``borrower.state.*``: announced, confirmed, moved, refused, held, cancelled, over.
    state: str
    lender_name: str
    crew: tuple[CrewMember, ...]
    door_code: str
    window_from_at: datetime
    window_to_at: datetime
    #: ``place.*``: residence, chosen.
    place_kind: str
    address: str
    #: ``purpose.*``
    purpose: str
    why: tuple[Sentence, ...]
    replies: frozenset[str]
    slots: tuple[SlotView, ...] = ()
    answered_at: datetime | None = None
    contact_phone: str = ""
    #: Fault of a form that came back: ``borrower.fault.*``.
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class ReplyPage:
    """The plain page that ends each answer: ``borrower.done.<reply>.*``."""

    page: Page
    token: str
    proof: str
    reference: str
    reply: str
    recorded_at: datetime
    slot: SlotView | None = None
    contact_phone: str = ""
    #: What happens next, beyond the standing text of the reply.
    next_steps: tuple[Sentence, ...] = field(default=())
