"""Assessments as they come in and go out, and what may be offered within a budget."""

from typing import Annotated, Any

from pydantic import Field

from api.schemas.schema import Instant, Schema, Words
from dispatch.model import Ability, ArrearsReason, Assessment, ReasonClass, Willingness
from dispatch.model.arrears import CLASSES
from dispatch.policy.relief import LARGEST, Budget, Relief, ReliefOption

Minor = Annotated[int, Field(ge=0, le=LARGEST)]


class BudgetIn(Schema):
    """A month of the person's money, in minor units, as they tell it."""

    income: Minor
    essentials: Minor
    other_payments: Minor = 0

    def budget(self) -> Budget:
        """Return the budget for the use case."""
        return Budget(**self.model_dump())


class BudgetOut(Schema):
    """A budget, and what it leaves to pay from each month."""

    income: int
    essentials: int
    other_payments: int
    affordable: int


class AssessmentIn(Schema):
    """What was learnt; of an unwilling person the evidence too."""

    reason: ArrearsReason
    ability: Ability
    willingness: Willingness
    evidence: Words = ""
    budget: BudgetIn | None = None

    def given(self) -> dict[str, Any]:
        """Return the fields for the use case."""
        told = self.model_dump(exclude={"budget"})
        return {**told, "budget": self.budget.budget() if self.budget else None}


class AssessmentOut(Schema):
    """What was learnt, by whom, when and on what."""

    reason: ArrearsReason
    reason_class: ReasonClass
    ability: Ability
    willingness: Willingness
    assessed_by: str
    assessed_at: Instant
    evidence: str | None
    budget: BudgetOut | None

    @classmethod
    def of(cls, row: Assessment, note: dict[str, Any] | None) -> "AssessmentOut":
        """Return an assessment with its opened note."""
        budget = Budget.of(note["budget"]) if note else None
        return cls(
            **row.model_dump(include=set(cls.model_fields)),
            reason_class=CLASSES[row.reason],
            evidence=(note["evidence"] or None) if note else None,
            budget=BudgetOut(**budget.as_told(), affordable=budget.affordable) if budget else None,
        )


class ReliefOptionOut(Schema):
    """One thing to offer, in minor units a month."""

    relief: Relief
    months: int
    monthly_minor: int


class ReliefOut(Schema):
    """What may be offered to the person of a case, and the bound that it keeps."""

    currency: str
    total_minor: int
    affordable_minor: int | None
    options: list[ReliefOptionOut]

    @classmethod
    def of(
        cls, currency: str, total: int, budget: Budget | None, options: tuple[ReliefOption, ...]
    ) -> "ReliefOut":
        """Return the catalogue as it goes out."""
        return cls(
            currency=currency,
            total_minor=total,
            affordable_minor=budget.affordable if budget else None,
            options=[
                ReliefOptionOut(relief=one.relief, months=one.months, monthly_minor=one.monthly)
                for one in options
            ],
        )
