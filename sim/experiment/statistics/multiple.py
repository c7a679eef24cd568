"""Many hypotheses at once: p-values and confidence levels that keep the chance of even one false alarm below a bound."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.errors import CaspianError

__all__ = ["holm", "holm_levels"]


def holm(p_values: Sequence[float]) -> list[float]:
    """The p-values adjusted by Holm's step-down rule, in the order given; a hypothesis falls at α where its value is ≤ α.

    The smallest of m is multiplied by m, the next by m - 1, and so on, none may be less than the one before it, nor above
    1. The chance that any true hypothesis falls is at most α, however the tests depend on each other (Holm, A simple
    sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6, 1979). A p-value that is nan
    (nothing could be tested) is not counted in m and stays nan. Raises `CaspianError` for one outside 0 … 1.
    """
    adjusted = [math.nan] * len(p_values)
    least = 0.0
    for i, factor in _ranked(p_values):
        least = max(least, min(1.0, factor * p_values[i]))
        adjusted[i] = least
    return adjusted


def holm_levels(p_values: Sequence[float], alpha: float = 0.05) -> list[float]:
    """The confidence at which to draw each hypothesis's interval, so that it leaves out zero exactly where Holm rejects.

    The hypothesis of rank i among m (1 has the smallest p-value) gets 1 - α / (m - i + 1). From the first that does not
    fall, all get the level of that one: their p-values are no smaller, so their intervals hold zero at it. The p-values
    must be those of the test that the interval inverts. Levels of p-values that are nan are nan, and they are not counted
    in m. Raises `CaspianError` for a p-value outside 0 … 1 or an `alpha` that is not between 0 and 1.
    """
    if not 0 < alpha < 1:
        raise CaspianError(
            f"The chance of a false alarm cannot be held to {alpha:g}: give one between 0 and 1, such as 0.05."
        )
    levels = [math.nan] * len(p_values)
    all_fell, level = True, math.nan
    for i, factor in _ranked(p_values):
        if all_fell:
            level = 1 - alpha / factor
            all_fell = factor * p_values[i] <= alpha
        levels[i] = level
    return levels


def _ranked(p_values: Sequence[float]) -> list[tuple[int, int]]:
    """The place of each p-value that is known, from the smallest up, and how many hypotheses then still stand."""
    wrong = [p for p in p_values if not (math.isnan(p) or 0 <= p <= 1)]
    if wrong:
        raise CaspianError(f"A p-value lies between 0 and 1, and {wrong[0]:g} does not.")
    order = sorted((i for i, p in enumerate(p_values) if not math.isnan(p)), key=lambda i: p_values[i])
    return [(i, len(order) - rank) for rank, i in enumerate(order)]
