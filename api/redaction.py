"""Redaction: paths as they may be logged; a token in a path never is."""

import re

_SECRET_AFTER = frozenset({"b", "invitations", "invitation"})
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_LONGEST_PLAIN = 24


def shown_path(path: str) -> str:
    """Return a path with every token left out: `/b/xyz` becomes `/b/…`."""
    parts = path.split("/")
    return "/".join(
        "…" if _is_secret(before, part) else _printable(part)
        for before, part in zip(["", *parts], parts, strict=False)
    )


def _is_secret(before: str, part: str) -> bool:
    if not part or _UUID.fullmatch(part):
        return False
    return before in _SECRET_AFTER or (len(part) > _LONGEST_PLAIN and not _is_word(part))


def _is_word(part: str) -> bool:
    return bool(re.fullmatch(r"[a-z]+([-_.@][a-z0-9.]+)*", part))


def _printable(part: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in part)
