"""Facts: what rules charge for, in columns.

A fact is something that happened to cargo: it was carried, lifted, kept, called for, cleared. Facts come from outside; here
stands only their form and how a rule narrows them. Indices are those of the scenario's tables and of the draws.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

import numpy as np
import numpy.typing as npt

__all__ = ["SELECTORS", "FactKind", "Facts"]

Ints = npt.NDArray[np.int64]

FactKind = Literal["carriage", "lift", "stay", "call", "visit", "entry", "empty leg", "release", "charged"]
"""carriage: a leg run with the consignment aboard. lift: a loading or discharge done. stay: time at a node, from the
discharge (or release) to the next loading (or delivery). call: a vehicle's time at a terminal, with the cargo it loads or
discharges there. visit: a service at a post done. entry: a visit to a customs post, or (post -1) the delivery. empty leg: a
leg run empty, with the cargo of the vehicle's next loaded leg. release: the consignment set out. charged: what other tariffs
charge a shipment."""

SELECTORS: dict[FactKind, tuple[str, ...]] = {
    "carriage": ("services", "legs"),
    "lift": ("services", "nodes", "terminals"),
    "stay": ("nodes",),
    "call": ("services", "nodes", "terminals"),
    "visit": ("nodes", "posts"),
    "entry": ("nodes", "posts"),
    "empty leg": ("services", "legs"),
    "release": (),
    "charged": (),
}
"""Selectors that mean something for each kind of fact; those of the cargo always do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """n rows, one per fact and consignment concerned; each column is an int64 array (n,), -1 where there is no such index.

    Rows with the same `event` are one happening that concerns several consignments, and share `at_s`, `metres`, `seconds`
    and place. `consignment` -1: nobody's cargo, the carrier bears it. `value_micros` (customs value), `carried_micros`
    (freight and insurance charged before) and `duty_micros` are millionths of a USD; only entries and releases have them.
    `charged_cents` only the kind "charged" has. `nth`: number of the leg within the ride. `loading`: 1 or 0 (discharging).
    """

    event: Ints
    at_s: Ints
    consignment: Ints
    shipment: Ints
    kg: Ints
    milliteu: Ints
    milliplugs: Ints
    metres: Ints
    seconds: Ints
    nth: Ints
    loading: Ints
    service: Ints
    leg: Ints
    node: Ints
    terminal: Ints
    post: Ints
    value_micros: Ints
    carried_micros: Ints
    duty_micros: Ints
    charged_cents: Ints

    def __len__(self) -> int:
        return len(self.event)

    def where(self, keep: npt.NDArray[np.bool_]) -> Facts:
        """The rows for which `keep` is true, in order."""
        rows = np.flatnonzero(keep)
        return self if len(rows) == len(self) else self.rows(rows)

    def rows(self, rows: Ints) -> Facts:
        """These rows, in their order."""
        return Facts(**{column.name: getattr(self, column.name)[rows] for column in fields(self)})
