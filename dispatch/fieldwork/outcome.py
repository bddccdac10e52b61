"""Record an outcome: a fact, stored once under the device's id whatever the visit's state."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlmodel import Session

from dispatch.errors import NotFound
from dispatch.fieldwork.amend import apply_amendment
from dispatch.fieldwork.consequences import apply_report
from dispatch.fieldwork.device import note_entry
from dispatch.fieldwork.payloads import OutcomePayload, Replay, hash_of, seal_raw
from dispatch.fieldwork.reported_holds import hold_for, rules_of
from dispatch.fieldwork.reported_risks import flag_risks
from dispatch.fieldwork.scene import Scene, note_oddities, oddities, scene_of
from dispatch.model import Account, Device, Outcome, OutcomeVariant, ReportRole, record
from dispatch.store.incidents import open_incident
from dispatch.store.outcomes import insert_once, reports_of
from dispatch.store.rows import find, get_any
from dispatch.vault import Vault


def record_outcome(
    session: Session,
    *,
    vault: Vault,
    outcome_id: UUID,
    raw: bytes,
    payload: OutcomePayload,
    account: Account,
    device: Device | None = None,
    now: datetime,
    pack_folder: Path | None = None,
    base_url: str | None = None,
) -> tuple[Outcome, Replay]:
    """Store what came of a visit, and let it take effect where the state permits.

    Parameters
    ----------
    outcome_id
        The device's own: the natural key of the fact for ever.
    raw
        The bytes as they came: the same again is a replay, others under the same id are kept
        beside and change nothing.
    pack_folder, base_url
        Where the house's own packs lie, and where links in messages lead (None: none is written).

    Returns
    -------
    tuple[Outcome, Replay]
        The stored row; whether it is new, was there with the same bytes, or with others.

    Raises
    ------
    NotFound
        If the visit was never on an itinerary of the account's agent, or the id is another's.
    Invalid
        If the payload can't be right in itself.
    """
    scene = scene_of(session, visit_id=payload.visit_id, account=account, pack_folder=pack_folder)
    raw_hash = hash_of(raw)
    found = find(session, Outcome, outcome_id)
    if found is None:
        payload.check()
        outcome = _row(scene, outcome_id, payload, raw_hash, device=device, now=now)
        outcome.is_incident = bool(_odd(scene, outcome, device, now))
        _seal(vault, scene, outcome, payload, raw)
        if insert_once(session, outcome):
            stored = get_any(session, Outcome, outcome_id)
            _take_effect(
                session,
                scene,
                stored,
                payload,
                vault=vault,
                device=device,
                base_url=base_url,
                now=now,
            )
            note_entry(session, device, sequence=payload.sequence, raw_hash=raw_hash)
            session.flush()
            return stored, Replay.CREATED
        found = get_any(session, Outcome, outcome_id)
    return _again(session, scene, found, raw, raw_hash, vault=vault, now=now)


def _again(
    session: Session,
    scene: Scene,
    found: Outcome,
    raw: bytes,
    raw_hash: str,
    *,
    vault: Vault,
    now: datetime,
) -> tuple[Outcome, Replay]:
    is_own = found.account_id == scene.account.id
    if is_own and found.raw_hash == raw_hash:
        return found, Replay.SAME
    if not is_own and found.visit_id != scene.visit.id:
        msg = "There is no such outcome of yours."
        raise NotFound(msg)
    variant = OutcomeVariant(
        outcome_id=found.id,
        branch_id=found.branch_id,
        account_id=scene.account.id,
        raw_hash=raw_hash,
        received_at=now,
    )
    seal_raw(vault, scene.person, variant, raw)
    if insert_once(session, variant):
        open_incident(
            session,
            visit=scene.visit,
            kind="outcome-differs",
            source_id=variant.id,
            actor=scene.actor,
            now=now,
            facts={"outcome": str(found.id), "hash": raw_hash},
        )
    return found, Replay.DIFFERS


def _row(
    scene: Scene,
    outcome_id: UUID,
    payload: OutcomePayload,
    raw_hash: str,
    *,
    device: Device | None,
    now: datetime,
) -> Outcome:
    visit = scene.visit
    return Outcome(
        id=outcome_id,
        branch_id=visit.branch_id,
        case_id=visit.case_id,
        person_id=visit.person_id,
        visit_id=visit.id,
        agent_id=scene.agent.id,
        account_id=scene.account.id,
        role=payload.role,
        code=payload.code,
        flags=[str(flag) for flag in payload.flags],
        attitude=payload.attitude,
        willingness=payload.willingness,
        ability=payload.ability,
        raw_hash=raw_hash,
        occurred_at=payload.occurred_at,
        received_at=now,
        device_id=device.id if device else None,
        sequence=payload.sequence,
        previous_hash=payload.previous_hash,
    )


def _seal(
    vault: Vault, scene: Scene, outcome: Outcome, payload: OutcomePayload, raw: bytes
) -> None:
    seal_raw(vault, scene.person, outcome, raw)
    if scene.person.data_key is not None:
        vault.write(scene.person, outcome, "words", payload.words)


def _odd(scene: Scene, outcome: Outcome, device: Device | None, now: datetime) -> list[str]:
    return oddities(scene, occurred_at=outcome.occurred_at, device=device, now=now)


def _take_effect(
    session: Session,
    scene: Scene,
    outcome: Outcome,
    payload: OutcomePayload,
    *,
    vault: Vault,
    device: Device | None,
    base_url: str | None,
    now: datetime,
) -> None:
    record(
        outcome,
        "outcome.recorded",
        actor=scene.actor,
        now=now,
        code=outcome.code,
        role=outcome.role,
        visit=scene.visit.id,
        occurred_at=outcome.occurred_at,
        hash=outcome.raw_hash,
        device=outcome.device_id,
        device_sequence=outcome.sequence,
        device_previous=outcome.previous_hash,
    )
    note_oddities(session, scene, _odd(scene, outcome, device, now), source_id=outcome.id, now=now)
    flag_risks(session, scene, outcome, payload, now=now)
    earlier = [one for one in reports_of(session, scene.visit.id) if one.id != outcome.id]
    if payload.role is ReportRole.WITNESS:
        return  # a witness adds, and decides nothing
    if payload.amends_id is not None:
        _amend(session, scene, outcome, payload, earlier, vault=vault, base_url=base_url, now=now)
    elif earlier:
        _second(session, scene, outcome, payload, earlier[-1], now=now)
    else:
        _first(session, scene, outcome, payload, vault=vault, base_url=base_url, now=now)


def _first(
    session: Session,
    scene: Scene,
    outcome: Outcome,
    payload: OutcomePayload,
    *,
    vault: Vault,
    base_url: str | None,
    now: datetime,
) -> None:
    before = scene.visit.state
    if not apply_report(
        session,
        scene=scene,
        outcome=outcome,
        payload=payload,
        vault=vault,
        base_url=base_url,
        now=now,
    ):
        _flag(session, scene, outcome, "outcome-against-state", now=now, state=str(before))


def _amend(
    session: Session,
    scene: Scene,
    outcome: Outcome,
    payload: OutcomePayload,
    earlier: list[Outcome],
    *,
    vault: Vault,
    base_url: str | None,
    now: datetime,
) -> None:
    if not any(one.id == payload.amends_id for one in earlier):
        # What it corrects has not come (yet): kept as it is, for a person to look at.
        _flag(session, scene, outcome, "amends-unknown", now=now, amends=str(payload.amends_id))
        if earlier:
            _second(session, scene, outcome, payload, earlier[-1], now=now)
        else:
            _first(session, scene, outcome, payload, vault=vault, base_url=base_url, now=now)
        return
    outcome.amends_id = payload.amends_id
    session.add(outcome)
    apply_amendment(
        session,
        scene=scene,
        outcome=outcome,
        payload=payload,
        earlier=earlier,
        vault=vault,
        now=now,
    )


def _second(
    session: Session,
    scene: Scene,
    outcome: Outcome,
    payload: OutcomePayload,
    report: Outcome,
    *,
    now: datetime,
) -> None:
    """Of two reports the first is the report; the other adds, and may only protect."""
    outcome.role = ReportRole.WITNESS
    session.add(outcome)
    if outcome.code is report.code:
        return
    _flag(session, scene, outcome, "reports-differ", now=now, report=str(report.code))
    hold_for(session, scene, outcome, payload, rules_of(payload), now=now)


def _flag(
    session: Session, scene: Scene, outcome: Outcome, kind: str, *, now: datetime, **facts: str
) -> None:
    outcome.is_incident = True
    session.add(outcome)
    open_incident(
        session,
        visit=scene.visit,
        kind=kind,
        source_id=outcome.id,
        actor=scene.actor,
        now=now,
        facts={"code": str(outcome.code), **facts},
    )
