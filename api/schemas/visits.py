"""Visits and their approvals as they come in and go out."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from api.schemas.schema import Instant, Latitude, Longitude, Schema, Words
from dispatch.coordinates import Datum
from dispatch.model import TakenBack, Visit, VisitPurpose, VisitState
from dispatch.policy.relief import Relief
from dispatch.policy.why import Why
from dispatch.store.decisions import Decision

ChosenReason = Literal[
    TakenBack.CREW_AWAY,
    TakenBack.SAFETY,
    TakenBack.ROADS_OR_WEATHER,
    TakenBack.NEW_FACTS,
    TakenBack.PERSON_IN_TOUCH,
    TakenBack.PAID,
    TakenBack.MISTAKE,
]
"""Why people take something back; what else there is is for the duties to say."""


class ApprovalIn(Schema):
    """A human's decision on a visit, with its ground in writing."""

    ground: Annotated[Words, Field(min_length=1)]
    purpose: VisitPurpose = VisitPurpose.TALK_ABOUT_OPTIONS
    options: list[Relief] = Field(
        default=list(Relief), max_length=len(Relief), description="What the crew may offer."
    )
    earliest_on: date | None = None
    latest_on: date | None = None


class VisitOut(Schema):
    """A visit without its person."""

    id: UUID
    branch_id: UUID
    case_id: UUID
    reference: str
    state: VisitState
    purpose: str
    service_date: date | None
    earliest_on: date | None
    latest_on: date | None
    created_at: Instant
    version: int

    @classmethod
    def of(cls, visit: Visit) -> "VisitOut":
        """Return the visit as it goes out."""
        return cls.model_validate(visit)


class RuleOut(Schema):
    """A rule that the visit was held against, with its source."""

    code: str
    parameter: str
    value: Any
    pack_id: str
    instrument: str
    article: str
    url: str | None
    mark: str
    force: str


class TriedOut(Schema):
    """A milder way that was tried before."""

    channel: str
    tries: int
    reached: int


class WhyOut(Schema):
    """The decision record of a visit."""

    ground: str | None
    facts: dict[str, str]
    rules: list[RuleOut]
    tried: list[TriedOut]
    approved_by: UUID | None
    approved_at: Instant | None
    pack_id: str
    pack_version: str

    @classmethod
    def of(cls, why: Why) -> "WhyOut":
        """Return the record as it goes out."""
        return cls(
            ground=why.ground,
            facts=dict(why.facts),
            rules=[RuleOut.model_validate(one) for one in why.rules],
            tried=[TriedOut.model_validate(one) for one in why.tried],
            approved_by=why.approved_by,
            approved_at=why.approved_at,
            pack_id=why.pack_id,
            pack_version=why.pack_version,
        )


class DecisionOut(Schema):
    """The decision on a visit as the evidence log holds it."""

    visit_id: UUID
    reference: str
    why: WhyOut
    chain: str
    sequence: int | None
    hash: str | None
    is_intact: bool
    agrees: bool

    @classmethod
    def of(cls, visit: Visit, found: Decision) -> "DecisionOut":
        """Return the decision as it goes out."""
        return cls(
            visit_id=visit.id,
            reference=visit.reference,
            why=WhyOut.of(found.why),
            chain=found.chain,
            sequence=found.sequence,
            hash=found.hash,
            is_intact=found.is_intact,
            agrees=found.agrees,
        )


class VisitDetailOut(VisitOut):
    """A visit, and why it is made."""

    why: WhyOut

    @classmethod
    def explained(cls, visit: Visit, why: Why) -> "VisitDetailOut":
        """Return the visit with its decision record."""
        return cls(**VisitOut.of(visit).model_dump(), why=WhyOut.of(why))


class LocationIn(Schema):
    """A position, in the datum of the map that it was read from."""

    lat: Latitude
    lon: Longitude
    datum: Datum = Datum.WGS84
