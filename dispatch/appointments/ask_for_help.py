"""Ask for help: hardship, dispute, complaint, stop. Visits end at once; nothing is asked in return."""

from datetime import datetime

from sqlmodel import Session

from dispatch.appointments.allowed import HELP, Answer
from dispatch.appointments.answer import ACTOR
from dispatch.appointments.link import Known, LinkKeys, recognise
from dispatch.appointments.words import keep_words, plain
from dispatch.errors import Invalid
from dispatch.model import Case, Hold, Notice
from dispatch.policy.pack import Pack
from dispatch.store import holds
from dispatch.store.complaints import open_complaint
from dispatch.store.holds import HoldEffect
from dispatch.store.rows import get_any
from dispatch.vault import Vault


def ask_for_help(
    session: Session,
    *,
    vault: Vault,
    notice: Notice,
    proof: str,
    keys: LinkKeys,
    kind: Answer,
    words: str,
    law: Pack,
    now: datetime,
    topic: str | None = None,
) -> HoldEffect:
    """Put the hold in force that the person asks for, over all their visits, wherever planned.

    Parameters
    ----------
    kind
        hardship, dispute, complaint, stop_visits or stop_contact.
    topic
        What a complaint is about, as chosen on the page.

    Raises
    ------
    Unauthenticated, Invalid
        With cause and remedy; nothing is changed.
    """
    known = recognise(session, notice=notice, proof=proof, keys=keys, now=now)
    if kind not in HELP:
        msg = f"{kind} is no call for help; choose one of {', '.join(HELP)}."
        raise Invalid(msg)
    keep_words(vault, known, kind, words, now=now)
    session.add(known.notice)
    if kind is Answer.COMPLAINT:
        _complain(session, vault, known, words, topic, law=law, now=now)
    standing = [
        hold
        for hold in holds.holds_of(session, known.person.id)
        if hold.kind is HELP[kind] and hold.case_id is None and hold.is_active(now)
    ]
    hold = standing[0] if standing else _hold(known, kind, now=now)
    return holds.apply_hold(session, hold, actor=ACTOR, now=now)


def _hold(known: Known, kind: Answer, *, now: datetime) -> Hold:
    return Hold(
        branch_id=known.branch.id,
        person_id=known.person.id,
        kind=HELP[kind],
        from_at=now,
        requested_by=ACTOR,
        source_id=known.notice.id,
    )


def _complain(
    session: Session,
    vault: Vault,
    known: Known,
    words: str,
    topic: str | None,
    *,
    law: Pack,
    now: datetime,
) -> None:
    open_complaint(
        session,
        vault=vault,
        case=get_any(session, Case, known.visit.case_id),
        person=known.person,
        words={"topic": plain(topic or "")[:60], "words": plain(words)},
        source="link",
        law=law,
        received_at=now,
        actor=ACTOR,
        now=now,
        visit_id=known.visit.id,
    )
