import pytest

from dispatch.errors import SettingsInvalid
from dispatch.gateways.messenger import (
    AppriseMessenger,
    Channel,
    FakeMessenger,
    FolderMessenger,
    Message,
    Receipt,
    ReceiptState,
    messenger_of,
)
from dispatch.settings import Settings


def settings(**more) -> Settings:
    return Settings(_env_file=None, **more)


def message(number: int = 1, to: str = "li@home.example") -> Message:
    return Message(f"n-{number}", Channel.EMAIL, to, "预约", "您好")


def test_without_a_provider_messages_become_files(tmp_path) -> None:
    messenger = messenger_of(settings(messages_folder=tmp_path))
    assert isinstance(messenger, FolderMessenger)
    assert messenger.send(message()).state is ReceiptState.ACCEPTED
    assert (tmp_path / "n-1.eml").exists()


def test_in_production_that_is_said(tmp_path, caplog) -> None:
    keys = dict.fromkeys(("master_key", "index_key", "token_key"), "k" * 32)
    messenger_of(settings(environment="production", messages_folder=tmp_path, **keys))
    assert "reach nobody" in caplog.text


def test_with_a_provider_it_is_used_and_a_staff_channel_is_refused() -> None:
    messenger = messenger_of(settings(messages_email_url="mailtos://u:p@mail.example"))
    assert isinstance(messenger, AppriseMessenger)
    messenger.close()
    with pytest.raises(SettingsInvalid, match="FAIRVISIT_MESSAGES_SMS_URL"):
        messenger_of(settings(messages_sms_url="wecombot://bot-key"))


def test_the_fake_records_and_fails_as_it_is_told() -> None:
    fake = FakeMessenger()
    fake.reject(is_permanent=True)
    fake.lose_reply()
    fake.then(Receipt(ReceiptState.ACCEPTED, "given"))
    receipts = [fake.send(message(number)) for number in range(4)]
    assert [each.state.value for each in receipts] == [
        "rejected", "unknown", "accepted", "accepted",
    ]  # fmt: skip
    assert receipts[0].is_permanent
    assert receipts[2].provider_id == "given"
    assert [each.id for each in fake.sent] == ["n-1", "n-2", "n-3"]
    assert len(fake.tried) == 4
    assert fake.send(message(to="nobody")).is_permanent
    fake.close()
