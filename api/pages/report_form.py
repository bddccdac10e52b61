"""The report as a plain form: what was filled in becomes the same fact that a phone sends."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from fastapi import Request
from pydantic import ValidationError

from api.problems import pointer
from api.schemas.field import OutcomeIn
from dispatch.errors import Invalid
from dispatch.fieldwork.payloads import OutcomePayload
from dispatch.model import OutcomeCode

_PLAIN: Final = ("code", "attitude", "willingness", "own_words")
_PROMISE: Final = {"amount": "promise_amount", "due_on": "promise_due_on"}
_RISKS: Final = "risks"
"""The one field that may come more than once; kept as one text, in the order of its words."""
_FIELDS: Final = ("outcome_id", "currency", "promise_read_back", *_PLAIN, *_PROMISE.values())


@dataclass(frozen=True, slots=True)
class Report:
    """A form that was sent: its id and what was filled in, the same bytes whenever it is sent."""

    outcome_id: UUID
    filled: dict[str, str]

    @property
    def raw(self) -> bytes:
        """What is kept as sent; without a time, so that a form sent twice is one report."""
        return json.dumps(self.filled, sort_keys=True, ensure_ascii=False).encode()

    def payload(self, visit_id: UUID, *, now: datetime) -> OutcomePayload:
        """Return the fact for the use case.

        Raises
        ------
        Invalid
            With every issue.
        """
        body: dict[str, Any] = {name: self.filled.get(name) for name in _PLAIN}
        body |= {"visit_id": visit_id, "occurred_at": now, "id": self.outcome_id}
        body["risks"] = self.filled.get(_RISKS, "").split()
        if body["code"] == OutcomeCode.PTP:
            body["promise"] = {name: self.filled.get(field) for name, field in _PROMISE.items()}
            body["promise"]["currency"] = self.filled.get("currency")
            body["promise"]["is_read_back"] = "promise_read_back" in self.filled
        try:
            return OutcomeIn.model_validate(body).payload()
        except ValidationError as error:
            issues = [
                {"pointer": pointer(one["loc"]), "message": one["msg"]} for one in error.errors()
            ]
            msg = "Something in the report is missing or can't be right; look at it once more."
            raise Invalid(msg, issues) from error


async def report_of(request: Request) -> Report:
    """Return the form that was sent.

    Raises
    ------
    Invalid
        If it is not one that the page handed out.
    """
    form = await request.form()
    filled = {
        name: str(form[name]) for name in _FIELDS if isinstance(form.get(name), str) and form[name]
    }
    risks = sorted({one for one in form.getlist(_RISKS) if isinstance(one, str)})
    if risks:
        filled[_RISKS] = " ".join(risks)
    try:
        return Report(UUID(filled.pop("outcome_id", "")), filled)
    except ValueError as error:
        msg = "The form is incomplete; load the page again and fill it in anew."
        raise Invalid(msg) from error
