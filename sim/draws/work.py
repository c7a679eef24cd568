"""Work: how long cranes and posts will need for each consignment."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.chance.streams import Streams
from sim.draws.arrivals import layer_name
from sim.draws.record import Floats, Ints, whole
from sim.draws.shipments import Shipments
from sim.scenario.schema import Scenario
from sim.units import HOUR_S
from sim.world.cargo import Form
from sim.world.network import Network, Visit
from sim.world.places import Post

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
    places = _places(network)
    work_s = np.zeros((len(shipment), 1 + max((place.max() for _, place in places), default=-1)), dtype=np.int64)
    demand, flow = [each.id for each in scenario.demand], shipments.flow[shipment]
    for index, place in places:
        post, rows = scenario.posts[index], np.flatnonzero(place[flow] >= 0)
        if post.per == "consignment":
            lasts_s = _at_post(stream, post, demand, shipments, shipment[rows], piece[rows])
        else:
            sent, of_shipment = np.flatnonzero(place[shipments.flow] >= 0), np.zeros_like(shipments.flow)
            of_shipment[sent] = _at_post(stream, post, demand, shipments, sent, np.zeros_like(sent))
            lasts_s = of_shipment[shipment[rows]]
        work_s[rows, place[flow[rows]]] = lasts_s
    return work_s


def _places(network: Network) -> list[tuple[int, Ints]]:
    """Posts, each with the place it has among the visits of every flow, -1 where it has none.

    A post that a flow visits again is named again.
    """
    found: dict[tuple[int, int], Ints] = {}
    for number, flow in enumerate(network.flows):
        posts: list[int] = []
        for step in flow.steps:
            if isinstance(step, Visit):
                turn = step.post, posts.count(step.post)
                found.setdefault(turn, np.full(len(network.flows), -1))[number] = step.place
                posts.append(step.post)
    return [(post, place) for (post, _), place in found.items()]


def _at_post(stream: Streams, post: Post, demand: Sequence[str], shipments: Shipments, shipment: Ints, piece: Ints) -> Ints:
    """Seconds for each of these pieces of shipments, by position k of the stream of its demand, layer and piece."""
    if not len(shipment):
        return np.zeros(0, dtype=np.int64)
    layers, parts = int(shipments.layer.max()) + 1, int(piece.max()) + 1
    group = (shipments.stream * layers + shipments.layer)[shipment] * parts + piece
    order, sizes = np.argsort(group), np.bincount(group)
    groups = np.flatnonzero(sizes)
    sizes, k = sizes[groups], shipments.k[shipment[order]]
    columns = np.unravel_index(groups, (len(demand), layers, parts))
    names = tuple(
        f"{layer_name(demand[index], layer)}/{part}"
        for index, layer, part in zip(*(each.tolist() for each in columns), strict=True)
    )
    counts = np.maximum.reduceat(k, np.cumsum(sizes) - sizes) + 1
    drawn = _drawn_s(stream, post, names, tuple(counts.tolist()))
    lasts_s = np.empty(len(k), dtype=np.int64)
    lasts_s[order] = drawn[k + np.repeat(np.cumsum(counts) - counts, sizes)]
    return lasts_s


def _drawn_s(stream: Streams, post: Post, names: tuple[str, ...], counts: tuple[int, ...]) -> Ints:
    """The first `counts[i]` times of the stream `names[i]` at a post, one stream after the other."""

    def drawn() -> Ints:
        return whole(post.time.ppf(np.concatenate(stream.each(f"post {post.id}", names, counts))))

    return stream.once(("post", post.id, post.time, names, counts), drawn)
