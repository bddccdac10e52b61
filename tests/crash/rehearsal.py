"""What a night needs, loaded once: processes are forked from one that has imported this."""

import tempfile
from pathlib import Path

from dispatch import migrations
from dispatch.db import Database
from dispatch.gateways.messenger_fake import FakeMessenger
from dispatch.vault import Vault
from tests.crash import night
from tests.support.databases import KEY


def rehearse() -> None:
    """Play a night without a gateway: its program, kernels and libraries are in memory then."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/night.db"
        database = Database(url)
        migrations.upgrade(database)
        night.set_stage(database, Vault([KEY], KEY))
        database.dispose()
        plot = night.Plot(
            url=url,
            run="rehearsal",
            folder=folder,
            port=0,
            ledger=str(Path(folder) / "ledger.db"),
            profile="",
        )
        night.play(plot, messenger=FakeMessenger())


rehearse()
