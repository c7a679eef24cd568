"""Queueing theory and the test that a simulated mean must pass against it.

Every value is computed from parameters; none is copied from a run.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import stats

__all__ = [
    "bailey_queue",
    "erlang_c",
    "mg1_wait",
    "mmc_arrivals",
    "mmc_wait",
    "mva_throughput",
    "theory_holds",
]

CONFIDENCE = 0.999
PRECISION = 0.02
"""Half-width of the interval over the theoretical value, beyond which a sample is inconclusive."""
_AIM = 0.75
"""Share of that half-width for which samples are planned: their own spread makes it wider or narrower than expected."""


def theory_holds(samples: Sequence[float] | npt.NDArray[np.float64], theory: float, precision: float = PRECISION) -> None:
    """Fail unless `theory` lies inside the 99.9 % t-interval of independent samples, or if that is wider than `precision`.

    `precision` is a half-width over `theory`. A case that fails may be given more samples, never another seed.
    """
    n = len(samples)
    half = float(_quantile(n) * np.std(samples, ddof=1) / math.sqrt(n))
    mean = float(np.mean(samples))
    assert half < precision * theory, f"inconclusive: {mean:.5g} ± {half:.2g} is too wide for {theory:.5g}"
    assert abs(mean - theory) <= half, f"{mean:.5g} ± {half:.2g} excludes {theory:.5g}"


def _quantile(samples: int) -> float:
    """Half-width of the t-interval of this many samples, in standard errors."""
    return float(stats.t.ppf((1 + CONFIDENCE) / 2, samples - 1))


def mmc_arrivals(utilisation: float, servers: int, samples: int, precision: float = PRECISION) -> int:
    """Arrivals at M/M/c, all samples together, that make the interval of the mean wait narrower than `precision`.

    By the asymptotic variance of the queue q over time, a birth-death process with distribution p and births at rate 1, here
    the rate of arrivals: 2 Σ_j (Σ_{i≤j} (q_i - E q) p_i)² / p_j (Burman, 1980; Whitt, 1992, Asymptotic formulas for Markov
    processes with applications to simulation). M/G/1 whose times vary less than exponential ones needs fewer.
    """
    states = np.arange(servers + math.ceil(25 / -math.log(utilisation)))
    deaths = np.minimum(states[1:], servers) / (servers * utilisation)
    share = np.cumprod(np.append(1.0, 1 / deaths))
    share /= share.sum()
    queue = np.maximum(states - servers, 0)
    mean = float(queue @ share)
    variance = 2 * float((np.cumsum((queue - mean) * share) ** 2 / share).sum())
    return math.ceil((_quantile(samples) / (_AIM * precision)) ** 2 * variance / mean**2)


def erlang_c(servers: int, load: float) -> float:
    """Probability that an arrival at M/M/c waits; `load` is the arrival rate over the rate of one server."""
    terms = [load**n / math.factorial(n) for n in range(servers)]
    last = load**servers / math.factorial(servers) * servers / (servers - load)
    return last / (sum(terms) + last)


def mmc_wait(rate: float, service: float, servers: int) -> float:
    """Mean wait in the queue of M/M/c, in the unit of `service`, the mean service time; `rate` is that of arrivals."""
    load = rate * service
    return erlang_c(servers, load) * service / (servers - load)


def mg1_wait(rate: float, mean: float, variance: float) -> float:
    """Mean wait in the queue of M/G/1 by Pollaczek and Khinchine; service times have `mean` and `variance`."""
    return rate * (variance + mean**2) / (2 * (1 - rate * mean))


def bailey_queue(places: int, mean: float) -> float:
    """Mean queue just before a departure that takes up to `places`, where Poisson(`mean`) arrive between departures.

    Bailey (1954), On queueing processes with bulk service, for fixed intervals: the queue's generating function is
    A(z) C (z - 1) Π(z - z_i) / (z^K - A(z)), with A(z) = exp(-m (1 - z)) and z_i the roots of z^K = A(z) inside the unit
    circle; its derivative at 1 is the mean.
    """
    inside = 0.0
    for branch in range(1, places):
        turn = cmath.exp(2j * math.pi * branch / places)
        root = 0j
        for _ in range(500):
            root = turn * cmath.exp(-mean * (1 - root) / places)
        assert abs(root**places - cmath.exp(-mean * (1 - root))) < 1e-12
        inside += (1 / (1 - root)).real
    return mean + inside - (places * (places - 1) - mean**2) / (2 * (places - mean))


def mva_throughput(vehicles: int, services: Sequence[float], elsewhere: float) -> float:
    """Cycles per unit of time of a closed fleet, by mean value analysis (Reiser and Lavenberg, 1980).

    `services` are the mean times at exponential single servers that each cycle passes once, `elsewhere` is the mean time
    of a cycle spent without queueing.
    """
    queue = [0.0] * len(services)
    throughput = 0.0
    for fleet in range(1, vehicles + 1):
        residence = [service * (1 + ahead) for service, ahead in zip(services, queue, strict=True)]
        throughput = fleet / (elsewhere + sum(residence))
        queue = [throughput * time for time in residence]
    return throughput
