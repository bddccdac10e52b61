import json
import stat
from email import message_from_bytes, policy

import pytest

from dispatch.gateways.message import Channel, Message, ReceiptState
from dispatch.gateways.messenger_folder import LIST, FolderMessenger


def message(**more) -> Message:
    base = {"id": "n-1", "channel": Channel.EMAIL, "to": "li@home.example", "subject": "预约"}
    return Message(**{**base, "text": "您好", **more})


def test_a_mail_becomes_a_file_that_mail_programs_read(tmp_path) -> None:
    folder = tmp_path / "outbox"
    receipt = FolderMessenger(folder).send(message(html="<p>您好</p>"))
    assert (receipt.state, receipt.provider_id) == (ReceiptState.ACCEPTED, "n-1.eml")
    got = message_from_bytes((folder / "n-1.eml").read_bytes(), policy=policy.default)
    assert (got["To"], got["Subject"]) == ("li@home.example", "预约")
    assert got.get_body(("plain",)).get_content().strip() == "您好"
    assert got.get_body(("html",)).get_content().strip() == "<p>您好</p>"


def test_a_text_message_becomes_a_text_file(tmp_path) -> None:
    sms = message(id="n-2", channel=Channel.SMS, to="+8613800138000")
    assert FolderMessenger(tmp_path).send(sms).provider_id == "n-2.txt"
    assert (tmp_path / "n-2.txt").read_text() == "+8613800138000\n\n您好\n"


def test_the_list_has_a_line_for_each_message_in_order(tmp_path) -> None:
    messenger = FolderMessenger(tmp_path)
    for number in range(3):
        messenger.send(message(id=f"n-{number}"))
    lines = [json.loads(line) for line in (tmp_path / LIST).read_text().splitlines()]
    assert [line["id"] for line in lines] == ["n-0", "n-1", "n-2"]
    assert lines[0] == {
        "id": "n-0", "channel": "email", "to": "li@home.example", "subject": "预约",
        "text": "您好", "language": "zh-CN", "file": "n-0.eml",
    }  # fmt: skip


def test_a_message_sent_again_is_not_written_again(tmp_path) -> None:
    for _ in range(2):
        assert FolderMessenger(tmp_path).send(message()).state is ReceiptState.ACCEPTED
    assert len((tmp_path / LIST).read_text().splitlines()) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == [LIST, "n-1.eml"]


def test_only_the_owner_may_read(tmp_path) -> None:
    folder = tmp_path / "outbox"
    FolderMessenger(folder).send(message())
    for path in (folder, *folder.iterdir()):
        assert not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)


def test_a_wrong_address_is_rejected_and_not_written(tmp_path) -> None:
    receipt = FolderMessenger(tmp_path).send(message(to="nobody"))
    assert (receipt.state, receipt.is_permanent) == (ReceiptState.REJECTED, True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["file"])
def test_a_folder_that_can_t_be_written_is_rejected_and_can_be_tried_again(tmp_path, name) -> None:
    (tmp_path / name).write_text("in the way")
    receipt = FolderMessenger(tmp_path / name / "outbox").send(message())
    assert (receipt.state, receipt.is_permanent) == (ReceiptState.REJECTED, False)
