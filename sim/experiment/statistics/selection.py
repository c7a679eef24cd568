"""Selection of the best of a few alternatives, with no more replications than it takes to tell them apart.

Here lives one sequential procedure. What an alternative is, and how its replications are run, is known to the caller only,
who is asked for them one replication at a time.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from sim.errors import CaspianError

__all__ = ["Chosen", "Observe", "select"]

Observe = Callable[[Sequence[int], int], Mapping[int, float]]
"""The value of each of these alternatives in one replication; replications are counted from 0."""
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What a selection found, and what it took."""

    best: int
    """The alternative chosen: where it is not decided, the one of the best mean so far."""
    survivors: tuple[int, ...]
    """Those still in play at the end, in their order. Where it is decided that is the best alone, unless others had the
    same mean to the last bit."""
    replications: int
    """Replications of the best, which had as many as any."""
    eliminated: Mapping[int, int]
    """How many replications each alternative had when it fell, in the order in which they fell."""
    is_decided: bool


def select(  # noqa: PLR0913 - what is asked of a selection, each by its name
    observe: Observe,
    alternatives: int,
    *,
    delta: float,
    confidence: float,
    better: Literal["lower", "higher"],
    first: int = 10,
    most: int = 1000,
) -> Chosen:
    """The alternative whose mean is best, of those numbered 0 … `alternatives` - 1, chosen by the procedure KN with c = 1.

    Kim and Nelson, A fully sequential procedure for indifference-zone selection in simulation, ACM Transactions on
    Modeling and Computer Simulation 11(3), 2001. After `first` replications of all, the variances of their differences are
    taken once; from then on, whoever lies behind another by more than a margin falls, and the rest get one more
    replication. The margin shrinks to nothing, so that it comes to an end even where all are equal.

    With at least this confidence the best is chosen, if its mean is better by `delta` (in the unit of the values) or more;
    else one is chosen that is likely to be within `delta` of it. That holds for values that are about normal and
    independent between replications; within one they may depend on each other, and common random numbers save
    replications, for only the differences matter. `most` replications end it undecided, with no promise.

    `observe` is asked for all alternatives still in play at once, and for each replication in its turn. Raises
    `CaspianError` for settings that cannot be met, and where `observe` does not give a finite number for each.
    """
    _check(alternatives, delta, confidence, first, most)
    sign = 1.0 if better == "higher" else -1.0
    alive = list(range(alternatives))
    start = np.array([_observed(observe, alive, r) for r in range(first)]) * sign
    total = start.sum(axis=0)
    ends = _ends(start, delta, confidence)
    eliminated: dict[int, int] = {}
    taken = first
    while True:
        for i in _fallen(total[alive] / taken, ends[np.ix_(alive, alive)], delta, taken):
            eliminated[alive[i]] = taken
        alive = [i for i in alive if i not in eliminated]
        is_decided = len(alive) == 1 or taken > float(ends[np.ix_(alive, alive)].max())
        if is_decided or taken == most:
            break
        total[alive] += sign * np.array(_observed(observe, alive, taken))
        taken += 1
    best = max(alive, key=lambda i: float(total[i]))
    return Chosen(best=best, survivors=tuple(alive), replications=taken, eliminated=eliminated, is_decided=is_decided)


def _ends(start: Floats, delta: float, confidence: float) -> Floats:
    """The number of replications at which the margin of each pair has shrunk to nothing, (alternatives, alternatives)."""
    first, alternatives = start.shape
    share = 2 * (1 - confidence) / (alternatives - 1)
    eta = (share ** (-2 / (first - 1)) - 1) / 2
    variance = np.var(start[:, :, None] - start[:, None, :], axis=0, ddof=1)
    return np.asarray(2 * eta * (first - 1) * variance / delta**2)


def _fallen(means: Floats, ends: Floats, delta: float, taken: int) -> list[int]:
    """Those that lie behind another by more than the margin of the two, by place; a higher mean is better."""
    margins = np.maximum(0.0, delta / (2 * taken) * (ends - taken))
    return np.flatnonzero((means[:, None] < means[None, :] - margins).any(axis=1)).tolist()


def _observed(observe: Observe, alive: list[int], replication: int) -> list[float]:
    given = observe(tuple(alive), replication)
    values = [float(given.get(i, math.nan)) for i in alive]
    for i, value in zip(alive, values, strict=True):
        if not math.isfinite(value):
            raise CaspianError(
                f"Alternative {i} has no value in replication {replication}, so that it cannot be compared with the others: "
                "choose by a KPI that every replication measures."
            )
    return values


def _check(alternatives: int, delta: float, confidence: float, first: int, most: int) -> None:
    if alternatives < 2:
        raise CaspianError(f"A choice needs at least two alternatives; {alternatives} is too few.")
    if not 0 < delta < math.inf:
        raise CaspianError(
            f"An indifference zone of {delta:g} cannot be used: give the least difference that matters, above 0."
        )
    if not 1 / alternatives < confidence < 1:
        raise CaspianError(
            f"The best of {alternatives} cannot be chosen with confidence {confidence:g}: give one between "
            f"{1 / alternatives:.2g}, which a blind choice has, and 1."
        )
    if first < 2:
        raise CaspianError(
            f"The first stage takes at least 2 replications, for a variance is estimated from it; {first} is less."
        )
    if most < first:
        raise CaspianError(
            f"A selection that may take {most} replications at most has no room for a first stage of {first}."
        )
