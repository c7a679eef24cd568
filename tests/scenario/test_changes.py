"""Single changes over a scenario, and scenarios as text again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import ScenarioError, UnknownScenario
from sim.scenario import Resolved, load, loads
from sim.scenario.differing import differences
from sim.scenario.setting import parse_set
from sim.scenario.writing import digest, inline

GOOD = str(Path(__file__).parent / "broken" / "good.toml")
BASE = load(GOOD)
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "services.ships.vehicles": st.integers(1, 9),
        "services.ships.fill": st.floats(0, 1),
        "services.ships.wait": st.integers(0, 20).map("{} d".format),
        "legs.sea.distance": st.integers(1, 999).map("{} nm".format),
        "legs.road.transit": st.sampled_from(["6 h", {"distribution": "gamma", "mean": "5 h", "cv": 0.5}]),
        "tariffs.sea-freight.rate": st.integers(0, 99).map("{} USD/t".format),
        "run.start": st.dates(min_value=date(2026, 1, 1), max_value=date(2028, 1, 1)),
        "services.ships.forms": st.just(["bulk", "reefer"]),
        "calendars.iran.week.tue": st.just(["08:00-12:00"]),
    },
)  # fmt: skip


def _as_sets(changes: Mapping[str, object]) -> list[str]:
    """The changes as the command line would write them."""
    return [f"{key}={inline(value)}" for key, value in changes.items()]


@settings(max_examples=30)
@given(CHANGES)
def test_set_and_replace_agree(changes: dict[str, object]) -> None:
    """The same changes by `--set` and from Python give the same world, and only what was changed differs from before."""
    replaced, by_set = BASE.replace(changes), load(GOOD, sets=_as_sets(changes))
    assert replaced.scenario == by_set.scenario
    assert replaced.digest == by_set.digest
    changed = {row.key for row in differences(BASE, replaced)}
    assert all(any(key.startswith(wanted) for wanted in changes) for key in changed)


@settings(max_examples=30)
@given(CHANGES)
def test_a_resolved_scenario_written_as_toml_loads_back_to_the_same_digest(changes: dict[str, object]) -> None:
    """One file, no `extends`, the same nouns."""
    resolved = BASE.replace(changes)
    again = loads(resolved.to_toml())
    assert (again.digest, again.scenario) == (resolved.digest, resolved.scenario)


def test_the_order_of_changes_does_not_matter_unless_they_meet() -> None:
    """Changes of different keys commute; of the same key the last counts."""
    one, other = {"services.ships.vehicles": 5}, {"services.ships.fill": 0.5}
    assert BASE.replace(one).replace(other).digest == BASE.replace(other).replace(one).digest
    assert BASE.replace(one).replace({"services.ships.vehicles": 2}).digest == BASE.digest


def test_a_changed_value_says_where_it_comes_from() -> None:
    """A `--set` names itself, what it does not touch keeps its line; the element's id is where it always was."""
    resolved = load(GOOD, sets=["services.ships.vehicles=5"])
    assert str(resolved.origins["services.ships.vehicles"]) == "--set services.ships.vehicles=5"
    assert resolved.origins["services.ships.id"].line == BASE.origins["services.ships.id"].line > 0
    assert str(BASE.replace({"run.seed": 1}).origins["run.seed"]) == "replace run.seed"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("k=5", 5), ("k=0.5", 0.5), ("k = true", True), ("k=[1, 2]", [1, 2]), ("k='x'", "x"),
        ("k=12 USD/t", "12 USD/t"), ("k=36 h", "36 h"), ("k=5 %", "5 %"), ("k=a=b", "a=b"), ("k=", ""),
        ("k=1\nother = 2", "1\nother = 2"), ('k={ mean = "1 h" }', {"mean": "1 h"}),
    ],
)  # fmt: skip
def test_the_value_of_a_set_is_toml_where_it_reads_as_such(text: str, value: object) -> None:
    """Quantities need no quotes on the command line."""
    assert parse_set(text) == ("k", value)


def test_a_new_element_may_be_added_whole() -> None:
    """A table for an id that is not there is a new element, checked like any other."""
    more = BASE.replace({"commodities.salt": {"form": "bulk", "value": "30 USD/t"}})
    assert [commodity.id for commodity in more.scenario.commodities][-1] == "salt"
    without = more.replace({"commodities.salt.remove": True})
    assert without.digest == BASE.digest


def test_numbers_of_numpy_are_numbers() -> None:
    """Sweeps take their levels from arrays."""
    changed = BASE.replace({"services.ships.vehicles": np.int64(5), "services.ships.fill": np.float64(0.5)})
    assert (changed.scenario.services[1].vehicles, changed.scenario.services[1].fill) == (5, 0.5)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("services.shisp.vehicles=5", "unknown id 'shisp' (expected one of trucks, ships); did you mean 'ships'?"),
        ("services.ships.vehicels=5", "did you mean 'vehicles'?"),
        ("services.ships=5", "is a table and cannot be set to a single value (found 5)"),
        ("services.ships.vehicles.x=5", "lies below a single value, which has no parts (found 2)"),
        ("services.ships.stops.2='aktau'", "has no element '2' (expected a number from 0 to 1)"),
        ("yards.x.capacity=5 t", "unknown id 'x' (expected nothing: there are none)"),
        ("throughput=2", "unknown key 'throughput' (expected one of name, title, run, scale,"),
        ("services.ships.vehicles", "is not of the form KEY=VALUE"),
        ("services.ships.vehicles=-1", "is too small (found -1; expected a whole number of at least 0)"),
    ],
)
def test_a_change_that_cannot_be_made_is_said(change: str, said: str) -> None:
    """Unknown ids and keys come with the nearest word, wrong values like those of files."""
    with pytest.raises(ScenarioError) as caught:
        load(GOOD, sets=[change])
    assert said in str(caught.value)
    assert f"--set {change}" in str(caught.value)


def test_all_faulty_changes_are_told_at_once() -> None:
    """The first does not hide the others."""
    with pytest.raises(ScenarioError) as caught:
        load(GOOD, sets=["services.shisp.vehicles=5", "run.seed=-1", "legs.sea.mode='air'", "nodes.qazvin.x=1"])
    assert len(caught.value.problems) >= 4


def test_an_element_of_a_plain_list_goes_by_its_number() -> None:
    """The list is replaced by one in which that element differs."""
    dated = BASE.replace({"tariffs.sea-freight.rate": [{"from": BASE.scenario.run.start, "value": "9 USD/t"}]})
    changed = dated.replace({"tariffs.sea-freight.rate.0.value": "8 USD/t"})
    assert [str(price) for price in changed.scenario.tariffs[0].rate.values] == ["8 USD/t"]  # type: ignore[union-attr]


def test_the_digest_is_blind_to_names_replications_and_engine_only() -> None:
    """What a run is called, how often it is repeated and by what does not change its world; its seed does."""
    same = BASE.replace({"title": "x", "name": "y", "run.replications": 3, "run.engine": "reference"})
    assert same.digest == BASE.digest
    assert BASE.replace({"run.seed": 7}).digest != BASE.digest
    assert digest({"a": 1, "b": [1, 2]}) == digest({"b": [1, 2], "a": 1, "name": "x"}) != digest({"a": 1, "b": [2, 1]})


def test_overlays_lie_over_the_scenario(tmp_path: Path) -> None:
    """Files given beside the scenario count last of the files, before single changes."""
    (tmp_path / "five.toml").write_text('[[services]]\nid = "ships"\nvehicles = 5\nfill = 0.5\n')
    resolved = load(GOOD, sets=["services.ships.fill=0.7"], overlays=[tmp_path / "five.toml"])
    assert (resolved.scenario.services[1].vehicles, resolved.scenario.services[1].fill) == (5, 0.7)
    assert [layer.name for layer in resolved.layers][1:] == [str(tmp_path / "five.toml"), "--set services.ships.fill=0.7"]


def test_a_name_is_looked_for_here_then_among_the_shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A scenario in ./scenarios wins over the shipped one of the same name; unknown names come with the nearest."""
    monkeypatch.chdir(tmp_path)
    assert load("baseline").scenario.title
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "baseline.toml").write_text(Path(GOOD).read_text())
    assert load("baseline").scenario.title == "Sound"
    assert load("baseline").scenario.name == "baseline"
    with pytest.raises(UnknownScenario, match="no scenario 'baselin'; did you mean 'baseline'"):
        load("baselin")


def test_columns_of_csv_files_take_the_place_of_lists(tmp_path: Path) -> None:
    """Measured times and real shipments stand in files beside the scenario; the resolved one needs them no more."""
    (tmp_path / "times.csv").write_text("port,customs\n1,2.5\n2, 4\n")
    (tmp_path / "shipments.csv").write_text("at,mass,who\n12 h,24 t,me\n3 d,48 t,you\n")
    text = (
        f'extends = "{GOOD}"\n'
        '[[posts]]\nid = "customs"\n'
        'time = { distribution = "empirical", file = "times.csv", column = "customs", unit = "h" }\n'
        '[[demand]]\nid = "cement-out"\narrivals = "listed"\nshipments = { file = "shipments.csv" }\n'
    )
    resolved = loads(text, base=tmp_path)
    assert resolved.scenario.posts[0].time.mean() == 3.25 * 3600
    assert [(shipment.at, shipment.mass) for shipment in resolved.scenario.demand[0].shipments] == [
        (43200.0, 24000.0), (259200.0, 48000.0),
    ]  # fmt: skip
    (tmp_path / "times.csv").unlink()
    assert loads(resolved.to_toml()).digest == resolved.digest


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "posts.customs.time.file: cannot be read: No such file or directory"),
        ("port,customz\n1,2\n", "has no column 'customs' (expected one of port, customz); did you mean 'customz'?"),
        ("port,customs\n", "holds no lines below its heading"),
        ("port,customs\n1\n", "has 1 cells in line 2 (expected 2, as in its heading)"),
    ],
)
def test_a_csv_file_that_does_not_fit_is_said(tmp_path: Path, content: str | None, said: str) -> None:
    """The message stands at the key that names the file."""
    if content is not None:
        (tmp_path / "times.csv").write_text(content)
    table = '{ distribution = "empirical", file = "times.csv", column = "customs", unit = "h" }'
    with pytest.raises(ScenarioError) as caught:
        loads(f'extends = "{GOOD}"\n[[posts]]\nid = "customs"\ntime = {table}\n', base=tmp_path)
    assert said in str(caught.value)
    assert "inline:4:" in str(caught.value)


def test_loading_gives_what_a_run_needs() -> None:
    """Nouns, plain data, origins, layers and digest in one frozen record."""
    assert isinstance(BASE, Resolved)
    assert BASE.document["name"] == BASE.scenario.name == "good"
    assert [layer.path for layer in BASE.layers] == [Path(GOOD)]
    assert len(BASE.digest) == 64
