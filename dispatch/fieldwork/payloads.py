"""Payloads: what a device says of a step at the door, and of what came of a visit."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from babel.numbers import is_currency

from dispatch.errors import Invalid
from dispatch.model import (
    Ability,
    ArrearsReason,
    Attitude,
    CheckInKind,
    OutcomeCode,
    Person,
    ReportRole,
    RiskKind,
    Willingness,
)
from dispatch.policy.relief import Budget
from dispatch.vault import Vault

LARGEST_AMOUNT: Final = 2**53 - 1
"""Minor units that every program reads back exactly."""

LONGEST_WORDS: Final = 2000
FARTHEST_DAYS: Final = 3660


class Replay(StrEnum):
    """Whether a fact under this id is new."""

    CREATED = "created"
    SAME = "same"
    DIFFERS = "differs"


class Flag(StrEnum):
    """What else was so at the door; a closed list without judgements."""

    TALKED_OF_DEBT = "talked_of_debt"
    ASKED_TO_LEAVE = "asked_to_leave"
    DISTRESS = "distress"
    VULNERABLE = "vulnerable"
    MINOR_PRESENT = "minor_present"
    THIRD_PARTY_PRESENT = "third_party_present"
    INTERPRETER_USED = "interpreter_used"
    RECORDING_REFUSED = "recording_refused"
    COPY_LEFT = "copy_left"
    CARD_LEFT = "card_left"
    ASKED_INSIDE = "asked_inside"
    WENT_INSIDE = "went_inside"


@dataclass(frozen=True, slots=True, kw_only=True)
class PromisePayload:
    """What the person promised; `amount` in minor units."""

    amount: int
    currency: str
    due_on: date
    is_read_back: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementPayload:
    """What the person signed: the option, and its terms in words."""

    option: str
    terms: str
    currency: str
    is_read_back: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomePayload:
    """What came of a visit, as the device recorded it."""

    visit_id: UUID
    code: OutcomeCode
    occurred_at: datetime
    flags: tuple[Flag, ...] = ()
    attitude: Attitude | None = None
    willingness: Willingness | None = None
    ability: Ability | None = None
    reason: ArrearsReason | None = None
    budget: Budget | None = None
    words: str | None = None
    promise: PromisePayload | None = None
    agreement: AgreementPayload | None = None
    risks: tuple[RiskKind, ...] = ()
    """What the next crew should know of the way to the place."""
    role: ReportRole = ReportRole.REPORT
    amends_id: UUID | None = None
    sequence: int | None = None
    previous_hash: str | None = None

    def check(self) -> None:
        """Refuse what can't be right in itself; nothing here asks about any state.

        Raises
        ------
        Invalid
            With every issue.
        """
        found = [*self._promise_issues(), *self._other_issues()]
        if found:
            msg = f"The report can't be right: {found[0]['message']}."
            raise Invalid(msg, found)

    def _promise_issues(self) -> list[dict[str, str]]:
        needs = self.code is OutcomeCode.PTP and self.role is ReportRole.REPORT
        if self.promise is None:
            return [_issue("/promise", "PTP needs the promise")] if needs else []
        found = []
        if self.code is not OutcomeCode.PTP:
            found.append(_issue("/promise", "a promise comes with the code PTP only"))
        if not 0 < self.promise.amount <= LARGEST_AMOUNT:
            found.append(_issue("/promise/amount", "the amount must be more than zero"))
        if not is_currency(self.promise.currency):
            found.append(_issue("/promise/currency", "write an ISO 4217 code such as CNY"))
        # A day more for zones east of Greenwich: the local date may be ahead of UTC's.
        ahead = (self.promise.due_on - self.occurred_at.date()).days
        if not -1 <= ahead <= FARTHEST_DAYS:
            found.append(_issue("/promise/due_on", "the day is past, or years ahead"))
        return found

    def _other_issues(self) -> list[dict[str, str]]:
        found = []
        if self.agreement is not None and self.code is not OutcomeCode.PLAN_SIGNED:
            found.append(_issue("/agreement", "an agreement comes with PLAN_SIGNED only"))
        if self.words is not None and len(self.words) > LONGEST_WORDS:
            found.append(_issue("/own_words", f"at most {LONGEST_WORDS} characters"))
        if self.role is ReportRole.WITNESS and self.amends_id is not None:
            found.append(_issue("/amends_id", "a witness adds a statement and corrects none"))
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInPayload:
    """One step at the door, as the device marked it; the position is a signal only."""

    visit_id: UUID
    kind: CheckInKind
    occurred_at: datetime
    lat: float | None = None
    lon: float | None = None
    accuracy_m: int | None = None
    sequence: int | None = None
    previous_hash: str | None = None
    late_minutes: int | None = None


def hash_of(raw: bytes) -> str:
    """Return the hash by which a replay is known (SHA-256, hex)."""
    return sha256(raw).hexdigest()


def seal_raw(vault: Vault, person: Person, row: Any, raw: bytes) -> None:
    """Keep the bytes as they came, under the person's key; nothing of an erased person is kept."""
    if person.data_key is not None:
        vault.write(person, row, "raw", raw.decode("latin-1"))  # one letter a byte, no byte lost


def open_raw(vault: Vault, person: Person, row: Any) -> bytes | None:
    """Return the bytes as they came; None where the person was erased."""
    text = vault.read(person, row, "raw")
    return None if text is None else str(text).encode("latin-1")


def _issue(pointer: str, message: str) -> dict[str, str]:
    return {"pointer": f"/body{pointer}", "message": message}
