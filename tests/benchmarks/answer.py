"""What a solver's adapter hands back."""

from dataclasses import dataclass, field

type Routes = list[list[int]]
type Curve = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Answer:
    """Routes of job indexes, one (perhaps empty) for each crew of the case.

    `curve` holds (seconds, value) of each plan without a missed promise, by the solver's own
    account, in what the family counts; empty where the solver tells of none.
    """

    routes: Routes = field(repr=False)
    curve: Curve = field(default_factory=list)
    note: str = ""
