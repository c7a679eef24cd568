"""What may be said of paired differences: better, worse, nothing sure yet, or identical.

All that a comparison asks is asked together: levels are corrected by Holm's method (1979), so that with 95 % certainty none
of its verdicts is wrong where nothing differs. What is identical in every replication cannot be called different and is not
counted. Plain numbers in, findings out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from sim.experiment.precision import CONFIDENCE
from sim.experiment.statistics.multiple import holm_levels
from sim.kpis import kpi_of

__all__ = ["Finding", "Verdict", "findings", "replications_needed"]

Floats = npt.NDArray[np.float64]
Verdict = Literal["better", "worse", "higher", "lower", "identical", "no clear difference", "nothing to compare"]
POWER = 0.9
"""Certainty with which the replications that are said to be needed find a difference of the size seen."""
MOST_NEEDED = 10_000
"""Replications beyond which nobody would wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """How one scenario differs from the base in one KPI."""

    kpi: str
    mean: float
    """Mean paired difference, in the KPI's unit."""
    lo: float
    hi: float
    """Ends of its interval at `level`; it leaves zero out exactly where the verdict is clear."""
    level: float
    """Confidence of the interval after Holm's correction for all that was asked together."""
    p: float
    """Two-sided p-value of the paired t-test, not corrected."""
    n: int
    """Pairs that have the KPI in both."""
    verdict: Verdict
    matters: float = 0.0
    """Size of a difference that matters, in the KPI's unit; 0 where none was named."""
    needs: int | None = None
    """Replications in all that would tell a difference of `matters` (of the size seen, where none was named) with 90 %
    certainty; None where the verdict is clear, where they have been run, or where they are beyond reach.
    """

    @property
    def is_small(self) -> bool:
        """Whether a difference that matters can be ruled out: the whole interval is smaller."""
        return bool(self.matters) and -self.matters < self.lo and self.hi < self.matters


def findings(
    differences: Mapping[str, Sequence[Sequence[float] | Floats]], matters: Mapping[str, float] | None = None
) -> dict[str, list[Finding]]:
    """Of each KPI and of each scenario in turn, a finding on its paired differences from the base, one a replication.

    `matters`: the size of a difference that matters, by KPI.

    Differences that are nan (a KPI with nothing to measure in one of the worlds) are left out of their mean.
    """
    samples = {(kpi, number): _known(values) for kpi, each in differences.items() for number, values in enumerate(each)}
    tests = {key: _p_value(sample) for key, sample in samples.items()}
    levels = dict(zip(tests, holm_levels(list(tests.values()), 1 - CONFIDENCE), strict=True))
    return {
        kpi: [
            _finding(
                kpi, samples[kpi, number], (tests[kpi, number], float(levels[kpi, number])), (matters or {}).get(kpi, 0.0)
            )
            for number in range(len(each))
        ]
        for kpi, each in differences.items()
    }


def _known(values: Sequence[float] | Floats) -> Floats:
    sample = np.asarray(values, dtype=np.float64)
    return sample[~np.isnan(sample)]


def _p_value(sample: Floats) -> float:
    """Two-sided p-value that the mean is zero; nan where there is nothing to test: one pair or none, or no difference in
    any.
    """
    from scipy.special import stdtr

    if len(sample) < 2 or not sample.any():
        return math.nan
    mean, spread = float(sample.mean()), float(sample.std(ddof=1)) / math.sqrt(len(sample))
    if spread <= 1e-12 * abs(mean):
        return 0.0
    return float(2 * stdtr(len(sample) - 1, -abs(mean) / spread))


def _finding(kpi: str, sample: Floats, test: tuple[float, float], matters: float) -> Finding:
    from scipy.special import stdtrit

    (p, level), n = test, len(sample)
    if n < 2:
        mean = float(sample.mean()) if n else math.nan
        return Finding(kpi=kpi, mean=mean, lo=math.nan, hi=math.nan, level=level, p=p, n=n, verdict="nothing to compare")
    mean, deviation = float(sample.mean()), float(sample.std(ddof=1))
    half = float(stdtrit(n - 1, (1 + level) / 2)) * deviation / math.sqrt(n)
    verdict: Verdict = "no clear difference"
    if not sample.any():
        verdict = "identical"
    elif abs(mean) > half:
        verdict = _said(kpi, mean)
    needs = replications_needed(matters or mean, deviation, level, n) if verdict == "no clear difference" else None
    return Finding(
        kpi=kpi, mean=mean, lo=mean - half, hi=mean + half, level=level, p=p, n=n, verdict=verdict, matters=matters,
        needs=needs if needs is None or needs > n else None,
    )  # fmt: skip


def _said(kpi: str, mean: float) -> Verdict:
    better = kpi_of(kpi).better
    if not better:
        return "higher" if mean > 0 else "lower"
    return "better" if (mean > 0) == (better == "higher") else "worse"


def replications_needed(mean: float, deviation: float, level: float, pairs: int) -> int | None:
    """Pairs with which a t-test at this confidence finds a mean difference of `mean` with 90 % certainty, where so many
    `pairs` varied by `deviation`; None where they would be more than ten thousand.

    Student's quantiles with the pilot's own degrees of freedom, so that the certainty holds although the deviation is only
    an estimate (Stein, 1945, The Annals of Mathematical Statistics 16:243-258).
    """
    from scipy.special import stdtrit

    if mean == 0:
        return None
    tail, power = float(stdtrit(pairs - 1, (1 + level) / 2)), float(stdtrit(pairs - 1, POWER))
    needed = ((tail + power) * deviation / abs(mean)) ** 2
    return math.ceil(needed) if needed <= MOST_NEEDED else None
