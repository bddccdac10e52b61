"""Changes of the crew: size, members, papers, mix, language, two places at once."""

from dataclasses import replace
from random import Random
from typing import Final

from dispatch.audit import Code
from dispatch.policy.facts import DayFacts
from tests.dispatch.audit.lawful_day import a_member, an_id
from tests.dispatch.audit.mutations.base import (
    Change,
    Mutation,
    R,
    X,
    crewed,
    days,
    minutes,
    moved,
    one_member,
    visit,
)

_STRANGER = a_member("stranger-2")


def _mixed_asked(day: DayFacts, rng: Random) -> DayFacts:
    index = rng.randrange(len(day.stays))
    stays = list(day.stays)
    one = stays[index]
    stays[index] = replace(
        one,
        visit=replace(one.visit, wants_mixed_crew=True),
        crew=tuple(replace(member, gender="f") for member in one.crew),
    )
    return replace(day, stays=tuple(stays))


def _second_stay(by: float, *, same_visit: bool) -> Change:
    """Send the crew of one stay on another at the same time, or so many minutes later."""

    def changed(day: DayFacts, rng: Random) -> DayFacts:
        first = rng.choice(day.stays)
        other = moved(first, minutes(by))
        if not same_visit:
            known = replace(first.visit, visit_id=an_id("v"), person_id=an_id("p"))
            other = replace(other, visit=known)
        return replace(day, stays=(*day.stays, other))

    return changed


MUTATIONS: Final = (
    Mutation("a member dropped", crewed(lambda s: s.crew[:1]), Code.CREW_SIZE),
    Mutation("no crew", crewed(lambda _: ()), Code.CREW_SIZE),
    Mutation("the same agent twice", crewed(lambda s: (s.crew[0], s.crew[0])), Code.CREW_REPEATED),
    Mutation(
        "a member changed, the hash kept",
        crewed(lambda s: (*s.crew[1:], _STRANGER), keep=True),
        Code.CREW_HASH,
    ),
    Mutation(
        "a member dropped, the hash kept",
        crewed(lambda s: s.crew[1:], keep=True),
        Code.CREW_HASH,
    ),
    Mutation(
        "certificate expired the day before",
        one_member(certificate_until=lambda _s, d, _r: d.service_date - days(1)),
        Code.CREW_PAPERS,
    ),
    Mutation(
        "training expired the day before",
        one_member(training_until=lambda _s, d, _r: d.service_date - days(1)),
        Code.CREW_PAPERS,
    ),
    Mutation("no certificate on record", one_member(certificate_until=None), Code.CREW_PAPERS),
    Mutation("no training on record", one_member(training_until=None), Code.CREW_PAPERS),
    Mutation("not authorised by the lender", one_member(authorised_until=None), Code.CREW_PAPERS),
    Mutation(
        "the lender's authorisation expired",
        one_member(authorised_until=lambda _s, d, _r: d.service_date - days(9)),
        Code.CREW_PAPERS,
    ),
    Mutation("a suspended or absent agent", one_member(is_active=False), Code.CREW_PAPERS),
    Mutation("a mixed crew asked for", _mixed_asked, Code.CREW_MIX),
    Mutation("a crew without the person's language", visit(language="hi"), Code.CREW_LANGUAGE),
    Mutation(
        "agents of whose languages nothing is known",
        crewed(lambda s: tuple(replace(one, languages=()) for one in s.crew)),
        Code.CREW_LANGUAGE,
    ),
    Mutation("a crew at two places at once", _second_stay(0, same_visit=False), Code.CREW_OVERLAP),
    Mutation(
        "a crew sent on before it is done", _second_stay(5, same_visit=False), Code.CREW_OVERLAP
    ),
    Mutation("a visit planned twice", _second_stay(120, same_visit=True), Code.VISIT_REPEATED),
    Mutation(
        "an agent swapped after the notice",
        crewed(lambda s: (*s.crew[1:], _STRANGER)),
        Code.NOTICE_DIFFERS,
        (R, X),
    ),
    Mutation(
        "an agent more than the notice names",
        crewed(lambda s: (*s.crew, _STRANGER)),
        Code.NOTICE_DIFFERS,
        (R, X),
    ),
)
