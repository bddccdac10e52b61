"""Make the draft of what was solved, without what changed meanwhile."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from dispatch.model import PlanRun
from dispatch.planning.permitted import Reason
from dispatch.planning.record import Draft
from dispatch.planning.snapshot import Snapshot
from dispatch.planning.solving import Solved
from dispatch.planning.whereabouts import Underway
from dispatch.policy.pack import Pack
from dispatch.solver.day import ASIDE, STALE


def draft_of(
    run: PlanRun,
    solved: Solved,
    snapshot: Snapshot,
    later: Snapshot,
    *,
    pack: Pack,
    been: Mapping[UUID, Underway],
) -> Draft:
    """Return the draft without the visits that are, in a later snapshot, not what they were.

    `been` is what crews that are under way have behind them.
    """
    planned = solved.planned
    # A crew that is not what it was can't be sent: what it was to serve has changed as well.
    changed = snapshot.changed(later) | {
        stop.visit.visit_id
        for route in planned.routes
        if route.crew not in later.day.crews
        for stop in route.stops
    }
    if changed:
        planned = replace(
            planned,
            routes=tuple(
                replace(
                    route, stops=tuple(s for s in route.stops if s.visit.visit_id not in changed)
                )
                for route in planned.routes
            ),
        )
    dropped: dict[UUID, tuple[Reason, ...]] = {
        visit_id: ({"code": "changed-meanwhile", "args": {}, "source": None},)
        for visit_id in changed
    }
    return Draft(
        run=run,
        snapshot=snapshot,
        planned=planned,
        windows=solved.windows,
        geometries=solved.geometries,
        pack=pack,
        left_out={**solved.left_out, **dropped},
        flags=[
            *planned.flags,
            *([STALE] if changed else []),
            *([ASIDE] if snapshot.aside else []),
        ],
        been=been,
    )
