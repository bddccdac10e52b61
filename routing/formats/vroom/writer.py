"""Write an answer in VROOM's output format, with the superset's keys."""

from collections.abc import Iterable, Mapping
from typing import Any

from routing.errors import InvalidProblem
from routing.formats.request import Request
from routing.formats.vroom.polyline import encode
from routing.problem import Id, Task
from routing.solution import Breach, Solution, Step, StepKind, Tour, Unassigned

type LonLat = tuple[float, float]

_KINDS = {
    StepKind.START: "start",
    StepKind.TASK: "job",
    StepKind.BREAK: "break",
    StepKind.END: "end",
}


def write(
    request: Request,
    solution: Solution,
    *,
    loading_ms: int = 0,
    solving_ms: int = 0,
) -> dict[str, Any]:
    """An answer as a JSON value.

    Parameters
    ----------
    request
        What was asked.
    solution
        What was planned; its unassigned carry their reasons if `explain` was asked.
    loading_ms, solving_ms
        Milliseconds spent reading and planning.
    """
    writer = _Writer(request)
    summary = solution.summary
    answer: dict[str, Any] = {
        "code": 0,
        "summary": {
            "cost": summary.cost,
            "routes": len(solution.tours),
            "unassigned": len(solution.unassigned),
            "setup": summary.setup_s,
            "service": summary.service_s,
            "duration": summary.travel_s,
            "waiting_time": summary.waiting_s,
            "priority": summary.priority,
            "distance": summary.distance_m,
            "objective": summary.objective,
            "prize_collected": summary.prize_collected,
            "required_unserved": summary.required_unserved,
            "soft_cost": summary.soft_cost,
            **writer.amounts(solution.tours),
            "violations": _violations(
                breach for tour in solution.tours for breach in _breaches(tour)
            ),
            "computing_times": {"loading": loading_ms, "solving": solving_ms, "routing": 0},
        },
        "unassigned": [writer.unassigned(entry) for entry in solution.unassigned],
        "routes": [writer.route(tour) for tour in solution.tours],
    }
    notes = [*request.notes, *solution.notes]
    if notes:
        answer["notes"] = notes
    return answer


def write_error(error: InvalidProblem) -> dict[str, Any]:
    """A refusal: VROOM's `code` 2 (input error) and `error`, and every issue."""
    return {
        "code": 2,
        "error": str(error),
        "issues": [
            {
                "code": issue.code,
                "pointer": issue.pointer,
                "cause": issue.cause,
                "remedy": issue.remedy,
            }
            for issue in error.issues
        ],
    }


class _Writer:
    """Names and coordinates of a request, for the parts of the answer."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._coordinates: Mapping[int, LonLat] = request.coordinates
        self._tasks: dict[object, Task] = {task.id: task for task in request.problem.tasks}
        self._vehicles = {vehicle.id: vehicle for vehicle in request.problem.vehicles}
        amounts = [
            len(amount)
            for task in request.problem.tasks
            for amount in (task.delivery, task.pickup)
        ]
        capacities = [len(vehicle.capacity) for vehicle in request.problem.vehicles]
        self._dimensions = max([*amounts, *capacities], default=0)

    def unassigned(self, entry: Unassigned) -> dict[str, Any]:
        """A job that is left out."""
        task = self._tasks[entry.task]
        told: dict[str, Any] = {"id": entry.task, "type": "job", **self._spot(task.place)}
        if task.description is not None:
            told["description"] = task.description
        if task.source is not None:
            told["source"] = task.source
        told["required"] = entry.required
        told["reasons"] = [
            {
                "code": reason.code.value,
                **({} if reason.vehicle is None else {"vehicle": reason.vehicle}),
                **({} if reason.source is None else {"source": reason.source}),
                "detail": reason.detail,
            }
            for reason in entry.reasons
        ]
        if entry.relaxation is not None:
            change = entry.relaxation
            told["relaxation"] = {"change": change.change, "by": change.by, "cost": change.cost}
            if change.vehicle is not None:
                told["relaxation"]["vehicle"] = change.vehicle
        if entry.conflict:
            told["conflict"] = list(entry.conflict)
        return told

    def route(self, tour: Tour) -> dict[str, Any]:
        """A vehicle's route."""
        vehicle = self._vehicles[tour.vehicle]
        told: dict[str, Any] = {
            "vehicle": tour.vehicle,
            "cost": tour.cost,
            "setup": sum(step.setup_s for step in tour.steps),
            "service": sum(step.service_s for step in tour.steps),
            "duration": tour.travel_s,
            "waiting_time": sum(step.waiting_s for step in tour.steps),
            "priority": sum(self._tasks[step.id].priority for step in tour.tasks),
            "distance": tour.distance_m,
            **self.amounts([tour]),
            "steps": [self._step(tour, step) for step in tour.steps],
            "violations": _violations(_breaches(tour)),
        }
        if vehicle.description is not None:
            told["description"] = vehicle.description
        if self._request.with_geometry:
            told["geometry"] = encode(self.line(tour))
        return told

    def amounts(self, tours: Iterable[Tour]) -> dict[str, list[int]]:
        """What is delivered and picked up in all, where anything is."""
        if not self._dimensions:
            return {}
        served = [self._tasks[step.id] for tour in tours for step in tour.tasks]
        return {
            "delivery": _total((task.delivery for task in served), self._dimensions),
            "pickup": _total((task.pickup for task in served), self._dimensions),
        }

    def line(self, tour: Tour) -> list[LonLat]:
        """Straight lines between a route's places, where their coordinates are known."""
        places = [step.place for step in tour.steps if step.place is not None]
        return [self._coordinates[place] for place in places if place in self._coordinates]

    def _step(self, tour: Tour, step: Step) -> dict[str, Any]:
        told: dict[str, Any] = {"type": _KINDS[step.kind]}
        if step.id is not None:
            told["id"] = step.id
            description = self._description(tour, step.kind, step.id)
            if description is not None:
                told["description"] = description
        if step.place is not None:
            told |= self._spot(step.place)
        if step.kind is StepKind.TASK and self._tasks[step.id].alternatives:
            told["alternative"] = step.alternative
        told |= {
            "setup": step.setup_s,
            "service": step.service_s,
            "waiting_time": step.waiting_s,
            "arrival": step.arrival_s,
            "duration": step.travel_s,
            "distance": step.distance_m,
        }
        if step.load:
            told["load"] = list(step.load)
        if step.on_time_probability is not None:
            told["on_time_probability"] = step.on_time_probability
        return told | {"violations": _violations(step.breaches)}

    def _description(self, tour: Tour, kind: StepKind, name: Id) -> str | None:
        if kind is StepKind.TASK:
            return self._tasks[name].description
        rests = self._vehicles[tour.vehicle].breaks
        return next((rest.description for rest in rests if rest.id == name), None)

    def _spot(self, place: int) -> dict[str, Any]:
        told: dict[str, Any] = {"location_index": place}
        if place in self._coordinates:
            told["location"] = list(self._coordinates[place])
        return told


def _breaches(tour: Tour) -> Iterable[Breach]:
    yield from tour.breaches
    for step in tour.steps:
        yield from step.breaches


def _violations(breaches: Iterable[Breach]) -> list[dict[str, Any]]:
    """VROOM's violations: each cause once, seconds of delay and lead time added up."""
    told: dict[str, dict[str, Any]] = {}
    for breach in breaches:
        entry = told.setdefault(breach.cause, {"cause": breach.cause})
        if breach.duration_s is not None:
            entry["duration"] = entry.get("duration", 0) + breach.duration_s
    return list(told.values())


def _total(amounts: Iterable[tuple[int, ...]], dimensions: int) -> list[int]:
    total = [0] * dimensions
    for amount in amounts:
        for rank, own in enumerate(amount):
            total[rank] += own
    return total


def geojson(request: Request, solution: Solution) -> dict[str, Any]:
    """Routes and stops as a GeoJSON feature collection; lines are straight, not along roads."""
    writer = _Writer(request)
    features: list[dict[str, Any]] = []
    for tour in solution.tours:
        line = [list(spot) for spot in writer.line(tour)]
        if len(line) > 1:
            shape = {"type": "LineString", "coordinates": line}
            features.append(_feature(shape, {"vehicle": tour.vehicle}))
        for rank, step in enumerate(tour.tasks, start=1):
            if step.place is not None and step.place in request.coordinates:
                spot = {"type": "Point", "coordinates": list(request.coordinates[step.place])}
                told = {"vehicle": tour.vehicle, "job": step.id, "position": rank}
                features.append(_feature(spot, told | {"start": step.start_s}))
    return {"type": "FeatureCollection", "features": features}


def _feature(shape: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": shape, "properties": told}
