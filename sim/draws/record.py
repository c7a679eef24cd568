"""The record of what is drawn: one replication's chance as arrays of whole numbers. Nothing is drawn here."""

from __future__ import annotations

from dataclasses import dataclass, fields
from hashlib import sha256

import numpy as np
import numpy.typing as npt

from sim.errors import CaspianError
from sim.world.timeline import Timeline

__all__ = ["Draws", "Floats", "Ints", "VoyagesRanOut", "fingerprint", "whole"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class VoyagesRanOut(CaspianError):
    """A vehicle made more voyages than were drawn; `draw` with more `spare` gives the same ones and further ones."""


_MOST = 1e12
"""Thirty thousand years, or a billion tonnes: more than any duration or mass needs, and little enough to be added up."""


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
    """One per facility, in the order of the network: when lanes (gate), entry (berth), handling (crane) or post are open."""
    moving: tuple[Timeline, ...]
    """When vehicles under way move; the first is that of those which nothing ever stops."""
    course: Ints
    """(V, stops) index in `moving` for each vehicle on its way to each stop of its service; 0 beyond its stops."""


def fingerprint(draws: Draws) -> str:
    """A digest of every number drawn, in hexadecimal: equal digests mean equal draws on whatever machine.

    It is taken of each column whole, and of its numbers in as few bytes as the greatest of them needs, since digesting takes
    longer than all else.
    """
    digest = sha256()
    for column in fields(draws):
        value = getattr(draws, column.name)
        told = [_told(part) for part in (value if isinstance(value, tuple) else (value,))]
        parts = [np.ravel(part) for _, part in told] or [np.zeros(0, dtype=np.int64)]
        numbers = _narrow(np.concatenate(parts) if len(parts) > 1 else parts[0])
        forms = [f"{part.shape} {words}" for words, part in told]
        digest.update("\0".join([column.name, str(numbers.itemsize), *forms, ""]).encode())
        digest.update(numbers.data)
    return digest.hexdigest()[:32]


def _told(part: int | Ints | Timeline) -> tuple[str, Ints]:
    """What a part of the draws says, in words and in numbers."""
    if isinstance(part, Timeline):
        return " ".join(part.cause), part.pieces[:2]
    return ("", part) if isinstance(part, np.ndarray) else (str(part), np.zeros(0, dtype=np.int64))


def _narrow(numbers: Ints) -> npt.NDArray[np.signedinteger]:
    """The same numbers in the fewest bytes that hold them all, the least byte first."""
    farthest = min(int(numbers.min(initial=0)), -1 - int(numbers.max(initial=0)))
    return numbers.astype(np.min_scalar_type(farthest).newbyteorder("<"))


def whole(values: Floats) -> Ints:
    """Values rounded to the nearest whole number; what a long tail throws beyond `_MOST` counts as that much."""
    least = np.minimum(values, _MOST)
    return np.rint(least, out=least).astype(np.int64)
