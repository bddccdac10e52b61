"""Explain: what every rule says of a visit to one case's person, with its source."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session

from dispatch.clock import local_date, local_time
from dispatch.errors import NotFound
from dispatch.model import Branch
from dispatch.policy.eligibility import visit_permitted
from dispatch.policy.explain import explain
from dispatch.policy.pack import effective, load_pack
from dispatch.store import days, listing
from dispatch.store.facts import case_facts
from dispatch.store.scope import Scope


def explain_case(
    session: Session,
    *,
    branch: Branch,
    reference: str,
    on: date | None,
    language: str,
    pack_folder: Path | None,
    now: datetime,
) -> dict[str, Any]:
    """Return the findings, with cause, remedy and source, or the windows that are permitted.

    The approval is asked for like everything else: a case without a decided visit lacks it.

    Raises
    ------
    NotFound
        If the branch has no such case.
    """
    found = listing.cases(session, Scope.of({branch.id}), reference=reference, limit=1)
    if not found:
        msg = f"The branch {branch.name} has no case {reference!r}; references have eight characters."
        raise NotFound(msg)
    case = found[0]
    today = local_date(branch.time_zone, now)
    day = on or today
    law = effective(load_pack(branch.pack_id, pack_folder))
    facts = case_facts(session, [case], branch, on=day)[case.id]
    calendar = days.calendar_of(
        session, branch, from_on=min(today, day) - timedelta(days=1), to_on=max(today, day)
    )
    verdict = visit_permitted(facts, law, on=day, now=now, calendar=calendar)
    zone = facts.time_zone or branch.time_zone
    return {
        "case": case.reference,
        "date": day.isoformat(),
        "pack": f"{law.id} {law.version}",
        "findings": [_told(one, language) for one in verdict.findings],
        "windows": [
            {
                "from": local_time(zone, one.from_at).isoformat(),
                "until": local_time(zone, one.until_at).isoformat(),
            }
            for one in verdict.windows
        ],
    }


def _told(finding: Any, language: str) -> dict[str, Any]:
    cause, remedy = explain(finding, language)
    source = finding.source
    return {
        "code": finding.code,
        "parameter": finding.parameter,
        "cause": cause,
        "remedy": remedy,
        "source": f"{source.instrument}, {source.article}" if source else None,
        "mark": str(source.mark) if source else None,
        "relaxable_by": source.relaxable_by if source else None,
    }
