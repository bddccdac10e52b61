"""Text messages through two clouds: their published signatures, their answers, a dripping server."""

import json
import socket
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from dispatch.clock import SetClock
from dispatch.errors import SettingsInvalid
from dispatch.gateways.cloud_sign import Key, Operation, acs3, encoded, tc3
from dispatch.gateways.message import Channel, Message, Receipt, ReceiptState
from dispatch.gateways.messenger import ByChannel, messenger_of
from dispatch.gateways.messenger_cloud import CloudMessenger
from dispatch.settings import Settings
from tests.dispatch.gateways.conftest import Answer

URLS = {
    "aliyun": "aliyun://KEY:SEC%2FRET@%E7%BA%A6%E8%A7%81?announcement=SMS_1&announcement.en=SMS_2",
    "tencent": "tencent://KEY:SEC%2FRET@%E7%BA%A6%E8%A7%81?app=1400&announcement=11&announcement.en=22",
}
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
VALUES = {
    "date": "3月9日周一",
    "from": "10:00",
    "until": "11:30",
    "reference": "7KQ2M4XW",
    "link": "https://visit.example/b/tok-en_1",
}


def a_message(**given) -> Message:
    return Message(
        **{
            "id": "a1b2",
            "channel": Channel.SMS,
            "to": "+8613900000001",
            "subject": "",
            "text": "预约待确认",
            "template": "announcement.sms.zh-CN",
            "values": VALUES,
            **given,
        }
    )


def through(cloud: str, loopback, deadline_s: float = 5.0) -> CloudMessenger:
    return CloudMessenger(
        URLS[cloud], deadline_s=deadline_s, clock=SetClock(NOW), endpoint=loopback.url
    )


def says(loopback, told, status: int = 200) -> None:
    loopback.answer = lambda _: Answer(json.dumps(told).encode(), status)


def test_alibaba_clouds_own_example_of_a_signature():
    headers = acs3(
        Key("YourAccessKeyId", "YourAccessKeySecret"),
        Operation(
            host="ecs.cn-shanghai.aliyuncs.com", action="RunInstances", version="2014-05-26"
        ),
        encoded(
            {
                "RegionId": "cn-shanghai",
                "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd",
            }
        ),
        nonce="3156853299f313e23d1673dc12e1703d",
        now=datetime(2023, 10, 26, 10, 22, 32, tzinfo=UTC),
    )
    assert headers["Authorization"] == (
        "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;"
        "x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,"
        "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )


def test_tencent_clouds_own_example_of_a_signature():
    body = (
        rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}'
    )
    headers = tc3(
        Key("AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE"),
        Operation(
            host="cvm.tencentcloudapi.com", action="DescribeInstances", version="2017-03-12"
        ),
        body,
        region="ap-guangzhou",
        now=datetime.fromtimestamp(1551113065, UTC),
    )
    assert headers["Authorization"] == (
        "TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request,"
        " SignedHeaders=content-type;host,"
        " Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"
    )


def test_alibaba_cloud_is_given_the_template_and_what_fills_it_in(loopback):
    says(loopback, {"Code": "OK", "BizId": "900", "Message": "OK"})
    receipt = through("aliyun", loopback).send(a_message())
    assert (receipt.state, receipt.provider_id) == (ReceiptState.ACCEPTED, "900")
    [asked] = loopback.asked
    query = {name: value for name, [value] in parse_qs(urlsplit(asked.path).query).items()}
    assert (asked.method, asked.body) == ("POST", b"")
    assert json.loads(query.pop("TemplateParam")) == {**VALUES, "link": "tok-en_1"}
    assert query == {
        "PhoneNumbers": "13900000001",
        "SignName": "约见",
        "TemplateCode": "SMS_1",
        "OutId": "a1b2",
    }
    nonce = asked.headers["x-acs-signature-nonce"]
    signed = acs3(
        Key("KEY", "SEC/RET"),
        Operation(host="dysmsapi.aliyuncs.com", action="SendSms", version="2017-05-25"),
        urlsplit(asked.path).query,
        nonce=nonce,
        now=NOW,
    )
    assert {name.lower(): value for name, value in signed.items()}.items() <= {
        name.lower(): value for name, value in asked.headers.items()
    }.items()


def test_tencent_cloud_is_given_the_template_and_what_fills_it_in_in_order(loopback):
    sent = [{"Code": "Ok", "SerialNo": "77", "PhoneNumber": "+8613900000001"}]
    says(loopback, {"Response": {"SendStatusSet": sent}})
    receipt = through("tencent", loopback).send(a_message(language="en"))
    assert (receipt.state, receipt.provider_id) == (ReceiptState.ACCEPTED, "77")
    [asked] = loopback.asked
    assert json.loads(asked.body) == {
        "PhoneNumberSet": ["+8613900000001"],
        "SmsSdkAppId": "1400",
        "SignName": "约见",
        "TemplateId": "22",
        "TemplateParamSet": ["3月9日周一", "10:00", "11:30", "tok-en_1", "7KQ2M4XW"],
        "SessionContext": "a1b2",
    }
    called = Operation(host="sms.tencentcloudapi.com", action="SendSms", version="2021-01-11")
    signed = tc3(Key("KEY", "SEC/RET"), called, asked.body, region="ap-guangzhou", now=NOW)
    assert asked.headers["Authorization"] == signed["Authorization"]


def test_a_text_without_a_link_is_given_no_link(loopback):
    says(loopback, {"Response": {"SendStatusSet": [{"Code": "Ok", "SerialNo": "77"}]}})
    url = URLS["tencent"] + "&cancellation=33"
    messenger = CloudMessenger(url, deadline_s=5, endpoint=loopback.url)
    messenger.send(a_message(template="cancellation.sms.zh-CN"))
    assert json.loads(loopback.asked[0].body)["TemplateParamSet"] == [
        "3月9日周一",
        "10:00",
        "11:30",
        "7KQ2M4XW",
    ]


PERMANENT, AGAIN, OUTAGE, UNKNOWN = "permanent", "again", "outage", "unknown"


def sort_of(receipt: Receipt) -> str:
    if receipt.state is ReceiptState.UNKNOWN:
        return UNKNOWN
    assert receipt.state is ReceiptState.REJECTED
    return PERMANENT if receipt.is_permanent else OUTAGE if receipt.is_outage else AGAIN


@pytest.mark.fault("D6", "D7")
@pytest.mark.parametrize(
    ("code", "status", "sort"),
    [
        ("isv.MOBILE_NUMBER_ILLEGAL", 200, PERMANENT),
        ("isv.BUSINESS_LIMIT_CONTROL", 200, AGAIN),
        ("isv.AMOUNT_NOT_ENOUGH", 200, OUTAGE),
        ("isv.SMS_TEMPLATE_ILLEGAL", 200, OUTAGE),
        ("SignatureDoesNotMatch", 400, OUTAGE),
        ("Throttling.User", 429, OUTAGE),
        ("isp.RAM_PERMISSION_DENY", 200, OUTAGE),
        ("isp.SYSTEM_ERROR", 200, UNKNOWN),
        ("ServiceUnavailable", 503, UNKNOWN),
        (None, 200, UNKNOWN),
    ],
)
def test_what_alibaba_cloud_answers(code, status, sort, loopback):
    says(loopback, {"Code": code} if code else {}, status)
    assert sort_of(through("aliyun", loopback).send(a_message())) == sort


@pytest.mark.fault("D6", "D7")
@pytest.mark.parametrize(
    ("code", "sort"),
    [
        ("InvalidParameterValue.IncorrectPhoneNumber", PERMANENT),
        ("FailedOperation.PhoneNumberInBlacklist", PERMANENT),
        ("LimitExceeded.PhoneNumberDailyLimit", AGAIN),
        ("FailedOperation.InsufficientBalanceInSmsPackage", OUTAGE),
        ("AuthFailure.SignatureExpire", OUTAGE),
        ("RequestLimitExceeded", OUTAGE),
        ("InternalError.Timeout", UNKNOWN),
    ],
)
@pytest.mark.parametrize("is_whole_answer", [True, False])
def test_what_tencent_cloud_answers(code, sort, is_whole_answer, loopback):
    error = {"Code": code, "Message": "…"}
    says(
        loopback,
        {"Response": {"Error": error} if is_whole_answer else {"SendStatusSet": [error]}},
    )
    assert sort_of(through("tencent", loopback).send(a_message())) == sort


@pytest.mark.fault("D2", "D6")
@pytest.mark.parametrize("cloud", sorted(URLS))
@pytest.mark.parametrize(
    "answer",
    [
        Answer(b'{"Code": "OK", "BizId": "1"}', drip_s=0.1),
        Answer(b'{"Code": "O'),
        Answer(b"[]"),
        Answer(b"", status=500),
        Answer(b"", status=502),
    ],
    ids=["drips", "cut off", "no object", "500", "502"],
)
def test_without_a_plain_answer_nobody_knows(cloud, answer, loopback):
    loopback.answer = lambda _: answer
    receipt = through(cloud, loopback, deadline_s=0.5).send(a_message())
    assert sort_of(receipt) == UNKNOWN


@pytest.mark.fault("D1")
def test_where_nobody_listens_nothing_left(socket_enabled):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    messenger = CloudMessenger(URLS["aliyun"], deadline_s=5, endpoint=f"http://127.0.0.1:{port}")
    assert sort_of(messenger.send(a_message())) == OUTAGE


@pytest.mark.parametrize(
    ("given", "sort"),
    [
        ({"template": "apology.sms.en"}, OUTAGE),
        ({"values": {}}, OUTAGE),
        ({"to": "13900000001"}, PERMANENT),
    ],
)
def test_what_can_not_be_sent_is_not_called_for(given, sort, loopback):
    assert sort_of(through("aliyun", loopback).send(a_message(**given))) == sort
    assert loopback.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "aliyun://SIGN?announcement=1",
        "aliyun://KEY:SECRET@SIGN",
        "tencent://KEY:SECRET@SIGN?announcement=1",
    ],
)
def test_a_url_that_lacks_a_part_is_refused_and_not_repeated(url):
    with pytest.raises(SettingsInvalid, match="template") as refused:
        CloudMessenger(url, deadline_s=5)
    assert "SECRET" not in str(refused.value).replace("KEY:SECRET@SIGNATURE", "")


def test_the_setting_chooses_the_cloud():
    messenger = messenger_of(Settings(_env_file=None, messages_sms_url=URLS["aliyun"]))
    assert isinstance(messenger, ByChannel)
    messenger.close()
