"""Demurrage: for the time a vehicle spends at a terminal beyond its laytime."""

import numpy as np

from sim.tariffs.facts import Facts
from sim.tariffs.rule import Rule
from sim.tariffs.tariff import Tariff
from sim.tariffs.whole import grouped, sums
from sim.units import HOUR_S

__all__ = ["RULE"]


def _beyond_laytime(tariff: Tariff, facts: Facts) -> Facts:
    """Calls longer than their laytime, each with the seconds beyond it; laytime grows with the cargo worked in the call."""
    allowed_s = np.full(len(facts), round(tariff.laytime), dtype=np.int64)
    if tariff.laytime_rate is not None and len(facts):
        call, row_call = grouped(facts.event)
        kg = sums(row_call, facts.kg, len(call))
        allowed_s += np.rint(kg[row_call] / 1000 / tariff.laytime_rate * HOUR_S).astype(np.int64)
    seconds = np.maximum(facts.seconds - allowed_s, 0)
    return facts.having(seconds=seconds).where(seconds > 0)


RULE = Rule(
    name="demurrage",
    fact="call",
    payee="carrier",
    bases=(("d",), ("h",)),
    fields=frozenset({"laytime", "laytime_rate", "split_by"}),
    concerns=_beyond_laytime,
)
"""Charged at the end of the call, joint. Its time runs from arrival to departure, less the wait in position for cargo."""
