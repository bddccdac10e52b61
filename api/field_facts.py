"""How a fact from a phone comes in: its bytes as they came, who sent them, the day as it is now."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Protocol
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import JSONResponse, Response

from api.deps import HouseDep, Me, Now, VaultDep, Write
from api.problems import answer
from api.schemas.field import ItineraryOut, ReceiptOut
from dispatch.access.reads import note_reads
from dispatch.errors import Invalid, OutcomeDiffers
from dispatch.fieldwork.device import seen_device
from dispatch.fieldwork.itinerary import Itinerary, cases_of, itinerary
from dispatch.fieldwork.payloads import Replay
from dispatch.model import Account, Device, Visit
from dispatch.store.rows import get_any

DIFFERS = (
    "Another report is on record under this id; both are kept, and a person looks at them. "
    "Send a correction as a report of its own that names the first."
)


async def _raw(request: Request) -> bytes:
    return await request.body()


Raw = Annotated[bytes, Depends(_raw)]


class Stored(Protocol):
    """A stored fact."""

    id: UUID
    visit_id: UUID
    raw_hash: str


@dataclass(frozen=True, slots=True)
class Desk:
    """What taking in a fact needs: the transaction, the bytes, and who sent them."""

    request: Request
    session: Write
    raw: bytes
    account: Account
    vault: VaultDep
    house: HouseDep
    now: Now

    def device(self, device_id: UUID | None) -> Device | None:
        """Return the account's device of this id, known from its first fact on."""
        return seen_device(self.session, device_id=device_id, account=self.account, now=self.now)

    def take(
        self, path_id: UUID, body_id: UUID | None, store: Callable[[], tuple[Stored, Replay]]
    ) -> Response:
        """Store a fact and answer with its receipt: 201 new, 200 the same again, 409 other bytes.

        Raises
        ------
        Invalid
            If the body names another id than the address.
        """
        if body_id is not None and body_id != path_id:
            msg = "The body names another id than the address; send each fact under its own."
            raise Invalid(msg, [{"pointer": "/body/id", "message": msg}])
        fact, replay = store()
        if replay is Replay.DIFFERS:  # returned, not raised: the other bytes must stay stored
            return answer(self.request, OutcomeDiffers(DIFFERS, id=str(fact.id)))
        shown = self._day(fact)
        # In this transaction: a writer of its own would wait for it.
        note_reads(
            self.session,
            cases=cases_of(self.session, shown),
            actor=f"account:{self.account.id}",
            now=self.now,
        )
        receipt = ReceiptOut(
            id=fact.id, hash=fact.raw_hash, itinerary=ItineraryOut.model_validate(shown)
        )
        status = 201 if replay is Replay.CREATED else 200
        return JSONResponse(receipt.model_dump(mode="json"), status)

    def _day(self, fact: Stored) -> Itinerary:
        visit = get_any(self.session, Visit, fact.visit_id)
        assert self.account.agent_id is not None  # noqa: S101  the use case saw to it
        return itinerary(
            self.session,
            vault=self.vault,
            agent_id=self.account.agent_id,
            on=visit.service_date,
            now=self.now,
        )


def _desk(
    request: Request,
    session: Write,
    raw: Raw,
    me: Me,
    vault: VaultDep,
    house: HouseDep,
    now: Now,
) -> Desk:
    account = get_any(session, Account, me.account_id)
    return Desk(request, session, raw, account, vault, house, now)


DeskDep = Annotated[Desk, Depends(_desk)]
