"""Borders without a desk, desks without a fee, and goods released without duty or VAT, where others have them."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.notices.cases import Case
from sim.scenario.notices.ways import charged, node_of, posts_at, ways
from sim.scenario.schema import Scenario
from sim.tariffs import RULES
from sim.tariffs.tariff import RuleName

__all__ = ["duties", "fees", "posts"]

_DUTIES: tuple[RuleName, ...] = ("duty", "vat")


def posts(scenario: Scenario) -> Iterator[Case]:
    """A node has a customs post for a direction where another of its kind and country has one."""
    for way in ways(scenario):
        for name in way.route.nodes:
            node, direction = node_of(scenario, name), way.stream.direction
            met = any(post.kind == "customs" for post in posts_at(scenario, way, name))
            yield Case(key=f"nodes.{name}", group=(node.kind, node.country), lack="no customs post serves",
                       what=f"{direction}s", met=met, elsewhere=True)  # fmt: skip


def fees(scenario: Scenario) -> Iterator[Case]:
    """Where cargo passes posts, some fee falls due if it does at another node of that kind and country."""
    for way in ways(scenario):
        for name in way.route.nodes:
            node, desks = node_of(scenario, name), tuple(post.id for post in posts_at(scenario, way, name))
            if desks:
                yield Case(key=f"nodes.{name}", group=(node.kind, node.country, way.stream.direction),
                           lack="no fee tariff applies to", what=way.commodity.id, elsewhere=True,
                           met=charged(scenario, "fee", way, {"nodes": (name,), "posts": desks}))  # fmt: skip


def duties(scenario: Scenario) -> Iterator[Case]:
    """What is released falls under a duty and a VAT, though it be 0 %, if anything of its direction does."""
    for way in ways(scenario):
        passed = [post for name in way.route.nodes for post in posts_at(scenario, way, name)]
        places = {"nodes": tuple(post.node for post in passed), "posts": tuple(post.id for post in passed)}
        for rule in _DUTIES:
            if way.stream.regime in RULES[rule].regimes:
                yield Case(key=f"demand.{way.stream.id}.routes.{way.route.id}", group=way.stream.direction,
                           lack=f"no {rule} tariff applies to", what=way.commodity.id,
                           met=charged(scenario, rule, way, places))  # fmt: skip
