"""Care calls: taken by somebody trained for it, tried again, and what came of it."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session

from dispatch.clock import local_date
from dispatch.errors import Invalid, Refused
from dispatch.model import Account, Branch, CareCall, CareState, Person
from dispatch.store.rows import get_any
from dispatch.vault import Vault

AGAIN_AFTER: Final = timedelta(hours=12)
"""When a call that reached nobody is due again."""

FEWEST_TRIES: Final = 3
"""Calls that must have reached nobody before somebody may say that the person can't be reached."""


def require_trained(session: Session, account: Account, branch_id: UUID, *, now: datetime) -> None:
    """Refuse whoever is not trained to talk to people in distress, today, where the branch is.

    Raises
    ------
    Refused
        With what to do.
    """
    branch = get_any(session, Branch, branch_id)
    if not account.is_care_trained(local_date(branch.time_zone, now)):
        msg = "Only somebody trained for care may do this; an admin notes who is, and until when."
        raise Refused(msg)


def step_call(
    session: Session,
    *,
    vault: Vault,
    call: CareCall,
    to: CareState,
    words: str,
    by: Account,
    now: datetime,
) -> CareCall:
    """Take a call, put it back because nobody answered, or say what came of it.

    Visits stay stopped whatever comes of it: a specialist lifts that hold, in writing.

    Raises
    ------
    Refused
        If the account is not trained, or the call is a colleague's.
    Invalid
        If nothing is said of how the person is, or too few tries were made to give up.
    WrongState
        If no such step leads from where the call stands.
    """
    require_trained(session, by, call.branch_id, now=now)
    if call.taken_by is not None and call.taken_by != by.id:
        msg = "A colleague has taken this call; speak with them before you call the person too."
        raise Refused(msg)
    if to is CareState.REACHED and not words.strip():
        msg = "Write how the person is and what they wish for, in a few words."
        raise Invalid(msg, [{"pointer": "/body/words", "message": msg}])
    if to is CareState.UNREACHABLE and call.tries + 1 < FEWEST_TRIES:
        msg = f"Try at least {FEWEST_TRIES} times, at different hours, before you give up."
        raise Invalid(msg, [{"pointer": "/body/to", "message": msg}])
    call.move_to(to, actor=f"account:{by.id}", now=now)
    _keep(session, vault, call, to, words, by=by, now=now)
    session.add(call)
    return call


def _keep(
    session: Session,
    vault: Vault,
    call: CareCall,
    to: CareState,
    words: str,
    *,
    by: Account,
    now: datetime,
) -> None:
    if to is CareState.TAKEN:
        call.taken_by = by.id
        return
    call.tries += 1
    if to is CareState.WAITING:
        call.taken_by, call.due_at = None, max(call.due_at, now + AGAIN_AFTER)
        return
    call.ended_at = now
    person = get_any(session, Person, call.person_id)
    if words.strip() and person.data_key is not None:
        vault.write(person, call, "note", words.strip())
