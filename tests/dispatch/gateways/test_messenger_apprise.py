import contextlib
import email.policy
import importlib
import logging
import os
import signal
import socket
import threading
import time
import warnings
from email import message_from_bytes

import pytest
from aiosmtpd.controller import Controller

from dispatch.errors import SettingsInvalid
from dispatch.gateways.message import Channel, Message, ReceiptState
from dispatch.gateways.messenger_apprise import SCHEMAS, AppriseMessenger

TEXT = "您好,李女士:\n\n请打开链接确认时间 https://visit.example/a?b=1\n\n谢谢。"
HTML = '<p>您好,<b>李女士</b>:</p><p><a href="https://visit.example/a?b=1">确认时间</a></p>'
SUBJECT = "关于您的预约 · 请确认时间"


class Inbox:
    """What the mail server received, and what it answers."""

    def __init__(self) -> None:
        self.envelopes = []
        self.rcpt = "250 OK"
        self.data = "250 OK"
        self.drops_reply = False

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.drops_reply:
            server.transport.abort()
        elif self.data.startswith("250"):
            self.envelopes.append(envelope)
        return self.data


@pytest.fixture(scope="module")
def apprise_child():
    with warnings.catch_warnings():
        # a plug-in of the library imports imghdr, which Python 3.13 no longer has
        warnings.filterwarnings("ignore", "'imghdr' is deprecated", DeprecationWarning)
        return importlib.import_module("dispatch.gateways.apprise_child")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


@pytest.fixture
def inbox(socket_enabled):
    inbox = Inbox()
    controller = Controller(inbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    inbox.url = mail_url(controller.port)
    yield inbox
    controller.stop()


def mail_url(port: int) -> str:
    return f"mailto://127.0.0.1:{port}?from=visits@lender.example&name=Visits&mode=insecure"


@pytest.fixture(scope="module")
def child():
    """One sending process for all: it takes a second or two to start."""
    messenger = AppriseMessenger({}, deadline_s=1)
    yield messenger._child
    messenger.close()


@pytest.fixture
def messenger_to(child):
    def of(url: str, *, deadline_s: float = 20.0) -> AppriseMessenger:
        messenger = AppriseMessenger({Channel.EMAIL: url}, deadline_s=deadline_s)
        messenger._child = child
        return messenger

    return of


def mail(**more) -> Message:
    base = {"id": "n-1", "channel": Channel.EMAIL, "to": "li@home.example", "subject": SUBJECT}
    return Message(**{**base, "text": TEXT, **more})


def received(inbox) -> email.message.EmailMessage:
    (envelope,) = inbox.envelopes
    return message_from_bytes(envelope.content, policy=email.policy.default)


def test_a_mail_arrives_with_its_subject_text_and_recipient(inbox, messenger_to) -> None:
    receipt = messenger_to(inbox.url).send(mail())
    assert receipt.state is ReceiptState.ACCEPTED
    assert inbox.envelopes[0].rcpt_tos == ["li@home.example"]
    assert inbox.envelopes[0].mail_from == "visits@lender.example"
    got = received(inbox)
    assert got["Subject"] == SUBJECT
    assert got["To"] == "li@home.example"
    assert got["From"] == "Visits <visits@lender.example>"
    assert got["X-Message-Reference"] == "n-1"
    assert got["Content-Language"] == "zh-CN"
    assert got.get_content_type() == "text/plain"
    assert got.get_content().replace("\r\n", "\n").strip() == TEXT


def test_html_goes_beside_our_own_text_links_included(inbox, messenger_to) -> None:
    assert messenger_to(inbox.url).send(mail(html=HTML)).state is ReceiptState.ACCEPTED
    got = received(inbox)
    assert got.get_body(("plain",)).get_content().replace("\r\n", "\n").strip() == TEXT
    assert got.get_body(("html",)).get_content().strip() == HTML


@pytest.mark.fault("D12")
def test_a_subject_with_a_line_break_adds_no_header(inbox, messenger_to) -> None:
    messenger_to(inbox.url).send(mail(subject="Hello\r\nBcc: other@home.example\r\n\r\nbody"))
    assert inbox.envelopes[0].rcpt_tos == ["li@home.example"]
    got = received(inbox)
    assert got["Bcc"] is None
    assert got["Subject"] == "Hello Bcc: other@home.example body"


@pytest.mark.fault("D12")
@pytest.mark.parametrize("text", ["{{7*7}} {0.__class__} %s \\n :smile:", "<b>1 < 2</b> & more"])
def test_text_arrives_literally(inbox, messenger_to, text) -> None:
    messenger_to(inbox.url).send(mail(text=text, subject=text))
    got = received(inbox)
    assert got.get_content().strip() == text
    assert got["Subject"] == text


@pytest.mark.parametrize(
    ("rcpt", "permanent"), [("550 no such user", True), ("451 greylisted", False)]
)
def test_a_refused_recipient_is_rejected_and_permanent_only_if_the_server_says_so(
    inbox, messenger_to, rcpt, permanent
) -> None:
    inbox.rcpt = rcpt
    receipt = messenger_to(inbox.url).send(mail())
    assert receipt.state is ReceiptState.REJECTED
    assert receipt.is_permanent is permanent
    assert rcpt[:3] in receipt.detail
    assert "li@" not in receipt.detail


def test_a_refused_content_is_rejected_and_does_not_blame_the_address(inbox, messenger_to):
    inbox.data = "554 no"
    receipt = messenger_to(inbox.url).send(mail())
    assert (receipt.state, receipt.is_permanent) == (ReceiptState.REJECTED, False)


def test_a_reply_lost_after_the_text_was_sent_is_unknown(inbox, messenger_to) -> None:
    inbox.drops_reply = True
    assert messenger_to(inbox.url).send(mail()).state is ReceiptState.UNKNOWN


def test_a_server_that_is_down_is_rejected_and_can_be_tried_again(
    inbox, messenger_to, socket_enabled
) -> None:
    receipt = messenger_to(mail_url(free_port())).send(mail())
    assert (receipt.state, receipt.is_permanent) == (ReceiptState.REJECTED, False)
    assert "FAIRVISIT_MESSAGES_EMAIL_URL" in receipt.detail


@pytest.fixture
def dripping(socket_enabled):
    """A server that sends one byte of a greeting that never ends, every so often."""
    stop = threading.Event()
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.05)

    def serve() -> None:
        held = []
        while not stop.wait(0.05):
            with contextlib.suppress(TimeoutError):
                held.append(server.accept()[0])
            for each in held:
                try:
                    each.send(b"2")
                except OSError:
                    continue
        for each in held:
            each.close()

    thread = threading.Thread(target=serve)
    thread.start()
    yield mail_url(server.getsockname()[1])
    stop.set()
    thread.join()
    server.close()


@pytest.mark.fault("D2")
def test_a_dripping_server_ends_at_the_deadline_and_the_next_message_flows(
    dripping, inbox, messenger_to
) -> None:
    messenger = messenger_to(dripping, deadline_s=0.5)
    messenger.check()
    begun = time.monotonic()
    receipt = messenger.send(mail())
    assert time.monotonic() - begun < 3
    assert receipt.state is ReceiptState.UNKNOWN
    messenger._urls[Channel.EMAIL] = inbox.url
    messenger._deadline_s = 20.0
    assert messenger.send(mail()).state is ReceiptState.ACCEPTED


def test_a_child_that_died_since_the_last_message_is_started_again(inbox, messenger_to) -> None:
    messenger = messenger_to(inbox.url)
    messenger.check()
    os.kill(messenger._child.pid, signal.SIGKILL)
    assert messenger.send(mail()).state is ReceiptState.ACCEPTED
    assert len(inbox.envelopes) == 1


@pytest.mark.parametrize("to", ["li@home.example,other@home.example", "li@home.example\r\nx: y"])
def test_more_than_one_address_is_rejected_before_anything_is_sent(
    inbox, messenger_to, to
) -> None:
    receipt = messenger_to(inbox.url).send(mail(to=to))
    assert (receipt.state, receipt.is_permanent) == (ReceiptState.REJECTED, True)
    assert inbox.envelopes == []


def test_a_channel_without_a_provider_is_rejected(messenger_to) -> None:
    messenger = messenger_to("mailto://u:p@mail.example")
    receipt = messenger.send(mail(channel=Channel.SMS, to="+8613800138000"))
    assert receipt.state is ReceiptState.REJECTED
    assert "FAIRVISIT_MESSAGES_SMS_URL" in receipt.detail


def test_neither_address_nor_password_is_logged(messenger_to, caplog, socket_enabled) -> None:
    caplog.set_level(logging.DEBUG)
    url = f"mailto://user:s3cret@127.0.0.1:{free_port()}?from=a@b.cn&mode=insecure"
    messenger_to(url).send(mail())
    told = caplog.text
    assert "l…@…" in told
    assert "li@home.example" not in told
    assert "s3cret" not in told


@pytest.mark.parametrize(
    "url",
    [
        "wecombot://bot", "dingtalk://token", "feishu://token", "lark://token", "slack://a/b/c",
        "tgram://token/chat", "discord://a/b", "json://host/path", "msteams://a/b", "mattermost://x",
        "file:///tmp/x", "syslog://", "", "not a url", "twilio://a:b@+1555",
    ],
)  # fmt: skip
def test_staff_channels_bots_and_groups_are_refused_at_the_start(url) -> None:
    with pytest.raises(SettingsInvalid, match="FAIRVISIT_MESSAGES_EMAIL_URL") as caught:
        AppriseMessenger({Channel.EMAIL: url}, deadline_s=1)
    assert "token" not in caught.value.detail
    with pytest.raises(SettingsInvalid, match="FAIRVISIT_MESSAGES_SMS_URL"):
        AppriseMessenger({Channel.SMS: "mailto://a:b@c.example"}, deadline_s=1)


@pytest.mark.parametrize("key", ["to", "cc", "bcc", "reply", "retry", "wait", "BCC"])
def test_a_url_may_name_no_other_recipient_and_no_repeats(key) -> None:
    with pytest.raises(SettingsInvalid, match=key.lower()):
        AppriseMessenger({Channel.EMAIL: f"mailto://a:b@c.example?{key}=x@y.cn"}, deadline_s=1)


def test_a_url_that_names_a_recipient_in_its_path_is_found_by_the_check(messenger_to) -> None:
    with pytest.raises(SettingsInvalid, match="recipient"):
        messenger_to("mailto://a:b@mail.example/other@home.example?from=a@b.cn").check()


SID, HALF, KEY = "AC" + "a" * 32, "b" * 32, "c" * 16
USABLE = {
    "mailto": "mailto://u:p@mail.example",
    "mailtos": "mailtos://u:p@mail.example",
    "mailgun": f"mailgun://user@mail.example/{HALF}-{'b' * 8}-{'c' * 8}",
    "sendgrid": f"sendgrid://{'a' * 30}:from@mail.example",
    "ses": "ses://u@mail.example/AHIAJGNT76XIMXDBIJYA/bu1dHSdO22pfaaVy/wmNsdljF4C07D3bndi9PQJ9/us-east-2",
    "smtp2go": f"smtp2go://u@mail.example/{'a' * 30}",
    "atalk": "atalk://user@key",
    "infobip": "infobip://key@host.example",
    "msgbird": f"msgbird://{'a' * 25}/15551230000",
    "nexmo": f"nexmo://abcd1234:{KEY}@15551230000",
    "plivo": f"plivo://{'a' * 25}@{'b' * 40}/15551230000",
    "seven": "seven://abcdef",
    "sinch": f"sinch://{'a' * 32}:{HALF}@15551230000",
    "sns": "sns://AHIAJGNT76XIMXDBIJYA/bu1dHSdO22pfaaVy/wmNsdljF4C07D3bndi9PQJ9/us-east-2",
    "telnyx": "telnyx://key@15551230000",
    "twilio": f"twilio://{SID}:{HALF}@+15551230000",
    "vonage": f"vonage://abcd1234:{KEY}@15551230000",
}


def test_every_listed_channel_takes_exactly_one_recipient(apprise_child) -> None:
    assert set(USABLE) == set().union(*SCHEMAS.values())
    for channel, schemas in SCHEMAS.items():
        to = "+8613800138000" if channel is Channel.SMS else "li@home.example"
        for schema in schemas:
            request = {
                "url": USABLE[schema], "to": to, "id": "n", "language": "zh-CN", "html": None,
                "is_mail": channel is Channel.EMAIL,
            }  # fmt: skip
            made = apprise_child.service(request)
            assert made is not None, schema
            assert to.lstrip("+") in made.url().replace("%40", "@"), schema


@pytest.mark.parametrize(
    ("told", "state", "permanent"),
    [
        ("Failed to send Twilio notification to +86: Bad Request, error=400.", "rejected", True),
        ("Failed to send Twilio notification to +86: Unauthorized, error=401.", "rejected", False),
        ("Failed to send Twilio notification to +86: Too Many, error=429.", "rejected", False),
        ("Failed to send Twilio notification to +86: Oops, error=503.", "unknown", None),
        ("A Connection error occurred\nSocket Exception: Read timed out.", "unknown", None),
        ("Socket Exception: HTTPSConnectionPool NewConnectionError refused", "unreached", None),
        ("Socket Exception: Connection unexpectedly closed", "unknown", None),
        ("Socket Exception: {'x@y.cn': (550, b'no')}", "rejected", True),
        ("Socket Exception: (530, b'authenticate first', 'a@b.cn')", "rejected", False),
        ("", "unknown", None),
    ],
)
def test_only_what_surely_did_not_go_out_is_called_rejected(
    apprise_child, told, state, permanent
) -> None:
    found = apprise_child.verdict(told)
    assert found["state"] == state
    assert found.get("is_permanent") is permanent
