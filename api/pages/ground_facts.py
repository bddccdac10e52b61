"""What speaks for a visit, in the reader's words: what was tried, and what came before."""

from datetime import datetime, timedelta
from typing import Final

from api.pages.views import Sentence
from api.wording import Translator
from dispatch.clock import local_date
from dispatch.policy.facts import VisitFacts

_RECENT: Final = timedelta(days=30)


def ground_facts(known: VisitFacts, t: Translator, *, now: datetime) -> tuple[Sentence, ...]:
    """Return everything that a human who decides on a visit looks at."""
    told: list[Sentence] = []
    if known.dpd is not None:
        told.append(Sentence("ground_fact.past_due", {"count": known.dpd}))
    told += tries_of(known, t)
    if known.ability is not None:
        told.append(Sentence("ground_fact.ability", {"ability": t(f"ability.{known.ability}")}))
    told += visits_of(known, t, now=now)
    if not known.holds:
        told.append(Sentence("ground_fact.no_hold"))
    return tuple(told)


def tries_of(known: VisitFacts, t: Translator) -> list[Sentence]:
    """Return how often milder ways were tried for this loan, and whether anybody was reached."""
    contacts = known.contacts or ()
    tries = [
        one
        for one in contacts
        if one.case_id == known.case_id
        and one.channel != "visit"
        and one.is_genuine
        and not one.by_borrower
    ]
    told = []
    if tries:
        counted = {
            "count": len(tries),
            "days": len({local_date(t.time_zone, one.at) for one in tries}),
            "channels": len({one.channel for one in tries}),
        }
        told.append(Sentence("ground_fact.attempts", counted))
    spoken = [one.at for one in contacts if one.result == "right_party"]
    if spoken:
        told.append(Sentence("ground_fact.last_contact", {"day": t.short_day(max(spoken))}))
    else:
        told.append(Sentence("ground_fact.never_reached"))
    return told


def visits_of(known: VisitFacts, t: Translator, *, now: datetime) -> list[Sentence]:
    """Return how often the person was visited before."""
    made = [one for one in known.visits or () if one.at <= now]
    if not made:
        return [Sentence("ground_fact.first_visit")]
    last = max(one.at for one in made)
    if now - last > _RECENT:
        return [Sentence("ground_fact.earlier_visits", {"count": len(made)})]
    told = {"count": len(made), "day": t.short_day(last)}
    return [Sentence("ground_fact.recent_visits", told)]
