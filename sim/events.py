"""What happened, and the law of what may happen.

The event log is the second of the three documents: engines write it, everything else only reads it. Here live its
columns, the kinds of event, and the law: which event may follow which for a consignment and for a vehicle. Whatever an
engine logs is checked against that law; the diagram in the docs is drawn from it. No clock, money or noun is known here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import IntEnum

import numpy as np
import numpy.typing as npt

__all__ = ["COLUMNS", "CONSIGNMENT_LAW", "VEHICLE_LAW", "EventLog", "Kind", "breaches", "event_log"]

Ints = npt.NDArray[np.int64]
Whole = npt.NDArray[np.signedinteger]


class Kind(IntEnum):
    """Kinds of event. Columns used besides `at_s`: c consignment, v vehicle, f facility, value as said."""

    RELEASED = 0
    """c: released at its origin; value: kg."""
    POST_JOINED = 1
    """c, f: joins the queue of a post."""
    POST_STARTED = 2
    """c, f: is being served."""
    POST_ENDED = 3
    """c, f: has been served."""
    WAITING = 4
    """c, f: ready for a vehicle at a quay; value: index of the service."""
    ACCEPTED = 5
    """c, v, f: is booked on a vehicle at a quay."""
    LOAD_STARTED = 6
    """c, v, f: a crane begins to load it."""
    LOAD_ENDED = 7
    """c, v, f: is aboard; value: voyage number of the vehicle."""
    NO_SLOT = 8
    """c, v, f: a crane was free for its discharge, the yard f was not."""
    UNLOAD_STARTED = 9
    """c, v, f: a crane begins to discharge it; value: voyage number of the vehicle. Its slot in the yard is taken."""
    UNLOAD_ENDED = 10
    """c, v, f: is ashore; value: index of the yard, or -1 where room is not limited."""
    DELIVERED = 11
    """c: has reached its destination and is through its posts; value: kg."""
    ARRIVED = 12
    """v, f: is off a terminal (its gate); value: kg aboard."""
    GATE_STARTED = 13
    """v, f: is in a lane of the gate."""
    GATE_ENDED = 14
    """v, f: is through the gate."""
    BERTH_JOINED = 15
    """v, f: joins the queue for a berth."""
    BERTH_GIVEN = 16
    """v, f: has got a berth and moves in."""
    BERTHED = 17
    """v, f: lies at the berth."""
    DISCHARGED = 18
    """v, f: nothing aboard is for this stop any more (a call of another trade: its work is done)."""
    POSITIONED = 19
    """v, f: has taken position at a quay and waits for cargo; value: 0 at the berth, 1 in the roads."""
    CLOSED = 20
    """v, f: is closed for cargo; value: kg accepted here."""
    SHIFTED = 21
    """v, f: leaves the berth for the roads, to wait there."""
    DEPARTED = 22
    """v, f: leaves for the next stop; value: kg aboard."""
    CLEARED = 23
    """v, f: has cleared the berth, which is free again."""
    SHUT = 24
    """f: closes; value: share of capacity left, in thousandths, always 0."""
    OPENED = 25
    """f: opens or changes its capacity; value: share in thousandths."""
    GRIDLOCK = 26
    """Nothing is due and cargo remains: one line for each member (c, v or f) of the circle that waits; value: its place."""
    ENDED = 27
    """The run ends; value: consignments not delivered."""


COLUMNS: Mapping[str, np.dtype[np.signedinteger]] = {
    "at_s": np.dtype(np.int32), "kind": np.dtype(np.int8), "consignment": np.dtype(np.int32), "vehicle": np.dtype(np.int32),
    "facility": np.dtype(np.int16), "value": np.dtype(np.int32),
}  # fmt: skip
"""The columns of a log in their order, each as narrow as corridors allow: a year has a million events."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLog:
    """Events in the order in which they happened; each column is an array of whole numbers of the same length n.

    A column is as narrow as `COLUMNS` says, or int64 where its numbers need it: to be reckoned with, it is to be widened.
    `at_s`: whole seconds since the epoch. `kind`: a `Kind`. `consignment`, `vehicle`, `facility`: indices, -1 where none.
    Vehicles from the number of fleet vehicles on are calls of other trades, in the order of the draws. `value`: see `Kind`.
    """

    at_s: Whole
    kind: Whole
    consignment: Whole
    vehicle: Whole
    facility: Whole
    value: Whole

    def __len__(self) -> int:
        return len(self.at_s)

    def where(self, *kinds: Kind) -> EventLog:
        """The rows of these kinds, in order, widened to int64."""
        rows = np.flatnonzero(np.isin(self.kind, kinds))
        return EventLog(**{column.name: getattr(self, column.name)[rows].astype(np.int64) for column in fields(self)})


def event_log(rows: Ints) -> EventLog:
    """The log of events given as rows of six whole numbers, in the order of `COLUMNS`; shape (n, 6)."""
    return EventLog(**{name: _narrowed(rows[:, index], kind) for index, (name, kind) in enumerate(COLUMNS.items())})


def _narrowed(column: Ints, kind: np.dtype[np.signedinteger]) -> Whole:
    limits = np.iinfo(kind)
    fits = column.min(initial=0) >= limits.min and column.max(initial=0) <= limits.max
    return column.astype(kind if fits else np.int64)


CONSIGNMENT_LAW: Mapping[Kind, frozenset[Kind]] = {
    Kind.RELEASED: frozenset({Kind.POST_JOINED, Kind.WAITING, Kind.DELIVERED}),
    Kind.POST_JOINED: frozenset({Kind.POST_STARTED}),
    Kind.POST_STARTED: frozenset({Kind.POST_ENDED}),
    Kind.POST_ENDED: frozenset({Kind.POST_JOINED, Kind.WAITING, Kind.DELIVERED}),
    Kind.WAITING: frozenset({Kind.ACCEPTED}),
    Kind.ACCEPTED: frozenset({Kind.LOAD_STARTED}),
    Kind.LOAD_STARTED: frozenset({Kind.LOAD_ENDED}),
    Kind.LOAD_ENDED: frozenset({Kind.NO_SLOT, Kind.UNLOAD_STARTED}),
    Kind.NO_SLOT: frozenset({Kind.UNLOAD_STARTED}),
    Kind.UNLOAD_STARTED: frozenset({Kind.UNLOAD_ENDED}),
    Kind.UNLOAD_ENDED: frozenset({Kind.POST_JOINED, Kind.WAITING, Kind.DELIVERED}),
    Kind.DELIVERED: frozenset(),
}
"""What may come next for a consignment; it begins with RELEASED."""

VEHICLE_LAW: Mapping[Kind, frozenset[Kind]] = {
    Kind.ARRIVED: frozenset({Kind.GATE_STARTED, Kind.BERTH_JOINED, Kind.POSITIONED}),
    Kind.GATE_STARTED: frozenset({Kind.GATE_ENDED}),
    Kind.GATE_ENDED: frozenset({Kind.BERTH_JOINED, Kind.POSITIONED}),
    Kind.BERTH_JOINED: frozenset({Kind.BERTH_GIVEN}),
    Kind.BERTH_GIVEN: frozenset({Kind.BERTHED}),
    Kind.BERTHED: frozenset({Kind.DISCHARGED, Kind.POSITIONED, Kind.CLOSED}),
    Kind.DISCHARGED: frozenset({Kind.POSITIONED, Kind.SHIFTED, Kind.DEPARTED}),
    Kind.POSITIONED: frozenset({Kind.BERTH_JOINED, Kind.CLOSED}),
    Kind.CLOSED: frozenset({Kind.DEPARTED}),
    Kind.SHIFTED: frozenset({Kind.CLEARED}),
    Kind.DEPARTED: frozenset({Kind.CLEARED, Kind.ARRIVED}),
    Kind.CLEARED: frozenset({Kind.ARRIVED, Kind.POSITIONED}),
}
"""What may come next for a vehicle; it begins with ARRIVED."""


def breaches(log: EventLog, law: Mapping[Kind, frozenset[Kind]], of: str, first: frozenset[Kind]) -> list[str]:
    """Where a log breaks the law, in words; empty where it keeps it.

    `of` names the column whose entities the law governs ("consignment" or "vehicle"); `first` are the kinds one may begin
    with.
    """
    entity = getattr(log, of)
    rows = np.flatnonzero(np.isin(log.kind, list(law)) & (entity >= 0))
    rows = rows[np.argsort(entity[rows], kind="stable")]
    who, kind, at_s = entity[rows], log.kind[rows], log.at_s[rows]
    begins = np.r_[True, who[1:] != who[:-1]] if len(rows) else np.zeros(0, dtype=bool)
    allowed = np.zeros((len(Kind), len(Kind)), dtype=bool)
    for before, after in law.items():
        allowed[before, list(after)] = True
    lawful = np.where(begins, np.isin(kind, list(first)), True)
    lawful[1:] &= begins[1:] | (allowed[kind[:-1], kind[1:]] & (at_s[1:] >= at_s[:-1]))
    return [
        f"{of} {who[row]} at {at_s[row]} s: {Kind(kind[row]).name} "
        + ("cannot come first" if begins[row] else f"cannot follow {Kind(kind[row - 1]).name}")
        for row in np.flatnonzero(~lawful)
    ]
