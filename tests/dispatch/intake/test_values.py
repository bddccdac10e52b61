"""The parsers of single cells, each on its own."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.coordinates import Datum
from dispatch.intake import fields, figures, moments
from dispatch.intake.report import BadValue, masked
from tests.support.builders import NOW

CONTEXT = SimpleNamespace(
    branch=SimpleNamespace(country="CN", depot_lat=30.6, depot_lon=119.9, currency="CNY"),
    now=NOW,
    today=date(2026, 3, 2),
    datum=Datum.WGS84,
)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-01-05", date(2026, 1, 5)),
        ("2026/1/5", date(2026, 1, 5)),
        ("2026.1.5", date(2026, 1, 5)),
        ("2026年1月5日", date(2026, 1, 5)),
        ("２０２６-01-05", date(2026, 1, 5)),
        ("20260105", date(2026, 1, 5)),
        ("46027", date(2026, 1, 5)),
        ("46027.5", date(2026, 1, 5)),
        ("2026-01-05 09:30:00", date(2026, 1, 5)),
    ],
)
def test_dates_are_read_as_people_write_them(text, day):
    assert moments.day(text, CONTEXT) == day


@pytest.mark.parametrize(
    ("text", "at"),
    [("9:30", time(9, 30)), ("09:30:00", time(9, 30)), ("0.375", time(9)), (".5", time(12))],
)
def test_times_of_day(text, at):
    assert moments.clock_time(text, CONTEXT) == at


@pytest.mark.parametrize("text", ["25:00", "9", "nine", "1.5", "09:61", ""])
def test_what_is_no_time_of_day(text):
    with pytest.raises(BadValue):
        moments.clock_time(text, CONTEXT)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-03-01T14:30:00+08:00", datetime(2026, 3, 1, 6, 30, tzinfo=UTC)),
        ("2026-03-01T06:30:00Z", datetime(2026, 3, 1, 6, 30, tzinfo=UTC)),
        ("2026-03-01 06:30:00.75Z", datetime(2026, 3, 1, 6, 30, tzinfo=UTC)),
    ],
)
def test_instants_carry_their_offset(text, at):
    assert moments.instant(text, CONTEXT) == at


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2026-03-01T14:30:00", "no-offset"),
        ("2026-03-01", "no-offset"),
        ("2026-03-02T10:00:00Z", "in-future"),
        ("0001-01-01T00:00:00+14:00", "not-a-date"),
        ("1970-01-01T00:00:00Z", "out-of-range"),
        ("soon", "not-a-date"),
    ],
)
def test_instants_that_are_none(text, code):
    with pytest.raises(BadValue) as caught:
        moments.instant(text, CONTEXT)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "unit", "minor"),
    [
        ("1234.5", "CNY", 123_450),
        ("1,234.50", "CNY", 123_450),
        ("¥1 234.50", "CNY", 123_450),
        ("￥１２", "CNY", 1_200),
        ("500", "JPY", 500),
        ("1.234", "KWD", 1_234),
        ("0", "CNY", 0),
    ],
)
def test_amounts_are_exact_in_minor_units(text, unit, minor):
    assert figures.minor(figures.amount(text, CONTEXT), unit) == minor


@given(st.integers(0, figures.MAX_MINOR))
def test_every_amount_comes_back(cents):
    text = f"{cents // 100:,}.{cents % 100:02d}"
    assert figures.minor(figures.amount(text, CONTEXT), "CNY") == cents


@given(st.text(max_size=30))
def test_amount_is_read_or_refused(text):
    try:
        value = figures.amount(text, CONTEXT)
    except BadValue:
        return
    assert isinstance(value, Decimal)
    assert value.is_finite()


@pytest.mark.parametrize(
    ("born", "adult"), [(2007, True), (2008, None), (2009, False), (None, None)]
)
def test_age_is_told_only_where_the_year_tells_it(born, adult):
    assert moments.is_adult(born, date(2026, 3, 2)) is adult


def test_birth_date_gives_its_year_only():
    assert moments.birth_year("1985-06-07", CONTEXT) == 1985


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("138 0013 8000", [("+8613800138000", True)]),
        ("+86-138-0013-8000", [("+8613800138000", True)]),
        ("13800138000.0", [("+8613800138000", True)]),
        ("＋8613800138000", [("+8613800138000", True)]),
        ("010-12345678", [("+861012345678", True)]),
        ("+44 20 7946 0018", [("+442079460018", True)]),
        (
            "13800138000;13800138000|13912345678",
            [("+8613800138000", True), ("+8613912345678", True)],
        ),
    ],
)
def test_phones_become_e164(text, numbers):
    assert list(fields.phones(text, CONTEXT)) == numbers


@given(st.text(max_size=80))
def test_text_never_comes_back_as_a_formula_or_unshowable(text):
    try:
        read = fields.clean(text, limit=60, what="The text")
    except BadValue:
        return
    assert not read.startswith(("=", "+", "-", "@", "\t", "\r", "\0"))
    assert not set(read) & {"\0", "\n", "\r", "\t", "\x7f", "\x85"}
    read.encode()


@given(st.text(max_size=40), st.sampled_from(["name", "phone", "address", "lat", None]))
def test_masked_value_hides_and_never_runs(text, column):
    shown = masked(column, text)
    assert shown.replace("*", "") in {text[:1], text[-2:], ""}
    assert not shown.startswith(("=", "+", "-", "@", "\t", "\r", "\0"))


def test_masked_phone_keeps_two_digits_and_name_one_character():
    assert masked("phone", "13912345678") == "***78"
    assert masked("name", "林知夏") == "林***"
    assert masked("name", "林") == "***"


def test_line_breaks_in_an_address_are_spaces():
    assert fields.clean("柳荫路8号\r\n2单元", limit=99, what="It") == "柳荫路8号 2单元"


def test_text_is_composed():
    assert fields.clean("Zoe\u0308", limit=99, what="It") == "Zo\u00eb"


def test_half_a_character_is_refused():
    with pytest.raises(BadValue) as caught:
        fields.clean("a\ud800", limit=99, what="It")
    assert caught.value.code == "control-character"


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_every_point_is_taken_or_refused(lat, lon):
    try:
        assert figures.point(lat, lon, CONTEXT) == (lat, lon)
    except BadValue as bad:
        assert bad.code in {"swapped-coordinates", "out-of-range"}  # noqa: PT017


def test_swapped_coordinates_are_found_out_also_where_both_would_be_places():
    near = SimpleNamespace(
        branch=SimpleNamespace(depot_lat=52.0, depot_lon=13.0), datum=Datum.WGS84
    )
    with pytest.raises(BadValue) as caught:
        figures.point(13.1, 52.1, near)
    assert caught.value.code == "swapped-coordinates"


def test_distance_across_the_date_line_is_short():
    assert figures.distance_km((0, 179.9), (0, -179.9)) == pytest.approx(22.2, abs=0.1)
