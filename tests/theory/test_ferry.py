"""A ferry by timetable against Bailey's bulk queue."""

from __future__ import annotations

import numpy as np
import pytest

from sim.events import Kind
from sim.world.network import QUAY
from tests.theory.measuring import replications, spans
from tests.theory.queueing import bailey_queue, theory_holds

FERRY = """
[run]
start = 2026-01-01
warm_up = "50 d"
run_length = "20000 d"
drain = "50 d"

[[commodities]]
id = "grain"
form = "bulk"
value = "212 USD/t"

[[nodes]]
id = "near"
kind = "seaport"
country = "IR"
lat = 37.5
lon = 49.5

[[nodes]]
id = "far"
kind = "seaport"
country = "KZ"
lat = 43.6
lon = 51.2

[[legs]]
id = "crossing"
mode = "sea"
ends = ["near", "far"]
distance = "40 nm"
transit = "4 h"

[[terminals]]
id = "slip"
node = "near"
mode = "sea"
berths = 1
rate = "3600 t/h"

[[terminals]]
id = "ramp"
node = "far"
mode = "sea"
berths = 1
rate = "3600 t/h"

[[services]]
id = "ferry"
mode = "sea"
stops = ["near", "far"]
vehicles = 1
capacity = "3 t"
empty = "always"
waits_at = "berth"
departures = [{{ stop = "near", every = "10 h" }}]

[[routes]]
id = "across"
nodes = ["near", "far"]
services = ["ferry"]

[[demand]]
id = "lots"
commodity = "grain"
direction = "export"
volume = "{volume} t/yr"
lot = "1 t"
routes = {{ across = 1.0 }}
"""
PLACES, HEADWAY_H = 3, 10
"""Lots of a tonne on a vehicle of three, every ten hours.

In heavy traffic the mean queue of n departures has a relative variance of 2 m / (K - m)² / n, where m arrive for K places (a
reflected Brownian motion): at most 900 000 departures are needed, and there are 48 000 in a replication.
"""


@pytest.mark.parametrize(("load", "count"), [(0.5, 12), (0.8, 40)])
def test_a_ferry_is_baileys_queue(load: float, count: int) -> None:
    """A ferry of capacity K with a fixed headway, half or four fifths full, finds Bailey's mean queue, and cargo waits so.

    By Little's law the mean wait is the time-average of the queue over the rate: what a departure leaves behind, and half of
    what arrives within a headway.
    """
    mean = load * PLACES
    per_h = mean / HEADWAY_H
    queues: list[float] = []
    waits_h: list[float] = []
    for network, _, log in replications(FERRY.format(volume=8760 * per_h), count):
        quay = network.facility(0, QUAY)
        window = (network.window_from_s, network.window_to_s)
        ready_s, _ = spans(log, Kind.WAITING, Kind.ACCEPTED, quay)
        ready_s = np.sort(ready_s)
        here = (log.kind == Kind.DEPARTED) & (log.facility == quay)
        departs_s, taken = log.at_s[here], log.value[here] // 1000
        due_s = departs_s - departs_s % (3600 * HEADWAY_H)
        assert (departs_s - due_s <= PLACES).all(), "no later than loading takes, a second for each lot"
        leaves_s = np.repeat(due_s, taken)
        ready_to_leave_s = ready_s[: len(leaves_s)]
        measured = (ready_to_leave_s >= window[0]) & (ready_to_leave_s < window[1])
        waits_h.append(float((leaves_s - ready_to_leave_s)[measured].mean() / 3600))
        in_window = (due_s >= window[0]) & (due_s < window[1])
        found = np.searchsorted(ready_s, due_s) - (np.cumsum(taken) - taken)
        queues.append(float(found[in_window].mean()))
    left_behind = bailey_queue(PLACES, mean) - mean
    theory_holds(queues, bailey_queue(PLACES, mean))
    theory_holds(waits_h, (left_behind + mean / 2) / per_h)
