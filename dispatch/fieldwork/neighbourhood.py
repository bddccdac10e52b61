"""Neighbourhood: the part of an address that says where to head for, without the door."""

import re

_CJK = re.compile(r"[㐀-鿿]")
_HOUSE = re.compile(r"^\s*(?:no\.?\s*)?\d+\w*[,\s]+", re.IGNORECASE)


def neighbourhood_of(address: str | None) -> str:
    """Return street and district of an address, without house or flat number; a dash if unknown."""
    if not address or not address.strip():
        return "—"
    if _CJK.search(address):
        head = re.split(r"\d", address, maxsplit=1)[0].strip(" ,，第")
        return head or "—"
    parts = [part.strip() for part in _HOUSE.sub("", address).split(",")]
    named = [part for part in parts if part and not re.search(r"\d", part)]
    return ", ".join(named[:2]) or "—"
