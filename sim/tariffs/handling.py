"""Handling: for each lift of cargo between a vehicle and the shore."""

from sim.tariffs.facts import Facts
from sim.tariffs.rule import Rule
from sim.tariffs.tariff import Tariff

__all__ = ["RULE"]


def _lifts(tariff: Tariff, facts: Facts) -> Facts:
    """Lifts of the kind that the tariff names."""
    return facts if tariff.lift is None else facts.where(facts.loading == (tariff.lift == "loading"))


RULE = Rule(
    name="handling",
    fact="lift",
    payee="terminal",
    bases=(("t",), ("kg",), ("TEU",), ("consignment",), ("shipment",)),
    fields=frozenset({"lift", "split_by"}),
    concerns=_lifts,
)
"""Charged when the lift is done, at each loading and each discharge."""
