"""Steady state within one long run: where the transient ends, and how sure the mean of the rest is.

For models without seasons only: both methods ask that the series, once settled, is stationary. A corridor with a calendar
never settles; its means are taken over replications, in `sim.experiment.precision`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.errors import CaspianError
from sim.experiment.precision import t_interval

__all__ = ["BatchMeans", "batch_means", "mser5"]

Series = Sequence[float] | npt.NDArray[np.float64]

BATCH = 5
"""Observations in a batch of MSER-5."""
LEAST_BATCHES = 10
"""Batches below which neither method says anything."""
ALPHA = 0.1
"""How often batches that are independent are distrusted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchMeans:
    """The mean of a stationary series and the ends of its 95 % interval, over `batches` batches of `size` values each."""

    mean: float
    lo: float
    hi: float
    batches: int
    size: int
    lag1: float
    """Correlation of neighbouring batches; 0 where the batches are all alike."""
    von_neumann: float
    """Mean square of the differences of neighbouring batches over the variance: near 2 where they are independent, less
    where they resemble each other."""

    @property
    def is_trustworthy(self) -> bool:
        """Whether the batches pass for independent, so that the interval means what it says.

        Von Neumann's test (Annals of Mathematical Statistics 12, 1941), as Fishman puts it (Grouping observations in
        digital simulation, Management Science 24, 1978): with independent batches, 1 - ratio / 2 is about normal with the
        variance (n - 2) / (n² - 1). One-sided at 10 %, for only likeness makes an interval too short. The remedy is a
        longer run, in as many batches; a test that is passed proves little where there are few of them.
        """
        from scipy.special import ndtri

        allowed = float(ndtri(1 - ALPHA)) * math.sqrt((self.batches - 2) / (self.batches**2 - 1))
        return 1 - self.von_neumann / 2 <= allowed


def mser5(series: Series) -> int | None:
    """How many observations to cut from the head of a series, in its order of time, or None where it is too short to tell.

    MSER-5 (White, Cobb and Spratt, A comparison of five steady-state truncation heuristics for simulation, Proceedings of
    the 2000 Winter Simulation Conference): the series is batched by fives, and the cut is where the squared standard error
    of the mean of the remaining batches, Σ (z - mean)² / n², is least. Only the first half is searched, for in the second
    a few batches that happen to agree look best. Where the least stands at the end of the first half, the transient may
    last beyond it; that is no cut but a call for a longer run, and so are fewer than 10 batches.

    A transient that takes far more than half of the series is beyond the rule: it may be taken for the steady state.
    Raises `CaspianError` where an observation is not a finite number.
    """
    known = _finite(series)
    count = len(known) // BATCH
    if count < LEAST_BATCHES:
        return None
    means = known[: count * BATCH].reshape(count, BATCH).mean(axis=1)
    last = count // 2
    means -= np.median(means[last:])
    left = np.arange(count, 0, -1)
    total = np.cumsum(means[::-1])[::-1]
    squares = np.cumsum(means[::-1] ** 2)[::-1]
    error = np.maximum(squares - total**2 / left, 0.0) / left**2.0
    best = int(np.argmin(error[: last + 1]))
    return None if best == last else best * BATCH


def batch_means(series: Series, batches: int = 20) -> BatchMeans:
    """The mean of a stationary series (its transient cut off) with the 95 % t-interval over the means of equal batches.

    Observations that fill no batch are left out at the head, where a rest of the transient would be. Between 10 and 30
    batches serve best: fewer give wide intervals, more give batches that resemble each other (Schmeiser, Batch size
    effects in the analysis of simulation output, Operations Research 30, 1982).

    Raises `CaspianError` for fewer than 10 batches, fewer observations than batches, or one that is not a finite number.
    """
    known = _finite(series)
    if batches < LEAST_BATCHES:
        raise CaspianError(
            f"Batch means need at least {LEAST_BATCHES} batches; {batches} would say nothing of their likeness."
        )
    size = len(known) // batches
    if size == 0:
        raise CaspianError(f"A series of {len(known)} observations cannot be cut into {batches} batches: run longer.")
    means = known[len(known) - batches * size :].reshape(batches, size).mean(axis=1)
    interval = t_interval(means.tolist())
    off = means - means.mean() if np.ptp(means) > 0 else np.zeros(batches)
    squares = float(off @ off)
    return BatchMeans(
        mean=interval.mean, lo=interval.lo, hi=interval.hi, batches=batches, size=size,
        lag1=float(off[:-1] @ off[1:]) / squares if squares > 0 else 0.0,
        von_neumann=float(np.sum(np.diff(off) ** 2)) / squares if squares > 0 else 2.0,
    )  # fmt: skip


def _finite(series: Series) -> npt.NDArray[np.float64]:
    known = np.asarray(series, dtype=np.float64)
    if not np.isfinite(known).all():
        at = int(np.argmin(np.isfinite(known)))
        raise CaspianError(
            f"Observation {at} of the series is {known[at]}; a steady state is judged over finite numbers only."
        )
    return known
