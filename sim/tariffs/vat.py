"""Value added tax: a share of the customs value and the duty on it when cargo enters to be released."""

import numpy as np
import numpy.typing as npt

from sim.tariffs.duty import dutiable, entries
from sim.tariffs.facts import Facts
from sim.tariffs.rule import Rule
from sim.tariffs.tariff import Tariff

__all__ = ["RULE"]


def _taxable(tariff: Tariff, facts: Facts) -> npt.NDArray[np.int64]:
    return dutiable(tariff, facts) + facts.duty_micros


RULE = Rule(
    name="vat",
    fact="entry",
    payee="treasury",
    fields=frozenset({"on"}),
    regimes=("release",),
    concerns=entries,
    worth=_taxable,
)
"""Charged at the entry, on value (or cif) and duty."""
