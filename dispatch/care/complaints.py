"""Complaints: taken down, acknowledged, looked into by somebody independent, answered, closed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from dispatch.errors import Invalid, Refused
from dispatch.model import (
    Account,
    Agent,
    Approval,
    Case,
    Complaint,
    ComplaintState,
    Extension,
    Hold,
    HoldKind,
    Person,
    Role,
    ToldBy,
    Visit,
)
from dispatch.model.complaint import FOUND
from dispatch.policy.complaint_clock import extended_until
from dispatch.policy.pack import Pack
from dispatch.store.accounts import branch_ids_of
from dispatch.store.complaints import complaint_holds, open_complaint, open_of_person
from dispatch.store.hold_ends import release_one
from dispatch.store.holds import apply_hold
from dispatch.store.rows import find, get_any
from dispatch.vault import Vault

SHORTEST_WORDS: Final = 20
"""Characters that a finding or a remedy has at the least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a step may bring: words, who looks into it, how the person was told."""

    words: str = ""
    handler: Account | None = None
    told_by: ToldBy | None = None


_C = ComplaintState
NEEDS: Final[Mapping[ComplaintState, str]] = {
    _C.ACKNOWLEDGED: "told_by",
    _C.ASSIGNED: "handler",
    **dict.fromkeys(FOUND, "words"),
    _C.REMEDIED: "words",
    _C.TOLD: "told_by",
    _C.ESCALATED: "words",
}
"""What each step can't go without; the others need nothing."""

_ANYBODY: Final = frozenset({_C.ACKNOWLEDGED, _C.ASSIGNED})
"""Steps that any manager may take; every later one is the handler's."""


def receive_complaint(
    session: Session,
    *,
    vault: Vault,
    case: Case,
    words: str,
    law: Pack,
    actor: str,
    now: datetime,
    source: str = "desk",
    visit: Visit | None = None,
    about: Agent | None = None,
) -> Complaint:
    """Take down a complaint that came by letter, by phone or in person; visits pause at once.

    Raises
    ------
    Invalid
        If nothing is said, or the visit is another case's.
    """
    if not words.strip():
        msg = "Write down what the person complains about, in their own words."
        raise Invalid(msg, [{"pointer": "/body/words", "message": msg}])
    if visit is not None and visit.case_id != case.id:
        msg = "The visit belongs to another case; leave it out or name one of this case."
        raise Invalid(msg, [{"pointer": "/body/visit_id", "message": msg}])
    person = get_any(session, Person, case.person_id)
    complaint = open_complaint(
        session,
        vault=vault,
        case=case,
        person=person,
        words={"topic": "", "words": words.strip()},
        source=source,
        law=law,
        received_at=now,
        actor=actor,
        now=now,
        visit_id=visit.id if visit else None,
        about_agent_id=about.id if about else None,
    )
    hold = Hold(
        branch_id=case.branch_id,
        person_id=person.id,
        kind=HoldKind.COMPLAINT,
        from_at=now,
        requested_by=actor,
        source_id=complaint.id,
    )
    apply_hold(session, hold, actor=actor, now=now)
    return complaint


def step_complaint(
    session: Session,
    *,
    vault: Vault,
    complaint: Complaint,
    to: ComplaintState,
    given: Given,
    by: Account,
    now: datetime,
) -> Complaint:
    """Take the next step of a complaint; its last one lets visits be considered again.

    Raises
    ------
    Refused
        If the step is the handler's and somebody else takes it, or the handler isn't independent.
    Invalid
        If the step lacks what it needs.
    WrongState
        If no such step leads from where the complaint stands.
    """
    actor = f"account:{by.id}"
    _require_right(complaint, to, by)
    _require_given(to, given)
    why = given.told_by
    if to is _C.ASSIGNED:
        assert given.handler is not None  # noqa: S101  required above
        _require_outside_line(session, complaint, given.handler)
        complaint.assign(given.handler, actor=actor, now=now)
    else:
        complaint.move_to(to, actor=actor, now=now, why=why)
    _keep(session, vault, complaint, to, given, now=now)
    session.add(complaint)
    session.flush()
    if to is _C.CLOSED:
        _let_visits_be_considered(session, complaint, actor=actor, now=now)
    return complaint


def extend_complaint(
    session: Session,
    *,
    complaint: Complaint,
    extension: Extension,
    reason: str,
    law: Pack,
    by: Account,
    now: datetime,
) -> Complaint:
    """Give the answer more time, as far as the pack knows of it; the last step takes two persons.

    Raises
    ------
    Refused
        If the pack gives no more time, or the handler would approve it alone.
    Invalid
        If no reason is given.
    WrongState
        If the answer is given, or the time was extended so before.
    """
    if len(reason.strip()) < SHORTEST_WORDS:
        msg = f"Say why the answer takes longer, in {SHORTEST_WORDS} characters at least."
        raise Invalid(msg, [{"pointer": "/body/reason", "message": msg}])
    until = extended_until(law, complaint, extension)
    if until is None:
        msg = f"The pack {law.id} gives a complaint no more time; answer it in time."
        raise Refused(msg)
    if extension is Extension.APPROVED and by.id == complaint.handler_id:
        msg = "Somebody else than the handler approves more time; ask another manager."
        raise Refused(msg)
    complaint.extend(
        extension, until=until, reason=reason.strip(), actor=f"account:{by.id}", now=now
    )
    session.add(complaint)
    return complaint


def said(
    vault: Vault, person: Person, complaint: Complaint
) -> tuple[str | None, str | None, str | None]:
    """Return what was said, what was found and what was done; None where nothing is kept."""
    kept = vault.read(person, complaint, "text")
    words = kept.get("words") if isinstance(kept, dict) else kept
    return (
        words or None,
        vault.read(person, complaint, "finding"),
        vault.read(person, complaint, "remedy"),
    )


def _require_right(complaint: Complaint, to: ComplaintState, by: Account) -> None:
    if to not in _ANYBODY and complaint.handler_id is not None and by.id != complaint.handler_id:
        msg = "Somebody else looks into this complaint; the step is theirs."
        raise Refused(msg)


def _require_given(to: ComplaintState, given: Given) -> None:
    name = NEEDS.get(to)
    if name is None or (name != "words" and getattr(given, name) is not None):
        return
    if name == "words" and len(given.words.strip()) >= SHORTEST_WORDS:
        return
    msg = {
        "words": f"Write what was found or done, in {SHORTEST_WORDS} characters at least.",
        "handler": "Name who looks into the complaint.",
        "told_by": "Say how the person was told.",
    }[name]
    raise Invalid(msg, [{"pointer": f"/body/{name}", "message": msg}])


def _require_outside_line(session: Session, complaint: Complaint, handler: Account) -> None:
    """Whoever decided on the visit complained of does not judge it; nor one of another branch."""
    sees = handler.role is Role.ADMIN or complaint.branch_id in branch_ids_of(session, handler.id)
    if not sees or handler.disabled_at is not None:
        msg = "This account does not work for the branch; choose one that does."
        raise Refused(msg)
    visit = find(session, Visit, complaint.visit_id) if complaint.visit_id else None
    approval = find(session, Approval, visit.approval_id) if visit and visit.approval_id else None
    if approval is not None and approval.approver_id == handler.id:
        msg = "This manager approved the visit complained of; choose somebody else."
        raise Refused(msg)


def _keep(
    session: Session,
    vault: Vault,
    complaint: Complaint,
    to: ComplaintState,
    given: Given,
    *,
    now: datetime,
) -> None:
    if to is _C.ACKNOWLEDGED:
        complaint.acknowledged_at = now
    if to is _C.TOLD:
        complaint.told_at = now
    field = "finding" if to in FOUND else {_C.REMEDIED: "remedy"}.get(to)
    person = get_any(session, Person, complaint.person_id)
    if field is not None and person.data_key is not None:
        vault.write(person, complaint, field, given.words.strip())


def _let_visits_be_considered(
    session: Session, complaint: Complaint, *, actor: str, now: datetime
) -> None:
    """With the person's last complaint end the holds that rest on complaints."""
    if open_of_person(session, complaint.person_id):
        return
    for hold in complaint_holds(session, complaint.person_id):
        release_one(session, hold, reason="complaint closed", actor=actor, now=now)
