"""Disasters as they come in and go out: an area by circle, ring or names, and a period."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from api.schemas.schema import Instant, Latitude, Longitude, Schema
from dispatch.area import LARGEST_RADIUS_M, MOST_CORNERS, MOST_NAMES, Area
from dispatch.model import Disaster, DisasterState

Corner = Annotated[tuple[Longitude, Latitude], Field(description="[lon, lat], as in GeoJSON.")]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=80)]


class AreaIn(Schema):
    """An area: a circle (`center`, `radius_m`), a `ring` of corners, or `names`; one of the three."""

    center: Corner | None = None
    radius_m: Annotated[int, Field(ge=1, le=LARGEST_RADIUS_M)] | None = None
    ring: list[Corner] | None = Field(default=None, max_length=MOST_CORNERS)
    names: list[Name] | None = Field(default=None, max_length=MOST_NAMES)

    @model_validator(mode="after")
    def _one_of_three(self) -> Self:
        self.area()
        return self

    def area(self) -> Area:
        """Return the area for the use case."""
        return Area.of_json(self.model_dump(exclude_none=True))


class ReachIn(Schema):
    """An area whose people are to be counted."""

    branch_id: UUID
    area: AreaIn


class ReachOut(Schema):
    """How many people an area would hold, and how many visits would end."""

    people: int
    visits: int


class DisasterIn(ReachIn):
    """A disaster: its area, and until when nobody there is visited."""

    from_at: Instant | None = Field(default=None, description="Where it is to come; else now.")
    until_at: Instant


class DisasterOut(Schema):
    """A disaster, how far its holds are, and how many it put."""

    id: UUID
    branch_id: UUID
    area: AreaIn
    from_at: Instant
    until_at: Instant
    state: DisasterState
    held: int
    declared_by: str
    declared_at: Instant
    lifted_by: str | None

    @classmethod
    def of(cls, disaster: Disaster) -> "DisasterOut":
        """Return the disaster as it goes out."""
        return cls.model_validate(disaster)
