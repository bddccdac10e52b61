"""Branches and their calendars as they come in and go out."""

from datetime import date, time
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from api.schemas.schema import Latitude, Line, Longitude, Schema
from dispatch.model import Branch, CalendarReason, Holiday, HolidayClass
from dispatch.policy.playbook import DEFAULT

Country = Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")]
Currency = Annotated[str, StringConstraints(pattern="^[A-Z]{3}$")]
Zone = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_+\-/]{3,60}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z]{2,4})?$")]
PlaybookId = Annotated[
    str,
    StringConstraints(pattern="^[A-Z][A-Z0-9]{0,7}$"),
    Field(description="The staged process by which cases come to a decision, such as S2."),
]
PlanningHour = Annotated[
    time, Field(description="Local wall time at which the night's plan is due.")
]


class BranchIn(Schema):
    """A new branch with its lender and agency."""

    name: Line
    name_zh: Line | None = None
    time_zone: Zone
    country: Country
    language: Language = "en"
    currency: Currency = "CNY"
    pack_id: Annotated[str, StringConstraints(pattern="^[a-z0-9-]{1,40}$")] = "baseline"
    playbook: PlaybookId = DEFAULT
    depot_lat: Latitude
    depot_lon: Longitude
    planning_at: PlanningHour = time(19, 0)
    lender_name: Line
    lender_name_zh: Line | None = None
    lender_complaint_phone: Annotated[
        str | None, StringConstraints(pattern=r"^\+[0-9]{5,15}$")
    ] = None
    agency_name: Line | None = None


class BranchPatch(Schema):
    """What a manager may change of a branch; what is left out stays."""

    auto_announce: bool | None = None
    auto_publish: bool | None = None
    refills: bool | None = None
    names_substitutes: bool | None = None
    sends_nothing: bool | None = None
    planning_at: PlanningHour | None = None
    playbook: PlaybookId | None = None

    @model_validator(mode="before")
    @classmethod
    def _no_nulls(cls, given: Any) -> Any:
        if isinstance(given, dict) and any(value is None for value in given.values()):
            msg = "leave a field out to keep it; null is no value of it"
            raise ValueError(msg)
        return given


class BranchOut(Schema):
    """A branch."""

    id: UUID
    name: str
    name_zh: str | None
    time_zone: str
    country: str
    language: str
    currency: str
    pack_id: str
    playbook: str
    depot_lat: float
    depot_lon: float
    planning_at: time
    horizon_days: int
    auto_announce: bool
    auto_publish: bool
    refills: bool
    names_substitutes: bool
    sends_nothing: bool

    @classmethod
    def of(cls, branch: Branch) -> "BranchOut":
        """Return the branch as it goes out, without its key."""
        return cls.model_validate(branch)


class HolidayIn(Schema):
    """One day of a branch's own calendar."""

    name: Line
    kind: HolidayClass
    reason: CalendarReason | None = Field(default=None, description="Kept with the act.")


class HolidayOut(Schema):
    """One day of a branch's own calendar."""

    branch_id: UUID
    day_on: date
    name: str
    kind: HolidayClass

    @classmethod
    def of(cls, holiday: Holiday) -> "HolidayOut":
        """Return the holiday as it goes out."""
        return cls.model_validate(holiday)
