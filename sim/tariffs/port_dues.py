"""Port dues: for a vehicle's call at a terminal, or for the cargo it works there."""

from sim.tariffs.rule import Rule

__all__ = ["RULE"]

RULE = Rule(
    name="port-dues",
    fact="call",
    payee="port",
    bases=(("call",), ("vehicle",), ("t",), ("kg",), ("TEU",)),
    fields=frozenset({"split_by"}),
)
"""Charged at the end of the call. Per call: split over the cargo worked in it; the carrier bears it where there is none."""
