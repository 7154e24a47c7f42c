"""Sixty gate phones send at 22:00 and the server dies in between: the totals are exact.

GATE_PHONES=300 is the whole city's evening; `bench/gate_phones.py` is the same with figures.
"""

from __future__ import annotations

import os

from bench.gate_phones import Gates

PHONES = int(os.environ.get("GATE_PHONES", "60"))


def test_what_gate_phones_sent_twice_or_backwards_stands_once_after_a_kill(city):
    gates = Gates(city, PHONES)
    city.start_server()
    gates.send_until_killed(lines=8)
    after_the_kill = city.call("bench.gate_phones:written")
    seen = {key for key in gates.acknowledged if "-log-" in key}
    assert seen <= set(after_the_kill["keys"]), "what was acknowledged outlives the kill"
    assert len(after_the_kill["keys"]) < len(gates.keys), "killed in the middle, not at the end"

    city.start_server()
    assert gates.load(gates.send, lines=8).failed == 0
    assert gates.load(gates.send_all_again, lines=8, some=3).failed == 0
    stands = city.call("bench.gate_phones:written")
    assert gates.refused == []
    assert stands == {
        "keys": gates.keys,
        "states": ["stood"] * PHONES,
        "came": PHONES,
        "went": PHONES,
        "trail": 2 * PHONES,
        "wrong": 0,
    }
