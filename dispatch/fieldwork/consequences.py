"""Consequences: a report changes what the table of effects says, each thing where its state permits."""

from datetime import datetime
from typing import Final

from sqlmodel import Session

from dispatch.fieldwork.apology import leave_apology
from dispatch.fieldwork.effects import EFFECTS, Effect
from dispatch.fieldwork.learnt import keep_assessment
from dispatch.fieldwork.payloads import Flag, OutcomePayload
from dispatch.fieldwork.reported_holds import GRACE_DAYS, hold_for, rules_of
from dispatch.fieldwork.scene import Scene
from dispatch.fieldwork.steps import report_visit
from dispatch.model import (
    Agreement,
    AgreementState,
    Appointment,
    AppointmentState,
    CareReason,
    HoldKind,
    Outcome,
    OutcomeCode,
    Promise,
    PromiseState,
    Stage,
    record,
)
from dispatch.model.follow_up import COOLING_OFF
from dispatch.store.appointments import end_appointment, standing_of
from dispatch.store.care import open_care_call
from dispatch.store.complaints import open_complaint
from dispatch.store.holds import holds_of
from dispatch.store.incidents import open_incident
from dispatch.store.outcomes import count_contact, release_cap, use_cap
from dispatch.vault import Vault

_MET: Final = frozenset({AppointmentState.KEPT, AppointmentState.MISSED_BORROWER})
_VISITING: Final = frozenset({Stage.VISITING, Stage.VISIT_APPROVED})


def apply_report(
    session: Session,
    *,
    scene: Scene,
    outcome: Outcome,
    payload: OutcomePayload,
    vault: Vault,
    base_url: str | None,
    now: datetime,
) -> bool:
    """Let a report take effect; False where the visit's state permits no report.

    What is true whatever the state takes effect all the same: the contact, the cap, what the
    person asked for. A crew's second knowledge never undoes it.
    """
    effect = EFFECTS[payload.code]
    has_moved = report_visit(scene.visit, effect, actor=scene.actor, now=now)
    session.add(scene.visit)
    count(session, scene, outcome, payload, effect, now=now)
    missed = _settle_appointment(session, scene, outcome, effect, now=now)
    if missed is not None and base_url is not None and scene.person.data_key is not None:
        leave_apology(session, scene, missed, vault=vault, base_url=base_url, now=now)
    _move_case(scene, effect, now=now)
    follow_through(session, scene, outcome, payload, vault=vault, now=now)
    return has_moved


def follow_through(
    session: Session,
    scene: Scene,
    outcome: Outcome,
    payload: OutcomePayload,
    *,
    vault: Vault,
    now: datetime,
) -> None:
    """Leave the rows that a code calls for: promise, agreement, complaint, mark, holds, incident."""
    effect = EFFECTS[payload.code]
    if effect.place is not None:
        scene.place.mark(effect.place, by="visit", actor=scene.actor, now=now)
        session.add(scene.place)
    if scene.person.data_key is not None:  # nothing new is kept about a person who was erased
        _keep_promise(session, scene, outcome, payload, vault=vault, now=now)
        _keep_agreement(session, scene, outcome, payload, vault=vault, now=now)
        _keep_complaint(session, scene, outcome, payload, vault=vault, now=now)
        keep_assessment(session, scene, outcome, payload, vault=vault)
    session.flush()
    hold_for(session, scene, outcome, payload, rules_of(payload), now=now)
    _owe_care(session, scene, outcome, payload, now=now)
    kind = effect.incident or ("distress" if Flag.DISTRESS in payload.flags else None)
    if kind is not None:
        facts = {"code": str(payload.code), "is_urgent": kind in {"distress", "safety"}}
        open_incident(
            session,
            visit=scene.visit,
            kind=kind,
            source_id=outcome.id,
            actor=scene.actor,
            now=now,
            facts=facts,
        )


def count(
    session: Session,
    scene: Scene,
    outcome: Outcome,
    payload: OutcomePayload,
    effect: Effect,
    *,
    now: datetime,
) -> None:
    """Count the visit and the contact that it was, or take both back."""
    at = min(outcome.occurred_at, now)
    talked = payload.code is OutcomeCode.RESCHEDULE and Flag.TALKED_OF_DEBT in payload.flags
    if effect.is_capped or talked:
        use_cap(session, scene.visit, at=at)
    else:
        release_cap(session, scene.visit)
    count_contact(
        session, visit=scene.visit, case=scene.case, result=effect.contact, at=at, now=now
    )
    session.flush()


def _settle_appointment(
    session: Session, scene: Scene, outcome: Outcome, effect: Effect, *, now: datetime
) -> Appointment | None:
    """End the appointment as the code says; return it where it was we who did not keep it."""
    appointment = standing_of(session, scene.visit.id, lock=True)
    if appointment is None:
        return None
    state, why = effect.appointment, str(outcome.code)
    if outcome.code is OutcomeCode.NO_ANSWER and appointment.state is AppointmentState.CONFIRMED:
        state = AppointmentState.MISSED_BORROWER  # said to be there; not a refusal
    if state in _MET:
        # The notice on which the visit rested stays as it was: the day is audited afterwards.
        appointment.move_to(state, actor=scene.actor, now=now, why=why)
        session.add(appointment)
        return None
    end_appointment(
        session,
        visit=scene.visit,
        appointment=appointment,
        state=state,
        actor=scene.actor,
        now=now,
        why=why,
    )
    return appointment if state is AppointmentState.MISSED_AGENT else None


def _move_case(scene: Scene, effect: Effect, *, now: datetime) -> None:
    case = scene.case
    if case.stage in _VISITING:
        case.advance(Stage.FOLLOW_UP, actor=scene.actor, now=now, why="reported")
    if effect.stage is not Stage.FOLLOW_UP and case.stage is Stage.FOLLOW_UP:
        case.advance(effect.stage, actor=scene.actor, now=now, why="reported")


def _keep_promise(
    session: Session,
    scene: Scene,
    outcome: Outcome,
    payload: OutcomePayload,
    *,
    vault: Vault,
    now: datetime,
) -> None:
    given = payload.promise
    if given is None:
        return
    promise = Promise(
        branch_id=scene.case.branch_id,
        case_id=scene.case.id,
        person_id=scene.person.id,
        outcome_id=outcome.id,
        currency=given.currency,
        due_on=given.due_on,
        grace_days=GRACE_DAYS,
        state=PromiseState.RECORDED if given.is_read_back else PromiseState.PROPOSED,
        recorded_at=now,
    )
    vault.write(scene.person, promise, "amount", given.amount)
    session.add(promise)
    session.flush()
    record(promise, f"promise.{promise.state}", actor=scene.actor, now=now, due_on=promise.due_on)


def _keep_agreement(
    session: Session,
    scene: Scene,
    outcome: Outcome,
    payload: OutcomePayload,
    *,
    vault: Vault,
    now: datetime,
) -> None:
    if payload.code is not OutcomeCode.PLAN_SIGNED:
        return
    kinds = {hold.kind for hold in holds_of(session, scene.person.id)}
    if HoldKind.DISTRESS in kinds or Flag.DISTRESS in payload.flags:
        # What a person in distress signs binds nobody; visits stop all the same.
        open_incident(
            session,
            visit=scene.visit,
            kind="agreement-under-distress",
            source_id=outcome.id,
            actor=scene.actor,
            now=now,
        )
        return
    given = payload.agreement
    agreement = Agreement(
        branch_id=scene.case.branch_id,
        case_id=scene.case.id,
        person_id=scene.person.id,
        outcome_id=outcome.id,
        option=given.option if given else "as_signed",
        currency=given.currency if given else scene.case.currency,
        drafted_at=now,
        cooling_off_until=min(outcome.occurred_at, now) + COOLING_OFF,
        copy_sent_at=min(outcome.occurred_at, now) if Flag.COPY_LEFT in payload.flags else None,
    )
    vault.write(scene.person, agreement, "terms", given.terms if given else None)
    session.add(agreement)
    session.flush()
    if given is not None and not given.is_read_back:
        return  # a draft until somebody has read it back to the person
    for state in (AgreementState.READ_BACK, AgreementState.SIGNED):
        agreement.move_to(state, actor=scene.actor, now=now)


def _keep_complaint(
    session: Session,
    scene: Scene,
    outcome: Outcome,
    payload: OutcomePayload,
    *,
    vault: Vault,
    now: datetime,
) -> None:
    if payload.code is not OutcomeCode.COMPLAINT:
        return
    open_complaint(
        session,
        vault=vault,
        case=scene.case,
        person=scene.person,
        words=payload.words,
        source="visit",
        law=scene.law,
        received_at=min(outcome.occurred_at, now),
        actor=scene.actor,
        now=now,
        visit_id=scene.visit.id,
        about_agent_id=scene.agent.id,
    )


def _owe_care(
    session: Session, scene: Scene, outcome: Outcome, payload: OutcomePayload, *, now: datetime
) -> None:
    """Somebody trained for it calls a person whose distress or need came to light at the door."""
    seen = {payload.code.lower(), *map(str, payload.flags)}
    reason = next((one for one in CareReason if one in seen), None)
    if reason is None or scene.person.data_key is None:
        return
    open_care_call(
        session,
        case=scene.case,
        reason=reason,
        source_id=outcome.id,
        law=scene.law,
        at=min(outcome.occurred_at, now),
        actor=scene.actor,
        now=now,
    )
