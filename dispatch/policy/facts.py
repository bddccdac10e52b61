"""Facts: the read models that rules and auditor judge; data only, no table and no decision.

`None` always means *not known*, and what is not known permits no visit. An empty tuple means
*known: there is none*. Instants are aware and in UTC. Kinds, states and channels are the values
of the model's StrEnums (plain text does as well).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

SENDING_DELAY_S = 900
"""How long a notice takes to arrive once it may be sent, unless the branch says otherwise."""


class DayClass(StrEnum):
    """What sort of day a local date is, beside its weekday."""

    WORKDAY = "workday"
    REST = "rest"
    HOLIDAY = "holiday"
    MAKEUP = "makeup"


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberFacts:
    """One agent of a crew, as far as the law asks."""

    agent_id: UUID
    certificate_until: date | None
    """Last date on which the certificate is valid."""
    training_until: date | None
    """Last date on which the yearly training is valid."""
    authorised_until: date | None
    """Last date of the authorisation by the lender *of this visit*."""
    is_active: bool = True
    gender: str | None = None
    """Asked only where a person wished for a mixed crew."""
    languages: tuple[str, ...] = ()
    """Language tags; none is *not known*."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldFacts:
    """A stop on visits, from an instant on (included) until another (excluded) or open-ended."""

    kind: str
    from_at: datetime
    until_at: datetime | None = None
    """None here is *open-ended*, the stricter reading of not knowing the end."""
    case_id: UUID | None = None
    """Set where the hold binds this case alone."""
    place_id: UUID | None = None
    """Set where the hold binds this place alone; neither set: the whole person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentFacts:
    """The person's own permission, dated and revocable."""

    scope: str
    """`place`: come to this place. Other scopes permit nothing yet."""
    given_at: datetime
    place_id: UUID | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RelaxationFacts:
    """A rule's value replaced by a looser one, by whom the rule itself names, on two persons' word."""

    parameter: str
    value: Any
    """In the pack's own grammar; binds instead of the layer's value."""
    given_by: str
    """borrower, contract, court or lender: what `relaxable_by` must say."""
    given_at: datetime
    first_by: UUID | None
    second_by: UUID | None
    """The two who took it down and checked it; not the same person."""
    decided_at: datetime | None
    """When the second confirmed it."""
    until_at: datetime | None = None
    revoked_at: datetime | None = None
    case_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietFacts:
    """A time of the week at which the person asked not to be disturbed, on the place's clocks."""

    weekday: str
    """mon to sun."""
    window: str
    """Such as `13:00-15:00`, or `00:00-24:00` for the whole day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactFacts:
    """One try to reach the person about any of their loans."""

    at: datetime
    channel: str
    """phone, sms, email, letter, chat or visit."""
    result: str
    """right_party, third_party or none."""
    case_id: UUID | None = None
    """The loan that it was about."""
    is_genuine: bool = True
    """False where the try could not have reached anyone: wrong number, rejected by the gateway."""
    by_borrower: bool = False
    """The person turned to us; it neither counts as a try nor starts a cooling-off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitMadeFacts:
    """A visit that counts against the person's caps: made, or firmly announced elsewhere."""

    at: datetime
    case_id: UUID | None = None
    visit_id: UUID | None = None
    """So that a visit does not count against itself when it is audited after the day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFacts:
    """The newest notice of a visit."""

    state: str
    """drafted, checked, sending, sent, unknown, delivered, opened, failed, replaced, suppressed,
    superseded or expired. From `sending` to `opened` it has left and binds the plan to it."""
    date_on: date
    window_from: datetime
    window_until: datetime
    place_id: UUID
    crew_hash: str
    purpose: str
    content_hash: str
    """`dispatch.policy.hashes.notice_hash` of window, place, crew and purpose as sent."""
    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    delivered_proof: str | None = None
    """receipt, opened_link or personal; else nobody can prove it. A gateway's yes is no proof."""
    opened_at: datetime | None = None
    """When the person opened the link: proof of its own."""
    expires_at: datetime | None = None
    language: str | None = None
    channel: str | None = None
    """email, sms, letter, chat or phone_desk."""
    substitute_hashes: frozenset[str] = frozenset()
    """Hashes of crews with a substitute that the notice named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitFacts:
    """One visit, its case, its person and its place."""

    visit_id: UUID
    reference: str
    case_id: UUID
    person_id: UUID
    place_id: UUID
    place_kind: str | None
    """residence, workplace, other, or a kind that the pack names."""
    is_place_located: bool | None
    is_place_chosen: bool | None
    """Whether the person chose the place; for other than the residence a consent must say so."""
    time_zone: str | None
    """IANA name, of the place."""
    dpd: int | None
    """Days past due on the day that the facts were taken."""
    ability: str | None
    """adequate, partial, none_now, unknown (asked, not learnt); None: nobody asked."""
    is_adult: bool | None
    language: str | None
    purpose: str
    """Neutral purpose code of the visit, part of the notice."""
    service_s: int
    """Planned length of the stay."""
    contacts: tuple[ContactFacts, ...] | None
    """Every try to reach the person, across loans and channels."""
    visits: tuple[VisitMadeFacts, ...] | None
    """Every visit that counts for the person, across loans and agencies, but this one."""
    holds: tuple[HoldFacts, ...] | None
    consents: tuple[ConsentFacts, ...] = ()
    data_audit_until: datetime | None = None
    """Until when the check of the case's data holds good."""
    ground: str | None = None
    """Why a visit, in writing."""
    approved_by: UUID | None = None
    is_approver_human: bool | None = None
    approved_at: datetime | None = None
    appointment: str | None = None
    """offered, unanswered (or expired: the time to answer is over), confirmed, countered, declined,
    withdrawn, kept, missed_borrower, missed_agent; None: none yet."""
    notice: NoticeFacts | None = None
    is_notice_used: bool = False
    """An earlier try already rested on the notice."""
    wants_mixed_crew: bool = False
    willingness: str | None = None
    """Shown in the reason; never a ground."""
    product: str | None = None
    """Class of the loan as a pack may name it; None or another word: every class binds."""
    is_language_written: bool | None = None
    """Whether the closed library of messages has the person's language."""
    quiet_times: tuple[QuietFacts, ...] = ()
    relaxations: tuple[RelaxationFacts, ...] = ()
    contact_time_zones: tuple[str, ...] = ()
    """Further zones in which the person may be when a message arrives."""
    region: str | None = None
    """Country or part of one whose calendar binds at the place; None: the branch's alone."""
    risks: tuple[str, ...] = ()
    """Kinds of the risk flags that stand on the place: about the way there, never about a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFacts:
    """One step at the door, as a device marked it."""

    kind: str
    """arrived, identity, talk, third_party, no_one, asked_to_leave or left."""
    at: datetime
    is_near: bool | None = None
    """Whether the device was near the place; None: it gave no position."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneFacts:
    """What the field recorded of a visit."""

    steps: tuple[StepFacts, ...]
    agents: frozenset[UUID]
    """Whoever marked a step or told of the visit."""
    is_reported: bool
    is_made: bool
    """False where the crew broke off; a closed door is a visit made."""
    reached: str | None
    """right_party, third_party or none, as reported; None: broken off, or not reported."""
    flags: frozenset[str] = frozenset()
    was_published: bool = True
    """Whether a published plan sent the crew when it arrived."""
    still_ahead: int = 0
    """How many stops of the crew's published route it had not been to yet when it came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StayFacts:
    """A planned or executed stay of a crew at a visit's place."""

    visit: VisitFacts
    arrive_at: datetime
    leave_at: datetime
    crew: tuple[MemberFacts, ...]
    crew_hash: str
    """`dispatch.policy.hashes.crew_hash` of the members."""
    window_from: datetime
    window_until: datetime
    """The window that is, or will be, announced; the whole stay lies inside it."""
    place_id: UUID | None = None
    """Where the crew goes; None: to the visit's own place."""
    done: DoneFacts | None = None
    """What came of it; None before it is made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFacts:
    """One branch-day as planned or executed."""

    branch_id: UUID
    service_date: date
    pack_id: str
    pack_version: str
    stays: tuple[StayFacts, ...]
    calendar: Mapping[date, DayClass]
    """A date that is missing here is a date on which nobody is visited."""
    generated_at: datetime
    """The `now` of the plan; for a release or an executed day the moment of the audit."""
    sending_delay_s: int = SENDING_DELAY_S
    regions: Mapping[str, Mapping[date, DayClass]] = field(default_factory=dict)
    """Calendars of other regions, which bind beside the branch's where a place lies in one."""
