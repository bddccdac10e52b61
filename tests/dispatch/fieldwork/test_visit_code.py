"""The code by which a crew is known at the door."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from dispatch.ids import new_id
from dispatch.model import Visit
from dispatch.model.visit_code import is_visit_code, visit_code
from tests.support import builders as make


def a_visit() -> Visit:
    return Visit(
        branch_id=new_id(),
        case_id=new_id(),
        person_id=new_id(),
        place_id=new_id(),
        ground="",
        pack_id="baseline",
        pack_version="1",
        created_at=make.NOW,
    )


@given(st.dates())
def test_six_digits_that_both_sides_compute_alike(on: date) -> None:
    visit = a_visit()
    code = visit_code(visit, on)
    assert len(code) == 6
    assert code.isdigit()
    assert is_visit_code(visit, on, f"{code[:3]} {code[3:]}")


def test_another_day_and_another_visit_have_other_codes() -> None:
    visit, other, on = a_visit(), a_visit(), make.SERVICE_DATE
    days = {visit_code(visit, on + timedelta(days=n)) for n in range(20)}
    assert len(days) > 15
    assert visit.code_seed != other.code_seed
    assert not is_visit_code(visit, on, visit_code(visit, on) + "0")
    assert not is_visit_code(visit, on, "")
