"""Run the queue of plan runs: claim, snapshot and record in a transaction each, solve in between.

Who goes out with whom is settled before the snapshot, since the law judges each visit by its crew.
Nothing is locked while the solver works. If what the plan rests on changed meanwhile, the run is queued
again, at most twice; then the draft is stored without the visits that changed. No plan is stored
that `routing.check` and the auditor do not pass.
"""

import logging
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from dispatch.beating import beating
from dispatch.clock import Clock, stopwatch
from dispatch.db import Database
from dispatch.errors import DispatchError
from dispatch.failpoint import failpoint
from dispatch.gateways.roads import Roads
from dispatch.model import Branch, PlanRun, PlanState, RunKind, RunReason, RunState
from dispatch.planning import horizon, incidents
from dispatch.planning.crews import SHORTEST, Groups, Roster, form_crews, read_roster
from dispatch.planning.drafting import draft_of
from dispatch.planning.go_out import go_out
from dispatch.planning.record import store_draft
from dispatch.planning.rest import Rest, crews_out, read_rest
from dispatch.planning.snapshot import Snapshot, take
from dispatch.planning.solving import Solved, solve
from dispatch.planning.terms import Terms, terms_of
from dispatch.policy.pack import Pack, effective, load_pack
from dispatch.policy.usable import ensure_usable
from dispatch.settings import Settings
from dispatch.solver.crews import pair_up_aside
from dispatch.solver.day import Day, PlannedDay
from dispatch.solver.horizon import spread_aside
from dispatch.solver.plan import plan_day
from dispatch.solver.repair import repair_day
from dispatch.solver.run import Solver, SolverStopped
from dispatch.store import holds, plan_runs, plans
from dispatch.store.law import ensure_adopted
from dispatch.store.rows import get_any
from dispatch.vault import Vault

log = logging.getLogger(__name__)

EVERY_S, BEAT_S = 1.0, 10.0
"""Seconds between two notes of progress, and between two signs that the run's worker lives."""

MOST_STALE = 2
"""How often a run is queued again because its ground moved."""

_STANDING = (PlanState.DRAFT, PlanState.PUBLISHED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planner:
    """What a plan run needs from its process."""

    database: Database
    vault: Vault
    roads: Roads
    solver: Solver
    clock: Clock
    settings: Settings
    worker: str = "planner"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claimed:
    """A run that is ours, and who may go out on its day."""

    run: PlanRun
    branch: Branch
    pack: Pack
    roster: Roster


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ready(_Claimed):
    """The same with its crews, the visits not to be planned here, and the day as it stood.

    `rest` is what is left of a day that is under way; None where a whole day is planned.
    """

    elsewhere: frozenset[UUID]
    rest: Rest | None
    snapshot: Snapshot
    terms: Terms


def run_next(planner: Planner) -> PlanRun | None:
    """Take the next run from the queue and bring it to its end; None when the queue is empty."""
    claimed = _claim(planner)
    if claimed is None or isinstance(claimed, PlanRun):
        return claimed

    def keep() -> bool:
        with planner.database.writing("plan.lease") as session:
            return plan_runs.extend_lease(session, claimed.run.id, fence=claimed.run.fence)

    with beating(keep, every_s=BEAT_S):
        return _run(planner, claimed)


def _run(planner: Planner, claimed: _Claimed) -> PlanRun:
    try:
        ready = _prepare(planner, claimed, _pair_up(planner, claimed), _spread(planner, claimed))
        if isinstance(ready, PlanRun):
            return ready
        failpoint("before plan.solve")
        solved = solve(
            ready.snapshot,
            lambda day: _plan(planner, ready, day),
            pack=ready.pack,
            roads=planner.roads,
            now=planner.clock.now,
        )
        failpoint("after plan.solve")
        return _record(planner, ready, solved)
    except SolverStopped:
        return _fail(planner, claimed.run, "the planner ends", RunState.QUEUED)
    except DispatchError as error:
        return _fail(planner, claimed.run, error.detail)
    except Exception as error:  # a run must end, whatever happened to it
        log.exception("plan run %s failed", claimed.run.id)
        return _fail(planner, claimed.run, f"{type(error).__name__}: see the log")


def _claim(planner: Planner) -> "_Claimed | PlanRun | None":
    now = planner.clock.now()
    with planner.database.writing("plan.claim") as session:
        run = plan_runs.claim(session, worker=planner.worker, now=now)
        if run is None:
            return None
        branch = get_any(session, Branch, run.branch_id)
        try:
            pack = load_pack(branch.pack_id, planner.settings.pack_folder)
            ensure_usable(pack, planner.settings.environment, run.from_on)
            ensure_adopted(session, pack)
            roster = _roster(planner, session, branch, run, now)
        except DispatchError as error:
            _end(session, run, RunState.FAILED, now=now, why=error.detail)
            return run
        run.versions = {"pack": pack.version, "pack_fingerprint": pack.fingerprint}
        return _Claimed(run=run, branch=branch, pack=pack, roster=roster)


def _pair_up(planner: Planner, claimed: _Claimed) -> Groups:
    return pair_up_aside(
        claimed.roster.free,
        size=int(effective(claimed.pack)["crew.min"]),
        shortest=SHORTEST,
        solver=planner.solver,
        on_progress=_Watch(planner, claimed.run),
    )


def _spread(planner: Planner, claimed: _Claimed) -> frozenset[UUID]:
    """Return the visits that the night leaves to other days."""
    run = claimed.run
    if not horizon.spreads(run):
        return frozenset()
    with planner.database.reading() as session:
        ahead = horizon.read_horizon(
            session,
            branch=claimed.branch,
            run=run,
            law=effective(claimed.pack),
            now=planner.clock.now(),
        )
    found = spread_aside(ahead, solver=planner.solver, on_progress=_Watch(planner, run))
    return found.not_on(run.from_on)


def _prepare(
    planner: Planner, claimed: _Claimed, groups: Groups, elsewhere: frozenset[UUID]
) -> "_Ready | PlanRun":
    """Store the crews and take the snapshot; the run itself where somebody else has it now."""
    now = planner.clock.now()
    with planner.database.writing("plan.snapshot") as session:
        run = get_any(session, PlanRun, claimed.run.id, lock=True)
        if _is_lost(run, claimed):
            return run
        branch = get_any(session, Branch, run.branch_id)
        formed = form_crews(
            session,
            _roster(planner, session, branch, run, now),
            groups,
            branch=branch,
            on=run.from_on,
            actor=planner.worker,
            now=now,
        )
        # Those who came or left since they were paired up show when the plan is to be recorded.
        used = {one for group in groups for one in group}
        left = tuple(one for one in claimed.roster.free if one.id not in used)
        roster = replace(formed, free=left)
        rest = None
        if run.kind is RunKind.REPAIR:
            rest = read_rest(session, vault=planner.vault, branch=branch, on=run.from_on, now=now)
            elsewhere = rest.past
        snapshot = _snapshot(planner, session, branch, run, claimed.pack, roster, elsewhere, now)
        run.fingerprint = snapshot.fingerprint
        terms = terms_of(planner.settings, run, snapshot, claimed.pack, now)
        run.versions = {**run.versions, **terms.as_json()}
        planner.vault.write(branch, run, "snapshot", snapshot.day.as_json())
        return _Ready(
            run=run,
            branch=branch,
            pack=claimed.pack,
            roster=roster,
            elsewhere=elsewhere,
            rest=rest,
            snapshot=snapshot,
            terms=terms,
        )


def _roster(
    planner: Planner, session: Session, branch: Branch, run: PlanRun, now: datetime
) -> Roster:
    if run.kind is RunKind.REPAIR:
        return crews_out(session, branch, run.from_on, now)
    return read_roster(
        session, vault=planner.vault, branch=branch, on=run.from_on, actor=planner.worker, now=now
    )


def _snapshot(
    planner: Planner,
    session: Session,
    branch: Branch,
    run: PlanRun,
    pack: Pack,
    roster: Roster,
    elsewhere: frozenset[UUID],
    now: datetime,
) -> Snapshot:
    return take(
        session,
        vault=planner.vault,
        branch=branch,
        on=run.from_on,
        kind=run.kind,
        law=effective(pack),
        roster=roster,
        elsewhere=elsewhere,
        now=now,
    )


def _is_lost(run: PlanRun, claimed: _Claimed) -> bool:
    """Whether another worker has taken the run over; what this one did for it is dropped then."""
    is_lost = run.fence != claimed.run.fence or run.state is not RunState.RUNNING
    if is_lost:
        log.info("plan run %s was taken over; its result is dropped", run.id)
    return is_lost


def _plan(planner: Planner, ready: _Ready, day: Day) -> PlannedDay:
    if ready.rest is not None:
        return repair_day(
            day,
            ready.rest.out(),
            now=planner.clock.now(),
            roads=planner.roads,
            solver=planner.solver,
            seed=ready.run.seed,
            soft=ready.terms.soft,
            on_progress=_Watch(planner, ready.run),
        )
    return plan_day(
        day,
        roads=planner.roads,
        solver=planner.solver,
        budget=ready.terms.budget,
        soft=ready.terms.soft,
        on_progress=_Watch(planner, ready.run),
    )


class _Watch:
    """Tells how far the run has come, once a second at the most."""

    def __init__(self, planner: Planner, run: PlanRun) -> None:
        self._planner, self._run, self._last = planner, run, -EVERY_S

    def __call__(self, told: dict[str, object]) -> None:
        if stopwatch() - self._last < EVERY_S:
            return
        self._last = stopwatch()
        with self._planner.database.writing("plan.progress") as session:
            plan_runs.note_progress(session, self._run.id, fence=self._run.fence, progress=told)


def _record(planner: Planner, claimed: _Ready, solved: Solved) -> PlanRun:
    now = planner.clock.now()
    with planner.database.writing("plan.record") as session:
        # Plans, people and their visits before the run, as everywhere: a person who asks for help
        # now is either in the snapshot below, or waits until the draft is stored and drops out.
        day = claimed.snapshot.day
        plans.plans_of_states(session, day.branch_id, day.on, _STANDING, lock=True)
        holds.locked_visits(session, claimed.snapshot.tokens.keys() | claimed.elsewhere)
        run = get_any(session, PlanRun, claimed.run.id, lock=True)
        if _is_lost(run, claimed):
            return run
        branch = get_any(session, Branch, run.branch_id)
        roster = _roster(planner, session, branch, run, now)
        later = _snapshot(
            planner, session, branch, run, claimed.pack, roster, claimed.elsewhere, now
        )
        is_stale = later.fingerprint != claimed.snapshot.fingerprint
        if is_stale and run.stale_count < MOST_STALE:
            _end(session, run, RunState.STALE, now=now, why="the day changed while it was planned")
            _again(session, branch, run, RunReason.STALE, now=now, stale_count=run.stale_count + 1)
            return run
        draft = draft_of(
            run,
            solved,
            claimed.snapshot,
            later,
            pack=claimed.pack,
            been=claimed.rest.crews if claimed.rest else {},
        )
        plan = store_draft(
            session, draft, vault=planner.vault, branch=branch, actor=planner.worker, now=now
        )
        run.plan_id = plan.id
        if claimed.rest is not None:
            go_out(
                session,
                plan=plan,
                branch=branch,
                actor=planner.worker,
                now=now,
                pack_folder=planner.settings.pack_folder,
            )
        session.add_all(incidents.of_breach(branch, one, now) for one in solved.breaches)
        session.add_all(
            incidents.of_flag(branch, plan, one, solved.planned.notes, now)
            for one in solved.planned.flags
        )
        again = run.asked_again
        _end(session, run, RunState.DONE, now=now, why=None)
        if again:
            _again(session, branch, run, RunReason(again), now=now, stale_count=0)
        log.info(
            "planned %s: %d stops, %d left out, %d s of travel",
            run.from_on,
            len(draft.planned.stops),
            len(draft.left_out),
            plan.travel_s,
        )
        return run


def _again(
    session: Session,
    branch: Branch,
    run: PlanRun,
    reason: RunReason,
    *,
    now: datetime,
    stale_count: int,
) -> None:
    session.flush()  # the open run must be closed before the next one may be queued
    plan_runs.queue_run(
        session,
        branch,
        run.from_on,
        kind=run.kind,
        reason=reason,
        requested_by=run.requested_by,
        now=now,
        seconds=run.seconds,
        seed=run.seed,
        stale_count=stale_count,
    )


def _fail(planner: Planner, run: PlanRun, why: str, state: RunState = RunState.FAILED) -> PlanRun:
    now = planner.clock.now()
    with planner.database.writing("plan.fail") as session:
        held = get_any(session, PlanRun, run.id, lock=True)
        if held.fence == run.fence and held.state is RunState.RUNNING:
            _end(session, held, state, now=now, why=why)
        return held


def _end(
    session: Session, run: PlanRun, state: RunState, *, now: datetime, why: str | None
) -> None:
    run.move_to(state, actor=run.claimed_by or "planner", now=now, why=why)
    over = (None, None) if state is RunState.QUEUED else (now, why)
    (run.finished_at, run.failure), run.lease_until = over, None
    session.add(run)
