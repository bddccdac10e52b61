"""An area: what lies in a circle, in a ring, or has a name in its address; and what is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.area import Area, great_circle_m

HERE = (30.61, 119.91)
SQUARE = Area(ring=((30.0, 119.0), (30.0, 120.0), (31.0, 120.0), (31.0, 119.0)))
NOTCHED = Area(ring=((0, 0), (0, 4), (4, 4), (4, 0), (2, 2)))
"""A square whose left side is pushed in to its middle."""

spots = st.tuples(st.floats(-89, 89), st.floats(-179, 179))


def test_a_circle_ends_at_its_radius() -> None:
    metres = great_circle_m(HERE, (30.61, 120.0))

    assert Area(center=HERE, radius_m=metres).holds((30.61, 120.0), None)
    assert not Area(center=HERE, radius_m=metres - 1).holds((30.61, 120.0), None)


@pytest.mark.parametrize("spot", [(30.5, 119.5), (30.0, 119.0), (30.5, 120.0), (31.0, 119.5)])
def test_a_ring_holds_what_is_inside_and_its_edge(spot) -> None:
    assert SQUARE.holds(spot, None)


@pytest.mark.parametrize("spot", [(29.999, 119.5), (30.5, 120.001), (31.5, 119.5), (30.0, 118.9)])
def test_a_ring_does_not_hold_what_is_outside(spot) -> None:
    assert not SQUARE.holds(spot, None)


def test_a_ring_may_be_pushed_in() -> None:
    assert NOTCHED.holds((1, 3), None)
    assert NOTCHED.holds((3, 1.5), None)
    assert not NOTCHED.holds((2, 1), None)


@given(spots, st.integers(0, 3))
def test_where_a_ring_begins_makes_no_difference(spot, first) -> None:
    turned = Area(ring=(*NOTCHED.ring[first:], *NOTCHED.ring[:first]))

    assert turned.holds(spot, None) == NOTCHED.holds(spot, None)


def test_names_are_found_however_they_are_written() -> None:
    area = Area(names=("Willow  lane", "３１３２００"))

    assert area.holds(None, "No. 7 WILLOW Lane")
    assert area.holds(None, "湖州市 313200 某街")
    assert not area.holds(None, "No. 7 Willow Street")
    assert not area.holds((30.0, 119.0), None)


def test_of_what_nothing_is_known_nothing_lies_inside() -> None:
    assert not SQUARE.holds(None, "30.5, 119.5")


@pytest.mark.parametrize("area", [SQUARE, Area(center=HERE, radius_m=5), Area(names=("Elm",))])
def test_it_comes_back_from_its_plain_values(area) -> None:
    again = Area.of_json(area.as_json())

    assert again.fingerprint == area.fingerprint
    assert again.as_json() == area.as_json()


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"names": ("Elm",), "center": HERE, "radius_m": 5},
        {"center": HERE},
        {"center": HERE, "radius_m": 500_001},
        {"center": (91.0, 0.0), "radius_m": 5},
        {"ring": ((0, 0), (0, 1), (0, 0))},
        {"ring": ((0, 0), (0, 1), (200, 0))},
        {"names": ("a",)},
        {"names": ("Elm",) * 51},
    ],
    ids=str,
)
def test_what_is_no_area_is_refused(given) -> None:
    with pytest.raises(ValueError, match=r"\w+ "):
        Area(**given)
