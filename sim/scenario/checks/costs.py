"""Unit costs: they are of what a scenario can have resources of, and in dollars."""

from __future__ import annotations

from collections.abc import Iterator

from sim.errors import Problem
from sim.scenario.checks.view import View, listed
from sim.scenario.resources import FORMS, form_of

__all__ = ["unit_costs"]


def unit_costs(view: View) -> Iterator[Problem]:
    """Every key of `unit_costs` has the form of a resource's, and its price is in dollars.

    That there is such a resource is not asked: a scenario that takes one away need not take away what it would cost.
    """
    for key, price in view.scenario.unit_costs.items():
        if form_of(key) not in FORMS:
            yield view.problem(f"unit_costs.{key}", "is no key of a resource", found=form_of(key), expected=listed(FORMS),
                               near=FORMS)  # fmt: skip
        if price.currency != "USD":
            yield view.problem(f"unit_costs.{key}", "is not in dollars", found=str(price), expected="USD/d")
