"""The door script: what a crew says, step by step, in one fixed order; identity before content."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from dispatch.wording.catalogue import door, version_of
from dispatch.wording.guard import NEVER, Forbidden, findings
from dispatch.wording.library import fill


class DoorStep(StrEnum):
    """The steps at the door, in their order."""

    INTRODUCE = "introduce"
    CREDENTIAL = "credential"
    IDENTITY = "identity"
    LENDER = "lender"
    PURPOSE = "purpose"
    RIGHTS = "rights"
    CONSENT = "consent"
    FAREWELL = "farewell"


class Aside(StrEnum):
    """What is said instead, where the talk takes another way; the script ends with it."""

    THIRD_PARTY = "third_party"
    DECLINED = "declined"
    DISTRESS = "distress"


ORDER: Final = tuple(DoorStep)
BEFORE_IDENTITY: Final = frozenset(
    {DoorStep.INTRODUCE, DoorStep.CREDENTIAL, DoorStep.IDENTITY, *Aside}
)
"""Spoken while a third party may listen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorLine:
    """What is said at one step, or aside."""

    step: DoorStep | Aside
    is_before_identity: bool
    say: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorScript:
    """The words of one visit: the steps in order, and what is said aside."""

    language: str
    version: str
    steps: tuple[DoorLine, ...]
    asides: tuple[DoorLine, ...]


def door_script(
    language: str, *, crew: str, person: str, code: str, lender: str, purpose: str
) -> DoorScript:
    """Return the script of a visit.

    A name in which the guard finds a forbidden word (a lender called a bank, a person called Paid)
    is said as it is: the guard reads the texts, and names stand where `lint` permits them.

    Parameters
    ----------
    language
        One in which anything may be said (`language_of`).
    purpose
        The visit's code; one without words of its own is told as a talk about choices.
    """
    texts = door(language)
    purposes = texts["purposes"]
    values = {
        "crew": crew,
        "person": person,
        "code": code,
        "lender": lender,
        "purpose": purposes.get(purpose, purposes["talk_about_options"]),
    }
    return DoorScript(
        language=language,
        version=script_version(language),
        steps=tuple(_line(step, texts, values) for step in ORDER),
        asides=tuple(_line(aside, texts["aside"], values) for aside in Aside),
    )


def script_version(language: str) -> str:
    """Return the version of a language's script: a hash of its texts as written."""
    texts = door(language)
    said = [texts[step] for step in ORDER] + [texts["aside"][aside] for aside in Aside]
    return version_of(*said, *texts["purposes"].values())


def faults_of(step: DoorStep | Aside, text: str) -> tuple[tuple[Forbidden, str], ...]:
    """Return what may not be said at a step: of a debt only after identity, the rest never."""
    return findings(text) if step in BEFORE_IDENTITY else findings(text, sorted(NEVER))


def _line(step: DoorStep | Aside, texts: Mapping[str, str], values: Mapping[str, str]) -> DoorLine:
    return DoorLine(
        step=step,
        is_before_identity=step in BEFORE_IDENTITY,
        say=fill(texts[step], values),
    )
