"""A corridor with one of everything that is drawn, and ways to compare what is drawn for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

import numpy as np

from sim import scenario as language
from sim.draws import Draws, draw
from sim.scenario import Resolved
from sim.scenario.wiring import network_of
from sim.world.network import Network

__all__ = ["CORRIDOR", "alike", "changed", "drawn", "resolved", "shipments_of", "works_of"]

CORRIDOR = """
[run]
start = 2026-01-01
warm_up = "0 d"
run_length = "365 d"
drain = "0 d"

[[commodities]]
id = "fruit"
form = "reefer"
value = "900 USD/t"
teu_load = "10 t/TEU"
plugs_per_teu = 0.5
stowage = "2 m3/t"

[[commodities]]
id = "coil"
form = "break-bulk"
value = "700 USD/t"

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

[[nodes]]
id = "hub"
kind = "hub"
country = "KZ"
lat = 43.6
lon = 51.2

[[legs]]
id = "road"
mode = "road"
ends = ["city", "port"]
distance = "220 km"
transit = { distribution = "gamma", mean = "5 h", cv = 0.3 }

[[legs]]
id = "long-road"
mode = "road"
ends = ["city", "hub"]
distance = "2000 km"
transit = { distribution = "lognormal", mean = "80 h", cv = 0.4 }

[[legs]]
id = "sea"
mode = "sea"
ends = ["port", "hub"]
distance = "382 nm"
delay = { distribution = "exponential", mean = "2 h" }

[[terminals]]
id = "depot"
node = "city"
mode = "road"
berths = 4
rate = "70 t/h"

[[terminals]]
id = "yard"
node = "port"
mode = "road"
berths = 4
rate = "50 t/h"
gate = { time = { distribution = "exponential", mean = "10 min" } }

[[terminals]]
id = "quay"
node = "port"
mode = "sea"
berths = 2
rate = "100 t/h"

[[terminals]]
id = "pier"
node = "hub"
mode = "sea"
berths = 2
rate = "100 t/h"
rates = { reefer = "60 t/h" }

[[terminals]]
id = "dock"
node = "hub"
mode = "road"
berths = 4
rate = "50 t/h"

[[posts]]
id = "customs"
node = "port"
time = { distribution = "exponential", mean = "1 h" }

[[posts]]
id = "papers"
node = "hub"
time = { distribution = "lognormal", median = "6 h", p95 = "30 h" }
per = "shipment"
servers = 4

[[services]]
id = "trucks"
mode = "road"
stops = ["city", "port"]
vehicles = 3
capacity = "24 t"

[[services]]
id = "ships"
mode = "sea"
stops = ["port", "hub"]
vehicles = 2
capacity = "3000 t"
speed = "10 kn"

[[services]]
id = "haulers"
mode = "road"
stops = ["city", "hub"]
vehicles = 2
capacity = "20 t"

[[routes]]
id = "by-sea"
nodes = ["city", "port", "hub"]
services = ["trucks", "ships"]

[[routes]]
id = "by-road"
nodes = ["city", "hub"]
services = ["haulers"]

[[routes]]
id = "home"
nodes = ["hub", "port", "city"]
services = ["ships", "trucks"]

[[demand]]
id = "fruit-out"
commodity = "fruit"
direction = "export"
volume = "30 kt/yr"
lot = { distribution = "uniform", low = "20 t", high = "40 t" }
season = [1, 1, 1, 0, 2, 2, 3, 3, 4, 4, 2, 1]
routes = { by-sea = 0.7, by-road = 0.3 }

[[demand]]
id = "coil-in"
commodity = "coil"
direction = "import"
volume = "25 kt/yr"
lot = "50 t"
routes = { home = 1.0 }

[[demand]]
id = "machines"
commodity = "coil"
direction = "export"
arrivals = "listed"
shipments = [{ at = "10 d", mass = "60 t" }, { at = "20 d", mass = "20 t" }, { at = "400 d", mass = "20 t" }]
routes = { by-sea = 1.0 }

[[background]]
id = "others"
terminal = "quay"
calls = "100 /yr"
stay = { distribution = "exponential", mean = "20 h" }

[[disruptions]]
kind = "spells"
id = "storm"
on = ["quay"]
bars = ["entry"]
closed_days = [3, 3, 2, 2, 1, 1, 1, 1, 2, 2, 3, 3]
spell = { distribution = "exponential", mean = "18 h" }

[[disruptions]]
kind = "breakdowns"
id = "engine"
on = ["ships"]
between = { distribution = "exponential", mean = "20 d" }
repair = { distribution = "exponential", mean = "12 h" }
"""


def resolved(changes: Mapping[str, object] | None = None, text: str = CORRIDOR) -> Resolved:
    """The corridor, or that of another text, with other values at some dotted keys."""
    whole = language.loads(text)
    return whole.replace(changes) if changes else whole


def drawn(
    changes: Mapping[str, object] | None = None, text: str = CORRIDOR, seed: int = 7, replication: int = 0
) -> tuple[Network, Draws]:
    """Network and draws of the corridor so changed."""
    scenario = resolved(changes, text).scenario
    network = network_of(scenario)
    return network, draw(scenario, network, seed, replication)


def changed(before: Draws, after: Draws) -> set[str]:
    """Names of the columns that differ; of those with one array for each entity, the name and number of the array.

    Of two arrays of voyages the longer must begin with the shorter: how many are drawn changes none of them.
    """
    names: set[str] = set()
    for column in fields(Draws):
        values = [getattr(draws, column.name) for draws in (before, after)]
        if isinstance(values[0], tuple):
            longer = max(map(len, values))
            padded = [[*value, *[None] * (longer - len(value))] for value in values]
            names |= {f"{column.name}[{index}]" for index in range(longer) if not alike(padded[0][index], padded[1][index])}
        elif not np.array_equal(*values):
            names.add(column.name)
    return names


def alike(one: object, other: object) -> bool:
    """Whether two timelines are equal, or the longer of two arrays begins with the shorter."""
    if not isinstance(one, np.ndarray) or not isinstance(other, np.ndarray):
        return one is not None and one == other
    n = min(len(one), len(other))
    return np.array_equal(one[:n], other[:n])


def shipments_of(network: Network, draws: Draws, stream: int) -> dict[tuple[int, int], tuple[int, int, int]]:
    """Release, kilograms and route of each shipment of a stream, by (layer, k)."""
    routes = [flow.route for flow in network.flows]
    columns = (
        draws.shipment_stream,
        draws.shipment_layer,
        draws.shipment_k,
        draws.shipment_release_s,
        draws.shipment_kg,
        draws.shipment_flow,
    )
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return {(layer, k): (at_s, kg, routes[flow]) for of, layer, k, at_s, kg, flow in rows if of == stream}


def works_of(draws: Draws, stream: int) -> dict[tuple[int, int, int], tuple[int, ...]]:
    """Times at the posts of each consignment of a stream, by (layer, k, piece)."""
    mine = np.flatnonzero(draws.shipment_stream[draws.shipment] == stream)
    shipment = draws.shipment[mine]
    keys = zip(
        draws.shipment_layer[shipment].tolist(), draws.shipment_k[shipment].tolist(), draws.piece[mine].tolist(), strict=True
    )
    return dict(zip(keys, map(tuple, draws.post_work_s[mine].tolist()), strict=True))
