"""Approval: a human being decided on the visit, with its ground in writing."""

from dispatch.policy.facts import VisitFacts
from dispatch.policy.pack import Pack
from dispatch.policy.rules.base import Day, Finding, Rule, finding


def _check(visit: VisitFacts, law: Pack, day: Day) -> Finding | None:
    is_decided = (
        visit.approved_by is not None
        and visit.approved_at is not None
        and visit.approved_at <= day.now
    )
    if law["approval.by_human"] and not (is_decided and visit.is_approver_human):
        return finding("approval-missing", law, "approval.by_human")
    if law["approval.ground_in_writing"] and not (visit.ground and visit.ground.strip()):
        return finding("ground-missing", law, "approval.ground_in_writing")
    return None


APPROVAL = Rule(
    code="approval-missing",
    parameters=("approval.by_human", "approval.ground_in_writing"),
    check=_check,
)
