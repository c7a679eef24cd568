"""Customs duty: a share of the customs value when cargo enters to be released; nothing under another regime."""

import numpy as np
import numpy.typing as npt

from sim.tariffs.facts import Facts
from sim.tariffs.rule import Rule
from sim.tariffs.tariff import Tariff

__all__ = ["RULE", "dutiable", "entries"]


def entries(tariff: Tariff, facts: Facts) -> Facts:
    """Entries at the posts or nodes that the tariff names; where it names none, on delivery."""
    return facts.where((facts.post >= 0) == bool(tariff.posts or tariff.nodes))


def dutiable(tariff: Tariff, facts: Facts) -> npt.NDArray[np.int64]:
    """Customs value in millionths of a USD; with the freight and insurance charged up to then where `on` is cif."""
    return facts.value_micros + facts.carried_micros if tariff.on == "cif" else facts.value_micros


RULE = Rule(
    name="duty",
    fact="entry",
    payee="customs",
    fields=frozenset({"on"}),
    regimes=("release",),
    concerns=entries,
    worth=dutiable,
)
"""Charged at the entry."""
