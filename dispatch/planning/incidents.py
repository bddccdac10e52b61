"""Incidents that a plan run opens: what a person should look at, though the plan was stored."""

import logging
from collections.abc import Sequence
from datetime import datetime

from dispatch.audit import Breach
from dispatch.model import Branch, Incident, Plan

log = logging.getLogger(__name__)


def of_breach(branch: Branch, breach: Breach, now: datetime) -> Incident:
    """Return the incident of a visit that the rules let through and the auditor did not."""
    return Incident(
        branch_id=branch.id,
        visit_id=breach.visit_id,
        kind="rules-and-audit-differ",
        opened_at=now,
        facts={"code": str(breach.code), "detail": breach.detail, "source": breach.source},
    )


def of_flag(
    branch: Branch, plan: Plan, flag: str, notes: Sequence[str], now: datetime
) -> Incident:
    """Return the incident of a plan for which the solver did not do all that was asked of it."""
    log.warning("plan %s is %s: %s", plan.id, flag, " ".join(notes))
    return Incident(
        branch_id=branch.id,
        source_id=plan.id,
        kind=f"plan-{flag}",
        opened_at=now,
        facts={"plan": plan.number, "on": str(plan.service_date), "detail": " ".join(notes)},
    )
