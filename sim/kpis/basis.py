"""The basis of figures: the selections of the evidence, and the sums over it, that several of them share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from sim.kpis.evidence import NAN, Evidence, Figures, mean
from sim.kpis.yards import yard_contents
from sim.ledger import World, carriages, landed_lines, world_of
from sim.records import Records, reached
from sim.tariffs import Facts, sums
from sim.units import DAY_S
from sim.world.timeline import Timeline

__all__ = ["QUANTILES", "Basis", "Kpi", "Spread", "Visited", "basis_of", "clipped", "open_until", "spread"]

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

QUANTILES = (0.5, 0.9, 0.95)
"""Those that figures give of a lead time."""
Spread = Mapping[float | None, float]
"""A mean, under None, and quantiles."""


@dataclass(frozen=True, slots=True)
class Visited:
    """Visits to posts in int64 columns (n,); a moment that was not reached is the log's end."""

    consignment: Ints
    post: Ints
    joined_s: Ints
    started_s: Ints
    ended_s: Ints
    open_joined_s: Ints
    """Seconds for which the post had been open when the visit joined its queue; and so on."""
    open_started_s: Ints
    open_ended_s: Ints


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
    def visited(self) -> Visited:
        """Visits to posts, with the open time up to each of their moments."""
        visits, end_s = self.records.visits, self.records.end_s
        first, timelines = self.evidence.network.post_facility(0), self.evidence.draws.timelines
        moments_s = np.stack([reached(times, end_s) for times in (visits.joined_s, visits.started_s, visits.ended_s)])
        moments_s = moments_s.astype(np.int64)
        opened_s = moments_s.copy()
        for facility in range(first, first + len(self.evidence.network.post_servers)):
            if len(timelines[facility].from_s) > 1:
                there = np.flatnonzero(visits.post == facility)
                opened_s[:, there] = open_until(timelines[facility], moments_s[:, there])
        return Visited(visits.consignment, visits.post - first, *moments_s, *opened_s)

    @cached_property
    def customs_s(self) -> Mapping[str, Ints]:
        """(flows,) seconds of all that is counted at customs posts: in their queues while open, in service, while shut."""
        visited, evidence = self.visited, self.evidence
        finishes = np.array([on_close == "finish" for on_close in evidence.network.post_on_close], dtype=bool)
        rows = np.flatnonzero(self.world.post_is_customs[visited.post] & self.is_counted[visited.consignment])
        served_s = np.where(
            finishes[visited.post], visited.ended_s - visited.started_s, visited.open_ended_s - visited.open_started_s
        )
        queued_s = visited.open_started_s - visited.open_joined_s
        flow, flows = evidence.draws.flow[visited.consignment[rows]], len(evidence.network.flows)
        queue, service = (sums(flow, seconds[rows], flows) for seconds in (queued_s, served_s))
        whole = sums(flow, (visited.ended_s - visited.joined_s)[rows], flows)
        return {"queue": queue, "service": service, "closed": whole - queue - service}

    @cached_property
    def flow_cents(self) -> Ints:
        """(flows, rules) the landed cost add-on of all that is counted, by what flows and by rule."""
        ledger, flow, flows = self.evidence.ledger, self.evidence.draws.flow, len(self.evidence.network.flows)
        lines, rules = landed_lines(ledger), len(ledger.rules)
        lines = lines[self.is_counted[ledger.consignment[lines]]]
        cell = flow[ledger.consignment[lines]] * rules + ledger.tariff[lines]
        return sums(cell, ledger.cents[lines], flows * rules).reshape(flows, rules)

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
    def carriages(self) -> Facts:
        """A row for each consignment counted that was aboard at a departure."""
        carried = carriages(self.world)
        return carried.where(self.is_counted[carried.consignment])

    def lead_times_d(self, flows: Bools | None = None) -> Floats:
        """Days from release to delivery of the measured shipments that are complete, of these flows."""
        hours, last = self.evidence.hours, self.last_counted
        if flows is not None:
            last = last[flows[self.evidence.draws.flow[last]]]
        return np.asarray((hours.to_s[last] - hours.from_s[last]) / DAY_S, dtype=np.float64)

    @cached_property
    def lead_time_d(self) -> Spread:
        """Lead time over all of them."""
        return spread(self.lead_times_d())

    @cached_property
    def lead_time_by_direction_d(self) -> Mapping[str, Spread]:
        """Lead time each way."""
        return {name: spread(self.lead_times_d(flows)) for name, flows in self.directions.items()}

    @cached_property
    def lead_time_by_commodity_d(self) -> Mapping[str, Spread]:
        """Lead time of each commodity."""
        return {name: spread(self.lead_times_d(flows)) for name, flows in self.commodities.items()}

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
    better: str
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


def spread(values: Floats) -> Spread:
    """Mean and quantiles, or not a number of nothing."""
    quantiles = np.quantile(values, QUANTILES).tolist() if len(values) else [NAN] * len(QUANTILES)
    return {None: mean(values)} | dict(zip(QUANTILES, quantiles, strict=True))


def open_until(hours: Timeline, at_s: Ints) -> Ints:
    """Seconds from 0 to each of these at which a facility is open, to whatever share."""
    return at_s if len(hours.from_s) == 1 else hours.open_seconds(np.zeros(1, dtype=np.int64), at_s)


def clipped(basis: Basis, from_s: Ints, to_s: Ints) -> Ints:
    """Seconds of each span that fall into the measured window."""
    inside_s = np.minimum(to_s, basis.to_s) - np.maximum(from_s, basis.from_s)
    return np.asarray(np.maximum(inside_s, 0), dtype=np.int64)
