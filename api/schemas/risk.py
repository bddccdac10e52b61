"""Risk flags as they go out, set and lifted; codes of closed lists, no free words."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from pydantic import Field

from api.schemas.schema import Instant, Schema
from dispatch.model import Case, RiskFlag, RiskKind, RiskLifted


class RiskFlagIn(Schema):
    """What a crew should reckon with at the place of a case."""

    kind: RiskKind


class RiskLiftingIn(Schema):
    """Why a flag is lifted."""

    because: RiskLifted


class RiskFlagOut(Schema):
    """A risk flag: of what, by whom, since when, when it is looked at again, how it ended."""

    id: UUID
    branch_id: UUID
    kind: RiskKind
    set_at: Instant
    set_by: str
    is_reported: bool = Field(description="Whether a crew's report told of it.")
    review_on: date
    lifted_at: Instant | None
    lifted_by: str | None
    lifted_because: RiskLifted | None
    case_references: list[str] = Field(
        description="The cases that somebody may be visited for there."
    )

    @classmethod
    def of(cls, flag: RiskFlag, cases: Sequence[Case]) -> "RiskFlagOut":
        """Return the flag as it goes out."""
        names = cls.model_fields.keys() - {"is_reported", "case_references"}
        return cls.model_validate(
            {
                **flag.model_dump(include=names),
                "is_reported": flag.source_id is not None,
                "case_references": [one.reference for one in cases],
            }
        )
