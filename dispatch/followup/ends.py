"""Ends: a case of which nothing is open any more is over, and nobody calls on it again."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlmodel import Session

from dispatch.model import Branch, Case, Person, Stage
from dispatch.model.case import ENDED
from dispatch.store import case_stages, paid
from dispatch.store.relief import open_of
from dispatch.store.rows import get_many
from dispatch.vault import Vault

ACTOR: Final = "duty:ends"
_OPEN: Final = frozenset(Stage) - ENDED
_PAGE: Final = 500


def end_cases(
    session: Session, *, vault: Vault, branch: Branch, now: datetime, limit: int = 50_000
) -> Mapping[str, int]:
    """End the cases of a branch of which nothing is open; return how many became what.

    Open is what the lender's newest file says, less what came in since. A case that an agreement brought
    there is *settled*, any other *cured*; both begin anew if the lender tells of new arrears. One with
    a visit still to come waits until that is withdrawn, which the rules see to.
    """
    moved: Counter[str] = Counter()
    after, seen = None, 0
    while seen < limit:
        cases = case_stages.cases_in(session, branch.id, _OPEN, after=after, limit=_PAGE)
        if not cases:
            break
        after, seen = cases[-1].id, seen + len(cases)
        for case in _over(session, vault, cases):
            is_settled = paid.has_kept_agreement(session, case.id)
            end = Stage.SETTLED if is_settled else Stage.CURED
            case.advance(end, actor=ACTOR, now=now, why="nothing is open")
            session.add(case)
            moved[end] += 1
        session.flush()
    return moved


def _over(session: Session, vault: Vault, cases: Sequence[Case]) -> Iterator[Case]:
    busy = case_stages.people_with_open_visits(session, {one.person_id for one in cases})
    people = get_many(session, Person, {one.person_id for one in cases})
    payments = paid.payments_of(session, cases)
    for case in cases:
        person = people[case.person_id]
        if case.person_id in busy or person.data_key is None:
            continue
        amounts = vault.read(person, case, "amounts")
        came_in = (vault.read(person, one, "amount") for one in payments.get(case.id, ()))
        # What nobody knows is not over.
        if amounts and open_of(amounts) <= sum(int(one or 0) for one in came_in):
            yield case
