"""Complaint: a grievance, its clocks, and who looks into it: never whoever goes out to visits."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKeyConstraint
from sqlmodel import Field

from dispatch.errors import Refused, WrongState
from dispatch.model.account import Account, Role
from dispatch.model.columns import UUID, Row, choice, instant, maybe_to, sealed, some_instant, to
from dispatch.model.evidence import record
from dispatch.model.state import move


class ComplaintState(StrEnum):
    """Where a complaint stands."""

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    ASSIGNED = "assigned"
    INVESTIGATING = "investigating"
    UPHELD = "upheld"
    PARTLY = "partly"
    REJECTED = "rejected"
    REMEDIED = "remedied"
    TOLD = "told"
    CLOSED = "closed"
    ESCALATED = "escalated"


_C = ComplaintState
FOUND: Final = frozenset({_C.UPHELD, _C.PARTLY, _C.REJECTED})
"""What an investigation may find."""

COMPLAINTS: Final[Mapping[ComplaintState, frozenset[ComplaintState]]] = {
    _C.RECEIVED: frozenset({_C.ACKNOWLEDGED}),
    _C.ACKNOWLEDGED: frozenset({_C.ASSIGNED}),
    _C.ASSIGNED: frozenset({_C.INVESTIGATING}),
    _C.INVESTIGATING: FOUND,
    _C.UPHELD: frozenset({_C.REMEDIED}),
    _C.PARTLY: frozenset({_C.REMEDIED}),
    _C.REJECTED: frozenset({_C.TOLD}),
    _C.REMEDIED: frozenset({_C.TOLD}),
    _C.TOLD: frozenset({_C.CLOSED, _C.ESCALATED}),
    _C.ESCALATED: frozenset({_C.CLOSED}),
}

COMPLAINT_OPEN: Final = frozenset(_C) - {_C.CLOSED}
"""Not at its end: visits stay paused. One taken to an authority is open until that has decided."""

UNANSWERED: Final = COMPLAINT_OPEN - {_C.TOLD, _C.ESCALATED}
"""The person waits for the answer: its clock runs."""


class Extension(StrEnum):
    """Why the answer may take longer, where the pack knows of it."""

    COMPLEX = "complex"
    APPROVED = "approved"


class ToldBy(StrEnum):
    """How the person was told, in words of ours that reached them."""

    LETTER = "letter"
    PHONE = "phone"
    EMAIL = "email"
    IN_PERSON = "in_person"


class Complaint(Row, table=True):
    """A grievance of the person; while it is open no visit is made.

    The handler's role is kept beside the handler, so that the database itself refuses an account
    that goes out to visits.
    """

    __tablename__ = "complaint"
    __table_args__ = (
        ForeignKeyConstraint(["handler_id", "handler_role"], ["account.id", "account.role"]),
        CheckConstraint("(handler_id IS NULL) = (handler_role IS NULL)", name="handler_with_role"),
        CheckConstraint("handler_role IN ('admin', 'manager')", name="handler_independent"),
    )

    branch_id: UUID = to("branch")
    case_id: UUID = to("loan_case")
    person_id: UUID = to("person")
    visit_id: UUID | None = maybe_to("visit")
    about_agent_id: UUID | None = maybe_to("agent")
    text_sealed: bytes | None = sealed()
    finding_sealed: bytes | None = sealed()
    remedy_sealed: bytes | None = sealed()
    state: ComplaintState = choice(ComplaintState, default=ComplaintState.RECEIVED, index=True)
    handler_id: UUID | None = maybe_to("account")
    handler_role: Role | None = choice(Role, nullable=True, name="handler_role")
    received_at: datetime = instant()
    acknowledge_by_at: datetime | None = some_instant()
    acknowledged_at: datetime | None = some_instant()
    due_at: datetime | None = some_instant(index=True)
    extension: Extension | None = choice(Extension, nullable=True)
    told_at: datetime | None = some_instant()
    source: str = Field(max_length=40)
    version: int = 1

    def move_to(
        self, state: ComplaintState, *, actor: str, now: datetime, why: str | None = None
    ) -> None:
        """Move to another state, as the table permits."""
        move(self, COMPLAINTS, state, actor=actor, now=now, why=why)

    def assign(self, handler: Account, *, actor: str, now: datetime) -> None:
        """Hand it to somebody who goes out to no visits.

        Raises
        ------
        Refused
            If the account is an agent's, or belongs to one, above all the one complained of.
        """
        if handler.role not in {Role.ADMIN, Role.MANAGER} or handler.agent_id is not None:
            msg = "Whoever goes out to visits looks into no complaint; choose a manager instead."
            raise Refused(msg)
        self.move_to(ComplaintState.ASSIGNED, actor=actor, now=now)
        self.handler_id, self.handler_role = handler.id, handler.role

    def extend(
        self, extension: Extension, *, until: datetime, reason: str, actor: str, now: datetime
    ) -> None:
        """Give the answer more time, once for each step that the pack knows.

        Raises
        ------
        WrongState
            If the person has the answer already, or this step was taken.
        """
        if self.state not in UNANSWERED or self.extension in {extension, Extension.APPROVED}:
            msg = (
                f"The complaint is {self.state} and its time can't be extended that way any more."
            )
            raise WrongState(msg, state=str(self.state))
        self.extension, self.due_at = extension, until
        self.version += 1
        record(
            self,
            "complaint.extended",
            actor=actor,
            now=now,
            extension=extension,
            due=until,
            reason=reason,
        )
