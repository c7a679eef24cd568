"""Minimum: brings what other tariffs charge a shipment up to a least amount."""

from sim.tariffs.rule import Rule

__all__ = ["RULE"]

RULE = Rule(
    name="minimum",
    fact="charged",
    payee="carrier",
    bases=(("shipment",),),
    fields=frozenset({"of", "split_by"}),
)
"""Charged to shipments that the tariffs named in `of` charge something, when they last did: `rate` less the sum of those."""
