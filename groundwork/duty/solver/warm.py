"""Compile the planner for this machine, once, so that nobody's first plan waits for it.

Where nothing changed, this only loads what is there. What was compiled of other editions goes.

python -m groundwork.duty.solver.warm
"""

from __future__ import annotations

from groundwork.duty.solver.compiled import forget_others
from groundwork.duty.solver.generate import generate
from groundwork.duty.solver.solve import Search


def warm() -> None:
    """Plan a hamlet from end to end: every compiled loop is then in the cache."""
    stages: set[str] = set()

    def enough(stage: str) -> bool:
        stages.add(stage)
        return "better" not in stages

    Search(
        generate(scale=0.005), gap=0.0, seconds=600, progress=lambda p: enough(p.stage), threads=1
    ).run()


if __name__ == "__main__":
    forget_others()
    warm()
