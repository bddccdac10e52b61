"""Cases: a list without people, and a record with its person for roles that may see people."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response

from api.cursors import Cursor, Limit, an_instant, cursor_of, paged, read_cursor
from api.deps import Me, Read, SeenDep, VaultDep
from api.etags import tag_of, tagged
from api.problems import problems
from api.router import router
from api.schemas.cases import CaseDetailOut, CaseOut
from api.schemas.schema import Page
from dispatch.access.borrowers import borrower_record
from dispatch.model import Case, Stage
from dispatch.store import listing
from dispatch.store.rows import get

routes = router("cases")


@routes.get("")
def list_cases(
    session: Read,
    me: Me,
    seen: SeenDep,
    branch_id: UUID | None = None,
    stage: Stage | None = None,
    number: Annotated[str | None, Query(min_length=1, max_length=64)] = None,
    reference: Annotated[str | None, Query(pattern="^[0-9A-HJKMNP-TV-Z]{8}$")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[CaseOut]:
    """Return cases in sight, the newest first; every one delivered is on record."""
    wanted = {"branch_id": branch_id, "stage": stage, "number": number, "reference": reference}
    after = read_cursor(cursor, an_instant, UUID)
    found = listing.cases(session, me.scope, **wanted, after=after, limit=limit + 1)  # type: ignore[arg-type]
    rows, last = paged(found, limit)
    seen.note(*rows)
    return Page(
        items=[CaseOut.of(one) for one in rows],
        next=cursor_of(last.received_at, last.id) if last else None,
    )


@routes.get("/{case_id}", response_model=CaseDetailOut, responses=problems(404))
def read_case(
    request: Request, case_id: UUID, session: Read, me: Me, vault: VaultDep, seen: SeenDep
) -> Response:
    """Return a case; delivering it is on record, telling that it is unchanged is counted."""
    case = get(session, Case, case_id, me.scope)
    person = borrower_record(session, vault=vault, case=case, by=me)
    shown = CaseDetailOut.with_borrower(case, person)
    return seen.delivered(tagged(request, shown, tag_of(shown)), case)
