"""Requests broken at several places at once, each certain to be refused where it is broken."""

from copy import deepcopy

from hypothesis import strategies as st

from tests.routing.formats.test_vroom import WRONG

_BESIDE_OTHERS = {
    "allowed unknown",
    "coordinates without index",
    "id twice",
    "lock impossible",
    "lock unknown",
    "place beyond",
    "steps of unknown job",
    "steps that break a rule",
    "two matrices",
}
"""Faults of one part beside another, which is not told where that other part is broken itself."""


def _is_apart(path, others):
    return not any(path[: len(one)] == one or one[: len(path)] == path for one in others)


def broken_at(document, faults):
    """The document with every fault (path, value) in it."""
    spoiled = deepcopy(document)
    for path, value in faults:
        at = spoiled
        for key in path[:-1]:
            at = at[key]
        at[path[-1]] = value
    return spoiled


@st.composite
def faults(draw):
    """Some faults at places apart from each other."""
    names = draw(st.lists(st.sampled_from(sorted(WRONG)), min_size=1, max_size=5, unique=True))
    found = []
    for name in names:
        path, value = WRONG[name]
        if name in _BESIDE_OTHERS and len(names) > 1:
            continue
        if _is_apart(path, [one for one, _ in found]):
            found.append((path, value))
    return found


def told_of(pointers, path, *, below=""):
    """Whether an issue stands at a path, above it or below it."""
    root = below + "/" + "/".join(map(str, path))
    return any(one.startswith(root) or root.startswith(one) for one in pointers)
