"""Work: how long cranes and posts will need for each consignment."""

from __future__ import annotations

import numpy as np

from sim.draws.arrivals import Streams, layer_name
from sim.draws.record import Ints, whole
from sim.draws.shipments import Shipments
from sim.scenario.schema import Scenario
from sim.units import HOUR_S
from sim.world.cargo import Form
from sim.world.network import Network, Visit

__all__ = ["handling_s", "post_work_s"]


def handling_s(scenario: Scenario, network: Network, flow: Ints, kg: Ints) -> tuple[Ints, Ints]:
    """Crane time to load and to discharge, shape (C, rides): mass over rate, in whole seconds begun."""
    rides = max((len(scenario.routes[flow.route].services) for flow in network.flows), default=0)
    per_kg = np.zeros((2, len(network.flows), rides))
    for number, flow_plan in enumerate(network.flows):
        form = scenario.commodities[flow_plan.commodity].form
        for step in flow_plan.steps:
            if not isinstance(step, Visit):
                terminals = network.services[step.service].terminals
                for end, stop in enumerate((step.board, step.alight)):
                    per_kg[end, number, step.ride] = _seconds_per_kg(scenario, terminals[stop], form)
    work_s = np.ceil(kg[:, None] * per_kg[:, flow, :] - 1e-6).astype(np.int64)
    return work_s[0], work_s[1]


def _seconds_per_kg(scenario: Scenario, terminal: int, form: Form) -> float:
    plan = scenario.terminals[terminal]
    return HOUR_S / (1000 * plan.rates.get(form, plan.rate))


def post_work_s(
    scenario: Scenario, network: Network, stream: Streams, shipments: Shipments, shipment: Ints, piece: Ints
) -> Ints:
    """Working time of each consignment at each visit of its itinerary, shape (C, visits)."""
    visits = [[step for step in flow.steps if isinstance(step, Visit)] for flow in network.flows]
    work_s = np.zeros((len(shipment), max(map(len, visits), default=0)), dtype=np.int64)
    flow, k, layer = shipments.flow[shipment], shipments.k[shipment], shipments.layer[shipment]
    for number, steps in enumerate(visits):
        name = scenario.demand[network.flows[number].stream].id
        rows = np.flatnonzero(flow == number)
        for in_layer in np.unique(layer[rows]):
            own = rows[layer[rows] == in_layer]
            for step in steps:
                post = scenario.posts[step.post]
                parts = piece[own] if post.per == "consignment" else np.zeros(len(own), dtype=np.int64)
                for part in np.unique(parts):
                    those = own[parts == part]
                    of = f"{layer_name(name, int(in_layer))}/{part}"
                    u = stream(f"post {post.id}", of, int(k[those].max()) + 1)[k[those]]
                    work_s[those, step.place] = whole(post.time.ppf(u))
    return work_s
