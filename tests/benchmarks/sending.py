"""How long it takes to hand due notices to a gateway that remembers references.

    python -m tests.benchmarks.sending [NOTICES]

Everything is as it will be: a file of SQLite (or the database of TEST_POSTGRES_URL) that waits for its
disk, a gateway in a process of its own behind HTTP, sealed texts, law and caps asked anew for each
message, and each try on record before its call. The ledger of the gateway says what was handed over.
"""

import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlmodel import Session

from dispatch import migrations
from dispatch.clock import SetClock, stopwatch
from dispatch.db import Database
from dispatch.messaging.runner import send_due
from dispatch.model import (
    Appointment,
    Branch,
    ContactStatus,
    Crew,
    CrewVersion,
    NoticeKind,
    NoticeState,
    Visit,
    VisitState,
)
from dispatch.settings import Settings
from dispatch.store.notices import about_of, contact_points
from dispatch.vault import Vault
from dispatch.wording.draft import draft
from tests.crash.gateway import IDEMPOTENT, Gateway, SimulatedMessenger
from tests.support import builders as make

GOAL_S: Final = 60.0
"""Seconds in which ten thousand notices are to be handed over on two processors."""

AT_ONCE: Final = 16
"""Messages that are under way at the same time."""

_KEY: Final = "bench-key-bench-key-bench-key-1"


def main(notices: int) -> None:
    """Measure, and print what was handed over in which time."""
    vault = Vault([_KEY], _KEY)
    with tempfile.TemporaryDirectory() as name, _a_database(Path(name)) as database:
        began = stopwatch()
        with database.writing() as session:
            _due(session, vault, notices)
        print(f"{notices:,} notices due; made ready in {stopwatch() - began:.0f} s")
        gateway = Gateway(Path(name))
        try:
            at_work = time.process_time()
            told, seconds = _sent(database, vault, gateway.port)
            at_work = time.process_time() - at_work
            counts = gateway.counts("bench")
        finally:
            gateway.close()
    doubled = sum(number > 1 for number in counts.values())
    print(f"{'handed over':24}{len(counts):>10,}   twice: {doubled}")
    print(f"{'seconds':24}{seconds:>10.1f}   goal for 10,000: {GOAL_S:.0f}")
    print(f"{'of the processor':24}{at_work:>10.1f}   without the gateway's process")
    print(f"{'a second':24}{len(counts) / seconds:>10.0f}")
    print(f"{'what the sender says':24}{dict(told)}")
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


def _sent(database: Database, vault: Vault, port: int) -> tuple[Counter[str], float]:
    told: Counter[str] = Counter()
    began = stopwatch()
    while found := send_due(
        database,
        vault=vault,
        messenger=SimulatedMessenger(port, IDEMPOTENT, "bench", at_once=AT_ONCE),
        clock=SetClock(make.NOW + timedelta(minutes=1)),
        settings=Settings(_env_file=None),
        limit=5000,
    ):
        told.update(found)
    return told, stopwatch() - began


def _due(session: Session, vault: Vault, number: int) -> None:
    """Enter so many announced visits of one branch, each with a notice that may leave now."""
    lender, branch = make.a_lender(session), make.a_branch(session, vault)
    manager = make.an_account(session, branch)
    team = [make.an_agent(session, vault, branch, lender) for _ in range(2)]
    crew, version = make.a_crew(session, team)
    for _ in range(number):
        case = make.a_case(session, vault, branch, lender)
        visit = make.a_visit(session, case, manager, state=VisitState.AUDITED)
        _announced(session, vault, branch, visit, crew, version)


def _announced(
    session: Session, vault: Vault, branch: Branch, visit: Visit, crew: Crew, version: CrewVersion
) -> None:
    begins = make.NOW + timedelta(days=7)
    appointment = make.add(
        session,
        Appointment(
            branch_id=branch.id,
            visit_id=visit.id,
            case_id=visit.case_id,
            number=1,
            service_date=make.SERVICE_DATE,
            window_from_at=begins,
            window_until_at=begins + timedelta(minutes=90),
            stay_from_at=begins,
            stay_until_at=begins + timedelta(minutes=120),
            place_id=visit.place_id,
            crew_id=crew.id,
            crew_version_id=version.id,
            offered_at=make.NOW,
        ),
    )
    notice = draft(
        about_of(session, visit=visit, appointment=appointment, branch=branch),
        NoticeKind.ANNOUNCEMENT,
        vault=vault,
        base_url="http://127.0.0.1:8000",
        point=contact_points(session, visit.person_id, [ContactStatus.VALID])[0],
        send_after_at=make.NOW,
        now=make.NOW,
    )
    session.add(notice)
    notice.move_to(NoticeState.CHECKED, actor="bench", now=make.NOW)


@contextmanager
def _a_database(folder: Path) -> Iterator[Database]:
    url = os.environ.get("TEST_POSTGRES_URL") or f"sqlite:///{folder / 'sending.db'}"
    database = Database(url)
    migrations.upgrade(database)
    yield database
    database.dispose()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
