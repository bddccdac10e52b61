"""A case's file: its contacts in one order, and the plan of its visit, without the person on it."""

import dataclasses
from datetime import timedelta

import pytest

from dispatch.eligibility.approve import approve_visit
from dispatch.errors import Invalid
from dispatch.model import (
    Account,
    Case,
    ContactChannel,
    Hold,
    HoldKind,
    OutcomeCode,
    Person,
    Stage,
    Visit,
    VisitPurpose,
)
from dispatch.policy.pack import effective, load_pack
from dispatch.policy.relief import Relief
from dispatch.reporting.timeline import What, timeline
from dispatch.reporting.visit_sheet import visit_sheet
from dispatch.store.rows import get_any
from dispatch.store.scope import Scope
from tests.support import builders as make
from tests.support import field as in_field
from tests.support.field import at


@pytest.fixture
def field(database, vault):
    return in_field.a_field(database, vault, visits=1)


def test_contacts_of_all_channels_stand_in_one_order(field):
    field.report(OutcomeCode.HARDSHIP)
    with field.database.writing() as session:
        case = field.cases[0]
        make.add(
            session,
            Hold(
                branch_id=case.branch_id,
                person_id=case.person_id,
                kind=HoldKind.DISPUTE,
                from_at=at(11),
                requested_by="borrower",
            ),
        )
        found = timeline(session, case, scope=Scope.of({case.branch_id}))
    assert [one.at for one in found] == sorted(one.at for one in found)
    assert {one.channel for one in found} >= {"phone", "sms", "visit", "page"}
    assert found[-1].what is What.REQUEST
    assert found[-1].is_from_person
    assert [one.result for one in found if one.what is What.REPORT] == ["HARDSHIP"]


def test_contacts_of_a_branch_out_of_sight_are_not_told(field, vault):
    with field.database.writing() as session:
        case = field.cases[0]
        other = make.a_branch(session, vault)
        elsewhere = make.a_case(
            session,
            vault,
            other,
            field.lender,
            person=get_any(session, Person, case.person_id),
        )
        own = timeline(session, case, scope=Scope.of({case.branch_id}))
        both = timeline(session, case, scope=Scope.of({case.branch_id, other.id}))
    assert {one.case_id for one in own} == {case.id}
    assert {one.case_id for one in both} == {case.id, elsewhere.id}
    assert ContactChannel.PHONE in {one.channel for one in both}


def test_the_sheet_tells_what_when_who_and_nothing_of_the_person(field):
    law = effective(load_pack("cn"))
    with field.database.writing() as session:
        visit = get_any(session, Visit, field.visits[0].id)
        visit.options = [Relief.DEFERRAL]
        sheet = visit_sheet(session, visit, law=law)
    assert (sheet.on, sheet.window_from_at) == (in_field.ON, at(10))
    assert sheet.crew == tuple(one.name for one in field.agents)
    assert sheet.options == ("deferral",)
    assert "visit_code" in sheet.materials
    assert not sheet.cash
    names = {one.name for one in dataclasses.fields(sheet)}
    assert not names & {"name", "address", "amounts", "phone"}


@pytest.mark.parametrize("options", [[], [Relief.INSTALMENTS]])
def test_a_visit_is_decided_with_a_purpose_and_something_to_offer(database, vault, options):
    with database.writing() as session:
        lender, branch = make.a_lender(session), make.a_branch(session, vault)
        case = make.a_case(session, vault, branch, lender)
        account = make.an_account(session, branch)

        def approve():
            return approve_visit(
                session,
                case=get_any(session, Case, case.id),
                ground="Calls and messages reached nobody.",
                account=get_any(session, Account, account.id),
                law=effective(load_pack("cn")),
                purpose=VisitPurpose.SEE_SITUATION,
                options=options,
                now=make.NOW + timedelta(minutes=1),
            )

        if not options:
            with pytest.raises(Invalid, match="offers nothing"):
                approve()
            assert case.stage is Stage.ELIGIBLE
            return
        visit = approve()
        assert (visit.purpose, visit.options) == ("see_situation", ["instalments"])
