"""A stay as the auditor sees it: the facts, the terms and the moment of the audit."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from dispatch.audit.breach import Code, Profile
from dispatch.audit.terms import Terms
from dispatch.policy.facts import DayClass, DayFacts, StayFacts, VisitFacts

_STRICTER = (None, DayClass.MAKEUP, DayClass.WORKDAY, DayClass.REST, DayClass.HOLIDAY)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a stay, before it is tied to the visit."""

    code: Code
    detail: str
    parameter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One stay of the day under audit."""

    day: DayFacts
    stay: StayFacts
    terms: Terms
    profile: Profile
    zone: ZoneInfo | None
    sending_moments: dict[tuple[str, ...], datetime | None]
    """What was found so far, by message hours and the zones of a person; one per audit."""

    @property
    def visit(self) -> VisitFacts:
        """The visit that the stay is for."""
        return self.stay.visit

    def day_class(self, on: date) -> DayClass | None:
        """Return what sort of day a date is: the stricter of the branch's word and the place's."""
        said = [self.day.calendar.get(on)]
        if self.visit.region is not None:
            said.append(self.day.regions.get(self.visit.region, {}).get(on))
        return None if None in said else max(said, key=_STRICTER.index)

    @property
    def told_at(self) -> datetime:
        """The moment by which everything must have been so: now, or the arrival of a past stay."""
        if self.profile is Profile.EXECUTED:
            return min(self.day.generated_at, self.stay.arrive_at)
        return self.day.generated_at
