"""What the borrower's templates take: the closed door, the appointment, the end of an answer."""

from dataclasses import dataclass, field
from datetime import datetime

from api.pages.views import Page, Sentence
from dispatch.appointments.after import Noted


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
    #: Why the page was closed again: ``borrower.fault.*``.
    fault: str | None = None


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
    until_at: datetime


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
    #: Who comes should one of them fall ill; None where nobody is named.
    substitute: CrewMember | None
    #: Empty, like the crew, once nobody comes.
    door_code: str
    window_from_at: datetime
    window_until_at: datetime
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
    #: What was noted about a visit that is over.
    noted: Noted | None = None
    #: ``borrower.guidance.outside.*``: a country, or other.
    authority: str = "other"
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
