"""Chance that repeats: one named stream of random numbers for each thing that is drawn."""

from random import Random


def stream(seed: int, name: str) -> Random:
    """Return the stream of this name, so that drawing more of one thing moves no other."""
    return Random(f"{seed}:{name}")  # noqa: S311 - scenery, not secrets
