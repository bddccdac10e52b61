"""The demo's cases: invented persons, amounts and assessments, as a lender would export them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from dispatch.demo.addresses import AddressPoint
from dispatch.demo.chance import stream
from dispatch.demo.city import City
from dispatch.demo.fixtures import rows

LENDER = "Lanting Demo Finance"
CURRENCY = "CNY"
LATIN_SHARE = 0.17
SECOND_CASES = 4  # persons who have two loans
PREFERENCES = 0.4  # share of cases with declared times
DAYS_OVERDUE = {"too_early": (12, 24)}
DEFAULT_DAYS_OVERDUE = (38, 175)

type Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Borrower:
    """An invented person with an address of the demo city."""

    number: str
    name: str
    language: str
    phone: str
    email: str
    birth_year: int
    home: AddressPoint

    @property
    def address(self) -> str:
        """Return the address in the person's language."""
        return self.home.text_en if self.language == "en" else self.home.text_zh


def case_rows(city: City, *, seed: int, today: date) -> list[tuple[str, Row]]:
    """Return each case with its kind of `case_mix` (what it is there to show)."""
    kinds = [row["kind"] for row in rows("case_mix") for _ in range(int(row["count"]))]
    chance = stream(seed, "cases")
    chance.shuffle(kinds)
    people = list(_borrowers(city, len(kinds) - SECOND_CASES, seed, today))
    people += chance.sample(people, SECOND_CASES)
    return [
        (kind, _case(number, kind, person, today, chance))
        for number, (kind, person) in enumerate(zip(kinds, people, strict=True), start=1)
    ]


def _borrowers(city: City, count: int, seed: int, today: date) -> Iterator[Borrower]:
    chance = stream(seed, "people")
    homes = chance.sample(city.addresses, count)
    names = _names(chance)
    for number, home in enumerate(homes, start=1):
        name, language = next(names)
        yield Borrower(
            number=f"P-{number:05d}",
            name=name,
            language=language,
            # No subscriber number of the country begins with 0: it is valid in form, nobody's.
            phone=f"+86572010{number:04d}",
            email=f"person{number:04d}@example.org",
            birth_year=today.year - chance.randint(23, 61),
            home=home,
        )


def _names(chance: Random) -> Iterator[tuple[str, str]]:
    """Yield (name, language), no name twice."""
    surnames, given = rows("surnames"), rows("given_names")
    latin, families = rows("latin_given"), rows("latin_family")
    chinese = [s["zh"] + g["zh"] for s in surnames for g in given]
    english = [f"{g['name']} {f['name']}" for g in latin for f in families]
    taken = {row["name"] for row in rows("agents")}
    chance.shuffle(chinese)
    chance.shuffle(english)
    zh = (name for name in chinese if name not in taken)
    en = (name for name in english if name not in taken)
    while True:
        yield (next(en), "en") if chance.random() < LATIN_SHARE else (next(zh), "zh-CN")


def _case(number: int, kind: str, person: Borrower, today: date, chance: Random) -> Row:
    product = chance.choice(rows("products"))
    principal = chance.randint(int(product["principal_from"]), int(product["principal_to"]))
    days = chance.randint(*DAYS_OVERDUE.get(kind, DEFAULT_DAYS_OVERDUE))
    patterns = [row["preferred_times"] for row in rows("working_patterns")]
    return {
        "case_number": f"LT{today.year}-{number:05d}",
        "lender": LENDER,
        "person_number": person.number,
        "name": person.name,
        "language": person.language,
        "phone": person.phone,
        "email": person.email,
        "address": person.address,
        "place_kind": "residence",
        "lat": f"{person.home.lat:.6f}",
        "lon": f"{person.home.lon:.6f}",
        "currency": CURRENCY,
        "principal": _money(Decimal(principal)),
        "interest": _money(Decimal(principal) * chance.randint(12, 60) / 1000),
        "fees": _money(Decimal(principal) * chance.randint(0, 12) / 1000),
        "paid": _money(Decimal(0)),  # what the payments of the export add up to
        "oldest_unpaid_due_on": (today - timedelta(days=days)).isoformat(),
        "product": product["product"],
        **_assessment(kind, today, chance),
        "service_minutes": str(chance.choice([15, 20, 20, 25])),
        "value": str(chance.randint(30, 95)),
        "birth_year": str(person.birth_year),
        "preferred_times": chance.choice(patterns) if chance.random() < PREFERENCES else "",
    }


def _assessment(kind: str, today: date, chance: Random) -> Row:
    needs_help = kind == "cannot_pay"
    reasons = [
        row["code"]
        for row in rows("arrears_reasons")
        if (row["kind"] == "cannot_pay") == needs_help
    ]
    ability = ["partial", "none_now"] if needs_help else ["unknown", "unknown", "adequate"]
    moods = ["willing", "willing_if_plan", "unsure", "not_discussed", "not_discussed"]
    return {
        "ability": chance.choice(ability),
        "willingness": chance.choice(moods if needs_help else [*moods, "unwilling"]),
        "arrears_reason": chance.choice(reasons),
        "assessed_on": (today - timedelta(days=chance.randint(2, 18))).isoformat(),
    }


def _money(amount: Decimal) -> str:
    return str(amount.quantize(Decimal("0.01")))
