"""Fills the manager's day: which branch and date, the plan on show, its figures and its lanes."""

from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session

from api.law import pack_of
from api.pages.day_lanes import approvals_of, unlocated_of, unserved_of
from api.pages.day_routes import routes_of
from api.pages.desk import Desk
from api.pages.views import (
    BranchChoice,
    DayPage,
    Figures,
    MoveView,
    PlanView,
    ReleaseFault,
    RouteView,
    RunView,
    Sentence,
)
from api.schemas.plans import percent_of
from api.wording import Translator
from dispatch.access.identity import Identity
from dispatch.audit import Breach
from dispatch.clock import local_date
from dispatch.errors import NotFound
from dispatch.model import Branch, Case, Plan, PlanState, RunKind, RunState
from dispatch.planning.publish import release_breaches
from dispatch.reporting.day import DaySeen, plan_seen
from dispatch.reporting.moves import moves_of
from dispatch.store import branches, days, duties, plan_runs, plans
from dispatch.store.rows import get

MOST_BRANCHES: Final = 200
_NEAR: Final = timedelta(days=15)


def chosen_branch(session: Session, me: Identity, branch_id: UUID | None) -> Branch:
    """Return the branch that was asked for, else the first in sight."""
    if branch_id is not None:
        return get(session, Branch, branch_id, me.scope)
    first = branches.page(session, me.scope, limit=1)
    if not first:
        msg = "You work for no branch yet; an admin can give you one."
        raise NotFound(msg)
    return first[0]


def opening_date(session: Session, branch: Branch, *, now: datetime) -> date:
    """Return the date to open with: today while it has a plan, from the planning hour on the next."""
    today = local_date(branch.time_zone, now)
    is_over = now >= branch.planning_instant(today)
    if not is_over and plans.standing(session, branch.id, today) is not None:
        return today
    ahead = days.dates_with_shifts(session, branch.id, today, branch.horizon_days)
    return ahead[0] if ahead else today


def day_page(desk: Desk) -> tuple[DayPage, list[Case]]:
    """Return the page, and the cases that it tells of."""
    session, branch = desk.session, desk.branch
    seen = _plan_on_show(desk)
    faults = _faults(desk, seen)
    routes = routes_of(session, desk.house.vault, seen, faults)
    unserved = unserved_of(session, desk.house.vault, seen, desk.words)
    approvals, waiting = approvals_of(desk)
    unlocated, lost = unlocated_of(desk)
    before, after = _neighbours(session, branch, desk.on)
    view = DayPage(
        page=desk.page,
        branch=BranchChoice.of(branch, desk.page.locale),
        branches=_choices(desk),
        service_on=desk.on,
        today_on=local_date(branch.time_zone, desk.now),
        previous_on=before,
        next_on=after,
        plan=_plan(desk, seen, faults, routes) if seen else None,
        run=_run(desk, seen),
        figures=_figures(seen, routes),
        routes=routes,
        unserved=unserved,
        approvals=approvals,
        unlocated=unlocated,
        moves=_moves(desk, seen),
        is_repairable=_is_repairable(desk),
        is_send_nothing=_sends_nothing(desk),
    )
    told = [*(seen.cases.values() if seen else ()), *waiting, *lost]
    return view, list({case.id: case for case in told}.values())


def _plan_on_show(desk: Desk) -> DaySeen | None:
    """Return the draft to decide on, else what is published, else the newest of the rest."""
    session, branch_id = desk.session, desk.branch.id
    plan = plans.standing(session, branch_id, desk.on) or plans.newest(
        session, branch_id, desk.on, [PlanState.RECALLED]
    )
    return plan_seen(session, plan) if plan else None


def _faults(desk: Desk, seen: DaySeen | None) -> tuple[Breach, ...]:
    if seen is None or seen.parts.plan.state is not PlanState.DRAFT:
        return ()
    return release_breaches(
        desk.session,
        plan=seen.parts.plan,
        branch=desk.branch,
        now=desk.now,
        pack_folder=desk.house.settings.pack_folder,
    )


def _plan(
    desk: Desk, seen: DaySeen, faults: tuple[Breach, ...], routes: tuple[RouteView, ...]
) -> PlanView:
    plan: Plan = seen.parts.plan
    pack = pack_of(desk.house, desk.branch)
    first = {one.reference: one for one in reversed(faults)}
    states = [stop.state for route in routes for stop in route.stops]
    return PlanView(
        id=plan.id,
        number=plan.number,
        version=plan.version,
        state=plan.state,
        made_at=plan.planned_at,
        published_at=plan.published_at,
        is_estimated=plan.is_estimated,
        is_incomplete=any(one.is_required for one in seen.parts.unserved),
        release_faults=tuple(
            ReleaseFault(reference, Sentence(f"fault.{one.code}"))
            for reference, one in sorted(first.items())
        ),
        unannounced=states.count("unannounced") if plan.state is PlanState.DRAFT else 0,
        announced_at=plan.announced_at,
        pack_name=pack.title.get(desk.page.locale) or pack.id,
        pack_version=plan.pack_version,
        is_pack_signed=pack.signed_by is not None,
        flags=flags_of(plan, desk.words),
    )


def flags_of(plan: Plan, t: Translator) -> tuple[tuple[Sentence, Sentence], ...]:
    """Return headline and text of each of the plan's flags, while the plan may still be used."""
    if plan.state not in {PlanState.DRAFT, PlanState.PUBLISHED}:
        return ()
    keys = [one if t.has(f"plan.flag.{one}.title") else "other" for one in plan.flags]
    return tuple(
        (Sentence(f"plan.flag.{key}.title"), Sentence(f"plan.flag.{key}.text", {"flag": flag}))
        for key, flag in zip(keys, plan.flags, strict=True)
    )


def _run(desk: Desk, seen: DaySeen | None) -> RunView | None:
    """Return the newest run if it is open, or if it ended without the plan on show."""
    runs = plan_runs.runs_of(desk.session, desk.me.scope, desk.branch.id, desk.on, limit=1)
    if not runs:
        return None
    run = runs[0]
    is_open = run.state in {RunState.QUEUED, RunState.RUNNING}
    is_later = seen is None or run.requested_at >= seen.parts.plan.planned_at
    if not is_open and not (is_later and run.state in {RunState.FAILED, RunState.STALE}):
        return None
    why = Sentence("run.why.other", {"detail": run.failure}) if run.failure else None
    return RunView(run.id, run.state, percent_of(run), None if is_open else why)


def _figures(seen: DaySeen | None, routes: tuple[RouteView, ...]) -> Figures:
    if seen is None:
        return Figures()
    states = [stop.state for route in routes for stop in route.stops]
    left_out = seen.parts.unserved
    return Figures(
        visits=len(states),
        on_time=_on_time(seen),
        confirmed=states.count("confirmed"),
        announced=states.count("announced") + states.count("no_answer"),
        unserved=len(left_out),
        unserved_required=sum(one.is_required for one in left_out),
        crews=len(routes),
        travel_s=seen.parts.plan.travel_s,
        travel_m=seen.parts.plan.distance_m,
    )


def _on_time(seen: DaySeen) -> int | None:
    known = [stop.on_time for stop in seen.parts.stops if stop.on_time is not None]
    return round(100 * sum(known) / len(known)) if known else None


def _moves(desk: Desk, seen: DaySeen | None) -> tuple[MoveView, ...] | None:
    if seen is None or seen.parts.plan.kind is not RunKind.REPAIR:
        return None
    return tuple(
        MoveView(one.reference, one.was_at, one.now_at)
        for one in moves_of(desk.session, seen.parts.plan)
    )


def _is_repairable(desk: Desk) -> bool:
    is_today = desk.on == local_date(desk.branch.time_zone, desk.now)
    published = [PlanState.PUBLISHED]
    return is_today and bool(plans.newest(desk.session, desk.branch.id, desk.on, published))


def _neighbours(session: Session, branch: Branch, on: date) -> tuple[date, date]:
    """Return the working days before and after a date; the day itself is between them."""
    near = days.dates_with_shifts(session, branch.id, on - _NEAR, 2 * _NEAR.days)
    before = [one for one in near if one < on]
    after = [one for one in near if one > on]
    day = timedelta(days=1)
    return (before[-1] if before else on - day, after[0] if after else on + day)


def _choices(desk: Desk) -> tuple[BranchChoice, ...]:
    rows = branches.page(desk.session, desk.me.scope, limit=MOST_BRANCHES)
    return tuple(BranchChoice.of(one, desk.page.locale) for one in rows)


def _sends_nothing(desk: Desk) -> bool:
    is_off = desk.house.settings.send_nothing or desk.branch.sends_nothing
    switched = (
        duties.is_switched(desk.session, duties.SEND_NOTHING, one)
        for one in (None, desk.branch.id)
    )
    return is_off or any(switched)
