"""Sample views of the pages of permissions, in every standing that shows other words."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from api.pages import permission_views, views
from api.pages.rule_form import controls_of
from api.pages.rule_words import rule_name, rule_value
from api.pages.views import Sentence
from api.wording import translator
from dispatch.policy.pack import load_pack
from dispatch.reporting.permissions import Standing

NAMESPACE = UUID("6f1a3c1e-3f0b-4b5e-9b1f-2d9a51f0c002")
AT = datetime(2026, 11, 24, 1, tzinfo=UTC)


def an_id(name: object) -> UUID:
    return uuid5(NAMESPACE, str(name))


def a_consent(standing: str, locale: str) -> permission_views.ConsentView:
    zh, is_over = locale == "zh-CN", standing == Standing.WITHDRAWN
    return permission_views.ConsentView(
        id=an_id(f"consent-{standing}"),
        standing=standing,
        place_kind=None if is_over else "workplace",
        neighbourhood=None if is_over else "银杏路" if zh else "Ginkgo Road",
        given_at=AT,
        given_by="in_person" if is_over else "phone",
        taken_by=None if is_over else "林悦" if zh else "Lin Yue",
        taken_at=AT,
        withdrawn_by="林悦" if zh else "Lin Yue",
        withdrawn_at=AT if is_over else None,
        effect=None if is_over else Sentence("permission.consent_effect.only_if_chosen"),
    )


def a_relaxation(standing: str, locale: str, **changes: Any) -> permission_views.RelaxationView:
    zh, t = locale == "zh-CN", translator(locale)
    counts = standing not in {Standing.OVER, Standing.WITHDRAWN}
    view = permission_views.RelaxationView(
        id=an_id(f"relaxation-{standing}-{changes}"),
        standing=standing,
        rule=rule_name("cash.forbidden", t),
        giver="lender",
        given_at=AT,
        until=Sentence("permission.until.withdrawn"),
        ground="机构来函，与合同一并存放。" if zh else "A letter, kept with the contract.",
        first_name="林悦" if zh else "Lin Yue",
        recorded_at=AT,
        second_name=None,
        decided_at=None if standing == Standing.WAITING else AT,
        withdrawn_by=None,
        withdrawn_at=AT if standing == Standing.WITHDRAWN else None,
        value=rule_value("cash.forbidden", raw=False, t=t),
        before=rule_value("cash.forbidden", raw=True, t=t) if counts else None,
        after=rule_value("cash.forbidden", raw=False, t=t) if counts else None,
        is_felt=counts,
    )
    return replace(view, **changes)


def a_loosen_form(parameter: str, locale: str) -> permission_views.LoosenForm:
    t = translator(locale)
    raw = {
        "visit.caps": [{"scope": "person", "visits": 1, "days": 30}],
        "recording.audio": "announced",
        "cash.forbidden": True,
        "crew.min": 2,
    }.get(parameter)
    raw = load_pack("cn").get(parameter) if raw is None else raw
    return permission_views.LoosenForm(
        parameter=parameter,
        rule=rule_name(parameter, t),
        value=rule_value(parameter, raw, t),
        givers=("borrower", "contract", "court", "lender"),
        controls=controls_of(parameter, raw, t),
    )


def a_permissions(
    page: views.Page, branch: views.BranchChoice
) -> permission_views.PermissionsPage:
    locale = page.locale
    return permission_views.PermissionsPage(
        page=page,
        branch=branch,
        branches=(branch,),
        case_id=an_id("case"),
        reference="7K2M9QXD",
        consents=tuple(
            a_consent(one, locale)
            for one in (Standing.IN_FORCE, Standing.TO_COME, Standing.WITHDRAWN)
        ),
        relaxations=(
            *(a_relaxation(one, locale) for one in Standing),
            a_relaxation(Standing.WAITING, locale, is_own=True),
            a_relaxation(Standing.IN_FORCE, locale, is_felt=False),
            a_relaxation(
                Standing.IN_FORCE,
                locale,
                until=Sentence("permission.until.day", {"day": translator(locale).dated(AT)}),
            ),
        ),
        quiet=(permission_views.QuietView("tue", "13:00", "00:00"),),
        quiet_by=None,
        quiet_at=AT,
        places=(permission_views.PlaceChoice(an_id("place"), "residence", None),),
        ways=("email", "in_person", "letter", "page", "phone"),
        forms=tuple(
            a_loosen_form(one, locale)
            for one in (
                "visit.windows.residence",
                "visit.places",
                "visit.caps",
                "recording.never",
                "recording.audio",
                "cash.forbidden",
                "crew.min",
            )
        ),
        may_change=True,
        now_local="2026-11-24T09:00",
    )


def a_line(standing: str, locale: str) -> permission_views.RelaxationLine:
    return permission_views.RelaxationLine(
        case_id=an_id("case"),
        reference="7K2M9QXD",
        rule=rule_name("cash.forbidden", translator(locale)),
        giver="court",
        first_name=None,
        recorded_at=AT,
        until=Sentence("permission.until.moment", {"at": translator(locale).dated_moment(AT)}),
        standing=standing,
        is_own=standing == Standing.WAITING,
    )


def a_branch_s_permissions(
    page: views.Page, branch: views.BranchChoice
) -> permission_views.BranchPermissionsPage:
    return permission_views.BranchPermissionsPage(
        page=page,
        branch=branch,
        branches=(branch,),
        waiting=(a_line(Standing.WAITING, page.locale),),
        standing=(a_line(Standing.IN_FORCE, page.locale), a_line(Standing.TO_COME, page.locale)),
        missing="7K2M9QXX",
    )


def samples(page: views.Page, branch: views.BranchChoice) -> dict[str, tuple[str, Any]]:
    """Every state of the pages, by a name for the test's report."""
    full, listed = a_permissions(page, branch), a_branch_s_permissions(page, branch)
    return {
        "permissions": ("permissions.html", full),
        "permissions-read-only": (
            "permissions.html",
            replace(full, may_change=False, places=(), ways=(), forms=()),
        ),
        "permissions-empty": (
            "permissions.html",
            replace(full, consents=(), relaxations=(), quiet=(), quiet_at=None, forms=()),
        ),
        "permissions-branch": ("permissions_branch.html", listed),
        "permissions-branch-empty": (
            "permissions_branch.html",
            replace(listed, waiting=(), standing=(), missing=None),
        ),
    }
