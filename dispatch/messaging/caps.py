"""Caps where contacts are made: messages wait for a day that has room, calls are not listed."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from sqlmodel import Session

from dispatch.clock import local_date
from dispatch.model import Branch, Notice, NoticeChannel, Visit
from dispatch.policy.calls import call_permitted
from dispatch.policy.facts import VisitFacts
from dispatch.policy.law import law_for
from dispatch.policy.pack import Pack
from dispatch.policy.rules.contacts import cap_reached
from dispatch.store import days, facts
from dispatch.store.rows import get_any


def open_days(notice: Notice, known: VisitFacts, own: Pack) -> Callable[[date], bool]:
    """Return whether a notice may leave on a local date, as far as the person's caps go.

    What counts is every contact of the person, whichever loan, agency or channel it was, and the
    visit that the notice tells of.

    Parameters
    ----------
    known
        The facts of the visit that the notice is about.
    own
        The law of that visit.
    """
    to_come = (known.notice.date_on,) if known.notice is not None else ()
    return lambda on: (
        cap_reached(known, own, on, channel=str(notice.channel), to_come=to_come) is None
    )


def may_be_brought(session: Session, notice: Notice, *, law: Pack, now: datetime) -> bool:
    """Whether somebody may bring a notice at this moment: by phone, if it goes by phone."""
    branch, known, own = _bound(session, notice, law, now)
    today = local_date(branch.time_zone, now)
    if notice.channel is not NoticeChannel.PHONE_DESK:
        return open_days(notice, known, own)(today)
    one = timedelta(days=1)
    calendar = days.calendar_of(session, branch, from_on=today - one, to_on=today + one)
    return call_permitted(known, own, now=now, calendar=calendar.at(known.region))


def _bound(
    session: Session, notice: Notice, law: Pack, now: datetime
) -> tuple[Branch, VisitFacts, Pack]:
    """Return the branch, the facts and the law of the visit that a notice is about."""
    branch = get_any(session, Branch, notice.branch_id)
    visit = get_any(session, Visit, notice.visit_id)
    today = local_date(branch.time_zone, now)
    known = facts.visit_facts(session, [visit], branch, on=today)[visit.id]
    return branch, known, law_for(law, known, on=today, now=now)
