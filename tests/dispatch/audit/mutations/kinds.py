"""Every kind of change that makes a lawful day unlawful, and the breach that must be named."""

from typing import Final

from tests.dispatch.audit.mutations import crew, door, hours, notice, person, risk
from tests.dispatch.audit.mutations.base import Mutation

GROUPS: Final[dict[str, tuple[Mutation, ...]]] = {
    "When": hours.MUTATIONS,
    "The person: place": person.PLACES,
    "The person: holds": person.HOLDS,
    "The person: how often": person.OFTEN,
    "The person: eligible and approved": person.ELIGIBLE,
    "The person: unknown facts": person.UNKNOWN,
    "The person: answers": person.ANSWERS,
    "Crew": crew.MUTATIONS,
    "Places under a risk flag": risk.MUTATIONS,
    "Notice, before it is sent": notice.BEFORE,
    "Notice, once it has left": notice.AFTER,
    "Notice, where it must be written": notice.IN_DENMARK,
    "The day": notice.DAYS,
    "At the door": door.MUTATIONS,
}
MUTATIONS: Final = tuple(one for group in GROUPS.values() for one in group)

__all__ = ["GROUPS", "MUTATIONS", "Mutation"]
