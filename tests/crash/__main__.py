"""`make crash`: every failpoint with both gateways, and random kills; prints what came of it.

python -m tests.crash [--seeds 200] [--only points seeds] [--list]
"""

import argparse
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from time import monotonic
from typing import Final

from dispatch.solver.run import Solver
from dispatch.vault import Vault
from tests.crash.crowd import STOPS, play_with_a_crowd, play_with_a_sleeper
from tests.crash.gateway import DUMB, IDEMPOTENT, Gateway
from tests.crash.harness import Played, Theatre, a_theatre
from tests.crash.night import Kill
from tests.crash.rivals import an_arena
from tests.crash.storm import Cluster, Storm, weather
from tests.support.databases import KEY, a_postgres, an_empty_pair

PROFILES: Final = (IDEMPOTENT, DUMB)
ON_POSTGRES: Final = 4
"""One night of so many is played on PostgreSQL."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One night to be played, and which twin it is held against."""

    name: str
    play: Callable[[Theatre], Played]
    on_postgres: bool


def killed(
    name: str, profile: str, kills: tuple[Kill | float, ...], *, on_postgres: bool
) -> Scene:
    """Return a night with kills."""
    told = {"profile": profile, "kills": kills, "on_postgres": on_postgres}
    return Scene(f"{name}, {profile}", lambda theatre: theatre.play(**told), on_postgres)


def points_of(twin: Played) -> list[Scene]:
    """Return nights that are killed at the first and at the last pass of each failpoint."""
    passes = Counter(twin.points)
    return [
        killed(
            f"{name}, pass {nth}", profile, ((name, nth),), on_postgres=number % ON_POSTGRES == 0
        )
        for number, name in enumerate(passes)
        for nth in sorted({1, passes[name]})
        for profile in PROFILES
    ]


def seeds_of(twin: Played, number: int) -> list[Scene]:
    """Return nights with one to three kills at random instants."""
    acts = []
    for seed in range(number):
        dice = Random(seed)
        kills = tuple(dice.uniform(0.02, twin.seconds) for _ in range(dice.randint(1, 3)))
        on_postgres = seed % ON_POSTGRES == 0
        acts.append(killed(f"seed {seed}", dice.choice(PROFILES), kills, on_postgres=on_postgres))
    return acts


def crowds(number: int) -> list[Scene]:
    """Return nights rung by twenty schedulers at a time."""
    return [
        Scene(
            f"crowd {one}",
            lambda theatre, one=one: play_with_a_crowd(theatre, DUMB, on_postgres=one % 2 == 1),
            one % 2 == 1,
        )
        for one in range(number)
    ]


def sleepers() -> list[Scene]:
    """Return nights whose leader is stopped, taken over and woken again."""
    return [
        Scene(
            f"stopped {point}, {profile}",
            partial(
                play_with_a_sleeper,
                profile=profile,
                point=point,
                step=step,
                on_postgres=on_postgres,
            ),
            on_postgres,
        )
        for point, step in STOPS
        for profile in PROFILES
        for on_postgres in (False, True)
    ]


def run(
    theatre: Theatre, twins: dict[bool, Played], scenes: Sequence[Scene], title: str, at_once: int
) -> bool:
    """Play the nights, some at a time, and say what came of them; True where nothing is wrong."""
    began, kills, lost, wrong = monotonic(), 0, 0, 0
    with ThreadPoolExecutor(at_once) as pool:
        played_all = pool.map(lambda scene: scene.play(theatre), scenes)
        for scene, played in zip(scenes, played_all, strict=True):
            kills += played.kills
            lost += played.has_lost_a_send
            found = played.findings(twins[scene.on_postgres])
            if found:
                wrong += 1
                say(f"WRONG {scene.name}: {found[:3]}")
    seconds = monotonic() - began
    say(f"| {title} | {len(scenes)} | {kills} | {lost} | {wrong} | {seconds:.0f} |")
    return wrong == 0


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


PARTS: Final = ("points", "seeds", "crowds", "sleepers", "storm", "rivals")
THEATRE: Final = frozenset(PARTS) - {"rivals"}


def storms(gateway: Gateway, number: int) -> bool:
    """Let 10,000 notices leave while PostgreSQL is killed; True where nothing is wrong."""
    say("| storm | notices | kills | faults | sent | in doubt | wrong | seconds |")
    say("| --- | --- | --- | --- | --- | --- | --- | --- |")
    is_right = True
    cluster = Cluster(Path(tempfile.mkdtemp(prefix="fairvisit-storm-")))
    try:
        for profile, notices, lasts_s in ((IDEMPOTENT, number, 300.0), (DUMB, number // 10, 30.0)):
            kills_s = (5.0, 40.0) if lasts_s > 60 else (2.0, 8.0)
            storm = Storm(profile, notices=notices, lasts_s=lasts_s, kills_s=kills_s)
            passed = weather(storm, cluster, gateway)
            counts = (passed.kills, passed.faults, len(passed.sent), passed.in_doubt)
            told = " | ".join(str(one) for one in (profile, notices, *counts, len(passed.wrong)))
            say(f"| {told} | {passed.seconds:.0f} |")
            is_right &= not passed.wrong
            for one in passed.wrong[:3]:
                say(f"WRONG {one}")
    finally:
        cluster.close()
    return is_right


def main() -> int:
    """Play what is asked for; 1 where anything was wrong."""
    asked = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    asked.add_argument("--seeds", type=int, default=200, help="nights with random kills")
    asked.add_argument("--crowds", type=int, default=50, help="nights with twenty schedulers")
    asked.add_argument("--notices", type=int, default=10_000, help="notices in the storm")
    asked.add_argument("--rounds", type=int, default=1_000, help="slots that fifty people want")
    asked.add_argument("--only", choices=PARTS, nargs="+", default=PARTS, help="these parts")
    asked.add_argument("--list", action="store_true", help="name the failpoints of a night")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder, a_postgres() as postgres:
        is_right = True
        if given.list or THEATRE & set(given.only):
            is_right &= nights(Path(folder), postgres, given)
        if "rivals" in given.only and not given.list:
            is_right &= rivals(Path(folder), postgres, given.rounds)
        return 0 if is_right else 1


def nights(folder: Path, postgres: str, given: argparse.Namespace) -> bool:
    """Play the parts that are nights, or name their failpoints; True where nothing is wrong."""
    with a_theatre(folder, postgres) as theatre:
        theatre.play(IDEMPOTENT)  # the first loads the program
        twins = {
            on_postgres: theatre.play(IDEMPOTENT, is_recorded=True, on_postgres=on_postgres)
            for on_postgres in (False, True)
        }
        if given.list:
            say("\n".join(dict.fromkeys(twins[False].points)))
            return True
        is_right = perform(theatre, twins, given)
        if "storm" in given.only:
            is_right &= storms(theatre.gateway, given.notices)
        return is_right


def rivals(folder: Path, postgres: str, rounds: int) -> bool:
    """Let fifty people choose one slot at once, again and again; True where one got it each time."""
    say("| fifty want one slot | rounds | wrong | seconds |")
    say("| --- | --- | --- | --- |")
    is_right = True
    vault, solver = Vault([KEY], KEY), Solver()
    try:
        for name, database in an_empty_pair(folder, postgres):
            arena = an_arena(database, vault, solver)
            began, wrong = monotonic(), 0
            for _ in range(rounds):
                if found := arena.compete():
                    wrong += 1
                    say(f"WRONG {found[:3]}")
            say(f"| {name} | {rounds} | {wrong} | {monotonic() - began:.0f} |")
            is_right &= not wrong
            database.dispose()
    finally:
        solver.close()
    return is_right


def perform(theatre: Theatre, twins: dict[bool, Played], given: argparse.Namespace) -> bool:
    """Play the parts that were asked for; True where nothing is wrong."""
    twin, cores = twins[False], os.cpu_count() or 1
    say(f"{len(set(twin.points))} failpoints in a night")
    say("| what was done | nights | kills | sends lost | wrong | seconds |")
    say("| --- | --- | --- | --- | --- | --- |")
    parts = {
        "points": ("killed at each failpoint", lambda: points_of(twin), cores),
        "seeds": ("killed at random", lambda: seeds_of(twin, given.seeds), cores),
        "crowds": ("20 schedulers at the due second", lambda: crowds(given.crowds), 1),
        "sleepers": ("the leader stopped and woken", sleepers, cores),
    }
    came = [
        run(theatre, twins, scenes(), title, at_once)
        for part, (title, scenes, at_once) in parts.items()
        if part in given.only
    ]
    return all(came)


if __name__ == "__main__":
    sys.exit(main())
