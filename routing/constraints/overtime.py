"""A tour may end after the shift, at a price for each second."""

from routing.constraints.base import Frame


def declare(frame: Frame) -> None:
    """Price the seconds after the normal end; `shift` bounds them."""
    if frame.time is None:
        return
    for crew in frame.tables.crews:
        if crew.overtime_cost and crew.normal_end_s < crew.shift_end_s:
            frame.time.SetCumulVarSoftUpperBound(
                frame.routing.End(crew.index), crew.normal_end_s, crew.overtime_cost
            )
