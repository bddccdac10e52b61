"""Packs of the lender's own: one person proposes a text, another adopts it; both are on record."""

from dataclasses import asdict
from datetime import datetime

from sqlmodel import Session

from dispatch.clock import local_date
from dispatch.errors import Forbidden, Invalid, PackInvalid
from dispatch.model import Account, ChangeState, PackChange, Role, record
from dispatch.policy.compare import differences
from dispatch.policy.lint import lint
from dispatch.policy.pack import BASELINE, Pack, load_pack, read_pack
from dispatch.store import law

SHORTEST_GROUND = 12
"""Characters that a written ground has at the least."""


def propose_pack(
    session: Session,
    *,
    text: str,
    ground: str,
    account: Account,
    now: datetime,
) -> PackChange:
    """Put a pack's text before a second person and return the proposal; nothing is changed yet.

    Raises
    ------
    PackInvalid
        If the linter finds anything; every issue is listed.
    Forbidden
        If the account may not decide on rules.
    Invalid
        If the ground is missing, or the text is that of the baseline.
    """
    ensure_decides(account)
    if len(ground.strip()) < SHORTEST_GROUND:
        msg = "Write down why the pack is changed, and on what source; one sentence at least."
        raise Invalid(msg)
    issues = lint(text, on=local_date("UTC", now))
    if issues:
        told = [f"{one.where}: {one.cause} {one.remedy}" for one in issues]
        msg = f"The policy pack has {len(told)} issue(s), the first: {told[0]}"
        raise PackInvalid(msg, issues=told)
    pack = read_pack(text)
    if pack.id == BASELINE:
        msg = "The baseline is part of the program; give the pack an id of its own."
        raise Invalid(msg)
    change = PackChange(
        pack_id=pack.id,
        pack_version=pack.version,
        fingerprint=pack.fingerprint,
        text=text,
        differences=[asdict(one) for one in differences(_before(session, pack), pack)],
        ground=ground.strip(),
        proposed_by=account.id,
        proposed_at=now,
    )
    session.add(change)
    session.flush()
    record(
        change,
        "pack.proposed",
        actor=f"account:{account.id}",
        now=now,
        pack=pack.id,
        version=pack.version,
        fingerprint=pack.fingerprint,
        differences=len(change.differences),
    )
    return change


def decide_pack(
    session: Session, *, change: PackChange, is_adopted: bool, account: Account, now: datetime
) -> PackChange:
    """Adopt or refuse a proposed pack.

    Raises
    ------
    Forbidden
        If the account may not decide on rules.
    WrongState
        If it is decided already.
    Invalid
        If the proposer would adopt it.
    """
    ensure_decides(account)
    state = ChangeState.ADOPTED if is_adopted else ChangeState.REFUSED
    change.decide(state, by=account.id, actor=f"account:{account.id}", now=now)
    session.add(change)
    return change


def ensure_decides(account: Account) -> None:
    """Refuse an account that may not decide on rules.

    Raises
    ------
    Forbidden
        If it is no admin's or manager's, or is closed.
    """
    if account.role not in {Role.ADMIN, Role.MANAGER} or account.disabled_at is not None:
        msg = "Rules are decided on by a manager or an admin, in person."
        raise Forbidden(msg)


def _before(session: Session, pack: Pack) -> Pack:
    """Return what the pack is held against: the last one adopted, else the shipped, else none."""
    newest = law.adopted(session, pack.id)
    if newest is not None:
        return read_pack(newest.text)
    try:
        return load_pack(pack.id)
    except PackInvalid:
        return load_pack(BASELINE)
