"""How a scenario writes a distribution: a plain quantity is a fixed value, a table with the key `distribution` any other.

Here stand the literal table of the family and the marker that reads it. The records themselves, with their quantiles,
stand in `sim.chance.families` and are passed on from here. Nothing is drawn.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np

from sim.chance.families import (
    Distribution,
    Empirical,
    Exponential,
    Fixed,
    Gamma,
    Lognormal,
    Triangular,
    Uniform,
    Weibull,
)
from sim.chance.parameters import KEYS, read_column, read_key
from sim.errors import ValueFault, nearest
from sim.units import DURATION, POSITIVE_MASS, SPEED, Dimension, Reads

__all__ = [
    "FAMILIES", "Distribution", "DistributionOf", "Empirical", "Exponential", "Family", "Fixed", "Gamma",
    "KilogramsDistribution", "Lognormal", "SecondsDistribution", "SpeedDistribution", "Triangular", "Uniform", "Weibull",
]  # fmt: skip

_NORMAL_95 = 1.6448536269514722
"""The 95 % quantile of the standard normal."""


def _lognormal(p: Mapping[str, Any]) -> Lognormal:
    if "cv" in p:
        spread = 1 + p["cv"] ** 2
        return Lognormal(p["mean"] / math.sqrt(spread), math.sqrt(math.log(spread)))
    if p["p95"] <= p["median"]:
        raise ValueFault("is not above the median", expected="a p95 greater than the median", at=("p95",))
    return Lognormal(p["median"], math.log(p["p95"] / p["median"]) / _NORMAL_95)


def _uniform(p: Mapping[str, Any]) -> Uniform:
    if p["high"] < p["low"]:
        raise ValueFault("is below 'low'", expected="low ≤ high", at=("high",))
    return Uniform(p["low"], p["high"])


def _triangular(p: Mapping[str, Any]) -> Triangular:
    if p["high"] <= p["low"]:
        raise ValueFault("is not above 'low'", expected="low < high", at=("high",))
    if not p["low"] <= p["mode"] <= p["high"]:
        raise ValueFault("is not between 'low' and 'high'", expected="low ≤ mode ≤ high", at=("mode",))
    return Triangular(p["low"], p["mode"], p["high"])


def _weibull(p: Mapping[str, Any]) -> Weibull:
    return Weibull(p["scale"] if "scale" in p else p["mean"] / math.gamma(1 + 1 / p["shape"]), p["shape"])


def _empirical(p: Mapping[str, Any]) -> Empirical:
    values = p["values"]
    weights = p.get("weights", [1.0] * len(values))
    if len(weights) != len(values):
        message = f"has {len(weights)} numbers for {len(values)} values"
        raise ValueFault(message, expected="a weight for each", at=("weights",))
    if sum(weights) <= 0:
        raise ValueFault("adds up to nothing", expected="some weight above 0", at=("weights",))
    pairs = sorted((value, weight) for value, weight in zip(values, weights, strict=True) if weight > 0)
    below = np.cumsum([weight for _, weight in pairs])
    return Empirical(tuple(value for value, _ in pairs), tuple((below / below[-1]).tolist()))


@dataclass(frozen=True, slots=True)
class Family:
    """A kind of distribution: the sets of keys that describe it, each complete in itself, and what makes it of them."""

    forms: tuple[tuple[str, ...], ...]
    build: Callable[[Mapping[str, Any]], Distribution]


FAMILIES: Mapping[str, Family] = {
    "fixed": Family((("value",),), lambda p: Fixed(p["value"])),
    "uniform": Family((("low", "high"),), _uniform),
    "triangular": Family((("low", "mode", "high"),), _triangular),
    "exponential": Family((("mean",),), lambda p: Exponential(p["mean"])),
    "gamma": Family((("mean", "cv"),), lambda p: Gamma(p["cv"] ** -2, p["mean"] * p["cv"] ** 2)),
    "erlang": Family((("mean", "k"),), lambda p: Gamma(p["k"], p["mean"] / p["k"])),
    "lognormal": Family((("median", "p95"), ("mean", "cv")), _lognormal),
    "weibull": Family((("scale", "shape"), ("mean", "shape")), _weibull),
    "empirical": Family((("values",), ("values", "weights"), ("file", "column", "unit")), _empirical),
}
"""Every distribution a scenario may name; a new one is a record above and a line here."""


@dataclass(frozen=True, slots=True)
class DistributionOf(Reads):
    """Marks a distribution of quantities of one dimension; its values are canonical."""

    dimension: Dimension

    def parse(self, raw: object) -> Distribution:
        """The distribution that `raw` says, such as ``"36 h"`` or ``{ distribution = "gamma", mean = "4 h", cv = 1 }``.

        Raises `ValueFault` at the faulty key. A column of a CSV file is read here, from the path as given.
        """
        if not isinstance(raw, dict):
            return Fixed(self.dimension.parse(raw))
        name = raw.get("distribution")
        if not isinstance(name, str) or name not in FAMILIES:
            raise self._nameless(raw, name)
        given = {key: value for key, value in raw.items() if key != "distribution"}
        _check_keys(name, FAMILIES[name].forms, given)
        parameters = {key: read_key(key, value, self.dimension) for key, value in given.items()}
        if "file" in parameters:
            parameters["values"] = read_column(parameters, self.dimension)
        return _with_finite_mean(FAMILIES[name], parameters, self.dimension.high)

    def _form(self) -> str:
        return f"{self.dimension.example()}, or a table with distribution = {', '.join(FAMILIES)}"

    def _nameless(self, raw: Mapping[str, object], name: object) -> ValueFault:
        families = ", ".join(FAMILIES)
        if "distribution" in raw:
            near = nearest(str(name), FAMILIES)
            return ValueFault("unknown distribution", expected=f"one of {families}", suggestion=near, at=("distribution",))
        for key in raw:
            if nearest(key, ("distribution",)):
                expected = f"distribution = {families}"
                return ValueFault("unknown key", expected=expected, suggestion="distribution", at=(key,))
        return ValueFault("has no 'distribution'", expected=self._form())

    def json_schema(self) -> dict[str, object]:
        """A plain quantity, or a table for each form of each member of the family."""
        tables: list[dict[str, object]] = [
            {
                "type": "object",
                "properties": {"distribution": {"const": name}, **{key: KEYS[key].schema(self.dimension) for key in form}},
                "required": ["distribution", *form],
                "additionalProperties": False,
            }
            for name, family in FAMILIES.items()
            for form in family.forms
        ]
        return {"anyOf": [self.dimension.json_schema(), *tables], "description": self._form()}


def _check_keys(name: str, forms: tuple[tuple[str, ...], ...], given: Mapping[str, object]) -> None:
    """Raises the fault of a key too many or too few for every form of the distribution `name`."""
    expected = " or ".join(_listed(form) for form in forms)
    known = tuple(dict.fromkeys(key for form in forms for key in form))
    for key in given:
        if key not in known:
            raise ValueFault(f"unknown key for {name}", expected=expected, suggestion=nearest(key, known), at=(key,))
    if any(set(given) == set(form) for form in forms):
        return
    wider = [form for form in forms if set(given) <= set(form)]
    if not wider:
        raise ValueFault(f"has {_listed(tuple(given))}, which do not go together", expected=expected)
    missing = next(key for key in wider[0] if key not in given)
    raise ValueFault(f"has no '{missing}'", expected=expected)


def _listed(keys: tuple[str, ...]) -> str:
    return keys[0] if len(keys) == 1 else f"{', '.join(keys[:-1])} and {keys[-1]}"


def _with_finite_mean(family: Family, parameters: Mapping[str, Any], most: float) -> Distribution:
    """What the family builds; numbers so extreme that floats cannot hold the mean, or a mean above `most`, are a fault."""
    with suppress(OverflowError, ZeroDivisionError):
        built = family.build(parameters)
        mean = built.mean()
        if mean <= most:
            return built
        if math.isfinite(mean):
            raise ValueFault("has too large a mean", expected="parameters less extreme")
    raise ValueFault("has no finite mean", expected="parameters less extreme")


SecondsDistribution = Annotated[Distribution, DistributionOf(DURATION)]
SpeedDistribution = Annotated[Distribution, DistributionOf(SPEED)]
KilogramsDistribution = Annotated[Distribution, DistributionOf(POSITIVE_MASS)]
