"""Door words: the script of one visit, in the person's language and with the crew's own names."""

from collections.abc import Sequence
from typing import Final

from dispatch.model import Lender
from dispatch.wording.door import DoorScript, door_script
from dispatch.wording.library import language_of

_JOINT: Final = {"zh-CN": "、"}


def door_words(
    *,
    person: str | None,
    language: str | None,
    otherwise: str,
    crew: Sequence[str],
    code: str,
    lender: Lender,
    purpose: str,
) -> DoorScript | None:
    """Return what is said at a door, in the person's language, else the branch's, else English.

    None where the crew is told of nobody: the day is over, or nobody is to go there any more.
    """
    if person is None:
        return None
    chosen = language_of(language, otherwise)
    return door_script(
        chosen,
        crew=_JOINT.get(chosen, ", ").join(crew),
        person=person,
        code=code,
        lender=(chosen == "zh-CN" and lender.name_zh) or lender.name,
        purpose=purpose,
    )
