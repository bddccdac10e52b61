"""Speech: the notice is in the person's language, and someone at the door speaks it."""

from collections.abc import Iterable, Iterator

from dispatch.audit.breach import Code, Profile
from dispatch.audit.stay import Fault, Seen

_HAS_LEFT = {"sending", "sent", "unknown", "accepted", "delivered", "opened"}


def language(seen: Seen) -> Iterator[Fault]:
    """Find stays whose notice, or whose crew, the person may not understand."""
    wanted = _family(seen.visit.language or "")
    if wanted == "":
        return  # an unknown language is a fault of its own
    newest = seen.visit.notice
    if newest is not None and newest.state in _HAS_LEFT:
        if _family(newest.language or "") != wanted:
            told = f"the notice is in {newest.language}, not in the person's language"
            yield Fault(Code.NOTICE_LANGUAGE, told, "language.of_notice")
    elif seen.profile is Profile.ANNOUNCE and not seen.visit.is_language_written:
        yield Fault(
            Code.NOTICE_LANGUAGE, "no notice is written in the language", "language.of_notice"
        )
    if not any(wanted in _families(member.languages) for member in seen.stay.crew):
        yield Fault(
            Code.CREW_LANGUAGE, "nobody of the crew speaks the language", "language.at_door"
        )


def _family(tag: str) -> str:
    return tag.strip().split("-")[0].casefold()


def _families(tags: Iterable[str]) -> set[str]:
    return {_family(tag) for tag in tags}
