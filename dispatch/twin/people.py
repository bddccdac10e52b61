"""The twin's files, as a lender and a personnel office would export them: for the real importer."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from dispatch.clock import local_instant
from dispatch.demo import fixtures
from dispatch.twin.chance import Chance

ZONE: Final = "Asia/Shanghai"
LENDER: Final = "Lanting Demo Finance"
DEPOT: Final = (30.60, 119.90)
PAYMENT: Final = ("payment_number", "case_number", "amount", "currency", "paid_on")

_REACH_KM: Final = 9.0
_KM_PER_DEGREE: Final = 111.2
_COS: Final = 0.86
_SUNDAY: Final = 6

type Row = dict[str, str]


def person_number(number: int) -> str:
    """Return the lender's number of a person, by which every draw about them is named."""
    return f"P-{number:05d}"


def case_number(number: int) -> str:
    """Return the lender's number of a person's case."""
    return f"C-{number:05d}"


def case_rows(numbers: Iterable[int], *, chance: Chance, today: date) -> list[Row]:
    """Return cases that a visit may help: overdue for a while, tried from afar, not settled."""
    return [_case(number, chance, today) for number in numbers]


def attempt_rows(numbers: Iterable[int], *, today: date) -> list[Row]:
    """Return three attempts for each case, by telephone and in writing, that reached nobody."""
    return [
        {
            "attempt_number": f"A-{number:05d}-{nth}",
            "case_number": case_number(number),
            "channel": ("phone", "sms", "phone")[nth],
            "result": "none",
            "occurred_at": local_instant(
                ZONE, today - timedelta(days=days), time(10, 15)
            ).isoformat(),
        }
        for number in numbers
        for nth, days in enumerate((26, 22, 17))
    ]


def agent_rows(crews: int, *, today: date) -> list[Row]:
    """Return two agents for each crew, and one in reserve."""
    ends = (today + timedelta(days=400)).isoformat()
    names = fixtures.rows("agents")
    return [
        {
            "employee_number": f"E-{number:03d}",
            "name": names[(number - 1) % len(names)]["name"],
            "email": f"agent{number:03d}@example.org",
            "phone": f"+86572090{number:04d}",
            "gender": ("female", "male")[number % 2],
            "languages": "zh-CN|en",
            "skills": "",
            "home_lat": f"{DEPOT[0]:.6f}",
            "home_lon": f"{DEPOT[1]:.6f}",
            "certificate_until": ends,
            "training_until": ends,
            "authorised_lender": LENDER,
            "authorised_until": ends,
        }
        for number in range(1, 2 * crews + 1)
    ]


def shift_rows(agents: Sequence[Row], dates: Iterable[date]) -> list[Row]:
    """Return a shift for each agent and date, Sundays left out."""
    return [
        {
            "employee_number": agent["employee_number"],
            "service_date": on.isoformat(),
            "starts": "09:30",
            "ends": "19:30",
            "break_from": "12:00",
            "break_to": "14:30",
            "break_minutes": "60",
        }
        for on in dates
        if on.weekday() != _SUNDAY
        for agent in agents
    ]


def payment_row(number: str, case: str, amount: int, on: date) -> Row:
    """Return a payment of an amount in minor units."""
    values = (number, case, f"{amount // 100}.{amount % 100:02d}", "CNY", on.isoformat())
    return dict(zip(PAYMENT, values, strict=True))


def as_csv(rows: Sequence[Row]) -> bytes:
    """Return rows as a file with a header."""
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def _case(number: int, chance: Chance, today: date) -> Row:
    who = person_number(number)
    east, north = (chance.between(-_REACH_KM, _REACH_KM, who, axis) for axis in ("x", "y"))
    surnames, given = fixtures.rows("surnames"), fixtures.rows("given_names")
    surname = surnames[number % len(surnames)]["zh"]
    return {
        "case_number": case_number(number),
        "lender": LENDER,
        "person_number": who,
        "name": surname + given[number // len(surnames) % len(given)]["zh"],
        "language": "zh-CN",
        "phone": f"+86572010{number:04d}",
        "email": f"person{number:05d}@example.org",
        "address": f"No. {number} Willow Lane",
        "place_kind": "residence",
        "lat": f"{DEPOT[0] + north / _KM_PER_DEGREE:.6f}",
        "lon": f"{DEPOT[1] + east / _KM_PER_DEGREE / _COS:.6f}",
        "currency": "CNY",
        "principal": f"{round(chance.between(4_000, 40_000, who, 'principal'))}.00",
        "interest": "120.00",
        "fees": "0.00",
        "paid": "0.00",
        "oldest_unpaid_due_on": (today - timedelta(days=45)).isoformat(),
        "product": "consumer loan",
        "ability": "unknown",
        "willingness": "not_discussed",
        "arrears_reason": "income_irregular",
        "assessed_on": (today - timedelta(days=9)).isoformat(),
        "service_minutes": str(round(chance.between(15, 30, who, "service"))),
        "value": str(round(chance.between(30, 95, who, "value"))),
        "birth_year": str(round(chance.between(1962, 1998, who, "birth"))),
        "preferred_times": "",
    }


def working_dates(first: date, days: int) -> list[date]:
    """Return so many dates from a first one on."""
    return [first + timedelta(days=ahead) for ahead in range(days)]


def at(on: date, hour: int, minute: int = 0) -> datetime:
    """Return the instant of a wall time in the branch."""
    return local_instant(ZONE, on, time(hour, minute))
