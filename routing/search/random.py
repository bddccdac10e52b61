"""Random numbers of a thread: Marsaglia's xorshift, one uint64 of state.

Source: G. Marsaglia, "Xorshift RNGs", Journal of Statistical Software 8(14), 2003.
"""

import numpy as np
from numpy.typing import NDArray

from routing.search.jit import inlined

_S13, _S7, _S17 = np.uint64(13), np.uint64(7), np.uint64(17)
_S11, _S33 = np.uint64(11), np.uint64(33)
_UNIT = 1.0 / 9007199254740992.0


def seeded(seed: int) -> NDArray[np.uint64]:
    """A generator's state, never zero and far apart for near seeds (splitmix64's mixing)."""
    mixed = (seed * 0x9E3779B97F4A7C15 + 0x9E3779B97F4A7C15) % 2**64
    mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) % 2**64
    mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) % 2**64
    return np.array([(mixed ^ (mixed >> 31)) or 1], dtype=np.uint64)


@inlined
def _bits(random):
    bits = random[0]
    bits ^= bits << _S13
    bits ^= bits >> _S7
    bits ^= bits << _S17
    random[0] = bits
    return bits


@inlined
def uniform(random):
    """A number in [0, 1)."""
    return np.int64(_bits(random) >> _S11) * _UNIT


@inlined
def below(random, bound):
    """An integer in [0, bound)."""
    return np.int64((_bits(random) >> _S33) % np.uint64(bound))
