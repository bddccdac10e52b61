"""Door: what the field recorded of a visit, held against what may happen at a door.

These are the product's own rules (docs/policy.md, "What an executed day must show"); they are
asked of executed days only.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from dispatch.audit.breach import Code, Profile
from dispatch.audit.stay import Fault, Seen
from dispatch.policy.facts import DoneFacts

_GONE_WITHIN: Final = timedelta(minutes=5)
_AT_THE_DOOR: Final = ("identity", "talk", "third_party", "no_one")
_SCRIPT: Final = "door.script"


def record(seen: Seen) -> Iterator[Fault]:
    """Find visits of which nothing is on record, which no one told of, or which no plan sent."""
    if seen.profile is not Profile.EXECUTED:
        return
    done = seen.stay.done
    if done is None:
        yield Fault(Code.NOT_RECORDED, "nothing is on record of the visit", _SCRIPT)
        return
    if not done.is_reported:
        yield Fault(Code.NOT_REPORTED, "nobody reported what came of the visit", _SCRIPT)
    if not done.was_published:
        yield Fault(Code.NOT_PUBLISHED, "no published plan sent a crew there", _SCRIPT)


def steps(seen: Seen) -> Iterator[Fault]:
    """Find visits without their arrival, their leaving, or the question of who is at the door."""
    done = _done(seen)
    if done is None:
        return
    marked = {step.kind for step in done.steps}
    wanted = {"left"} if "arrived" in marked else set()
    if done.is_made or marked & set(_AT_THE_DOOR):
        wanted |= {"arrived", "left"}
    if done.reached == "right_party" or "talk" in marked:
        wanted.add("identity")
    for kind in sorted(wanted - marked):
        yield Fault(Code.DOOR_STEP_MISSING, f"the step {kind} was never marked", _SCRIPT)


def order(seen: Seen) -> Iterator[Fault]:
    """Find steps in another order than arrive, ask who is there, talk, leave."""
    done = _done(seen)
    if done is None:
        return
    first = {kind: min(times) for kind, times in _times(done).items()}
    last = {kind: max(times) for kind, times in _times(done).items()}
    pairs = [("arrived", kind) for kind in (*_AT_THE_DOOR, "asked_to_leave", "left")]
    pairs.append(("identity", "talk"))
    for earlier, later in pairs:
        if earlier in first and later in first and first[later] < first[earlier]:
            yield Fault(Code.DOOR_ORDER, f"{later} was marked before {earlier}", _SCRIPT)
    for kind in _AT_THE_DOOR:
        # Of a crew, one may mark its leaving while the other still closes the talk.
        if "left" in last and kind in last and last[kind] > last["left"]:
            yield Fault(Code.DOOR_ORDER, f"{kind} was marked after the crew had left", _SCRIPT)


def crew(seen: Seen) -> Iterator[Fault]:
    """Find visits at which somebody else than the announced crew was."""
    done = _done(seen)
    if done is None:
        return
    strangers = done.agents - {member.agent_id for member in seen.stay.crew}
    if strangers:
        told = f"{len(strangers)} on record who are not of the crew"
        yield Fault(Code.DOOR_CREW, told, _SCRIPT)


def place(seen: Seen) -> Iterator[Fault]:
    """Find visits whose every position at arrival lies away from the place."""
    done = _done(seen)
    if done is None:
        return
    near = [s.is_near for s in done.steps if s.kind == "arrived" and s.is_near is not None]
    if near and not any(near):
        yield Fault(Code.DOOR_PLACE, "the arrival was marked away from the place", _SCRIPT)


def conduct(seen: Seen) -> Iterator[Fault]:
    """Find crews that stayed when asked to leave, went in unasked, or told others of the matter."""
    done = _done(seen)
    if done is None:
        return
    times = _times(done)
    asked, left = times.get("asked_to_leave"), times.get("left")
    if asked and left and max(left) - min(asked) > _GONE_WITHIN:
        yield Fault(
            Code.SLOW_TO_LEAVE, f"asked to leave, gone {max(left) - min(asked)} later", _SCRIPT
        )
    if asked and any(at > min(asked) for at in times.get("talk", [])):
        yield Fault(Code.SLOW_TO_LEAVE, "a talk began after the crew was asked to leave", _SCRIPT)
    if "went_inside" in done.flags and "asked_inside" not in done.flags:
        yield Fault(Code.WENT_INSIDE, "the crew went in without being asked in", _SCRIPT)
    if done.reached in {"third_party", "none"} and "talked_of_debt" in done.flags:
        yield Fault(Code.TOLD_OTHERS, "the matter was told to somebody else", _SCRIPT)


def _done(seen: Seen) -> DoneFacts | None:
    return seen.stay.done if seen.profile is Profile.EXECUTED else None


def _times(done: DoneFacts) -> dict[str, list[datetime]]:
    times: dict[str, list[datetime]] = {}
    for step in done.steps:
        times.setdefault(step.kind, []).append(step.at)
    return times
