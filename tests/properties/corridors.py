"""Small random corridors for properties that must hold in every one of them.

`corridors` is the strategy: documents of the scenario language, full of ties where times are whole hours, of finite yards,
closures, priorities and both directions. `worlds` plays them out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from sim import scenario as language
from sim.draws import Draws
from sim.errors import ScenarioError
from sim.events import EventLog
from sim.scenario import Scenario
from sim.scenario.wiring import network_of
from sim.world.network import Network
from tests.agreement.both import drawn_and_played

__all__ = ["World", "corridors", "played", "worlds"]

Table = dict[str, Any]

MODES = ("road", "sea")
COMMODITIES: list[Table] = [
    {"id": "coil", "form": "break-bulk", "value": "700 USD/t", "stowage": "1 m3/t"},
    {"id": "fruit", "form": "reefer", "value": "900 USD/t", "teu_load": "10 t/TEU", "plugs_per_teu": 0.5},
]
DAY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
CALENDARS: list[Table] = [
    {"id": "office", "timezone": "Asia/Tehran", "week": {day: ["08:00-12:00", "13:00-17:00"] for day in DAY[:6]}},
    {"id": "days", "timezone": "UTC", "week": {day: ["06:00-18:00"] for day in DAY}},
]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A corridor, its chance and what happened in it."""

    document: Table
    scenario: Scenario
    network: Network
    draws: Draws
    log: EventLog


def played(document: Table, seed: int = 1, replication: int = 0) -> World:
    """The world of a document, on which both engines agree; voyages are drawn more often until there are enough."""
    scenario = language.loads(language.to_toml(document)).scenario
    network = network_of(scenario)
    draws, log = drawn_and_played(scenario, network, seed, replication)
    return World(document=document, scenario=scenario, network=network, draws=draws, log=log)


def worlds() -> st.SearchStrategy[World]:
    """Random corridors played out."""
    return st.builds(played, corridors(), seed=st.integers(0, 3))


def corridors() -> st.SearchStrategy[Table]:
    """Documents of random corridors, but for those whose water never lets some cargo go: these are refused when read."""
    return _any_corridors().filter(_lets_all_cargo_go)


def _lets_all_cargo_go(document: Table) -> bool:
    try:
        language.loads(language.to_toml(document))
    except ScenarioError as error:
        if all("would wait for ever" in problem.message for problem in error.problems):
            return False
        raise
    return True


@st.composite
def _any_corridors(pick: DrawFn) -> Table:
    """A document of the scenario language: two to four nodes, one to three services, demand in both directions."""
    nodes = [f"n{number}" for number in range(pick(st.integers(2, 4)))]
    times = pick(st.sampled_from([_whole_hours, _whole_hours, _ragged]))
    services = [_service(pick, number, nodes) for number in range(pick(st.integers(1, 3)))]
    routes = [_route(pick, number, nodes, services) for number in range(pick(st.integers(1, 4)))]
    terminals = [_terminal(pick, times, *berth) for berth in _called_at(services)]
    posts = [_post(pick, times, number, nodes) for number in range(pick(st.integers(0, 3)))]
    document: Table = {
        "run": {
            "start": date(2026, 3, 2),
            "warm_up": pick(st.sampled_from(["0 d", "2 d"])),
            "run_length": pick(st.sampled_from(["3 d", "6 d", "12 d"])),
            "drain": pick(st.sampled_from(["0 d", "2 d", "20 d"])),
        },
        "commodities": COMMODITIES,
        "calendars": CALENDARS,
        "nodes": [{"id": node, "kind": "hub", "country": "KZ", "lat": 43.6, "lon": 51.2} for node in nodes],
        "legs": _legs(pick, times, services),
        "terminals": terminals,
        "yards": [_yard(pick, node) for node in nodes if pick(st.booleans())],
        "posts": posts,
        "services": services,
        "routes": routes,
        "demand": [_stream(pick, number, route) for number, route in enumerate(routes)],
        "background": [_calls(pick, times, terminal) for terminal in terminals if pick(st.integers(0, 3)) == 0],
    }
    moving = [thing["id"] for thing in (*services, *document["legs"])]
    document["disruptions"] = _disruptions(pick, [place["id"] for place in (*terminals, *posts)], moving)
    return document


def _whole_hours(pick: DrawFn, least: int = 0) -> Any:
    return f"{pick(st.integers(least, 8))} h"


def _ragged(pick: DrawFn, least: int = 0) -> Any:
    if pick(st.booleans()):
        return {"distribution": "uniform", "low": f"{least} h", "high": f"{pick(st.integers(least + 1, 12))} h"}
    return {"distribution": "gamma", "mean": f"{pick(st.integers(least + 1, 8))} h", "cv": 0.6}


def _sometimes(pick: DrawFn, table: Table, choices: dict[str, list[Any]]) -> None:
    """Put some of the optional keys into a table."""
    for key, values in choices.items():
        if pick(st.booleans()):
            table[key] = pick(st.sampled_from(values))


def _service(pick: DrawFn, number: int, nodes: list[str]) -> Table:
    waits_at = pick(st.sampled_from(["berth", "anchorage"]))
    count = pick(st.integers(2, min(3, len(nodes))))
    service: Table = {
        "id": f"s{number}",
        "mode": pick(st.sampled_from(MODES)),
        "stops": pick(st.permutations(nodes))[:count],
        "vehicles": pick(st.integers(1, 3)),
        "capacity": pick(st.sampled_from(["10 t", "20 t", "50 t"])),
        "waits_at": waits_at,
        "empty": pick(st.sampled_from(["never", "called", "always"])),
    }
    _sometimes(
        pick,
        service,
        {
            "fill": ["0 %", "50 %", "90 %"],
            "wait": ["3 h", "12 h", "40 h"],
            "priority": [-1, 1],
            "volume": ["15 m3"],
            "teu": [1, 3],
            "plugs": [1],
            "stores": ["2 t"],
        },
    )
    if pick(st.integers(0, 3)) == 0:
        service |= {"design_draught": "5 m", "immersion": "0.1 t/cm"}
    if waits_at == "berth" and pick(st.booleans()):
        timetable = {"stop": service["stops"][0], "every": pick(st.sampled_from(["6 h", "24 h"]))}
        _sometimes(pick, timetable, {"first": ["5 h"], "cut_off": ["2 h"]})
        service["departures"] = [timetable]
    return service


def _called_at(services: list[Table]) -> list[tuple[str, str]]:
    """Mode and node of every terminal that services call at."""
    return sorted({(service["mode"], stop) for service in services for stop in service["stops"]})


def _legs(pick: DrawFn, times: Any, services: list[Table]) -> list[Table]:
    """A leg for each two stops in a row, of each mode."""
    rows = [
        (service["mode"], *sorted(pair))
        for service in services
        for pair in zip(service["stops"], (*service["stops"][1:], service["stops"][0]), strict=True)
    ]
    return [
        {
            "id": "-".join(row),
            "mode": row[0],
            "ends": list(row[1:]),
            "distance": "100 km",
            "transit": times(pick, 1),
        }
        for row in sorted(set(rows))
    ]


def _terminal(pick: DrawFn, times: Any, mode: str, node: str) -> Table:
    terminal: Table = {
        "id": f"{mode}-{node}",
        "node": node,
        "mode": mode,
        "berths": pick(st.integers(1, 2)),
        "rate": pick(st.sampled_from(["5 t/h", "10 t/h", "1000 t/h"])),
    }
    _sometimes(
        pick,
        terminal,
        {
            "cranes": [1, 3],
            "cranes_per_vehicle": [2],
            "manoeuvre": ["1 h"],
            "hours": ["office", "days"],
            "entry_hours": ["days"],
            "on_close": ["finish", "restart"],
            "permitted_draught": ["4.5 m", "4 m"],
        },
    )
    if pick(st.integers(0, 2)) == 0:
        terminal["gate"] = {"time": times(pick), "lanes": pick(st.integers(1, 2))}
        _sometimes(pick, terminal["gate"], {"hours": ["days"]})
    return terminal


def _yard(pick: DrawFn, node: str) -> Table:
    yard: Table = {"id": f"yard-{node}", "node": node, "capacity": pick(st.sampled_from(["10 t", "30 t", "500 t"]))}
    _sometimes(pick, yard, {"export_share": [0.5], "forms": [["break-bulk"]]})
    return yard


def _post(pick: DrawFn, times: Any, number: int, nodes: list[str]) -> Table:
    post: Table = {"id": f"post{number}", "node": pick(st.sampled_from(nodes)), "time": times(pick)}
    _sometimes(
        pick,
        post,
        {
            "servers": [2],
            "hours": ["office", "days"],
            "on_close": ["finish", "restart"],
            "direction": ["export", "import"],
            "per": ["shipment"],
        },
    )
    return post


def _route(pick: DrawFn, number: int, nodes: list[str], services: list[Table]) -> Table:
    """One or two rides one after the other; now and then none."""
    if pick(st.integers(0, 9)) == 0:
        return {"id": f"r{number}", "nodes": [pick(st.sampled_from(nodes))]}
    first = pick(st.sampled_from(services))
    here, there = pick(st.permutations(first["stops"]))[:2]
    way, rides = [here, there], [first["id"]]
    onward = [service for service in services if there in service["stops"]]
    if pick(st.booleans()):
        second = pick(st.sampled_from(onward))
        way.append(pick(st.sampled_from([stop for stop in second["stops"] if stop != there])))
        rides.append(second["id"])
    return {"id": f"r{number}", "nodes": way, "services": rides}


def _stream(pick: DrawFn, number: int, route: Table) -> Table:
    stream: Table = {
        "id": f"d{number}",
        "commodity": pick(st.sampled_from(["coil", "fruit"])),
        "direction": pick(st.sampled_from(["export", "import"])),
        "routes": {route["id"]: 1.0},
    }
    _sometimes(pick, stream, {"priority": [-1, 1]})
    if pick(st.booleans()):
        lots = st.tuples(st.integers(0, 120), st.sampled_from([2, 5, 10, 25, 60]))
        listed = pick(st.lists(lots, min_size=1, max_size=12))
        stream |= {
            "arrivals": "listed",
            "shipments": [{"at": f"{hour} h", "mass": f"{tonnes} t"} for hour, tonnes in listed],
        }
    else:
        stream |= {
            "volume": pick(st.sampled_from(["2 kt/yr", "8 kt/yr"])),
            "lot": pick(st.sampled_from(["10 t", {"distribution": "uniform", "low": "1 t", "high": "40 t"}])),
            "arrivals": pick(st.sampled_from(["poisson", "regular"])),
        }
    return stream


def _calls(pick: DrawFn, times: Any, terminal: Table) -> Table:
    calls: Table = {"id": f"to-{terminal['id']}", "terminal": terminal["id"], "calls": "300 /yr", "stay": times(pick)}
    _sometimes(pick, calls, {"priority": [-1]})
    return calls


def _disruptions(pick: DrawFn, places: list[str], moving: list[str]) -> list[Table]:
    found: list[Table] = []
    for kind in pick(st.lists(st.sampled_from(["dated", "spells", "breakdowns"]), max_size=3)):
        struck = pick(st.sampled_from([places, places, moving]))
        table: Table = {"kind": kind, "id": f"x{len(found)}", "on": [pick(st.sampled_from(struck))]}
        _sometimes(pick, table, {"bars": [["entry"], ["gate", "work"]]})
        if kind == "breakdowns":
            between = pick(st.sampled_from(["30 h", {"distribution": "exponential", "mean": "2 d"}]))
            found.append(table | {"between": between, "repair": "6 h"})
            continue
        _sometimes(pick, table, {"share": [0.5, 0.333]})
        if kind == "dated":
            _sometimes(pick, table, {"lost": [1]})
            day = pick(st.integers(1, 6))
            windows = [{"from": date(2026, 3, day), "to": date(2026, 3, day + 2)}]
            table |= {"cause": "held", "windows": windows}
        else:
            table |= {"closed_days": [6] * 12, "spell": {"distribution": "exponential", "mean": "10 h"}}
            _sometimes(pick, table, {"wind": [{"limit": "18 m/s", "told_at": "15 m/s", "excess": "5 m/s"}]})
        found.append(table)
    return found
