"""Notice: what a person is told beforehand, and the proof that it arrived."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from dispatch.model.columns import (
    UUID,
    Row,
    choice,
    instant,
    listing,
    maybe_to,
    sealed,
    some_instant,
    to,
)
from dispatch.model.state import move


class NoticeKind(StrEnum):
    """What a notice is for."""

    ANNOUNCEMENT = "announcement"
    REMINDER = "reminder"
    CORRECTION = "correction"
    CANCELLATION = "cancellation"
    APOLOGY = "apology"
    RECEIPT = "receipt"


class NoticeState(StrEnum):
    """Where a notice stands; it only moves forward."""

    DRAFTED = "drafted"
    CHECKED = "checked"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    DELIVERED = "delivered"
    OPENED = "opened"
    FAILED = "failed"
    REPLACED = "replaced"
    SUPPRESSED = "suppressed"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"


_N = NoticeState
_GONE: Final = frozenset({_N.SUPERSEDED, _N.EXPIRED})
_STATES: Final[Mapping[NoticeState, frozenset[NoticeState]]] = {
    _N.DRAFTED: frozenset({_N.CHECKED, _N.SUPPRESSED, _N.FAILED}) | _GONE,
    _N.CHECKED: frozenset({_N.SENDING, _N.SUPPRESSED, _N.FAILED}) | _GONE,
    _N.SENDING: frozenset({_N.SENT, _N.UNKNOWN, _N.FAILED, _N.CHECKED, _N.DELIVERED, _N.OPENED})
    | _GONE,
    _N.SENT: frozenset({_N.DELIVERED, _N.OPENED, _N.FAILED}) | _GONE,
    _N.UNKNOWN: frozenset({_N.SENT, _N.DELIVERED, _N.OPENED, _N.FAILED}) | _GONE,
    _N.DELIVERED: frozenset({_N.OPENED}) | _GONE,
    _N.OPENED: _GONE,
    _N.FAILED: frozenset({_N.REPLACED}) | _GONE,
}

PROVEN: Final = frozenset({_N.DELIVERED, _N.OPENED})
"""Arrived for certain: a receipt, an opened link, or a personal confirmation on record."""


class NoticeChannel(StrEnum):
    """By what means a notice goes out."""

    EMAIL = "email"
    SMS = "sms"
    LETTER = "letter"
    PHONE_DESK = "phone_desk"


class Notice(Row, table=True):
    """One message about one version of an appointment, to the person's own contact point."""

    __tablename__ = "notice"

    branch_id: UUID = to("branch")
    case_id: UUID = to("loan_case")
    person_id: UUID = to("person")
    visit_id: UUID = to("visit")
    appointment_id: UUID | None = maybe_to("appointment")
    appointment_number: int | None = None
    kind: NoticeKind = choice(NoticeKind)
    state: NoticeState = choice(NoticeState, default=NoticeState.DRAFTED, index=True)
    dedup_key: str = Field(max_length=120, unique=True)
    language: str = Field(max_length=10)
    channel: NoticeChannel = choice(NoticeChannel)
    contact_point_id: UUID | None = maybe_to("contact_point")
    content_hash: str = Field(max_length=64)
    crew_hash: str | None = Field(default=None, max_length=64)
    substitute_hashes: list[str] = listing()
    """Hashes of the crews with the substitute that it names."""
    template: str | None = Field(default=None, max_length=60)
    template_version: str | None = Field(default=None, max_length=16)
    body_hash: str | None = Field(default=None, max_length=64)
    token_hash: str | None = Field(default=None, max_length=64, unique=True)
    token_sealed: bytes | None = sealed()
    body_sealed: bytes | None = sealed()
    drafted_at: datetime = instant()
    send_after_at: datetime = instant(index=True)
    expires_at: datetime = instant()
    sent_at: datetime | None = some_instant()
    delivered_at: datetime | None = some_instant()
    delivered_proof: str | None = Field(default=None, max_length=40)
    opened_at: datetime | None = some_instant()
    failure: str | None = Field(default=None, max_length=500)
    guesses: int = 0
    locked_until: datetime | None = some_instant()
    version: int = 1

    def move_to(
        self, state: NoticeState, *, actor: str, now: datetime, why: str | None = None
    ) -> None:
        """Move to another state, as the table permits."""
        written = (
            {
                "template": self.template,
                "template_version": self.template_version,
                "body_hash": self.body_hash,
            }
            if state is NoticeState.CHECKED and self.body_hash
            else {}
        )
        move(self, _STATES, state, actor=actor, now=now, why=why, notice=self.kind, **written)

    def may_become(self, state: NoticeState) -> bool:
        """Whether the table permits the step from the present state."""
        return state in _STATES.get(self.state, frozenset())

    def prove_delivered(self, proof: str, *, actor: str, now: datetime) -> None:
        """Note the proof that the notice arrived; a second proof changes nothing."""
        if self.state in PROVEN:
            return
        self.move_to(NoticeState.DELIVERED, actor=actor, now=now, why=proof)
        self.delivered_at, self.delivered_proof = now, proof

    def prove_opened(self, *, actor: str, now: datetime) -> None:
        """Note that the person opened the link and named the second fact: the strongest proof."""
        if self.state is NoticeState.OPENED or not self.may_become(NoticeState.OPENED):
            return
        self.move_to(NoticeState.OPENED, actor=actor, now=now)
        self.opened_at = now
        self.delivered_at = self.delivered_at or now
        self.delivered_proof = self.delivered_proof or "opened_link"


class SendState(StrEnum):
    """What became of one try to send."""

    STARTED = "started"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    UNKNOWN = "unknown"


class SendAttempt(Row, table=True):
    """One try to hand a notice to a gateway; committed before the gateway is called."""

    __tablename__ = "send_attempt"
    __table_args__ = (UniqueConstraint("notice_id", "number"),)

    branch_id: UUID = to("branch")
    notice_id: UUID = to("notice")
    number: int
    state: SendState = choice(SendState, default=SendState.STARTED, index=True)
    started_at: datetime = instant(index=True)
    ended_at: datetime | None = some_instant()
    provider: str = Field(max_length=40)
    provider_id: str | None = Field(default=None, max_length=200, index=True)
    detail: str | None = Field(default=None, max_length=500)
    is_spent: bool = True
    """Whether it is one of the tries that a notice has; a gateway that was down takes none."""
