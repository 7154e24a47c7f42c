"""Registrations, what people take on, drives: every pair of state and verb walked."""

from __future__ import annotations

from itertools import product
from types import ModuleType

import pytest

from groundwork.voices.models import Drive, Registration, Taking
from groundwork.voices.rules import calls, drives, home

# What ends a thing ends it: nobody goes back from there.
WAYS = {
    home: ("asked", {("confirm", "confirmed"), ("refuse", "refused"), ("withdraw", "withdrawn")}),
    calls: (
        "taken",
        {("give_back", "given_back"), ("confirm", "confirmed"), ("release", "released")},
    ),
    drives: ("open", {("state", "open"), ("visit", "open"), ("shut", "shut")}),
}
REFUSED = {home: home.SettledAlready, calls: calls.WrongTaking, drives: drives.DriveShut}
STORED = {home: Registration.State, calls: Taking.State, drives: Drive.State}


@pytest.mark.once
@pytest.mark.parametrize("rules", WAYS, ids=lambda module: module.__name__.rpartition(".")[2])
def test_every_pair_leads_where_it_should_or_nowhere(rules: ModuleType):
    first, ways = WAYS[rules]
    for state, verb in product(rules.STATES, rules.VERBS):
        led = {to for by, to in ways if by == verb and state == first}
        if led:
            assert {rules.step(state, verb)} == led
        else:
            with pytest.raises(REFUSED[rules]):
                rules.step(state, verb)
    assert set(rules.STATES) == set(STORED[rules].values)
    assert set(rules.STATES) == {first, *(to for _verb, to in ways)}, "no state nobody reaches"
