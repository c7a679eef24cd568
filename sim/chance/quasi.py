"""Points spread over a unit cube, for the designs of experiments. Chance within a replication is never drawn from these."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from scipy.stats import qmc

__all__ = ["latin_hypercube", "sobol"]

Floats = npt.NDArray[np.float64]


def latin_hypercube(points: int, dimensions: int, seed: int) -> Floats:
    """A Latin hypercube (McKay, Beckman and Conover, 1979), shape (points, dimensions), each within [0, 1).

    Each dimension cut into as many equal parts as there are points has one point in each part.
    """
    from scipy.stats import qmc

    return _drawn(qmc.LatinHypercube(dimensions, rng=np.random.default_rng(seed)), points)


def sobol(points: int, dimensions: int, seed: int) -> Floats:
    """The first points of a scrambled Sobol sequence (Sobol, 1967; Owen, 1998), shape (points, dimensions), in [0, 1).

    Balanced where `points` is a power of two; more points keep those there were.
    """
    from scipy.stats import qmc

    sequence = qmc.Sobol(dimensions, rng=np.random.default_rng(seed))
    return _drawn(sequence, 1 << (points - 1).bit_length())[:points] if points > 1 else _drawn(sequence, points)


def _drawn(sampler: qmc.QMCEngine, points: int) -> Floats:
    return np.asarray(sampler.random(points), dtype=np.float64)
