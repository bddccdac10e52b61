"""Reports of imported files as they go out."""

from uuid import UUID

from api.schemas.schema import Schema
from dispatch.intake.report import ImportReport


class ImportIssueOut(Schema):
    """One thing that is wrong with a file: where, what, why, and the way out."""

    row: int | None
    column: str | None
    value: str | None
    code: str
    cause: str
    remedy: str


class ImportReportOut(Schema):
    """What an import did, or would do when it is a dry run."""

    kind: str
    rows: int
    created: int
    updated: int
    unchanged: int
    refused: int
    issues: list[ImportIssueOut]
    issue_count: int
    notes: list[str]
    is_dry_run: bool
    batch_id: UUID | None

    @classmethod
    def of(cls, report: ImportReport) -> "ImportReportOut":
        """Return the report as it goes out; values in it are masked already."""
        return cls.model_validate(report.as_dict())
