"""What the lender had tried before the demo starts: contact attempts, and payments received."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from dispatch.demo.borrowers import CURRENCY, Row
from dispatch.demo.chance import stream

SUNDAY, SATURDAY = 6, 5
LAST_TRY_DAYS = 4  # the newest attempt is at least so old
TALK_DAYS = 22  # a talk is older than any cooling-off period
REACH_DAYS = 42
CHANNELS = ("sms", "email", "letter", "chat")
PAYERS = 0.3


def attempt_rows(
    cases: Sequence[tuple[str, Row]],
    *,
    seed: int,
    today: date,
    closed: frozenset[date],
    time_zone: str,
) -> list[Row]:
    """Return the attempts of every case in order of time; two loans of one person share no day."""
    chance, zone = stream(seed, "attempts"), ZoneInfo(time_zone)
    taken: defaultdict[str, set[date]] = defaultdict(set)
    made: list[tuple[datetime, Row]] = []
    for kind, case in cases:
        overdue = (today - date.fromisoformat(case["oldest_unpaid_due_on"])).days
        free = [
            day
            for back in range(LAST_TRY_DAYS, min(REACH_DAYS, overdue - 3) + 1)
            if (day := today - timedelta(days=back)).weekday() != SUNDAY
            and day not in closed | taken[case["person_number"]]
        ]
        for day, channel in _tries(kind, free, chance):
            taken[case["person_number"]].add(day)
            at = datetime.combine(day, _hour(day, chance), zone)
            made.append((at, {"case_number": case["case_number"], "channel": channel}))
    made.sort(key=lambda pair: (pair[0], pair[1]["case_number"]))
    return [
        {
            "attempt_number": f"A-{number:06d}",
            **row,
            "result": _result(row["channel"], (today - at.date()).days, chance),
            "occurred_at": at.isoformat(),
        }
        for number, (at, row) in enumerate(made, start=1)
    ]


def payment_rows(cases: Sequence[tuple[str, Row]], *, seed: int, today: date) -> list[Row]:
    """Return part payments made after the oldest unpaid due date."""
    chance = stream(seed, "payments")
    payments: list[Row] = []
    for _, case in cases:
        if chance.random() >= PAYERS:
            continue
        due = date.fromisoformat(case["oldest_unpaid_due_on"])
        for _ in range(chance.choice([1, 1, 2])):
            share = Decimal(chance.randint(10, 60)) / 1000
            amount = (Decimal(case["principal"]) * share).quantize(Decimal("0.01"))
            paid_on = due + timedelta(days=chance.randint(1, max(1, (today - due).days - 1)))
            payments.append(
                {
                    "payment_number": f"R-{len(payments) + 1:05d}",
                    "case_number": case["case_number"],
                    "amount": str(amount),
                    "currency": CURRENCY,
                    "paid_on": paid_on.isoformat(),
                }
            )
    return payments


def with_paid(case: Row, payments: Iterable[Row]) -> Row:
    """Return the case with what its payments add up to."""
    own = [Decimal(p["amount"]) for p in payments if p["case_number"] == case["case_number"]]
    return case | {"paid": str(sum(own, Decimal("0.00")))}


def _tries(kind: str, free: list[date], chance: Random) -> list[tuple[date, str]]:
    """Choose days and channels: genuine tries, on different days, by telephone and in writing."""
    match kind:
        case "too_few_attempts":
            days, channels = chance.sample(free, 2), ["phone", "sms"]
        case "too_few_days":
            first, second = chance.sample(free, 2)
            days, channels = [first, second, second], ["phone", "phone", "email"]
        case "one_channel":
            days, channels = chance.sample(free, 3), ["phone"] * 3
        case "too_early":
            days = chance.sample(free, min(1, len(free)))  # a long holiday may leave none
            channels = ["sms"] * len(days)
        case _:
            count = chance.choice([3, 3, 4, 4, 5])
            days = chance.sample(free, count)
            rest = chance.choices(["phone", *CHANNELS], k=count - 2)
            channels = ["phone", chance.choice(CHANNELS), *rest]
    return list(zip(days, channels, strict=True))


def _hour(day: date, chance: Random) -> time:
    """Choose a considerate time of day."""
    hour = chance.randint(10, 14) if day.weekday() == SATURDAY else chance.randint(9, 17)
    return time(hour, chance.randint(0, 59))


def _result(channel: str, days_ago: int, chance: Random) -> str:
    if channel != "phone":
        return "none"
    if days_ago >= TALK_DAYS and chance.random() < 0.3:  # noqa: PLR2004
        return "right_party"
    return "third_party" if chance.random() < 0.1 else "none"  # noqa: PLR2004
