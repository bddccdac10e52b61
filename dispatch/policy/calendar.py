"""Calendars: which local dates are holidays; a date nobody vouches for is a date without visits.

Built from the `holidays` library and from the rows of a table that the manager edits. A row may
close a day or tell of a day that the library does not know; it never opens a holiday.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from dispatch.policy.facts import DayClass

if TYPE_CHECKING:
    from holidays import HolidayBase

ANNOUNCED_YEARLY: Final = frozenset({"CN"})
"""Countries whose days off and make-up days a government names anew each year: without that
announcement the library knows the statutory days only, which is not enough to vouch for a date."""

_REACH: Final = timedelta(days=10)
_WEEKEND: Final = frozenset({5, 6})


@dataclass(frozen=True, slots=True)
class Calendar:
    """What sort of day each known local date is."""

    days: Mapping[date, DayClass] = field(default_factory=dict)

    def day_class(self, on: date) -> DayClass | None:
        """Return the class of a date; None where no calendar vouches for it."""
        return self.days.get(on)

    def at(self, region: str | None) -> "Calendar":
        """Return the calendar of a place in a region: of each date the stricter of both classes.

        A date for which either does not vouch is a date for which nobody does.
        """
        if region is None or not self.days:
            return self
        own = calendar_of_region(region, min(self.days), max(self.days)).days
        return Calendar(
            {
                on: stricter_class(day_class, own[on])
                for on, day_class in self.days.items()
                if on in own
            }
        )


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """A line of the editable table: on this date, this sort of day."""

    on: date
    day_class: DayClass


def build_calendar(
    country: str | None,
    *,
    from_on: date,
    to_on: date,
    rows: Iterable[CalendarRow] = (),
    complete_years: Collection[int] = (),
) -> Calendar:
    """Return the calendar of a country or subdivision (`CN`, `AU-NSW`) from date to date.

    Parameters
    ----------
    from_on, to_on
        First and last date, both included.
    rows
        The editable table; each row vouches for its own date.
    complete_years
        Years for which the table is declared complete: every date of them is vouched for.
    """
    # Ten days more at either end: a weekend may belong to a holiday beyond the first date.
    first, last = from_on - _REACH, to_on + _REACH
    library = _library(country, first.year, last.year)
    table: dict[date, DayClass] = {}
    for row in rows:
        table[row.on] = stricter_class(table.get(row.on), row.day_class)
    days: dict[date, DayClass] = {}
    for offset in range((last - first).days + 1):
        on = first + timedelta(days=offset)
        days[on] = _with_row(_stated(library, on), table.get(on))
    joined = _join_weekends(days)
    years = {year for year in range(first.year, last.year + 1) if _vouches(library, country, year)}
    years.update(complete_years)
    return Calendar(
        {
            on: day_class
            for on, day_class in joined.items()
            if from_on <= on <= to_on and (on in table or on.year in years)
        }
    )


def calendars_of(
    regions: Iterable[str | None], calendar: Calendar
) -> dict[str, Mapping[date, DayClass]]:
    """Return the days of every region, as far as a branch's calendar reaches."""
    named = {region for region in regions if region is not None}
    if not calendar.days:
        return {}
    first, last = min(calendar.days), max(calendar.days)
    return {region: calendar_of_region(region, first, last).days for region in sorted(named)}


@lru_cache(maxsize=256)
def calendar_of_region(region: str, from_on: date, to_on: date) -> Calendar:
    """Return what is known of a region without anybody's table; nothing where it is unknown."""
    return build_calendar(region, from_on=from_on, to_on=to_on)


def stricter_class(first: DayClass | None, second: DayClass) -> DayClass:
    """Return the class that permits less."""
    order = (DayClass.MAKEUP, DayClass.WORKDAY, DayClass.REST, DayClass.HOLIDAY)
    return second if first is None else max(first, second, key=order.index)


def _with_row(stated: DayClass, row: DayClass | None) -> DayClass:
    """Return a row's class, save that nothing opens a holiday."""
    return stated if row is None or stated is DayClass.HOLIDAY else row


def _library(country: str | None, first_year: int, last_year: int) -> "HolidayBase | None":
    if country is None:
        return None
    import holidays  # noqa: PLC0415  (a third of a second: every command's --help would pay it)

    name, _, subdivision = country.partition("-")
    try:
        return holidays.country_holidays(
            name, subdiv=subdivision or None, years=range(first_year, last_year + 1)
        )
    except NotImplementedError:
        return None


def _vouches(library: "HolidayBase | None", country: str | None, year: int) -> bool:
    if library is None or country is None:
        return False
    if not library.start_year <= year <= library.end_year:
        return False
    if country.partition("-")[0] not in ANNOUNCED_YEARLY:
        return True
    return year in getattr(library, "special_public_holidays", {})


def _stated(library: "HolidayBase | None", on: date) -> DayClass:
    is_weekend = on.weekday() in (_WEEKEND if library is None else library.weekend)
    if library is not None and on in library:
        return DayClass.HOLIDAY
    if library is not None and on in library.weekend_workdays:
        return DayClass.MAKEUP
    return DayClass.REST if is_weekend else DayClass.WORKDAY


def _join_weekends(days: Mapping[date, DayClass]) -> dict[date, DayClass]:
    """Return the days with every rest day that touches a holiday made a holiday itself.

    The Saturday inside the Spring Festival is a rest day to the library; nobody wants a
    visit then.
    """
    joined = dict(days)
    one = timedelta(days=1)
    for step, order in ((one, sorted(days)), (-one, sorted(days, reverse=True))):
        for on in order:
            if joined[on] is DayClass.REST and joined.get(on - step) is DayClass.HOLIDAY:
                joined[on] = DayClass.HOLIDAY
    return joined
