"""Steps: how facts from the field move a visit, as far as its table permits."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from dispatch.fieldwork.effects import Effect
from dispatch.model import CheckInKind, Visit, VisitState

_V = VisitState
_K = CheckInKind

TARGETS: Final[Mapping[CheckInKind, VisitState]] = {
    _K.EN_ROUTE: _V.EN_ROUTE,
    _K.ARRIVED: _V.ARRIVED,
    _K.IDENTITY: _V.IDENTITY,
    _K.TALK: _V.TALK,
    _K.THIRD_PARTY: _V.THIRD_PARTY,
    _K.NO_ONE: _V.NO_ONE,
    _K.LEFT: _V.LEFT,
}
"""Where a check-in leads; the others (duress, safe, asked to leave) move nothing."""

_RANK: Final[Mapping[VisitState, int]] = {
    _V.RELEASED: 0,
    _V.EN_ROUTE: 1,
    _V.ARRIVED: 2,
    _V.IDENTITY: 3,
    _V.TALK: 4,
    _V.THIRD_PARTY: 4,
    _V.NO_ONE: 4,
    _V.LEFT: 5,
    _V.REPORTED: 6,
    _V.REVIEWED: 7,
    _V.CLOSED: 8,
}


def step_to(visit: Visit, target: VisitState, *, actor: str, now: datetime) -> bool:
    """Move a visit to a step at the door; False where nothing permits it.

    A step that lies behind the visit is news that came late, or a colleague's: it changes nothing
    and is nothing strange. Steps between that were never marked are passed through.
    """
    here, there = _RANK.get(visit.state), _RANK[target]
    if here is None:
        return False
    if there < here or visit.state is target:
        return True
    return _walk(visit, _way(visit, target), actor=actor, now=now)


def report_visit(visit: Visit, effect: Effect, *, actor: str, now: datetime) -> bool:
    """Move a visit to `reported`; False where nothing permits it."""
    if not effect.is_made:
        if visit.state in {_V.CANCELLED, _V.ABORTED}:
            return True  # the crew was turned back and says so
        return _walk(visit, (_V.ABORTED, _V.REPORTED), actor=actor, now=now)
    return _walk(visit, _way(visit, _V.REPORTED), actor=actor, now=now)


def _way(visit: Visit, target: VisitState) -> tuple[VisitState, ...]:
    is_on_the_way = visit.state in {_V.RELEASED, _V.EN_ROUTE}
    if is_on_the_way and target not in {_V.EN_ROUTE, _V.ARRIVED}:
        return (_V.ARRIVED, target)
    return (target,)


def _walk(visit: Visit, way: tuple[VisitState, ...], *, actor: str, now: datetime) -> bool:
    if not visit.may_become(way[0]):
        return False
    for state in way:
        visit.move_to(state, actor=actor, now=now)
    return True
