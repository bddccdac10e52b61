"""What the person is shown of the rules: which bind the visit, what changed, what was loosened."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from dispatch.clock import local_time
from dispatch.model import Relaxation, Visit
from dispatch.policy.explain import LANGUAGES, named
from dispatch.policy.pack import Pack
from dispatch.store import law as on_record

type Line = tuple[str, Mapping[str, Any]]


def rule_lines(
    session: Session, visit: Visit, *, law: Pack, language: str, time_zone: str, now: datetime
) -> Iterator[Line]:
    """Yield the lines of the page: the pack, each change since the decision, each relaxation."""
    language = language if language in LANGUAGES else "en"
    yield "rules", {"title": law.title[language], "version": law.version}

    def day(at: datetime) -> str:
        return local_time(time_zone, at).date().isoformat()

    for change in on_record.adopted_since(session, law.id, visit.created_at):
        yield (
            "rules_changed",
            {"date": day(change.decided_at or now), "count": len(change.differences)},
        )
    for one in on_record.relaxations_of(session, visit.person_id):
        if _is_shown(one, visit, now):
            yield (
                f"relaxed_{one.given_by}",
                {"rule": named(one.parameter, language), "date": day(one.given_at)},
            )


def _is_shown(one: Relaxation, visit: Visit, now: datetime) -> bool:
    """Whether a relaxation counts, or will: what is revoked or over is not shown any more."""
    return (
        one.decided_at is not None
        and one.revoked_at is None
        and (one.until_at is None or one.until_at > now)
        and one.case_id in {None, visit.case_id}
    )
