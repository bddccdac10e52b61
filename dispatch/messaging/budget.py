"""The fuse: how much may leave in a day, whoever asked for it. Above it nothing goes, and somebody is told.

Caps of the law bind contacts with a person. This is for faults and attacks: a loop that drafts
notices without end, or a key in wrong hands.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlmodel import Session

from dispatch.clock import local_date
from dispatch.messaging.settle import ACTOR
from dispatch.model import Branch, Notice, NoticeChannel
from dispatch.settings import Settings
from dispatch.store.incidents import open_alert

A_DAY: Final = timedelta(days=1)

WAITS: Final = timedelta(hours=1)
"""After so long a notice is looked at again that was one too many."""

REACHED: Final = "message-cap-reached"
"""The alert about it."""


@dataclass(slots=True)
class Budget:
    """What left in the last 24 hours, and what may."""

    settings: Settings
    spent: Counter[tuple[UUID, str]]
    """Tries by branch and channel."""

    def reached(self, notice: Notice, *, to_person: int) -> str | None:
        """Return the cap that one more message would exceed; None if there is none."""
        settings = self.settings
        if to_person >= settings.messages_person_most:
            return "person"
        branch = sum(n for (owner, _), n in self.spent.items() if owner == notice.branch_id)
        if branch >= settings.messages_branch_most:
            return "branch"
        most = settings.messages_cost_most
        if most is not None and self.cost + self._price(str(notice.channel)) > most:
            return "cost"
        return None

    def spend(self, notice: Notice) -> None:
        """Count a message that is about to leave."""
        self.spent[notice.branch_id, str(notice.channel)] += 1

    @property
    def cost(self) -> float:
        """What the messages cost, in the currency of the prices."""
        return sum(number * self._price(channel) for (_, channel), number in self.spent.items())

    def _price(self, channel: str) -> float:
        prices: Mapping[str, float] = {
            NoticeChannel.SMS: self.settings.messages_sms_cost,
            NoticeChannel.EMAIL: self.settings.messages_email_cost,
        }
        return prices.get(channel, 0.0)


def tell_reached(
    session: Session, branch: Branch, cap: str, *, settings: Settings, now: datetime
) -> None:
    """Alert that a cap stopped a branch's messages, once a day."""
    on = local_date(branch.time_zone, now)
    open_alert(
        session,
        branch_id=branch.id,
        kind=REACHED,
        source_id=uuid5(NAMESPACE_URL, f"{branch.id}/{cap}/{on}"),
        actor=ACTOR,
        now=now,
        facts={"cap": cap, "most": _most(cap, settings)},
    )


def _most(cap: str, settings: Settings) -> float | None:
    return {
        "person": settings.messages_person_most,
        "branch": settings.messages_branch_most,
        "cost": settings.messages_cost_most,
    }[cap]
