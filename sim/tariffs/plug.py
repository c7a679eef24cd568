"""Plugs: for the current that reefers draw at a node, beyond the free time."""

from sim.tariffs.facts import Facts
from sim.tariffs.rule import Rule
from sim.tariffs.storage import beyond_free_time
from sim.tariffs.tariff import Tariff

__all__ = ["RULE"]


def _plugged_in(tariff: Tariff, facts: Facts) -> Facts:
    """Stays of cargo that needs a plug."""
    return beyond_free_time(tariff, facts.where(facts.milliplugs > 0))


RULE = Rule(
    name="plug",
    fact="stay",
    payee="terminal",
    bases=(("plug", "d"), ("TEU", "d"), ("plug", "h"), ("TEU", "h")),
    fields=frozenset({"free"}),
    concerns=_plugged_in,
)
"""Charged when the cargo leaves (or the run ends), to the second."""
