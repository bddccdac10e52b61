"""Answers of the borrower's form, each led to its use case."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import BaseModel, Field
from sqlmodel import Session

from dispatch.appointments.after import contest, say_how_it_was
from dispatch.appointments.allowed import Answer
from dispatch.appointments.answer import ask_again, confirm, refuse
from dispatch.appointments.ask_for_help import ask_for_help
from dispatch.appointments.link import LinkKeys
from dispatch.appointments.move import move
from dispatch.errors import Invalid
from dispatch.model import Appointment, Felt, Notice, Visit
from dispatch.policy.pack import Pack
from dispatch.store.rows import get_any
from dispatch.vault import Vault

NONE_OF_THESE: Final = "none"
_HELP: Final = {
    "hardship": Answer.HARDSHIP,
    "dispute": Answer.DISPUTE,
    "complain": Answer.COMPLAINT,
}
_STOP: Final = {"visits": Answer.STOP_VISITS, "all": Answer.STOP_CONTACT}


class ReplyForm(BaseModel):
    """What a form of the appointment's page sends."""

    proof: Annotated[str, Field(max_length=400)]
    reply: Literal[
        "confirm", "move", "refuse", "hardship", "dispute", "complain", "stop", "felt", "contest"
    ]
    lang: Annotated[str, Field(max_length=20)] = ""
    slot: Annotated[str, Field(max_length=1000)] = ""
    words: Annotated[str, Field(max_length=4000)] = ""
    felt: Annotated[str, Field(max_length=40)] = ""
    kind: Annotated[str, Field(max_length=40)] = ""
    scope: Annotated[str, Field(max_length=40)] = ""


@dataclass(frozen=True, slots=True)
class Done:
    """An answer on record: `reply` names the page's closing words."""

    reply: str
    reference: str
    time_zone: str
    recorded_at: datetime
    moved_to: Appointment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Link:
    """What every answer needs."""

    session: Session
    notice: Notice
    vault: Vault
    keys: LinkKeys
    law: Pack
    base_url: str
    now: datetime


def record_reply(
    session: Session,
    form: ReplyForm,
    *,
    notice: Notice,
    vault: Vault,
    keys: LinkKeys,
    law: Pack,
    base_url: str,
    now: datetime,
    time_zone: str,
) -> Done:
    """Record one answer and return what the closing page tells.

    Raises
    ------
    Unauthenticated, StaleVersion, WrongState, SlotTaken, Invalid
        With cause and remedy; roll back.
    """
    link = _Link(
        session=session,
        notice=notice,
        vault=vault,
        keys=keys,
        law=law,
        base_url=base_url,
        now=now,
    )
    reference = get_any(session, Visit, notice.visit_id).reference
    reply, moved_to = _answer(link, form)
    return Done(
        reply=reply,
        reference=reference,
        time_zone=time_zone,
        recorded_at=now,
        moved_to=moved_to,
    )


def _answer(link: _Link, form: ReplyForm) -> tuple[str, Appointment | None]:
    proven = {"notice": link.notice, "proof": form.proof, "keys": link.keys, "now": link.now}
    if form.reply == "confirm":
        confirm(link.session, **proven)  # type: ignore[arg-type]
    elif form.reply == "refuse":
        refuse(link.session, **proven)  # type: ignore[arg-type]
    elif form.reply == "move":
        return _move(link, form)
    elif form.reply == "felt":
        say_how_it_was(
            link.session,
            vault=link.vault,
            words=form.words,
            felt=Felt(form.felt) if form.felt in set(Felt) else None,
            **proven,  # type: ignore[arg-type]
        )
    elif form.reply == "contest":
        contest(link.session, vault=link.vault, words=form.words, **proven)  # type: ignore[arg-type]
    else:
        _ask_for_help(link, form)
    return form.reply, None


def _move(link: _Link, form: ReplyForm) -> tuple[str, Appointment | None]:
    if not form.slot:
        msg = "No time was chosen; choose one, or that none suits."
        raise Invalid(msg)
    if form.slot == NONE_OF_THESE:
        ask_again(
            link.session,
            vault=link.vault,
            notice=link.notice,
            proof=form.proof,
            keys=link.keys,
            words=form.words,
            now=link.now,
        )
        return "wish", None
    done = move(
        link.session,
        vault=link.vault,
        notice=link.notice,
        proof=form.proof,
        keys=link.keys,
        slot=form.slot,
        law=link.law,
        base_url=link.base_url,
        now=link.now,
    )
    return "move", done.appointment


def _ask_for_help(link: _Link, form: ReplyForm) -> None:
    kind = _STOP.get(form.scope) if form.reply == "stop" else _HELP[form.reply]
    if kind is None:
        msg = "Choose what should stop: visits, or all contact."
        raise Invalid(msg)
    ask_for_help(
        link.session,
        vault=link.vault,
        notice=link.notice,
        proof=form.proof,
        keys=link.keys,
        kind=kind,
        words=form.words,
        topic=form.kind or None,
        law=link.law,
        now=link.now,
    )
