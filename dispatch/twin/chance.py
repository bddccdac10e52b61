"""Common random numbers: each draw depends on the seed and on what it is for, on nothing else.

Two policies that are tried in one world meet the same people, who are at home at the same hours and
say the same when asked the same, and the same traffic (Law, *Simulation Modeling and Analysis*,
5th ed., section 11.2). So what differs in the end is the policies' doing.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from statistics import NormalDist
from typing import Final

_NORMAL: Final = NormalDist()


@dataclass(frozen=True, slots=True)
class Chance:
    """Draws by name: the same name gives the same number for ever."""

    seed: int

    def uniform(self, *what: object) -> float:
        """Return a number between 0 and 1, both excluded."""
        name = repr((self.seed, *what)).encode()
        drawn = int.from_bytes(blake2b(name, digest_size=8).digest())
        return (drawn + 0.5) / 2.0**64

    def happens(self, probability: float, *what: object) -> bool:
        """Whether something of this probability happens."""
        return self.uniform(*what) < probability

    def between(self, low: float, high: float, *what: object) -> float:
        """Return a number of a range, each as likely."""
        return low + (high - low) * self.uniform(*what)

    def pick(self, shares: Mapping[str, float], *what: object) -> str:
        """Return one of the keys, by their shares."""
        left = self.uniform(*what) * sum(shares.values())
        for name, share in shares.items():
            left -= share
            if left < 0:
                return name
        return list(shares)[-1]

    def factor(self, variation: float, *what: object) -> float:
        """Return a log-normal factor of mean 1 with a coefficient of variation."""
        spread = math.sqrt(math.log1p(variation * variation))
        return math.exp(spread * _NORMAL.inv_cdf(self.uniform(*what)) - spread * spread / 2)
