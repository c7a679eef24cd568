"""The family of distributions: small frozen records, each with its quantiles and its mean.

A variate is the quantile of one uniform, so that a changed parameter moves every variate and reorders none. How a scenario
writes them stands in `sim.chance.distributions`. No uniform is made here, and nothing is drawn.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

__all__ = [
    "Distribution", "Empirical", "Exponential", "Fixed", "Gamma", "Lognormal", "Triangular", "Uniform", "Weibull",
]  # fmt: skip

Floats = npt.NDArray[np.float64]


class Distribution(Protocol):
    """What every member of the family can do; lengths and masses are in the canonical unit they were parsed to."""

    def ppf(self, u: Floats) -> Floats:
        """Quantiles at `u` (0 < u < 1), same shape."""
        ...

    def mean(self) -> float:
        """The expected value."""
        ...

    def __hash__(self) -> int:
        """Records of equal parameters have one hash."""
        ...


@dataclass(frozen=True, slots=True)
class Fixed:
    """Always `value`."""

    value: float

    def ppf(self, u: Floats) -> Floats:
        """`value` for every `u`."""
        return np.full(np.shape(u), self.value)

    def mean(self) -> float:
        """The value itself."""
        return self.value


@dataclass(frozen=True, slots=True)
class Uniform:
    """Even between `low` and `high`."""

    low: float
    high: float

    def ppf(self, u: Floats) -> Floats:
        """Quantiles at `u`."""
        return self.low + u * (self.high - self.low)

    def mean(self) -> float:
        """The midpoint."""
        return (self.low + self.high) / 2


@dataclass(frozen=True, slots=True)
class Triangular:
    """Rises linearly from `low` to `mode` and falls to `high`; `low` < `high`."""

    low: float
    mode: float
    high: float

    def ppf(self, u: Floats) -> Floats:
        """Quantiles at `u`."""
        width, left, right = self.high - self.low, self.mode - self.low, self.high - self.mode
        rising = self.low + np.sqrt(u * width * left)
        falling = self.high - np.sqrt((1 - u) * width * right)
        return np.where(u * width < left, rising, falling)

    def mean(self) -> float:
        """A third of the sum of its corners."""
        return (self.low + self.mode + self.high) / 3


@dataclass(frozen=True, slots=True)
class Exponential:
    """Without memory; `scale` is its mean."""

    scale: float

    def ppf(self, u: Floats) -> Floats:
        """Quantiles at `u`."""
        return -self.scale * np.log1p(-u)

    def mean(self) -> float:
        """The scale."""
        return self.scale


@dataclass(frozen=True, slots=True)
class Gamma:
    """Gamma with `shape` = 1 / cv² and mean `shape` × `scale`; Erlang where the shape is a whole number."""

    shape: float
    scale: float

    def ppf(self, u: Floats) -> Floats:
        """Quantiles at `u`."""
        from scipy.special import gammaincinv

        return np.asarray(self.scale * gammaincinv(self.shape, u), dtype=np.float64)

    def mean(self) -> float:
        """Shape times scale."""
        return self.shape * self.scale


@dataclass(frozen=True, slots=True)
class Lognormal:
    """Its logarithm is normal around ln `median` with standard deviation `sigma`."""

    median: float
    sigma: float

    def ppf(self, u: Floats) -> Floats:
        """Quantiles at `u`."""
        from scipy.special import ndtri

        return np.asarray(self.median * np.exp(self.sigma * ndtri(u)), dtype=np.float64)

    def mean(self) -> float:
        """The median × exp(sigma² / 2)."""
        return self.median * math.exp(self.sigma**2 / 2)


@dataclass(frozen=True, slots=True)
class Weibull:
    """P(X > x) = exp(-(x / scale) ** shape)."""

    scale: float
    shape: float

    def ppf(self, u: Floats) -> Floats:
        """Quantiles at `u`."""
        return np.asarray(self.scale * (-np.log1p(-u)) ** (1 / self.shape), dtype=np.float64)

    def mean(self) -> float:
        """The scale × Γ(1 + 1 / shape)."""
        return self.scale * math.gamma(1 + 1 / self.shape)


@dataclass(frozen=True, slots=True)
class Empirical:
    """One of the rising `values`; `below[i]` is the probability of a value no greater than `values[i]`, 1 for the last."""

    values: tuple[float, ...]
    below: tuple[float, ...]

    def ppf(self, u: Floats) -> Floats:
        """Quantiles at `u`: the least value whose probability of not being exceeded is at least `u`."""
        return np.asarray(self.values)[np.searchsorted(self.below, u)]

    def mean(self) -> float:
        """The weighted mean of the values."""
        return float(np.dot(self.values, np.diff(self.below, prepend=0.0)))
