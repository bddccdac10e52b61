"""How the demo's people answer their notices: by the real link, with the second fact."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from random import Random
from typing import Final
from uuid import UUID

from sqlmodel import Session

from dispatch.appointments.allowed import Answer
from dispatch.appointments.answer import confirm, refuse
from dispatch.appointments.ask_for_help import ask_for_help
from dispatch.appointments.link import Challenge, LinkKeys, challenges
from dispatch.appointments.page import Opened, open_notice
from dispatch.db import Database
from dispatch.demo import fixtures
from dispatch.messaging.receipts import Delivery, record_receipt
from dispatch.model import Branch, Case, ContactKind, ContactStatus, Notice, NoticeState, Person
from dispatch.policy.pack import Pack
from dispatch.settings import Settings
from dispatch.store import notices
from dispatch.store.rows import get_any
from dispatch.vault import Vault

SHARES: Final[Mapping[str, int]] = {
    "confirm": 55,
    "receipt": 24,
    "open": 8,
    "refuse": 6,
    "help": 4,
    "silence": 3,
}
"""What of a hundred people do: most confirm; of a few not even the delivery is proven."""


def answer(
    database: Database,
    *,
    vault: Vault,
    settings: Settings,
    law: Pack,
    branch: Branch,
    on: date,
    now: datetime,
) -> None:
    """Let everybody who was told of a visit on a date do what the seed says; a transaction each."""
    with database.reading() as session:
        waiting = [one.id for one in notices.sent_for(session, branch.id, on)]
    dice = Random(f"{fixtures.seed()}/{on.toordinal()}")  # noqa: S311  a story, not a secret
    keys = LinkKeys.of(settings)
    for notice_id in sorted(waiting, key=str):
        kind = dice.choices(list(SHARES), weights=list(SHARES.values()))[0]
        with database.writing("demo.answer") as session:
            _do(session, notice_id, kind, vault=vault, keys=keys, law=law, now=now)


def _do(
    session: Session,
    notice_id: UUID,
    kind: str,
    *,
    vault: Vault,
    keys: LinkKeys,
    law: Pack,
    now: datetime,
) -> None:
    if kind == "silence":
        return
    if kind == "receipt":
        record_receipt(session, state=Delivery.DELIVERED, at=now, now=now, notice_id=notice_id)
        return
    notice = get_any(session, Notice, notice_id)
    if notice.state is NoticeState.FAILED:
        return
    opened = open_notice(
        session,
        vault=vault,
        notice=notice,
        second_fact=second_fact(session, vault, notice),
        keys=keys,
        law=law,
        now=now,
    )
    if not isinstance(opened, Opened):
        return
    then: Mapping[str, Callable[[], object]] = {
        "confirm": lambda: confirm(session, notice=notice, proof=opened.proof, keys=keys, now=now),
        "refuse": lambda: refuse(session, notice=notice, proof=opened.proof, keys=keys, now=now),
        "help": lambda: ask_for_help(
            session,
            vault=vault,
            notice=notice,
            proof=opened.proof,
            keys=keys,
            kind=Answer.HARDSHIP,
            words="工作有变动, 想先谈谈还款安排。",
            law=law,
            now=now,
        ),
    }
    if kind in then:
        then[kind]()


def second_fact(session: Session, vault: Vault, notice: Notice) -> dict[str, str]:
    """Return what the person knows: the end of their phone number, the year of birth, the case."""
    person = get_any(session, Person, notice.person_id)
    case = get_any(session, Case, notice.case_id)
    phones = [
        str(vault.read(person, point, "value"))
        for point in notices.contact_points(session, person.id, [ContactStatus.VALID])
        if point.kind is ContactKind.PHONE
    ]
    known = {
        Challenge.PHONE: phones[0][-4:] if phones else "",
        Challenge.BIRTH_YEAR: str(vault.read(person, person, "birth_year")),
        Challenge.CASE: "".join(one for one in case.number if one.isalnum())[-4:],
    }
    return {one: known[one] for one in challenges(session, vault=vault, notice=notice)}
