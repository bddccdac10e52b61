"""The file of a case as it goes out: whether its data is sound, and every contact about it."""

from datetime import date
from uuid import UUID

from api.schemas.schema import Instant, Schema
from dispatch.eligibility.data_audit import DataIssue
from dispatch.model import AppointmentState, RiskKind
from dispatch.reporting.timeline import What
from dispatch.reporting.visit_sheet import VisitSheet


class DataAuditOut(Schema):
    """Whether a case's data is sound enough to think of a visit."""

    is_valid: bool
    audited_until: Instant | None
    issues: list[DataIssue]


class TimelineEntryOut(Schema):
    """One contact; never what was said."""

    at: Instant
    what: What
    channel: str
    result: str
    case_id: UUID | None
    is_from_person: bool


class VisitSheetOut(Schema):
    """A visit as it is planned; no name of the person, no address, no amount."""

    visit_id: UUID
    reference: str
    purpose: str
    place_kind: str
    languages: list[str]
    appointment: AppointmentState | None
    on: date | None
    window_from_at: Instant | None
    window_until_at: Instant | None
    crew: list[str]
    options: list[str]
    materials: list[str]
    risks: list[RiskKind]
    longest_stay_minutes: int
    cash: bool
    recording: str

    @classmethod
    def of(cls, sheet: VisitSheet) -> "VisitSheetOut":
        """Return the sheet as it goes out."""
        own = {"visit_id", "reference", "purpose"}
        return cls(
            visit_id=sheet.visit.id,
            reference=sheet.visit.reference,
            purpose=sheet.visit.purpose,
            **{name: getattr(sheet, name) for name in set(cls.model_fields) - own},
        )
