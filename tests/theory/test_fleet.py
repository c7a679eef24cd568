"""A closed fleet against mean value analysis.

Cycles vary less than exponential times do, so that 60 000 departures suffice; there are 160 000 and more.
"""

from __future__ import annotations

import pytest

from sim.events import Kind
from sim.world.network import QUAY
from tests.theory.measuring import replications
from tests.theory.queueing import mva_throughput, theory_holds

FLEET = """
[run]
start = 2026-01-01
warm_up = "50 d"
run_length = "2000 d"
drain = "0 d"

[[nodes]]
id = "city"
kind = "city"
country = "IR"
lat = 36.3
lon = 50.0

[[nodes]]
id = "port"
kind = "seaport"
country = "IR"
lat = 37.5
lon = 49.5

[[legs]]
id = "there"
mode = "road"
ends = ["city", "port"]
one_way = true
distance = "220 km"
transit = {{ distribution = "exponential", mean = "5 h" }}

[[legs]]
id = "back"
mode = "road"
ends = ["port", "city"]
one_way = true
distance = "220 km"
transit = {{ distribution = "exponential", mean = "4 h" }}

[[terminals]]
id = "depot"
node = "city"
mode = "road"
berths = 1
rate = "50 t/h"
gate = {{ time = {{ distribution = "exponential", mean = "1 h" }} }}

[[terminals]]
id = "yard"
node = "port"
mode = "road"
berths = 1
rate = "50 t/h"
gate = {{ time = {{ distribution = "exponential", mean = "2 h" }} }}

[[services]]
id = "trucks"
mode = "road"
stops = ["city", "port"]
vehicles = {vehicles}
capacity = "24 t"
empty = "always"
"""


@pytest.mark.parametrize("vehicles", [1, 2, 4, 8])
def test_a_closed_fleet_turns_round_as_often_as_mean_value_analysis_says(vehicles: int) -> None:
    """Trucks that pass two gates in turn, and drive between them, depart as often as the closed network's throughput."""
    per_h: list[float] = []
    for network, _, log in replications(FLEET.format(vehicles=vehicles), 40):
        departures = log.where(Kind.DEPARTED)
        counted = (
            (departures.facility == network.facility(1, QUAY))
            & (departures.at_s >= network.window_from_s)
            & (departures.at_s < network.window_to_s)
        )
        per_h.append(counted.sum() * 3600 / (network.window_to_s - network.window_from_s))
    theory_holds(per_h, mva_throughput(vehicles, (1, 2), 9))
