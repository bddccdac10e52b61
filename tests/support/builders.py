"""Builders: rows that are right by default; a test overrides only what it is about."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any

from sqlmodel import Session

from dispatch.clock import local_instant
from dispatch.model import (
    Ability,
    Account,
    AccountBranch,
    Agency,
    Agent,
    AgentState,
    Approval,
    ApprovalKind,
    Assessment,
    Branch,
    Case,
    ContactAttempt,
    ContactChannel,
    ContactKind,
    ContactPoint,
    ContactResult,
    Crew,
    CrewMember,
    CrewVersion,
    Lender,
    LocationState,
    Person,
    Place,
    PlaceKind,
    Qualification,
    QualificationKind,
    Role,
    Shift,
    Stage,
    Visit,
    VisitState,
    Willingness,
    members_hash,
    record,
)
from dispatch.policy.pack import Pack
from dispatch.store.decisions import as_facts, decided
from dispatch.vault import Vault

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""Monday 2 March 2026, 09:00 in Shanghai."""

SERVICE_DATE = date(2026, 3, 9)
"""The Monday after."""

_numbers = count(1)


def add[R](session: Session, row: R) -> R:
    """Add a row and flush it."""
    session.add(row)
    session.flush()
    return row


def a_lender(session: Session, **given: Any) -> Lender:
    """Return a lender."""
    return add(
        session,
        Lender(
            **{
                "name": f"Lantern Bank {next(_numbers)}",
                "complaint_phone": "+861000000000",
                **given,
            }
        ),
    )


def a_branch(session: Session, vault: Vault, **given: Any) -> Branch:
    """Return a branch in Shanghai's zone with a data key."""
    agency = add(session, Agency(name=f"Team {next(_numbers)}"))
    defaults: dict[str, Any] = {
        "agency_id": agency.id,
        "name": f"Branch {next(_numbers)}",
        "time_zone": "Asia/Shanghai",
        "country": "CN",
        "depot_lat": 30.600,
        "depot_lon": 119.900,
        "data_key": vault.new_data_key(),
    }
    return add(session, Branch(**{**defaults, **given}))


def an_account(session: Session, branch: Branch | None = None, **given: Any) -> Account:
    """Return an account (a manager by default) that sees the branch."""
    number = next(_numbers)
    account = add(
        session,
        Account(
            **{
                "login": f"person{number}@example.org",
                "name": f"Person {number}",
                "role": Role.MANAGER,
                "created_at": NOW,
                **given,
            }
        ),
    )
    if branch is not None:
        add(session, AccountBranch(account_id=account.id, branch_id=branch.id))
    return account


def an_agent(
    session: Session, vault: Vault, branch: Branch, lender: Lender | None = None, **given: Any
) -> Agent:
    """Return an active agent, certified, trained and (given a lender) authorised until 2030."""
    number = next(_numbers)
    agent = Agent(
        **{
            "branch_id": branch.id,
            "number": f"A{number:04d}",
            "name": f"Agent {number}",
            "email": f"agent{number}@example.org",
            "languages": ["zh-CN", "en"],
            "skills": [],
            "gender": "female" if number % 2 else "male",
            "photo_code": f"P{number:04d}",
            "state": AgentState.ACTIVE,
            **given,
        }
    )
    vault.write(
        branch, agent, "home", [30.60 + (number % 7) * 0.004, 119.90 + (number % 5) * 0.004]
    )
    add(session, agent)
    for kind in QualificationKind:
        owner = lender.id if lender and kind is QualificationKind.AUTHORISATION else None
        if kind is QualificationKind.AUTHORISATION and owner is None:
            continue
        add(
            session,
            Qualification(
                agent_id=agent.id,
                kind=kind,
                lender_id=owner,
                number=f"Q{number}",
                valid_from=date(2025, 1, 1),
                valid_until=date(2030, 1, 1),
            ),
        )
    return agent


def a_shift(
    session: Session,
    agent: Agent,
    on: date = SERVICE_DATE,
    *,
    zone: str = "Asia/Shanghai",
    **given: Any,
) -> Shift:
    """Return a shift 09:00-18:00 with a lunch of 45 minutes between 11:30 and 14:00."""
    return add(
        session,
        Shift(
            **{
                "branch_id": agent.branch_id,
                "agent_id": agent.id,
                "service_date": on,
                "starts_at": local_instant(zone, on, time(9)),
                "ends_at": local_instant(zone, on, time(18)),
                "break_from_at": local_instant(zone, on, time(11, 30)),
                "break_until_at": local_instant(zone, on, time(14)),
                "break_minutes": 45,
                **given,
            }
        ),
    )


def a_crew(
    session: Session,
    agents: list[Agent],
    on: date = SERVICE_DATE,
    *,
    zone: str = "Asia/Shanghai",
    **given: Any,
) -> tuple[Crew, CrewVersion]:
    """Return a crew of these agents and its first membership version."""
    crew = add(
        session,
        Crew(
            **{
                "branch_id": agents[0].branch_id,
                "service_date": on,
                "name": f"Crew {next(_numbers)}",
                "starts_at": local_instant(zone, on, time(9)),
                "ends_at": local_instant(zone, on, time(18)),
                **given,
            }
        ),
    )
    version = add(
        session,
        CrewVersion(
            crew_id=crew.id,
            number=1,
            members_hash=members_hash(one.id for one in agents),
            formed_at=NOW,
        ),
    )
    for position, agent in enumerate(agents):
        add(
            session,
            CrewMember(crew_version_id=version.id, agent_id=agent.id, is_lead=position == 0),
        )
    return crew, version


def a_person(session: Session, vault: Vault, **given: Any) -> Person:
    """Return an adult with a name, a phone and an e-mail address."""
    number = next(_numbers)
    person = Person(
        **{
            "number_index": vault.index("person-number", f"P-{number}"),
            "data_key": vault.new_data_key(),
            "is_adult": True,
            "language": "zh-CN",
            **given,
        }
    )
    vault.write(person, person, "name", f"Person {number}")
    vault.write(person, person, "birth_year", 1980)
    add(session, person)
    for kind, value in (
        (ContactKind.PHONE, f"+86139{number:08d}"),
        (ContactKind.EMAIL, f"p{number}@example.org"),
    ):
        point = ContactPoint(
            person_id=person.id,
            kind=kind,
            value_index=vault.index(kind, value),
            source="contract",
            lawful_basis="contract",
            is_preferred=kind is ContactKind.EMAIL,
        )
        vault.write(person, point, "value", value)
        add(session, point)
    return person


def a_place(
    session: Session,
    vault: Vault,
    person: Person,
    *,
    lat: float = 30.61,
    lon: float = 119.91,
    **given: Any,
) -> Place:
    """Return the person's located residence."""
    number = next(_numbers)
    address = f"No. {number} Willow Lane"
    place = Place(
        **{
            "person_id": person.id,
            "kind": PlaceKind.RESIDENCE,
            "address_index": vault.index("address", address),
            "location": LocationState.LOCATED,
            "located_by": "file",
            **given,
        }
    )
    vault.write(person, place, "address", address)
    vault.write(person, place, "point", [lat, lon])
    return add(session, place)


def a_case(
    session: Session,
    vault: Vault,
    branch: Branch,
    lender: Lender,
    *,
    person: Person | None = None,
    lat: float = 30.61,
    lon: float = 119.91,
    attempts: int = 3,
    ability: Ability = Ability.UNKNOWN,
    **given: Any,
) -> Case:
    """Return an eligible case: 60 days past due, three remote attempts over two channels."""
    number = next(_numbers)
    person = person or a_person(session, vault)
    place = a_place(session, vault, person, lat=lat, lon=lon)
    case = Case(
        **{
            "branch_id": branch.id,
            "lender_id": lender.id,
            "person_id": person.id,
            "place_id": place.id,
            "number": f"LN-{number:05d}",
            "stage": Stage.ELIGIBLE,
            "currency": "CNY",
            "oldest_unpaid_due_on": (NOW - timedelta(days=60)).date(),
            "received_at": NOW,
            "data_audited_until": NOW + timedelta(days=60),
            **given,
        }
    )
    vault.write(
        person,
        case,
        "amounts",
        {"principal": 1_200_000, "interest": 34_500, "fees": 5_000, "paid": 20_000},
    )
    add(session, case)
    channels = [
        ContactChannel.PHONE,
        ContactChannel.SMS,
        ContactChannel.PHONE,
        ContactChannel.EMAIL,
    ]
    for step in range(attempts):
        add(
            session,
            ContactAttempt(
                branch_id=branch.id,
                lender_id=lender.id,
                case_id=case.id,
                person_id=person.id,
                number=f"T-{number}-{step}",
                channel=channels[step % 4],
                result=ContactResult.NONE,
                occurred_at=NOW - timedelta(days=20 - step),
                recorded_at=NOW - timedelta(days=20 - step),
            ),
        )
    add(
        session,
        Assessment(
            branch_id=branch.id,
            case_id=case.id,
            person_id=person.id,
            reason="job_loss",
            ability=ability,
            willingness=Willingness.NOT_DISCUSSED,
            assessed_by="lender",
            assessed_at=NOW - timedelta(days=10),
        ),
    )
    return case


def a_visit(session: Session, case: Case, approver: Account, **given: Any) -> Visit:
    """Return a visit approved by a human, still to be planned."""
    visit = Visit(
        **{
            "branch_id": case.branch_id,
            "case_id": case.id,
            "person_id": case.person_id,
            "place_id": case.place_id,
            "ground": "Three remote attempts found nobody; ability unknown.",
            "pack_id": "baseline",
            "pack_version": "1",
            "state": VisitState.DRAFT,
            "service_s": case.service_minutes * 60,
            "value": case.value,
            "languages": ["zh-CN"],
            "created_at": NOW,
            **given,
        }
    )
    approval = add(
        session,
        Approval(
            branch_id=case.branch_id,
            case_id=case.id,
            kind=ApprovalKind.VISIT,
            subject_id=visit.id,
            ground=visit.ground,
            approver_id=approver.id,
            decided_at=NOW,
        ),
    )
    visit.approval_id = approval.id
    if case.stage is Stage.ELIGIBLE:
        add(session, case)
        case.advance(Stage.VISIT_APPROVED, actor=f"account:{approver.id}", now=NOW)
    return add(session, visit)


def a_decision(
    session: Session, visit: Visit, branch: Branch, law: Pack, *, now: datetime = NOW
) -> None:
    """Put into the log that the visit was approved, and why, as approving it does."""
    told = as_facts(decided(session, visit, branch, law, now=now))
    record(
        visit,
        "visit.approved",
        actor="test",
        now=now,
        approval=visit.approval_id,
        decision=told,
    )
