"""Search for secrets: keys, tokens and passwords that somebody left in a file of the repository."""

import math
import re
from collections import Counter
from typing import Final

SHAPES: Final = {
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"),
    "a key of Amazon": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "a key of Alibaba Cloud": re.compile(r"\bLTAI[0-9A-Za-z]{12,26}\b"),
    "a key of Tencent Cloud": re.compile(r"\bAKID[0-9A-Za-z]{32}\b"),
    "a token of GitHub": re.compile(r"\bgh[pousr]_[0-9A-Za-z]{36}\b|\bgithub_pat_\w{40,}"),
    "a token of GitLab": re.compile(r"\bglpat-[\w-]{20}\b"),
    "a token of Slack": re.compile(r"\bxox[abprs]-[0-9A-Za-z-]{10,}"),
    "a key of Google": re.compile(r"\bAIza[0-9A-Za-z_-]{35}\b"),
    "a key of Stripe": re.compile(r"\b[rs]k_live_[0-9A-Za-z]{20,}"),
    "a key of Twilio": re.compile(r"\bSK[0-9a-f]{32}\b"),
    "a signed token": re.compile(r"\beyJ[\w-]{15,}\.eyJ[\w-]{15,}\.[\w-]{20,}"),
}
"""What tokens and keys look like whose makers gave them a shape."""

_GIVEN: Final = re.compile(
    r"""(?ix) (?: key | secret | password | passwd | token | credential )s? ['"]? \s* [=:] \s*
        ['"]? ([A-Za-z0-9+_][A-Za-z0-9+/_=-]{23,}) ['"]? (?: \s | $ | [,;)}] )"""
)
_IN_ADDRESS: Final = re.compile(r"\b[a-z][a-z+]*://[^\s/:@\"'{}<>$]+:([^\s/@\"'{}<>$]{12,})@")
_EXAMPLE: Final = re.compile(r"\b\w+EXAMPLE\b")
"""Keys that makers print in their own documentation end like this, and open nothing."""

_TO_GUESS: Final = 3.7
"""Bits a character from which a value is taken as drawn by chance; words have less."""


def secrets_in(path: str, text: str) -> list[str]:
    """Return where a file holds what looks like a secret: the line and the kind, never the value."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        line = _EXAMPLE.sub("", line)  # noqa: PLW2901
        kinds = [kind for kind, shape in SHAPES.items() if shape.search(line)]
        drawn = [*_GIVEN.findall(line), *_IN_ADDRESS.findall(line)]
        if any(_is_drawn(one) for one in drawn):
            kinds.append("a value drawn by chance under such a name")
        found += [f"{path}:{number}: {kind}" for kind in kinds]
    return found


def _is_drawn(value: str) -> bool:
    """Whether a value has digits and letters mixed, and as many different ones as chance draws."""
    counts = Counter(value)
    bits = -sum(n / len(value) * math.log2(n / len(value)) for n in counts.values())
    has_both = re.search(r"\d", value) and re.search(r"[A-Za-z]", value)
    return bool(has_both) and bits >= _TO_GUESS
