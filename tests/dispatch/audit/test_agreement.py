"""Rules and auditor never disagree: what one permits on a random day the other permits."""

import os

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from tests.dispatch.audit.situations import CHANGES, UNDER, Change, Situation, named, situations

EACH = int(os.environ.get("AGREEMENT_DAYS", "5"))
"""Days for each pack and class, and for each sort of change; `make audit-mutations` takes more."""

few = settings(max_examples=EACH, deadline=None)


def agree(situation: Situation) -> None:
    breaches = situation.breaches()
    permitted = situation.is_permitted()

    event(f"permitted: {permitted}, {situation.change}")
    assert permitted == (breaches == ()), breaches


@pytest.mark.parametrize("under", UNDER, ids=str)
@given(data=st.data())
@few
@pytest.mark.fault("E4", "V1", "V2")
def test_rules_and_auditor_never_disagree(
    under: tuple[str, str | None], data: st.DataObject
) -> None:
    """Under every pack, with every class of products that it names."""
    agree(data.draw(situations(under=under)))


@pytest.mark.parametrize("change", CHANGES, ids=named)
@given(data=st.data())
@few
def test_with_every_sort_of_change(change: Change, data: st.DataObject) -> None:
    agree(data.draw(situations(change=change)))
