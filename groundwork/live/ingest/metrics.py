"""What the ingest tells Prometheus: plain integers while it works, text when it is asked."""

from __future__ import annotations

import resource
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from groundwork.live.ingest.halls import Hall


@dataclass
class Tally:
    """Counts since the process started."""

    kept: int = 0
    drawn: int = 0
    sent_away: int = 0
    commits: int = 0
    faults: int = 0
    seconds: float = 0.0
    refused: Counter[str] = field(default_factory=Counter)

    def note_commit(self, seconds: float, fault: BaseException | None) -> None:
        """Count a commit, and a fault when it was one."""
        self.commits += 1
        self.seconds += seconds
        self.faults += fault is not None


class _Collector:
    def __init__(self, tally: Tally, halls: Mapping[str, Hall], waiting: int) -> None:
        self.tally, self.halls, self.waiting = tally, halls, waiting

    def collect(self) -> Iterable[Metric]:
        counts = (
            ("kept", "Pulses acknowledged: on disk.", self.tally.kept),
            ("drawn", "Tokens drawn.", self.tally.drawn),
            ("sent_away", "Pulses answered 503.", self.tally.sent_away),
            ("commits", "Commits; kept / commits is the size of a batch.", self.tally.commits),
            ("faults", "Commits and rounds of housekeeping that failed.", self.tally.faults),
            (
                "commit_seconds",
                "Seconds from a batch's first pulse to its answer.",
                self.tally.seconds,
            ),
        )
        for name, text, value in counts:
            yield CounterMetricFamily(f"groundwork_pulses_{name}", text, value=value)
        refused = CounterMetricFamily(
            "groundwork_pulses_refused", "Pulses refused, by rule.", labels=["rule"]
        )
        for rule, n in self.tally.refused.items():
            refused.add_metric([rule], n)
        yield refused
        yield GaugeMetricFamily(
            "groundwork_pulses_waiting", "Pulses waiting for the disk.", value=self.waiting
        )
        due = GaugeMetricFamily(
            "groundwork_pulse_due_seconds", "When a page speaks again.", labels=["stream"]
        )
        for hall in self.halls.values():
            due.add_metric([hall.id], hall.due)
        yield due
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        yield GaugeMetricFamily(
            "groundwork_ingest_memory_bytes", "The most memory this process has had.", value=most
        )


def exposition(tally: Tally, halls: Mapping[str, Hall], waiting: int) -> bytes:
    """Write the metrics as Prometheus reads them."""
    registry = CollectorRegistry()
    registry.register(_Collector(tally, halls, waiting))
    return generate_latest(registry)
