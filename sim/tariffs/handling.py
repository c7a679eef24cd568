"""Handling: for each lift of cargo between a vehicle and the shore."""

import numpy as np

from sim.tariffs.facts import Facts
from sim.tariffs.rule import Rule
from sim.tariffs.tariff import Tariff

__all__ = ["RULE"]


def _lifts(tariff: Tariff, facts: Facts) -> Facts:
    """Lifts of the kind that the tariff names."""
    wanted = {None: (0, 1), "loading": (1,), "discharging": (0,)}[tariff.lift]
    return facts.where(np.isin(facts.loading, wanted))


RULE = Rule(
    name="handling",
    fact="lift",
    payee="terminal",
    bases=(("t",), ("kg",), ("TEU",), ("consignment",), ("shipment",)),
    fields=frozenset({"lift", "split_by"}),
    concerns=_lifts,
)
"""Charged when the lift is done, at each loading and each discharge."""
