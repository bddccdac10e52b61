"""Language: what the person is told, on paper and at the door, is in a language that they chose."""

from collections.abc import Iterable

from dispatch.policy.facts import VisitFacts
from dispatch.policy.pack import Pack
from dispatch.policy.rules.base import Day, Finding, Rule, finding
from dispatch.policy.rules.notice import live_notice


def speaks(language: str | None, languages: Iterable[str]) -> bool:
    """Whether a language is one of several, whatever its region or script: zh-CN is zh."""
    return base_of(language) in {base_of(name) for name in languages} - {""}


def base_of(language: str | None) -> str:
    """Return `zh` of `zh-CN`; empty where there is none."""
    return (language or "").strip().partition("-")[0].lower()


def _written(visit: VisitFacts, law: Pack, _day: Day) -> Finding | None:
    notice = live_notice(visit)
    if not base_of(visit.language):
        return None
    if notice is None:
        is_understood = visit.is_language_written is True
    else:
        is_understood = speaks(visit.language, [notice.language or ""])
    if is_understood:
        return None
    return finding("notice-language", law, "language.of_notice")


def _spoken(visit: VisitFacts, law: Pack, day: Day) -> Finding | None:
    if day.crew is None or not base_of(visit.language):
        return None
    if any(speaks(visit.language, member.languages) for member in day.crew):
        return None
    return finding("crew-language", law, "language.at_door")


NOTICE_LANGUAGE = Rule(code="notice-language", parameters=("language.of_notice",), check=_written)
CREW_LANGUAGE = Rule(code="crew-language", parameters=("language.at_door",), check=_spoken)
