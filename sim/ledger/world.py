"""The world as accounts see it: the scenario's names as indices, the log as records, and customs values in the day's USD."""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True, kw_only=True)
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


def value_micros(world: World, consignment: Ints, at_s: Ints) -> Ints:
    """Customs value of consignments in millionths of a USD at the rate of each second's day."""
    flow, kg = world.draws.flow[consignment], world.draws.kg[consignment]
    value = np.zeros(len(consignment), dtype=np.int64)
    for index, price in enumerate(world.flow_value):
        rows = np.flatnonzero(flow == index)
        micros = times_over(np.full(len(rows), price.micros, dtype=np.int64), kg[rows], 1000)
        value[rows] = usd_micros(micros, price.currency, at_s[rows], world.market)
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
