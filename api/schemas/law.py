"""Changes of packs, relaxations, consents and quiet times as they come in and go out."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from api.schemas.schema import Instant, Line, Schema, Words
from dispatch.model import ChangeState, Consent, Giver, PackChange, Relaxation

LARGEST_PACK = 200_000
"""Characters of a pack's text."""


class PackChangeIn(Schema):
    """A pack's whole text, and why it is changed."""

    text: Annotated[str, Field(min_length=1, max_length=LARGEST_PACK)]
    ground: Words


class PackDecisionIn(Schema):
    """What the second person says."""

    adopt: bool


class PackChangeOut(Schema):
    """A proposed, adopted or refused change of a pack."""

    id: UUID
    pack_id: str
    pack_version: str
    fingerprint: str
    state: ChangeState
    ground: str
    differences: list[dict[str, Any]]
    proposed_by: UUID
    proposed_at: Instant
    decided_by: UUID | None
    decided_at: Instant | None

    @classmethod
    def of(cls, change: PackChange) -> "PackChangeOut":
        """Return the change as it goes out."""
        return cls.model_validate(change)


class RelaxationIn(Schema):
    """A rule's looser value for one person, and who gave it."""

    parameter: Line
    value: Any
    given_by: Giver
    given_at: Instant
    until_at: Instant | None = None
    ground: Words


class RelaxationOut(Schema):
    """A relaxation as it stands."""

    id: UUID
    case_id: UUID | None
    parameter: str
    value: Any
    given_by: Giver
    given_at: Instant
    until_at: Instant | None
    ground: str
    first_by: UUID
    second_by: UUID | None
    decided_at: Instant | None
    revoked_at: Instant | None

    @classmethod
    def of(cls, one: Relaxation) -> "RelaxationOut":
        """Return the relaxation as it goes out, its value unwrapped."""
        fields = {name: getattr(one, name) for name in cls.model_fields if name != "value"}
        return cls(value=one.value["is"], **fields)


class ConsentIn(Schema):
    """That a person agrees to be visited at one of their places."""

    place_id: UUID
    given_at: Instant
    given_by: Line


class ConsentOut(Schema):
    """A consent as it stands."""

    id: UUID
    case_id: UUID | None
    scope: str
    place_id: UUID | None
    given_at: Instant
    given_by: str
    revoked_at: Instant | None

    @classmethod
    def of(cls, consent: Consent) -> "ConsentOut":
        """Return the consent as it goes out."""
        return cls.model_validate(consent)


class QuietTime(Schema):
    """A time of the week at which the person asked not to be disturbed."""

    weekday: Line
    window: Line


class QuietTimesIn(Schema):
    """Every such time; none: the person has no such wish any more."""

    times: Annotated[list[QuietTime], Field(max_length=50)]


class QuietTimesOut(Schema):
    """Every such time, as it is kept."""

    times: list[QuietTime]
