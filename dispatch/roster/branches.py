"""Branches: opening one with its lender, agency and data key, and changing its habits."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from dispatch.errors import AlreadyThere, Invalid
from dispatch.model import Agency, Branch, Lender, record
from dispatch.policy.playbook import load_playbook
from dispatch.store import branches
from dispatch.vault import Vault

HABITS = frozenset(
    {
        "auto_announce",
        "auto_publish",
        "names_substitutes",
        "planning_at",
        "playbook",
        "refills",
        "sends_nothing",
    }
)
"""What a manager may change; the rest of a branch is what its plans were made from."""


def open_branch(
    session: Session,
    *,
    vault: Vault,
    name: str,
    time_zone: str,
    country: str,
    depot_lat: float,
    depot_lon: float,
    lender_name: str,
    agency_name: str | None = None,
    actor: str,
    now: datetime,
    **others: Any,
) -> tuple[Branch, Lender]:
    """Return a new branch and its lender; lender and agency are taken over where they exist.

    `others` are further columns of the branch (name_zh, language, currency, pack_id, playbook, planning_at,
    horizon_days, auto_announce, auto_publish, names_substitutes, refills, sends_nothing) and, with the prefix `lender_`, of
    the lender (lender_name_zh, lender_complaint_phone, lender_complaint_email).

    Raises
    ------
    AlreadyThere
        If a branch has this name.
    Invalid
        If the zone is not IANA's, the depot lies outside the globe, or there is no such playbook.
    """
    if branches.by_name(session, name) is not None:
        msg = f"There is a branch called {name}; choose another name."
        raise AlreadyThere(msg)
    of_lender = {
        key.removeprefix("lender_"): others.pop(key)
        for key in list(others)
        if key.startswith("lender_")
    }
    lender = branches.lender_by_name(session, lender_name) or _added(
        session, Lender(name=lender_name, **of_lender)
    )
    team = agency_name or lender_name
    agency = branches.agency_by_name(session, team) or _added(
        session, Agency(name=team, lender_id=lender.id, is_external=team != lender_name)
    )
    branch = Branch(
        agency_id=agency.id,
        name=name,
        time_zone=time_zone,
        country=country,
        depot_lat=depot_lat,
        depot_lon=depot_lon,
        data_key=vault.new_data_key(),
        **others,
    )
    branch.check()
    load_playbook(branch.playbook)
    session.add(branch)
    session.flush()
    record(branch, "branch.opened", actor=actor, now=now, time_zone=time_zone)
    return branch, lender


def change_branch(
    session: Session, *, branch: Branch, changes: dict[str, Any], actor: str, now: datetime
) -> Branch:
    """Change a branch's habits; what stays as it was leaves no trace.

    Raises
    ------
    Invalid
        If something else than a habit is named, or a playbook that is not there.
    """
    strangers = sorted(changes.keys() - HABITS)
    if strangers:
        msg = f"{', '.join(strangers)} can't be changed; a branch's habits are {sorted(HABITS)}."
        raise Invalid(msg)
    if "playbook" in changes:
        load_playbook(changes["playbook"])
    real = {key: value for key, value in changes.items() if getattr(branch, key) != value}
    for key, value in real.items():
        setattr(branch, key, value)
    if real:
        session.add(branch)
        record(
            branch,
            "branch.changed",
            actor=actor,
            now=now,
            **{key: str(value) for key, value in real.items()},
        )
    return branch


def _added[R: (Lender, Agency)](session: Session, row: R) -> R:
    session.add(row)
    session.flush()
    return row
