"""The child process that holds the road network: run by path, it answers tables and routes.

OSRM's `Table` holds the interpreter's lock for as long as it computes; here it holds nobody up.
A request is a JSON line; an answer is a JSON line, followed for a table by its numbers.
"""

import contextlib
import json
import sys
from multiprocessing.connection import Connection
from typing import Any

import numpy as np
import osrm

UNLIMITED = -1


def table(engine: Any, request: dict[str, Any]) -> bytes:
    """Answer with durations, distances (float32, row by row) and how far each point was snapped."""
    coordinates = [tuple(pair) for pair in request["coordinates"]]
    answer = engine.Table(
        osrm.TableParameters(coordinates=coordinates, annotations=["duration", "distance"])
    )
    tables = [_numbers(answer[name]) for name in ("durations", "distances")]
    snapped = np.array([float(place["distance"]) for place in answer["sources"]], np.float32)
    head = json.dumps({"ok": True, "n": len(coordinates)}).encode()
    return b"\n".join((head, b"".join(part.tobytes() for part in (*tables, snapped))))


def route(engine: Any, request: dict[str, Any]) -> bytes:
    """Answer with the [lon, lat] line of the way along the coordinates."""
    answer = engine.Route(
        osrm.RouteParameters(
            coordinates=[tuple(pair) for pair in request["coordinates"]],
            overview="full",
            geometries="geojson",
        )
    )
    line = answer["routes"][0]["geometry"]["coordinates"]
    return json.dumps({"ok": True, "line": [[pair[0], pair[1]] for pair in line]}).encode()


def answer_one(engine: Any, raw: bytes) -> bytes:
    """Answer one request; what OSRM refuses is an answer too."""
    request = json.loads(raw)
    try:
        return {"table": table, "route": route}[request["do"]](engine, request)
    except RuntimeError as error:
        code, _, text = str(error).partition(" - ")
        return json.dumps({"ok": False, "code": code, "detail": text}).encode()


def main() -> None:
    """Serve until the parent closes the pipe."""
    requests = Connection(int(sys.argv[1]), writable=False)
    answers = Connection(int(sys.argv[2]), readable=False)
    engine = osrm.OSRM(
        storage_config=sys.argv[3],
        algorithm="MLD",
        use_shared_memory=False,
        max_locations_distance_table=UNLIMITED,
        max_locations_viaroute=UNLIMITED,
    )
    with contextlib.suppress(EOFError, BrokenPipeError, KeyboardInterrupt):
        while True:
            answers.send_bytes(answer_one(engine, requests.recv_bytes()))


def _numbers(rows: Any) -> Any:
    return np.array([list(row) for row in rows], dtype=np.float32)


if __name__ == "__main__":
    main()
