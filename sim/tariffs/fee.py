"""Fees: for the service of a post, such as a declaration, an inspection or a weighing."""

from sim.tariffs.rule import Rule

__all__ = ["RULE"]

RULE = Rule(
    name="fee",
    fact="visit",
    payee="customs",
    bases=(("consignment",), ("shipment",), ("t",), ("TEU",)),
    fields=frozenset({"split_by"}),
)
"""Charged when the post is done. Per shipment: once per post, whatever number of consignments the shipment was cut into."""
