"""The tiny corridor of `tiny.toml`, and a log of it written by hand: no engine has a say in it.

The cranes of ta are shut from 5 h to 6 h (calendar), the entry of tb from 17.5 h to 20 h (weather), the desk from 26 h to
36 h (calendar).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from sim.causes import hours
from sim.draws import Draws, draw
from sim.events import EventLog, Kind
from sim.kpis import Evidence
from sim.ledger import settle
from sim.records import read
from sim.scenario import loads
from sim.scenario.schema import Scenario
from sim.scenario.wiring import network_of
from sim.world.network import Network
from sim.world.timeline import Window, timeline

HERE = Path(__file__).parent
HOUR_S = 3600

STORY = """
 0.0 h  ARRIVED v0 ta.gate
 0.0 h  GATE_STARTED v0 ta.gate
 0.5 h  GATE_ENDED v0 ta.gate
 0.5 h  BERTH_JOINED v0 ta.berths
 0.5 h  BERTH_GIVEN v0 ta.berths
 1.0 h  RELEASED c0 = 60000
 1.0 h  WAITING c0 ta.quay = 0
 1.5 h  BERTHED v0 ta.berths
 1.5 h  POSITIONED v0 ta.quay = 0
 1.5 h  ACCEPTED c0 v0 ta.quay
 1.5 h  LOAD_STARTED c0 v0 ta.cranes
 2.0 h  RELEASED c1 = 40000
 2.0 h  WAITING c1 ta.quay = 0
 2.0 h  ACCEPTED c1 v0 ta.quay
 4.5 h  LOAD_ENDED c0 v0 ta.cranes = 0
 4.5 h  LOAD_STARTED c1 v0 ta.cranes
 7.5 h  LOAD_ENDED c1 v0 ta.cranes = 0
 7.5 h  CLOSED v0 ta.quay = 100000
 7.5 h  DEPARTED v0 ta.quay = 100000
 8.5 h  CLEARED v0 ta.berths
17.5 h  ARRIVED v0 tb.gate = 100000
17.5 h  BERTH_JOINED v0 tb.berths
21.0 h  BERTH_GIVEN v0 tb.berths
22.0 h  BERTHED v0 tb.berths
22.0 h  UNLOAD_STARTED c0 v0 tb.cranes = 0
25.0 h  UNLOAD_ENDED c0 v0 tb.cranes = 0
25.0 h  NO_SLOT c1 v0 yard
25.0 h  POST_JOINED c0 desk
25.0 h  POST_STARTED c0 desk
37.0 h  POST_ENDED c0 desk
37.0 h  DELIVERED c0 = 60000
37.0 h  UNLOAD_STARTED c1 v0 tb.cranes = 0
39.0 h  UNLOAD_ENDED c1 v0 tb.cranes = 0
39.0 h  POST_JOINED c1 desk
39.0 h  DISCHARGED v0 tb.quay
39.0 h  POSITIONED v0 tb.quay = 0
40.0 h  POST_STARTED c1 desk
41.0 h  POST_ENDED c1 desk
41.0 h  DELIVERED c1 = 40000
45.0 h  CLOSED v0 tb.quay = 0
45.0 h  DEPARTED v0 tb.quay = 0
46.0 h  CLEARED v0 tb.berths
55.0 h  ARRIVED v0 ta.gate
55.0 h  ENDED = 0
"""


def log_of(network: Network, text: str) -> EventLog:
    """The log that lines such as ``1.5 h  ACCEPTED c0 v0 ta.quay = 7`` say."""
    rows = []
    for line in filter(None, map(str.strip, text.splitlines())):
        event, _, value = line.partition(" = ")
        at_h, _, kind, *words = event.split()
        row = {"c": -1, "v": -1, "f": -1}
        for word in words:
            if word[0] in "cv" and word[1:].isdigit():
                row[word[0]] = int(word[1:])
            else:
                row["f"] = network.facility_names.index(word)
        rows.append((round(float(at_h) * HOUR_S), int(Kind[kind]), row["c"], row["v"], row["f"], int(value or 0)))
    at_s, kinds, consignment, vehicle, facility, values = np.array(rows, dtype=np.int64).T.copy()
    return EventLog(at_s=at_s, kind=kinds, consignment=consignment, vehicle=vehicle, facility=facility, value=values)


def corridor(toml: str = "") -> tuple[Scenario, Network, Draws]:
    """The scenario with `toml` laid over it, its network, and its draws with the closures of the story."""
    scenario = loads(f'extends = "tiny.toml"\n{toml}', base=HERE).scenario
    network = network_of(scenario)
    closures: Mapping[str, Window] = {
        "ta.cranes": Window(5 * HOUR_S, 6 * HOUR_S, 0, "calendar"),
        "tb.berths": Window(35 * HOUR_S // 2, 20 * HOUR_S, 0, "weather"),
        "desk": Window(26 * HOUR_S, 36 * HOUR_S, 0, "calendar"),
    }
    drawn = draw(scenario, network, 1, 0)
    hours_of = list(drawn.timelines)
    for name, window in closures.items():
        hours_of[network.facility_names.index(name)] = timeline([window], network.horizon_s)
    return scenario, network, replace(drawn, timelines=tuple(hours_of))


def evidence(toml: str = "", story: str = STORY) -> Evidence:
    """The evidence of a story told in the tiny corridor."""
    scenario, network, draws = corridor(toml)
    log = log_of(network, story)
    records = read(network, log, len(draws.kg))
    return Evidence(
        scenario=scenario, network=network, draws=draws, log=log, records=records,
        hours=hours(scenario, network, draws, records), ledger=settle(scenario, network, draws, records),
    )  # fmt: skip
