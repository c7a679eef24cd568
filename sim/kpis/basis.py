"""The basis of figures: the selections of the evidence, and the sums over it, that several of them share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from sim.compiling import compiled
from sim.kpis.adding import add_cents
from sim.kpis.carrying import co2e_kg
from sim.kpis.evidence import Evidence, Figures, Spread, spread
from sim.kpis.openings import Opened, openings
from sim.kpis.visiting import Visited, visited
from sim.kpis.yards import yard_contents
from sim.ledger import CARRIER, World, world_of
from sim.records import Records
from sim.tariffs import sums
from sim.units import DAY_S

__all__ = ["Basis", "Kpi", "basis_of", "clipped"]

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


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
    def is_counted(self) -> Bools:
        """(C,) released in the window and delivered, be it later."""
        return self.is_measured & self.evidence.hours.is_delivered

    @cached_property
    def is_delivered_inside(self) -> Bools:
        """(C,) delivered within the window, whenever released."""
        hours = self.evidence.hours
        return hours.is_delivered & (hours.to_s >= self.from_s) & (hours.to_s < self.to_s)

    @cached_property
    def counted_flow(self) -> Ints:
        """(C,) the flow of what is counted, -1 of all else."""
        return np.where(self.is_counted, self.evidence.draws.flow, -1)

    @cached_property
    def opened(self) -> Opened:
        """The hours of all facilities."""
        return openings(self.evidence.draws.timelines)

    @cached_property
    def visited(self) -> Visited:
        """What the visits to posts add up to."""
        return visited(self.evidence, self.opened, self.counted_flow, self.world.post_is_customs)

    @cached_property
    def cents(self) -> tuple[Ints, int]:
        """The landed cost add-on of all that is counted, and what the carrier pays for facts of the window."""
        ledger, names = self.evidence.ledger, self.evidence.ledger.names
        carrier = names.index(CARRIER) if CARRIER in names else -1
        total = np.zeros((len(self.evidence.network.flows), len(ledger.rules)), dtype=np.int64)
        columns = ledger.consignment, ledger.tariff, ledger.payer, ledger.at_s, ledger.cents
        paid = compiled(add_cents)(columns, carrier, (self.from_s, self.to_s), self.counted_flow, total)
        return total, paid

    @property
    def flow_cents(self) -> Ints:
        """(flows, rules) the landed cost add-on of all that is counted, by what flows and by rule."""
        return self.cents[0]

    @cached_property
    def flow_kg(self) -> Ints:
        """(flows,) the mass of all that is counted."""
        draws = self.evidence.draws
        return sums(draws.flow[self.is_counted], draws.kg[self.is_counted], len(self.evidence.network.flows))

    @cached_property
    def flow_kg_inside(self) -> Ints:
        """(flows,) the mass of all that was delivered within the window."""
        draws, inside = self.evidence.draws, self.is_delivered_inside
        return sums(draws.flow[inside], draws.kg[inside], len(self.evidence.network.flows))

    @cached_property
    def co2e_kg(self) -> Mapping[str, float]:
        """By leg: what the carriage of all that is counted gives off."""
        return co2e_kg(self.evidence, self.counted_flow, self.world.leg_metres)

    @cached_property
    def lead_times_d(self) -> Floats:
        """Days from release to delivery of the measured shipments that are complete."""
        hours, last = self.evidence.hours, self.last_counted
        return np.asarray((hours.to_s[last] - hours.from_s[last]) / DAY_S, dtype=np.float64)

    @cached_property
    def lead_time_d(self) -> Spread:
        """Lead time over all of them."""
        return spread(self.lead_times_d)

    @cached_property
    def lead_time_by_direction_d(self) -> Mapping[str, Spread]:
        """Lead time each way."""
        return self._lead_time_of_d(self.directions)

    @cached_property
    def lead_time_by_commodity_d(self) -> Mapping[str, Spread]:
        """Lead time of each commodity."""
        return self._lead_time_of_d(self.commodities)

    def _lead_time_of_d(self, groups: Mapping[str, Bools]) -> Mapping[str, Spread]:
        flow = self.evidence.draws.flow[self.last_counted]
        return {name: spread(self.lead_times_d[flows[flow]]) for name, flows in groups.items()}

    @cached_property
    def yard_contents(self) -> tuple[Ints, Ints, Ints]:
        """Seconds, pools and changes in kilograms of every yard pool, in the order of the log."""
        return yard_contents(self.evidence)

    @cached_property
    def yard_peaks_kg(self) -> list[int]:
        """Most kilograms that each yard pool held within the window."""
        at_s, pool, change = self.yard_contents
        peaks = []
        for index in range(len(self.evidence.network.pools)):
            mine = np.flatnonzero(pool == index)
            held = np.append(0, np.cumsum(change[mine]))
            first, last = np.searchsorted(at_s[mine], (self.from_s, self.to_s))
            peaks.append(int(held[first : last + 1].max()))
        return peaks

    @cached_property
    def last_counted(self) -> Ints:
        """The last consignments of the measured shipments that are complete."""
        return self.shipment_last[self.shipment_is_measured & self.shipment_is_complete]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpi:
    """A figure: how it is called and measured. What it means, `meaning` says in a sentence."""

    name: str
    title: str
    unit: str
    """Unit of its values; "" for shares and counts."""
    better: Literal["lower", "higher", ""]
    """"lower", "higher" or "" where neither is."""
    meaning: str
    of: Callable[[Basis], Figures]


def basis_of(evidence: Evidence) -> Basis:
    """The selections that figures share."""
    network, draws, hours = evidence.network, evidence.draws, evidence.hours
    shipments = len(draws.shipment_kg)
    last, at_s = np.full(shipments, -1, dtype=np.int64), np.full(shipments, -1, dtype=np.int64)
    np.maximum.at(at_s, draws.shipment, hours.to_s)
    latest = np.flatnonzero(hours.to_s == at_s[draws.shipment])
    last[draws.shipment[latest]] = latest
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


def clipped(basis: Basis, from_s: Ints, to_s: Ints) -> Ints:
    """Seconds of each span that fall into the measured window."""
    inside_s = np.minimum(to_s, basis.to_s) - np.maximum(from_s, basis.from_s)
    return np.asarray(np.maximum(inside_s, 0), dtype=np.int64)
