"""What each role sees of a borrower: one row for each operation that tells anything of one.

The key is the operation's id, as in `api/matrix.py`. An operation without a row tells nobody
anything of a person: neither who they are, nor where, nor what is owed, nor what they said. Tests
hold every published operation to it, as every role (`tests/api/test_sight`), and a whole journey
with canaries in each field (`tests/journeys/test_canary`).

Auditors, admins and programs see references, states and facts; never a person. Agents see whom
they are to meet, on the day and before; what is owed only once identity was checked. Whoever holds
a link sees nothing but a date until the second fact is given.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from dispatch.model import Role


class Part(StrEnum):
    """One kind of thing that is personal."""

    NAME = "name"
    CONTACT = "contact"
    ADDRESS = "address"
    NEIGHBOURHOOD = "neighbourhood"
    """The street or quarter without the number: where about, not at whose door."""
    POSITION = "position"
    AMOUNT = "amount"
    WORDS = "words"
    """What the person said or wrote."""


PERSON: Final = "person"
"""Who holds the link and has given the second fact: they see what is theirs."""

type Sees = Mapping[str, frozenset[Part]]

_NOBODY: Final[Sees] = {}
_AT_THE_DOOR: Final = frozenset({Part.NAME, Part.ADDRESS, Part.NEIGHBOURHOOD, Part.POSITION})
_MANAGER, _AGENT = str(Role.MANAGER), str(Role.AGENT)
_AMOUNT: Final = frozenset({Part.AMOUNT})
_WORDS: Final = frozenset({Part.WORDS})

SIGHT: Final[Mapping[str, Sees]] = {
    # a case with its person; lists of cases hold no person
    "read_case": {
        _MANAGER: frozenset(
            {
                Part.NAME,
                Part.CONTACT,
                Part.ADDRESS,
                Part.NEIGHBOURHOOD,
                Part.POSITION,
                Part.AMOUNT,
            }
        )
    },
    "read_relief": {_MANAGER: _AMOUNT},
    "list_promises": {_MANAGER: _AMOUNT},
    # what a person complained of, and how they are: for whoever answers and helps
    "list_complaints": {_MANAGER: _WORDS},
    "list_care_calls": {_MANAGER: _WORDS},
    "list_feedback": {_MANAGER: _WORDS},
    "show_care": {_MANAGER: _WORDS},
    "show_conduct": {_MANAGER: _WORDS},
    # whom to call or write to, since no message reaches them
    "show_desk": {
        _MANAGER: frozenset({Part.NAME, Part.CONTACT, Part.ADDRESS, Part.NEIGHBOURHOOD})
    },
    # where about the places are to which a person agreed
    "show_permissions": {_MANAGER: frozenset({Part.NEIGHBOURHOOD})},
    # the manager's map of a day: where about crews go, not to whom
    "show_day": {_MANAGER: frozenset({Part.NEIGHBOURHOOD, Part.POSITION})},
    "read_plan_routes": {_MANAGER: frozenset({Part.POSITION})},
    # the agent's own day, and every receipt for what a phone sent, which brings the day along
    "read_my_itinerary": {_AGENT: _AT_THE_DOOR},
    "put_check_in": {_AGENT: _AT_THE_DOOR},
    "put_outcome": {_AGENT: _AT_THE_DOOR},
    "show_today": {_AGENT: _AT_THE_DOOR - {Part.NAME}},
    "show_visit": {_AGENT: _AT_THE_DOOR},
    # after the identity check, each reading on record
    "read_statement": {_AGENT: _AMOUNT},
    "read_visit_amounts": {_AGENT: _AMOUNT},
    # the person's own page
    "open_link": {PERSON: frozenset({Part.ADDRESS, Part.NEIGHBOURHOOD})},
}


def seen_in(operation: str, who: str | None) -> frozenset[Part]:
    """Return what somebody may see in the answers of an operation; a stranger nothing."""
    return SIGHT.get(operation, _NOBODY).get(who or "", frozenset())
