"""Gridlock: who waits for whom, read out of the tables as the kernel left them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import numpy as np

from sim.engine.circle import Member, circle_of
from sim.engine.compiled.packing import Packed
from sim.world.network import Network

__all__ = ["waiting_circle"]


def waiting_circle(network: Network, run: Packed) -> list[Member]:
    """The members of a circle of waiting; whom each waits for is said in the reference engine's module of this name."""
    under_way = np.flatnonzero(run.tables["consignments"]["is_under_way"]).tolist()
    return circle_of(under_way, chain(_cargo_waits(network, run), _vehicles_wait(network, run), _yards_wait(network, run)))


def _cargo_waits(network: Network, run: Packed) -> Iterator[tuple[Member, Member]]:
    """Cargo at a quay waits for the vehicles of its service, cargo aboard for its vehicle."""
    stops = run.tables["stops"]
    for terminal in range(len(network.terminals)):
        number = int(run.tables["terminals"]["first_stop"][terminal])
        while number >= 0:
            for consignment in _queued(run, len(network.post_servers) + number):
                for vehicle in network.services[int(stops["service"][number])].vehicles:
                    yield (consignment, -1, -1), (-1, vehicle, -1)
            number = int(stops["following"][number])
    for vehicle in range(len(network.vehicle_service)):
        for consignment in _linked(run, int(run.tables["visitors"]["first_aboard"][vehicle]), "next_aboard"):
            yield (consignment, -1, -1), (-1, vehicle, -1)


def _vehicles_wait(network: Network, run: Packed) -> Iterator[tuple[Member, Member]]:
    """A vehicle at its berth waits for the yard it cannot discharge into, one in the roads for those at the berths."""
    visitors, cargo = run.tables["visitors"], run.tables["consignments"]
    moves_at = len(network.post_servers) + sum(len(plan.terminals) for plan in network.services)
    for terminal in range(len(network.terminals)):
        with_moves = np.flatnonzero((visitors["terminal"] == terminal) & (visitors["moves"] > 0))
        for vehicle in with_moves[np.argsort(visitors["job_since"][with_moves])].tolist():
            moves = _queued(run, moves_at + vehicle)
            for pool in dict.fromkeys(int(cargo["enters"][one]) for one in moves if cargo["is_refused"][one]):
                yield (-1, vehicle, -1), (-1, -1, network.pool_facility(pool))
    for terminal in range(len(network.terminals)):
        at_berth = np.flatnonzero((visitors["terminal"] == terminal) & (visitors["berth_since"] > 0))
        holders = at_berth[np.argsort(visitors["berth_since"][at_berth])].tolist()
        vehicle = int(run.tables["lines"]["first"][2 * terminal + 1])
        while vehicle >= 0:
            for holder in holders:
                yield (-1, vehicle, -1), (-1, holder, -1)
            vehicle = int(visitors["next"][vehicle])


def _yards_wait(network: Network, run: Packed) -> Iterator[tuple[Member, Member]]:
    """A yard waits for the cargo in it to leave."""
    holds = run.tables["consignments"]["holds"]
    for pool in range(len(network.pools)):
        for consignment in np.flatnonzero(holds == pool).tolist():
            yield (-1, -1, network.pool_facility(pool)), (consignment, -1, -1)


def _queued(run: Packed, place: int) -> Iterator[int]:
    """The consignments queued at a place, in their order."""
    ranks = int(run.run["ranks"][0])
    for row in range(place * ranks, (place + 1) * ranks):
        yield from _linked(run, int(run.tables["queues"]["first"][row]), "next")


def _linked(run: Packed, first: int, link: str) -> Iterator[int]:
    while first >= 0:
        yield first
        first = int(run.tables["consignments"][link][first])
