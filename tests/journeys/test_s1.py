"""S1 from intake to follow-up, each row by its id."""

from dispatch.model import Stage
from tests.journeys.journey import SERVICE_DATE, Journey, a_case, attempts
from tests.journeys.rows import row


def test_s1(journey: Journey) -> None:
    journey.open()
    journey.bring_in("cases", [a_case(1), a_case(2)])
    journey.bring_in("attempts", attempts(1) + attempts(2))
    journey.sweep()
    with row("S1-09"):
        assert journey.case(1).stage is Stage.ELIGIBLE
        refused = journey.approve(1, ground="because", status=422)
        assert "why this visit is needed" in refused["detail"]
    for one in (1, 2):
        journey.approve(one)
    journey.announce()
    journey.answer(1, "confirm")
    journey.publish()
    journey.to(SERVICE_DATE, 10)
    journey.step(1, "arrived")
    journey.report(1, "NO_ANSWER")
    assert journey.case(1).stage is Stage.FOLLOW_UP
