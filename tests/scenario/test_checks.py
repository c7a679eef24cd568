"""Each mistake with the words it gets: single values of the wrong sort, and tables that do not fit each other."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario import load
from sim.scenario.layers import parse
from sim.scenario.merging import merged

GOOD = str(Path(__file__).parent / "broken" / "good.toml")
BASE = load(GOOD)
FERRY = {"mode": "sea", "stops": ["anzali", "aktau"], "vehicles": 1, "capacity": "1 kt"}
STREAM = {"commodity": "fruit", "direction": "export", "volume": "5 kt/yr", "lot": "20 t", "routes": {"out": 1.0}}
WAY = {"nodes": ["qazvin", "anzali"], "services": ["trucks"]}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": 5}, "title: is not text (found 5; expected text in quotes)"),
        (
            {"services.ships.stops": "aktau"},
            "services.ships.stops: is not a list (found 'aktau'; expected a list, each text in quotes)",
        ),
        ({"services.ships.stops": ["aktau"]}, "services.ships.stops: is too short (expected a list, each text in quotes)"),
        ({"legs.sea.ends": ["anzali", "aktau", "qazvin"]}, "legs.sea.ends: is too long"),
        ({"legs.sea.one_way": "perhaps"}, "legs.sea.one_way: cannot be read (found 'perhaps'; expected true or false)"),
        ({"run.start": "soon"}, "run.start: cannot be read (found 'soon'; expected a date such as 2026-01-01)"),
        ({"scale": 2}, "scale: is not a table (found 2; expected a table with throughput,"),
        (
            {"demand.cement-out.routes": 1.0},
            "demand.cement-out.routes: is not a table (found 1.0; expected a table, each a share",
        ),
        (
            {"demand.cement-out.priority": 1.5},
            "demand.cement-out.priority: cannot be read (found 1.5; expected a whole number)",
        ),
        ({"demand.cement-out.commodity": ""}, "demand.cement-out.commodity: is empty"),
        (
            {"scale.by_direction": {"exprt": {"throughput": 2}}},
            "scale.by_direction.exprt: unknown key (expected one of export, import); did you mean 'export'?",
        ),
        (
            {"disruptions.x": {"on": ["aktau-quay"]}},
            "disruptions.x: 'kind' is missing (expected one of dated, spells, breakdowns)",
        ),
        (
            {
                "disruptions.x": {
                    "kind": "dated",
                    "on": ["aktau-quay"],
                    "bars": ["entry"],
                    "lost": 9,
                    "cause": "held",
                    "windows": [{"from": date(2026, 1, 1), "to": date(2026, 1, 2)}],
                }
            },
            "disruptions.x.lost: is more than the berths of aktau-quay (found 9; expected at most",
        ),
        (
            {
                "disruptions.x": {
                    "kind": "spells",
                    "on": ["sea"],
                    "closed_days": [1] * 12,
                    "spell": "6 h",
                    "wind": {"limit": "14 m/s", "told_at": "15 m/s", "excess": "3 m/s"},
                }
            },
            "disruptions.x.wind.limit: is below the limit at which the spells were told",
        ),
        (
            {"disruptions.x": {"kind": "breakdowns", "on": ["ships"], "between": "1 s", "repair": "1 s"}},
            "disruptions.x.between: comes to some",
        ),
        (
            {"disruptions.x": {"kind": "breakdowns", "on": ["ship"], "between": "9 d", "repair": "1 d"}},
            "disruptions.x.on.0: refers to none of the terminals or posts or legs or services (found 'ship'",
        ),
        (
            {
                "posts.ships": {"node": "aktau", "time": "1 h"},
                "disruptions.x": {"kind": "breakdowns", "on": ["ships"], "between": "9 d", "repair": "1 d"},
            },
            "disruptions.x.on.0: is an id of posts and of services",
        ),
        (
            {"commodities.cement.form": "bulck"},
            "commodities.cement.form: unknown word (found 'bulck'; expected one of bulk, break-bulk,",
        ),
        ({"terminals.aktau-quay.gate": {"lanes": 2}}, "terminals.aktau-quay.gate: 'time' is missing"),
        ({"sea_level": [{"from": "x", "value": "-29 m"}]}, "sea_level.0.from: is not a date (found 'x'"),
        ({"exchange.USD": "1 USD"}, "exchange.USD: is no currency that can be exchanged"),
        (
            {"exchange.KZT": "0.002 EUR"},
            "exchange.KZT: is not in dollars (found '0.002 EUR'; expected such as '0.0021 USD')",
        ),
        (
            {"services.ships.speed": "5 kn", "services.ferry": FERRY},
            "services.ferry: has no speed, and leg 'sea' has no transit",
        ),
        (
            {"terminals.more": {"node": "aktau", "mode": "sea", "berths": 1, "rate": "1 t/h"}},
            "services.ships.stops.1: has several: aktau-quay, more",
        ),
        (
            {"services.trucks.departures": [{"stop": "anzali", "every": "1 d"}, {"stop": "anzali", "every": "2 d"}]},
            "services.trucks.departures.1.stop: has a timetable already",
        ),
        ({"services.ships.vehicles": 0}, "services.ships.vehicles: is a fleet of none, and routes need it"),
        (
            {"routes.out.services": ["trucks"]},
            "routes.out.services: has 1 services for 2 stages (expected 2, one fewer than nodes)",
        ),
        (
            {"routes.stay": {"nodes": ["qazvin", "qazvin"], "services": ["trucks"]}},
            "routes.stay.nodes.1: is the node before it again",
        ),
        ({"routes.far": {"nodes": ["qazvin", "aktau"], "services": ["trucks"]}}, "expected a service that calls at both"),
        (
            {"demand.f": STREAM, "services.ships.commodities": ["cement"]},
            "may not carry fruit: it is not among its commodities",
        ),
        ({"demand.f": STREAM, "services.ships.teu": 0}, "may not carry fruit: it has no container slots (teu = 0)"),
        ({"demand.f": STREAM, "services.ships.plugs": 0}, "may not carry fruit: it has no reefer plugs (plugs = 0)"),
        (
            {"demand.f": {**STREAM, "commodity": "nuts"}, "commodities.nuts": {"form": "container", "value": "9 USD/t"}},
            "may not carry nuts: its teu_load is missing (expected commodities.nuts.teu_load, such as '12 t/TEU')",
        ),
        (
            {"routes.half": WAY, "demand.cement-out.routes": {"out": 0.5, "half": 0.5}},
            "lead to different places: out from qazvin to aktau, half from qazvin to anzali",
        ),
        ({"demand.cement-out.arrivals": "listed"}, "demand.cement-out: is listed but has no shipments"),
        (
            {"demand.cement-out.shipments": [{"at": "1 h", "mass": "1 t"}]},
            "demand.cement-out.arrivals: has shipments that would be ignored",
        ),
        (
            {"demand.cement-out.lot": {"distribution": "uniform", "low": "0.1 kg", "high": "1 kg"}},
            "demand.cement-out.lot: is less than a kilogram",
        ),
        (
            {"demand.none": {"commodity": "cement", "direction": "export", "volume": "1 t/yr", "lot": "1 t"}},
            "demand.none: has no routes",
        ),
        (
            {"demand.cement-out.season": [-1.0, *[1.0] * 11]},
            "demand.cement-out.season: has a weight below 0 or none above it",
        ),
        (
            {"demand.cement-out.regime": "relase"},
            "no post knows (found 'relase'; expected one of free-zone, release); did you mean 'release'?",
        ),
        ({"posts.customs.regimes": ["transit"]}, "posts.customs.regimes.0: is a regime that no stream has"),
        (
            {"scale.by_leg": {"seaa": {"transit_time": 2}}},
            "seaa: refers to none of the legs (found 'seaa'; expected one of road, sea); did you mean 'sea'?",
        ),
        (
            {"disruptions.s": {"kind": "spells", "on": ["aktau-quay"], "closed_days": [30.9, *[0.0] * 11], "spell": "60 d"}},
            "disruptions.s.closed_days:",
        ),
    ],
)
def test_a_mistake_is_said_in_words_that_mend_it(changes: dict[str, object], said: str) -> None:
    """Key, what is wrong, what was found, what was expected, and the nearest right word."""
    with pytest.raises(ScenarioError) as caught:
        BASE.replace(changes)
    assert said in str(caught.value)


def test_what_is_faulty_in_itself_hides_nothing_elsewhere_and_drags_nothing_along() -> None:
    """Five mistakes in five places are five problems: a faulty ship is still known to the route that names it."""
    with pytest.raises(ScenarioError) as caught:
        BASE.replace(
            {
                "services.ships.capacity": "4 km",
                "terminals.aktau-quay.rate": "60",
                "posts.customs.node": "anzalli",
                "demand.cement-out.routes": {"out": 0.5},
                "tariffs.sea-freight.rate": "20 EUR/t",
            }
        )
    assert [problem.key for problem in caught.value.problems] == [
        "tariffs.sea-freight.rate", "demand.cement-out.routes", "posts.customs.node", "terminals.aktau-quay.rate",
        "services.ships.capacity",
    ]  # fmt: skip


def test_a_regime_that_a_stream_and_a_tariff_agree_on_is_one() -> None:
    """Regimes beyond the two built in need no other declaration."""
    agreed = BASE.replace({"demand.cement-out.regime": "transit", "posts.customs.regimes": ["transit"]})
    assert agreed.scenario.demand[0].regime == "transit"


def test_every_list_of_ids_merges_under_its_key() -> None:
    """An element without an id among others with one has no name, and is told by its number."""
    layer = parse('[[s]]\nid = "a"\n[[s]]\nx = 1\n', "f")
    assert set(layer.values) == {"s", "s.a", "s.a.id", "s.1", "s.1.x"}
    assert merged([layer]).data == tomllib.loads('[[s]]\nid = "a"\n[[s]]\nx = 1\n')


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"legs.sea.ends": ["anzali", "aktua"]}, "legs.sea.ends.1"),
        ({"terminals.aktau-quay.node": "aktua"}, "terminals.aktau-quay.node"),
    ],
)
def test_a_mistyped_node_is_said_once(changes: dict[str, object], key: str) -> None:
    """That no leg leads there, or no terminal stands there, follows from the mistake and is no problem of its own."""
    with pytest.raises(ScenarioError) as caught:
        BASE.replace(changes)
    assert [problem.key for problem in caught.value.problems] == [key]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"nodes.aktau.lat": 136.66}, "nodes.aktau.lat: is too large (found 136.66; expected a latitude of at most 90 °)"),
        ({"services.ships.fill": 50}, "(found 50; expected a share of at most 1); did you mean '50 %'?"),
        ({"demand.cement-out.volume": "12 kt"}, "did you mean '12 kt/yr'?"),
        ({"commodities.cement.value": "212 EUR/t"}, "expected [exchange] with EUR = 'N USD', the dollars for one EUR"),
    ],
)
def test_a_value_that_only_lacks_something_is_mended_in_the_message(changes: dict[str, object], said: str) -> None:
    """What was meant can be copied."""
    with pytest.raises(ScenarioError) as caught:
        BASE.replace(changes)
    assert said in str(caught.value)
