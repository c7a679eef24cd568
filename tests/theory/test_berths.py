"""A berth that the ships of other trades take, against M/G/1; it is warmed up for a hundred relaxation times or more."""

from __future__ import annotations

import pytest

from sim.events import Kind
from sim.world.network import BERTH
from tests.theory.measuring import replications, spans
from tests.theory.queueing import mg1_wait, mmc_arrivals, theory_holds

PORT = """
[run]
start = 2026-01-01
warm_up = "300 d"
run_length = "{hours} h"
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
manoeuvre = "6 min"

[[background]]
id = "others"
terminal = "quay"
calls = "{calls} /yr"
stay = {{ distribution = "gamma", mean = "48 min", cv = 0.5 }}
"""
MEAN_H, VARIANCE = 0.1 + 0.8 + 0.1, 0.4**2
REPLICATIONS = 40


@pytest.mark.parametrize("utilisation", [0.5, 0.8])
def test_ships_wait_for_a_berth_as_mg1(utilisation: float) -> None:
    """Ships of other trades hold the berth while they moor and unmoor too, and wait as Pollaczek and Khinchine say.

    The few that wait when the run ends are left out; tens of thousands have a berth by then.
    """
    per_h = utilisation / MEAN_H
    hours = round(mmc_arrivals(utilisation, 1, REPLICATIONS) / REPLICATIONS / per_h)
    means: list[float] = []
    for network, _, log in replications(PORT.format(hours=hours, calls=8760 * per_h), REPLICATIONS):
        from_s, to_s = spans(log, Kind.BERTH_JOINED, Kind.BERTH_GIVEN, network.facility(0, BERTH), "vehicle")
        measured = (from_s >= network.window_from_s) & (to_s >= 0)
        means.append(float((to_s - from_s)[measured].mean() / 3600))
    theory_holds(means, mg1_wait(per_h, MEAN_H, VARIANCE))
