from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from dispatch.coordinates import Datum, wgs84_to_gcj02
from dispatch.errors import AlreadyThere, ImportInvalid
from dispatch.intake.case_row import person_index
from dispatch.model import (
    Ability,
    Agency,
    Assessment,
    Branch,
    Case,
    ContactKind,
    ContactPoint,
    ContactStatus,
    Evidence,
    ImportBatch,
    LocationState,
    Person,
    Place,
    PlaceKind,
    Stage,
)
from tests.dispatch.intake.conftest import a_row, csv_of
from tests.support.builders import NOW, a_branch, a_lender


def only(rows):
    [row] = rows
    return row


def test_new_case_brings_person_place_contact_points_and_assessment(any_desk):
    report = any_desk.take(csv_of(a_row()))
    assert (report.created, report.updated, report.unchanged, report.refused) == (1, 0, 0, 0)
    case, person = only(any_desk.all(Case)), only(any_desk.all(Person))
    place, vault = only(any_desk.all(Place)), any_desk.vault
    assert (case.number, case.stage, case.branch_id) == ("LN-1", Stage.INTAKE, any_desk.branch.id)
    assert (case.person_id, case.place_id) == (person.id, place.id)
    assert case.oldest_unpaid_due_on == date(2026, 1, 5)
    assert vault.read(person, case, "amounts") == {
        "principal": 1_200_050,
        "interest": 34_500,
        "fees": 5_000,
        "paid": 0,
    }
    assert vault.read(person, person, "name") == "林知夏"
    assert vault.read(person, person, "birth_year") == 1985
    assert (person.is_adult, person.language) == (True, "zh-CN")
    assert vault.read(person, place, "address") == "示范市青石区柳荫路8号2单元"
    assert vault.read(person, place, "point") == [30.6101, 119.9102]
    assert (place.location, place.kind) == (LocationState.LOCATED, PlaceKind.RESIDENCE)
    points = {one.kind: one for one in any_desk.all(ContactPoint)}
    assert vault.read(person, points[ContactKind.PHONE], "value") == "+8613912345678"
    assert vault.read(person, points[ContactKind.EMAIL], "value") == "zhixia@example.org"
    told = only(any_desk.all(Assessment))
    assert (told.ability, told.reason) == (Ability.UNKNOWN, "job_loss")
    assert told.assessed_at == datetime(2026, 2, 19, 16, tzinfo=UTC)


def test_import_leaves_a_batch_and_evidence_without_personal_data(any_desk):
    report = any_desk.take(csv_of(a_row(), a_row(case_number="LN-2")))
    batch = only(any_desk.all(ImportBatch))
    assert (batch.id, batch.rows, batch.created) == (report.batch_id, 2, 2)
    entries = any_desk.all(Evidence)
    assert sorted(one.kind for one in entries) == [
        "import_batch.stored",
        "loan_case.imported",
        "loan_case.imported",
    ]
    told = repr([one.facts for one in entries]) + repr([batch.report, batch.mapping_used])
    assert not any(word in told for word in ("林知夏", "13912345678", "柳荫路", "12000"))
    assert all(one.branch_id == any_desk.branch.id for one in entries)


def test_same_file_again_changes_nothing(any_desk):
    content = csv_of(a_row(), a_row(case_number="LN-2"))
    any_desk.take(content)
    before = any_desk.counts()
    report = any_desk.take(content)
    assert (report.created, report.updated, report.unchanged) == (0, 0, 2)
    grown = {name for name, count in any_desk.counts().items() if count != before[name]}
    assert grown == {"import_batch", "evidence"}


def test_changed_row_updates_the_case_and_says_what(any_desk):
    any_desk.take(csv_of(a_row()))
    report = any_desk.take(
        csv_of(a_row(interest="400.10", product="credit_card", ability="partial", name="林之夏"))
    )
    assert (report.created, report.updated) == (0, 1)
    case, person = only(any_desk.all(Case)), only(any_desk.all(Person))
    assert any_desk.vault.read(person, case, "amounts")["interest"] == 40_010
    assert (case.product, case.version) == ("credit_card", 2)
    assert any_desk.vault.read(person, person, "name") == "林之夏"
    assert person.name_index == any_desk.vault.index("name", "林之夏")
    assert len(any_desk.all(Assessment)) == 2
    entry = next(one for one in any_desk.all(Evidence) if one.kind == "loan_case.updated")
    assert set(entry.facts["changed"]) == {"product", "amounts", "assessment", "name"}


def test_empty_cell_takes_nothing_away(desk):
    desk.take(csv_of(a_row()))
    desk.take(csv_of(a_row(product="", value="", phone="", lat="", lon="", language="")))
    case, person = only(desk.all(Case)), only(desk.all(Person))
    assert (case.product, case.value, person.language) == ("personal_loan", 60, "zh-CN")
    assert len(desk.all(ContactPoint)) == 2
    assert only(desk.all(Place)).location is LocationState.LOCATED


def test_two_cases_of_one_person_are_one_person(any_desk):
    any_desk.take(csv_of(a_row(), a_row(case_number="LN-2")))
    any_desk.take(csv_of(a_row(case_number="LN-3")))
    person = only(any_desk.all(Person))
    assert {case.person_id for case in any_desk.all(Case)} == {person.id}
    assert len(any_desk.all(Place)) == 1
    assert len(any_desk.all(ContactPoint)) == 2


def test_same_number_at_two_lenders_is_two_people(desk):
    with desk.database.writing() as session:
        a_lender(session, name="Harbour Bank")
    desk.take(csv_of(a_row(), a_row(lender="Harbour Bank", name="Jonas Fernley")))
    assert len(desk.all(Person)) == 2
    assert len(desk.all(Case)) == 2


def test_person_is_found_by_a_keyed_hash_that_is_not_the_number(desk):
    desk.take(csv_of(a_row()))
    person = only(desk.all(Person))
    assert person.number_index == person_index(desk.vault, desk.lender.id, "P-1")
    assert "P-1" not in person.number_index


def test_new_address_becomes_a_new_place(any_desk):
    any_desk.take(csv_of(a_row()))
    any_desk.take(csv_of(a_row(address="示范市青石区桂花巷3号", lat="", lon="")))
    places = {one.id: one for one in any_desk.all(Place)}
    assert len(places) == 2
    assert places[only(any_desk.all(Case)).place_id].location is LocationState.NEEDS_LOCATING


def test_place_that_the_person_chose_is_not_changed_by_a_file(desk):
    desk.take(csv_of(a_row()))
    with desk.database.writing() as session:
        place = session.exec(select(Place)).one()
        place.is_chosen_by_person = True
        chosen = place.id
    desk.take(csv_of(a_row(address="示范市青石区桂花巷3号")))
    assert only(desk.all(Case)).place_id == chosen


def test_place_found_wrong_on_the_spot_is_not_put_right_by_the_same_file(desk):
    desk.take(csv_of(a_row()))
    with desk.database.writing() as session:
        session.exec(select(Place)).one().location = LocationState.WRONG
    desk.take(csv_of(a_row(interest="1")))
    assert only(desk.all(Place)).location is LocationState.WRONG
    desk.take(csv_of(a_row(lat="30.6200")))
    assert only(desk.all(Place)).location is LocationState.LOCATED


def test_place_without_coordinates_needs_locating(desk):
    desk.take(csv_of(a_row(lat="", lon="")))
    place = only(desk.all(Place))
    assert (place.location, place.point_sealed) == (LocationState.NEEDS_LOCATING, None)


def test_place_far_from_the_branch_is_doubtful(desk):
    desk.take(csv_of(a_row(lat="22.54", lon="114.05")))
    assert only(desk.all(Place)).location is LocationState.DOUBTFUL


def test_declared_datum_is_turned_into_wgs84(desk):
    lat, lon = wgs84_to_gcj02(30.6101, 119.9102)
    desk.take(csv_of(a_row(lat=f"{lat:.9f}", lon=f"{lon:.9f}")), datum=Datum.GCJ02)
    person, place = only(desk.all(Person)), only(desk.all(Place))
    assert desk.vault.read(person, place, "point") == pytest.approx([30.6101, 119.9102], abs=1e-6)


def test_phone_of_a_range_not_in_use_is_kept_as_doubtful(desk):
    desk.take(csv_of(a_row(phone="13912345678|10000000000")))
    states = [one.status for one in desk.all(ContactPoint) if one.kind is ContactKind.PHONE]
    assert sorted(states) == [ContactStatus.DOUBTFUL, ContactStatus.VALID]


def test_row_without_anything_assessed_leaves_no_assessment(desk):
    desk.take(csv_of(a_row(ability="", willingness="", arrears_reason="", assessed_on="")))
    assert desk.all(Assessment) == []


def test_older_assessment_does_not_follow_a_newer_one(desk):
    desk.take(csv_of(a_row()))
    desk.take(csv_of(a_row(ability="adequate", assessed_on="2026-01-10")))
    assert len(desk.all(Assessment)) == 1


def test_person_who_turns_eighteen_this_year_is_of_unknown_age(desk):
    desk.take(csv_of(a_row(birth_year="2008"), a_row(case_number="L2", person_number="P2")))
    ages = {desk.vault.read(one, one, "birth_year"): one.is_adult for one in desk.all(Person)}
    assert ages == {2008: None, 1985: True}


def test_case_of_another_branch_is_refused(any_desk):
    any_desk.take(csv_of(a_row()))
    with any_desk.database.writing() as session:
        other = a_branch(session, any_desk.vault)
    with pytest.raises(ImportInvalid) as caught:
        any_desk.take(csv_of(a_row()), branch=other)
    assert [one["code"] for one in caught.value.issues] == ["other-branch"]


def test_case_never_passes_to_another_person(desk):
    desk.take(csv_of(a_row()))
    with pytest.raises(ImportInvalid) as caught:
        desk.take(csv_of(a_row(person_number="P-2")))
    assert [one["code"] for one in caught.value.issues] == ["other-person"]


def test_erased_person_is_not_stored_again(any_desk):
    any_desk.take(csv_of(a_row()))
    with any_desk.database.writing() as session:
        session.exec(select(Person)).one().erase(actor="command", now=NOW)
    report = any_desk.take(csv_of(a_row(interest="9")), skip_bad=True)
    assert [one.code for one in report.issues] == ["person-erased"]
    assert only(any_desk.all(Person)).name_sealed is None


def test_person_on_record_who_proves_to_be_a_minor_is_protected_at_once(desk):
    desk.take(csv_of(a_row()))
    report = desk.take(csv_of(a_row(birth_year="2010")), skip_bad=True)
    assert [(one.column, one.code) for one in report.issues] == [("birth_year", "minor")]
    assert only(desk.all(Person)).is_adult is False
    assert "person.minor" in {one.kind for one in desk.all(Evidence)}


def test_one_number_with_two_names_is_never_one_person(desk):
    rows = [a_row(), a_row(case_number="LN-2", name="苏静姝")]
    with pytest.raises(ImportInvalid) as caught:
        desk.take(csv_of(*rows))
    [issue] = caught.value.issues
    assert (issue["row"], issue["code"]) == (3, "contradiction")
    assert "Row 2" in issue["cause"]


def test_lender_may_be_left_out_where_the_branch_is_its_own_team(desk):
    with desk.database.writing() as session:
        agency = session.get(Agency, session.get(Branch, desk.branch.id).agency_id)
        agency.lender_id = desk.lender.id
    row = a_row()
    del row["lender"]
    assert desk.take(csv_of(row)).created == 1


def test_lender_is_known_by_either_name(desk):
    rows = [a_row(lender="明灯银行"), a_row(case_number="LN-2", lender="lantern  BANK")]
    assert desk.take(csv_of(*rows)).created == 2


def test_dry_run_says_what_would_happen_and_stores_nothing(any_desk):
    any_desk.take(csv_of(a_row()))
    before = any_desk.counts()
    rows = [a_row(interest="1"), a_row(case_number="LN-2"), a_row(case_number="LN-3", lat="x")]
    report = any_desk.take(csv_of(*rows), is_dry_run=True)
    assert (report.created, report.updated, report.refused) == (1, 1, 1)
    assert (report.is_dry_run, report.batch_id) == (True, None)
    assert any_desk.counts() == before


def test_skip_bad_stores_the_good_rows_and_tells_the_others(any_desk):
    rows = [a_row(), a_row(case_number="LN-2", principal="NaN"), a_row(case_number="LN-3")]
    report = any_desk.take(csv_of(*rows), skip_bad=True)
    assert (report.created, report.refused) == (2, 1)
    assert [(one.row, one.column) for one in report.issues] == [(3, "principal")]
    assert {one.number for one in any_desk.all(Case)} == {"LN-1", "LN-3"}
    batch = only(any_desk.all(ImportBatch))
    assert batch.report == [{"row": 3, "column": "principal", "code": "not-a-number"}]


def test_all_issues_of_a_file_are_told_at_once(desk):
    rows = [a_row(lat="999", principal="1e999"), a_row(case_number="LN-2", phone="12")]
    with pytest.raises(ImportInvalid) as caught:
        desk.take(csv_of(*rows))
    assert [(one["row"], one["column"]) for one in caught.value.issues] == [
        (2, "principal"),
        (3, "phone"),
    ]
    assert caught.value.extra["refused"] == 2


def test_files_larger_than_memory_should_hold_are_read_twice(desk, monkeypatch):
    monkeypatch.setattr("dispatch.intake.passes._KEPT_ROWS", 1)
    rows = [a_row(case_number=f"LN-{n}", person_number=f"P-{n}") for n in range(5)]
    assert desk.take(csv_of(*rows)).created == 5
    assert len(desk.all(Case)) == 5


def test_chunks_share_people(any_desk, monkeypatch):
    monkeypatch.setattr("dispatch.intake.passes._CHUNK", 2)
    rows = [a_row(case_number=f"LN-{n}", person_number=f"P-{n % 2}") for n in range(7)]
    assert any_desk.take(csv_of(*rows)).created == 7
    assert len(any_desk.all(Person)) == 2


def test_dry_run_of_a_night_later_counts_as_unchanged(desk):
    desk.take(csv_of(a_row(assessed_on="")))
    report = desk.take(csv_of(a_row(assessed_on="")), is_dry_run=True, now=NOW + timedelta(days=1))
    assert report.unchanged == 1


def test_corrected_year_of_birth_and_language_are_taken(desk):
    desk.take(csv_of(a_row(birth_year="")))
    assert only(desk.all(Person)).is_adult is None
    desk.take(csv_of(a_row(birth_year="1990", language="en")))
    person = only(desk.all(Person))
    assert (person.is_adult, person.language) == (True, "en")
    assert desk.vault.read(person, person, "birth_year") == 1990


def test_assessment_that_comes_first_with_a_change_is_stored(desk):
    desk.take(csv_of(a_row(ability="", willingness="", arrears_reason="", assessed_on="")))
    desk.take(csv_of(a_row(assessed_on="")))
    assert only(desk.all(Assessment)).assessed_at == NOW
    desk.take(csv_of(a_row(assessed_on="", interest="7")))
    assert len(desk.all(Assessment)) == 1


def test_lender_is_asked_for_where_the_branch_serves_several(desk):
    with pytest.raises(ImportInvalid) as caught:
        desk.take(csv_of(a_row(lender="")))
    assert [(one["column"], one["code"]) for one in caught.value.issues] == [("lender", "missing")]


def test_race_with_another_import_is_said_plainly(desk, monkeypatch):
    def taken(*_args, **_given):
        raise IntegrityError("insert", {}, ValueError("unique"))

    monkeypatch.setattr("dispatch.intake.run.store_all", taken)
    with pytest.raises(AlreadyThere, match="import the file again"):
        desk.take(csv_of(a_row()))


def test_place_in_another_region_brings_its_region_and_time_zone(desk):
    desk.take(csv_of(a_row(place_region="in", place_time_zone="Asia/Kolkata")))
    place = only(desk.all(Place))
    assert (place.region, place.time_zone) == ("IN", "Asia/Kolkata")

    report = desk.take(csv_of(a_row(place_region="LK", place_time_zone="Asia/Colombo")))
    place = only(desk.all(Place))
    assert (report.updated, place.region, place.time_zone) == (1, "LK", "Asia/Colombo")


def test_region_or_time_zone_that_there_is_not_is_told(desk):
    with pytest.raises(ImportInvalid) as refused:
        desk.take(csv_of(a_row(place_region="India", place_time_zone="Mars/Olympus")))
    told = str(refused.value.extra["issues"])
    assert "no code of a region" in told
    assert "no such time zone" in told
