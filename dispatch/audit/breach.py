"""What an audit says: the profile that was asked, and each breach that was found."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Profile(StrEnum):
    """How much must be proven, and when."""

    ANNOUNCE = "announce"
    """Before a draft plan is stored: the notice can still be delivered in time, to this crew."""
    RELEASE = "release"
    """Before a plan is published: the notice is delivered, unexpired, and says what is planned."""
    EXECUTED = "executed"
    """After the day: what was done is what was announced."""


class Code(StrEnum):
    """Every breach that there is."""

    PACK = "pack"
    VISIT_REPEATED = "visit-repeated"
    FACT_UNKNOWN = "fact-unknown"
    NOT_AN_ADULT = "not-an-adult"
    DATA_AUDIT = "data-audit"
    DATE = "date"
    CALENDAR = "calendar"
    HOURS = "hours"
    STAY_LENGTH = "stay-length"
    PLACE = "place"
    PLACE_DIFFERS = "place-differs"
    CONSENT = "consent"
    HOLD = "hold"
    CAP = "cap"
    COOLING_OFF = "cooling-off"
    CONTACT_CAP = "contact-cap"
    QUIET_TIME = "quiet-time"
    SAME_DAY_CONTACT = "same-day-contact"
    OVERDUE = "overdue"
    REMOTE_FIRST = "remote-first"
    DEMAND = "demand"
    ABILITY = "ability"
    APPROVAL = "approval"
    GROUND = "ground"
    CREW_SIZE = "crew-size"
    CREW_REPEATED = "crew-repeated"
    CREW_PAPERS = "crew-papers"
    CREW_LANGUAGE = "crew-language"
    CREW_MIX = "crew-mix"
    CREW_HASH = "crew-hash"
    CREW_OVERLAP = "crew-overlap"
    RISK_CREW = "risk-crew"
    RISK_HOURS = "risk-hours"
    RISK_LAST = "risk-last"
    APPOINTMENT = "appointment"
    ANNOUNCED_WINDOW = "announced-window"
    WINDOW_LENGTH = "window-length"
    NOTICE_MISSING = "notice-missing"
    NOTICE_UNDELIVERED = "notice-undelivered"
    NOTICE_LATE = "notice-late"
    NOTICE_STALE = "notice-stale"
    NOTICE_EXPIRED = "notice-expired"
    NOTICE_DIFFERS = "notice-differs"
    NOTICE_LANGUAGE = "notice-language"
    NOTICE_NOT_WRITTEN = "notice-not-written"
    NOTICE_USED = "notice-used"
    NOT_RECORDED = "not-recorded"
    NOT_REPORTED = "not-reported"
    NOT_PUBLISHED = "not-published"
    DOOR_STEP_MISSING = "door-step-missing"
    DOOR_ORDER = "door-order"
    DOOR_CREW = "door-crew"
    DOOR_PLACE = "door-place"
    SLOW_TO_LEAVE = "slow-to-leave"
    WENT_INSIDE = "went-inside"
    TOLD_OTHERS = "told-others"


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One rule that one stay breaks."""

    code: Code
    visit_id: UUID | None
    """None where the day as a whole is at fault."""
    reference: str
    detail: str
    source: str
    """Instrument and article, or `Fairvisit` where the rule is the product's own."""
