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
    "idle_share",
    "mg1_wait",
    "mmc_wait",
    "mva_throughput",
    "theory_holds",
]

CONFIDENCE = 0.999
PRECISION = 0.05
"""Half-width of the interval over the theoretical value, beyond which a sample is inconclusive."""


def theory_holds(samples: Sequence[float] | npt.NDArray[np.float64], theory: float) -> None:
    """Fail unless `theory` lies inside the 99.9 % t-interval of independent samples, or if that is 5 % wide or more.

    A case that fails may be given more samples, never another seed.
    """
    n = len(samples)
    half = float(stats.t.ppf((1 + CONFIDENCE) / 2, n - 1) * np.std(samples, ddof=1) / math.sqrt(n))
    mean = float(np.mean(samples))
    assert half < PRECISION * theory, f"inconclusive: {mean:.5g} ± {half:.2g} is too wide for {theory:.5g}"
    assert abs(mean - theory) <= half, f"{mean:.5g} ± {half:.2g} excludes {theory:.5g}"


def erlang_c(servers: int, load: float) -> float:
    """Probability that an arrival at M/M/c waits; `load` is the arrival rate over the rate of one server."""
    terms = [load**n / math.factorial(n) for n in range(servers)]
    last = load**servers / math.factorial(servers) * servers / (servers - load)
    return last / (sum(terms) + last)


def mmc_wait(rate: float, service: float, servers: int) -> float:
    """Mean wait in the queue of M/M/c, in the unit of `service`, the mean service time; `rate` is that of arrivals."""
    load = rate * service
    return erlang_c(servers, load) * service / (servers - load)


def idle_share(load: float, servers: int) -> float:
    """Probability that M/M/c is empty."""
    return erlang_c(servers, load) * (servers - load) / servers * math.factorial(servers) / load**servers


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
