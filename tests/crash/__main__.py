"""`make crash`: every failpoint with both gateways, and random kills; prints what came of it.

python -m tests.crash [--seeds 200] [--only points seeds] [--list]
"""

import argparse
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random
from time import monotonic
from typing import Final

from tests.crash.gateway import DUMB, IDEMPOTENT
from tests.crash.harness import Played, Theatre, a_theatre
from tests.crash.night import Kill
from tests.support.databases import a_postgres

PROFILES: Final = (IDEMPOTENT, DUMB)
ON_POSTGRES: Final = 4
"""One night of so many is played on PostgreSQL."""


@dataclass(frozen=True, slots=True)
class Act:
    """One night to be played."""

    name: str
    profile: str
    kills: tuple[Kill | float, ...]
    on_postgres: bool


def points_of(twin: Played) -> list[Act]:
    """Return nights that are killed at the first and at the last pass of each failpoint."""
    passes = Counter(twin.points)
    return [
        Act(f"{name}, pass {nth}", profile, ((name, nth),), number % ON_POSTGRES == 0)
        for number, name in enumerate(passes)
        for nth in sorted({1, passes[name]})
        for profile in PROFILES
    ]


def seeds_of(twin: Played, number: int) -> list[Act]:
    """Return nights with one to three kills at random instants."""
    acts = []
    for seed in range(number):
        dice = Random(seed)
        kills = tuple(dice.uniform(0.02, twin.seconds) for _ in range(dice.randint(1, 3)))
        acts.append(Act(f"seed {seed}", dice.choice(PROFILES), kills, seed % ON_POSTGRES == 0))
    return acts


def run(theatre: Theatre, twins: dict[bool, Played], acts: Sequence[Act], title: str) -> bool:
    """Play the nights two at a time, and say what came of them; True where nothing is wrong."""
    began, kills, lost, wrong = monotonic(), 0, 0, 0

    def play(act: Act) -> Played:
        return theatre.play(act.profile, kills=act.kills, on_postgres=act.on_postgres)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for act, played in zip(acts, pool.map(play, acts), strict=True):
            kills += played.kills
            lost += played.has_lost_a_send
            found = played.findings(twins[act.on_postgres])
            if found:
                wrong += 1
                say(f"WRONG {act}: {found[:3]}")
    seconds = monotonic() - began
    say(f"| {title} | {len(acts)} | {kills} | {lost} | {wrong} | {seconds:.0f} |")
    return wrong == 0


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> int:
    """Play what is asked for; 1 where anything was wrong."""
    asked = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    asked.add_argument("--seeds", type=int, default=200, help="nights with random kills")
    asked.add_argument("--only", choices=("points", "seeds"), help="leave the others out")
    asked.add_argument("--list", action="store_true", help="name the failpoints of a night")
    given = asked.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        a_postgres() as postgres,
        a_theatre(Path(folder), postgres) as theatre,
    ):
        theatre.play(IDEMPOTENT)  # the first loads the program
        twins = {
            on_postgres: theatre.play(IDEMPOTENT, is_recorded=True, on_postgres=on_postgres)
            for on_postgres in (False, True)
        }
        names = list(dict.fromkeys(twins[False].points))
        say(f"{len(names)} failpoints in a night")
        if given.list:
            say("\n".join(names))
            return 0
        say("| killed | nights | kills | sends lost | wrong | seconds |")
        say("| --- | --- | --- | --- | --- | --- |")
        is_right = True
        if given.only != "seeds":
            is_right &= run(theatre, twins, points_of(twins[False]), "at each failpoint")
        if given.only != "points":
            acts = seeds_of(twins[False], given.seeds)
            is_right &= run(theatre, twins, acts, "at random instants")
    return 0 if is_right else 1


if __name__ == "__main__":
    sys.exit(main())
