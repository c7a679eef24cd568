"""What stays as it was drawn when something else in the scenario changes."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest

from sim.draws import Draws, draw, fingerprint
from sim.world.network import BERTH, CRANE, GATE, Network
from tests.draws.corridor import CORRIDOR, alike, changed, drawn, resolved, shipments_of, works_of

FRUIT, COIL, MACHINES = range(3)
TRUCKS, SHIPS, HAULERS = ([0, 1, 2], [3, 4], [5, 6])


@pytest.fixture(scope="module", name="base")
def _base() -> tuple[Network, Draws]:
    return drawn()


def test_the_same_words_give_the_same_draws(base: tuple[Network, Draws]) -> None:
    """Scenario, seed and replication decide every number, whatever was drawn in between."""
    drawn(seed=8)
    assert fingerprint(drawn()[1]) == fingerprint(base[1])
    assert not changed(base[1], drawn()[1])


@pytest.mark.parametrize("column", [column.name for column in fields(Draws)])
def test_every_column_counts_in_the_fingerprint(base: tuple[Network, Draws], column: str) -> None:
    """One number more or less anywhere gives another digest; so does a number that moves from one vehicle to the next."""
    value: Any = getattr(base[1], column)
    others: list[Any] = [value + 1] if not isinstance(value, tuple) else [value[1:], value[::-1]]
    if column.endswith("_s") and isinstance(value, tuple):
        others.append((value[0][:-1], np.append(value[0][-1], value[1]), *value[2:]))
    for other in others:
        changes: dict[str, Any] = {column: other}
        assert fingerprint(replace(base[1], **changes)) != fingerprint(base[1])


@pytest.mark.parametrize(("seed", "replication"), [(8, 0), (7, 1)])
def test_another_seed_or_replication_draws_everything_anew(base: tuple[Network, Draws], seed: int, replication: int) -> None:
    """Seed and replication change all that chance decides; what is listed stays."""
    network, other = drawn(seed=seed, replication=replication)
    assert fingerprint(other) != fingerprint(base[1])
    assert {f"transit_s[{vehicle}]" for vehicle in (*TRUCKS, *SHIPS, *HAULERS)} <= changed(base[1], other)
    assert {"call_at_s", "call_stay_s", "post_work_s", f"timelines[{network.facility(2, BERTH)}]"} <= changed(base[1], other)
    for stream in (FRUIT, COIL):
        ours, theirs = (shipments_of(*pair, stream) for pair in (base, (network, other)))
        assert all(ours[key][0] != theirs[key][0] for key in ours.keys() & theirs.keys())
    assert shipments_of(*base, MACHINES) == shipments_of(network, other, MACHINES)


def several(column: str, numbers: list[int]) -> set[str]:
    """Names of some arrays of a column with one for each entity."""
    return {f"{column}[{number}]" for number in numbers}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"posts.customs.time": "3 h"}, {"post_work_s"}),
        ({"posts.customs.servers": 3}, set()),
        ({"terminals.pier.rate": "90 t/h"}, {"load_s", "unload_s"}),
        ({"terminals.pier.berths": 5}, set()),
        ({"terminals.yard.gate.time": "10 min"}, several("gate_s", TRUCKS)),
        ({"terminals.yard.gate.lanes": 2}, set()),
        ({"background.others.stay": "20 h"}, {"call_stay_s"}),
        ({"background.others.priority": 1}, {"call_priority"}),
        ({"commodities.fruit.stowage": "3 m3/t"}, {"litres"}),
        ({"commodities.fruit.teu_load": "12 t/TEU"}, {"milliteu", "milliplugs"}),
        ({"commodities.fruit.plugs_per_teu": 1.0}, {"milliplugs"}),
        ({"services.ships.speed": "12 kn"}, several("transit_s", SHIPS)),
        ({"services.ships.fill": "80 %", "services.trucks.wait": "3 h"}, set()),
        ({"legs.long-road.distance": "2500 km"}, set()),
        ({"scale.tariffs": 0.5}, set()),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, dict) else "",
)
def test_one_parameter_changes_its_own_draws_only(
    base: tuple[Network, Draws], changes: dict[str, object], expected: set[str]
) -> None:
    """A changed parameter changes the columns that it describes, and no other column at all."""
    assert changed(base[1], drawn(changes)[1]) == expected


def test_the_time_of_a_post_moves_its_own_column_only(base: tuple[Network, Draws]) -> None:
    """Another customs time leaves the papers of every consignment as they were, though they stand in the same array."""
    _, other = drawn({"posts.customs.time": {"distribution": "exponential", "mean": "2 h"}})
    for stream, papers in ((FRUIT, 1), (COIL, 0)):
        before, after = works_of(base[1], stream), works_of(other, stream)
        by_sea = [key for key in before if all(before[key])]
        assert by_sea
        assert [before[key][papers] for key in by_sea] == [after[key][papers] for key in by_sea]
        assert all(abs(after[key][1 - papers] - 2 * before[key][1 - papers]) <= 2 for key in by_sea)


def test_the_time_of_a_leg_moves_its_own_passages_only() -> None:
    """Of a round over three legs only the passages of the changed leg take another time."""
    triangle = """
[[services]]
id = "rounds"
mode = "road"
stops = ["city", "port", "city", "hub"]
vehicles = 2
capacity = "20 t"
"""
    before = drawn(text=CORRIDOR + triangle)[1].transit_s[7:]
    other_time = {"legs.long-road.transit": {"distribution": "uniform", "low": "50 h", "high": "60 h"}}
    after = drawn(other_time, CORRIDOR + triangle)[1].transit_s[7:]
    for own, (ours, theirs) in enumerate(zip(before, after, strict=True)):
        n = min(len(ours), len(theirs))
        stop = (np.arange(n) + own) % 4
        same = ours[:n] == theirs[:n]
        assert same[stop < 2].all()
        assert not same[stop >= 2].any()


def test_a_lot_of_another_spread_moves_sizes_only(base: tuple[Network, Draws]) -> None:
    """Lots of the same mean but another spread: releases, routes and times at posts stay, and so do other streams."""
    network, other = drawn({"demand.fruit-out.lot": {"distribution": "uniform", "low": "10 t", "high": "50 t"}})
    before, after = (shipments_of(*pair, FRUIT) for pair in (base, (network, other)))
    assert [(at_s, route) for at_s, _, route in before.values()] == [(at_s, route) for at_s, _, route in after.values()]
    assert all(abs(kg - 30000 - 2 * (before[key][1] - 30000)) <= 2 for key, (_, kg, _) in after.items())
    ours, theirs = works_of(base[1], FRUIT), works_of(other, FRUIT)
    both = ours.keys() & theirs.keys()
    assert len(both) > 1000
    assert all(ours[key] == theirs[key] for key in both)
    for stream in (COIL, MACHINES):
        assert shipments_of(*base, stream) == shipments_of(network, other, stream)
        assert works_of(base[1], stream) == works_of(other, stream)


def test_shares_of_routes_move_routes_only(base: tuple[Network, Draws]) -> None:
    """With another share of a route shipments keep release and size, and only those of the difference change their way."""
    network, other = drawn({"demand.fruit-out.routes": {"by-sea": 0.8, "by-road": 0.2}})
    before, after = (shipments_of(*pair, FRUIT) for pair in (base, (network, other)))
    assert {key: value[:2] for key, value in before.items()} == {key: value[:2] for key, value in after.items()}
    moves = {(before[key][2], after[key][2]) for key in before}
    assert moves == {(0, 0), (1, 1), (1, 0)}


def test_a_larger_fleet_keeps_its_first_vehicles(base: tuple[Network, Draws]) -> None:
    """Two more trucks get voyages and gate times of their own; nobody else's change."""
    _, other = drawn({"services.trucks.vehicles": 5})
    numbers = [0, 1, 2, None, None, 3, 4, 5, 6]
    for number, was in enumerate(numbers):
        for column in ("transit_s", "gate_s"):
            now = getattr(other, column)[number]
            older = [was] if was is not None else range(7)
            same = [alike(now, getattr(base[1], column)[vehicle]) for vehicle in older]
            assert all(same) if was is not None else not any(same)
    names = {name.split("[")[0] for name in changed(base[1], other)}
    assert names == {"transit_s", "gate_s", "course"}


@pytest.mark.parametrize("first", [False, True])
def test_a_new_stream_and_a_new_commodity_move_nothing(base: tuple[Network, Draws], first: bool) -> None:
    """Another commodity and stream, first in the file or last, renumber consignments but leave each what it was."""
    tables = """
[[commodities]]
id = "cement"
form = "bulk"
value = "40 USD/t"

[[demand]]
id = "cement-out"
commodity = "cement"
direction = "export"
volume = "10 kt/yr"
lot = "100 t"
routes = { by-sea = 1.0 }
"""
    place = CORRIDOR.index("[[demand]]") if first else len(CORRIDOR)
    more = drawn(text=f"{CORRIDOR[:place]}{tables}\n{CORRIDOR[place:]}")
    new = 0 if first else 3
    for stream in (FRUIT, COIL, MACHINES):
        now = stream + 1 if first else stream
        assert shipments_of(*base, stream) == shipments_of(*more, now)
        assert works_of(base[1], stream) == works_of(more[1], now)
    assert shipments_of(*more, new)
    kept = ("transit_s", "gate_s", "call_at_s", "call_stay_s", "timelines")
    assert not {name for name in changed(base[1], more[1]) if name.startswith(kept)}


def test_a_new_disruption_shuts_what_it_strikes_only(base: tuple[Network, Draws]) -> None:
    """A strike at the pier adds windows to the cranes of the pier; storms keep their hours, and nothing else changes."""
    strike = """
[[disruptions]]
kind = "dated"
id = "strike"
on = ["pier"]
cause = "held"
windows = [{ from = 2026-03-02, to = 2026-03-09 }]
"""
    network, other = drawn(text=CORRIDOR + strike)
    assert changed(base[1], other) == {f"timelines[{network.facility(3, CRANE)}]"}


def test_other_storms_leave_all_else_calm(base: tuple[Network, Draws]) -> None:
    """Twice the storms change the entry to the quay they strike, and no other timeline or draw."""
    network, other = drawn({"disruptions.storm.closed_days": [6, 6, 4, 4, 2, 2, 2, 2, 4, 4, 6, 6]})
    assert changed(base[1], other) == {f"timelines[{network.facility(2, BERTH)}]"}


def test_a_disruption_bars_what_it_says() -> None:
    """The same storm on two terminals and a post, barring gate and work, shuts all of them in the same seconds."""
    network, draws = drawn({"disruptions.storm.on": ["yard", "pier", "customs"], "disruptions.storm.bars": ["gate", "work"]})
    struck = [network.facility(1, GATE), network.facility(1, CRANE), network.facility(3, GATE), network.facility(3, CRANE)]
    struck.append(network.post_facility(0))
    shut = [facility for facility, hours in enumerate(draws.timelines) if not all(hours.share)]
    assert shut == sorted(struck)
    assert len({draws.timelines[facility] for facility in struck}) == 1


def test_more_spare_changes_no_first_voyage(base: tuple[Network, Draws]) -> None:
    """Voyages drawn for thrice the time begin with those drawn for once, and nothing is changed by it."""
    network, before = base
    after = draw(resolved().scenario, network, 7, 0, spare=3)
    assert not changed(before, after)
    for column in ("transit_s", "gate_s"):
        for ours, theirs in zip(getattr(before, column), getattr(after, column), strict=True):
            assert len(theirs) > 2 * len(ours)
