"""Empty running: for legs a vehicle runs without cargo, borne by the cargo of its next loaded leg."""

from sim.tariffs.rule import Rule

__all__ = ["RULE"]

RULE = Rule(
    name="empty-running",
    fact="empty leg",
    payee="carrier",
    bases=(("km",), ("vehicle",), ("vehicle", "km")),
    fields=frozenset({"split_by"}),
)
"""Charged when the vehicle departs empty, joint; where no loaded leg follows, the carrier bears it."""
