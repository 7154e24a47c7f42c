"""The table of states, every pair of it; and builders that stand where they say."""

from __future__ import annotations

import pytest

from groundwork.matters.rules import states
from groundwork.matters.tests.make import WAYS, at_state


@pytest.mark.parametrize("state", states.STATES)
def test_a_builder_leads_to_every_state(cast, state):
    matter = at_state(cast, state)
    matter.refresh_from_db()
    assert matter.state == state
    assert list(matter.steps.order_by("id").values_list("verb", flat=True)) == [
        "raise",
        *WAYS[state],
    ]
