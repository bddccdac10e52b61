import pytest

from dispatch.gateways.message import Channel, Message, redact


def message(**more) -> Message:
    base = {"id": "n-1", "channel": Channel.EMAIL, "to": "a@b.cn", "subject": "s", "text": "t"}
    return Message(**{**base, **more})


@pytest.mark.parametrize(
    "subject",
    [
        "Hello\r\nBcc: x@y.cn",
        "Hello\nBcc: x@y.cn",
        "Hello\rBcc: x@y.cn",
        "Hello\x85\x00Bcc: x@y.cn",
    ],
)
def test_a_line_break_in_a_subject_begins_no_other_header(subject) -> None:
    assert message(subject=subject).subject == "Hello Bcc: x@y.cn"


def test_text_keeps_its_lines_and_loses_what_no_mail_can_hold() -> None:
    assert message(text="一\r\n二\r三\x00\ud800\t四", html="<p>\x07</p>") == message(
        text="一\n二\n三  \t四", html="<p> </p>"
    )


@pytest.mark.parametrize("text", ["{{7*7}}", "{0.__class__}", "%s", "\u202eabc", "😀" * 80])
def test_what_looks_like_a_template_is_text(text) -> None:
    assert message(text=text, subject=text).text == text


@pytest.mark.parametrize("name", ["", "../x", "a/b", "x" * 81, "a b", ".hidden", "a\n"])
def test_an_id_that_is_no_reference_is_refused(name) -> None:
    with pytest.raises(ValueError, match="id"):
        message(id=name)


@pytest.mark.parametrize(
    ("channel", "to", "is_addressed"),
    [
        ("email", "a.b+c@mail.example.cn", True),
        ("email", "李@例子.中国", True),
        ("email", "a@b.cn,c@d.cn", False),
        ("email", "a@b.cn;c@d.cn", False),
        ("email", "a@b.cn\r\nBcc: c@d.cn", False),
        ("email", "a@b.cn?cc=c@d.cn", False),
        ("email", "A <a@b.cn>", False),
        ("email", "a@b", False),
        ("email", "", False),
        ("sms", "+8613800138000", True),
        ("sms", "13800138000", False),
        ("sms", "+86138,+86139", False),
        ("sms", "+8613800138000\n", False),
        ("sms", "+٨٦١٣٨٠٠١٣٨٠٠٠", False),
        ("sms", "a@b.cn", False),
    ],
)
def test_one_address_of_the_channel_and_nothing_else(channel, to, is_addressed) -> None:
    assert message(channel=Channel(channel), to=to).is_addressed is is_addressed


@pytest.mark.parametrize(
    ("to", "told"),
    [("lili@example.cn", "l…@…"), ("+8613800138000", "…00"), ("", "…"), ("123", "…")],
)
def test_a_log_names_an_address_without_telling_it(to, told) -> None:
    assert redact(to) == told
