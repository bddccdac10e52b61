"""ImportContext: what every row of one file is read against."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from dispatch.coordinates import Datum
from dispatch.model import Branch, Lender
from dispatch.vault import Vault

# One encoder each for the whole run: `json.dumps` would build a new one for every value.
_SEALED: Final = json.JSONEncoder(ensure_ascii=False)
_ROW: Final = json.JSONEncoder(default=str)


@dataclass(frozen=True, slots=True)
class ImportContext:
    """The branch and its day, the file's datum, the lenders on record, and who imports."""

    branch: Branch
    vault: Vault
    datum: Datum
    lenders: Mapping[str, Lender]
    own_lender: Lender | None
    actor: str
    now: datetime
    today: date
    batch_id: UUID

    def seal(self, data_key: bytes, table: str, row_id: UUID, field: str, value: Any) -> bytes:
        """Return a value sealed as the vault's `write` seals it, for rows written in bulk."""
        return self.vault.seal(data_key, f"{table}/{row_id}/{field}", _SEALED.encode(value))

    def fingerprint(self, content: Any) -> str:
        """Return the keyed hash by which an unchanged row is known again."""
        digest = sha256(_ROW.encode(content).encode()).hexdigest()
        return self.vault.index("import-row", digest)
