"""How sure a quantile is: intervals from order statistics, whatever the distribution.

Here live the interval and the number of values it needs. The mean has its own, in `sim.experiment.precision`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sim.errors import CaspianError

__all__ = ["least_n", "quantile_interval"]


def quantile_interval(
    values: Sequence[float] | npt.NDArray[np.float64], p: float, confidence: float = 0.95
) -> tuple[float, float, float]:
    """The p-quantile of independent, alike values, one per replication, and the ends of its interval: (estimate, lo, hi).

    The number of values below the true quantile is binomial (n, p), whatever the distribution; so two order statistics
    hold the quantile between them with at least this confidence, half of what is left lying on either side (Conover,
    Practical Nonparametric Statistics, 3rd ed., 3.2; David and Nagaraja, Order Statistics, 3rd ed., 7.1). They need not
    lie evenly about the estimate, which is interpolated between its neighbours. An end is nan where there are too few
    values for it (see `least_n`), and so is the estimate where there are none. Values that are nan are left out.

    Raises `CaspianError` where p or the confidence is not between 0 and 1.
    """
    from scipy.special import bdtr

    _check(p, confidence)
    known = np.asarray(values, dtype=np.float64)
    known = np.sort(known[~np.isnan(known)])
    n = len(known)
    if n == 0:
        return math.nan, math.nan, math.nan
    tail = (1 - confidence) / 2
    at_most = bdtr(np.arange(n, dtype=np.float64), n, p)
    below = int(np.searchsorted(at_most, tail, side="right"))
    above = int(np.searchsorted(at_most, 1 - tail, side="left"))
    lo = float(known[below - 1]) if below > 0 else math.nan
    hi = float(known[above]) if above < n else math.nan
    return float(np.quantile(known, p)), lo, hi


def least_n(p: float, confidence: float = 0.95) -> int:
    """The fewest values for which both ends of the p-quantile's interval exist: 6 for a median, 72 for a 95th percentile.

    The smallest value lies above the quantile with probability (1 - p)^n and the largest below it with p^n; neither may
    exceed half of 1 - confidence. Raises `CaspianError` where p or the confidence is not between 0 and 1.
    """
    _check(p, confidence)
    return math.ceil(math.log((1 - confidence) / 2) / math.log(max(p, 1 - p)))


def _check(p: float, confidence: float) -> None:
    if not 0 < p < 1:
        raise CaspianError(f"There is no {p:g}-quantile to be estimated: give a share between 0 and 1, such as 0.95.")
    if not 0 < confidence < 1:
        raise CaspianError(f"An interval cannot have the confidence {confidence:g}: give one between 0 and 1, such as 0.95.")
