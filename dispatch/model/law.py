"""Law on record: a pack's change, and a relaxation for one person; each takes two people's word."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Field

from dispatch.errors import Invalid, WrongState
from dispatch.model.columns import (
    UUID,
    Row,
    choice,
    instant,
    listing,
    mapping,
    maybe_to,
    some_instant,
    to,
)
from dispatch.model.evidence import record


class ChangeState(StrEnum):
    """Where the change of a pack stands."""

    PROPOSED = "proposed"
    ADOPTED = "adopted"
    REFUSED = "refused"


class PackChange(Row, table=True):
    """A pack of the lender's own as one person proposed it and another adopted it.

    `fingerprint` is that of the content; a file that holds anything else is not planned under.
    """

    __tablename__ = "pack_change"

    pack_id: str = Field(max_length=40, index=True)
    pack_version: str = Field(max_length=300)
    fingerprint: str = Field(max_length=64, index=True)
    text: str
    differences: list[dict[str, Any]] = listing()
    state: ChangeState = choice(ChangeState, default=ChangeState.PROPOSED, index=True)
    ground: str = Field(max_length=2000)
    proposed_by: UUID = to("account")
    proposed_at: datetime = instant()
    decided_by: UUID | None = maybe_to("account")
    decided_at: datetime | None = some_instant(index=True)

    def decide(self, state: ChangeState, *, by: UUID, actor: str, now: datetime) -> None:
        """Adopt or refuse it, by somebody else than who proposed it.

        Raises
        ------
        WrongState
            If it is decided already.
        Invalid
            If the proposer would decide on their own proposal.
        """
        if self.state is not ChangeState.PROPOSED:
            msg = f"The change of {self.pack_id} is {self.state}; propose a new one."
            raise WrongState(msg, state=str(self.state))
        if state is ChangeState.ADOPTED and by == self.proposed_by:
            msg = "A change of a pack takes two persons; somebody else has to adopt it."
            raise Invalid(msg)
        self.state, self.decided_by, self.decided_at = state, by, now
        record(
            self,
            f"pack.{state}",
            actor=actor,
            now=now,
            pack=self.pack_id,
            version=self.pack_version,
            fingerprint=self.fingerprint,
            switched_on=[
                one["parameter"] for one in self.differences if one.get("is_switched_on")
            ],
        )


class Giver(StrEnum):
    """Who may relax a rule, as the rule itself says."""

    BORROWER = "borrower"
    CONTRACT = "contract"
    COURT = "court"
    LENDER = "lender"


class Relaxation(Row, table=True):
    """A rule's value that binds a person less, given by whom the rule names; dated, revocable.

    It counts only once a second person has confirmed it, and the person sees it on their page.
    """

    __tablename__ = "relaxation"

    branch_id: UUID = to("branch")
    person_id: UUID = to("person")
    case_id: UUID | None = maybe_to("loan_case")
    parameter: str = Field(max_length=60)
    value: dict[str, Any] = mapping()
    """`{"is": …}`, in the pack's own grammar."""
    given_by: Giver = choice(Giver)
    given_at: datetime = instant()
    until_at: datetime | None = some_instant()
    ground: str = Field(max_length=2000)
    first_by: UUID = to("account")
    recorded_at: datetime = instant()
    second_by: UUID | None = maybe_to("account")
    decided_at: datetime | None = some_instant()
    revoked_at: datetime | None = some_instant()

    def confirm(self, *, by: UUID, actor: str, now: datetime) -> None:
        """Let a second person vouch for it; from now on it counts.

        Raises
        ------
        WrongState
            If it is confirmed or revoked already.
        Invalid
            If it is the same person who took it down.
        """
        if self.decided_at is not None or self.revoked_at is not None:
            msg = "The relaxation is decided already; take a new one down if it has changed."
            raise WrongState(msg)
        if by == self.first_by:
            msg = "A relaxation takes two persons; somebody else has to confirm it."
            raise Invalid(msg)
        self.second_by, self.decided_at = by, now
        record(self, "relaxation.confirmed", actor=actor, now=now, parameter=self.parameter)

    def revoke(self, *, actor: str, now: datetime) -> None:
        """End it from now on; whoever revokes needs no second person."""
        if self.revoked_at is None:
            self.revoked_at = now
            record(self, "relaxation.revoked", actor=actor, now=now, parameter=self.parameter)
