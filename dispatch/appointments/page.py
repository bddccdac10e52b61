"""Open the borrower's link: nothing before the second fact, everything about the visit after it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlmodel import Session

from dispatch.appointments.after import Noted, noted
from dispatch.appointments.allowed import Answer, Standing, answers, standing
from dispatch.appointments.link import Known, LinkKeys, give_proof, is_right, known_of, recognise
from dispatch.appointments.rules_shown import rule_lines
from dispatch.model import Agent, Appointment, Case, Lender, Notice, NoticeState, Place, record
from dispatch.model.visit_code import visit_code
from dispatch.policy.pack import Pack
from dispatch.store import appointments, days, facts, holds, notices
from dispatch.store.decisions import decision_of
from dispatch.store.rows import get_any
from dispatch.vault import Vault

FREE_TRIES: Final = 5
FIRST_PAUSE: Final = timedelta(minutes=15)
LONGEST_PAUSE: Final = timedelta(hours=24)
ACTOR: Final = "borrower"


class Shut(StrEnum):
    """Why the page stays shut; an unknown link and a wrong answer look alike."""

    WRONG = "wrong"
    PAUSED = "locked"


@dataclass(frozen=True, slots=True)
class CrewMemberShown:
    """Who will come: the name and the code of the photo on the identity card."""

    name: str
    photo_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """All that the person is shown about the visit."""

    proof: str
    reference: str
    language: str
    time_zone: str
    standing: Standing
    answered_at: datetime | None
    appointment_number: int
    lender_name: str
    lender_name_zh: str | None
    lender_phone: str | None
    crew: tuple[CrewMemberShown, ...]
    substitute: CrewMemberShown | None
    """Who comes should one of them fall ill; None where nobody was named, or they come already."""
    """Empty once nobody comes."""
    door_code: str | None
    """The code that the crew must tell on the day; None once nobody comes."""
    window_from_at: datetime
    window_until_at: datetime
    place_kind: str
    address: str
    purpose: str
    why: tuple[tuple[str, Mapping[str, Any]], ...]
    """Codes for the page's own words (`why.*`), with what they name."""
    answers: frozenset[Answer]
    country: str
    """Of the branch: where else to turn."""
    noted: Noted | None
    """What the crew noted; None until a visit is reported."""


def open_notice(
    session: Session,
    *,
    vault: Vault,
    notice: Notice | None,
    second_fact: Mapping[str, str],
    keys: LinkKeys,
    law: Pack,
    now: datetime,
) -> Opened | Shut:
    """Return the page for the right second fact; count anything else.

    The right answer proves that the notice arrived. Five wrong ones pause the link, at first for
    15 minutes; a pause holds for right answers too, so that guesses sent side by side gain nothing.
    Must be committed whatever it returns.
    """
    if notice is None:
        is_right(session, vault=vault, notice=None, second_fact=second_fact)
        return Shut.WRONG
    known = known_of(session, notice)
    notice = known.notice
    right = is_right(session, vault=vault, notice=notice, second_fact=second_fact)
    if notice.locked_until is not None and now < notice.locked_until:
        return Shut.PAUSED
    if not right:
        _count_wrong(notice, now=now)
        session.add(notice)
        return Shut.WRONG
    notice.guesses, notice.locked_until = 0, None
    session.add(notice)
    _prove(session, known, law=law, now=now)
    return shown(session, known, vault=vault, keys=keys, law=law, now=now)


def show_again(
    session: Session,
    *,
    vault: Vault,
    notice: Notice,
    proof: str,
    keys: LinkKeys,
    law: Pack,
    now: datetime,
) -> Opened:
    """Return the page for somebody who has given the second fact a short while ago.

    Raises
    ------
    Unauthenticated
        If the proof does not hold (any more).
    """
    known = recognise(session, notice=notice, proof=proof, keys=keys, now=now)
    return shown(session, known, vault=vault, keys=keys, law=law, now=now)


def shown(
    session: Session, known: Known, *, vault: Vault, keys: LinkKeys, law: Pack, now: datetime
) -> Opened:
    """Return all that a person who is known is shown."""
    visit, appointment, person = known.visit, known.appointment, known.person
    case = get_any(session, Case, visit.case_id)
    lender = get_any(session, Lender, case.lender_id)
    place = get_any(session, Place, appointment.place_id)
    versions = appointments.versions_of(session, visit.id)
    held = holds.standing_against(session, visit, now=now, until_at=appointment.stay_until_at)
    state = standing(visit, versions, held, now=now)
    is_coming = state in {Standing.ANNOUNCED, Standing.CONFIRMED, Standing.MOVED}
    crew = days.members_of(session, {appointment.crew_version_id})[appointment.crew_version_id]
    answered = [one.answered_at for one in versions if one.answered_at is not None]
    return Opened(
        proof=give_proof(keys, known.notice, appointment.number, now=now),
        reference=visit.reference,
        language=known.notice.language,
        time_zone=place.time_zone or known.branch.time_zone,
        standing=state,
        answered_at=answered[-1] if answered and state is not Standing.ANNOUNCED else None,
        appointment_number=appointment.number,
        lender_name=lender.name,
        lender_name_zh=lender.name_zh,
        lender_phone=lender.complaint_phone,
        crew=tuple(CrewMemberShown(one.name, one.photo_code or "") for one in crew)
        if is_coming
        else (),
        substitute=_substitute(session, appointment, crew) if is_coming else None,
        door_code=visit_code(visit, appointment.service_date) if is_coming else None,
        window_from_at=appointment.window_from_at,
        window_until_at=appointment.window_until_at,
        place_kind=str(place.kind),
        address=str(vault.read(person, place, "address") or ""),
        purpose=visit.purpose,
        why=_why(session, known, law=law, now=now),
        answers=answers(visit, appointment, held, now=now),
        country=known.branch.country,
        noted=noted(session, known, vault=vault),
    )


def _substitute(
    session: Session, appointment: Appointment, crew: Sequence[Agent]
) -> CrewMemberShown | None:
    if appointment.substitute_id is None:
        return None
    agent = get_any(session, Agent, appointment.substitute_id)
    if agent.id in {one.id for one in crew}:
        return None
    return CrewMemberShown(agent.name, agent.photo_code or "")


def _why(
    session: Session, known: Known, *, law: Pack, now: datetime
) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    """Return why the visit is made, as it was decided: what was tried, what for, by whom."""
    decided = decision_of(session, known.visit)
    lines: list[tuple[str, Mapping[str, Any]]] = []
    if decided is None:
        lines.append(("not_recorded", {}))
    elif tried := decided.why.tried:
        counted = {
            "count": sum(one.tries for one in tried),
            "channels": len(tried),
            "reached": sum(one.reached for one in tried),
        }
        lines.append(("attempts", counted))
    lines.append(("options", {}))
    if decided is not None and decided.why.approved_by is not None:
        lines.append(("approved", {}))
    if law["notice.no_reply"] == "proceed_once_as_announced":
        lines.append(("once", {}))
    lines += rule_lines(
        session,
        known.visit,
        law=law,
        language=known.notice.language,
        time_zone=known.branch.time_zone,
        now=now,
    )
    return tuple(lines)


def _prove(session: Session, known: Known, *, law: Pack, now: datetime) -> None:
    """Note that the person has seen the newest version; that is the strongest proof there is."""
    newest = facts.newest_notices(session, {known.appointment.id}).get(known.appointment.id)
    for notice in (known.notice, newest):
        if notice is None or notice.appointment_id != known.appointment.id:
            continue
        if notice.state is NoticeState.CHECKED and notice is known.notice:
            notice.move_to(NoticeState.SENDING, actor=ACTOR, now=now, why="a letter has arrived")
        notice.prove_opened(actor=ACTOR, now=now)
        session.add(notice)
        notices.settle_proof(session, notice, law=law, actor=ACTOR, now=now)


def _count_wrong(notice: Notice, *, now: datetime) -> None:
    notice.guesses += 1
    times, rest = divmod(notice.guesses, FREE_TRIES)
    if rest == 0:
        notice.locked_until = now + min(FIRST_PAUSE * 4 ** (times - 1), LONGEST_PAUSE)
    record(
        notice,
        "notice.wrong_second_fact",
        actor="unknown",
        now=now,
        guesses=notice.guesses,
        until=notice.locked_until if rest == 0 else None,
    )
