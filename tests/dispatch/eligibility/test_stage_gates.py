"""A branch's playbook holds cases in their stage: time, facts, situation, channels; and is shown as the source."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import Session, select

from dispatch.db import Database
from dispatch.eligibility.approve import approve_visit
from dispatch.eligibility.sweep import findings, sweep_cases
from dispatch.errors import Invalid, VisitNotEligible
from dispatch.model import (
    Ability,
    Assessment,
    Case,
    ContactAttempt,
    ContactChannel,
    Evidence,
    Stage,
)
from dispatch.policy.pack import effective, load_pack
from dispatch.roster.branches import change_branch
from dispatch.vault import Vault
from tests.support import builders as make

LAW = effective(load_pack("baseline"))
DAY = timedelta(days=1)


class Desk:
    """A branch that works by a playbook, with one case that has come in."""

    def __init__(self, session: Session, vault: Vault, playbook: str, **case) -> None:
        self.session = session
        self.branch = make.a_branch(session, vault, playbook=playbook)
        self.manager = make.an_account(session, self.branch)
        given = {"stage": Stage.INTAKE, "data_audited_until": None, **case}
        self.case: Case = make.a_case(session, vault, self.branch, make.a_lender(session), **given)

    def sweep(self, *, days: int = 0) -> Stage:
        now = make.NOW + days * DAY
        sweep_cases(self.session, branch=self.branch, law=LAW, actor="test", now=now)
        return self.case.stage

    def found(self, *, days: int = 0) -> list[str]:
        now = make.NOW + days * DAY
        all_found = findings(self.session, [self.case], branch=self.branch, law=LAW, now=now)
        return [one.code for one in all_found[self.case.reference]]

    def tried(self) -> list[ContactAttempt]:
        return list(self.session.exec(select(ContactAttempt)))

    def began(self, days_ago: int) -> None:
        """Let the first of three attempts be so many days ago."""
        for step, one in enumerate(self.tried()):
            one.occurred_at = make.NOW - (days_ago - step) * DAY
        self.session.flush()


@pytest.fixture
def desk(sqlite_database: Database, vault: Vault):
    """Make desks in one transaction."""
    with sqlite_database.writing() as session:
        yield lambda playbook, **case: Desk(session, vault, playbook, **case)


@pytest.mark.parametrize(("playbook", "least"), [("S1", 7), ("S2", 7), ("S4", 15)])
def test_a_case_waits_as_long_as_its_playbook_says(desk, playbook: str, least: int) -> None:
    one = desk(playbook)
    one.began(days_ago=3)
    assert one.sweep() is Stage.REMOTE
    assert one.sweep(days=least - 4) is Stage.REMOTE
    assert one.sweep(days=least - 3) is Stage.ELIGIBLE


def test_the_time_counts_from_what_the_lender_tried_before(desk) -> None:
    one = desk("S2")
    one.began(days_ago=7)
    assert one.sweep() is Stage.ELIGIBLE


def test_after_a_hold_the_time_begins_anew(desk) -> None:
    one = desk("S2")
    one.began(days_ago=20)
    assert one.sweep() is Stage.ELIGIBLE
    one.case.put_on_hold(actor="test", now=make.NOW, why="illness")
    one.case.resume(actor="test", now=make.NOW + DAY)
    assert one.sweep(days=7) is Stage.REMOTE
    assert one.sweep(days=8) is Stage.ELIGIBLE


def test_the_stricter_of_pack_and_playbook_binds(desk) -> None:
    young = desk("S4", oldest_unpaid_due_on=(make.NOW - 44 * DAY).date())
    young.began(days_ago=20)
    assert "not-overdue-enough" in young.found()
    assert young.sweep() is Stage.REMOTE
    assert young.sweep(days=1) is Stage.ELIGIBLE  # 45 days by now


def test_attempts_by_a_channel_that_the_stage_lacks_are_not_counted(desk) -> None:
    one = desk("S2")
    one.began(days_ago=20)
    assert one.sweep() is Stage.ELIGIBLE
    assert one.found() == []
    for tried in one.tried():
        tried.channel = ContactChannel.VISIT
    one.session.flush()
    assert one.found() == ["remote-first"]


def test_a_fact_that_the_playbook_asks_for_has_to_be_noted(desk) -> None:
    one = desk("S4")
    one.began(days_ago=20)
    for row in one.session.exec(select(Assessment)):
        one.session.delete(row)
    one.session.flush()
    assert "stage-facts-unknown" in one.found()


def test_in_a_situation_without_a_visit_there_is_none(desk) -> None:
    one = desk("S4", oldest_unpaid_due_on=(make.NOW - 181 * DAY).date())
    one.began(days_ago=20)
    assert one.sweep() is Stage.REMOTE
    assert one.found() == ["no-visit-in-situation"]
    unable = desk("S2", ability=Ability.NONE_NOW)
    unable.began(days_ago=20)
    assert unable.sweep() is Stage.REMOTE
    assert set(unable.found()) == {"not-able", "no-visit-in-situation"}


def test_a_decision_has_its_time_and_an_eligible_case_keeps_waiting_for_it(desk) -> None:
    one = desk("S4")
    one.began(days_ago=20)
    assert one.sweep() is Stage.ELIGIBLE
    assert one.sweep() is Stage.ELIGIBLE
    given = {"case": one.case, "ground": "Three tries reached nobody.", "account": one.manager}
    with pytest.raises(VisitNotEligible, match="stage-time-not-over"):
        approve_visit(one.session, **given, law=LAW, now=make.NOW)
    visit = approve_visit(one.session, **given, law=LAW, now=make.NOW + DAY)
    assert cited(one.session, visit.id) >= {"Playbook S4", "Fairvisit strict baseline"}


def cited(session: Session, visit_id: UUID) -> set[str]:
    """Return the instruments that the decision's record cites."""
    [entry] = session.exec(
        select(Evidence).where(Evidence.subject_id == visit_id, Evidence.kind == "visit.approved")
    )
    return {rule["instrument"] for rule in entry.facts["decision"]["rules"]}


def test_a_branch_changes_its_playbook_and_none_that_is_not_there(desk) -> None:
    one = desk("S2")
    given = {"branch": one.branch, "actor": "account:x", "now": make.NOW}
    change_branch(one.session, changes={"playbook": "S4"}, **given)
    assert one.branch.playbook == "S4"
    with pytest.raises(Invalid, match="choose one of S1, S2"):
        change_branch(one.session, changes={"playbook": "S9"}, **given)
