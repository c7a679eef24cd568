"""Selecting: which facts a tariff is about, and by what its amounts are multiplied for them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.compiling import compiled
from sim.ledger.going_through import find_wanted, keep
from sim.scenario.schema import Scenario
from sim.tariffs import Facts, Rule, Tariff
from sim.world.network import Flow, Network

__all__ = ["Factors", "factors", "selected"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_MILLION = 1_000_000


def selected(scenario: Scenario, network: Network, tariff: Tariff, rule: Rule, facts: Facts) -> Facts:
    """The facts that the selectors of `tariff` leave, those of its rule included."""
    wanted = [("flow", _cargo(scenario, network, tariff, rule))]
    for name, ids, things in (
        ("service", tariff.services, scenario.services),
        ("leg", tariff.legs, scenario.legs),
        ("node", tariff.nodes, scenario.nodes),
        ("terminal", tariff.terminals, scenario.terminals),
        ("post", tariff.posts, scenario.posts),
    ):
        if ids:
            wanted.append((name, np.array([*(thing.id in ids for thing in things), False])))
    wanted = [(name, is_wanted) for name, is_wanted in wanted if not is_wanted.all()]
    if not wanted:
        return facts
    (name, is_wanted), *others = wanted
    rows = np.empty(len(facts), dtype=np.int64)
    rows = rows[: compiled(find_wanted)(getattr(facts, name), is_wanted, rows)]
    for name, is_wanted in others:
        rows = rows[: compiled(keep)(rows, getattr(facts, name), is_wanted)]
    return facts if len(rows) == len(facts) else facts.rows(rows.copy())


@dataclass(frozen=True, slots=True)
class Factors:
    """By what amounts of money are multiplied, in all, by flow and by leg; the last of each is nobody's, or none."""

    overall: float
    by_flow: Floats
    by_leg: Floats
    are_one: bool
    """Whether those by flow and by leg are all 1."""

    def of(self, facts: Facts) -> Ints:
        """(n,) millionths for each row."""
        if self.are_one:
            return np.full(len(facts), round(self.overall * _MILLION), dtype=np.int64)
        return np.rint(self.overall * self.by_flow[facts.flow] * self.by_leg[facts.leg] * _MILLION).astype(np.int64)


def factors(scenario: Scenario, network: Network) -> Factors:
    """What the scenario says of the level of all tariffs, and of those of a direction, a commodity or a leg."""
    scale = scenario.scale

    def of(flow: Flow) -> float:
        by_direction = scale.by_direction.get(flow.direction)
        by_commodity = scale.by_commodity.get(scenario.commodities[flow.commodity].id)
        return (by_direction.tariffs if by_direction else 1.0) * (by_commodity.tariffs if by_commodity else 1.0)

    by_flow = np.array([*(of(flow) for flow in network.flows), 1.0])
    by_leg = np.array([*(scale.by_leg[leg.id].tariffs if leg.id in scale.by_leg else 1.0 for leg in scenario.legs), 1.0])
    are_one = bool(np.all(by_flow == 1.0) and np.all(by_leg == 1.0))
    return Factors(scale.tariffs, by_flow, by_leg, are_one)


def _cargo(scenario: Scenario, network: Network, tariff: Tariff, rule: Rule) -> Bools:
    """(flows + 1,) whether the tariff is about the cargo of each flow; last: whether about nobody's."""

    def fits(flow: Flow) -> bool:
        stream, commodity = scenario.demand[flow.stream], scenario.commodities[flow.commodity]
        return (
            tariff.direction in (None, flow.direction)
            and (not tariff.commodities or commodity.id in tariff.commodities)
            and (not tariff.forms or commodity.form in tariff.forms)
            and (not tariff.streams or stream.id in tariff.streams)
            and (not tariff.regimes or stream.regime in tariff.regimes)
            and (not rule.regimes or stream.regime in rule.regimes)
        )

    chooses = (tariff.direction, *tariff.commodities, *tariff.forms, *tariff.streams, *tariff.regimes) != (None,)
    return np.array([*(fits(flow) for flow in network.flows), not chooses])
