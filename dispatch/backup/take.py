"""Take a backup: a consistent copy, checked, with a manifest written last."""

from datetime import datetime
from pathlib import Path

from dispatch import migrations
from dispatch.backup.copy import copy_out
from dispatch.backup.manifest import Manifest, digest, path_of
from dispatch.db import Database
from dispatch.errors import AlreadyThere
from dispatch.store.evidence import chains, end_of


def take_backup(database: Database, file: Path, *, now: datetime) -> Manifest:
    """Write a backup to `file` and its manifest beside it; an older one is never touched.

    Tombstones are not part of it, and neither are the master key and the index key: keep them
    apart, or the backup opens itself.

    Raises
    ------
    AlreadyThere
        If there is a file of that name.
    """
    if file.exists() or path_of(file).exists():
        msg = f"{file} is there already; name another file, since no backup is overwritten."
        raise AlreadyThere(msg)
    with database.reading() as session:
        roots = [
            {"chain": end.chain, "length": end.length, "root": end.root}
            for branch_id in chains(session)
            if (end := end_of(session, branch_id)) is not None
        ]
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)
    copy_out(database, part)
    part.replace(file)
    manifest = Manifest(
        taken_at=now.isoformat(),
        kind=database.url.get_backend_name(),
        revision=migrations.revision(database),
        bytes=file.stat().st_size,
        sha256=digest(file),
        roots=roots,  # as of just before the copy: the copy's chains pass through them
    )
    manifest.write(file)
    return manifest
