"""Fills the page of law: what binds a branch today, and the changes before two persons."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from api.house import House
from api.law import pack_of
from api.pages.law_views import (
    CalendarView,
    ChangeView,
    HolidayView,
    LawGroup,
    LawPage,
    LawRule,
    PackView,
    RemovedView,
    RunView,
)
from api.pages.pack_words import difference_view
from api.pages.rule_words import rule_name, rule_value
from api.pages.views import BranchChoice, Page
from api.wording import Translator, translator
from dispatch.access.identity import Identity
from dispatch.clock import local_date
from dispatch.errors import PackInvalid
from dispatch.model import (
    Branch,
    CalendarReason,
    ChangeState,
    Holiday,
    HolidayClass,
    PackChange,
    Role,
)
from dispatch.policy.law import NOBODY
from dispatch.policy.pack import Pack, Value, effective, pack_text
from dispatch.reporting.calendar import AHEAD_DAYS, Noted, calendar_seen
from dispatch.reporting.packs import STOPS, PackSeen, packs_of
from dispatch.reporting.permissions import colleagues
from dispatch.store import branches, law

MOST: Final = 50
"""Changes on the page; older ones are in the evidence log."""

_GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "visits": ("visit", "person"),
    "contacts": ("contact", "call", "message"),
    "notice": ("notice", "language"),
    "door": ("crew", "risk", "cash", "recording"),
    "before": ("eligibility", "approval", "facts"),
    "after": ("holds", "care", "complaint", "retention"),
}
"""Groups of rules in the order of the page, and the first words of their parameters."""
_GROUP_OF: Final = {word: name for name, words in _GROUPS.items() for word in words}
_REST: Final = "after"
"""Where a rule is told that nobody has given a group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LawDesk:
    """Who looks at the law of which branch, and when."""

    session: Session
    house: House
    me: Identity
    branch: Branch
    page: Page
    now: datetime

    @property
    def words(self) -> Translator:
        """The reader's language, in the branch's time zone."""
        return translator(self.page.locale, self.branch.time_zone)

    @property
    def today(self) -> date:
        """The branch's date."""
        return local_date(self.branch.time_zone, self.now)


def law_page(desk: LawDesk) -> LawPage:
    """Return the page; a pack that can't be read is told on it."""
    view = LawPage(
        page=desk.page,
        branch=BranchChoice.of(desk.branch, desk.page.locale),
        branches=tuple(
            BranchChoice.of(one, desk.page.locale)
            for one in branches.page(desk.session, desk.me.scope, limit=200)
        ),
        today_on=desk.today,
        packs=(),
        groups=(),
        open_changes=(),
        past_changes=(),
        calendar=_calendar(desk),
        may_change=desk.me.role in {Role.ADMIN, Role.MANAGER},
    )
    try:
        pack = pack_of(desk.house, desk.branch)
    except PackInvalid as error:
        return _with_changes(replace(view, faults=faults_of(error)), desk, None)
    found = packs_of(desk.session, pack, on=desk.today)
    view = replace(
        view,
        packs=tuple(_pack(one, desk.words) for one in found),
        groups=_groups(effective(pack), desk),
        text=pack_text(pack.id, desk.house.settings.pack_folder) if view.may_change else "",
    )
    return _with_changes(view, desk, pack)


def _calendar(desk: LawDesk) -> CalendarView:
    found = calendar_seen(desk.session, desk.branch, scope=desk.me.scope, now=desk.now)
    return CalendarView(
        country=desk.branch.country,
        ahead_days=AHEAD_DAYS,
        runs=tuple(
            RunView(one.first_on, one.last_on, one.day_class or "unknown") for one in found.runs
        ),
        lines=tuple(_line(one, found.set_by.get(one.id)) for one in found.lines),
        removed=tuple(
            RemovedView(day_on, noted.name, noted.at, noted.reason)
            for day_on, noted in found.removed
        ),
        kinds=tuple(HolidayClass),
        reasons=tuple(CalendarReason),
    )


def _line(one: Holiday, noted: Noted | None) -> HolidayView:
    return HolidayView(
        id=one.id,
        day_on=one.day_on,
        name=one.name,
        kind=one.kind,
        set_by=noted.name if noted else None,
        set_at=noted.at if noted else None,
        reason=noted.reason if noted else None,
    )


def faults_of(error: PackInvalid) -> tuple[str, ...]:
    """Return what is wrong with a pack, one sentence each."""
    return tuple(map(str, error.extra.get("issues") or (error.detail,)))


def group_of(parameter: str) -> str:
    """Return the group in which a rule is told: ``law.group.*``."""
    return _GROUP_OF.get(parameter.split(".", maxsplit=1)[0], _REST)


def _pack(one: PackSeen, t: Translator) -> PackView:
    pack = one.pack
    return PackView(
        id=pack.id,
        version=pack.version,
        title=pack.title.get(t.locale) or pack.title["en"],
        jurisdiction=pack.jurisdiction,
        valid_from=pack.valid_from,
        valid_until=pack.valid_until,
        review_on=pack.review_on,
        signed_by=pack.signed_by.name if pack.signed_by else None,
        signed_on=pack.signed_by.signed_on if pack.signed_by else None,
        is_own=pack.is_own,
        is_beside=one.is_beside,
        concerns=one.concerns,
        stops=frozenset(one.concerns) & STOPS,
        rules=len(pack.values),
        unbinding=len(one.unbinding),
        overdue=len(one.overdue),
    )


def _groups(bound: Pack, desk: LawDesk) -> tuple[LawGroup, ...]:
    """Return the rules that bind, by what they are about."""
    told: defaultdict[str, list[LawRule]] = defaultdict(list)
    for parameter, value in bound.values.items():
        told[group_of(parameter)].append(_rule(parameter, value, desk))
    return tuple(LawGroup(name, tuple(told[name])) for name in _GROUPS if told[name])


def _rule(parameter: str, value: Value, desk: LawDesk) -> LawRule:
    source = value.source
    return LawRule(
        rule=rule_name(parameter, desk.words),
        value=rule_value(parameter, value.raw, desk.words),
        pack_id=source.pack_id,
        instrument=source.instrument,
        article=source.article,
        force=source.force,
        mark=source.mark,
        relaxable_by=None if source.relaxable_by == NOBODY else source.relaxable_by,
        review_on=source.review_on,
        is_overdue=source.review_on < desk.today,
    )


def _with_changes(view: LawPage, desk: LawDesk, pack: Pack | None) -> LawPage:
    rows = law.changes(desk.session, None, limit=MOST)
    people = {one for row in rows for one in (row.proposed_by, row.decided_by) if one}
    names = colleagues(desk.session, desk.branch, people)
    told = [_change(one, names, desk, pack) for one in rows]
    return replace(
        view,
        open_changes=_in_state(told, is_open=True),
        past_changes=_in_state(told, is_open=False),
    )


def _in_state(told: Sequence[ChangeView], *, is_open: bool) -> tuple[ChangeView, ...]:
    return tuple(one for one in told if (one.state == ChangeState.PROPOSED) is is_open)


def _change(
    one: PackChange, names: Mapping[UUID, str], desk: LawDesk, pack: Pack | None
) -> ChangeView:
    return ChangeView(
        id=one.id,
        pack_id=one.pack_id,
        version=one.pack_version,
        state=one.state,
        ground=one.ground,
        proposed_by=names.get(one.proposed_by),
        proposed_at=one.proposed_at,
        decided_by=names.get(one.decided_by) if one.decided_by else None,
        decided_at=one.decided_at,
        differences=tuple(difference_view(part, desk.words) for part in one.differences),
        is_own=one.proposed_by == desk.me.account_id,
        is_in_force=one.state is ChangeState.ADOPTED
        and pack is not None
        and pack.fingerprint == one.fingerprint,
    )
