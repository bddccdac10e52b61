"""Verify what phones recorded: each numbers its facts and names the hash before; a gap shows.

A phone's facts arrive late and in any order, and so stand anywhere in the branch's chain. Sorted
by the phone's own numbers they must follow one another from the first on.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from sqlmodel import Session

from dispatch.evidence.verify import Verdict
from dispatch.store import evidence as log
from dispatch.store.evidence import Noted


def device_verdicts(session: Session) -> Iterator[tuple[str, Verdict]]:
    """Verify the chain of every phone that ever sent a fact, up to the end that was noted."""
    yield from verify_devices(log.noted_by_devices(session), ends=log.ends_of_devices(session))


def verify_devices(
    noted: Iterable[Noted], *, ends: Mapping[str, int] | None = None
) -> Iterator[tuple[str, Verdict]]:
    """Verify facts by phone, each phone under the name `device …`.

    Parameters
    ----------
    ends
        How far each phone is known to have come, by its identifier.
    """
    by_device: dict[str, list[Noted]] = defaultdict(list)
    for name in ends or {}:
        by_device[name] = []
    for one in noted:
        by_device[one.device].append(one)
    for name, facts in sorted(by_device.items()):
        yield f"device {name}", _verify(facts, (ends or {}).get(name, 0))


def _verify(facts: list[Noted], end: int) -> Verdict:
    count, root = 0, ""
    for fact in sorted(facts, key=lambda one: one.sequence):
        fault = _fault(fact, count, root)
        if fault is not None:
            return Verdict(
                entries=count, root=root, fault=fault, sequence=count + 1, entry=fact.id
            )
        count, root = fact.sequence, fact.hash
    if count < end:
        fault = f"the phone's facts end at {count}, but {end} was reached: the end is missing"
        return Verdict(entries=count, root=root, fault=fault, sequence=count + 1)
    return Verdict(entries=count, root=root)


def _fault(fact: Noted, count: int, root: str) -> str | None:
    if fact.sequence == count:
        return f"the phone's number {count} stands on two facts"
    if fact.sequence != count + 1:
        return (
            f"the phone's fact {count + 1} is missing: {fact.sequence} comes after {count}; "
            "if the phone still holds it, send it"
        )
    if fact.previous is not None and fact.previous != (root or None):
        return f"the phone's fact {fact.sequence} does not follow the one before it"
    return None
