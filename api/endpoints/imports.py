"""Imports: a lender's file taken in for a branch."""

from typing import Annotated
from uuid import UUID

from fastapi import File, Form, UploadFile

from api import strict_json
from api.deps import Me, Now, VaultDep, Write
from api.problems import problems
from api.router import router
from api.schemas.imports import ImportReportOut
from dispatch.coordinates import Datum
from dispatch.errors import Invalid
from dispatch.intake.run import import_file
from dispatch.model import Branch, ImportKind
from dispatch.store.rows import get

routes = router("imports")

LARGEST_FILE = 64 * 1024 * 1024
_MAPPING = "Write the mapping as a JSON object: our column, and the file's heading for it."


@routes.post("/{kind}", responses=problems(404, 409, 413), max_body_size=LARGEST_FILE)
def import_rows(
    kind: ImportKind,
    branch_id: UUID,
    file: Annotated[UploadFile, File(description="CSV (UTF-8 or GB18030) or XLSX.")],
    session: Write,
    me: Me,
    vault: VaultDep,
    now: Now,
    mapping: Annotated[str | None, Form(description="Our columns to headings, as JSON.")] = None,
    datum: Datum = Datum.WGS84,
    encoding: str | None = None,
    is_dry_run: bool = False,
    skip_bad: bool = False,
) -> ImportReportOut:
    """Take a file in, all or nothing unless `skip_bad`; a dry run stores nothing."""
    branch = get(session, Branch, branch_id, me.scope)
    report = import_file(
        session,
        vault=vault,
        branch=branch,
        kind=kind,
        content=file.file.read(),
        filename=file.filename or "",
        mapping=_headings(mapping),
        datum=datum,
        encoding=encoding,
        is_dry_run=is_dry_run,
        skip_bad=skip_bad,
        actor=me.actor,
        now=now,
    )
    return ImportReportOut.of(report)


def _headings(text: str | None) -> dict[str, str] | None:
    if text is None:
        return None
    try:
        value = strict_json.parse(text.encode("utf-8", "surrogatepass"))
    except strict_json.NotStrict as error:
        raise Invalid(_MAPPING, [{"pointer": "/body/mapping", "message": str(error)}]) from error
    if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
        raise Invalid(_MAPPING, [{"pointer": "/body/mapping", "message": _MAPPING}])
    return value
