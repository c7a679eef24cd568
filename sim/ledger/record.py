"""The ledger: who pays what to whom, line by line. Only its form and the sums anyone may ask of it stand here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.tariffs import sums

__all__ = ["CARRIER", "Entry", "Ledger", "Shorts", "Whole", "cents_off", "landed_cents", "landed_lines"]

Ints = npt.NDArray[np.int64]
Shorts = npt.NDArray[np.int16]
Whole = npt.NDArray[Any]

CARRIER = "carrier"
"""The payer whose lines are no part of the landed cost: the cargo pays for them in the freight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A row of the ledger's table of rules: a tariff of the scenario, or what is always booked (inventory, spoilage)."""

    id: str
    title: str
    rule: str
    category: str
    """What the split of the landed cost files it under."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Lines in columns (n,) of whole numbers, by rule in the order of settlement and then by fact.

    The columns are no wider than they need be, since there are a dozen lines to a consignment: widen what is multiplied.
    `consignment`: index, -1 for the carrier's own. `tariff`: row of `rules`. `payer`, `payee`: indices into `names`. `at_s`:
    second of the fact that is charged. `cents`: USD cents.
    """

    consignment: Whole
    tariff: Shorts
    payer: Shorts
    payee: Shorts
    at_s: Whole
    cents: Ints
    rules: tuple[Entry, ...]
    names: tuple[str, ...]
    charged_cents: Ints
    """(rules,) what each charged in all, summed before any joint charge was shared out."""

    def __len__(self) -> int:
        return len(self.cents)


def landed_lines(ledger: Ledger) -> Ints:
    """The lines that are part of a landed cost: cargo's own, less what the carrier pays."""
    is_landed = ledger.consignment >= 0
    if CARRIER in ledger.names:
        is_landed &= ledger.payer != ledger.names.index(CARRIER)
    return np.flatnonzero(is_landed)


def landed_cents(ledger: Ledger, consignments: int) -> Ints:
    """(consignments, rules) the landed cost add-on of each consignment by rule."""
    rules, lines = len(ledger.rules), landed_lines(ledger)
    total = np.zeros(consignments * rules, dtype=np.int64)
    np.add.at(total, ledger.consignment[lines].astype(np.int64) * rules + ledger.tariff[lines], ledger.cents[lines])
    return total.reshape(consignments, rules)


def cents_off(ledger: Ledger) -> int:
    """Cents by which the lines of each rule miss what it charged before sharing out, in all; 0 when none went missing."""
    booked = sums(ledger.tariff, ledger.cents, len(ledger.rules))
    return int(np.abs(booked - ledger.charged_cents).sum())
