"""Storage: for the time cargo is kept at a node beyond the free time."""

import numpy as np

from sim.tariffs.facts import Facts
from sim.tariffs.rule import Rule
from sim.tariffs.tariff import Tariff

__all__ = ["RULE", "beyond_free_time"]


def beyond_free_time(tariff: Tariff, facts: Facts) -> Facts:
    """Stays longer than the free time, each with the seconds beyond it."""
    seconds = np.maximum(facts.seconds - round(tariff.free), 0)
    return facts.having(seconds=seconds).where(seconds > 0)


RULE = Rule(
    name="storage",
    fact="stay",
    payee="terminal",
    bases=(("t", "d"), ("kg", "d"), ("TEU", "d"), ("consignment", "d"), ("t", "h"), ("TEU", "h")),
    fields=frozenset({"free"}),
    concerns=beyond_free_time,
)
"""Charged when the cargo leaves (or the run ends), to the second: a part of a day costs that part of the daily rate."""
