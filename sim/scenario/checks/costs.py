"""Unit costs: they are of resources that there are, and in dollars."""

from __future__ import annotations

from collections.abc import Iterator

from sim.errors import Problem
from sim.scenario.checks.view import View, listed
from sim.scenario.resources import resources

__all__ = ["unit_costs"]


def unit_costs(view: View) -> Iterator[Problem]:
    """Every key of `unit_costs` is that of a resource of the scenario, and its price is in dollars."""
    known = [resource.key for resource in resources(view.scenario)]
    for key, price in view.scenario.unit_costs.items():
        if key not in known:
            yield view.problem(f"unit_costs.{key}", "is no resource of the scenario", found=key, expected=listed(known),
                               near=known)  # fmt: skip
        if price.currency != "USD":
            yield view.problem(f"unit_costs.{key}", "is not in dollars", found=str(price), expected="USD/d")
