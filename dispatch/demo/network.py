"""What is being drawn: nodes, and ways through them with OpenStreetMap tags."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field

from dispatch.demo.ground import Ground

SPEED_KMH = {
    "trunk": 80,
    "primary": 60,
    "secondary": 50,
    "tertiary": 40,
    "unclassified": 40,
    "residential": 30,
    "living_street": 20,
}
LANES = {"trunk": 6, "primary": 6, "secondary": 4, "tertiary": 2}


@dataclass(frozen=True, slots=True)
class Name:
    """A name in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Way:
    """A line or a ring through nodes (indices into the network's nodes)."""

    nodes: tuple[int, ...]
    tags: dict[str, str]

    @property
    def highway(self) -> str:
        """Return the road class, or an empty text for what is not a road."""
        return self.tags.get("highway", "")

    @property
    def is_drivable(self) -> bool:
        """Tell whether a car may use it."""
        return self.highway in SPEED_KMH


@dataclass(slots=True)
class Network:
    """The drawing so far. A node is drawn once for each key that asks for it."""

    ground: Ground
    places: list[tuple[float, float]] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)
    points: list[tuple[tuple[float, float], dict[str, str]]] = field(default_factory=list)
    _known: dict[Hashable, int] = field(default_factory=dict)

    def node(self, key: Hashable, u: float, v: float) -> int:
        """Return the node of this key, drawing it at (u, v) of the board when it is new."""
        if key not in self._known:
            self._known[key] = self.node_at(self.ground.place(u, v))
        return self._known[key]

    def has(self, key: Hashable) -> bool:
        """Tell whether the node of this key has been drawn."""
        return key in self._known

    def node_at(self, place: tuple[float, float]) -> int:
        """Draw a node at (lat, lon)."""
        self.places.append(place)
        return len(self.places) - 1

    def ring(self, board: Iterable[tuple[float, float]], tags: dict[str, str]) -> None:
        """Draw an area; the outline is closed here."""
        nodes = [self.node_at(self.ground.place(u, v)) for u, v in board]
        self.ways.append(Way((*nodes, nodes[0]), tags))

    def line(self, board: Iterable[tuple[float, float]], tags: dict[str, str]) -> None:
        """Draw a line that shares no node with another."""
        nodes = tuple(self.node_at(self.ground.place(u, v)) for u, v in board)
        self.ways.append(Way(nodes, tags))

    def road(self, nodes: Sequence[int], highway: str, name: Name, **more: str) -> None:
        """Draw a road with the speed and lanes of its class."""
        if len(nodes) < 2:  # noqa: PLR2004 - a road has two ends
            return
        tags = {"highway": highway, "name": name.zh, "name:zh": name.zh, "name:en": name.en}
        tags["maxspeed"] = str(SPEED_KMH[highway])
        if highway in LANES:
            tags["lanes"] = str(LANES[highway])
        self.ways.append(Way(tuple(nodes), tags | more))

    def keep_the_reachable(self) -> None:
        """Drop the roads that hang together with nothing, keeping the largest piece."""
        leader = list(range(len(self.places)))

        def find(node: int) -> int:
            while leader[node] != node:
                leader[node] = leader[leader[node]]
                node = leader[node]
            return node

        roads = [way for way in self.ways if way.is_drivable]
        for way in roads:
            for node in way.nodes[1:]:
                leader[find(node)] = find(way.nodes[0])
        sizes: dict[int, int] = {}
        for way in roads:
            root = find(way.nodes[0])
            sizes[root] = sizes.get(root, 0) + len(way.nodes)
        main = max(sizes, key=lambda root: sizes[root])
        self.ways = [w for w in self.ways if not w.is_drivable or find(w.nodes[0]) == main]
