"""An agent's day: the published route with what has happened, and the door's own code."""

import pytest
from sqlmodel import select

from dispatch.db import Database
from dispatch.errors import NotFound, Refused
from dispatch.fieldwork.itinerary import Itinerary, cases_of, itinerary, own_visit
from dispatch.fieldwork.neighbourhood import neighbourhood_of
from dispatch.fieldwork.report_deadline import flag_unreported
from dispatch.fieldwork.statement import statement
from dispatch.model import (
    Account,
    Appointment,
    AppointmentState,
    Branch,
    CheckInKind,
    Evidence,
    Hold,
    HoldKind,
    Incident,
    OutcomeCode,
    Person,
    Plan,
    PlanState,
    Visit,
    VisitState,
)
from dispatch.model.visit_code import is_visit_code
from dispatch.store.appointments import standing_of
from dispatch.store.holds import apply_hold
from dispatch.store.rows import get_any
from dispatch.vault import Vault
from tests.support import builders as make
from tests.support import field as in_field
from tests.support.field import ON, at


def seen(field, *, by: int = 0, on=ON, now=None) -> Itinerary:
    with field.database.reading() as session:
        return itinerary(
            session,
            vault=field.vault,
            agent_id=field.agents[by].id,
            on=on,
            now=now or at(9),
        )


def test_the_day_in_order_with_partners_and_codes(database: Database, vault: Vault) -> None:
    field = in_field.a_field(database, vault, visits=3)
    shown = seen(field)
    assert [one.visit_id for one in shown.stops] == [one.id for one in field.visits]
    assert shown.crew is not None
    assert [one.name for one in shown.crew.partners] == [field.agents[1].name]
    assert shown.crew.breaks == ((at(12), at(12, 45)),)
    for stop, visit in zip(shown.stops, field.visits, strict=True):
        assert is_visit_code(visit, ON, stop.visit_code)
        assert stop.progress == "waiting"
        assert OutcomeCode.WORK_BARRED not in stop.allowed_codes
        assert OutcomeCode.APPT_MISSED_B in stop.allowed_codes  # it was confirmed
    assert seen(field, by=1).stops == shown.stops


def test_nothing_of_others_days_drafts_or_recalled_plans(
    sqlite_database: Database, vault: Vault
) -> None:
    field = in_field.a_field(sqlite_database, vault, visits=1)
    with sqlite_database.writing() as session:
        stranger = make.an_agent(session, vault, field.branch, field.lender)
    field.agents.append(stranger)
    assert seen(field, by=2).stops == ()
    assert seen(field, on=ON.replace(year=2030)).stops == ()
    with sqlite_database.writing() as session:
        get_any(session, Plan, field.plan.id).move_to(PlanState.RECALLED, actor="x", now=at(9))
    shown = seen(field)
    assert (shown.stops, shown.crew, shown.plan_number) == ((), None, None)


def test_what_happened_shows(sqlite_database: Database, vault: Vault) -> None:
    field = in_field.a_field(sqlite_database, vault, visits=4)
    with sqlite_database.writing() as session:
        get_any(session, Visit, field.visits[3].id).state = VisitState.CANCELLED
    field.check_in(CheckInKind.ARRIVED, visit=1)
    field.check_in(CheckInKind.ARRIVED, visit=2)
    field.check_in(CheckInKind.IDENTITY, visit=2)
    field.report(OutcomeCode.NO_ANSWER)
    assert [one.progress for one in seen(field).stops] == [
        "reported",
        "arrived",
        "identified",
        "cancelled",
    ]
    assert seen(field).stops[0].outcomes[0].code is OutcomeCode.NO_ANSWER


def test_a_visit_that_fell_away_tells_neither_name_nor_place(
    database: Database, vault: Vault
) -> None:
    field = in_field.a_field(database, vault, visits=2)
    visit = field.visits[0]
    with database.writing() as session:
        hold = Hold(
            branch_id=field.branch.id,
            person_id=visit.person_id,
            kind=HoldKind.HARDSHIP,
            from_at=at(8),
            requested_by="borrower",
        )
        apply_hold(session, hold, actor="borrower", now=at(8))
    stopped, other = seen(field).stops
    assert stopped.progress == "cancelled"
    assert (stopped.person_name, stopped.address, stopped.lat, stopped.lon) == (None,) * 4
    assert (other.progress, other.person_name is None) == ("waiting", False)


def test_a_visit_moved_to_another_day_is_off_the_old_one_even_once_it_is_released_there(
    database: Database, vault: Vault
) -> None:
    field = in_field.a_field(database, vault, visits=1)
    with database.writing() as session:
        visit = get_any(session, Visit, field.visits[0].id)
        old = standing_of(session, visit.id)
        assert old is not None
        fields = old.model_dump(exclude={"id", "number", "state", "service_date"})
        old.move_to(AppointmentState.COUNTERED, actor="borrower", now=at(8))
        session.add(
            Appointment(
                **fields,
                number=2,
                state=AppointmentState.CONFIRMED,
                service_date=ON.replace(day=10),
            )
        )
        visit.service_date = ON.replace(day=10)
        assert visit.state is VisitState.RELEASED
    stop = seen(field).stops[0]
    assert (stop.progress, stop.person_name, stop.address) == ("cancelled", None, None)
    assert stop.visit_code == ""


def test_after_the_day_and_of_an_erased_person_nothing_is_told(
    sqlite_database: Database, vault: Vault
) -> None:
    field = in_field.a_field(sqlite_database, vault, visits=2)
    with sqlite_database.writing() as session:
        get_any(session, Person, field.visits[0].person_id).erase(actor="test", now=at(8))
    stops = seen(field).stops
    assert (stops[0].person_name, stops[0].address, stops[0].neighbourhood) == (None, None, "—")
    assert stops[1].person_name is not None
    later = seen(field, now=at(9, on=ON.replace(day=10)))
    assert [one.person_name for one in later.stops] == [None, None]
    with sqlite_database.reading() as session:
        assert cases_of(session, later) == []


def test_one_visit_of_the_own_day(sqlite_database: Database, vault: Vault) -> None:
    field = in_field.a_field(sqlite_database, vault, visits=2)
    with sqlite_database.writing() as session:
        stranger = make.an_agent(session, vault, field.branch, field.lender)

        def of(agent):
            return own_visit(
                session,
                vault=vault,
                agent_id=agent.id,
                visit_id=field.visits[1].id,
                now=at(9),
            )

        found = of(field.agents[0])
        assert found is not None
        assert found[1].visit_id == field.visits[1].id
        assert of(stranger) is None


def test_amounts_only_after_identity_and_each_reading_on_record(
    sqlite_database: Database, vault: Vault
) -> None:
    field = in_field.a_field(sqlite_database, vault, visits=1)

    def read(account):
        with sqlite_database.writing() as session:
            return statement(
                session,
                vault=vault,
                visit=get_any(session, Visit, field.visits[0].id),
                account=get_any(session, Account, account.id),
                now=at(10),
            )

    with pytest.raises(Refused):
        read(field.accounts[0])
    with pytest.raises(NotFound):
        read(field.manager)
    field.check_in(CheckInKind.ARRIVED)
    field.check_in(CheckInKind.IDENTITY)
    told = read(field.accounts[1])
    assert (told.currency, told.total) == ("CNY", 1_219_500)
    with sqlite_database.reading() as session:
        kinds = list(session.exec(select(Evidence.kind).where(Evidence.kind.like("read.%"))))
    assert kinds == ["read.statement"]


def test_a_visit_without_a_report_by_the_days_end_is_looked_at_once(
    database: Database, vault: Vault
) -> None:
    field = in_field.a_field(database, vault, visits=3)
    field.report(OutcomeCode.NO_ANSWER)
    field.check_in(CheckInKind.LEFT, visit=1)

    def sweep(now):
        with database.writing() as session:
            return flag_unreported(session, branch=field.branch, now=now)

    assert sweep(at(23)) == 0
    assert [sweep(at(0, 30, on=ON.replace(day=10))) for _ in range(2)] == [2, 2]
    with database.reading() as session:
        found = session.exec(select(Incident)).all()
    assert {one.visit_id for one in found} == {field.visits[1].id, field.visits[2].id}
    assert {one.kind for one in found} == {"not-reported"}
    assert len(found) == 2


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("岚汀市东城区柳巷12号3单元502", "岚汀市东城区柳巷"),
        ("12 Willow Lane, East Ward, Lanting", "Willow Lane, East Ward"),
        ("No. 4 Willow Lane", "Willow Lane"),
        ("Willow Lane, Flat 7, East Ward", "Willow Lane, East Ward"),
        ("77", "—"),
        ("  ", "—"),
        (None, "—"),
    ],
)
def test_a_neighbourhood_never_tells_the_door(address: str | None, told: str) -> None:
    assert neighbourhood_of(address) == told


def test_the_door_s_words_come_with_the_itinerary_in_the_person_s_language(
    database: Database, vault: Vault
) -> None:
    field = in_field.a_field(database, vault, visits=2)
    with database.writing() as session:
        get_any(session, Person, field.visits[0].person_id).language = "zh-CN"
        get_any(session, Person, field.visits[1].person_id).language = "hi"  # a draft: not spoken
        get_any(session, Branch, field.branch.id).language = "en"
    first, second = seen(field).stops
    assert first.script is not None
    assert second.script is not None
    assert (first.script.language, second.script.language) == ("zh-CN", "en")
    said = {line.step: line.say for line in first.script.steps}
    assert first.person_name is not None
    assert first.person_name in said["introduce"]
    assert all(agent.name in said["introduce"] for agent in field.agents)
    assert first.visit_code in said["credential"]
    assert field.lender.name in " ".join(
        line.say for line in second.script.steps if not line.is_before_identity
    )
    late = seen(field, now=at(9).replace(year=2030)).stops[0]
    assert late.script is None
