"""Facilities: how busy berths, cranes, posts and yards are in the measured window, and how long one waits for them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.events import Kind
from sim.kpis.evidence import Basis, Figures, clipped, mean, ratio
from sim.units import HOUR_S
from sim.world.network import CRANE, Ride

__all__ = [
    "berth_occupancy", "berth_wait", "crane_occupancy", "customs_wait", "post_occupancy", "post_wait", "yard_contents",
    "yard_peak", "yard_peak_share",
]  # fmt: skip

Ints = npt.NDArray[np.int64]


def _terminal_id(basis: Basis, terminal: int) -> str:
    return basis.evidence.scenario.terminals[terminal].id


def berth_occupancy(basis: Basis) -> Figures:
    """Time berths are held, from given to cleared, calls of other trades included, over berths times window."""
    spans = basis.world.records.vehicles
    given = np.flatnonzero(spans.kind == Kind.BERTH_GIVEN)
    cleared = np.flatnonzero(spans.kind == Kind.CLEARED)
    following = np.append(cleared, len(spans.kind))[np.searchsorted(cleared, given)]
    ends_s = np.append(spans.from_s, basis.world.records.end_s)[following]
    whose = np.append(spans.entity, -1)[following]
    ends_s = np.where(whose == spans.entity[given], ends_s, basis.world.records.end_s)
    held_s = clipped(basis, spans.from_s[given], ends_s)
    terminal = spans.facility[given] // 4
    window_s = basis.to_s - basis.from_s
    return {
        _terminal_id(basis, index): ratio(held_s[terminal == index].sum(), plan.berths * window_s)
        for index, plan in enumerate(basis.evidence.network.terminals)
    }


def berth_wait(basis: Basis) -> Figures:
    """Mean time in the queue for a berth, of those whose berth was given in the window."""
    spans = basis.world.records.vehicles
    joined = (spans.kind == Kind.BERTH_JOINED) & (spans.to_s >= basis.from_s) & (spans.to_s < basis.to_s)
    terminal, waited_s = spans.facility[joined] // 4, (spans.to_s - spans.from_s)[joined]
    return {
        _terminal_id(basis, index): mean(waited_s[terminal == index]) / HOUR_S
        for index in range(len(basis.evidence.network.terminals))
    }


def _busy_share(basis: Basis, kinds: tuple[Kind, ...], facility: int, servers: int) -> float:
    """Open time within spans of these kinds at a facility over its servers times its open time in the window."""
    cargo = basis.world.records.cargo
    there = np.isin(cargo.kind, kinds) & (cargo.facility == facility)
    hours = basis.evidence.draws.timelines[facility]
    from_s, to_s = (np.clip(times, basis.from_s, basis.to_s) for times in (cargo.from_s[there], cargo.to_s[there]))
    window = np.array([basis.from_s]), np.array([basis.to_s])
    return ratio(hours.open_seconds(from_s, to_s).sum(), servers * hours.open_seconds(*window).sum())


def crane_occupancy(basis: Basis) -> Figures:
    """Of each terminal's cranes."""
    network = basis.evidence.network
    kinds = (Kind.LOAD_STARTED, Kind.UNLOAD_STARTED)
    return {
        _terminal_id(basis, index): _busy_share(basis, kinds, network.facility(index, CRANE), plan.cranes)
        for index, plan in enumerate(network.terminals)
    }


def post_occupancy(basis: Basis) -> Figures:
    """Of each post's servers."""
    network = basis.evidence.network
    return {
        post.id: _busy_share(basis, (Kind.POST_STARTED,), network.post_facility(index), network.post_servers[index])
        for index, post in enumerate(basis.evidence.scenario.posts)
    }


def _waits_h(basis: Basis, posts: list[int]) -> float:
    cargo = basis.world.records.cargo
    first = basis.evidence.network.post_facility(0)
    served = (cargo.kind == Kind.POST_JOINED) & np.isin(cargo.facility - first, posts)
    served &= (cargo.to_s >= basis.from_s) & (cargo.to_s < basis.to_s)
    return mean((cargo.to_s - cargo.from_s)[served]) / HOUR_S


def post_wait(basis: Basis) -> Figures:
    """By post."""
    return {post.id: _waits_h(basis, [index]) for index, post in enumerate(basis.evidence.scenario.posts)}


def customs_wait(basis: Basis) -> Figures:
    """Over the visits to all customs posts."""
    posts = [index for index, post in enumerate(basis.evidence.scenario.posts) if post.kind == "customs"]
    return {"": _waits_h(basis, posts)}


def yard_contents(basis: Basis) -> tuple[Ints, Ints, Ints]:
    """Seconds, pools and changes in kilograms of every yard pool, in the order of the log.

    Room is taken when a discharge begins and given back when the next loading ends, or on delivery.
    """
    cargo, draws, network = basis.world.records.cargo, basis.evidence.draws, basis.evidence.network
    marks = np.flatnonzero(np.isin(cargo.kind, (Kind.UNLOAD_STARTED, Kind.LOAD_ENDED, Kind.DELIVERED)))
    who, kind = cargo.entity[marks], cargo.kind[marks]
    taken = np.cumsum(kind == Kind.UNLOAD_STARTED)
    before = np.append(0, taken)[np.searchsorted(who, who)]
    ride = taken - before - 1
    slots = np.full((len(network.flows), 1 + int(ride.max(initial=0))), -1, dtype=np.int64)
    for flow, plan in enumerate(network.flows):
        for step in plan.steps:
            if isinstance(step, Ride) and step.ride < slots.shape[1]:
                slots[flow, step.ride] = step.slot
    pool = np.where(ride >= 0, slots[draws.flow[who], ride], -1)
    change = np.where(kind == Kind.UNLOAD_STARTED, draws.kg[who], -draws.kg[who])
    counted = np.flatnonzero(pool >= 0)
    order = counted[np.argsort(cargo.row[marks[counted]], kind="stable")]
    return cargo.from_s[marks[order]], pool[order], change[order]


def _peaks_kg(basis: Basis) -> list[tuple[str, int, int]]:
    """Name, most kilograms held in the window, and capacity of each pool."""
    network = basis.evidence.network
    at_s, pool, change = yard_contents(basis)
    peaks = []
    for index, plan in enumerate(network.pools):
        mine = pool == index
        when, held = at_s[mine], np.cumsum(change[mine])
        before = int(held[when < basis.from_s][-1]) if np.any(when < basis.from_s) else 0
        inside = held[(when >= basis.from_s) & (when < basis.to_s)]
        name = network.facility_names[network.pool_facility(index)]
        peaks.append((name, max(before, int(inside.max(initial=0))), plan.capacity_kg))
    return peaks


def yard_peak(basis: Basis) -> Figures:
    """By yard (or its part for one direction)."""
    return {name.replace(".", "-"): peak / 1000 for name, peak, _ in _peaks_kg(basis)}


def yard_peak_share(basis: Basis) -> Figures:
    """The same over its capacity."""
    return {name.replace(".", "-"): ratio(peak, capacity) for name, peak, capacity in _peaks_kg(basis)}
