"""The vault: field encryption with a data key per person, and keyed hashes to search by.

A value is sealed with AES-256-GCM; table, row and column are the associated data, so that a
sealed value can't be moved to another field. Each person has a data key of their own, wrapped by
the master key: erasing a person destroys that key. Master keys rotate: the first wraps, all open.
"""

import hashlib
import hmac
import json
import os
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Protocol
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dispatch.settings import Settings

_NONCE_BYTES = 12


class _Keyholder(Protocol):
    """Whoever owns a wrapped data key: a Person, or a Branch for what is nobody's own."""

    id: UUID
    data_key: bytes | None


class Vault:
    """Seals and opens fields; one per process."""

    def __init__(self, master_keys: Sequence[str], index_key: str) -> None:
        self._masters = [AESGCM(_derive("master", key)) for key in master_keys]
        self._index_key = _derive("index", index_key)
        self._unwrap = lru_cache(maxsize=50_000)(self._unwrap_fresh)

    @classmethod
    def of(cls, settings: Settings) -> "Vault":
        """Return the vault that the settings' keys open."""
        keys = [settings.master_key, *settings.master_keys_old]
        return cls([key.get_secret_value() for key in keys], settings.index_key.get_secret_value())

    def new_data_key(self) -> bytes:
        """Return a new data key, wrapped by the current master key."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._masters[0].encrypt(nonce, AESGCM.generate_key(256), b"data-key")

    def rewrap(self, wrapped: bytes) -> bytes:
        """Return the same data key wrapped by the current master key."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._masters[0].encrypt(nonce, self._open_key(wrapped), b"data-key")

    def is_current(self, wrapped: bytes) -> bool:
        """Whether the current master key wraps this data key.

        Raises
        ------
        ValueError
            If no master key opens it.
        """
        try:
            self._masters[0].decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], b"data-key")
        except InvalidTag:
            self._open_key(wrapped)
            return False
        return True

    def write(self, holder: _Keyholder, row: Any, field: str, value: Any) -> None:
        """Seal `value` (text, number, list or dict; None clears) into `row.<field>_sealed`."""
        if value is None:
            setattr(row, f"{field}_sealed", None)
            return
        if holder.data_key is None:
            msg = "The person has been erased; nothing more is stored about them."
            raise ValueError(msg)
        sealed = self.seal(
            holder.data_key, _place(row, field), json.dumps(value, ensure_ascii=False)
        )
        setattr(row, f"{field}_sealed", sealed)

    def read(self, holder: _Keyholder, row: Any, field: str) -> Any:
        """Open `row.<field>_sealed`; None where nothing is stored or the person was erased."""
        sealed = getattr(row, f"{field}_sealed")
        if sealed is None or holder.data_key is None:
            return None
        return json.loads(self.open(holder.data_key, _place(row, field), sealed))

    def seal(self, wrapped: bytes, place: str, text: str) -> bytes:
        """Return `text` sealed for `place` (table/row/column)."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._unwrap(wrapped).encrypt(nonce, text.encode(), place.encode())

    def open(self, wrapped: bytes, place: str, sealed: bytes) -> str:
        """Return the text sealed for `place`.

        Raises
        ------
        ValueError
            If the value was altered, moved from another field, or sealed with a lost key.
        """
        try:
            plain = self._unwrap(wrapped).decrypt(
                sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place.encode()
            )
        except InvalidTag as error:
            msg = f"The sealed value at {place} does not open: altered, moved, or its key is lost."
            raise ValueError(msg) from error
        return plain.decode()

    def index(self, kind: str, value: str) -> str:
        """Return the keyed hash by which a value of this kind is searched (hex, 32 bytes)."""
        folded = unicodedata.normalize("NFKC", value).casefold().strip()
        return hmac.new(self._index_key, f"{kind}\0{folded}".encode(), hashlib.sha256).hexdigest()

    def _unwrap_fresh(self, wrapped: bytes) -> AESGCM:
        return AESGCM(self._open_key(wrapped))

    def _open_key(self, wrapped: bytes) -> bytes:
        for master in self._masters:
            try:
                return master.decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], b"data-key")
            except InvalidTag:
                continue
        msg = "No master key opens this data key; restore the key it was wrapped with."
        raise ValueError(msg)


def _derive(purpose: str, key: str) -> bytes:
    return hashlib.blake2b(key.encode(), digest_size=32, person=purpose.encode()[:16]).digest()


def _place(row: Any, field: str) -> str:
    return f"{row.__tablename__}/{row.id}/{field}"
