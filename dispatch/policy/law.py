"""Law of one visit: the branch's, with what its class of products adds and what was relaxed.

A relaxation loosens only the layers whose own value says that its giver may relax it. The
baseline says so of next to nothing, and is intersected as ever: the stricter of the rest wins.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from dispatch.clock import local_day
from dispatch.policy.facts import RelaxationFacts, VisitFacts
from dispatch.policy.pack import Pack, Value, strictest
from dispatch.policy.parameters import PARAMETERS
from dispatch.policy.windows import is_known_zone

type Layer = Mapping[str, Value]

NOBODY = "nobody"


def law_for(law: Pack, visit: VisitFacts, *, on: date, now: datetime) -> Pack:
    """Return what binds one visit on a date.

    Parameters
    ----------
    law
        The effective pack of the branch.
    on
        The local date at the place; a relaxation holds only if it lasts through that date.
    now
        What is dated later than this does not count yet.
    """
    classes = layers_of_product(law, visit.product)
    relaxed = [one for one in visit.relaxations if _is_in_force(one, visit, on, now)]
    if not classes and not relaxed:
        return law
    layers = [*(law.layers or (law.values,)), *classes]
    changed = {name for layer in classes for name in layer} | {one.parameter for one in relaxed}
    values = dict(law.values)
    for name in changed:
        value = strictest(name, [_relaxed(layer.get(name), name, relaxed) for layer in layers])
        if value is not None:
            values[name] = value
    return replace(law, values=values)


def relaxable(law: Pack) -> dict[str, tuple[Value, ...]]:
    """Return what somebody may relax: by parameter, each layer's value that names a giver.

    Parameters
    ----------
    law
        The effective pack of the branch; its classes of products are looked at too.
    """
    layers = [*(law.layers or (law.values,)), *law.classes.values()]
    found = {
        name: tuple(
            layer[name]
            for layer in layers
            if name in layer
            and layer[name].is_in_force
            and layer[name].source.relaxable_by != NOBODY
        )
        for name in PARAMETERS
    }
    return {name: values for name, values in found.items() if values}


def layers_of_product(law: Pack, product: str | None) -> tuple[Layer, ...]:
    """Return what a class of products adds: its own layer, or every one if it is not known."""
    if product is not None and product in law.classes:
        return (law.classes[product],)
    return tuple(law.classes.values())


def _is_in_force(one: RelaxationFacts, visit: VisitFacts, on: date, now: datetime) -> bool:
    two = one.first_by is not None and one.second_by is not None and one.first_by != one.second_by
    is_dated = one.given_at <= now and one.decided_at is not None and one.decided_at <= now
    if not two or not is_dated or one.revoked_at is not None:
        return False
    if one.case_id is not None and one.case_id != visit.case_id:
        return False
    zone = visit.time_zone
    if zone is None or not is_known_zone(zone):
        return False
    return one.until_at is None or one.until_at >= local_day(zone, on)[1]


def _relaxed(value: Value | None, name: str, relaxed: list[RelaxationFacts]) -> Value | None:
    """Return a layer's value, or what its giver permitted instead; of two the stricter."""
    if value is None or not value.is_in_force or value.source.relaxable_by == NOBODY:
        return value
    given = [
        replace(value, raw=one.value)
        for one in relaxed
        if one.parameter == name and one.given_by == value.source.relaxable_by
    ]
    return strictest(name, given) if given else value
