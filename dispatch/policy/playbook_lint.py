"""Lint of playbooks: form, and whether each says what the strict baseline would say anyway or more."""

from collections.abc import Iterator

from dispatch.errors import PackInvalid
from dispatch.policy.envelope import read_yaml
from dispatch.policy.lint import PackIssue
from dispatch.policy.pack import BASELINE, load_pack
from dispatch.policy.playbook import (
    GATES,
    Playbook,
    playbook_text,
    read_playbook,
    shipped_playbooks,
)
from dispatch.policy.playbook_form import form_issues


def lint_shipped() -> Iterator[tuple[str, PackIssue]]:
    """Yield what the playbooks leave open, by playbook."""
    for name in shipped_playbooks():
        for issue in lint_playbook(playbook_text(name), name=name):
            yield name, issue


def lint_playbook(text: str, *, name: str) -> tuple[PackIssue, ...]:
    """Return every issue of a playbook's YAML text; none means that it is in order."""
    try:
        content = read_yaml(text, name=name)
    except PackInvalid as error:
        return (PackIssue(name, error.detail, "Write plain YAML, each key once."),)
    broken = tuple(
        PackIssue(name, issue, "See docs/policy.md for playbooks.")
        for issue in form_issues(content)
    )
    if broken:
        return broken
    book = read_playbook(text, name=name)
    return (*_misnamed(book, name), *_idle(book))


def _misnamed(book: Playbook, name: str) -> Iterator[PackIssue]:
    if book.id != name:
        yield PackIssue("id", f"The file {name} holds {book.id}.", "Name file and playbook alike.")


def _idle(book: Playbook) -> Iterator[PackIssue]:
    """A gate looser than the baseline binds nobody and misleads whoever reads it."""
    baseline = load_pack(BASELINE)
    law = book.bound(baseline)
    for step in book.steps:
        for gate, parameter in GATES.items():
            if gate in step.gates and not _says(step.gates[gate], law[parameter]):
                cause = f"It asks {step.gates[gate]}, and {law[parameter]} binds."
                where = f"stages/{step.name}/gates/{gate}"
                yield PackIssue(where, cause, "Ask what binds, or more.")


def _says(asked: object, binds: object) -> bool:
    if isinstance(asked, list) and isinstance(binds, list):
        return set(asked) == set(binds)
    return asked == binds
