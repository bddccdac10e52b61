"""The rules, in the order in which they are asked; each acts before planning."""

from typing import Final

from dispatch.policy.rules.approval import APPROVAL
from dispatch.policy.rules.base import Day, Finding, Rule
from dispatch.policy.rules.caps import CAPS, COOLING, SAME_DAY
from dispatch.policy.rules.contacts import CONTACTS
from dispatch.policy.rules.crew import CREW_MIX, CREW_PAPERS, CREW_SIZE
from dispatch.policy.rules.demand import DEMAND
from dispatch.policy.rules.eligibility import ABILITY, OVERDUE, REMOTE_FIRST
from dispatch.policy.rules.facts_known import ADULT, DATA_AUDIT, FACTS_KNOWN
from dispatch.policy.rules.holds import HOLDS
from dispatch.policy.rules.language import CREW_LANGUAGE, NOTICE_LANGUAGE
from dispatch.policy.rules.notice import ANSWER, NOTICE
from dispatch.policy.rules.place import PLACE
from dispatch.policy.rules.quiet import QUIET
from dispatch.policy.rules.risk import RISK_CREW, RISK_HOURS, RISK_LAST
from dispatch.policy.rules.window import CALENDAR, NOT_PAST, STAY_LENGTH, WINDOW

RULES: Final[tuple[Rule, ...]] = (
    FACTS_KNOWN,
    ADULT,
    PLACE,
    APPROVAL,
    OVERDUE,
    REMOTE_FIRST,
    DEMAND,
    ABILITY,
    CAPS,
    CONTACTS,
    COOLING,
    SAME_DAY,
    ANSWER,
    NOTICE_LANGUAGE,
    CREW_SIZE,
    CREW_PAPERS,
    CREW_MIX,
    CREW_LANGUAGE,
    RISK_CREW,
    RISK_LAST,
    STAY_LENGTH,
    CALENDAR,
    WINDOW,
    QUIET,
    RISK_HOURS,
    NOT_PAST,
    HOLDS,
    DATA_AUDIT,
    NOTICE,
)

__all__ = ["RULES", "Day", "Finding", "Rule"]
