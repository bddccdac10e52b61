"""Referrals: where people are sent for help; what is known of a country, and the branch's own list.

What the product ships names no number that nobody found: an entry without one says so, and the
branch adds its own, each with who checked it and when.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Any

import yaml
from sqlmodel import Session

from dispatch.clock import local_date
from dispatch.model import Account, Branch, SupportReferral, SupportTopic, record
from dispatch.store import care


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one sort of help in a country: with mark N nothing was found."""

    topic: SupportTopic
    name: str | None
    contact: str | None
    mark: str


@cache
def shipped() -> Mapping[str, tuple[Known, ...]]:
    """Return what the product itself knows, by country."""
    file = resources.files("dispatch.care").joinpath("support.yaml")
    told: dict[str, dict[str, dict[str, Any]]] = yaml.safe_load(file.read_text("utf-8"))
    return {
        country: tuple(
            Known(SupportTopic(topic), entry["name"], entry["contact"], entry["mark"])
            for topic, entry in topics.items()
        )
        for country, topics in told.items()
    }


def shown_referrals(session: Session, *, branch: Branch, now: datetime) -> list[SupportReferral]:
    """Return the branch's entries to which people may be sent today."""
    today = local_date(branch.time_zone, now)
    return [one for one in care.referrals(session, branch.id) if one.is_shown(today)]


def missing_topics(session: Session, *, branch: Branch, now: datetime) -> list[SupportTopic]:
    """Return the sorts of help for which the branch has no entry that may be shown."""
    there = {one.topic for one in shown_referrals(session, branch=branch, now=now)}
    there |= {one.topic for one in shipped().get(branch.country, ()) if one.contact}
    return [topic for topic in SupportTopic if topic not in there]


def add_referral(
    session: Session,
    *,
    branch: Branch,
    topic: SupportTopic,
    name: str,
    contact: str,
    language: str,
    source: str,
    checked_on: date,
    by: Account,
    now: datetime,
) -> SupportReferral:
    """Put an entry on the branch's list.

    Raises
    ------
    Invalid
        If nobody can have checked it on that day.
    """
    referral = SupportReferral(
        branch_id=branch.id,
        topic=topic,
        name=name,
        contact=contact,
        language=language,
        source=source,
        checked_on=checked_on,
        added_by=by.id,
        added_at=now,
    )
    referral.check(today=local_date(branch.time_zone, now))
    session.add(referral)
    session.flush()
    record(
        referral, "referral.added", actor=f"account:{by.id}", now=now, topic=topic, source=source
    )
    return referral


def remove_referral(
    session: Session, *, referral: SupportReferral, actor: str, now: datetime
) -> None:
    """Take an entry off the list; again changes nothing."""
    if referral.removed_at is None:
        referral.removed_at = now
        session.add(referral)
        record(referral, "referral.removed", actor=actor, now=now)
