"""Facts from the field as phones send them, and the itinerary as phones are told it."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Self
from uuid import UUID

from babel.numbers import get_currency_precision, is_currency
from pydantic import AliasChoices, BeforeValidator, Field, StringConstraints, model_validator

from api.schemas.assessments import BudgetIn
from api.schemas.schema import Instant, Latitude, Line, Longitude, Schema
from dispatch.fieldwork.payloads import (
    LARGEST_AMOUNT,
    LONGEST_WORDS,
    AgreementPayload,
    CheckInPayload,
    Flag,
    OutcomePayload,
    PromisePayload,
)
from dispatch.model import (
    Ability,
    AppointmentState,
    ArrearsReason,
    Attitude,
    CheckInKind,
    OutcomeCode,
    ReportRole,
    RiskKind,
    VisitState,
    Willingness,
)
from dispatch.wording.door import Aside, DoorStep

Sequence = Annotated[int, Field(ge=0, le=2**31 - 1)]
Hash = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
MOST_LATE_MINUTES = 480
Metres = Annotated[int, Field(ge=0, le=40_000_000)]
Decimals = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,15}([.,][0-9]{1,4})?$")]
Currency = Annotated[str, StringConstraints(pattern="^[A-Z]{3}$")]


class _Fact(Schema):
    """What every fact says of itself."""

    id: UUID | None = Field(default=None, description="If given, the one of the address.")
    visit_id: UUID
    occurred_at: Instant
    device_id: UUID | None = None
    sequence: Sequence | None = None
    previous_hash: Hash | None = None


class PromiseIn(Schema):
    """What the person promised: in the currency's main unit as text, or in minor units."""

    amount: Decimals | None = None
    amount_minor: Annotated[int, Field(gt=0, le=LARGEST_AMOUNT)] | None = None
    currency: Currency
    due_on: date
    is_read_back: bool = True

    @model_validator(mode="after")
    def _one_amount(self) -> Self:
        if (self.amount is None) == (self.amount_minor is None):
            msg = "give the amount once: as `amount` or as `amount_minor`"
            raise ValueError(msg)
        if not is_currency(self.currency):
            msg = "the currency is no ISO 4217 code"
            raise ValueError(msg)
        self.minor()
        return self

    def minor(self) -> int:
        """Return the amount in minor units."""
        if self.amount is None:
            return self.amount_minor or 0
        main = Decimal(self.amount.replace(",", "."))
        scaled = main.scaleb(get_currency_precision(self.currency))
        if scaled != scaled.to_integral_value():
            msg = "the amount has more decimals than the currency has"
            raise ValueError(msg)
        return int(scaled)

    def payload(self) -> PromisePayload:
        """Return the promise for the use case."""
        return PromisePayload(
            amount=self.minor(),
            currency=self.currency,
            due_on=self.due_on,
            is_read_back=self.is_read_back,
        )


class AgreementIn(Schema):
    """What the person signed."""

    option: Line = Field(max_length=40)
    terms: str = Field(max_length=4000)
    currency: Currency
    is_read_back: bool = Field(
        default=True, description="Read to the person in their words; else it stays a draft."
    )


class OutcomeIn(_Fact):
    """What came of a visit."""

    code: OutcomeCode
    flags: list[Flag] = Field(default=[], max_length=len(Flag))
    attitude: Attitude | None = None
    willingness: Willingness | None = None
    ability: Ability | None = None
    reason: ArrearsReason | None = None
    budget: BudgetIn | None = None
    own_words: str | None = Field(default=None, max_length=LONGEST_WORDS)
    promise: PromiseIn | None = None
    agreement: AgreementIn | None = None
    risks: list[RiskKind] = Field(
        default=[],
        max_length=len(RiskKind),
        description="What the next crew should know of the way to the place; never of a person.",
    )
    role: ReportRole = ReportRole.REPORT
    amends_id: UUID | None = Field(
        default=None, validation_alias=AliasChoices("amends_id", "amends")
    )

    def payload(self) -> OutcomePayload:
        """Return the fact for the use case."""
        given = self.agreement
        return OutcomePayload(
            visit_id=self.visit_id,
            code=self.code,
            occurred_at=self.occurred_at,
            flags=tuple(dict.fromkeys(self.flags)),
            attitude=self.attitude,
            willingness=self.willingness,
            ability=self.ability,
            reason=self.reason,
            budget=self.budget.budget() if self.budget else None,
            words=self.own_words or None,
            promise=self.promise.payload() if self.promise else None,
            agreement=AgreementPayload(**given.model_dump()) if given else None,
            risks=tuple(dict.fromkeys(self.risks)),
            role=self.role,
            amends_id=self.amends_id,
            sequence=self.sequence,
            previous_hash=self.previous_hash,
        )


class PositionIn(Schema):
    """Where the phone says it is."""

    lat: Latitude
    lon: Longitude
    accuracy_m: Metres | None = None


def _kind(value: Any) -> Any:
    return "identity" if value == "identified" else value


class CheckInIn(_Fact):
    """One step at the door."""

    kind: Annotated[CheckInKind, BeforeValidator(_kind)]
    position: PositionIn | None = None
    method: Annotated[str, StringConstraints(pattern="^[a-z_]{1,40}$")] | None = Field(
        default=None, description="How the identity was checked; kept with the bytes."
    )
    late_minutes: Annotated[int, Field(ge=1, le=MOST_LATE_MINUTES)] | None = Field(
        default=None,
        description="With `en_route`: how much later than planned the crew will be there. "
        "The rest of the day is repaired.",
    )

    def payload(self) -> CheckInPayload:
        """Return the fact for the use case."""
        at = self.position
        return CheckInPayload(
            visit_id=self.visit_id,
            kind=self.kind,
            occurred_at=self.occurred_at,
            lat=at.lat if at else None,
            lon=at.lon if at else None,
            accuracy_m=at.accuracy_m if at else None,
            sequence=self.sequence,
            previous_hash=self.previous_hash,
            late_minutes=self.late_minutes,
        )


class PartnerOut(Schema):
    """Another member of the crew."""

    name: str
    photo_code: str | None


class CrewOut(Schema):
    """The crew of the day."""

    name: str
    partners: list[PartnerOut]
    starts_at: Instant
    ends_at: Instant
    breaks: list[tuple[Instant, Instant]]


class MarkedOut(Schema):
    """A step that was marked."""

    kind: CheckInKind
    occurred_at: Instant


class ReportedOut(Schema):
    """An outcome on record."""

    id: UUID
    code: OutcomeCode
    role: ReportRole
    occurred_at: Instant
    amends_id: UUID | None


class DoorLineOut(Schema):
    """What is said at one step, or aside."""

    step: DoorStep | Aside
    is_before_identity: bool = Field(description="A third party may listen.")
    say: str


class DoorScriptOut(Schema):
    """What a crew says at the door: the steps in their order, and what is said instead."""

    language: str
    version: str = Field(description="Hash of the texts as written.")
    steps: list[DoorLineOut]
    asides: list[DoorLineOut]


class ItineraryStopOut(Schema):
    """One visit of the day; never an amount."""

    visit_id: UUID
    reference: str
    position: int
    state: VisitState
    progress: str
    appointment: AppointmentState | None
    window_from_at: Instant
    window_until_at: Instant
    arrive_at: Instant
    leave_at: Instant
    travel_s: int
    neighbourhood: str
    address: str | None
    lat: float | None
    lon: float | None
    person_name: str | None
    language: str | None
    purpose: str
    options: list[str]
    visit_code: str
    risks: list[RiskKind] = Field(
        description="Risk flags on the place; told until the crew is at the door, not there."
    )
    script: DoorScriptOut | None
    allowed_codes: list[OutcomeCode]
    check_ins: list[MarkedOut]
    outcomes: list[ReportedOut]


class ItineraryOut(Schema):
    """An agent's day: the published route, with what has happened on it."""

    service_date: date
    time_zone: str
    plan_number: int | None
    crew: CrewOut | None
    stops: list[ItineraryStopOut]


class ReceiptOut(Schema):
    """That a fact is stored: its id and the hash of its bytes, and the day as it is now.

    A phone drops a fact only when both are its own: a hotel's log-in page answers 200 as well.
    """

    id: UUID
    hash: str
    itinerary: ItineraryOut


class StatementItemOut(Schema):
    """One item of what is owed."""

    name: str
    amount_minor: int


class StatementOut(Schema):
    """What is owed, in minor units."""

    visit_id: UUID
    currency: str
    items: list[StatementItemOut]
    total_minor: int
