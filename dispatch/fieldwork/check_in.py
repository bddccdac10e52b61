"""Check in: one step at the door, stored whatever the state; nearness is a signal, never a guard."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

from sqlmodel import Session

from dispatch.area import great_circle_m
from dispatch.errors import NotFound
from dispatch.fieldwork.device import note_entry
from dispatch.fieldwork.payloads import CheckInPayload, Replay, hash_of, seal_raw
from dispatch.fieldwork.punctuality import off_time
from dispatch.fieldwork.scene import Scene, note_oddities, oddities, scene_of
from dispatch.fieldwork.steps import TARGETS, step_to
from dispatch.model import Account, CheckIn, CheckInKind, Device, RunReason, record
from dispatch.store.appointments import queue_refill, standing_of
from dispatch.store.incidents import open_incident
from dispatch.store.outcomes import check_ins_of, insert_once
from dispatch.store.rows import find, get_any
from dispatch.vault import Vault

NEAR_M: Final = 200
"""Metres from the place within which a check-in counts as near, beside the phone's own accuracy."""

LEAVE_WITHIN: Final = timedelta(minutes=5)
"""How long a crew may take to be gone once it was asked to leave."""


def record_check_in(
    session: Session,
    *,
    vault: Vault,
    check_in_id: UUID,
    raw: bytes,
    payload: CheckInPayload,
    account: Account,
    device: Device | None = None,
    now: datetime,
) -> tuple[CheckIn, Replay]:
    """Store a step at the door and move the visit where its table permits.

    The same bytes again are a replay. Other bytes under the same id are kept as a row of their own
    that moves nothing, and open an incident.

    Raises
    ------
    NotFound
        If the visit was never on an itinerary of the account's agent, or the id is another's.
    """
    scene = scene_of(session, visit_id=payload.visit_id, account=account)
    raw_hash = hash_of(raw)
    found = find(session, CheckIn, check_in_id)
    if found is None:
        row = _row(vault, scene, check_in_id, payload, raw, device=device, now=now)
        odd = oddities(scene, occurred_at=payload.occurred_at, device=device, now=now)
        row.is_incident = bool(odd)
        if insert_once(session, row):
            stored = get_any(session, CheckIn, check_in_id)
            note_oddities(session, scene, odd, source_id=stored.id, now=now)
            _take_effect(session, scene, stored, payload, now=now)
            note_entry(session, device, sequence=payload.sequence, raw_hash=raw_hash)
            session.flush()
            return stored, Replay.CREATED
        found = get_any(session, CheckIn, check_in_id)
    if found.account_id == scene.account.id and found.raw_hash == raw_hash:
        return found, Replay.SAME
    if found.account_id != scene.account.id and found.visit_id != scene.visit.id:
        msg = "There is no such check-in of yours."
        raise NotFound(msg)
    # The other bytes get an id made of both, so that they too are kept once.
    other = _row(vault, scene, uuid5(check_in_id, raw_hash), payload, raw, device=device, now=now)
    other.is_incident = True
    if insert_once(session, other):
        _flag(session, scene, get_any(session, CheckIn, other.id), "check-in-differs", now=now)
    return found, Replay.DIFFERS


def _row(
    vault: Vault,
    scene: Scene,
    row_id: UUID,
    payload: CheckInPayload,
    raw: bytes,
    *,
    device: Device | None,
    now: datetime,
) -> CheckIn:
    visit = scene.visit
    distance_m = _distance_m(vault, scene, payload)
    row = CheckIn(
        id=row_id,
        branch_id=visit.branch_id,
        visit_id=visit.id,
        case_id=visit.case_id,
        person_id=visit.person_id,
        agent_id=scene.agent.id,
        account_id=scene.account.id,
        kind=payload.kind,
        occurred_at=payload.occurred_at,
        received_at=now,
        device_id=device.id if device else None,
        sequence=payload.sequence,
        raw_hash=hash_of(raw),
        distance_m=distance_m,
        accuracy_m=payload.accuracy_m,
        late_minutes=payload.late_minutes if payload.kind is CheckInKind.EN_ROUTE else None,
        is_near=None
        if distance_m is None
        else distance_m <= NEAR_M + min(payload.accuracy_m or 0, NEAR_M),
    )
    seal_raw(vault, scene.person, row, raw)
    return row


def _distance_m(vault: Vault, scene: Scene, payload: CheckInPayload) -> int | None:
    point = vault.read(scene.person, scene.place, "point")
    if point is None or payload.lat is None or payload.lon is None:
        return None
    return great_circle_m((point[0], point[1]), (payload.lat, payload.lon))


def _take_effect(
    session: Session, scene: Scene, row: CheckIn, payload: CheckInPayload, *, now: datetime
) -> None:
    record(
        row,
        f"check_in.{row.kind}",
        actor=scene.actor,
        now=now,
        visit=scene.visit.id,
        occurred_at=row.occurred_at,
        is_near=row.is_near,
        hash=row.raw_hash,
        device=row.device_id,
        device_sequence=row.sequence,
        device_previous=payload.previous_hash,
    )
    if row.kind is CheckInKind.DURESS:
        _flag(session, scene, row, "duress", now=now, is_urgent=True)
    if row.late_minutes is not None and scene.visit.service_date is not None:
        scene.visit.version += 1  # a repair at work rests on what was known before
        queue_refill(
            session,
            scene.visit.branch_id,
            scene.visit.service_date,
            reason=RunReason.DELAY,
            actor=scene.actor,
            now=now,
        )
    target = TARGETS.get(row.kind)
    if target is None:
        return
    before = scene.visit.state
    if not step_to(scene.visit, target, actor=scene.actor, now=now):
        _flag(session, scene, row, "check-in-against-state", now=now, state=str(before))
        return
    _note_times(session, scene, row, now=now)
    session.add(scene.visit)


def _note_times(session: Session, scene: Scene, row: CheckIn, *, now: datetime) -> None:
    """Keep the visit's first arrival and last leaving, by when they happened."""
    visit, at = scene.visit, row.occurred_at
    if row.kind is CheckInKind.ARRIVED:
        visit.arrived_at = min(at, visit.arrived_at or at)
        missed = off_time(standing_of(session, visit.id), at)
        if missed is not None:
            _flag(session, scene, row, missed[0], now=now, seconds=missed[1])
    if row.kind is not CheckInKind.LEFT:
        return
    visit.left_at = max(at, visit.left_at or at)
    asked_at = min(
        (
            one.occurred_at
            for one in check_ins_of(session, [visit.id]).get(visit.id, [])
            if one.kind is CheckInKind.ASKED_TO_LEAVE
        ),
        default=None,
    )
    if asked_at is not None and at - asked_at > LEAVE_WITHIN:
        seconds = int((at - asked_at).total_seconds())
        _flag(session, scene, row, "slow-to-leave", now=now, seconds=seconds)


def _flag(
    session: Session, scene: Scene, row: CheckIn, kind: str, *, now: datetime, **facts: object
) -> None:
    row.is_incident = True
    session.add(row)
    open_incident(
        session,
        visit=scene.visit,
        kind=kind,
        source_id=row.id,
        actor=scene.actor,
        now=now,
        facts={"check_in": str(row.kind), **facts},
    )
