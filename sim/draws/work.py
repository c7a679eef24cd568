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
    width = int(piece.max()) + 1
    group = shipments.layer[shipment] * width + piece
    order, sizes = np.argsort(group), np.bincount(group)
    groups = np.flatnonzero(sizes)
    sizes, k = sizes[groups], shipments.k[shipment[order]]
    layers_and_parts = (divmod(number, width) for number in groups.tolist())
    names = [f"{layer_name(name, layer)}/{part}" for layer, part in layers_and_parts]
    counts = np.maximum.reduceat(k, np.cumsum(sizes) - sizes) + 1
    drawn = np.concatenate(stream.each(purpose, names, counts.tolist()))
    u = np.empty(len(k))
    u[order] = drawn[k + np.repeat(np.cumsum(counts) - counts, sizes)]
    return u
