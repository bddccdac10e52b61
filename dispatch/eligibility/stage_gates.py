"""Gates of a playbook: what it asks of a case in its stage, beside what the law asks."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from dispatch.clock import local_date
from dispatch.model import Branch, Case, Stage
from dispatch.policy.facts import VisitFacts
from dispatch.policy.playbook import Playbook
from dispatch.policy.rules import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """What is known of a case beside its facts."""

    facts: VisitFacts
    reason: str | None
    has_birth_year: bool

    def lacks(self, asked: Collection[str]) -> list[str]:
        """Return which of the facts asked for nobody knows."""
        known = {
            "reason": self.reason is not None,
            "ability": self.facts.ability is not None,
            "willingness": self.facts.willingness is not None,
            "language": self.facts.language is not None,
            "birth_year": self.has_birth_year,
        }
        return [name for name in asked if not known[name]]


def counted(facts: VisitFacts, playbook: Playbook) -> VisitFacts:
    """Return the facts with those remote attempts only whose channel the playbook's stage has."""
    channels = {one for step in playbook.in_stage(Stage.REMOTE) for one in step.channels}
    if facts.contacts is None:
        return facts
    return replace(
        facts,
        contacts=tuple(
            one for one in facts.contacts if one.channel in channels or one.channel == "visit"
        ),
    )


def shut(learnt: Learnt, playbook: Playbook) -> Iterator[Finding]:
    """Yield what keeps a case from a visit: the situation it is in, a fact that nobody knows."""
    situation = playbook.situation(learnt.facts, learnt.reason)
    if situation is None or situation.way != "visit":
        name = situation.name if situation else "unknown"
        way = situation.way if situation else "remote"
        yield _finding("no-visit-in-situation", playbook, "situations", situation=name, way=way)
    asked = playbook.gate(Stage.REMOTE, "facts") or ()
    if lacking := learnt.lacks(asked):
        yield _finding("stage-facts-unknown", playbook, "facts", facts=tuple(lacking))


def too_early(
    case: Case, playbook: Playbook, *, branch: Branch, now: datetime
) -> Iterator[Finding]:
    """Yield whether the time that a case has to stay in its stage is not over."""
    least = playbook.gate(case.stage, "waiting_days") or 0
    waited = days_in_stage(case, branch, now=now)
    if waited < least:
        yield _finding(
            "stage-time-not-over",
            playbook,
            "waiting_days",
            stage=str(case.stage),
            days=waited,
            least=least,
        )


def days_in_stage(case: Case, branch: Branch, *, now: datetime) -> int:
    """Return how many local days a case has been in its stage."""
    zone = branch.time_zone
    return (local_date(zone, now) - local_date(zone, case.stage_since_at or case.received_at)).days


def _finding(code: str, playbook: Playbook, parameter: str, **args: object) -> Finding:
    return Finding(
        code=code,
        parameter=f"playbook.{parameter}",
        source=playbook.source(parameter),
        args=args,
    )
