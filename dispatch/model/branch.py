"""Branch: where planning belongs; and the holidays that its managers may edit."""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from dispatch.clock import local_instant, zone
from dispatch.errors import Invalid
from dispatch.model.columns import UUID, Row, choice, listing, to


class Branch(Row, table=True):
    """A place from which crews set out, with its own time zone, pack and habits."""

    __tablename__ = "branch"

    agency_id: UUID = to("agency")
    name: str = Field(max_length=200, unique=True)
    name_zh: str | None = Field(default=None, max_length=200)
    time_zone: str = Field(max_length=60)
    country: str = Field(max_length=2)
    language: str = Field(default="en", max_length=10)
    currency: str = Field(default="CNY", max_length=3)
    pack_id: str = Field(default="baseline", max_length=40)
    playbook: str = Field(default="S2", max_length=8)
    """By which staged process its cases come to a decision (`dispatch.policy.playbook`)."""
    depot_lat: float
    depot_lon: float
    planning_at: time = time(19, 0)
    horizon_days: int = 10
    calendar_years: list[int] = listing()
    auto_announce: bool = False
    auto_publish: bool = False
    refills: bool = True
    names_substitutes: bool = False
    """Whether notices name who comes should a member of the crew fall ill."""
    """Whether a slot that somebody gives back is offered to somebody else."""
    sends_nothing: bool = False
    data_key: bytes | None = None

    def check(self) -> None:
        """Refuse a branch that could never be planned."""
        try:
            zone(self.time_zone)
        except ValueError as error:
            raise Invalid(str(error)) from error
        if not (-90 <= self.depot_lat <= 90 and -180 <= self.depot_lon <= 180):  # noqa: PLR2004
            msg = "The depot lies outside the globe: latitude is -90 to 90, longitude -180 to 180."
            raise Invalid(msg)

    def planning_instant(self, on: date) -> datetime:
        """Return the UTC instant of the branch's planning hour on a local date."""
        return local_instant(self.time_zone, on, self.planning_at)


class HolidayClass(StrEnum):
    """What a day of the calendar is to the law."""

    PUBLIC = "public_holiday"
    WORKING = "working_day"
    FESTIVAL = "festival"


class CalendarReason(StrEnum):
    """Why a line of a branch's calendar is set or removed; a closed list, kept in the evidence."""

    ANNOUNCED = "announced"
    """The authorities announced it."""
    CUSTOM = "custom"
    """People in the region keep the day."""
    EMERGENCY = "emergency"
    CHANGED = "changed"
    """What was announced has changed."""
    MISTAKE = "mistake"


class Holiday(Row, table=True):
    """One line of a branch's own calendar; it overrides the country's."""

    __tablename__ = "holiday"
    __table_args__ = (UniqueConstraint("branch_id", "day_on"),)

    branch_id: UUID = to("branch")
    day_on: date
    name: str = Field(max_length=200)
    kind: HolidayClass = choice(HolidayClass)
