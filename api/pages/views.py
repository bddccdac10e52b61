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
``today.html``                      `agent_views.TodayPage`
``visit.html``                      `agent_views.VisitPage`
``decision_missing.html``           `decision_views.DecisionMissing`
``decision.html``                   `decision_views.DecisionPage`
``care.html``                       `care_views.CarePage`
``conduct.html``                    `conduct_views.ConductPage`
``figures.html``                    `figure_views.FiguresPage`
``law.html``                        `law_views.LawPage`
``permissions.html``                `permission_views.PermissionsPage`
``permissions_branch.html``         `permission_views.BranchPermissionsPage`
``care/_urgent.html``               `care_views.AlertsPart`
``offline.html``                    `LoginPage`
``borrower/landing.html``           `borrower_views.LandingPage`
``borrower/appointment.html``       `borrower_views.AppointmentPage`
``borrower/reply.html``             `borrower_views.ReplyPage`
==================================  =======================
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Final
from urllib.parse import quote
from uuid import UUID

from dispatch.model import Branch

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
    #: Paths of the branch's pages that the reader may open, in the order of the bar; ``nav.*``.
    pages: tuple[str, ...] = ()
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

    @classmethod
    def of(cls, branch: Branch, locale: str) -> "BranchChoice":
        """Return the branch under its name in the page's language."""
        is_chinese = locale == "zh-CN" and branch.name_zh
        return cls(branch.id, str(branch.name_zh) if is_chinese else branch.name)


@dataclass(frozen=True, slots=True)
class PlanView:
    """The plan on show: the draft to decide on, else the published one, else the newest."""

    id: UUID
    #: What people call it: v3.
    number: int
    #: The lock: sent with Publish and Recall, refused if it changed meanwhile.
    version: int
    #: ``plan.state.*``: draft, published, recalled, superseded.
    state: str
    made_at: datetime
    published_at: datetime | None = None
    #: Some travel times are estimates, not from roads.
    is_estimated: bool = False
    #: A required visit is unserved: publishing needs an explained decision.
    is_incomplete: bool = False
    #: Findings of the release audit; any makes Publish unavailable.
    release_faults: tuple["ReleaseFault", ...] = ()
    #: Visits of a draft that nobody was told of yet; any makes Announce the next step.
    unannounced: int = 0
    announced_at: datetime | None = None
    pack_name: str = ""
    pack_version: str = ""
    is_pack_signed: bool = False
    #: What the planner could not do as it should: headline and text of each, ``plan.flag.*``.
    flags: tuple[tuple["Sentence", "Sentence"], ...] = ()


@dataclass(frozen=True, slots=True)
class ReleaseFault:
    """Why one visit may not be released yet; `why` is ``fault.<audit code>``."""

    reference: str
    why: Sentence


@dataclass(frozen=True, slots=True)
class RunView:
    """A plan run that is queued, under way, or the last one if it failed."""

    id: UUID
    #: ``run.state.*``: queued, running, done, failed, stale, cancelled.
    state: str
    #: 0 to 100, None while unknown.
    progress: int | None = None
    why: Sentence | None = None

    @property
    def is_open(self) -> bool:
        """Whether the page should keep asking."""
        return self.state in {"queued", "running"}


@dataclass(frozen=True, slots=True)
class Figures:
    """The day in numbers; travel in seconds."""

    visits: int = 0
    #: Per cent of windows that will be kept, as expected; None where days are not drawn.
    on_time: int | None = None
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
    until_at: datetime


_SURE: Final = 90


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
    window_until_at: datetime
    #: ``appointment.*``: unannounced, announced, confirmed, no_answer, moved, refused, held, done.
    state: str
    lat: float
    lon: float
    #: Travel to this stop from the one before.
    travel_s: int = 0
    #: ``lock.*``: none, crew (announced with this crew), promise (time confirmed).
    lock: str = "none"
    is_required: bool = False
    #: Per cent of drawn days on which the crew rings in time; None where days are not drawn.
    on_time: int | None = None

    @property
    def is_shaky(self) -> bool:
        """Whether the window is kept so rarely that somebody should look at it."""
        return self.on_time is not None and self.on_time < _SURE


@dataclass(frozen=True, slots=True)
class RouteView:
    """One crew's day. `line` is road geometry as (lon, lat), straight if none is known."""

    id: UUID
    #: One or two characters, shown with the colour and the line pattern: A, B, C …
    label: str
    members: tuple[str, ...]
    from_at: datetime
    until_at: datetime
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

    case_id: UUID
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
class MoveView:
    """A visit that a repair moved: when it was planned, and when it is now; None for not at all."""

    reference: str
    was_at: datetime | None
    now_at: datetime | None


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
    #: What a repair moved, against the plan that crews had before; None where the plan is none.
    moves: tuple[MoveView, ...] | None = None
    #: Whether a plan is published and its day has come.
    is_repairable: bool = False
    is_send_nothing: bool = False
