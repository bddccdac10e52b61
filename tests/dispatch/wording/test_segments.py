"""Text messages are counted as networks count them."""

import pytest

from dispatch.wording.segments import is_gsm, segments


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("{" * 80, 1),  # each takes two places
        ("{" * 81, 2),
        ("a" * 152 + "{" + "a" * 152, 3),  # 306 places, but the brace is not cut in two
        ("您" * 70, 1),
        ("您" * 71, 2),
        ("您" * 134, 2),
        ("您" * 135, 3),
        ("🙂" * 35, 1),  # a surrogate pair takes two places
        ("🙂" * 36, 2),
        ("a" * 70 + "你", 2),  # one such character and all take sixteen bits
    ],
)
def test_segments(text: str, count: int) -> None:
    assert segments(text) == count


def test_which_alphabet() -> None:
    assert is_gsm("Zoë paid €5? [no]") is False
    assert is_gsm("Zoè €5? [no]")
    assert not is_gsm("預約")
