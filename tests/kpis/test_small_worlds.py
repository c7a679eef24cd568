"""Accounts of worlds in which something is missing: no vehicles, no tariffs, no cargo at all; simulated, not written."""

from __future__ import annotations

import pytest

from sim.causes import hours
from sim.draws import draw
from sim.engine import simulate
from sim.kpis import Evidence, bottleneck, checks, measure
from sim.ledger import settle
from sim.records import read
from sim.scenario import loads
from sim.scenario.wiring import network_of

RUN = """
[run]
start = 2026-01-01
warm_up = "1 d"
run_length = "30 d"
drain = "10 d"
"""

DESK = """
[[commodities]]
id = "grain"
form = "bulk"
value = "200 USD/t"
[[nodes]]
id = "here"
kind = "border"
country = "IR"
lat = 37.0
lon = 49.0
[[posts]]
id = "desk"
node = "here"
time = "3 h"
[[routes]]
id = "through"
nodes = ["here"]
"""

DEMAND = """
[[demand]]
id = "d"
commodity = "grain"
direction = "export"
volume = "20 kt/yr"
lot = { distribution = "fixed", value = "10 t" }
routes = { through = 1.0 }
"""


def told(toml: str) -> Evidence:
    """The evidence of a simulated scenario."""
    scenario = loads(toml).scenario
    network = network_of(scenario)
    draws = draw(scenario, network, 1, 0)
    log = simulate(network, draws)
    records = read(network, log, len(draws.kg))
    return Evidence(
        scenario=scenario, network=network, draws=draws, log=log, records=records,
        hours=hours(scenario, network, draws, records), ledger=settle(scenario, network, draws, records),
    )  # fmt: skip


@pytest.mark.parametrize("toml", [RUN, RUN + DESK, RUN + DESK + DEMAND], ids=["nothing", "no demand", "no vehicles"])
def test_worlds_in_which_something_is_missing_close(toml: str) -> None:
    """Every figure can be asked for, and the checks are zero."""
    evidence = told(toml)
    measure(evidence)
    assert set(checks(evidence).values()) == {0}


def test_a_desk_alone_is_measured() -> None:
    """A desk at a good half of its capacity: the bottleneck; all the time is customs, and nothing costs anything."""
    figures = measure(told(RUN + DESK + DEMAND))
    assert figures["lead_time_by_cause_h.customs"] == pytest.approx(24 * figures["lead_time_d"])
    assert figures["cost_usd_per_t"] == 0
    found = bottleneck([figures])
    assert found is not None
    assert (found.what, found.id) == ("servers", "desk")
