"""Why a visit is made: the decision record as a page, for managers and whoever checks on them."""

from typing import Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlmodel import Session

from api.deps import Me, Read, SeenDep
from api.pages.decision_views import DecisionMissing, DecisionPage, RuleView
from api.pages.page import page_of, shown
from api.pages.rule_words import rule_value
from api.pages.views import Page, Sentence
from api.router import router
from api.wording import Translator, translator
from dispatch.model import Branch, Case, Visit
from dispatch.policy.why import RuleCited, Tried
from dispatch.store.decisions import Decision, decision_of
from dispatch.store.risks import risks_of
from dispatch.store.rows import get, get_any

routes = router("/decisions", is_page=True)

_UNKNOWN: Final = "—"
_WORDED: Final = {"ability": "ability", "willingness": "willingness", "place_kind": "place"}
"""Facts whose value is a code, and the section of the catalogue that words it."""
_NOT_YET: Final = frozenset({"appointment", "notice"})
"""Facts that no decision can rest on: they come after it."""


@routes.get("/{visit_id}")
def show_decision(
    request: Request, visit_id: UUID, session: Read, me: Me, seen: SeenDep
) -> Response:
    """Return why a visit is made, as it was decided."""
    visit = get(session, Visit, visit_id, me.scope)
    found = decision_of(session, visit)
    zone = get_any(session, Branch, visit.branch_id).time_zone
    page = page_of(request, me, time_zone=zone)
    if found is None:  # decided before there were records: the link leads somewhere all the same
        return shown("decision_missing.html", missing_for(page, visit))
    seen.note(get_any(session, Case, visit.case_id))
    risks = risks_of(session, {visit.place_id}).get(visit.place_id, ())
    return shown("decision.html", page_for(page, visit, found, risks))


def decided_in_short(session: Session, visit: Visit) -> tuple[Sentence, ...]:
    """Return why a visit is made, as far as its crew needs it: what was tried, and how often."""
    found = decision_of(session, visit)
    if found is None:
        return (Sentence("decision.not_recorded"),)
    before = dict(found.why.facts).get("earlier_visits", _UNKNOWN)
    visits = (
        Sentence("decision.visits_before", {"count": int(before)}) if before.isdigit() else None
    )
    tried = _tried(found.why.tried) or (Sentence("decision.tried_none"),)
    return (*tried, visits) if visits else tried


def missing_for(page: Page, visit: Visit) -> DecisionMissing:
    """Return the page of a visit whose decision was never recorded in full."""
    return DecisionMissing(
        page=page,
        reference=visit.reference,
        branch_id=visit.branch_id,
        service_on=visit.service_date.isoformat() if visit.service_date else None,
    )


def page_for(
    page: Page, visit: Visit, found: Decision, risks: tuple[str, ...] = ()
) -> DecisionPage:
    """Return the page of a decision; `risks` are the flags that stand on the place today."""
    why = found.why
    return DecisionPage(
        page=page,
        visit_id=visit.id,
        case_id=visit.case_id,
        reference=visit.reference,
        branch_id=visit.branch_id,
        service_on=visit.service_date.isoformat() if visit.service_date else None,
        ground=why.ground,
        approver_name=found.approver_name,
        decided_at=why.approved_at,
        facts=tuple(
            (name, _fact(name, value, page.locale))
            for name, value in why.facts
            if name not in _NOT_YET
        ),
        tried=_tried(why.tried),
        rules=_rules(why.rules, translator(page.locale)),
        pack=f"{why.pack_id} {why.pack_version}",
        risks=risks,
        chain=found.chain,
        sequence=found.sequence,
        hash=found.hash,
        is_intact=found.is_intact,
        agrees=found.agrees,
    )


def _fact(name: str, value: str, locale: str) -> str:
    t = translator(locale)
    key = f"{_WORDED.get(name, '')}.{value}"
    return t(key) if name in _WORDED and t.has(key) else value


def _tried(ways: tuple[Tried, ...]) -> tuple[Sentence, ...]:
    return tuple(
        Sentence(f"decision.tried.{one.channel}", {"count": one.tries, "reached": one.reached})
        for one in ways
    )


def _rules(cited: tuple[RuleCited, ...], t: Translator) -> tuple[RuleView, ...]:
    """Return each parameter once: several rules may read the same."""
    told: dict[str, RuleView] = {}
    for one in cited:
        told.setdefault(
            one.parameter,
            RuleView(
                rule=one.parameter,
                value=rule_value(one.parameter, one.value, t),
                instrument=one.instrument,
                article=one.article,
                url=one.url,
                force=one.force,
                mark=one.mark,
            ),
        )
    return tuple(told.values())
