"""One slot, fifty people, one winner, each time anew."""

import pytest

from dispatch.db import Database
from dispatch.solver.run import Solver
from dispatch.vault import Vault
from tests.crash.rivals import an_arena


@pytest.mark.fault("V7")
def test_of_fifty_who_choose_one_slot_at_once_one_gets_it(
    database: Database, vault: Vault, solver: Solver
) -> None:
    arena = an_arena(database, vault, solver)
    assert [arena.compete() for _ in range(3)] == [[], [], []]
