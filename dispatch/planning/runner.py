"""Run the queue of plan runs: snapshot in one transaction, solve outside, record in another.

Nothing is locked while the solver works. What the plan rests on is fingerprinted; if it changed
meanwhile the run is stale and queued again, at most twice, then the draft is stored without the
visits that changed. No plan is stored that `routing.check` and the auditor do not pass.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from dispatch.audit import Breach
from dispatch.clock import Clock, stopwatch
from dispatch.db import Database
from dispatch.errors import DispatchError
from dispatch.gateways.roads import Roads
from dispatch.model import Branch, Incident, Plan, PlanRun, PlanState, RunReason, RunState
from dispatch.planning import night, proof
from dispatch.planning.crews import form_crews
from dispatch.planning.permitted import Reason
from dispatch.planning.record import Draft, store_draft
from dispatch.planning.snapshot import Snapshot, take
from dispatch.policy.pack import Pack, effective, ensure_usable, load_pack
from dispatch.settings import Settings
from dispatch.solver.day import PlannedDay
from dispatch.solver.plan import Budget, plan_day
from dispatch.solver.run import Solver
from dispatch.solver.to_problem import SoftTerms
from dispatch.store import holds, plan_runs, plans
from dispatch.store.rows import get_any
from dispatch.vault import Vault

log = logging.getLogger(__name__)

EVERY_S = 1.0
"""Seconds between two notes of progress."""

MOST_STALE = 2
"""How often a run is queued again because its ground moved."""


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
    """A run that is ours, and the day as it stood."""

    run: PlanRun
    branch: Branch
    pack: Pack
    snapshot: Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class _Solved:
    """A day that has passed check and audit."""

    planned: PlannedDay
    windows: proof.Windows
    left_out: Mapping[UUID, tuple[Reason, ...]]
    geometries: Mapping[UUID, list[tuple[float, float]]]
    breaches: tuple[Breach, ...]


def run_next(planner: Planner) -> PlanRun | None:
    """Take the next run from the queue and bring it to its end; None when the queue is empty."""
    claimed = _claim(planner)
    if claimed is None:
        return None
    if isinstance(claimed, PlanRun):
        return claimed
    try:
        solved = _solve(planner, claimed)
    except DispatchError as error:
        return _fail(planner, claimed.run, error.detail)
    except Exception as error:  # a run must end, whatever happened to it
        log.exception("plan run %s failed", claimed.run.id)
        return _fail(planner, claimed.run, f"{type(error).__name__}: see the log")
    return _record(planner, claimed, solved)


def _claim(planner: Planner) -> "_Claimed | PlanRun | None":
    now = planner.clock.now()
    with planner.database.writing() as session:
        run = plan_runs.claim(session, worker=planner.worker, now=now)
        if run is None:
            return None
        branch = get_any(session, Branch, run.branch_id)
        try:
            pack = load_pack(branch.pack_id, planner.settings.pack_folder)
            ensure_usable(pack, planner.settings.environment, run.from_on)
            snapshot = _snapshot(planner, session, branch, run, pack, now)
        except DispatchError as error:
            _end(session, run, RunState.FAILED, now=now, why=error.detail)
            return run
        run.fingerprint = snapshot.fingerprint
        run.versions = {"pack": pack.version, "pack_fingerprint": pack.fingerprint}
        planner.vault.write(branch, run, "snapshot", snapshot.day.as_json())
        return _Claimed(run=run, branch=branch, pack=pack, snapshot=snapshot)


def _snapshot(
    planner: Planner, session: Session, branch: Branch, run: PlanRun, pack: Pack, now: datetime
) -> Snapshot:
    law = effective(pack)
    crews = form_crews(
        session,
        vault=planner.vault,
        branch=branch,
        on=run.from_on,
        law=law,
        actor=planner.worker,
        now=now,
    )
    return take(
        session,
        vault=planner.vault,
        branch=branch,
        on=run.from_on,
        kind=run.kind,
        law=law,
        crews=crews,
        now=now,
    )


def _solve(planner: Planner, claimed: _Claimed) -> _Solved:
    """Solve outside any transaction; what the auditor objects to is left out and solved again."""
    snapshot, law = claimed.snapshot, effective(claimed.pack)
    objected: dict[UUID, tuple[Reason, ...]] = {}
    found: tuple[Breach, ...] = ()
    for _ in range(3):
        planned = plan_day(
            snapshot.day.without(frozenset(objected)),
            roads=planner.roads,
            solver=planner.solver,
            budget=_budget(planner.settings, claimed.run),
            soft=_soft(planner.settings),
            on_progress=_Watch(planner, claimed.run),
        )
        windows = proof.windows_of(planned, snapshot, law)
        breaches = proof.breaches(
            planned, snapshot, windows, pack=claimed.pack, now=planner.clock.now()
        )
        if not breaches:
            left_out = {**snapshot.forbidden, **objected}
            left_out |= {one.visit.visit_id: one.reasons for one in planned.left_out}
            return _Solved(
                planned=planned,
                windows=windows,
                left_out=left_out,
                breaches=found,
                geometries=_ways(planner.roads, planned),
            )
        found += breaches
        objected |= {
            one.visit_id: (
                {
                    "code": f"audit-{one.code}",
                    "args": {"detail": one.detail},
                    "source": one.source,
                },
            )
            for one in breaches
            if one.visit_id is not None
        }
        if any(one.visit_id is None for one in breaches):
            break
    msg = f"The audit objects to the plan: {found[-1].detail} ({found[-1].source}). Nothing was stored."
    raise DispatchError(msg)


def _ways(roads: Roads, planned: PlannedDay) -> dict[UUID, list[tuple[float, float]]]:
    return {
        route.crew.crew_id: roads.geometry(
            [route.crew.start, *(stop.visit.place for stop in route.stops), route.crew.start]
        )
        for route in planned.routes
    }


class _Watch:
    """Keeps the run claimed and tells how far it has come, once a second at the most."""

    def __init__(self, planner: Planner, run: PlanRun) -> None:
        self._planner, self._run, self._last = planner, run, -EVERY_S

    def __call__(self, told: dict[str, object]) -> None:
        if stopwatch() - self._last < EVERY_S:
            return
        self._last = stopwatch()
        until = self._planner.clock.now() + plan_runs.LEASE
        with self._planner.database.writing() as session:
            plan_runs.extend_lease(session, self._run.id, fence=self._run.fence, until=until)
            plan_runs.note_progress(session, self._run.id, fence=self._run.fence, progress=told)


def _budget(settings: Settings, run: PlanRun) -> Budget:
    """The night has time for OR-Tools to check and polish each plan; by day people wait."""
    is_night = run.requested_by == night.ACTOR  # also where a stale run of it is queued again
    usual = settings.plan_night_seconds if is_night else settings.plan_seconds
    return Budget(
        seconds=float(usual if run.seconds is None else run.seconds),
        seed=run.seed,
        threads=settings.plan_threads,
        polish=settings.plan_polish_share if is_night else 0.0,
    )


def _soft(settings: Settings) -> SoftTerms:
    return SoftTerms(
        continuity_s=settings.plan_continuity_s,
        change_s=settings.plan_change_s,
        balance_s=settings.plan_balance_s,
        travel_cv=settings.plan_travel_cv,
        service_cv=settings.plan_service_cv,
        late_s=settings.plan_late_s,
    )


def _record(planner: Planner, claimed: _Claimed, solved: _Solved) -> PlanRun:
    now = planner.clock.now()
    with planner.database.writing() as session:
        # Plans, people and their visits before the run, as everywhere: a person who asks for help
        # now is either in the snapshot below, or waits until the draft is stored and drops out.
        day = claimed.snapshot.day
        plans.plans_of_states(session, day.branch_id, day.on, [PlanState.DRAFT], lock=True)
        holds.locked_visits(session, claimed.snapshot.tokens.keys())
        run = get_any(session, PlanRun, claimed.run.id, lock=True)
        if run.fence != claimed.run.fence or run.state is not RunState.RUNNING:
            log.info("plan run %s was taken over; its result is dropped", run.id)
            return run
        branch = get_any(session, Branch, run.branch_id)
        later = _snapshot(planner, session, branch, run, claimed.pack, now)
        if later.fingerprint != claimed.snapshot.fingerprint and run.stale_count < MOST_STALE:
            _end(session, run, RunState.STALE, now=now, why="the day changed while it was planned")
            _again(session, branch, run, RunReason.STALE, now=now, stale_count=run.stale_count + 1)
            return run
        draft = _draft(run, claimed, solved, later)
        plan = store_draft(
            session, draft, vault=planner.vault, branch=branch, actor=planner.worker, now=now
        )
        run.plan_id = plan.id
        session.add_all(_incident(branch, one, now) for one in solved.breaches)
        session.add_all(
            _flagged(branch, plan, one, solved.planned.notes, now) for one in solved.planned.flags
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


def _draft(run: PlanRun, claimed: _Claimed, solved: _Solved, later: Snapshot) -> Draft:
    """Return the draft without the visits that changed while it was made."""
    planned = solved.planned
    # A crew that is not what it was can't be sent: what it was to serve has changed as well.
    changed = claimed.snapshot.changed(later) | {
        stop.visit.visit_id
        for route in planned.routes
        if route.crew not in later.day.crews
        for stop in route.stops
    }
    flags = [*planned.flags, *(["stale"] if changed else [])]
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
        snapshot=claimed.snapshot,
        planned=planned,
        windows=solved.windows,
        geometries=solved.geometries,
        pack=claimed.pack,
        left_out={**solved.left_out, **dropped},
        flags=flags,
    )


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


def _fail(planner: Planner, run: PlanRun, why: str) -> PlanRun:
    now = planner.clock.now()
    with planner.database.writing() as session:
        held = get_any(session, PlanRun, run.id, lock=True)
        if held.fence == run.fence and held.state is RunState.RUNNING:
            _end(session, held, RunState.FAILED, now=now, why=why)
        return held


def _end(
    session: Session, run: PlanRun, state: RunState, *, now: datetime, why: str | None
) -> None:
    run.move_to(state, actor=run.claimed_by or "planner", now=now, why=why)
    run.finished_at, run.failure, run.lease_until = now, why, None
    session.add(run)


def _incident(branch: Branch, breach: Breach, now: datetime) -> Incident:
    return Incident(
        branch_id=branch.id,
        visit_id=breach.visit_id,
        kind="rules-and-audit-differ",
        opened_at=now,
        facts={"code": str(breach.code), "detail": breach.detail, "source": breach.source},
    )


def _flagged(
    branch: Branch, plan: Plan, flag: str, notes: Sequence[str], now: datetime
) -> Incident:
    """A plan that was stored, though the solver did not do all that was asked of it."""
    log.warning("plan %s is %s: %s", plan.id, flag, " ".join(notes))
    return Incident(
        branch_id=branch.id,
        source_id=plan.id,
        kind=f"plan-{flag}",
        opened_at=now,
        facts={"plan": plan.number, "on": str(plan.service_date), "detail": " ".join(notes)},
    )
