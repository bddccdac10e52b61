"""Agent files: who visits, and what each is certified, trained and authorised for, until when."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session

from dispatch.intake.agent_row import COLUMNS, AgentRow, build
from dispatch.intake.context import ImportContext
from dispatch.intake.kind import Action, FileKind, Memory, Verdict
from dispatch.intake.trace import acts
from dispatch.model import Agent, AgentState, Evidence, Qualification, QualificationKind
from dispatch.store.agents import agents_by_number, qualifications_of
from dispatch.store.bulk import insert_rows
from dispatch.store.scope import Scope

_S = AgentState
_STEPS: Final = (_S.APPLIED, _S.CHECKED, _S.TRAINED, _S.CERTIFIED, _S.AUTHORISED, _S.ACTIVE)
_PLAIN: Final = ("name", "email", "gender", "languages", "skills")


def weigh(
    session: Session,
    context: ImportContext,
    rows: Sequence[Verdict[AgentRow]],
    _memory: Memory,
) -> list[Verdict[AgentRow]]:
    """Say of each row whether its agent is new, changed or the same."""
    branch_id = context.branch.id
    agents = agents_by_number(
        session, Scope.of([branch_id]), branch_id, {row.value.number for row in rows}
    )
    held = qualifications_of(session, {agent.id for agent in agents.values()})
    return [_verdict(row, agents.get(row.value.number), held, context) for row in rows]


def store(session: Session, context: ImportContext, verdicts: Sequence[Verdict[AgentRow]]) -> None:
    """Write new and changed agents and what they hold, and let them rise to what it permits."""
    taken = [one for one in verdicts if one.action in {Action.CREATED, Action.UPDATED}]
    agents: list[tuple[Agent, AgentRow]] = []
    entries = []
    for one in taken:
        agent: Agent = one.found or Agent(
            branch_id=context.branch.id, number=one.value.number, name=one.value.name
        )
        _apply(agent, one.value, context)
        session.add(agent)
        agents.append((agent, one.value))
        word = "imported" if one.action is Action.CREATED else "updated"
        entries.append(acts(context, f"agent.{word}", "agent", agent.id, row=one.row))
    session.flush()
    insert_rows(session, Evidence, entries)
    held = qualifications_of(session, {agent.id for agent, _ in agents})
    for agent, value in agents:
        kept = held.get(agent.id, [])
        for kind, lender_id, until in value.held:
            kept = _hold(session, agent, kept, kind, lender_id, until, context)
        _rise(agent, kept, context)
    session.flush()


def _verdict(
    row: Verdict[AgentRow],
    agent: Agent | None,
    held: Mapping[UUID, list[Qualification]],
    context: ImportContext,
) -> Verdict[AgentRow]:
    if agent is None:
        return row
    value, vault = row.value, context.vault
    on_record = {(one.kind, one.lender_id, one.valid_until) for one in held.get(agent.id, [])}
    is_same = (
        all(getattr(agent, name) == given for name, given in _given(value).items())
        and set(value.held) <= on_record
        and value.phone in {None, vault.read(context.branch, agent, "phone")}
        and (value.home is None or list(value.home) == vault.read(context.branch, agent, "home"))
    )
    return row.known(agent, is_same=is_same)


def _given(value: AgentRow) -> dict[str, Any]:
    """Return the columns that the row fills; an empty cell takes nothing away."""
    told = {name: getattr(value, name) for name in _PLAIN}
    return {
        name: list(given) if isinstance(given, tuple) else given
        for name, given in told.items()
        if given
    }


def _apply(agent: Agent, value: AgentRow, context: ImportContext) -> None:
    for name, given in _given(value).items():
        setattr(agent, name, given)
    if value.phone:
        context.vault.write(context.branch, agent, "phone", value.phone)
    if value.home:
        context.vault.write(context.branch, agent, "home", list(value.home))


def _hold(
    session: Session,
    agent: Agent,
    kept: list[Qualification],
    kind: QualificationKind,
    lender_id: UUID | None,
    until: Any,
    context: ImportContext,
) -> list[Qualification]:
    for one in kept:
        if (one.kind, one.lender_id) == (kind, lender_id):
            one.valid_until = until
            one.valid_from = min(one.valid_from, until)
            return kept
    new = Qualification(
        agent_id=agent.id,
        kind=kind,
        lender_id=lender_id,
        valid_from=min(context.today, until),
        valid_until=until,
    )
    session.add(new)
    return [*kept, new]


def _rise(agent: Agent, kept: Sequence[Qualification], context: ImportContext) -> None:
    """Let the agent rise as far as what they hold today permits; a file never lowers anyone.

    Who was suspended or revoked stays so: that decision was a person's.
    """
    valid = {one.kind for one in kept if one.valid_until >= context.today}
    reached = _S.CHECKED  # the employer who sends the file knows its own people
    for kind, state in (
        (QualificationKind.TRAINING, _S.TRAINED),
        (QualificationKind.CERTIFICATE, _S.CERTIFIED),
        (QualificationKind.AUTHORISATION, _S.ACTIVE),
    ):
        if kind not in valid:
            break
        reached = state
    if agent.state is _S.EXPIRED and reached in {_S.CERTIFIED, _S.ACTIVE}:
        agent.advance(_S.CERTIFIED, actor=context.actor, now=context.now)
    if agent.state not in _STEPS:
        return
    for step in _STEPS[_STEPS.index(agent.state) + 1 : _STEPS.index(reached) + 1]:
        agent.advance(step, actor=context.actor, now=context.now)


def _key(value: AgentRow) -> Hashable:
    return value.number


KIND: Final = FileKind(
    columns=COLUMNS, key_column="employee_number", build=build, key=_key, weigh=weigh, store=store
)
