"""What schemas have in common: unknown fields are refused, instants carry Z, texts are texts."""

import unicodedata
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    NaiveDatetime,
    PlainSerializer,
    StringConstraints,
)


class Schema(BaseModel):
    """A body: fields that are not documented are refused, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True, from_attributes=True)


def _no_controls(text: str) -> str:
    if any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in text):
        msg = "holds control characters; leave them out"
        raise ValueError(msg)
    return text


def _in_utc(at: datetime) -> datetime:
    return at.astimezone(UTC)


def _with_z(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _iso_only(value: Any) -> Any:
    """Refuse a bare number: pydantic would guess whether it counts seconds or milliseconds."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        msg = "write the instant as 2026-03-02T09:00:00Z"
        raise ValueError(msg)  # noqa: TRY004  pydantic turns a ValueError into an issue
    return value


def _in_reach(at: datetime) -> datetime:
    if not 1970 <= at.year <= 2200:  # noqa: PLR2004
        msg = "the year is out of reach (1970 to 2200)"
        raise ValueError(msg)
    return at


Instant = Annotated[
    AwareDatetime,
    BeforeValidator(_iso_only),
    AfterValidator(_in_reach),
    AfterValidator(_in_utc),
    PlainSerializer(_with_z, return_type=str, when_used="json"),
]
"""RFC 3339 with an offset coming in, with Z going out."""

WallTime = Annotated[NaiveDatetime, BeforeValidator(_iso_only), AfterValidator(_in_reach)]
"""A date and a time of day as a form's control gives them, on the branch's clocks."""


def _day_in_reach(on: date) -> date:
    if not 1970 <= on.year <= 2200:  # noqa: PLR2004
        msg = "the year is out of reach (1970 to 2200)"
        raise ValueError(msg)
    return on


Day = Annotated[date, AfterValidator(_day_in_reach)]
"""A local date within reach of every reckoning with it."""

Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(_no_controls),
]
"""A name or a title: one line of 1 to 200 characters."""


def _lines(text: str) -> str:
    _no_controls(text.translate({ord(one): " " for one in "\r\n\t"}))
    return text


Words = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=2000),
    AfterValidator(_lines),
]
"""What a person wrote, in as many lines as it takes."""

Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]


class Page[Item](Schema):
    """One page of a list; `next` is the cursor of the page after, none at the end."""

    items: list[Item]
    next: str | None = None
