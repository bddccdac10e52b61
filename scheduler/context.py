"""What a scheduler process holds: database, vault, roads, solver, messenger, clock."""

import os
import socket
from dataclasses import dataclass, field
from threading import Event

from dispatch.clock import Clock, SystemClock
from dispatch.db import Database
from dispatch.gateways.breaker import Breakers
from dispatch.gateways.geocoder import Geocoder, NoGeocoder, geocoder_of
from dispatch.gateways.messenger import Messenger, messenger_of
from dispatch.gateways.pinger import HttpPinger, Pinger
from dispatch.gateways.roads import Roads, roads_of
from dispatch.model import Branch
from dispatch.planning.runner import Planner
from dispatch.policy.pack import Pack, effective, load_pack
from dispatch.settings import Settings
from dispatch.solver.run import Solver
from dispatch.vault import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Everything that duties work with; made once in the composition root."""

    settings: Settings
    database: Database
    vault: Vault
    clock: Clock
    roads: Roads
    solver: Solver
    messenger: Messenger
    worker: str
    geocoder: Geocoder = field(default_factory=NoGeocoder)
    pinger: Pinger = field(default_factory=HttpPinger)
    breakers: Breakers = field(default_factory=Breakers)
    ending: Event = field(default_factory=Event)
    """Set when the process was told to end: what is at work ends, nothing more is begun."""

    @classmethod
    def of(cls, settings: Settings) -> "Context":
        """Return the context that the settings ask for."""
        return cls(
            settings=settings,
            database=Database(settings.database_url),
            vault=Vault.of(settings),
            clock=SystemClock(),
            roads=roads_of(settings),
            solver=Solver(memory_mb=settings.plan_memory_mb),
            messenger=messenger_of(settings),
            geocoder=geocoder_of(settings),
            worker=f"{socket.gethostname()}:{os.getpid()}",
        )

    @property
    def planner(self) -> Planner:
        """What a plan run needs."""
        return Planner(
            database=self.database,
            vault=self.vault,
            roads=self.roads,
            solver=self.solver,
            clock=self.clock,
            settings=self.settings,
            worker=self.worker,
        )

    def law_of(self, branch: Branch) -> Pack:
        """Return the effective pack of a branch."""
        return effective(load_pack(branch.pack_id, self.settings.pack_folder))

    def end(self) -> None:
        """Begin nothing more, and give up what is being planned; its run goes back into the queue."""
        self.ending.set()
        self.solver.stop()

    def close(self) -> None:
        """End child processes and connections."""
        self.solver.close()
        self.messenger.close()
        self.roads.close()
        self.database.dispose()
