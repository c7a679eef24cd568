"""Whether the yardstick is the same corridor: means of both models, and the 99 % interval of their difference.

`python -m tests.benchmarks.agreement 30` prints a row for each figure, from thirty replication-years of each.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from sim.experiment.replication import Task, perform
from sim.scenario import load
from tests.benchmarks.yardstick import CORRIDOR, kpis, numbers, simulate

__all__ = ["Difference", "differences"]

CONFIDENCE = 0.99


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A figure's mean in our model; how much more the yardstick's is, as a share of it; and the interval's half-width."""

    kpi: str
    ours: float
    share: float
    half: float

    @property
    def agrees(self) -> bool:
        """Whether the interval holds zero."""
        return abs(self.share) <= self.half


def differences(replications: int, sets: Sequence[str] = ()) -> Iterator[Difference]:
    """The difference of each figure that both models have, over so many replications of each, with chance of their own."""
    read, resolved = numbers(CORRIDOR, sets), load(str(CORRIDOR), sets)
    theirs = [kpis(read, simulate(read, 1, number)) for number in range(replications)]
    tasks = [Task(scenario=resolved.scenario, seed=1, replication=number, engine="auto") for number in range(replications)]
    ours: list[Mapping[str, float]] = [perform(task).kpis for task in tasks]
    for kpi in theirs[0]:
        yield _difference(kpi, [row[kpi] for row in theirs], [row[kpi] for row in ours])


def _difference(kpi: str, theirs: Sequence[float], ours: Sequence[float]) -> Difference:
    """By Welch (1947), for two samples of unequal spread."""
    errors = [float(np.var(values, ddof=1)) / len(values) for values in (theirs, ours)]
    freedom = sum(errors) ** 2 / sum(e**2 / (len(v) - 1) for e, v in zip(errors, (theirs, ours), strict=True))
    half = float(stats.t.ppf((1 + CONFIDENCE) / 2, freedom)) * math.sqrt(sum(errors))
    mean = float(np.mean(ours))
    return Difference(kpi=kpi, ours=mean, share=float(np.mean(theirs)) / mean - 1, half=half / mean)


if __name__ == "__main__":
    for row in differences(int(sys.argv[1])):
        word = "" if row.agrees else "  zero is not in it"
        sys.stdout.write(f"{row.kpi:<32} {row.ours:>9.4g} {row.share:>+8.2%} ± {row.half:.2%}{word}\n")
