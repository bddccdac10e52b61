"""RiskFlag: what a crew should know of the way to a place; about the place, never about a person.

The list is closed and holds no free words, so nothing can be written here that could shame anybody.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, text
from sqlmodel import Field

from dispatch.errors import WrongState
from dispatch.model.columns import UUID, Row, choice, instant, some_instant, to
from dispatch.model.evidence import record


class RiskKind(StrEnum):
    """What a crew should reckon with."""

    LOOSE_DOG = "loose_dog"
    NO_LIGHT = "no_light"
    UNSAFE_BUILDING = "unsafe_building"
    LONELY_WAY = "lonely_way"
    EARLIER_THREAT = "earlier_threat"


class RiskLifted(StrEnum):
    """Why a flag is lifted."""

    GONE = "gone"
    MADE_SAFE = "made_safe"
    NOT_MET_AGAIN = "not_met_again"
    MISTAKE = "mistake"


class RiskFlag(Row, table=True):
    """One risk at one place, until a manager lifts it; its review being due ends nothing by itself."""

    __tablename__ = "risk_flag"
    __table_args__ = (
        Index(
            "uq_risk_flag_standing",
            "place_id",
            "kind",
            unique=True,
            sqlite_where=text("lifted_at IS NULL"),
            postgresql_where=text("lifted_at IS NULL"),
        ),
    )

    branch_id: UUID = to("branch")
    place_id: UUID = to("place")
    kind: RiskKind = choice(RiskKind)
    set_at: datetime = instant()
    set_by: str = Field(max_length=80)
    source_id: UUID | None = Field(default=None, index=True)
    """The report that told of it; None: a manager set it."""
    review_on: date = Field(index=True)
    lifted_at: datetime | None = some_instant()
    lifted_by: str | None = Field(default=None, max_length=80)
    lifted_because: RiskLifted | None = choice(RiskLifted, nullable=True)

    @property
    def is_standing(self) -> bool:
        """Whether nobody has lifted it."""
        return self.lifted_at is None

    def confirm(self, *, review_on: date, actor: str, now: datetime) -> None:
        """Note that it was met again: its review waits until then, never for a shorter time."""
        self.review_on = max(self.review_on, review_on)
        record(
            self,
            "risk_flag.confirmed",
            actor=actor,
            now=now,
            risk=self.kind,
            review=self.review_on,
        )

    def lift(self, because: RiskLifted, *, actor: str, now: datetime) -> None:
        """Lift it, with a reason of the list.

        Raises
        ------
        WrongState
            If it is lifted already.
        """
        if not self.is_standing:
            msg = "The risk flag is lifted already; nothing is left to do."
            raise WrongState(msg, state="lifted")
        self.lifted_at, self.lifted_by, self.lifted_because = now, actor, because
        record(self, "risk_flag.lifted", actor=actor, now=now, risk=self.kind, because=because)
