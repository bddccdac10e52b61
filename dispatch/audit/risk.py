"""Places under a risk flag: who goes there, when, and that the crew has somewhere to be after it."""

from collections.abc import Iterator
from datetime import timedelta

from dispatch.audit.breach import Code, Profile
from dispatch.audit.hours import is_within, wall_date
from dispatch.audit.stay import Fault, Seen


def risk(seen: Seen) -> Iterator[Fault]:
    """Find stays at a flagged place with too few people, by night, or at the end of the day."""
    if seen.visit.risks:
        yield from _alone(seen)
        yield from _in_the_dark(seen)
        yield from _at_the_end(seen)


def _alone(seen: Seen) -> Iterator[Fault]:
    members = {member.agent_id for member in seen.stay.crew}
    if len(members) < seen.terms.highest("risk.crew_min"):
        told = f"a crew of {len(members)} at a place under a risk flag"
        yield Fault(Code.RISK_CREW, told, "risk.crew_min")


def _in_the_dark(seen: Seen) -> Iterator[Fault]:
    if seen.zone is None:
        return
    day_class = seen.day_class(wall_date(seen.zone, seen.stay.arrive_at))
    if day_class is None:
        return  # no calendar: found with the hours
    if not is_within(
        seen.terms,
        parameter="risk.windows",
        margin=timedelta(),
        day_class=day_class,
        zone=seen.zone,
        from_at=seen.stay.arrive_at,
        until_at=seen.stay.leave_at,
    ):
        until = f"{seen.stay.leave_at.astimezone(seen.zone):%a %H:%M:%S}"
        told = f"at a place under a risk flag until {until}, not by daylight"
        yield Fault(Code.RISK_HOURS, told, "risk.windows")


def _at_the_end(seen: Seen) -> Iterator[Fault]:
    if not seen.terms.anyone_asks("risk.never_last"):
        return
    stay = seen.stay
    is_followed = any(
        other.crew_hash == stay.crew_hash and other.arrive_at >= stay.leave_at
        for other in seen.day.stays
    )
    # What fell away while the crew was there made it the last by nobody's fault.
    if seen.profile is Profile.EXECUTED and stay.done is not None:
        is_followed = is_followed or stay.done.still_ahead > 0
    if not is_followed:
        told = "a place under a risk flag is the crew's last visit of the day"
        yield Fault(Code.RISK_LAST, told, "risk.never_last")
