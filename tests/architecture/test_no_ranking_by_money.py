"""No report can rank agents by money alone: no table, no query and no schema brings the two together.

Amounts are sealed under the borrower's own key, so that no database can add them up; nothing that
names an agent holds an amount; and no module of the store or of reporting reads both.
"""

import ast
import re

from sqlalchemy import LargeBinary
from sqlmodel import SQLModel

import dispatch.model  # noqa: F401  declares the tables
from tests.architecture.house import Module, modules

MONEY = re.compile(r"amount|terms_sealed|recovered|collected|revenue|yield|money", re.IGNORECASE)
AGENT_KEYS = {"agent.id", "crew.id", "crew_version.id"}
MONEY_TABLES = {"Payment", "Promise", "Agreement"}
AGENT_TABLES = {"Agent", "CrewMember", "CrewVersion", "Outcome", "CheckIn"}
READS = ("dispatch/store/", "dispatch/reporting/")


def joins_money_to_agents(module: Module) -> list[str]:
    """One function of a module that reads names both money and who goes out."""
    if not module.path.startswith(READS):
        return []
    found = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef):
            names = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
            if names & MONEY_TABLES and names & AGENT_TABLES:
                found.append(module.at(node, f"{node.name} brings money and agents together"))
    return found


def test_amounts_are_sealed_so_that_no_query_adds_them_up() -> None:
    columns = [column for table in SQLModel.metadata.tables.values() for column in table.columns]
    money = [column for column in columns if MONEY.search(column.name)]
    assert {str(one) for one in money} >= {"payment.amount_sealed", "promise.amount_sealed"}
    assert [str(one) for one in money if not isinstance(one.type, LargeBinary)] == []


def test_no_table_holds_money_and_who_went_out() -> None:
    for table in SQLModel.metadata.tables.values():
        keys = {key.target_fullname for key in table.foreign_keys}
        if keys & AGENT_KEYS:
            assert [one.name for one in table.columns if MONEY.search(one.name)] == [], table.name


def test_no_query_reads_both() -> None:
    assert [found for module in modules() for found in joins_money_to_agents(module)] == []


def test_the_rule_finds_what_breaks_it() -> None:
    snippet = Module(
        "dispatch/reporting/ranking.py",
        "def best(session):\n    return session.exec(select(Outcome, Payment))\n",
    )
    assert joins_money_to_agents(snippet) != []
