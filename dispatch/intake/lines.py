"""Line: one row of a file before anyone knows what its cells mean."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dispatch.intake.report import Fault


@dataclass(frozen=True, slots=True)
class Line:
    """A row's number (1 is the file's first) and its cells; `fault` where it can't be read."""

    number: int
    cells: tuple[str, ...]
    fault: Fault | None = None
    cell_faults: Mapping[int, Fault] = field(default_factory=dict)

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in it."""
        return self.fault is None and not self.cell_faults and not any(map(str.strip, self.cells))
