"""Playbooks: staged escalation as data; in which order, through which gates, by which channels.

A branch works by one of them. What a playbook asks stands beside the law and never loosens it:
`bound` takes the stricter of each value, and a finding cites whichever it was.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from hashlib import sha256
from importlib import resources
from typing import Any, Final

from dispatch.errors import Invalid, PackInvalid
from dispatch.policy.envelope import read_yaml
from dispatch.policy.facts import VisitFacts
from dispatch.policy.pack import Mark, Pack, Source, Value, strictest
from dispatch.policy.playbook_form import form_issues

DEFAULT: Final = "S2"
"""The playbook of a branch that has chosen none: it asks what the baseline asks, and a week's wait."""

GATES: Final[Mapping[str, str]] = {
    "min_dpd": "eligibility.min_dpd",
    "remote_attempts": "eligibility.remote_attempts",
    "remote_days": "eligibility.remote_days",
    "remote_channels": "eligibility.remote_channels",
    "ability": "eligibility.ability",
}
"""Gates that say the same as a parameter of packs: the stricter of both binds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the process, and what opens the next."""

    name: str
    stage: str
    """The case's stage in which it takes place."""
    title: Mapping[str, str]
    channels: tuple[str, ...]
    """How the person may be reached in this step."""
    gates: Mapping[str, Any]
    opens: str | None
    """The step that follows; None: the process ends here."""
    by: str
    """Who opens it: a duty when the facts permit, a person in writing, the borrower, the crew."""
    capabilities: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What is done about arrears of one kind; of several that fit the first counts."""

    name: str
    title: Mapping[str, str]
    from_dpd: int | None
    to_dpd: int | None
    ability: tuple[str, ...] | None
    reason: tuple[str, ...] | None
    way: str
    """remote, relief or legal_review: nobody visits; visit: one may be considered."""

    def fits(self, facts: VisitFacts, reason: str | None = None) -> bool:
        """Whether a case is in this situation; what is not known fits nothing that asks for it."""
        if self.ability is not None and facts.ability not in self.ability:
            return False
        if self.reason is not None and reason not in self.reason:
            return False
        if self.from_dpd is None and self.to_dpd is None:
            return True
        if facts.dpd is None:
            return False
        return (self.from_dpd or 0) <= facts.dpd and (
            self.to_dpd is None or facts.dpd <= self.to_dpd
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Playbook:
    """A staged process."""

    id: str
    version: str
    title: Mapping[str, str]
    steps: tuple[Step, ...]
    situations: tuple[Situation, ...]
    throughout: tuple[str, ...]
    """Capabilities that hold in every step."""
    fingerprint: str

    @property
    def capabilities(self) -> tuple[str, ...]:
        """Every capability that it names."""
        named = {one for step in self.steps for one in step.capabilities} | {*self.throughout}
        return tuple(sorted(named))

    def in_stage(self, stage: str) -> tuple[Step, ...]:
        """Return the steps that take place in a stage of the case."""
        return tuple(step for step in self.steps if step.stage == stage)

    def gate(self, stage: str, name: str) -> Any:
        """Return what the last step of a stage asks under a gate's name; None: nothing."""
        asked = [step.gates[name] for step in self.in_stage(stage) if name in step.gates]
        return asked[-1] if asked else None

    def situation(self, facts: VisitFacts, reason: str | None = None) -> Situation | None:
        """Return the situation that a case is in; None: none that the playbook knows."""
        return next((one for one in self.situations if one.fits(facts, reason)), None)

    def source(self, article: str) -> Source:
        """Return where a value of the playbook comes from, as a finding cites it."""
        return Source(
            pack_id=self.id,
            instrument=f"Playbook {self.id}",
            article=article,
            url=None,
            version=self.version,
            mark=Mark.PROPOSED,
            force="lender",
            review_on=date.fromisoformat(self.version) + timedelta(days=365),
            relaxable_by="nobody",
        )

    def bound(self, law: Pack) -> Pack:
        """Return the law with each value that the playbook asks more strictly."""
        asked = {
            parameter: self._value(step, gate)
            for step in self.steps
            for gate, parameter in GATES.items()
            if gate in step.gates
        }
        values = {
            name: strictest(name, [value, asked.get(name)]) for name, value in law.values.items()
        }
        return replace(
            law,
            values={name: value for name, value in values.items() if value is not None},
            fingerprint=sha256(f"{law.fingerprint}\n{self.fingerprint}".encode()).hexdigest(),
        )

    def _value(self, step: Step, gate: str) -> Value:
        return Value(raw=step.gates[gate], source=self.source(step.name), is_in_force=True)


@cache
def load_playbook(playbook_id: str) -> Playbook:
    """Return a playbook by its id.

    Raises
    ------
    Invalid
        If there is none of this name.
    PackInvalid
        If it is malformed.
    """
    return read_playbook(playbook_text(playbook_id), name=playbook_id)


def playbook_text(playbook_id: str) -> str:
    """Return a playbook's YAML text.

    Raises
    ------
    Invalid
        If there is none of this name.
    """
    if playbook_id not in shipped_playbooks():
        msg = f"There is no playbook {playbook_id!r}; choose one of {', '.join(shipped_playbooks())}."
        raise Invalid(msg)
    text: str = _folder().joinpath(f"{playbook_id}.yaml").read_text("utf-8")
    return text


def shipped_playbooks() -> tuple[str, ...]:
    """Return the ids of the playbooks that there are."""
    names = (file.name for file in _folder().iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml")))


def read_playbook(text: str, *, name: str = "playbook") -> Playbook:
    """Return the playbook that a YAML text says.

    Raises
    ------
    PackInvalid
        If it is no YAML or does not fit the schema; every issue is listed.
    """
    content = read_yaml(text, name=name)
    issues = form_issues(content)
    if issues:
        msg = f"The playbook {name} is malformed: {issues[0]} Mend it and lint it again."
        raise PackInvalid(msg, issues=issues)
    return Playbook(
        id=content["id"],
        version=content["version"],
        title=content["title"],
        steps=tuple(_step(one) for one in content["stages"]),
        situations=tuple(_situation(one) for one in content["situations"]),
        throughout=tuple(content["throughout"]),
        fingerprint=sha256(text.encode()).hexdigest(),
    )


def _step(content: Mapping[str, Any]) -> Step:
    listed = {name: tuple(content[name]) for name in ("channels", "capabilities")}
    return Step(**{**content, **listed})


def _situation(content: Mapping[str, Any]) -> Situation:
    when = content["when"]
    return Situation(
        name=content["name"],
        title=content["title"],
        way=content["way"],
        from_dpd=when.get("from_dpd"),
        to_dpd=when.get("to_dpd"),
        ability=tuple(when["ability"]) if "ability" in when else None,
        reason=tuple(when["reason"]) if "reason" in when else None,
    )


def _folder() -> Any:
    return resources.files("dispatch.policy").joinpath("playbooks")
