"""Behind the borrower's link: what may be read and what is recorded, each in its own transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from fastapi import Request
from sqlmodel import Session

from api.house import House
from api.law import law_of
from api.pages.borrower_replies import Done, ReplyForm, record_reply
from dispatch.appointments.allowed import Answer
from dispatch.appointments.link import (
    LinkKeys,
    challenges,
    find_notice_by_token,
)
from dispatch.appointments.page import Opened, Shut, open_notice, show_again
from dispatch.appointments.slots import OfferedSlot, offer_slots
from dispatch.errors import Unauthenticated
from dispatch.model import Branch, Case, Notice, Visit
from dispatch.policy.pack import BASELINE, Pack, load_pack
from dispatch.store.rows import get_any

_UNKNOWN: Final = "The link is not open any more; ask for a new one, please."


@dataclass(frozen=True, slots=True)
class Door:
    """One request at a link."""

    request: Request
    link: str
    house: House
    now: datetime
    lang: str = ""

    @property
    def keys(self) -> LinkKeys:
        """Signs proofs and slots."""
        return LinkKeys.of(self.house.settings)

    def notice(self, session: Session) -> Notice | None:
        """Return the notice that the link belongs to."""
        return find_notice_by_token(session, self.link, now=self.now)

    def known(self, session: Session) -> Notice:
        """Return the notice of a link that was opened before.

        Raises
        ------
        Unauthenticated
            If the link opens no more.
        """
        notice = self.notice(session)
        if notice is None:
            raise Unauthenticated(_UNKNOWN)
        return notice

    def law(self, session: Session, notice: Notice | None) -> Pack:
        """Return what binds the notice's branch; the baseline for an unknown link."""
        if notice is None:
            return load_pack(BASELINE)
        return law_of(self.house, get_any(session, Branch, notice.branch_id))

    async def challenges(self) -> tuple[str, ...]:
        """Return the names of the facts to ask for."""

        def read(session: Session) -> tuple[str, ...]:
            return challenges(session, vault=self.house.vault, notice=self.notice(session))

        return await self.house.read(read)

    async def open(self, second_fact: Mapping[str, str]) -> Opened | Shut:
        """Return the appointment for the right facts; anything else is counted."""

        def write(session: Session) -> Opened | Shut:
            notice = self.notice(session)
            return open_notice(
                session,
                vault=self.house.vault,
                notice=notice,
                second_fact=second_fact,
                keys=self.keys,
                law=self.law(session, notice),
                now=self.now,
            )

        return await self.house.write(write)

    async def again(self, proof: str) -> Opened:
        """Return the appointment to somebody who gave the facts a short while ago."""

        def write(session: Session) -> Opened:  # the person's rows are held meanwhile
            notice = self.known(session)
            return show_again(
                session,
                vault=self.house.vault,
                notice=notice,
                proof=proof,
                keys=self.keys,
                law=self.law(session, notice),
                now=self.now,
            )

        return await self.house.write(write)

    async def case(self) -> Case:
        """Return the case that the link is about, for the record of reading."""
        return await self.house.read(
            lambda session: get_any(session, Case, self.known(session).case_id)
        )

    async def slots(self, found: Opened) -> tuple[OfferedSlot, ...]:
        """Return other times on offer; none where the visit can't be moved."""
        if Answer.MOVE not in found.answers:
            return ()

        def read(session: Session) -> tuple[OfferedSlot, ...]:
            notice = self.known(session)
            branch = get_any(session, Branch, notice.branch_id)
            return offer_slots(
                session,
                vault=self.house.vault,
                visit=get_any(session, Visit, notice.visit_id),
                branch=branch,
                law=law_of(self.house, branch),
                roads=self.house.roads,
                keys=self.keys,
                now=self.now,
            )

        return await self.house.read(read)


@dataclass(frozen=True, slots=True)
class Links:
    """Records answers that come by a link."""

    door: Door

    async def record(self, form: ReplyForm) -> Done:
        """Store an answer, all or nothing, and return what was recorded."""
        door = self.door

        def write(session: Session) -> Done:
            notice = door.known(session)
            return record_reply(
                session,
                form,
                notice=notice,
                vault=door.house.vault,
                keys=door.keys,
                law=door.law(session, notice),
                base_url=door.house.settings.base_url,
                now=door.now,
                time_zone=get_any(session, Branch, notice.branch_id).time_zone,
            )

        return await door.house.write(write)
