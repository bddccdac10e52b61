"""Cases into the database: people, places, contact points, cases and assessments in bulk."""

from collections.abc import Iterable, Sequence
from datetime import time
from typing import Any
from uuid import UUID

from sqlmodel import Session

from dispatch.clock import local_instant
from dispatch.ids import new_id
from dispatch.intake.case_row import AMOUNTS, CaseRow
from dispatch.intake.context import ImportContext
from dispatch.intake.kind import Action, Verdict
from dispatch.intake.persons import Persons
from dispatch.intake.trace import acts
from dispatch.model import Ability, ArrearsReason, Assessment, Case, Evidence, Stage, Willingness
from dispatch.store.bulk import insert_rows
from dispatch.store.cases import latest_assessments
from dispatch.store.relief import open_of
from dispatch.store.rows import get_many

ASSESSED_BY = "lender"
"""Who assessed, where a file says it."""


def store(session: Session, context: ImportContext, verdicts: Sequence[Verdict[CaseRow]]) -> None:
    """Write the new and changed cases of a chunk, and protect who turned out to be a minor."""
    taken = [one for one in verdicts if one.action in {Action.CREATED, Action.UPDATED}]
    persons = Persons.of(session, context, [one.value for one in verdicts])
    persons.protect([one.value for one in verdicts if one.value.is_adult is False])
    persons.store([one.value for one in taken])
    entries = _store_new(session, context, persons, taken)
    entries += _store_changed(session, context, persons, taken)
    insert_rows(session, Evidence, [*entries, *persons.entries])


def _store_new(
    session: Session,
    context: ImportContext,
    persons: Persons,
    taken: Iterable[Verdict[CaseRow]],
) -> list[dict[str, Any]]:
    cases, assessments, entries = [], [], []
    for one in taken:
        if one.action is not Action.CREATED:
            continue
        value, case_id = one.value, new_id()
        person = persons.known[value.person_index]
        content = _content(value)
        content["amounts_sealed"] = context.seal(
            person.data_key, "loan_case", case_id, "amounts", _amounts(value)
        )
        cases.append(
            {
                **content,
                "id": case_id,
                "branch_id": context.branch.id,
                "lender_id": value.lender_id,
                "person_id": person.id,
                "place_id": persons.place_of(value),
                "number": value.number,
                "received_at": context.now,
            }
        )
        if _says_anything(value):
            assessments.append(_assessment(value, case_id, person.id, context))
        entries.append(
            acts(context, "loan_case.imported", "loan_case", case_id, row=one.row)
            | {"case_id": case_id, "person_id": person.id}
        )
    insert_rows(session, Case, cases)
    insert_rows(session, Assessment, assessments)
    return entries


def _store_changed(
    session: Session,
    context: ImportContext,
    persons: Persons,
    taken: Iterable[Verdict[CaseRow]],
) -> list[dict[str, Any]]:
    changed = {one.found.id: one for one in taken if one.action is Action.UPDATED}
    if not changed:
        return []
    cases = get_many(session, Case, set(changed))
    latest = latest_assessments(session, set(changed))
    assessments, entries = [], []
    for case_id, one in changed.items():
        case, value = cases[case_id], one.value
        names = _apply(case, value, persons, context)
        newest = latest.get(case_id)
        if _says_anything(value) and not _is_same(newest, value, context):
            assessments.append(_assessment(value, case_id, case.person_id, context))
            names.append("assessment")
        entries.append(
            acts(context, "loan_case.updated", "loan_case", case_id, row=one.row, changed=names)
            | {"case_id": case_id, "person_id": case.person_id}
        )
    session.flush()
    insert_rows(session, Assessment, assessments)
    return entries


def _apply(case: Case, value: CaseRow, persons: Persons, context: ImportContext) -> list[str]:
    person = persons.row_of(value)
    content = _content(value)
    names = [
        name
        for name, given in content.items()
        if name != "source_row" and getattr(case, name) != given
    ]
    for name, given in content.items():
        setattr(case, name, given)
    if context.vault.read(person, case, "amounts") != _amounts(value):
        context.vault.write(person, case, "amounts", _amounts(value))
        names.append("amounts")
        if case.stage in {Stage.CURED, Stage.SETTLED} and open_of(_amounts(value)):
            case.advance(Stage.INTAKE, actor=context.actor, now=context.now, why="owed again")
    place_id = persons.place_of(value)
    # Where the person chose the place, a file does not send anyone elsewhere.
    if case.place_id != place_id and case.place_id not in persons.chosen:
        case.place_id = place_id
        names.append("place")
    case.version += 1
    return [*names, *persons.changed.get(value.person_index, ())]


def _content(value: CaseRow) -> dict[str, Any]:
    """Return the columns that the row fills; an empty cell takes nothing away."""
    told = {
        "product": value.product,
        "currency": value.currency,
        "oldest_unpaid_due_on": value.oldest_unpaid_due_on,
        "service_minutes": value.service_minutes,
        "value": value.value,
        "preferred_times": value.preferred_times,
        "source_row": value.fingerprint,
    }
    return {name: given for name, given in told.items() if given is not None}


def _amounts(value: CaseRow) -> dict[str, int]:
    return dict(zip(AMOUNTS, value.amounts, strict=True))


def _says_anything(value: CaseRow) -> bool:
    return bool(value.ability or value.willingness or value.reason)


def _assessment(
    value: CaseRow, case_id: UUID, person_id: UUID, context: ImportContext
) -> dict[str, Any]:
    at = context.now
    if value.assessed_on is not None:
        at = local_instant(context.branch.time_zone, value.assessed_on, time.min)
    return {
        "branch_id": context.branch.id,
        "case_id": case_id,
        "person_id": person_id,
        "reason": value.reason or ArrearsReason.UNKNOWN,
        "ability": value.ability or Ability.UNKNOWN,
        "willingness": value.willingness or Willingness.NOT_DISCUSSED,
        "assessed_by": ASSESSED_BY,
        "assessed_at": at,
    }


def _is_same(newest: Assessment | None, value: CaseRow, context: ImportContext) -> bool:
    """Whether the newest assessment already says it, or is newer than what the file says."""
    if newest is None:
        return False
    told = _assessment(value, newest.case_id, newest.person_id, context)
    says = ("reason", "ability", "willingness")
    is_equal = all(getattr(newest, name) == told[name] for name in says)
    if value.assessed_on is None:
        return is_equal
    return newest.assessed_at > told["assessed_at"] or (
        is_equal and newest.assessed_at == told["assessed_at"]
    )
