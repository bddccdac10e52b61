"""Names of side streets: two-part names from the demo's tables, each used once."""

from dispatch.demo.chance import stream
from dispatch.demo.fixtures import rows
from dispatch.demo.network import Name


class StreetNames:
    """A shuffled supply of street names."""

    def __init__(self, seed: int) -> None:
        firsts, seconds = rows("street_first"), rows("street_second")
        self._bare = [
            Name(first["zh"] + second["zh"], first["en"] + second["en"])
            for first in firsts
            for second in seconds
            if first["zh"] != second["zh"]
        ]
        self._chance = stream(seed, "names")
        self._chance.shuffle(self._bare)
        self._drawn = 0

    def street(self) -> Name:
        """Return the next name, as a road or a street."""
        zh, en = self._chance.choice([("路", "Road"), ("路", "Road"), ("街", "Street")])
        return self._next(zh, en)

    def lane(self) -> Name:
        """Return the next name, as a lane."""
        return self._next("巷", "Lane")

    def _next(self, zh: str, en: str) -> Name:
        bare = self._bare[self._drawn % len(self._bare)]
        # Once through the table, a second round counts: "Qingxi Second Road".
        turn = self._drawn // len(self._bare)
        self._drawn += 1
        if turn:
            return Name(f"{bare.zh}{'二三四五'[turn - 1]}{zh}", f"{bare.en} {en} No. {turn + 1}")
        return Name(f"{bare.zh}{zh}", f"{bare.en} {en}")
