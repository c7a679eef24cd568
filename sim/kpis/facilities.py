"""Facilities: how busy berths, cranes, posts and yards are in the measured window, and how long one waits for them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.kpis.basis import Basis, clipped, open_until
from sim.kpis.evidence import Figures, mean, means, ratio
from sim.records import reached
from sim.tariffs import sums
from sim.units import HOUR_S
from sim.world.network import CRANE

__all__ = [
    "berth_occupancy", "berth_wait", "crane_occupancy", "customs_wait", "post_occupancy", "post_wait",
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


def _busy_share(basis: Basis, facility: int, servers: int, spans: tuple[Ints, Ints]) -> float:
    """Work at a facility over its servers times its open time, both within the window.

    `spans` are the seconds for which it had been open when each piece of work began and when it ended.
    """
    hours = basis.evidence.draws.timelines[facility]
    opens_s, shuts_s = open_until(hours, np.array([basis.from_s, basis.to_s])).tolist()
    begun_s, done_s = (np.clip(opened_s, opens_s, shuts_s) for opened_s in spans)
    return ratio((done_s - begun_s).sum(), servers * (shuts_s - opens_s))


def crane_occupancy(basis: Basis) -> Figures:
    """Of each terminal's cranes."""
    network, rides, end_s = basis.evidence.network, basis.records.rides, basis.records.end_s
    loads = rides.board, reached(rides.load_started_s, end_s), reached(rides.load_ended_s, end_s)
    discharges = rides.alight, reached(rides.unload_started_s, end_s), reached(rides.unload_ended_s, end_s)
    terminal, from_s, to_s = (np.concatenate(columns) for columns in zip(loads, discharges, strict=True))
    shares = {}
    for index, plan in enumerate(network.terminals):
        facility, there = network.facility(index, CRANE), np.flatnonzero(terminal == index)
        hours = basis.evidence.draws.timelines[facility]
        spans = open_until(hours, from_s[there]), open_until(hours, to_s[there])
        shares[_terminal_id(basis, index)] = _busy_share(basis, facility, plan.cranes, spans)
    return shares


def post_occupancy(basis: Basis) -> Figures:
    """Of each post's servers."""
    network, visited = basis.evidence.network, basis.visited
    shares = {}
    for index, post in enumerate(basis.evidence.scenario.posts):
        there = np.flatnonzero(visited.post == index)
        spans = visited.open_started_s[there], visited.open_ended_s[there]
        shares[post.id] = _busy_share(basis, network.post_facility(index), network.post_servers[index], spans)
    return shares


def _served(basis: Basis) -> tuple[Ints, Ints]:
    """Post and seconds in its queue of each visit that was served from within the window."""
    visited = basis.visited
    served = np.flatnonzero((visited.started_s >= basis.from_s) & (visited.started_s < basis.to_s))
    return visited.post[served], visited.started_s[served] - visited.joined_s[served]


def post_wait(basis: Basis) -> Figures:
    """By post."""
    posts = basis.evidence.scenario.posts
    means_s = means(*_served(basis), len(posts))
    return {post.id: mean_s / HOUR_S for post, mean_s in zip(posts, means_s, strict=True)}


def customs_wait(basis: Basis) -> Figures:
    """Over the visits to all customs posts."""
    post, waited_s = _served(basis)
    return {"": mean(waited_s[basis.world.post_is_customs[post]]) / HOUR_S}


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
