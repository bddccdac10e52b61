"""Arrears: why somebody is behind, by a closed list; can't pay is kept apart from won't pay."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class ArrearsReason(StrEnum):
    """Why payments are late, as the person or the lender told it."""

    JOB_LOSS = "job_loss"
    ILLNESS = "illness"
    BEREAVEMENT = "bereavement"
    FAMILY_CHANGE = "family_change"
    BUSINESS_LOSS = "business_loss"
    DISASTER = "disaster"
    INCOME_IRREGULAR = "income_irregular"
    OVER_INDEBTED = "over_indebted"
    COSTS_ROSE = "costs_rose"
    MONEY_MANAGEMENT = "money_management"
    MISSED_REMINDER = "missed_reminder"
    MOVED_OR_NEW_NUMBER = "moved_or_new_number"
    NOT_AWARE = "not_aware"
    DISAGREES = "disagrees"
    DOES_NOT_WISH_TO_PAY = "does_not_wish_to_pay"
    OTHER = "other"
    UNKNOWN = "unknown"


class ReasonClass(StrEnum):
    """What kind of reason it is, and so what helps."""

    CANNOT_PAY = "cannot_pay"
    """Help, relief and time; never a visit to press."""
    SLIPPED = "slipped"
    """A reminder and information are enough."""
    DISAGREES = "disagrees"
    """The account is checked first."""
    WILL_NOT_PAY = "will_not_pay"
    """Only on evidence: nobody is put here by a guess."""
    NOT_KNOWN = "not_known"


_R, _K = ArrearsReason, ReasonClass

CLASSES: Final[Mapping[ArrearsReason, ReasonClass]] = {
    _R.JOB_LOSS: _K.CANNOT_PAY,
    _R.ILLNESS: _K.CANNOT_PAY,
    _R.BEREAVEMENT: _K.CANNOT_PAY,
    _R.FAMILY_CHANGE: _K.CANNOT_PAY,
    _R.BUSINESS_LOSS: _K.CANNOT_PAY,
    _R.DISASTER: _K.CANNOT_PAY,
    _R.INCOME_IRREGULAR: _K.CANNOT_PAY,
    _R.OVER_INDEBTED: _K.CANNOT_PAY,
    _R.COSTS_ROSE: _K.CANNOT_PAY,
    _R.MONEY_MANAGEMENT: _K.SLIPPED,
    _R.MISSED_REMINDER: _K.SLIPPED,
    _R.MOVED_OR_NEW_NUMBER: _K.SLIPPED,
    _R.NOT_AWARE: _K.SLIPPED,
    _R.DISAGREES: _K.DISAGREES,
    _R.DOES_NOT_WISH_TO_PAY: _K.WILL_NOT_PAY,
    _R.OTHER: _K.NOT_KNOWN,
    _R.UNKNOWN: _K.NOT_KNOWN,
}
