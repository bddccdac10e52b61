"""Risk flags: set by hand, confirmed when met again, lifted with a reason, all of it on record."""

from datetime import timedelta

import pytest
from sqlmodel import select

from dispatch.care.risks import lift_flag, set_flag
from dispatch.db import Database
from dispatch.errors import Invalid, WrongState
from dispatch.model import (
    Case,
    Evidence,
    PlanRun,
    RiskFlag,
    RiskKind,
    RiskLifted,
    RunReason,
    Visit,
)
from dispatch.policy.pack import effective, load_pack
from dispatch.store.facts import case_facts, visit_facts
from dispatch.store.risks import flags_of, standing
from dispatch.store.rows import get_any
from dispatch.store.scope import Scope
from dispatch.vault import Vault
from tests.support import field as in_field
from tests.support.field import ON, Field, at

LAW = effective(load_pack("baseline"))


@pytest.fixture
def field(database: Database, vault: Vault) -> Field:
    return in_field.a_field(database, vault, visits=2)


def put(field: Field, kind: RiskKind, *, hour: int = 8, days: int = 0) -> RiskFlag:
    with field.database.writing() as session:
        return set_flag(
            session,
            case=get_any(session, Case, field.cases[0].id),
            kind=kind,
            law=LAW,
            actor="account:desk",
            now=at(hour) + timedelta(days=days),
        )


def lift(field: Field, flag: RiskFlag) -> RiskFlag:
    with field.database.writing() as session:
        return lift_flag(
            session,
            flag=get_any(session, RiskFlag, flag.id),
            because=RiskLifted.GONE,
            actor="account:other",
            now=at(9),
        )


def risks(field: Field) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what the rules are told of the first place: by its case and by its visit."""
    with field.database.reading() as session:
        case, visit = (
            get_any(session, kind, one.id)
            for kind, one in ((Case, field.cases[0]), (Visit, field.visits[0]))
        )
        return (
            case_facts(session, [case], field.branch, on=ON)[case.id].risks,
            visit_facts(session, [visit], field.branch, on=ON)[visit.id].risks,
        )


def entries(field: Field) -> list[Evidence]:
    with field.database.reading() as session:
        found = session.exec(select(Evidence).order_by(Evidence.number))
        return [one for one in found if one.kind.startswith("risk_flag")]


def test_it_stands_until_it_is_lifted_and_the_rules_know(field: Field) -> None:
    assert risks(field) == ((), ())
    flag = put(field, RiskKind.NO_LIGHT)
    put(field, RiskKind.LOOSE_DOG)
    assert risks(field) == (("loose_dog", "no_light"),) * 2
    with field.database.reading() as session:
        other = get_any(session, Visit, field.visits[1].id)
        assert visit_facts(session, [other], field.branch, on=ON)[other.id].risks == ()

    lifted = lift(field, flag)

    assert (lifted.lifted_because, lifted.lifted_by) == (RiskLifted.GONE, "account:other")
    assert risks(field) == (("loose_dog",),) * 2


def test_it_is_on_record_with_codes_alone_and_without_the_person(field: Field) -> None:
    lift(field, put(field, RiskKind.EARLIER_THREAT))

    told = [(one.kind, one.actor, one.person_id, one.case_id, one.facts) for one in entries(field)]
    assert told == [
        (
            "risk_flag.set",
            "account:desk",
            None,
            None,
            {
                "risk": "earlier_threat",
                "at": at(8).isoformat(),
                "review": (ON + timedelta(days=90)).isoformat(),
            },
        ),
        (
            "risk_flag.lifted",
            "account:other",
            None,
            None,
            {"risk": "earlier_threat", "because": "gone"},
        ),
    ]


def test_met_again_it_is_one_flag_whose_review_waits_longer(field: Field) -> None:
    first = put(field, RiskKind.NO_LIGHT)
    again = put(field, RiskKind.NO_LIGHT, days=10)
    earlier = put(field, RiskKind.NO_LIGHT, days=3)

    assert first.id == again.id == earlier.id
    assert first.review_on == ON + timedelta(days=90)
    assert again.review_on == earlier.review_on == ON + timedelta(days=100)
    assert [one.kind for one in entries(field)] == [
        "risk_flag.set",
        "risk_flag.confirmed",
        "risk_flag.confirmed",
    ]


def test_lifted_it_may_be_set_anew_and_is_lifted_once(field: Field) -> None:
    first = put(field, RiskKind.NO_LIGHT)
    lift(field, first)
    with pytest.raises(WrongState, match="lifted already"):
        lift(field, first)
    second = put(field, RiskKind.NO_LIGHT, hour=10)

    assert second.id != first.id
    with field.database.reading() as session:
        (flags,) = flags_of(session, {second.place_id}).values()
    assert [one.id for one in flags] == [first.id, second.id]


def test_the_days_on_which_somebody_is_to_go_there_are_planned_again(field: Field) -> None:
    put(field, RiskKind.LONELY_WAY)
    with field.database.reading() as session:
        asked = [
            (one.from_on, one.reason)
            for one in session.exec(select(PlanRun))
            if one.requested_by == "account:desk"
        ]
    assert asked == [(ON, RunReason.HOLD)]


def test_those_due_for_a_look_come_first_and_none_of_another_branch(field: Field) -> None:
    late, soon = put(field, RiskKind.LOOSE_DOG, days=5), put(field, RiskKind.NO_LIGHT)
    mine = Scope.of({field.branch.id})
    with field.database.reading() as session:

        def found(scope: Scope, **given) -> list:
            rows = standing(session, scope, branch_id=field.branch.id, **given)
            return [one.id for one in rows]

        assert found(mine) == [soon.id, late.id]
        assert found(mine, after=(soon.review_on, soon.id)) == [late.id]
        assert found(mine, due_on=ON + timedelta(days=90)) == [soon.id]
        assert found(mine, due_on=ON + timedelta(days=89)) == []
        assert found(Scope.of(set())) == []


def test_a_case_without_a_place_takes_none(field: Field) -> None:
    with field.database.writing() as session:
        get_any(session, Case, field.cases[0].id).place_id = None
    with pytest.raises(Invalid, match="no place yet"):
        put(field, RiskKind.LOOSE_DOG)
