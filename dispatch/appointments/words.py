"""What a person adds in their own words: sealed with the notice that they answered."""

import unicodedata
from datetime import datetime
from typing import Final

from dispatch.appointments.link import Known
from dispatch.vault import Vault

LONGEST: Final = 2000


def plain(words: str) -> str:
    """Return words as plain text: no control characters, no more than there is room for."""
    kept = "".join(
        one if one in "\n\t" or unicodedata.category(one) not in {"Cc", "Cs"} else " "
        for one in words
    )
    return kept.strip()[:LONGEST]


def keep_words(vault: Vault, known: Known, answer: str, words: str, *, now: datetime) -> None:
    """Seal what the person wrote into the notice, beside what it said."""
    said = plain(words)
    if not said:
        return
    body = vault.read(known.person, known.notice, "body") or {}
    answers = [
        *body.get("answers", []),
        {"at": now.isoformat(), "answer": str(answer), "words": said},
    ]
    vault.write(known.person, known.notice, "body", {**body, "answers": answers})
