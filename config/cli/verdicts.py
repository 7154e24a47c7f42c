"""Say a verdict on a plan in words, one line per fact, or as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from groundwork.duty.solver import check
from groundwork.duty.solver.check import Verdict, Violation
from groundwork.duty.solver.format import Document, StatedPlan

SENTENCES = {
    check.UNKNOWN: "row {row} ({row_text}) names what is not in the roster file",
    check.TWICE: "{person} stands {shift} twice",
    check.OVERLAP: "{person} stands {shift} and {other} at the same time",
    check.REST: "{person} has {found} minutes between {shift} and {other}, {limit} are needed",
    check.OUTSIDE: "{person} did not offer the time of {shift}",
    check.WEEK: "{person} stands {found} shifts in the week of {week}, {limit} at most",
    check.OFFICE: "{unit} has {found} people away from the office on {day}, {limit} at most",
    check.OVERFILLED: "{shift} has {found} people as {kind}, {limit} needed",
    check.DISTANCE: "{person} is sent to {shift}, further than anybody is",
    check.MISSING: "{person} is locked to {shift} as {kind} and not there",
    check.COST: "the stated cost {found:,} is not the cost {limit:,}",
    check.BOUND: "the stated bound {found:,} is above the cost {limit:,}: it proves nothing",
}


def gap_of(cost: int, bound: int) -> float:
    """Work out which part of a cost could still be saved."""
    return 0.0 if cost <= bound else (cost - bound) / max(cost, 1)


def describe(fault: Violation, document: Document, stated: StatedPlan | None = None) -> str:
    """Say one breach in a sentence, by the ids of the files."""
    instance = document.instance
    row = stated.rows[fault.row] if stated is not None and fault.row >= 0 else None
    monday = document.first_day - timedelta(days=instance.first_weekday)
    said = {
        "person": _name(instance.person_ids, fault.person),
        "shift": _name(instance.shift_ids, fault.shift),
        "other": _name(instance.shift_ids, fault.other),
        "kind": _name(instance.kinds, fault.kind),
        "unit": _name(instance.unit_ids, fault.unit),
        "day": (document.first_day + timedelta(days=fault.day)).isoformat(),
        "week": (monday + timedelta(weeks=fault.week)).isoformat(),
        "row": fault.row,
        "row_text": "" if row is None else f"{row.person!r}, {row.shift!r}, {row.kind!r}",
        "found": fault.found,
        "limit": fault.limit,
    }
    where = f" [assignments[{fault.row}]]" if row is not None else ""
    return f"{fault.rule}: {SENTENCES[fault.rule].format(**said)}{where}"


def _name(ids: tuple[str, ...], row: int) -> str:
    """Give an id, or nothing where the fault does not say."""
    return ids[row] if 0 <= row < len(ids) else ""


def summary(verdict: Verdict) -> str:
    """Say the cost with its parts."""
    parts = ", ".join(f"{name} {cost:,}" for name, cost in verdict.parts.items())
    return (
        f"{verdict.slots - verdict.unfilled:,} of {verdict.slots:,} slots filled\n"
        f"cost {verdict.cost:,}: {parts}"
    )


@dataclass(frozen=True)
class Report:
    """What `groundwork roster check` found; `proven` is a bound of its own or why there is none."""

    document: Document
    stated: StatedPlan
    verdict: Verdict
    proven: int | str | None

    def lines(self) -> Iterator[str]:
        """Give the report in words."""
        for fault in self.verdict.violations:
            yield describe(fault, self.document, self.stated)
        for fault in self.verdict.cautions:
            yield f"caution, by locked rows: {describe(fault, self.document, self.stated)}"
        counts = Counter(fault.rule for fault in self.verdict.violations)
        told = ", ".join(f"{rule} {count:,}" for rule, count in sorted(counts.items()))
        yield f"{counts.total():,} rules broken: {told}" if counts else "No rule is broken."
        yield summary(self.verdict)
        yield from self._bound()

    def _bound(self) -> Iterator[str]:
        """Say what the stated bound is worth."""
        bound, cost = self.stated.bound, self.verdict.cost
        if bound is None:
            yield "no bound is stated: nothing is known about how good the plan is"
        elif bound > cost:
            yield "the bound is wrong"
        else:
            yield f"bound {bound:,} as stated: at most {gap_of(cost, bound):.2%} could be saved"
            yield self._trust()
        if isinstance(self.proven, int):
            again = gap_of(cost, self.proven)
            yield f"bound {self.proven:,} proven here: at most {again:.2%} could be saved"
            if bound is not None and bound > self.proven:
                yield "the stated bound is higher than what could be proven here"
        elif self.proven is not None:
            yield f"no bound was proven here: {self.proven}"

    def _trust(self) -> str:
        """Say whether the stated bound is about this very question."""
        by = self.stated.version or "an unnamed program"
        if self.same_question:
            return f"the bound is {by}'s word on this very roster file (--prove checks small ones)"
        return f"the bound is NOT trusted: {by} gave it for another roster file"

    @property
    def same_question(self) -> bool:
        """Tell whether the plan says that it answers this roster file."""
        return self.stated.instance == self.document.digest

    def as_json(self) -> str:
        """Give the report for programs."""
        bound, cost = self.stated.bound, self.verdict.cost
        return json.dumps(
            {
                "good": self.verdict.good,
                "violations": [self._fact(fault) for fault in self.verdict.violations],
                "cautions": [self._fact(fault) for fault in self.verdict.cautions],
                "slots": self.verdict.slots,
                "unfilled": self.verdict.unfilled,
                "cost": cost,
                "parts": self.verdict.parts,
                "bound": bound,
                "gap": None if bound is None or bound > cost else gap_of(cost, bound),
                "same_question": self.same_question,
                "version": self.stated.version,
                "proven": self.proven if isinstance(self.proven, int) else None,
            },
            ensure_ascii=False,
            indent=1,
        )

    def _fact(self, fault: Violation) -> dict[str, object]:
        """Give one breach as a rule, the place in the plan file and a sentence."""
        return {
            "rule": fault.rule,
            "row": fault.row if fault.row >= 0 else None,
            "text": describe(fault, self.document, self.stated),
        }
