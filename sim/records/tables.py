"""The tables that accounts read: one row per thing that happened, the seconds of its moments in columns.

Only their form stands here. Columns hold whole numbers, as narrow as those of the log: what is reckoned with, beyond a
difference, is to be widened. A moment is a second since the epoch, -1 where it did not come to that. Rows are sorted by
consignment or by vehicle, and for each of these by time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["Berthings", "Calls", "Cargo", "Records", "Rides", "Spells", "Visits", "Voyages", "reached"]

Ints = npt.NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cargo:
    """The C consignments."""

    released_s: Ints
    onward_s: Ints
    """What follows its release begins."""
    delivered_s: Ints
    delivered_row: Ints
    """Row of the log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visits:
    """Visits of consignments to posts; those of c begin at row `first[c]`."""

    first: Ints
    """(C + 1,) row of each consignment's first visit; the last element is the number of visits."""
    consignment: Ints
    post: Ints
    """Number of the post as a facility."""
    joined_s: Ints
    started_s: Ints
    ended_s: Ints
    onward_s: Ints
    """What follows the visit begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rides:
    """Rides of consignments, from being ready at a quay to being ashore again; the rides of c begin at row `first[c]`."""

    first: Ints
    """(C + 1,) row of each consignment's first ride; the last element is the number of rides."""
    consignment: Ints
    service: Ints
    board: Ints
    """Terminal where it is ready and loaded."""
    vehicle: Ints
    """-1 until it is accepted."""
    call: Ints
    """Row in `Calls` of the call in which it is accepted."""
    voyage: Ints
    """Number of the vehicle's voyage at the end of its loading."""
    last_voyage: Ints
    """Number of the vehicle's voyage at the beginning of its discharge."""
    alight: Ints
    """Terminal where it is discharged."""
    yard: Ints
    """Facility that had no room for it, -1 where it did not have to wait for room."""
    waiting_s: Ints
    accepted_s: Ints
    given_s: Ints
    """Its vehicle, not at the berth when it was accepted, is given one; the acceptance where it lies there already."""
    alongside_s: Ints
    """Its vehicle lies at that berth."""
    load_started_s: Ints
    load_ended_s: Ints
    load_ended_row: Ints
    """Row of the log."""
    no_slot_s: Ints
    unload_started_s: Ints
    unload_started_row: Ints
    """Row of the log."""
    unload_ended_s: Ints
    onward_s: Ints
    """What follows its discharge begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """Calls of vehicles of the services.

    Call k of v is `first[v] + k`; it ends with its k-th departure, so that voyage k leads from call k to call k + 1. Call 0
    begins where the vehicle lies at the start.
    """

    first: Ints
    """(V + 1,) row of each vehicle's first call; the last element is n."""
    service: Ints
    terminal: Ints
    begun_s: Ints
    """Arrival off the terminal; for call 0 the beginning of the log."""
    ready_s: Ints
    """It is through the gate, if there is one: it takes position or asks for a berth."""
    gate_started_s: Ints
    gate_ended_s: Ints
    given_s: Ints
    """The first berth of the call is given."""
    berthed_s: Ints
    """It lies at that berth."""
    idle_s: Ints
    """Seconds in position before it closed for cargo."""
    closed_s: Ints
    """It closed for cargo."""
    departed_s: Ints
    kg: Ints
    """Cargo aboard at the departure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voyages:
    """Legs run by vehicles of the services, by vehicle and number. Row `first[v] + k` is the voyage k of v."""

    first: Ints
    """(V + 1,) row of each vehicle's first voyage; the last element is n."""
    vehicle: Ints
    service: Ints
    leg: Ints
    departed_s: Ints
    kg: Ints
    """Cargo aboard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Berthings:
    """Stays at a berth, calls of other trades included, by vehicle."""

    vehicle: Ints
    terminal: Ints
    joined_s: Ints
    """Joins the queue for the berth."""
    given_s: Ints
    berthed_s: Ints
    cleared_s: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Spells:
    """Spells of vehicles in position, where they wait for cargo; one that the log's end finds unfinished ends there."""

    vehicle: Ints
    from_s: Ints
    to_s: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """A log read: when and how it ends, and its tables."""

    end_s: int
    is_gridlocked: bool
    """Whether what remained waited for itself."""
    cargo: Cargo
    visits: Visits
    rides: Rides
    calls: Calls
    voyages: Voyages
    berthings: Berthings
    idle: Spells


def reached(moments: Ints, end_s: int) -> Ints:
    """Moments, the log's end standing for what it did not come to."""
    return np.where(moments < 0, end_s, moments)
