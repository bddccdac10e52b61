"""Named points at which tests end, stop or fail the process; for everybody else they do nothing.

Each transaction has one before and one after its commit (`Database.writing`), and so has each
call to a gateway or solver. They stay off whatever the environment says: only code of the
tests arms them, and no module of the program may.
"""

from collections.abc import Callable

type Hook = Callable[[str], None]

_hook: Hook | None = None


def failpoint(name: str) -> None:
    """Mark a point that a test may name: `before plan.record`, `after notice.call`."""
    if _hook is not None:
        _hook(name)


def arm(hook: Hook | None) -> None:
    """Call `hook` with the name of each point that is passed from now on; None turns it off."""
    global _hook  # noqa: PLW0603  the one switch, and only tests turn it
    _hook = hook
