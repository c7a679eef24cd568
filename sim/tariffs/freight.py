"""Freight: for the carriage of cargo, by weight, box, distance or vehicle run."""

from sim.tariffs.facts import Facts
from sim.tariffs.rule import CARGO_BASES, Rule
from sim.tariffs.tariff import Tariff

__all__ = ["RULE"]


def _runs(tariff: Tariff, facts: Facts) -> Facts:
    """Every leg run; but where cargo is charged, neither by distance nor by named leg, once for the whole ride."""
    per = tariff.rate.values[0].per if tariff.rate else ()
    once = CARGO_BASES.intersection(per) and "km" not in per and not tariff.legs
    return facts.where(facts.nth == 0) if once else facts


RULE = Rule(
    name="freight",
    fact="carriage",
    payee="carrier",
    bases=(
        ("t",), ("kg",), ("TEU",), ("consignment",), ("t", "km"), ("TEU", "km"), ("consignment", "km"),
        ("km",), ("vehicle",), ("vehicle", "km"), ("shipment",),
    ),
    fields=frozenset({"split_by"}),
    concerns=_runs,
)  # fmt: skip
"""Charged when the vehicle departs. Per km, per vehicle: one charge per leg run, split over the cargo aboard."""
