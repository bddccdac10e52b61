"""Where an address is: the answer, the protocol of those who tell, and a memory in front of them."""

import math
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

LONGEST_ADDRESS = 200
"""Characters; what is longer is no address, and providers refuse it."""


class Confidence(StrEnum):
    """How sure the place is: of the house, of the street, or of the district only."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Located:
    """A place found for an address: WGS-84 degrees, how sure, and who says so."""

    lat: float
    lon: float
    confidence: Confidence
    source: str

    def __post_init__(self) -> None:
        if not (math.isfinite(self.lat) and math.isfinite(self.lon)):
            msg = "a place needs two finite numbers of degrees"
            raise ValueError(msg)
        if abs(self.lat) > 90 or abs(self.lon) > 180:  # noqa: PLR2004
            msg = "a place lies within ±90 and ±180 degrees"
            raise ValueError(msg)


class Geocoder(Protocol):
    """Turns an address into a place."""

    def locate(self, address: str, *, city: str | None = None) -> Located | None:
        """Return the place of `address`, or None if it is not found.

        Parameters
        ----------
        address : str
            The text of the address and nothing else: never a name, a number of a case, a phone.
        city : str, optional
            The city it is in, where the address does not say so.

        Raises
        ------
        GatewayUnavailable
            If the provider did not answer; `permanent` if it never will as things are set.
        """
        ...


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a provider once answered; `located` is None where it knew no such address."""

    located: Located | None


class CachedGeocoder:
    """A geocoder that asks its memory first; the memory is the store's (encrypted).

    Parameters
    ----------
    inner : Geocoder
        Who is asked when the memory holds nothing.
    read : callable
        Takes an address key, returns what is remembered or None.
    write : callable
        Takes an address key and the answer to remember. Failures of `inner` are not remembered.
    """

    def __init__(
        self,
        inner: Geocoder,
        read: Callable[[str], Remembered | None],
        write: Callable[[str, Remembered], None],
    ) -> None:
        self._inner = inner
        self._read = read
        self._write = write

    def locate(self, address: str, *, city: str | None = None) -> Located | None:
        """Return the place of `address` from memory, or else from the provider."""
        key = address_key(address, city)
        remembered = self._read(key)
        if remembered is None:
            remembered = Remembered(self._inner.locate(address, city=city))
            self._write(key, remembered)
        return remembered.located


def address_key(address: str, city: str | None = None) -> str:
    """Return the text under which an address is remembered; hash it before it is stored."""
    return f"{plain(city or '')}\n{plain(address)}".casefold()


def plain(text: str) -> str:
    """Return `text` in one line, width-folded, without control characters or half characters."""
    folded = unicodedata.normalize("NFKC", text)
    kept = (" " if unicodedata.category(each) in {"Cc", "Cs"} else each for each in folded)
    return " ".join("".join(kept).split())
