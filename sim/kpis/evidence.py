"""Evidence: what figures are measured on, and the selections of it that several of them share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from sim.causes import Hours
from sim.draws import Draws
from sim.events import EventLog
from sim.ledger import Ledger, World, landed_cents, world_of
from sim.records import Records
from sim.scenario.schema import Scenario
from sim.tariffs import sums
from sim.world.network import Network

__all__ = ["NAN", "Basis", "Evidence", "Figures", "Kpi", "basis_of", "clipped", "mean", "means", "ratio"]

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
NAN = float("nan")

Figures = Mapping[str, float]
"""Values of one KPI: under "" the KPI's own, else by the id of what it is split by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One replication, whole: what was said, drawn, what happened, why and for how much."""

    scenario: Scenario
    network: Network
    draws: Draws
    log: EventLog
    records: Records
    """The log, read."""
    hours: Hours
    ledger: Ledger


@dataclass(frozen=True, kw_only=True)
class Basis:
    """Evidence with what many figures are taken from; some of it is worked out when it is first asked for, and kept.

    Measured consignments were released in the measured window. A measured shipment counts by its last consignment, the one
    delivered last; it is complete when all its consignments were delivered.
    """

    evidence: Evidence
    world: World
    from_s: int
    to_s: int
    """The measured window is [from, to)."""
    is_measured: Bools
    """(C,) released in the window."""
    shipment_is_measured: Bools
    """(S,)"""
    shipment_is_complete: Bools
    """(S,)"""
    shipment_last: Ints
    """(S,) its last consignment; -1 where it has none."""

    @property
    def records(self) -> Records:
        """The log, read."""
        return self.evidence.records

    @cached_property
    def directions(self) -> Mapping[str, Bools]:
        """By direction: which flows go that way."""
        flows = self.evidence.network.flows
        return {way: np.array([flow.direction == way for flow in flows], dtype=bool) for way in ("export", "import")}

    @cached_property
    def commodities(self) -> Mapping[str, Bools]:
        """By commodity that some stream ships: which flows carry it."""
        carried = np.array([flow.commodity for flow in self.evidence.network.flows], dtype=np.int64)
        commodities = enumerate(self.evidence.scenario.commodities)
        return {commodity.id: carried == index for index, commodity in commodities if np.any(carried == index)}

    @cached_property
    def landed_cents(self) -> Ints:
        """(C, rules) the landed cost add-on of each consignment by rule."""
        return landed_cents(self.evidence.ledger, len(self.evidence.draws.kg))


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpi:
    """A figure: how it is called and measured. What it means, `meaning` says in a sentence."""

    name: str
    title: str
    unit: str
    """Unit of its values; "" for shares and counts."""
    better: str
    """"lower", "higher" or "" where neither is."""
    meaning: str
    of: Callable[[Basis], Figures]


def basis_of(evidence: Evidence) -> Basis:
    """The selections that figures share."""
    network, draws, hours = evidence.network, evidence.draws, evidence.hours
    shipments = len(draws.shipment_kg)
    order = np.lexsort((np.arange(len(draws.shipment)), hours.to_s, draws.shipment))
    last = np.full(shipments, -1, dtype=np.int64)
    last[draws.shipment[order]] = order
    is_complete = np.ones(shipments, dtype=bool)
    is_complete[draws.shipment[~hours.is_delivered]] = False
    is_complete &= last >= 0
    from_s, to_s = network.window_from_s, network.window_to_s
    return Basis(
        evidence=evidence,
        world=world_of(evidence.scenario, network, draws, evidence.records),
        from_s=from_s,
        to_s=to_s,
        is_measured=(draws.release_s >= from_s) & (draws.release_s < to_s),
        shipment_is_measured=(draws.shipment_release_s >= from_s) & (draws.shipment_release_s < to_s),
        shipment_is_complete=is_complete,
        shipment_last=last,
    )


def ratio(part: float, whole: float) -> float:
    """The share of `part` in `whole`, or not a number where there is no whole."""
    return float(part) / float(whole) if whole else NAN


def mean(values: npt.NDArray[np.int64] | npt.NDArray[np.float64]) -> float:
    """The mean, or not a number of nothing."""
    return float(values.mean()) if len(values) else NAN


def means(group: Ints, seconds: Ints, groups: int) -> list[float]:
    """The mean seconds of each group, or not a number where it has none."""
    count = np.bincount(group, minlength=groups)
    return [ratio(total, number) for total, number in zip(sums(group, seconds, groups), count, strict=True)]


def clipped(basis: Basis, from_s: Ints, to_s: Ints) -> Ints:
    """Seconds of each span that fall into the measured window."""
    inside_s = np.minimum(to_s, basis.to_s) - np.maximum(from_s, basis.from_s)
    return np.asarray(np.maximum(inside_s, 0), dtype=np.int64)
