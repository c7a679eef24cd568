"""A berth that the ships of other trades take, against M/G/1."""

from __future__ import annotations

from sim.events import Kind
from sim.world.network import BERTH
from tests.theory.measuring import replications, spans
from tests.theory.queueing import mg1_wait, theory_holds

PORT = """
[run]
start = 2026-01-01
warm_up = "300 d"
run_length = "3650 d"
drain = "0 d"

[[nodes]]
id = "port"
kind = "seaport"
country = "KZ"
lat = 43.6
lon = 51.2

[[terminals]]
id = "quay"
node = "port"
mode = "sea"
rate = "50 t/h"
berths = 1
manoeuvre = "1 h"

[[background]]
id = "others"
terminal = "quay"
calls = "438 /yr"
stay = { distribution = "gamma", mean = "8 h", cv = 0.5 }
"""
PER_H = 0.05
"""438 calls a year."""


def test_ships_wait_for_a_berth_as_mg1() -> None:
    """Ships of other trades hold the berth while they moor and unmoor too, and wait as Pollaczek and Khinchine say."""
    means: list[float] = []
    for network, _, log in replications(PORT, 20):
        from_s, to_s = spans(log, Kind.BERTH_JOINED, Kind.BERTH_GIVEN, network.facility(0, BERTH), "vehicle")
        measured = (from_s >= network.window_from_s) & (to_s >= 0)
        means.append(float((to_s - from_s)[measured].mean() / 3600))
    theory_holds(means, mg1_wait(PER_H, mean=1 + 8 + 1, variance=4**2))
