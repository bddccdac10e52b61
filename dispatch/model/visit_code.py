"""Visit code: the digits by which a person at the door knows that a crew is the announced one.

The borrower's page shows the code and the crew tells it, both for the day of the visit: a crew
that is not ours, or comes on another day, can't know it.
"""

import hashlib
import hmac
from datetime import date

from dispatch.model.visit import Visit

DIGITS = 6


def visit_code(visit: Visit, on: date) -> str:
    """Return the visit's code for one local date: six digits, other ones the day after."""
    text = f"visit-code/1\n{visit.id}\n{on.isoformat()}"
    mac = hmac.new(visit.code_seed.encode(), text.encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(mac[:8]) % 10**DIGITS:0{DIGITS}d}"


def is_visit_code(visit: Visit, on: date, given: str) -> bool:
    """Whether `given` is the visit's code for the date; spaces between digits don't matter."""
    plain = "".join(given.split())
    return hmac.compare_digest(visit_code(visit, on).encode(), plain.encode())
