"""Names of side streets: two-part names from the demo's tables."""

from dispatch.demo.chance import stream
from dispatch.demo.fixtures import rows
from dispatch.demo.network import Name


class StreetNames:
    """A shuffled supply of street names."""

    def __init__(self, seed: int) -> None:
        arterials = {row["name_en"].rpartition(" ")[0] for row in rows("arterials")}
        bare: dict[str, Name] = {}  # one name for each sound, so that no two look alike in Latin
        for first in rows("street_first"):
            for second in rows("street_second"):
                sound = first["en"] + second["en"]
                if first["zh"] != second["zh"] and sound not in arterials:
                    bare.setdefault(sound, Name(first["zh"] + second["zh"], sound))
        self._bare = list(bare.values())
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
        # There are twice as many as a city needs; should they run out, streets share a name.
        bare = self._bare[self._drawn % len(self._bare)]
        self._drawn += 1
        return Name(f"{bare.zh}{zh}", f"{bare.en} {en}")
