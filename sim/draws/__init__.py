"""Draws: all chance of one replication, decided before the clock starts.

The first of the three documents. `draw` turns a scenario, its network, a seed and a replication number into plain int64
arrays; after it nothing is random. Durations are rounded to whole seconds here, once.
"""

from __future__ import annotations

import numpy as np

from sim.chance.streams import Streams
from sim.draws.hours import courses, timelines
from sim.draws.record import Draws, VoyagesRanOut, fingerprint
from sim.draws.shipments import needs, pieces, shipments
from sim.draws.traffic import calls, gate_times, transits, voyages
from sim.draws.work import handling_s, post_work_s
from sim.scenario.schema import Scenario
from sim.world.network import Network

__all__ = ["Draws", "Streams", "VoyagesRanOut", "draw", "fingerprint", "streams_of"]


def streams_of(scenario: Scenario, seed: int, replication: int) -> Streams:
    """The uniforms of a replication: its own, or of a scenario that asks for antithetic pairs those of its pair.

    Pair p is replications 2 p, whose uniforms are those of stream p, and 2 p + 1, whose are 1 less those (Hammersley and
    Morton, 1956).
    """
    if not scenario.run.antithetic:
        return Streams(seed, replication)
    return Streams(seed, replication // 2, is_mirrored=replication % 2 == 1)


def draw(
    scenario: Scenario, network: Network, seed: int, replication: int, spare: int = 1, uniforms: Streams | None = None
) -> Draws:
    """All chance of one replication; a pure function of its arguments.

    Voyages are drawn as many as vehicles are expected to make at most; more `spare` adds further ones and changes none.
    Worlds drawn under one seed and replication may share their `uniforms`, which are then made once; they change nothing.
    Raises `ValueError` where those are of another seed or replication.
    """
    own = streams_of(scenario, seed, replication)
    stream = own if uniforms is None else uniforms
    if stream != own:
        raise ValueError(f"{stream} cannot serve seed {seed}, replication {replication}")
    sent = shipments(scenario, network, stream)
    sent = sent.taken(np.lexsort((sent.k, sent.layer, sent.stream, sent.release_s)))
    shipment, piece, kg = pieces(network, sent)
    flow = sent.flow[shipment]
    litres, milliteu, milliplugs = needs(scenario, network, flow, kg)
    load_s, unload_s = handling_s(scenario, network, flow, kg)
    counts = voyages(network, flow, spare)
    call_at_s, call_terminal, call_stay_s, call_priority = calls(scenario, network, stream)
    moving, course = courses(scenario, network, stream)
    return Draws(
        seed=seed,
        replication=replication,
        shipment_stream=sent.stream,
        shipment_layer=sent.layer,
        shipment_k=sent.k,
        shipment_release_s=sent.release_s,
        shipment_kg=sent.kg,
        shipment_flow=sent.flow,
        shipment=shipment,
        piece=piece,
        kg=kg,
        litres=litres,
        milliteu=milliteu,
        milliplugs=milliplugs,
        release_s=sent.release_s[shipment],
        flow=flow,
        post_work_s=post_work_s(scenario, network, stream, sent, shipment, piece),
        load_s=load_s,
        unload_s=unload_s,
        transit_s=tuple(transits(scenario, network, stream, counts)),
        gate_s=tuple(gate_times(scenario, network, stream, counts)),
        call_at_s=call_at_s,
        call_terminal=call_terminal,
        call_stay_s=call_stay_s,
        call_priority=call_priority,
        timelines=tuple(timelines(scenario, network, stream)),
        moving=moving,
        course=course,
    )
