"""Rules shown: the person sees the pack, every change since, and what was loosened for them."""

from datetime import timedelta
from typing import Any

from dispatch.appointments.rules_shown import rule_lines
from dispatch.db import Database
from dispatch.model import ChangeState, Giver, PackChange, Relaxation, Role
from dispatch.vault import Vault
from tests.support import builders as make
from tests.support.appointments import LAW

AFTER = make.NOW + timedelta(days=1)


def test_the_person_sees_what_binds_what_changed_and_what_was_loosened(
    database: Database, vault: Vault
) -> None:
    with database.writing() as session:
        branch = make.a_branch(session, vault)
        case = make.a_case(session, vault, branch, make.a_lender(session))
        one, other = (make.an_account(session, branch, role=Role.MANAGER) for _ in range(2))
        visit = make.a_visit(session, case, one, created_at=make.NOW)
        for days in (-2, 1):
            at = make.NOW + timedelta(days=days)
            make.add(
                session,
                PackChange(
                    pack_id=LAW.id,
                    pack_version="2",
                    fingerprint="0" * 64,
                    text="",
                    differences=[{}, {}],
                    state=ChangeState.ADOPTED,
                    ground="A letter.",
                    proposed_by=one.id,
                    proposed_at=at,
                    decided_by=other.id,
                    decided_at=at,
                ),
            )

        def relaxed(parameter: str, **more: Any) -> None:
            fields: dict[str, Any] = {
                "branch_id": branch.id,
                "person_id": case.person_id,
                "case_id": case.id,
                "parameter": parameter,
                "value": {"is": {}},
                "given_by": Giver.BORROWER,
                "given_at": make.NOW,
                "ground": "A letter.",
                "first_by": one.id,
                "recorded_at": make.NOW,
                "second_by": other.id,
                "decided_at": make.NOW,
            }
            make.add(session, Relaxation(**{**fields, **more}))

        relaxed("visit.windows.residence")
        relaxed("visit.places", decided_at=None)
        relaxed("crew.min", revoked_at=make.NOW)
        relaxed("cash.forbidden", until_at=make.NOW)

        def told(language: str) -> list[tuple[str, Any]]:
            return list(
                rule_lines(
                    session,
                    visit,
                    law=LAW,
                    language=language,
                    time_zone="Asia/Shanghai",
                    now=AFTER,
                )
            )

        day = (make.NOW + timedelta(hours=8)).date()
        assert told("en") == [
            ("rules", {"title": LAW.title["en"], "version": LAW.version}),
            ("rules_changed", {"date": str(day + timedelta(days=1)), "count": 2}),
            ("relaxed_borrower", {"rule": "hours of visits", "date": str(day)}),
        ]
        assert told("zh-CN")[-1][1]["rule"] == "上门时间"
        assert told("xx")[0] == told("en")[0]
