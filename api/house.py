"""House: what one web process holds, made once by `create_app` and handed to every request."""

from collections.abc import Callable
from dataclasses import dataclass

from anyio import to_thread
from sqlmodel import Session

from api.metrics import Metrics
from api.operations import Operations
from api.turns import Turns
from dispatch.access.passwords import Passwords
from dispatch.access.sign_in import Presented, claim
from dispatch.access.tokens import Tokens
from dispatch.clock import Clock
from dispatch.db import Database
from dispatch.gateways.travel import Roads
from dispatch.settings import Settings
from dispatch.solver.optimization import Optimizer
from dispatch.vault import Vault


@dataclass(slots=True)
class House:
    """Settings, database, vault, clock, keys, roads and solvers of one process."""

    settings: Settings
    database: Database
    vault: Vault
    clock: Clock
    tokens: Tokens
    passwords: Passwords
    metrics: Metrics
    roads: Roads
    readers: Turns
    writers: Turns
    hashers: Turns
    optimizers: Turns
    optimizer: Optimizer
    large_optimizer: Optimizer
    operations: Operations
    patience_s: float
    """Seconds that a request waits for turns at the database in all."""

    async def read[T](self, work: Callable[[Session], T]) -> T:
        """Run short work on a session of its own, in one thread."""

        def run() -> T:
            with self.database.reading() as session:
                return work(session)

        async with self.readers.turn():
            return await to_thread.run_sync(run)

    async def write[T](self, work: Callable[[Session], T]) -> T:
        """Run short work in a transaction of its own, in one thread."""

        def run() -> T:
            with self.database.writing("api.note") as session:
                return work(session)

        async with self.writers.turn():
            return await to_thread.run_sync(run)

    async def compare(self, login: str, password: str) -> Presented:
        """Compare a password with what is kept, two at a time, with no session open meanwhile."""
        async with self.hashers.turn():
            claimed = await self.read(lambda session: claim(session, login))
            comparison = await to_thread.run_sync(
                self.passwords.compare, claimed.password_hash, password
            )
        return Presented(claimed.account_id, comparison)

    async def hash(self, password: str) -> str:
        """Return the hash of a new password, two at a time."""
        async with self.hashers.turn():
            return await to_thread.run_sync(self.passwords.hash, password)
