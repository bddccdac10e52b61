"""Sweep cases through the stages before a visit, by the branch's playbook: audit, remote contact, eligible.

Nothing here decides on a visit: a case that meets the conditions of pack and playbook becomes
*eligible*, and waits for a human.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Final

from sqlmodel import Session

from dispatch.aside import sifted
from dispatch.clock import local_date
from dispatch.eligibility.data_audit import HOLDS_FOR, data_issues, is_due
from dispatch.eligibility.stage_gates import Learnt, counted, shut, too_early
from dispatch.model import Branch, Case, Person, Place, Stage
from dispatch.policy.facts import VisitFacts
from dispatch.policy.pack import Pack
from dispatch.policy.playbook import load_playbook
from dispatch.policy.rules import Day, Finding
from dispatch.policy.rules.eligibility import ABILITY, OVERDUE, REMOTE_FIRST
from dispatch.policy.rules.facts_known import ADULT, FACTS_KNOWN
from dispatch.policy.rules.place import PLACE
from dispatch.store import case_stages
from dispatch.store.days import calendar_of
from dispatch.store.facts import case_facts
from dispatch.store.incidents import open_alert
from dispatch.store.rows import get_many

CONDITIONS: Final = (FACTS_KNOWN, ADULT, PLACE, OVERDUE, REMOTE_FIRST, ABILITY)
"""What the pack asks before a visit may even be considered."""

_SWEPT: Final = (Stage.INTAKE, Stage.AUDITED, Stage.REMOTE, Stage.ELIGIBLE)
_PAGE: Final = 500


def sweep_cases(
    session: Session, *, branch: Branch, law: Pack, actor: str, now: datetime, most: int = 20_000
) -> Mapping[str, int]:
    """Move each case of a branch as far as its facts permit; return how many became what."""
    moved: Counter[str] = Counter()
    after, seen = None, 0
    while seen < most:
        cases = case_stages.cases_in(session, branch.id, _SWEPT, after=after, limit=_PAGE)
        if not cases:
            break
        after, seen = cases[-1].id, seen + len(cases)
        _audit(session, cases, actor=actor, now=now, moved=moved)
        _judge(session, cases, branch=branch, law=law, actor=actor, now=now, moved=moved)
        session.flush()
    return moved


def findings(
    session: Session, cases: list[Case], *, branch: Branch, law: Pack, now: datetime
) -> dict[str, tuple[Finding, ...]]:
    """Return what keeps each case from its next stage on the way to a visit, by its reference.

    The stricter of pack and playbook binds; what the playbook alone asks comes last.
    """
    playbook = load_playbook(branch.playbook)
    return {
        case.reference: (
            *found,
            *too_early(case, playbook, branch=branch, now=now),
        )
        for case, found in _conditions(session, cases, branch=branch, law=law, now=now)
    }


def _conditions(
    session: Session, cases: Sequence[Case], *, branch: Branch, law: Pack, now: datetime
) -> Iterator[tuple[Case, tuple[Finding, ...]]]:
    """Yield what stands against considering a visit, whatever time a case has spent in its stage."""
    on = local_date(branch.time_zone, now)
    playbook = load_playbook(branch.playbook)
    law = playbook.bound(law)
    day = Day(on=on, now=now, calendar=calendar_of(session, branch, from_on=on, to_on=on))
    for case, learnt in _learnt(session, cases, branch, on):
        found = _findings(counted(learnt.facts, playbook), law, day)
        yield case, (*found, *shut(learnt, playbook))


def _learnt(
    session: Session, cases: Sequence[Case], branch: Branch, on: date
) -> Iterator[tuple[Case, Learnt]]:
    known = case_facts(session, cases, branch, on=on)
    reasons = case_stages.arrears_reasons(session, {case.id for case in cases})
    people = get_many(session, Person, {case.person_id for case in cases})
    for case in cases:
        yield (
            case,
            Learnt(
                facts=known[case.id],
                reason=reasons.get(case.id),
                has_birth_year=people[case.person_id].birth_year_sealed is not None,
            ),
        )


def _findings(facts: VisitFacts, law: Pack, day: Day) -> tuple[Finding, ...]:
    return tuple(
        found for rule in CONDITIONS if (found := rule.check(facts, law, day)) is not None
    )


def _audit(
    session: Session, cases: list[Case], *, actor: str, now: datetime, moved: Counter[str]
) -> None:
    """Check the data of new cases, and again where the last check has run out."""
    due = [case for case in cases if case.stage is Stage.INTAKE or is_due(case, now)]
    places = get_many(session, Place, {case.place_id for case in due if case.place_id})
    reachable = case_stages.reachable(session, {case.person_id for case in due})
    for case in due:
        place = places.get(case.place_id) if case.place_id else None
        if data_issues(case, place, reachable=reachable):
            continue
        case.data_audited_until = now + HOLDS_FOR
        if case.stage is Stage.INTAKE:
            case.advance(Stage.AUDITED, actor=actor, now=now)
            moved[Stage.AUDITED] += 1


def _judge(
    session: Session,
    cases: list[Case],
    *,
    branch: Branch,
    law: Pack,
    actor: str,
    now: datetime,
    moved: Counter[str],
) -> None:
    """Begin remote contact for audited cases; say which have come as far as a decision."""
    fresh = [case for case in cases if case.stage is Stage.AUDITED]
    # What the lender tried before it handed the case over is remote contact, too.
    began = case_stages.first_remote_attempts(session, {case.id for case in fresh})
    for case in fresh:
        case.advance(Stage.REMOTE, actor=actor, now=now, since=began.get(case.id))
        moved[Stage.REMOTE] += 1
    judged = [case for case in cases if case.stage in {Stage.REMOTE, Stage.ELIGIBLE}]
    playbook = load_playbook(branch.playbook)
    conditions, bad = sifted(
        judged,
        lambda some: {
            case.id: found
            for case, found in _conditions(session, some, branch=branch, law=law, now=now)
        },
    )
    for case, error in bad:  # it stays where it is until somebody has mended it
        open_alert(
            session,
            branch_id=branch.id,
            case_id=case.id,
            kind="row-set-aside",
            source_id=case.id,
            actor=actor,
            now=now,
            facts={"error": type(error).__name__},
        )
    for case in judged:
        found = conditions.get(case.id)
        if found is None:
            continue
        if (
            case.stage is Stage.REMOTE
        ):  # what has become eligible stays so, for the time a decision takes
            found = (*found, *too_early(case, playbook, branch=branch, now=now))
        target = Stage.REMOTE if found else Stage.ELIGIBLE
        if case.stage is not target:
            why = found[0].code if found else None
            case.advance(target, actor=actor, now=now, why=why)
            moved[target] += 1
