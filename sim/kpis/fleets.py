"""Fleets: what vehicles do with their time and room in the measured window, by service and port."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from sim.kpis.basis import Basis, clipped
from sim.kpis.evidence import Figures, means, ratio
from sim.records import reached
from sim.tariffs import sums
from sim.units import HOUR_S, YEAR_S

__all__ = [
    "anchorage", "empty_share", "load_factor", "turnaround", "vehicle_utilisation", "vehicle_wait", "voyages",
]  # fmt: skip

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def _by_port(basis: Basis, from_s: Ints, to_s: Ints, when_s: Ints) -> Figures:
    """Mean hours between two moments of a call, by service and terminal, of calls whose `when_s` is in the window."""
    calls, evidence = basis.records.calls, basis.evidence
    rows = np.flatnonzero((when_s >= basis.from_s) & (when_s < basis.to_s))
    terminals = len(evidence.network.terminals)
    place = calls.service[rows] * terminals + calls.terminal[rows]
    means_s = means(place, (to_s - from_s)[rows], len(evidence.scenario.services) * terminals)
    return {
        f"{service.id}.{evidence.scenario.terminals[terminal].id}": means_s[index * terminals + terminal] / HOUR_S
        for index, service in enumerate(evidence.scenario.services)
        for terminal in dict.fromkeys(evidence.network.services[index].terminals)
    }


def anchorage(basis: Basis) -> Figures:
    """From arrival off a terminal until its (first) berth is given."""
    calls = basis.records.calls
    return _by_port(basis, calls.begun_s, calls.given_s, calls.given_s)


def turnaround(basis: Basis) -> Figures:
    """From arrival off a terminal to departure."""
    calls = basis.records.calls
    return _by_port(basis, calls.begun_s, calls.departed_s, calls.departed_s)


def _departures(basis: Basis) -> Iterator[tuple[int, str, Bools]]:
    """Each service, and which voyages of it left in the window."""
    sailed = basis.records.voyages
    inside = (sailed.departed_s >= basis.from_s) & (sailed.departed_s < basis.to_s)
    for index, service in enumerate(basis.evidence.scenario.services):
        yield index, service.id, inside & (sailed.service == index)


def voyages(basis: Basis) -> Figures:
    """Legs run, per year."""
    per_year = YEAR_S / (basis.to_s - basis.from_s)
    return {name: np.count_nonzero(rows) * per_year for _, name, rows in _departures(basis)}


def load_factor(basis: Basis) -> Figures:
    """Tonne-kilometres carried over those that the loaded legs could have carried by weight."""
    sailed, network = basis.records.voyages, basis.evidence.network
    figures = {}
    for index, name, rows in _departures(basis):
        loaded = rows & (sailed.kg > 0)
        km = basis.world.leg_metres[sailed.leg[loaded]] / 1000
        figures[name] = ratio((sailed.kg[loaded] * km).sum(), network.services[index].cargo_kg * km.sum())
    return figures


def empty_share(basis: Basis) -> Figures:
    """Kilometres run without cargo over all kilometres."""
    sailed, services = basis.records.voyages, basis.evidence.scenario.services
    inside = np.flatnonzero((sailed.departed_s >= basis.from_s) & (sailed.departed_s < basis.to_s))
    service, metres = sailed.service[inside], basis.world.leg_metres[sailed.leg[inside]]
    whole, empty = (sums(service, metres * counts, len(services)) for counts in (1, sailed.kg[inside] == 0))
    return {plan.id: ratio(*part) for plan, part in zip(services, zip(empty, whole, strict=True), strict=True)}


def vehicle_utilisation(basis: Basis) -> Figures:
    """One less the share of the fleet's time that is spent in position, waiting for cargo."""
    evidence, idle = basis.evidence, basis.records.idle
    service = basis.world.vehicle_service[idle.vehicle]
    idle_s = sums(service, clipped(basis, idle.from_s, idle.to_s), len(evidence.scenario.services))
    window_s = basis.to_s - basis.from_s
    return {
        plan.id: 1 - ratio(idle_s[index], plan.vehicles * window_s) for index, plan in enumerate(evidence.scenario.services)
    }


def vehicle_wait(basis: Basis) -> Figures:
    """Mean time from being ready at a quay to being accepted, of consignments accepted in the window."""
    rides, services = basis.records.rides, basis.evidence.scenario.services
    accepted_s = reached(rides.accepted_s, basis.records.end_s)
    counted = np.flatnonzero((rides.waiting_s >= 0) & (accepted_s >= basis.from_s) & (accepted_s < basis.to_s))
    means_s = means(rides.service[counted], accepted_s[counted] - rides.waiting_s[counted], len(services))
    return {plan.id: mean_s / HOUR_S for plan, mean_s in zip(services, means_s, strict=True)}
