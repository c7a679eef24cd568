"""What a rule is: which facts it charges for, which rates it takes, and how it narrows or measures those facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.tariffs.facts import FactKind, Facts
from sim.tariffs.tariff import RuleName, Tariff

__all__ = ["CARGO_BASES", "Rule", "as_they_are", "value_alone"]

CARGO_BASES = frozenset({"t", "kg", "TEU", "plug", "consignment"})
"""A rate per one of these counts cargo and is charged to each consignment; any other is a joint charge."""

Ints = npt.NDArray[np.int64]


def as_they_are(_tariff: Tariff, facts: Facts) -> Facts:
    """All the facts, unchanged."""
    return facts


def value_alone(_tariff: Tariff, facts: Facts) -> Ints:
    """The customs value in millionths of a USD."""
    return facts.value_micros


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A way of charging, in the order of whose table tariffs are settled."""

    name: RuleName
    fact: FactKind
    """What it charges for."""
    payee: str
    """Who is paid unless the tariff says otherwise."""
    bases: tuple[tuple[str, ...], ...] = ()
    """What its `rate` may be per; empty: it takes a `percent` instead."""
    fields: frozenset[str] = frozenset()
    """Fields of a tariff that this rule heeds and not every rule does."""
    regimes: tuple[str, ...] = ()
    """Customs regimes under which alone it charges; empty: all."""
    concerns: Callable[[Tariff, Facts], Facts] = as_they_are
    """The facts that are charged, with `seconds` set to the time that is charged for."""
    worth: Callable[[Tariff, Facts], Ints] = value_alone
    """For a percentage: what it is taken of, in millionths of a USD per row."""
