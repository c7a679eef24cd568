"""Facilities: how busy berths, cranes, posts and yards are in the measured window, and how long one waits for them."""

from __future__ import annotations

import numpy as np

from sim.compiling import compiled
from sim.kpis.adding import add_work
from sim.kpis.basis import Basis, clipped
from sim.kpis.evidence import Figures, means, ratio
from sim.kpis.openings import open_until
from sim.records import reached
from sim.tariffs import sums
from sim.units import HOUR_S
from sim.world.network import CRANE

__all__ = [
    "berth_occupancy", "berth_wait", "crane_occupancy", "customs_wait", "post_occupancy", "post_wait",
    "yard_peak", "yard_peak_share",
]  # fmt: skip


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


def _busy_share(basis: Basis, facility: int, servers: int, busy_s: int) -> float:
    """Seconds of work at a facility while it is open over its servers times its open time, both within the window."""
    opens_s, shuts_s = (open_until(basis.opened, facility, at_s) for at_s in (basis.from_s, basis.to_s))
    return ratio(busy_s, servers * (shuts_s - opens_s))


def crane_occupancy(basis: Basis) -> Figures:
    """Of each terminal's cranes."""
    network, rides = basis.evidence.network, basis.records.rides
    cranes = np.array([network.facility(index, CRANE) for index in range(len(network.terminals))], dtype=np.int64)
    busy_s, times = np.zeros(len(cranes), dtype=np.int64), (basis.from_s, basis.to_s, basis.records.end_s)
    loads = rides.board, rides.load_started_s, rides.load_ended_s
    discharges = rides.alight, rides.unload_started_s, rides.unload_ended_s
    for work in (loads, discharges):
        compiled(add_work)(work, cranes, basis.opened, times, busy_s)
    return {
        _terminal_id(basis, index): _busy_share(basis, int(cranes[index]), plan.cranes, int(busy_s[index]))
        for index, plan in enumerate(network.terminals)
    }


def post_occupancy(basis: Basis) -> Figures:
    """Of each post's servers."""
    network, busy_s = basis.evidence.network, basis.visited.busy_s.tolist()
    return {
        post.id: _busy_share(basis, network.post_facility(index), network.post_servers[index], busy_s[index])
        for index, post in enumerate(basis.evidence.scenario.posts)
    }


def post_wait(basis: Basis) -> Figures:
    """By post."""
    posts, visited = basis.evidence.scenario.posts, basis.visited
    waits_s = zip(posts, visited.queued_s, visited.served, strict=True)
    return {post.id: ratio(queued_s, served) / HOUR_S for post, queued_s, served in waits_s}


def customs_wait(basis: Basis) -> Figures:
    """Over the visits to all customs posts."""
    visited, is_customs = basis.visited, basis.world.post_is_customs
    return {"": ratio(visited.queued_s[is_customs].sum(), visited.served[is_customs].sum()) / HOUR_S}


def _pool_name(basis: Basis, pool: int) -> str:
    network = basis.evidence.network
    return network.facility_names[network.pool_facility(pool)].replace(".", "-")


def yard_peak(basis: Basis) -> Figures:
    """By yard (or its part for one direction)."""
    return {_pool_name(basis, pool): peak / 1000 for pool, peak in enumerate(basis.yard_peaks_kg)}


def yard_peak_share(basis: Basis) -> Figures:
    """The same over its capacity."""
    pools, peaks = basis.evidence.network.pools, basis.yard_peaks_kg
    return {_pool_name(basis, pool): ratio(peak, pools[pool].capacity_kg) for pool, peak in enumerate(peaks)}
