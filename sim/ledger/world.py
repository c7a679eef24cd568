"""The world as accounts see it: the scenario's names as indices, the log as records, and customs values in the day's USD."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from sim.draws import Draws
from sim.records import Records
from sim.scenario.schema import Scenario
from sim.tariffs import Market, times_over, usd_micros
from sim.units import Price
from sim.world.network import Network

__all__ = ["World", "value_micros", "world_of"]

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class World:
    """What facts are made from; arrays are indexed by what their name begins with."""

    network: Network
    draws: Draws
    records: Records
    market: Market
    leg_metres: Ints
    terminal_node: Ints
    vehicle_service: Ints
    flow_origin: Ints
    """Node at which a flow begins."""
    flow_destination: Ints
    post_node: Ints
    post_is_customs: npt.NDArray[np.bool_]
    flow_value: tuple[Price, ...]
    """Customs value per tonne of what flows."""

    @cached_property
    def cargo(self) -> Mapping[str, Ints]:
        """Columns of facts that their cargo decides, by consignment; the last element is nobody's."""
        draws = self.draws
        columns = {"flow": draws.flow, "shipment": draws.shipment, "kg": draws.kg}
        columns |= {"milliteu": draws.milliteu, "milliplugs": draws.milliplugs}
        return {name: np.append(column, -1 if name in ("flow", "shipment") else 0) for name, column in columns.items()}

    @cached_property
    def cargo_micros(self) -> Ints:
        """(C,) customs value of each consignment in millionths of its own currency."""
        micros = np.array([price.micros for price in self.flow_value], dtype=np.int64)
        return times_over(micros[self.draws.flow], self.draws.kg, 1000)


def value_micros(world: World, consignment: Ints, at_s: Ints) -> Ints:
    """Customs value of consignments in millionths of a USD at the rate of each second's day."""
    value = world.cargo_micros[consignment]
    currencies = [price.currency for price in world.flow_value]
    for currency in sorted({*currencies} - {"USD"}):
        is_it = np.array([name == currency for name in currencies])
        rows = np.flatnonzero(is_it[world.draws.flow[consignment]])
        value[rows] = usd_micros(value[rows], currency, at_s[rows], world.market)
    return value


def world_of(scenario: Scenario, network: Network, draws: Draws, records: Records) -> World:
    """The world of one replication."""
    nodes = {node.id: index for index, node in enumerate(scenario.nodes)}
    routes = [scenario.routes[flow.route] for flow in network.flows]
    return World(
        network=network,
        draws=draws,
        records=records,
        market=Market(start_unix_s=network.start_unix_s, exchange=scenario.exchange),
        leg_metres=np.array([round(1000 * leg.distance) for leg in scenario.legs], dtype=np.int64),
        terminal_node=np.array([plan.node for plan in network.terminals], dtype=np.int64),
        vehicle_service=np.array(network.vehicle_service, dtype=np.int64),
        flow_origin=np.array([nodes[route.nodes[0]] for route in routes], dtype=np.int64),
        flow_destination=np.array([nodes[route.nodes[-1]] for route in routes], dtype=np.int64),
        post_node=np.array([nodes[post.node] for post in scenario.posts], dtype=np.int64),
        post_is_customs=np.array([post.kind == "customs" for post in scenario.posts], dtype=bool),
        flow_value=tuple(scenario.commodities[flow.commodity].value for flow in network.flows),
    )
