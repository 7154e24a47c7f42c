"""The server is killed outright while a hall signs in: what was acknowledged is there."""

from __future__ import annotations

from bench.hall import Hall, load
from bench.sign_in import taps_with_a_kill

PHONES = range(150)


def test_every_acknowledged_sign_in_outlives_a_kill_and_resending_doubles_none(city):
    hall = Hall(city.port, city.call("bench.hall:prepare", len(PHONES)))
    city.start_server()
    acknowledged = taps_with_a_kill(city, hall, PHONES, lines=8)
    after_the_kill = city.call("bench.hall:on_the_roll")
    assert acknowledged <= set(after_the_kill)
    assert len(after_the_kill) < len(PHONES), "killed in the middle, not at the end"

    city.start_server()
    again = load(city.port, PHONES, hall.tap, lines=8)
    assert again.failed == 0
    assert city.call("bench.hall:on_the_roll") == list(PHONES)
