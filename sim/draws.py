"""Draws: all chance of one replication, decided before the clock starts.

The first of the three documents. `draw` turns a scenario, its network, a seed and a replication number into plain int64
arrays; after it nothing is random. Durations are rounded to whole seconds here, once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.world.timeline import Timeline

__all__ = ["Draws"]

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """One replication's chance, in whole seconds and kilograms. S shipments, C consignments, V vehicles, B background calls.

    Consignments are numbered by (release, stream, layer, k, piece); that number is their index everywhere.
    """

    seed: int
    replication: int
    shipment_stream: Ints
    """(S,) index of the demand stream."""
    shipment_layer: Ints
    """(S,) 0 for the base demand, 1, 2, … for what scaling superposes."""
    shipment_k: Ints
    """(S,) number of the shipment within its stream and layer."""
    shipment_release_s: Ints
    """(S,) release."""
    shipment_kg: Ints
    """(S,) size."""
    shipment_flow: Ints
    """(S,) index of the flow (stream and route)."""
    shipment: Ints
    """(C,) index of the consignment's shipment."""
    piece: Ints
    """(C,) number of the consignment within its shipment."""
    kg: Ints
    """(C,) mass."""
    litres: Ints
    """(C,) volume."""
    milliteu: Ints
    """(C,) container slots, thousandths of a TEU."""
    milliplugs: Ints
    """(C,) reefer plugs, thousandths."""
    release_s: Ints
    """(C,) release."""
    flow: Ints
    """(C,) index of the flow."""
    post_work_s: Ints
    """(C, P) working time at the p-th visit of its itinerary."""
    load_s: Ints
    """(C, R) crane time to load it for its r-th ride."""
    unload_s: Ints
    """(C, R) crane time to discharge it after its r-th ride."""
    transit_s: tuple[Ints, ...]
    """V arrays: moving time of the k-th voyage of each vehicle (a voyage is one leg)."""
    gate_s: tuple[Ints, ...]
    """V arrays: time in the gate at the k-th arrival of each vehicle (0 where its terminal has no gate)."""
    call_terminal: Ints
    """(B,) terminal of each call of other trades, in order of arrival."""
    call_at_s: Ints
    """(B,) arrival."""
    call_stay_s: Ints
    """(B,) working time alongside."""
    call_priority: Ints
    """(B,) rank at the berth."""
    timelines: tuple[Timeline, ...]
    """One per facility, in the order of the network: when it is open. Gate: lanes; berth: entry; quay: always; crane: handling; post."""
