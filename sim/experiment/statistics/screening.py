"""Which factors matter: Morris's elementary effects for many factors, Sobol's indices for those that are left.

Here live designs in the unit cube and what is read from the outputs of a model at their points, by the library SALib. A
factor is a number and its level a share of its range; what they stand for, and the model, are the caller's. The same seed
gives the same design and the same intervals, and the seed of a design need not be that of its analysis.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.chance.legacy import global_state_kept
from sim.chance.streams import uniforms
from sim.errors import CaspianError

__all__ = [
    "Effect", "Index", "Pair", "morris_design", "morris_effects", "sobol_design", "sobol_indices", "sobol_pairs",
]  # fmt: skip

Floats = npt.NDArray[np.float64]
Outputs = Sequence[float] | Floats

RESAMPLES = 400
"""Bootstrap resamples behind every half-width; it is then known to about 4 %."""
CONFIDENCE = 0.95
ROUNDING = 1e-12
"""Outputs that differ by less than this share of the largest are alike but for rounding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """The elementary effects of one factor: changes of the output per full range of the factor, in the output's unit."""

    mu: float
    """Their mean."""
    mu_star: float
    """The mean of their sizes: how much the factor matters, whichever way it works."""
    mu_star_half_width: float
    """Half of the 95 % bootstrap interval of `mu_star`."""
    sigma: float
    """Their standard deviation: large where the factor works together with others, or not along a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """The shares of the output's variance that one factor explains, with half of their 95 % bootstrap intervals."""

    first: float
    """By itself; estimates may fall a little below 0."""
    first_half_width: float
    total: float
    """Together with all that it does in company; a factor that has 0 here can be fixed anywhere."""
    total_half_width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """The share of the output's variance that two factors explain only together, and half of its 95 % interval."""

    factors: tuple[int, int]
    second: float
    second_half_width: float


def morris_design(factors: int, trajectories: int, seed: int, levels: int = 4) -> Floats:
    """Points of the unit cube, shape (trajectories × (factors + 1), factors), for `morris_effects`.

    Each trajectory moves every factor once, in random order, by levels / (2 (levels - 1)) on a grid of `levels` (Morris,
    Factorial sampling plans for preliminary computational experiments, Technometrics 33, 1991). 10 to 50 trajectories are
    usual. Raises `CaspianError` for no factor, fewer than 2 trajectories, or levels that are not an even number.
    """
    _check_levels(levels)
    if factors < 1:
        raise CaspianError("A design needs at least one factor.")
    if trajectories < 2:
        raise CaspianError(f"Elementary effects need at least 2 trajectories to show how they vary; {trajectories} cannot.")
    with _salib():
        from SALib.sample.morris import sample

        return np.asarray(
            sample(_cube(factors), trajectories, num_levels=levels, seed=_word(seed, "morris design")), np.float64
        )


def morris_effects(design: Floats, y: Outputs, seed: int, levels: int = 4) -> list[Effect]:
    """The elementary effects of each factor, from the outputs `y`, one per row of a `morris_design` of the same `levels`.

    Size, mean and spread are those of Campolongo, Cariboni and Saltelli (An effective screening design for sensitivity
    analysis of large models, Environmental Modelling & Software 22, 2007); intervals are bootstrapped over trajectories.
    Raises `CaspianError` where outputs and design do not fit each other, or an output is not a finite number.
    """
    _check_levels(levels)
    points = np.asarray(design, dtype=np.float64)
    factors = points.shape[1]
    known = _outputs(y, len(points))
    if not _are_trajectories(points, levels):
        raise CaspianError(f"These points are no trajectories on a grid of {levels} levels: give the levels of the design.")
    with _salib():
        from SALib.analyze.morris import analyze

        found = analyze(
            _cube(factors), points, known, num_resamples=RESAMPLES, conf_level=CONFIDENCE, num_levels=levels,
            seed=_word(seed, "morris intervals"),
        )  # fmt: skip
    columns = (np.asarray(found[key], np.float64).tolist() for key in ("mu", "mu_star", "mu_star_conf", "sigma"))
    return [
        Effect(mu=mu, mu_star=size, mu_star_half_width=half, sigma=sigma)
        for mu, size, half, sigma in zip(*columns, strict=True)
    ]  # fmt: skip


def sobol_design(factors: int, base: int, seed: int, second_order: bool = False) -> Floats:
    """Points of the unit cube, shape (base × (factors + 2), factors), for `sobol_indices`; (base × (2 factors + 2),
    factors) with `second_order`, for `sobol_pairs` as well.

    Saltelli's crossing of two samples (Making best use of model evaluations to compute sensitivity indices, Computer
    Physics Communications 145, 2002) of a scrambled Sobol sequence. A `base` below 256 is rarely enough. Raises
    `CaspianError` for no factor, or for a `base` that is no power of two: the sequence fills the cube evenly only at
    those.
    """
    if factors < 1:
        raise CaspianError("A design needs at least one factor.")
    if base < 2 or base & (base - 1):
        lower = 2 ** max(1, base.bit_length() - 1) if base > 0 else 2
        raise CaspianError(
            f"A base sample of {base} does not fill the cube evenly: give a power of two, such as {lower} or {2 * lower}."
        )
    with _salib():
        from SALib.sample.sobol import sample

        word = _word(seed, "sobol design")
        return np.asarray(sample(_cube(factors), base, calc_second_order=second_order, seed=word), np.float64)


def sobol_indices(y: Outputs, factors: int, seed: int, second_order: bool = False) -> list[Index]:
    """The first-order and total index of each factor, from the outputs `y`, one per row of a `sobol_design`.

    `second_order` says how the design was made. The estimators are those of Saltelli and others (Variance based
    sensitivity analysis of model output, Computer Physics Communications 181, 2010); where the output does not vary, all
    is zero. Raises `CaspianError` where outputs and design do not fit each other, or an output is not a finite number.
    """
    found = _sobol(y, factors, seed, second_order)
    if not found:
        return [Index(first=0.0, first_half_width=0.0, total=0.0, total_half_width=0.0)] * factors
    columns = (np.asarray(found[key], np.float64).tolist() for key in ("S1", "S1_conf", "ST", "ST_conf"))
    return [
        Index(first=first, first_half_width=first_half, total=total, total_half_width=total_half)
        for first, first_half, total, total_half in zip(*columns, strict=True)
    ]


def sobol_pairs(y: Outputs, factors: int, seed: int) -> list[Pair]:
    """The second-order index of every two factors (Saltelli, 2002), from the outputs of a `sobol_design` with
    `second_order`.

    Zero where the output does not vary; raises as `sobol_indices` does.
    """
    found = _sobol(y, factors, seed, second_order=True)
    pairs = list(combinations(range(factors), 2))
    if not found:
        return [Pair(factors=pair, second=0.0, second_half_width=0.0) for pair in pairs]
    return [
        Pair(factors=pair, second=float(found["S2"][pair]), second_half_width=float(found["S2_conf"][pair]))
        for pair in pairs
    ]


def _are_trajectories(points: Floats, levels: int) -> bool:
    count, factors = points.shape
    if count % (factors + 1):
        return False
    steps = np.abs(np.diff(points.reshape(-1, factors + 1, factors), axis=1)).sum(axis=2)
    return bool(np.allclose(steps, levels / (2 * (levels - 1))))


def _sobol(y: Outputs, factors: int, seed: int, second_order: bool) -> dict[str, Any]:
    """SALib's analysis, or nothing where the output does not vary."""
    rows = 2 * factors + 2 if second_order else factors + 2
    known = _outputs(y, math.ceil(len(y) / rows) * rows)
    if np.ptp(known) <= ROUNDING * np.abs(known).max():
        return {}
    with _salib():
        from SALib.analyze.sobol import analyze

        found: dict[str, Any] = analyze(
            _cube(factors), known, calc_second_order=second_order, num_resamples=RESAMPLES, conf_level=CONFIDENCE,
            seed=_word(seed, "sobol intervals"),
        )  # fmt: skip
    return found


@contextmanager
def _salib() -> Iterator[None]:
    """A block in which SALib may be used: it must be there, its warnings are not the analyst's, its seeds stay within."""
    try:
        import_module("SALib")
    except ImportError:
        raise CaspianError("Screening needs SALib: pip install 'caspian-route-sim[analysis]'.") from None
    with global_state_kept(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _cube(factors: int) -> dict[str, Any]:
    """SALib's way of naming a unit cube."""
    return {"num_vars": factors, "names": [f"x{i}" for i in range(factors)], "bounds": [[0.0, 1.0]] * factors}


def _word(seed: int, name: str) -> int:
    """A seed of 32 bits for SALib, never 0, which it would take for none."""
    return 1 + int(uniforms(seed, 0, "screening", name, 1)[0] * (2**32 - 1))


def _outputs(y: Outputs, expected: int) -> Floats:
    known = np.asarray(y, dtype=np.float64)
    if known.shape != (expected,) or expected == 0:
        raise CaspianError(
            f"The design and its outputs do not fit each other: {known.size} outputs where {expected} were expected."
        )
    if not np.isfinite(known).all():
        raise CaspianError(f"The output at point {int(np.argmin(np.isfinite(known)))} is not a finite number.")
    return known


def _check_levels(levels: int) -> None:
    if levels < 2 or levels % 2:
        raise CaspianError(f"A grid of {levels} levels favours some of them: give an even number, such as 4.")
