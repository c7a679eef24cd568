"""Trials of the verdicts of `caspian compare`, each a function of its number, for `tests.benchmarks.verdicts` and the
suite.
"""

from __future__ import annotations

from pathlib import Path

from sim.experiment.comparisons.comparing import compare
from sim.scenario import Resolved, load

__all__ = ["KPI", "found", "is_null", "worlds"]

TINY = str(Path(__file__).parents[1] / "tiny.toml")
SHORT = ("run.run_length=15 d", "run.warm_up=5 d", "run.drain=20 d")
PILOT = 10
"""Replications of the first look."""
MOST = 400
"""Replications beyond which a trial counts as not found."""
KPI = "lead_time_d"


SLOW = {"legs.road.transit": "8.4 h"}
"""Longer roads: they lengthen the lead time by about 2 %."""


def worlds() -> tuple[Resolved, Resolved]:
    """A corridor that is cheap to run, and the same with longer roads."""
    base = load(TINY, SHORT)
    return base, base.replace(SLOW)


def is_null(seed: int) -> bool:
    """Whether two equal scenarios under independent seeds are called alike."""
    base, _ = worlds()
    done = compare([base, base], (KPI,), PILOT, seed=2 * seed, independent=True, jobs=1)
    return done.findings()[KPI][0].verdict not in ("better", "worse")


def found(seed: int) -> int:
    """The replications with which the planted difference was found, as many as the comparison asks for; 0 if it was not."""
    both = worlds()
    first = compare(both, (KPI,), PILOT, seed=10**6 + seed, explains=False, jobs=1).findings()[KPI][0]
    if first.verdict == "worse":
        return PILOT
    if first.needs is None or first.needs > MOST:
        return 0
    again = compare(both, (KPI,), first.needs, seed=10**6 + seed, explains=False, jobs=1).findings()[KPI][0]
    return first.needs if again.verdict == "worse" else 0
