"""Entries of evidence for rows that are written in bulk."""

from typing import Any
from uuid import UUID

from dispatch.intake.context import ImportContext


def acts(
    context: ImportContext, kind: str, subject: str, subject_id: UUID, **facts: Any
) -> dict[str, Any]:
    """Return an entry about a row of the file, as `dispatch.model.evidence.record` shapes it."""
    return {
        "branch_id": context.branch.id,
        "kind": kind,
        "subject": subject,
        "subject_id": subject_id,
        "actor": context.actor,
        "at": context.now,
        "facts": {"batch": str(context.batch_id), **facts},
    }
