"""What each duty does: a few lines that call a use case of dispatch."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlmodel import Session

from dispatch.appointments import unkept
from dispatch.appointments.announce import announce_plan
from dispatch.appointments.lapse import expire_unanswered as expire
from dispatch.appointments.lapse import lapse_untold as lapse_appointments
from dispatch.appointments.remind import remind as remind_people
from dispatch.appointments.take_over import let_substitutes_go
from dispatch.appointments.wall_time import keep_wall_times as follow_clocks
from dispatch.care.clocks import flag_late
from dispatch.care.watch import flag_silent_crews
from dispatch.clock import local_date
from dispatch.eligibility.sweep import sweep_cases as sweep_branch
from dispatch.evidence.roots import anchor_roots, take_roots
from dispatch.evidence.seal import seal_pending
from dispatch.fieldwork.report_deadline import flag_unreported
from dispatch.followup.agreements import sweep_agreements
from dispatch.followup.ends import end_cases as end_branch_cases
from dispatch.followup.holds import lapse_holds as lapse
from dispatch.followup.promises import sweep_promises as sweep_branch_promises
from dispatch.gateways.anchor import anchors_of
from dispatch.messaging.runner import resolve_lost, send_due
from dispatch.model import Branch, DutyRun, Plan
from dispatch.planning import night
from dispatch.planning.recheck import recheck_published as recheck
from dispatch.planning.runner import run_next
from dispatch.store import duties as ledger
from dispatch.store.rows import get_any
from scheduler import guard
from scheduler.context import Context

ACTOR = "duty"


def heartbeat(context: Context) -> dict[str, Any]:
    """Note that this process is alive."""
    now = context.clock.now()
    guard.one(
        context, "heartbeat", lambda s: ledger.beat(s, worker=context.worker, now=now, detail={})
    )
    return {"at": now.isoformat()}


def seal_evidence(context: Context) -> dict[str, Any]:
    """Seal what waits."""
    return (
        guard.one(
            context,
            "seal_evidence",
            lambda s: {"sealed": seal_pending(s, now=context.clock.now())},
        )
        or {}
    )


def anchor_evidence(context: Context) -> dict[str, Any]:
    """Note yesterday's roots, and keep them outside the database."""
    now = context.clock.now()
    taken = guard.one(context, "anchor_evidence", lambda s: {"taken": take_roots(s, now=now)})
    kept = guard.one(
        context,
        "anchor_evidence",
        lambda s: {"anchored": anchor_roots(s, anchors=anchors_of(context.settings), now=now)},
    )
    return {**(taken or {}), **(kept or {})}


def drain_plan_runs(context: Context) -> dict[str, Any]:
    """Plan until the queue is empty."""
    planned = 0
    while not context.ending.is_set() and run_next(context.planner) is not None:
        planned += 1
    return {"planned": planned}


def send_messages(context: Context) -> dict[str, Any]:
    """Send what is due."""
    counts = send_due(
        context.database,
        vault=context.vault,
        messenger=context.messenger,
        clock=context.clock,
        settings=context.settings,
        breakers=context.breakers,
        limit=5000,
        is_ending=context.ending.is_set,
    )
    return dict(counts)


def resolve_lost_sends(context: Context) -> dict[str, Any]:
    """Ask after sends that nobody answered, or hand them to a person."""
    settled = resolve_lost(context.database, clock=context.clock, messenger=context.messenger)
    return {"settled": settled}


def announce_ready(context: Context) -> dict[str, Any]:
    """Announce drafts of branches that announce by themselves; a transaction each."""
    announced = 0
    for branch in _branches(context):
        if not branch.auto_announce:
            continue
        with context.database.reading() as session:
            waiting = night.ready_to_announce(session, branch, context.clock.now())
        for plan in waiting:
            guard.one(context, "announce_ready", partial(_announce, context, branch, plan.id))
            announced += 1
    return {"announced": announced}


def plan_tonight(context: Context) -> dict[str, Any]:
    """Enter the business dates whose planning hour has come, and queue their runs."""
    _each(context, "plan_tonight", partial(_enter, context, "plan_tonight", timedelta()))
    return {
        "done": len(guard.run_ledger(context, "plan_tonight", partial(_plan_tonight, context)))
    }


def publish_ready(context: Context) -> dict[str, Any]:
    """Publish the next service date an hour after the planning hour, where the branch allows it."""
    _each(
        context,
        "publish_ready",
        partial(_enter, context, "publish_ready", timedelta(hours=1)),
        only=lambda branch: branch.auto_publish,
    )
    return {"done": len(guard.run_ledger(context, "publish_ready", partial(_publish, context)))}


def lapse_untold(context: Context) -> dict[str, Any]:
    """Withdraw appointments whose notice can no longer arrive in time, with an apology."""
    return _each(context, "lapse_untold", partial(_withdrawn, context, lapse_appointments))


def remind(context: Context) -> dict[str, Any]:
    """Draft the reminders that are due."""
    return _each(context, "remind", partial(_reminded, context))


def recheck_published(context: Context) -> dict[str, Any]:
    """Audit published days again, and take back what may not be made any more."""
    return _each(context, "recheck_published", partial(_recheck, context))


def withdraw_unmanned(context: Context) -> dict[str, Any]:
    """Send named substitutes for members who can't come; what is left is withdrawn with an apology."""
    _each(context, "withdraw_unmanned", partial(_taken_over, context))
    return _each(
        context, "withdraw_unmanned", partial(_withdrawn, context, unkept.withdraw_unmanned)
    )


def withdraw_unpublished(context: Context) -> dict[str, Any]:
    """Withdraw visits whose window begins though no published plan holds them."""
    return _each(
        context, "withdraw_unpublished", partial(_withdrawn, context, unkept.withdraw_unpublished)
    )


def expire_unanswered(context: Context) -> dict[str, Any]:
    """Note appointments that nobody answered by the time that the pack gives."""
    return _each(context, "expire_unanswered", partial(_unanswered, context))


def keep_wall_times(context: Context) -> dict[str, Any]:
    """Let what was promised keep its hour on the clock where the rules of a zone have changed."""
    return _each(context, "keep_wall_times", partial(_wall_times, context))


def sweep_cases(context: Context) -> dict[str, Any]:
    """Move each branch's cases."""
    return _each(context, "sweep_cases", partial(_cases, context))


def sweep_promises(context: Context) -> dict[str, Any]:
    """Match each branch's payments with its promises."""
    return _each(context, "sweep_promises", partial(_promises, context))


def end_cases(context: Context) -> dict[str, Any]:
    """End the cases of which nothing is open any more."""
    return _each(context, "end_cases", partial(_ends, context))


def lapse_holds(context: Context) -> dict[str, Any]:
    """End holds whose time has run out."""
    return (
        guard.one(context, "lapse_holds", lambda s: {"lapsed": lapse(s, now=context.clock.now())})
        or {}
    )


def watch_crews(context: Context) -> dict[str, Any]:
    """Alert to crews at a door that were to be heard of by now."""
    return _each(context, "watch_crews", partial(_silent, context))


def watch_care(context: Context) -> dict[str, Any]:
    """Alert to complaints, calls and holds of which a clock has run out."""
    return _each(context, "watch_care", partial(_late, context))


def missing_reports(context: Context) -> dict[str, Any]:
    """Ask after visits that were left and never reported."""
    return _each(context, "missing_reports", partial(_unreported, context))


def _each(
    context: Context,
    duty: str,
    work: Callable[[Branch, Session], dict[str, Any]],
    *,
    only: Callable[[Branch], bool] = lambda _: True,
) -> dict[str, Any]:
    """Do a piece of work for each branch, in a transaction each; one that fails stops no other."""
    told = {
        branch.name: guard.one(context, duty, partial(work, branch))
        for branch in _branches(context)
        if only(branch)
    }
    return {name: one for name, one in told.items() if one}


def _withdrawn(
    context: Context, sweep: Callable[..., int], branch: Branch, session: Session
) -> dict[str, Any]:
    number = sweep(
        session,
        vault=context.vault,
        branch=branch,
        law=context.law_of(branch),
        base_url=context.settings.base_url,
        now=context.clock.now(),
    )
    return {"withdrawn": number} if number else {}


def _taken_over(context: Context, branch: Branch, session: Session) -> dict[str, Any]:
    number = let_substitutes_go(session, branch=branch, now=context.clock.now())
    return {"taken_over": number} if number else {}


def _reminded(context: Context, branch: Branch, session: Session) -> dict[str, Any]:
    number = remind_people(
        session,
        vault=context.vault,
        branch=branch,
        law=context.law_of(branch),
        base_url=context.settings.base_url,
        now=context.clock.now(),
    )
    return {"reminded": number} if number else {}


def _recheck(context: Context, branch: Branch, session: Session) -> dict[str, Any]:
    folder = context.settings.pack_folder
    found = recheck(session, branch=branch, now=context.clock.now(), pack_folder=folder)
    return {"taken back": found} if found else {}


def _unanswered(context: Context, branch: Branch, session: Session) -> dict[str, Any]:
    found = expire(session, branch=branch, law=context.law_of(branch), now=context.clock.now())
    return {"unanswered": found} if found else {}


def _wall_times(context: Context, branch: Branch, session: Session) -> dict[str, Any]:
    found = follow_clocks(session, branch=branch, now=context.clock.now())
    return {"moved": found} if found else {}


def _cases(context: Context, branch: Branch, session: Session) -> dict[str, Any]:
    moved = sweep_branch(
        session, branch=branch, law=context.law_of(branch), actor=ACTOR, now=context.clock.now()
    )
    return dict(moved)


def _unreported(context: Context, branch: Branch, session: Session) -> dict[str, Any]:
    found = flag_unreported(session, branch=branch, now=context.clock.now())
    return {"unreported": found} if found else {}


def _late(context: Context, branch: Branch, session: Session) -> dict[str, Any]:
    found = flag_late(session, branch=branch, law=context.law_of(branch), now=context.clock.now())
    return {"late": found} if found else {}


def _silent(context: Context, branch: Branch, session: Session) -> dict[str, Any]:
    found = flag_silent_crews(
        session, branch=branch, law=context.law_of(branch), now=context.clock.now()
    )
    return {"silent": found} if found else {}


def _promises(context: Context, branch: Branch, session: Session) -> dict[str, Any]:
    now = context.clock.now()
    told = dict(sweep_branch_promises(session, vault=context.vault, branch=branch, now=now))
    return {**told, "agreements": sweep_agreements(session, branch=branch, now=now)}


def _ends(context: Context, branch: Branch, session: Session) -> dict[str, Any]:
    return dict(
        end_branch_cases(session, vault=context.vault, branch=branch, now=context.clock.now())
    )


def _branches(context: Context) -> list[Branch]:
    with context.database.reading() as session:
        return ledger.branches(session)


def _enter(
    context: Context, duty: str, delay: timedelta, branch: Branch, session: Session
) -> dict[str, Any]:
    """Enter every business date that has come due since the last one, a week back at the most."""
    if ledger.is_switched(session, f"pause:{duty}", branch.id):
        return {}
    now = context.clock.now()
    today = local_date(branch.time_zone, now)
    last = ledger.last_entered(session, duty, branch.id)
    for on in guard.business_dates(today, last):
        due_at = branch.planning_instant(on) + delay
        if due_at <= now:
            ledger.ensure(session, duty=duty, branch_id=branch.id, on=on, due_at=due_at)
    return {}


def _plan_tonight(
    context: Context, session: Session, branch: Branch, run: DutyRun
) -> dict[str, Any]:
    if _is_past(context, branch, run.business_date):
        return {"skipped": "its service dates are past"}
    return night.queue_night(
        session,
        branch=branch,
        on=run.business_date,
        now=context.clock.now(),
        attempt=run.tries,
    )


def _publish(context: Context, session: Session, branch: Branch, run: DutyRun) -> dict[str, Any]:
    on = night.next_service_date(session, branch, run.business_date)
    if on is None or _is_past(context, branch, run.business_date):
        return {"published": False, "why": "no service date ahead"}
    return night.publish_if_ready(
        session,
        branch=branch,
        on=on,
        now=context.clock.now(),
        pack_folder=context.settings.pack_folder,
    )


def _is_past(context: Context, branch: Branch, on: date) -> bool:
    """Whether a later business date has come due: then this one's plans would be replaced at once."""
    return night.planning_is_due(branch, on + timedelta(days=1), context.clock.now())


def _announce(context: Context, branch: Branch, plan_id: UUID, session: Session) -> dict[str, Any]:
    plan = get_any(session, Plan, plan_id, lock=True)
    if plan.announced_at is not None:
        return {}
    announce_plan(
        session,
        vault=context.vault,
        plan=plan,
        law=context.law_of(branch),
        settings_base_url=context.settings.base_url,
        actor=ACTOR,
        now=context.clock.now(),
    )
    return {}
