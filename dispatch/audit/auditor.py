"""The auditor: re-proves every stay of a day from the packs' text, on its own arithmetic.

It shares the packs and the facts with the rules, and nothing else: an error in the rules is
to be caught here, not repeated.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from dispatch.audit import crew, door, notice, often, person, risk, speech, time_of_stay
from dispatch.audit.breach import Breach, Code, Profile
from dispatch.audit.hours import zone_of
from dispatch.audit.stay import Fault, Seen
from dispatch.audit.terms import Moment, Terms, binding, is_in_force
from dispatch.policy.facts import DayFacts, StayFacts
from dispatch.policy.pack import Pack

CHECKS: Final[tuple[Callable[[Seen], Iterator[Fault]], ...]] = (
    person.unknown_facts,
    person.place,
    person.holds,
    person.eligibility,
    person.demand,
    person.approval,
    time_of_stay.hours,
    time_of_stay.quiet,
    time_of_stay.length,
    time_of_stay.announced,
    often.caps,
    often.contacts,
    often.contact_caps,
    often.notice_cap,
    crew.crew,
    risk.risk,
    speech.language,
    notice.appointment,
    notice.notice,
    door.record,
    door.steps,
    door.order,
    door.crew,
    door.place,
    door.conduct,
)


def audit(day: DayFacts, pack: Pack, profile: Profile) -> tuple[Breach, ...]:
    """Return every breach of a planned or executed day; none means that it may go ahead.

    Parameters
    ----------
    day
        The day's facts, taken afresh; `generated_at` is the moment of the audit.
    pack
        The branch's pack as loaded. The baseline binds beside it.
    profile
        How much must be proven.
    """
    terms = binding(pack)
    found = [*_of_the_day(day, pack)]
    sending_moments: dict[tuple[str, ...], datetime | None] = {}
    for stay in day.stays:
        zone = zone_of(stay.visit.time_zone)
        seen = Seen(
            day=day,
            stay=stay,
            terms=terms.of(stay.visit, _moment(day, stay, profile, zone)),
            profile=profile,
            zone=zone,
            sending_moments=sending_moments,
        )
        found += [_breach(stay, fault, seen.terms) for check in CHECKS for fault in check(seen)]
    found += _overlaps(day)
    return tuple(found)


def _moment(day: DayFacts, stay: StayFacts, profile: Profile, zone: ZoneInfo | None) -> Moment:
    is_over = profile is Profile.EXECUTED
    return Moment(
        zone=zone,
        on=day.service_date,
        told_at=min(day.generated_at, stay.arrive_at) if is_over else day.generated_at,
        left_at=stay.leave_at if is_over else None,
    )


def _breach(stay: StayFacts, fault: Fault, terms: Terms) -> Breach:
    return Breach(
        code=fault.code,
        visit_id=stay.visit.visit_id,
        reference=stay.visit.reference,
        detail=fault.detail,
        source=terms.cite(fault.parameter),
    )


def _of_the_day(day: DayFacts, pack: Pack) -> Iterator[Breach]:
    told = []
    if (day.pack_id, day.pack_version) != (pack.id, pack.version):
        told.append(
            f"planned under {day.pack_id} {day.pack_version}, not {pack.id} {pack.version}"
        )
    if not is_in_force(pack, day.service_date):
        told.append(f"the pack {pack.id} is not in force on {day.service_date}")
    for detail in told:
        yield Breach(
            code=Code.PACK, visit_id=None, reference="", detail=detail, source="Fairvisit"
        )
    for visit_id, number in Counter(stay.visit.visit_id for stay in day.stays).items():
        if number > 1:
            yield Breach(
                code=Code.VISIT_REPEATED,
                visit_id=visit_id,
                reference=next(
                    s.visit.reference for s in day.stays if s.visit.visit_id == visit_id
                ),
                detail=f"planned {number} times on the day",
                source="Fairvisit",
            )


def _overlaps(day: DayFacts) -> Iterator[Breach]:
    """Find agents who would be at two places at once."""
    ordered = sorted(day.stays, key=lambda stay: stay.arrive_at)
    for index, first in enumerate(ordered):
        for second in ordered[index + 1 :]:
            if second.arrive_at >= first.leave_at:
                break
            agents = {member.agent_id for member in first.crew}
            if agents & {member.agent_id for member in second.crew}:
                yield Breach(
                    code=Code.CREW_OVERLAP,
                    visit_id=second.visit.visit_id,
                    reference=second.visit.reference,
                    detail=f"an agent is still at {first.visit.reference}",
                    source="Fairvisit",
                )
