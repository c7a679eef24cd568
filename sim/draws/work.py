"""Work: how long cranes and posts will need for each consignment."""

from __future__ import annotations

import numpy as np

from sim.chance.streams import Streams
from sim.draws.arrivals import layer_name
from sim.draws.record import Floats, Ints, whole
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
    load, unload = (_ceil(kg[:, None] * of_end[flow]) for of_end in per_kg)
    return load, unload


def _ceil(work_s: Floats) -> Ints:
    """The next whole number, but for a rounding; `work_s` is written over."""
    work_s -= 1e-6
    return np.ceil(work_s, out=work_s).astype(np.int64)


def _seconds_per_kg(scenario: Scenario, terminal: int, form: Form) -> float:
    plan = scenario.terminals[terminal]
    return HOUR_S / (1000 * plan.rates.get(form, plan.rate))


def post_work_s(
    scenario: Scenario, network: Network, stream: Streams, shipments: Shipments, shipment: Ints, piece: Ints
) -> Ints:
    """Working time of each consignment at each visit of its itinerary, shape (C, visits)."""
    visits = [[step for step in flow.steps if isinstance(step, Visit)] for flow in network.flows]
    work_s = np.zeros((len(shipment), max(map(len, visits), default=0)), dtype=np.int64)
    flow = shipments.flow[shipment]
    for number, steps in enumerate(visits):
        name = scenario.demand[network.flows[number].stream].id
        rows, sent = np.flatnonzero(flow == number), np.flatnonzero(shipments.flow == number)
        for step in steps:
            post = scenario.posts[step.post]
            if post.per == "consignment":
                u = _at_post(stream, f"post {post.id}", name, shipments, shipment[rows], piece[rows])
                work_s[rows, step.place] = whole(post.time.ppf(u))
            else:
                u = _at_post(stream, f"post {post.id}", name, shipments, sent, np.zeros_like(sent))
                of_shipment = np.zeros(len(shipments.flow), dtype=np.int64)
                of_shipment[sent] = whole(post.time.ppf(u))
                work_s[rows, step.place] = of_shipment[shipment[rows]]
    return work_s


def _at_post(stream: Streams, purpose: str, name: str, shipments: Shipments, shipment: Ints, piece: Ints) -> Floats:
    """A uniform for each of these pieces of shipments: that at position k of the stream of its layer and piece."""
    if not len(shipment):
        return np.zeros(0)
    k, layer = shipments.k[shipment], shipments.layer[shipment]
    group = layer * (piece.max() + 1) + piece
    order = np.argsort(group)
    begins = np.flatnonzero(np.diff(group[order], prepend=-1))
    u, ends = np.empty(len(k)), [*begins[1:].tolist(), len(order)]
    for begin, end in zip(begins.tolist(), ends, strict=True):
        those = order[begin:end]
        of = f"{layer_name(name, int(layer[those[0]]))}/{piece[those[0]]}"
        u[those] = stream(purpose, of, int(k[those].max()) + 1)[k[those]]
    return u
