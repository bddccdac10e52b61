"""Relief: what can be offered to somebody who is behind, within what they can afford.

A closed catalogue. Nothing in it is new borrowing, and nothing asks for more than the budget
leaves. How long instalments may run follows the longest term that a rule known to us allows
(five years, CN card rules art. 70).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from dispatch.errors import Invalid

LONGEST_MONTHS: Final = 60
SHORT_MONTHS: Final = 3
RESERVE: Final = Fraction(1, 5)
"""Share of what is left each month that stays with the person, for what nobody foresees."""

LARGEST: Final = 2**53 - 1


class Relief(StrEnum):
    """What may be offered; a closed list."""

    INSTALMENTS = "instalments"
    EXTENSION = "extension"
    DEFERRAL = "deferral"
    SPECIALIST = "specialist"


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """A month of the person's money, as they tell it, in minor units."""

    income: int
    essentials: int
    """Rent, food, energy, medicine, school, the way to work."""
    other_payments: int = 0
    """What is paid on other loans and by law."""

    def __post_init__(self) -> None:
        """Refuse amounts that can't be."""
        for name in ("income", "essentials", "other_payments"):
            if not 0 <= getattr(self, name) <= LARGEST:
                msg = f"The budget can't be right: {name} must be zero or more; ask again."
                raise Invalid(msg, [{"pointer": f"/body/budget/{name}", "message": msg}])

    @property
    def affordable(self) -> int:
        """What the person can pay each month and still live: what is left, less a reserve."""
        left = self.income - self.essentials - self.other_payments
        return int(max(0, left) * (1 - RESERVE))

    def as_told(self) -> dict[str, int]:
        """Return the budget as it is sealed."""
        return {
            "income": self.income,
            "essentials": self.essentials,
            "other_payments": self.other_payments,
        }

    @classmethod
    def of(cls, told: Mapping[str, int] | None) -> "Budget | None":
        """Return the budget that was sealed; None where none was told."""
        return cls(**told) if told else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliefOption:
    """One thing to offer, in minor units a month; zero where nothing is paid meanwhile."""

    relief: Relief
    months: int
    monthly: int


def relief_options(total: int, budget: Budget | None) -> tuple[ReliefOption, ...]:
    """Return what may be offered for an amount, the lightest way to pay all of it first.

    Parameters
    ----------
    total
        What is open, in minor units.
    budget
        None where nobody has asked: then only time and a specialist are offered, for no
        instalment can be called affordable.
    """
    if total <= 0:
        return ()
    time = ReliefOption(relief=Relief.DEFERRAL, months=SHORT_MONTHS, monthly=0)
    specialist = ReliefOption(relief=Relief.SPECIALIST, months=0, monthly=0)
    affordable = budget.affordable if budget else 0
    if affordable * LONGEST_MONTHS < total:
        return (time, specialist)
    months = -(-total // affordable)
    found = [ReliefOption(relief=Relief.INSTALMENTS, months=months, monthly=-(-total // months))]
    if months <= SHORT_MONTHS:
        found.append(ReliefOption(relief=Relief.EXTENSION, months=months, monthly=0))
    return (*found, time, specialist)
