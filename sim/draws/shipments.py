"""Shipments and consignments: when cargo is released, how much, on which route, and how it is cut."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from sim.chance.streams import Streams
from sim.draws.arrivals import cumulative, layer_name, poisson, seconds_at
from sim.draws.record import Floats, Ints, whole
from sim.scenario.expectations import throughput_factor
from sim.scenario.schema import Scenario
from sim.units import YEAR_S
from sim.world.demand import DemandStream
from sim.world.network import Network

__all__ = ["Shipments", "needs", "pieces", "shipments"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipments:
    """Shipments of some streams and layers, as the columns of the same name in `Draws`; int64 of one shape."""

    stream: Ints
    layer: Ints
    k: Ints
    release_s: Ints
    kg: Ints
    flow: Ints

    def taken(self, index: Ints) -> Shipments:
        """The shipments at these positions."""
        return Shipments(**{column.name: getattr(self, column.name)[index] for column in fields(self)})


def shipments(scenario: Scenario, network: Network, stream: Streams) -> Shipments:
    """The shipments of every stream and layer, one stream after the other."""
    parts = [
        _layer(scenario, network, stream, index, layer, share)
        for index, demand in enumerate(scenario.demand)
        for layer, share in enumerate(_layers(throughput_factor(scenario, demand)))
    ]
    empty = np.zeros(0, dtype=np.int64)
    return Shipments(
        **{
            column.name: np.concatenate([empty, *(getattr(part, column.name) for part in parts)])
            for column in fields(Shipments)
        }
    )


def _layers(factor: float) -> list[float]:
    """The share of shipments kept of each layer: the base is thinned below 1, further layers are superposed above."""
    whole = int(factor)
    rest = factor - whole
    return [1.0] * whole + ([rest] if rest > 0 else [])


def _layer(scenario: Scenario, network: Network, stream: Streams, index: int, layer: int, share: float) -> Shipments:
    demand = scenario.demand[index]
    name = layer_name(demand.id, layer)
    if demand.arrivals == "listed":
        release_s = whole(np.array([shipment.at for shipment in demand.shipments]))
        kg = whole(np.array([shipment.mass for shipment in demand.shipments]))
        k = np.flatnonzero(release_s < network.horizon_s)
        release_s, kg = release_s[k], kg[k]
    else:
        assert demand.lot is not None
        release_s = _releases(network, demand, stream, name, layer)
        kg = whole(demand.lot.ppf(stream("lot", name, len(release_s))))
        k = np.arange(len(release_s))
    drawn = int(k.max(initial=-1)) + 1
    kept = stream("thin", name, drawn)[k] < share if share < 1 else np.full(len(k), True)
    flow = _routed(network, scenario, index, stream("route", name, drawn)[k])
    return Shipments(
        stream=np.full(np.count_nonzero(kept), index, dtype=np.int64),
        layer=np.full(np.count_nonzero(kept), layer, dtype=np.int64),
        k=k[kept],
        release_s=release_s[kept],
        kg=np.maximum(kg, 1)[kept],
        flow=flow[kept],
    )


def _routed(network: Network, scenario: Scenario, index: int, u: Floats) -> Ints:
    """The flow that each shipment takes, by the shares of its stream's routes."""
    flows = [number for number, flow in enumerate(network.flows) if flow.stream == index]
    shares = [scenario.demand[index].routes[scenario.routes[network.flows[number].route].id] for number in flows]
    edges = np.cumsum(shares)[:-1]
    return np.asarray(flows, dtype=np.int64)[np.searchsorted(edges, u, side="right")]


def _releases(network: Network, demand: DemandStream, stream: Streams, name: str, layer: int) -> Ints:
    """Releases before the horizon, by inverting the cumulative seasonal rate."""
    assert demand.lot is not None
    edges_s, expected = cumulative(network, demand.season, demand.volume / demand.lot.mean() / YEAR_S)
    if demand.arrivals == "regular":
        phase = (0.5 + layer * 0.6180339887498949) % 1.0
        at = np.arange(phase, expected[-1])
    else:
        at = poisson(stream, "release", name, expected[-1])
    return seconds_at(at, edges_s, expected, network.horizon_s)


def pieces(network: Network, shipments: Shipments) -> tuple[Ints, Ints, Ints]:
    """Shipment, number within it and mass of each consignment: full vehicles, and the rest last."""
    largest_kg = np.array([flow.largest_kg for flow in network.flows], dtype=np.int64)[shipments.flow]
    count = -(-shipments.kg // largest_kg)
    shipment = np.repeat(np.arange(len(count)), count)
    piece = np.arange(len(shipment)) - np.repeat(np.cumsum(count) - count, count)
    left_kg = shipments.kg[shipment] - piece * largest_kg[shipment]
    return shipment, piece, np.minimum(left_kg, largest_kg[shipment])


def needs(scenario: Scenario, network: Network, flow: Ints, kg: Ints) -> tuple[Ints, Ints, Ints]:
    """Litres, thousandths of a TEU and thousandths of a reefer plug that each consignment needs."""
    kinds = [scenario.commodities[flow.commodity] for flow in network.flows]
    stowage = np.array([kind.stowage for kind in kinds])[flow]
    teu_per_kg = np.array([0.0 if kind.teu_load is None else 1e-3 / kind.teu_load for kind in kinds])[flow]
    plugs_per_teu = np.array([kind.plugs_per_teu for kind in kinds])[flow]
    milliteu = np.ceil(1000 * kg * teu_per_kg - 1e-6)
    return whole(kg * stowage), whole(milliteu), whole(np.ceil(milliteu * plugs_per_teu - 1e-6))
