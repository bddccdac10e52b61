"""A reply by text message: yes, no, stop; whatever else is written, a person reads."""

import re
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlmodel import Session

from dispatch.appointments.answer import confirm, refuse
from dispatch.appointments.link import Known, LinkKeys, give_proof, known_of
from dispatch.appointments.words import keep_words, plain
from dispatch.errors import DispatchError
from dispatch.model import Hold, HoldKind, Notice, NoticeState
from dispatch.policy.pack import effective, load_pack
from dispatch.store import holds, notices
from dispatch.store.incidents import open_incident
from dispatch.vault import Vault

ACTOR: Final = "borrower"
TO_READ: Final = "reply-to-read"


class Meaning(StrEnum):
    """What a reply says, where a machine can be sure of it."""

    YES = "yes"
    NO = "no"
    STOP = "stop"
    OTHER = "other"


_WORDS: Final = {
    Meaning.YES: {"y", "yes", "ok", "confirm", "1", "是", "好", "好的", "可以", "确认", "同意"},
    Meaning.NO: {"n", "no", "decline", "2", "否", "不", "不行", "不方便", "不同意", "拒绝", "谢绝", "取消"},
    Meaning.STOP: {"stop", "unsubscribe", "end", "quit", "t", "td", "退订", "停止", "别再联系", "不要联系"},
}  # fmt: skip
_AROUND: Final = re.compile(r"^[\W_]+|[\W_]+$")


def meaning_of(text: str) -> Meaning:
    """Return what a reply says: one plain word, or something for a person to read."""
    word = _AROUND.sub("", text).casefold()
    return next((one for one, words in _WORDS.items() if word in words), Meaning.OTHER)


def take_reply(
    session: Session,
    *,
    vault: Vault,
    keys: LinkKeys,
    sender: str,
    text: str,
    now: datetime,
    pack_folder: Path | None = None,
) -> Meaning | None:
    """Take a reply from a phone number in; None where nobody was written to there.

    It answers the newest message to the number, and the very appointment that it named; whoever
    answers a message has it, so that is proof. A stop binds for everybody who was ever written to
    there, or has that number and was written to elsewhere: a number may be shared. Yes and no bind
    only where one person's appointment is still to come; else, and where the answer is not open any
    more or was no answer to a text message, somebody reads it.
    """
    meaning = meaning_of(text)
    asked, there = _asked(session, vault.index("phone", sender), meaning, now=now)
    for notice in asked:
        known = known_of(session, notice)
        if notice.id in there:
            _prove(session, known, pack_folder, now=now)
        if meaning is Meaning.STOP:
            _stop(session, known, now=now)
        elif meaning is Meaning.OTHER or len(asked) > 1 or notice.id not in there:
            _read_by_somebody(session, vault, known, text, now=now)
        else:
            answer = confirm if meaning is Meaning.YES else refuse
            _answer(session, vault, keys, known, text, answer, now=now)
    return meaning if asked else None


def _asked(
    session: Session, index: str, meaning: Meaning, *, now: datetime
) -> tuple[list[Notice], frozenset[UUID]]:
    """Return the notices that a reply is about, and which were sent to that very number."""
    everybody = notices.newest_sent_to(session, index, by_any_means=True)
    written = notices.newest_sent_to(session, index)
    to_come = [one for one in written if one.expires_at > now]
    asked = everybody if meaning is Meaning.STOP else to_come or written or everybody
    return asked, frozenset(one.id for one in written)


def _answer(
    session: Session,
    vault: Vault,
    keys: LinkKeys,
    known: Known,
    text: str,
    answer: Callable[..., object],
    *,
    now: datetime,
) -> None:
    number = known.notice.appointment_number or 0
    proof = give_proof(keys, known.notice, number, now=now)
    try:
        answer(session, notice=known.notice, proof=proof, keys=keys, now=now)
    except DispatchError:  # it is not open any more, or the appointment has changed
        _read_by_somebody(session, vault, known, text, now=now)


def _prove(session: Session, known: Known, pack_folder: Path | None, *, now: datetime) -> None:
    if known.notice.may_become(NoticeState.DELIVERED):
        known.notice.prove_delivered("reply", actor=ACTOR, now=now)
        session.add(known.notice)
        law = effective(load_pack(known.branch.pack_id, pack_folder))
        notices.settle_proof(session, known.notice, law=law, actor=ACTOR, now=now)


def _stop(session: Session, known: Known, *, now: datetime) -> None:
    standing = holds.holds_of(session, known.person.id)
    if any(one.kind is HoldKind.STOP_CONTACT and one.is_active(now) for one in standing):
        return
    hold = Hold(
        branch_id=known.branch.id,
        person_id=known.person.id,
        kind=HoldKind.STOP_CONTACT,
        from_at=now,
        requested_by=ACTOR,
        source_id=known.notice.id,
    )
    holds.apply_hold(session, hold, actor=ACTOR, now=now)


def _read_by_somebody(
    session: Session, vault: Vault, known: Known, text: str, *, now: datetime
) -> None:
    """Keep the words sealed with the notice, once, and put it on the desk's list of alerts."""
    body = vault.read(known.person, known.notice, "body") or {}
    if any(one["words"] == plain(text) for one in body.get("answers", ())):
        return
    keep_words(vault, known, "reply", text, now=now)
    session.add(known.notice)
    source = known.notice.id
    open_incident(session, visit=known.visit, kind=TO_READ, source_id=source, actor=ACTOR, now=now)
