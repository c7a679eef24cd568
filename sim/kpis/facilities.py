"""Facilities: how busy berths, cranes, posts and yards are in the measured window, and how long one waits for them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.kpis.evidence import Basis, Figures, clipped, mean, means, ratio
from sim.records import reached
from sim.tariffs import sums
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
    stays, end_s = basis.records.berthings, basis.records.end_s
    spans_s = clipped(basis, reached(stays.given_s, end_s), reached(stays.cleared_s, end_s))
    held_s = sums(stays.terminal, spans_s, len(basis.evidence.network.terminals))
    window_s = basis.to_s - basis.from_s
    return {
        _terminal_id(basis, index): ratio(held_s[index], plan.berths * window_s)
        for index, plan in enumerate(basis.evidence.network.terminals)
    }


def berth_wait(basis: Basis) -> Figures:
    """Mean time in the queue for a berth, of those whose berth was given in the window."""
    stays = basis.records.berthings
    given_s = reached(stays.given_s, basis.records.end_s)
    counted = np.flatnonzero((stays.joined_s >= 0) & (given_s >= basis.from_s) & (given_s < basis.to_s))
    waited_s = given_s[counted] - stays.joined_s[counted]
    means_s = means(stays.terminal[counted], waited_s, len(basis.evidence.network.terminals))
    return {_terminal_id(basis, index): mean_s / HOUR_S for index, mean_s in enumerate(means_s)}


def _busy_share(basis: Basis, facility: int, servers: int, from_s: Ints, to_s: Ints) -> float:
    """Open time within these spans of work at a facility over its servers times its open time in the window."""
    hours = basis.evidence.draws.timelines[facility]
    from_s, to_s = (np.clip(times, basis.from_s, basis.to_s) for times in (from_s, to_s))
    window = np.array([basis.from_s]), np.array([basis.to_s])
    return ratio(hours.open_seconds(from_s, to_s).sum(), servers * hours.open_seconds(*window).sum())


def crane_occupancy(basis: Basis) -> Figures:
    """Of each terminal's cranes."""
    network, rides, end_s = basis.evidence.network, basis.records.rides, basis.records.end_s
    loads = rides.board, reached(rides.load_started_s, end_s), reached(rides.load_ended_s, end_s)
    discharges = rides.alight, reached(rides.unload_started_s, end_s), reached(rides.unload_ended_s, end_s)
    terminal, from_s, to_s = (np.concatenate(columns) for columns in zip(loads, discharges, strict=True))
    return {
        _terminal_id(basis, index): _busy_share(
            basis, network.facility(index, CRANE), plan.cranes, from_s[terminal == index], to_s[terminal == index]
        )
        for index, plan in enumerate(network.terminals)
    }


def post_occupancy(basis: Basis) -> Figures:
    """Of each post's servers."""
    network, visits, end_s = basis.evidence.network, basis.records.visits, basis.records.end_s
    from_s, to_s = reached(visits.started_s, end_s), reached(visits.ended_s, end_s)
    shares = {}
    for index, post in enumerate(basis.evidence.scenario.posts):
        facility = network.post_facility(index)
        there = visits.post == facility
        shares[post.id] = _busy_share(basis, facility, network.post_servers[index], from_s[there], to_s[there])
    return shares


def _served(basis: Basis) -> tuple[Ints, Ints]:
    """Post and seconds in its queue of each visit that was served from within the window."""
    visits = basis.records.visits
    started_s = reached(visits.started_s, basis.records.end_s)
    served = np.flatnonzero((visits.joined_s >= 0) & (started_s >= basis.from_s) & (started_s < basis.to_s))
    return visits.post[served] - basis.evidence.network.post_facility(0), started_s[served] - visits.joined_s[served]


def post_wait(basis: Basis) -> Figures:
    """By post."""
    posts = basis.evidence.scenario.posts
    means_s = means(*_served(basis), len(posts))
    return {post.id: mean_s / HOUR_S for post, mean_s in zip(posts, means_s, strict=True)}


def customs_wait(basis: Basis) -> Figures:
    """Over the visits to all customs posts."""
    post, waited_s = _served(basis)
    return {"": mean(waited_s[basis.world.post_is_customs[post]]) / HOUR_S}


def yard_contents(basis: Basis) -> tuple[Ints, Ints, Ints]:
    """Seconds, pools and changes in kilograms of every yard pool, in the order of the log.

    Room is taken when a discharge begins and given back when the next loading ends, or on delivery.
    """
    rides, cargo, draws = basis.records.rides, basis.records.cargo, basis.evidence.draws
    taken, pool = np.flatnonzero(rides.unload_started_s >= 0), _pools(basis)
    taken = taken[pool[taken] >= 0]
    who = rides.consignment[taken]
    goes_on, following = taken + 1 < rides.first[who + 1], np.minimum(taken + 1, len(rides.consignment) - 1)
    left_s = np.where(goes_on, rides.load_ended_s[following], cargo.delivered_s[who])
    left_row = np.where(goes_on, rides.load_ended_row[following], cargo.delivered_row[who])
    kg, left = draws.kg[who], np.flatnonzero(left_s >= 0)
    row = np.concatenate([rides.unload_started_row[taken], left_row[left]])
    order = np.argsort(row)
    return (
        np.concatenate([rides.unload_started_s[taken], left_s[left]])[order],
        np.concatenate([pool[taken], pool[taken[left]]])[order],
        np.concatenate([kg, -kg[left]])[order],
    )


def _pools(basis: Basis) -> Ints:
    """(rides,) the pool of yard room at the far end of each ride; -1 where room is not limited."""
    rides, network = basis.records.rides, basis.evidence.network
    number = np.arange(len(rides.consignment)) - rides.first[rides.consignment]
    slots = np.full((len(network.flows), 1 + int(number.max(initial=0))), -1, dtype=np.int64)
    for flow, plan in enumerate(network.flows):
        for step in plan.steps:
            if isinstance(step, Ride) and step.ride < slots.shape[1]:
                slots[flow, step.ride] = step.slot
    return np.asarray(slots[basis.evidence.draws.flow[rides.consignment], number], dtype=np.int64)


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
