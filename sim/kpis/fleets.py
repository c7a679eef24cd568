"""Fleets: what vehicles do with their time and room in the measured window, by service and port."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from sim.events import Kind
from sim.kpis.evidence import Basis, Figures, clipped, mean, ratio
from sim.units import HOUR_S, YEAR_S

__all__ = [
    "anchorage", "empty_share", "load_factor", "turnaround", "vehicle_utilisation", "vehicle_wait", "voyages",
]  # fmt: skip

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def _by_port(basis: Basis, from_s: Ints, to_s: Ints, when_s: Ints) -> Figures:
    """Mean hours between two moments of a call, by service and terminal, of calls whose `when_s` is in the window."""
    calls, evidence = basis.world.records.calls, basis.evidence
    counted = (when_s >= basis.from_s) & (when_s < basis.to_s)
    lasted_s = to_s - from_s
    figures = {}
    for index, service in enumerate(evidence.scenario.services):
        for terminal in dict.fromkeys(evidence.network.services[index].terminals):
            rows = counted & (calls.service == index) & (calls.terminal == terminal)
            name = f"{service.id}.{evidence.scenario.terminals[terminal].id}"
            figures[name] = mean(lasted_s[rows]) / HOUR_S
    return figures


def anchorage(basis: Basis) -> Figures:
    """From arrival off a terminal until its (first) berth is given."""
    calls = basis.world.records.calls
    return _by_port(basis, calls.begun_s, calls.given_s, calls.given_s)


def turnaround(basis: Basis) -> Figures:
    """From arrival off a terminal to departure."""
    calls = basis.world.records.calls
    return _by_port(basis, calls.begun_s, calls.departed_s, calls.departed_s)


def _departures(basis: Basis) -> Iterator[tuple[int, str, Bools]]:
    """Each service, and which voyages of it left in the window."""
    sailed = basis.world.records.voyages
    inside = (sailed.departed_s >= basis.from_s) & (sailed.departed_s < basis.to_s)
    for index, service in enumerate(basis.evidence.scenario.services):
        yield index, service.id, inside & (sailed.service == index)


def voyages(basis: Basis) -> Figures:
    """Legs run, per year."""
    per_year = YEAR_S / (basis.to_s - basis.from_s)
    return {name: np.count_nonzero(rows) * per_year for _, name, rows in _departures(basis)}


def load_factor(basis: Basis) -> Figures:
    """Tonne-kilometres carried over those that the loaded legs could have carried by weight."""
    sailed, network = basis.world.records.voyages, basis.evidence.network
    figures = {}
    for index, name, rows in _departures(basis):
        loaded = rows & (sailed.kg > 0)
        km = basis.world.leg_metres[sailed.leg[loaded]] / 1000
        figures[name] = ratio((sailed.kg[loaded] * km).sum(), network.services[index].cargo_kg * km.sum())
    return figures


def empty_share(basis: Basis) -> Figures:
    """Kilometres run without cargo over all kilometres."""
    sailed = basis.world.records.voyages
    metres = basis.world.leg_metres[sailed.leg]
    return {name: ratio(metres[rows & (sailed.kg == 0)].sum(), metres[rows].sum()) for _, name, rows in _departures(basis)}


def vehicle_utilisation(basis: Basis) -> Figures:
    """One less the share of the fleet's time that is spent in position, waiting for cargo."""
    spans, evidence = basis.world.records.vehicles, basis.evidence
    fleet = len(evidence.network.vehicle_service)
    rows = np.flatnonzero((spans.kind == Kind.POSITIONED) & (spans.entity < fleet))
    idle_s = clipped(basis, spans.from_s[rows], spans.to_s[rows])
    service = basis.world.vehicle_service[spans.entity[rows]]
    window_s = basis.to_s - basis.from_s
    return {
        plan.id: 1 - ratio(idle_s[service == index].sum(), plan.vehicles * window_s)
        for index, plan in enumerate(evidence.scenario.services)
    }


def vehicle_wait(basis: Basis) -> Figures:
    """Mean time from being ready at a quay to being accepted, of consignments accepted in the window."""
    cargo = basis.world.records.cargo
    accepted = (cargo.kind == Kind.WAITING) & (cargo.to_s >= basis.from_s) & (cargo.to_s < basis.to_s)
    service, waited_s = cargo.value[accepted], (cargo.to_s - cargo.from_s)[accepted]
    return {
        plan.id: mean(waited_s[service == index]) / HOUR_S for index, plan in enumerate(basis.evidence.scenario.services)
    }
