"""The demo's field team: agents, their shifts for the coming weeks, and the holidays."""

from collections.abc import Sequence
from datetime import date, timedelta

from holidays import country_holidays

from dispatch.demo.borrowers import LENDER, Row
from dispatch.demo.chance import stream
from dispatch.demo.city import City
from dispatch.demo.fixtures import rows

SATURDAY, SUNDAY = 5, 6
WEEKDAY = {"starts": "09:00", "ends": "18:00", "break_from": "11:30", "break_to": "14:00"}
SHORT_DAY = {"starts": "10:00", "ends": "16:00", "break_from": "12:00", "break_to": "13:30"}


def agent_rows(city: City, *, seed: int, today: date) -> list[Row]:
    """Return the agents: three crews of two, and one in reserve."""
    chance = stream(seed, "agents")
    homes = chance.sample(city.addresses, len(rows("agents")))
    return [
        {
            "employee_number": f"E-{number:02d}",
            "name": agent["name"],
            "email": f"agent{number:02d}@example.org",
            "phone": f"+86572090{number:04d}",
            "gender": agent["gender"],
            "languages": agent["languages"],
            "skills": agent["skills"],
            "home_lat": f"{home.lat:.6f}",
            "home_lon": f"{home.lon:.6f}",
            "certificate_until": _later(today, chance.randint(150, 600)),
            "training_until": _later(today, chance.randint(120, 360)),
            "authorised_lender": LENDER,
            "authorised_until": _later(today, chance.randint(180, 400)),
        }
        for number, (agent, home) in enumerate(zip(rows("agents"), homes, strict=True), start=1)
    ]


def shift_rows(
    agents: Sequence[Row], *, today: date, weeks: int, closed: frozenset[date]
) -> list[Row]:
    """Return the shifts from `today` on; each agent works every second Saturday, no holiday."""
    saturdays = {row["name"]: row["saturdays"] for row in rows("agents")}
    shifts: list[Row] = []
    for day in (today + timedelta(days=ahead) for ahead in range(7 * weeks)):
        if day in closed or day.weekday() == SUNDAY:
            continue
        is_saturday = day.weekday() == SATURDAY
        parity = "odd" if day.isocalendar().week % 2 else "even"
        for agent in agents:
            if is_saturday and saturdays[agent["name"]] != parity:
                continue
            shifts.append(
                {
                    "employee_number": agent["employee_number"],
                    "service_date": day.isoformat(),
                    **(SHORT_DAY if is_saturday else WEEKDAY),
                    "break_minutes": "30" if is_saturday else "60",
                }
            )
    return shifts


def holiday_rows(today: date) -> list[Row]:
    """Return mainland China's calendar of the year before, this one and the next."""
    years = range(today.year - 1, today.year + 2)
    calendar = country_holidays("CN", years=years)
    days = {day: (str(name), "public_holiday") for day, name in calendar.items()}
    # A weekend day that is worked in exchange for a long holiday.
    swaps = dict.fromkeys(calendar.weekend_workdays, ("调休上班", "working_day"))
    return [
        {"date": day.isoformat(), "name": name, "class": kind}
        for day, (name, kind) in sorted((days | swaps).items())
        if day.year in years
    ]


def _later(today: date, days: int) -> str:
    return (today + timedelta(days=days)).isoformat()
