"""Let a repaired day go out: crews are under way, so nobody waits where every promise is kept."""

from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from dispatch.errors import Refused
from dispatch.model import Branch, Incident, Plan
from dispatch.planning.publish import publish


def go_out(
    session: Session,
    *,
    plan: Plan,
    branch: Branch,
    actor: str,
    now: datetime,
    pack_folder: Path | None,
) -> bool:
    """Publish a repaired plan; where the audit or a lost promise forbids it, a person decides.

    Until then crews go by the plan that they have.
    """
    try:
        publish(
            session, plan=plan, version=plan.version, actor=actor, now=now, pack_folder=pack_folder
        )
    except Refused as error:
        session.add(
            Incident(
                branch_id=branch.id,
                source_id=plan.id,
                kind="repair-to-decide",
                opened_at=now,
                facts={
                    "plan": plan.number,
                    "on": str(plan.service_date),
                    "code": error.code,
                    "detail": error.detail,
                },
            )
        )
        return False
    return True
