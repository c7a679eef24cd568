"""Facts: what rules charge for, in columns.

A fact is something that happened to cargo: it was carried, lifted, kept, called for, cleared. Facts come from outside; here
stands only their form and how a rule narrows them. Indices are those of the scenario's tables and of the draws.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
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


class Column:
    """A column of facts, int64 (n,): made when it is asked for, `otherwise` in every row where nothing was said of it."""

    def __init__(self, otherwise: int = -1) -> None:
        self.name, self.otherwise = "", otherwise

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, facts: Facts, owner: type | None = None) -> Ints:
        return facts.column(self.name, self.otherwise)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """n rows, one per fact and consignment concerned; each column is an int64 array (n,), -1 where there is no such index.

    Rows with the same `event` are one happening that concerns several consignments, and share `at_s`, `metres`, `seconds`
    and place; where nothing is said of it, each row is one by itself. `consignment` -1: nobody's cargo, the carrier bears
    it. `value_micros` (customs value), `carried_micros` (freight and insurance charged before) and `duty_micros` are
    millionths of a USD; only entries and releases have them.
    `charged_cents` only the kind "charged" has. `nth`: number of the leg within the ride. `loading`: 1 or 0 (discharging).

    Most rules ask for few columns of few rows, so that columns are looked up only when they are asked for.
    """

    gathered: Mapping[str, Ints]
    """Columns (N,) of all facts that were gathered."""
    cargo: Mapping[str, Ints]
    """Columns (C + 1,) by consignment; the last element is nobody's."""
    chosen: Ints | None = None
    """(n,) which of those gathered are left; None: all."""
    measured: Mapping[str, Ints] = field(default_factory=dict)
    """Columns (n,) that stand in the place of those gathered."""
    looked_up: dict[str, Ints] = field(default_factory=dict, repr=False, compare=False)
    """Columns (n,) of those chosen, once they were asked for."""

    event = Column()
    at_s = Column()
    consignment = Column()
    flow = Column()
    shipment = Column()
    kg = Column(0)
    milliteu = Column(0)
    milliplugs = Column(0)
    metres = Column(0)
    seconds = Column(0)
    nth = Column(0)
    loading = Column()
    service = Column()
    leg = Column()
    node = Column()
    terminal = Column()
    post = Column()
    value_micros = Column(0)
    carried_micros = Column(0)
    duty_micros = Column(0)
    charged_cents = Column(0)

    def __len__(self) -> int:
        return len(self.gathered["at_s"] if self.chosen is None else self.chosen)

    def column(self, name: str, otherwise: int) -> Ints:
        """The column of this name, or one full of `otherwise`; not to be written to."""
        if name in self.measured:
            return self.measured[name]
        if name in self.gathered:
            if self.chosen is None:
                return self.gathered[name]
            if name not in self.looked_up:
                self.looked_up[name] = self.gathered[name].take(self.chosen)
            return self.looked_up[name]
        if name in self.cargo:
            return self.cargo[name].take(self.consignment)
        if name == "event":
            return np.arange(len(self), dtype=np.int64)
        return np.full(len(self), otherwise, dtype=np.int64)

    def where(self, keep: npt.NDArray[np.bool_]) -> Facts:
        """The rows for which `keep` is true, in order."""
        rows = np.flatnonzero(keep)
        return self if len(rows) == len(self) else self.rows(rows)

    def rows(self, rows: Ints) -> Facts:
        """These rows, in their order."""
        chosen = rows if self.chosen is None else self.chosen[rows]
        measured = {name: column.take(rows) for name, column in self.measured.items()}
        return Facts(gathered=self.gathered, cargo=self.cargo, chosen=chosen, measured=measured)

    def having(self, **columns: Ints) -> Facts:
        """The same facts with these columns (n,)."""
        return replace(self, measured={**self.measured, **columns})
