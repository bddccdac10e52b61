"""Days planned by rules with a bug: where the bug lets a stay through, the auditor must not."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from random import Random

import pytest

from dispatch.audit import Profile, audit
from dispatch.policy.calendar import Calendar
from dispatch.policy.eligibility import visit_permitted
from dispatch.policy.facts import DayFacts, StayFacts
from dispatch.policy.pack import Pack, effective, load_pack
from tests.dispatch.audit.mutations.kinds import MUTATIONS, Mutation
from tests.dispatch.audit.random_days import lawful_day
from tests.dispatch.audit.seeded_bugs import Bug


@dataclass(frozen=True)
class Situation:
    """A stay that the rules, as they are, do not permit."""

    day: DayFacts
    stay: StayFacts
    pack: Pack
    law: Pack

    def is_permitted(self) -> bool:
        """Whether the rules, as they are at this moment, permit the stay."""
        return _permit(self.day, self.stay, self.law)

    def is_rejected(self) -> bool:
        """Whether the auditor finds anything against it, or the day as a whole."""
        mine = {None, self.stay.visit.visit_id}
        found = audit(self.day, self.pack, Profile.ANNOUNCE)
        return any(breach.visit_id in mine for breach in found)


@cache
def situations(number: int) -> tuple[Situation, ...]:
    """Return what the rules refuse on so many random days, each changed by every kind there is."""
    return tuple(
        one
        for mutation in MUTATIONS
        for profile in (Profile.ANNOUNCE, Profile.RELEASE)
        if profile in mutation.profiles
        for n in range(number)
        for one in _refused(mutation, profile, n)
    )


def trial(bug: Bug, number: int) -> tuple[int, int]:
    """Return how many stays a bug lets through, and how many of them the auditor rejects."""
    refused = situations(number)  # by the rules as they are: before the bug
    with pytest.MonkeyPatch.context() as monkeypatch:
        bug.patch(monkeypatch)
        through = [one for one in refused if one.is_permitted()]
    return len(through), sum(one.is_rejected() for one in through)


def _refused(mutation: Mutation, profile: Profile, number: int) -> Iterator[Situation]:
    day = lawful_day(profile, number, mutation.zones, mutation.on, mutation.pack)
    if profile is Profile.ANNOUNCE:
        day = replace(day, stays=tuple(_announced_as_planned(stay) for stay in day.stays))
    changed = mutation.change(day, Random(f"{mutation.name}/{number}"))
    pack = load_pack(day.pack_id)
    law = effective(pack)
    before = {stay.visit.visit_id: stay for stay in day.stays}
    is_other_day = replace(changed, stays=()) != replace(day, stays=())
    for stay in changed.stays:
        is_changed = is_other_day or before.get(stay.visit.visit_id) != stay
        if is_changed and not _permit(changed, stay, law):
            yield Situation(changed, stay, pack, law)


def _announced_as_planned(stay: StayFacts) -> StayFacts:
    """The stay with a window that begins as it begins: what the rules bound is the stay."""
    window = {
        "window_from": stay.arrive_at,
        "window_until": stay.arrive_at + timedelta(minutes=90),
    }
    return replace(stay, **window)


def _permit(day: DayFacts, stay: StayFacts, law: Pack) -> bool:
    verdict = visit_permitted(
        stay.visit,
        law,
        on=day.service_date,
        now=day.generated_at,
        calendar=Calendar(day.calendar),
        crew=stay.crew,
        sending_delay_s=day.sending_delay_s,
        is_last=not any(
            one.crew_hash == stay.crew_hash and one.arrive_at >= stay.leave_at for one in day.stays
        ),
    )
    return verdict.is_permitted and any(
        window.holds(stay.arrive_at, stay.leave_at) for window in verdict.windows
    )
