"""Holds that come of a report: they begin when the fact occurred, offline too."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from dispatch.clock import local_date, local_day
from dispatch.fieldwork.effects import EFFECTS, FLAG_HOLDS, HoldRule, Reach, Until
from dispatch.fieldwork.payloads import Flag, OutcomePayload
from dispatch.fieldwork.scene import Scene
from dispatch.model import Hold, Outcome, Promise
from dispatch.store.holds import apply_hold
from dispatch.store.incidents import open_incident
from dispatch.store.outcomes import made_since

POSTING: Final = timedelta(days=14)
REVIEW: Final = timedelta(days=90)
GRACE_DAYS: Final = int(Promise.model_fields["grace_days"].default)


def rules_of(payload: OutcomePayload) -> tuple[HoldRule, ...]:
    """Return the holds that a report calls for, by its code and its flags."""
    wanted = [*EFFECTS[payload.code].holds]
    wanted += [FLAG_HOLDS[Flag(flag)] for flag in payload.flags if flag in FLAG_HOLDS]
    return tuple(dict.fromkeys(wanted))


def hold_for(
    session: Session,
    scene: Scene,
    outcome: Outcome,
    payload: OutcomePayload,
    rules: Sequence[HoldRule],
    *,
    now: datetime,
) -> list[Hold]:
    """Put these holds in force, and note visits that were made although they had begun."""
    # A phone whose clock is ahead must not delay the stop.
    from_at = min(outcome.occurred_at, now)
    holds = []
    for rule in rules:
        hold = Hold(
            branch_id=scene.visit.branch_id,
            person_id=scene.visit.person_id,
            case_id=scene.case.id if rule.reach is Reach.CASE else None,
            place_id=scene.place.id if rule.reach is Reach.PLACE else None,
            kind=rule.kind,
            from_at=from_at,
            until_at=_until(scene, payload, rule.until, from_at),
            requested_by=f"visit:{scene.visit.reference}",
            source_id=outcome.id,
        )
        apply_hold(session, hold, actor=scene.actor, now=now, but_visit_id=scene.visit.id)
        holds.append(hold)
        _note_visits_made_since(session, scene, hold, rule, now=now)
    return holds


def _until(
    scene: Scene, payload: OutcomePayload, until: Until, from_at: datetime
) -> datetime | None:
    if until is Until.OPEN:
        return None
    if until is Until.POSTING:
        return from_at + POSTING
    if until is Until.REVIEW:
        return from_at + REVIEW
    zone = scene.branch.time_zone
    if until is Until.PROMISE:
        assert payload.promise is not None  # noqa: S101  OutcomePayload.check saw to it
        last_on = payload.promise.due_on + timedelta(days=GRACE_DAYS)
    else:
        days = int(scene.law["visit.cooling_days_after_talk"])
        last_on = local_date(zone, from_at) + timedelta(days=days)
    return local_day(zone, last_on)[1]


def _note_visits_made_since(
    session: Session, scene: Scene, hold: Hold, rule: HoldRule, *, now: datetime
) -> None:
    """A visit made between the wish and its arrival here is no one's fault, yet is looked at."""
    for other in made_since(
        session,
        person_id=hold.person_id,
        since=hold.from_at,
        but_visit_id=scene.visit.id,
    ):
        if hold.case_id in {None, other.case_id} and hold.place_id in {None, other.place_id}:
            open_incident(
                session,
                visit=other,
                kind="visit-made-after-hold",
                source_id=hold.id,
                actor=scene.actor,
                now=now,
                facts={
                    "hold": str(rule.kind),
                    "delay_s": int((now - hold.from_at).total_seconds()),
                },
            )
