"""Visiting: what the visits of cargo to posts add up to, by what flows and by post."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.compiling import compiled
from sim.kpis.adding import add_visits
from sim.kpis.evidence import Evidence
from sim.kpis.openings import Opened, open_until

__all__ = ["Visited", "visited"]

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Visited:
    """Sums over the visits to posts, in int64 columns."""

    customs_s: Mapping[str, Ints]
    """(flows,) seconds of all that is counted at customs posts: in their queues while open, in service, while shut."""
    busy_s: Ints
    """(posts,) open seconds of service within the window."""
    served: Ints
    """(posts,) services begun within the window."""
    queued_s: Ints
    """(posts,) seconds in the queue before those."""


def visited(evidence: Evidence, opened: Opened, flow: Ints, is_customs: npt.NDArray[np.bool_]) -> Visited:
    """The sums of one replication; `flow` (C,) is -1 for consignments that do not count at customs."""
    network, visits = evidence.network, evidence.records.visits
    first, window = network.post_facility(0), (network.window_from_s, network.window_to_s)
    finishes = np.array([on_close == "finish" for on_close in network.post_on_close], dtype=bool)
    edges = [[open_until(opened, first + post, at_s) for at_s in window] for post in range(len(finishes))]
    posts = is_customs, finishes, np.array(edges, dtype=np.int64).reshape(-1, 2)
    by_flow, by_post = (np.zeros((rows, 3), dtype=np.int64) for rows in (len(network.flows), len(finishes)))
    columns = visits.consignment, visits.post, visits.joined_s, visits.started_s, visits.ended_s
    compiled(add_visits)(columns, opened, posts, (*window, evidence.records.end_s, first), flow, (by_flow, by_post))
    queue, service, whole = by_flow.T
    return Visited({"queue": queue, "service": service, "closed": whole - queue - service}, *by_post.T)
