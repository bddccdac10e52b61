"""What a pack says that a notice must hold, and where it is told: in the message, or on its page.

The message itself can be read by others, so it says when and how to answer; who comes, on whose
behalf and what about stands on the page behind the link, after the second fact.
"""

from collections.abc import Sequence
from typing import Final

MESSAGE: Final = frozenset({"date", "window", "right_to_refuse", "reschedule_link"})
PAGE: Final = frozenset(
    {
        "who",
        "lender",
        "purpose_neutral",
        "date",
        "window",
        "place",
        "crew_names",
        "photo_id_code",
        "right_to_refuse",
        "reschedule_link",
        "hardship",
        "dispute",
        "complaint",
        "stop",
        "external_authority",
    }
)


def untold(content: Sequence[str]) -> tuple[str, ...]:
    """Return what a pack asks of a notice that neither the message nor its page tells."""
    return tuple(name for name in content if name not in MESSAGE | PAGE)
