"""The builders make rows that both databases accept."""

from dispatch.db import Database
from dispatch.model import Case, Stage
from dispatch.store.rows import find
from dispatch.vault import Vault
from tests.support import builders as make


def test_a_visit_with_all_it_rests_on_can_be_stored(database: Database, vault: Vault) -> None:
    with database.writing() as session:
        lender, branch = make.a_lender(session), make.a_branch(session, vault)
        manager = make.an_account(session, branch)
        agents = [make.an_agent(session, vault, branch, lender) for _ in range(2)]
        for agent in agents:
            make.a_shift(session, agent)
        make.a_crew(session, agents)
        case = make.a_case(session, vault, branch, lender)
        make.a_visit(session, case, manager)
    with database.reading() as session:
        assert find(session, Case, case.id).stage is Stage.VISIT_APPROVED
