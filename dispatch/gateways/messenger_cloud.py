"""Text messages through Alibaba Cloud or Tencent Cloud: by template, one call a message.

    aliyun://KEY-ID:SECRET@SIGNATURE?announcement=SMS_1&reminder=SMS_2…
    tencent://KEY-ID:SECRET@SIGNATURE?app=1400006666&announcement=1110…&region=ap-guangzhou

Their templates are approved beforehand, with the words of ours; `announcement.en` is for one language,
`announcement` for all others. Links may not be a variable there: the template ends in our address, and the
variable is what follows it. Neither refuses a repeated reference, so a lost reply is never sent again.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from dispatch.clock import Clock, SystemClock
from dispatch.errors import SettingsInvalid
from dispatch.gateways.cloud_sign import Key, Operation, acs3, encoded, tc3
from dispatch.gateways.fetch import Call, FetchFailed, fetch_json
from dispatch.gateways.message import Channel, Message, Receipt, ReceiptState, misaddressed
from dispatch.ids import new_id
from dispatch.wording.library import names_of

SCHEMAS: Final = frozenset({"aliyun", "tencent"})
_ALIYUN: Final = Operation(host="dysmsapi.aliyuncs.com", action="SendSms", version="2017-05-25")
_TENCENT: Final = Operation(host="sms.tencentcloudapi.com", action="SendSms", version="2021-01-11")
_ANSWERS: Final = frozenset({400, 401, 403, 404, 429, 500, 503})
"""Statuses whose body says in a code what is wrong."""

_PERMANENT: Final = (
    "isv.MOBILE_NUMBER_ILLEGAL",
    "InvalidParameterValue.IncorrectPhoneNumber",
    "FailedOperation.PhoneNumberInBlacklist",
)
_UNKNOWN: Final = ("isp.", "ServiceUnavailable", "InternalError")
_OUTAGE: Final = (
    "isp.RAM_PERMISSION",
    "Throttling",
    "SignatureDoesNotMatch",
    "InvalidAccessKey",
    "isv.OUT_OF_SERVICE",
    "isv.AMOUNT_NOT_ENOUGH",
    "isv.ACCOUNT",
    "isv.PRODUCT_UN_SUBSCRIPT",
    "isv.SMS_SIGN",
    "isv.SMS_TEMPLATE",
    "AuthFailure",
    "UnauthorizedOperation",
    "RequestLimitExceeded",
    "LimitExceeded.App",
    "FailedOperation.InsufficientBalance",
    "FailedOperation.SignatureIncorrect",
    "FailedOperation.TemplateIncorrect",
)
"""What concerns the account, its key, its money, its templates or its rate: no message is at fault."""


@dataclass(frozen=True, slots=True)
class _Account:
    schema: str
    key: Key
    signature: str
    given: Mapping[str, str]


class CloudMessenger:
    """Sends text messages through the cloud that its URL names.

    Parameters
    ----------
    url : str
        As at the head of this module, each part percent-encoded.
    endpoint : str or None
        Where to call instead of the cloud's own address.

    Raises
    ------
    SettingsInvalid
        If the URL lacks a part.
    """

    at_once = 8

    def __init__(
        self,
        url: str,
        *,
        deadline_s: float,
        clock: Clock | None = None,
        endpoint: str | None = None,
    ) -> None:
        self._account = _account(url)
        self._deadline_s, self._clock = deadline_s, clock or SystemClock()
        self._endpoint = endpoint

    def send(self, message: Message) -> Receipt:
        """Hand the message to the cloud; after the deadline its state is unknown."""
        if not message.is_addressed or message.channel is not Channel.SMS:
            return misaddressed()
        name = (message.template or "").partition(".")[0]
        given = self._account.given
        code = given.get(f"{name}.{message.language}") or given.get(name)
        if not code or not message.values:
            detail = "FAIRVISIT_MESSAGES_SMS_URL names no template of the cloud for this message."
            return Receipt(ReceiptState.REJECTED, detail=detail, is_outage=True)
        make, read = _CLOUDS[self._account.schema]
        try:
            call = make(self, message, code)
            return read(fetch_json(call, deadline_s=self._deadline_s))
        except FetchFailed as error:
            return _failed(error)

    def close(self) -> None:
        """Do nothing: each call is its own."""

    def aliyun(self, message: Message, code: str) -> Call:
        """Return the call of Alibaba Cloud that sends the message."""
        query = encoded(
            {
                "PhoneNumbers": message.to.removeprefix("+86").removeprefix("+"),
                "SignName": self._account.signature,
                "TemplateCode": code,
                "TemplateParam": json.dumps(_variables(message), ensure_ascii=False),
                "OutId": message.id,
            }
        )
        now, nonce = self._clock.now(), str(new_id())
        headers = acs3(self._account.key, _ALIYUN, query, nonce=nonce, now=now)
        where = self._endpoint or f"https://{_ALIYUN.host}"
        return Call(f"{where}/?{query}", headers=headers, accept=_ANSWERS, content=b"")

    def tencent(self, message: Message, code: str) -> Call:
        """Return the call of Tencent Cloud that sends the message."""
        given = self._account.given
        body = json.dumps(
            {
                "PhoneNumberSet": [message.to],
                "SmsSdkAppId": given["app"],
                "SignName": self._account.signature,
                "TemplateId": code,
                "TemplateParamSet": list(_variables(message).values()),
                "SessionContext": message.id,
            }
        ).encode()
        region = given.get("region", "ap-guangzhou")
        now = self._clock.now()
        headers = tc3(self._account.key, _TENCENT, body, region=region, now=now)
        where = self._endpoint or f"https://{_TENCENT.host}"
        return Call(f"{where}/", headers=headers, accept=_ANSWERS, content=body)


def _variables(message: Message) -> dict[str, str]:
    """Return what fills a template in, in the order in which our own text names it."""
    name, channel, language = (message.template or "").split(".")
    values = dict(message.values)
    values["link"] = values.get("link", "").rpartition("/")[2]
    return {each: values[each] for each in names_of(name, channel, language)}


def _read_aliyun(told: Any) -> Receipt:
    if not isinstance(told, dict):
        return _unread()
    return _receipt(str(told.get("Code")), "OK", told.get("BizId"))


def _read_tencent(told: Any) -> Receipt:
    answer = told.get("Response") if isinstance(told, dict) else None
    if not isinstance(answer, dict):
        return _unread()
    if error := answer.get("Error"):
        return _receipt(str(error.get("Code")), "", None)
    sent = answer.get("SendStatusSet") or [{}]
    return _receipt(str(sent[0].get("Code")), "Ok", sent[0].get("SerialNo"))


def _receipt(code: str, good: str, provider_id: str | None) -> Receipt:
    if code == good:
        return Receipt(ReceiptState.ACCEPTED, provider_id, "The provider accepted it.")
    detail = f"The provider answered {code}."
    if not code.startswith(_OUTAGE) and (code == "None" or code.startswith(_UNKNOWN)):
        return Receipt(ReceiptState.UNKNOWN, detail=detail)
    return Receipt(
        ReceiptState.REJECTED,
        detail=detail,
        is_permanent=code in _PERMANENT,
        is_outage=code.startswith(_OUTAGE),
    )


def _unread() -> Receipt:
    return Receipt(ReceiptState.UNKNOWN, detail="The provider's answer makes no sense.")


def _failed(error: FetchFailed) -> Receipt:
    if error.is_unreached:
        detail = "The provider can't be reached; see FAIRVISIT_MESSAGES_SMS_URL."
        return Receipt(ReceiptState.REJECTED, detail=detail, is_outage=True)
    detail = f"The exchange with the provider failed: {error}."
    return Receipt(ReceiptState.UNKNOWN, detail=detail, retry_after_s=error.retry_after_s)


type _Make = Callable[[CloudMessenger, Message, str], Call]
_CLOUDS: Final[Mapping[str, tuple[_Make, Callable[[Any], Receipt]]]] = {
    "aliyun": (CloudMessenger.aliyun, _read_aliyun),
    "tencent": (CloudMessenger.tencent, _read_tencent),
}


def _account(url: str) -> _Account:
    parts = urlsplit(url)
    user, _, host = parts.netloc.rpartition("@")
    key_id, _, secret = user.partition(":")
    given = dict(parse_qsl(parts.query))
    is_whole = parts.scheme in SCHEMAS and key_id and secret and host
    if (
        not is_whole
        or "announcement" not in given
        or (parts.scheme == "tencent" and "app" not in given)
    ):
        # The URL itself holds a password and is not repeated.
        msg = (
            "FAIRVISIT_MESSAGES_SMS_URL must name key, secret, signature and a template for each"
            " text: aliyun://KEY:SECRET@SIGNATURE?announcement=…, or tencent://… with app=… too."
        )
        raise SettingsInvalid(msg)
    return _Account(parts.scheme, Key(unquote(key_id), unquote(secret)), unquote(host), given)
