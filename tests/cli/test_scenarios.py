"""The commands about scenarios, as a user sees them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner, Result

from sim.cli import COMMANDS, main
from sim.scenario import load

ROOT = Path(__file__).parents[2]
BROKEN = ROOT / "tests" / "scenario" / "broken"


def _caspian(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def test_check_shows_the_load_of_every_month() -> None:
    """The baseline is valid, has twelve months of loads and no warning."""
    result = _caspian("check", "baseline")
    assert result.exit_code == 0
    assert result.stdout.startswith("baseline: valid (")
    assert "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec" in result.stdout
    assert "No load of 95 % or more." in result.stdout


def test_check_warns_of_a_high_load_and_still_succeeds() -> None:
    """A tenth of the trucks cannot do the work: they are marked and named with their months."""
    result = _caspian("check", "baseline", "--set", "services.trucks.vehicles=4")
    assert result.exit_code == 0
    assert "warning: trucks is loaded to" in result.stdout
    assert "!" in next(line for line in result.stdout.splitlines() if line.startswith("trucks"))


def test_check_as_json_is_one_object() -> None:
    """Problems with their places, loads by month; exit code 2 as without it."""
    result = _caspian("check", "--json", "baseline", str(BROKEN / "unknown-node.toml"), "nowhere")
    assert result.exit_code == 2
    good, bad, none = json.loads(result.stdout)["files"]
    assert good["valid"]
    assert len(good["months"]) == 12 == len(good["offered_load"]["vessels"]["by_month"])
    assert bad["problems"][0] | {"message": "", "expected": "", "file": ""} == {
        "key": "services.ships.stops.1", "message": "", "value": "'aktua'", "expected": "", "suggestion": "aktau",
        "file": "", "line": 4, "column": 20,
    }  # fmt: skip
    assert none["problems"][0]["message"] == "no scenario 'nowhere'"


def test_check_warns_of_what_is_left_out_and_still_succeeds(tmp_path: Path) -> None:
    """Freight that nobody charges is a line with its place, an object in JSON; facilities without load are counted."""
    mine = tmp_path / "mine.toml"
    mine.write_text('extends = "baseline"\n[[tariffs]]\nid = "shuttle-freight"\nremove = true\n')
    result = _caspian("check", str(mine))
    assert result.exit_code == 0
    assert "services.shuttle: no freight tariff applies to " in result.stdout
    assert "Not shown: 2 facilities with a load below 0.5 % in every month." in result.stdout
    assert "aktau-transit" not in result.stdout
    (report,) = json.loads(_caspian("check", "--json", str(mine)).stdout)["files"]
    assert report["valid"]
    assert report["high_loads"] == {}
    assert {warning["key"] for warning in report["warnings"]} == {"services.shuttle"}
    assert all(warning["file"].endswith("hub.toml") and warning["line"] for warning in report["warnings"])


@pytest.mark.parametrize("key", ["services.vehicles", "services.vessels.vehicles"])
def test_explain_says_meaning_form_range_and_default(key: str) -> None:
    """With and without the id of the element; the value and its place only where there is one."""
    said = _caspian("explain", key).stdout
    assert "Size of the fleet" in said
    assert "takes    a whole number of at least 0" in said
    assert "default  none, it must be given" in said
    assert ("scenarios/catalogue/services.toml:" in said) == ("vessels" in key)


def test_explain_shows_the_value_of_a_given_scenario() -> None:
    """A path or a name may follow the key."""
    said = _caspian("explain", "services.ships.wait", str(BROKEN / "good.toml")).stdout
    assert "range    from 0 s" in said
    part = _caspian("explain", "posts.customs.time.p95", str(BROKEN / "good.toml")).stdout
    assert "Working time per consignment." in part
    assert 'value    "4 h"  tests/scenario/broken/good.toml:97:60' in part
    assert 'value    "5 d"  tests/scenario/broken/good.toml:115:8' in said


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("", "commodities"),
        ("services", "stops"),
        ("disruptions.closed_days", "Expected closed days"),
        ("scale.by_leg.tariffs", "Multiplies amounts of money"),
        ("run.warm_up", "default  60 d"),
        ("tariffs.rate", "a list of { from = 2025-05-15, value = … }"),
        ("demand.lot.p95", "Size of a shipment"),
        ("terminals.gate.lanes", "Vehicles that pass at once."),
    ],
)
def test_explain_knows_every_kind_of_key(key: str, said: str) -> None:
    """Tables list their keys; members of a family, free tables and dated values are described."""
    result = _caspian("explain", key)
    assert result.exit_code == 0
    assert said in result.stdout


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("services.vehicels", "did you mean 'services.vehicles'?"),
        ("services.vesels.vehicles", "did you mean 'services.vessels.vehicles'?"),
        ("servises.vehicles", "did you mean 'services.vehicles'?"),
        ("run.seed.x", "has no parts"),
    ],
)
def test_explain_suggests_the_nearest_key(key: str, said: str) -> None:
    """Exit code 2, a message, no traceback."""
    result = _caspian("explain", key)
    assert result.exit_code == 2
    assert said in result.stderr


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("demand.regime", "known    free-zone, release\n"),
        ("posts.hours", "known    iran-customs, kazakh-customs, qazvin-day\n"),
        ("posts.regimes", "known    free-zone, release\n"),
        ("services.fill", "    vessels        0.8\n"),
        ("services.fill", "    trucks         default\n"),
        ("terminals.gate.lanes", "hub-docks      2\n"),
    ],
)
def test_explain_shows_what_there_is_to_choose_from_and_what_each_element_says(key: str, said: str) -> None:
    """Ids that a key may name, and where no element is named, the values of all of them."""
    assert said in _caspian("explain", key).stdout


def test_explain_as_json() -> None:
    """The same facts for a program."""
    said = json.loads(_caspian("explain", "run.seed", "--json").stdout)
    assert (said["value"], said["default"]) == (2026, "2026")


def test_diff_shows_both_values_and_where_they_stand() -> None:
    """Two lines for each difference, and their number."""
    said = _caspian("diff", "baseline", "tariffs-cut").stdout
    assert said.splitlines()[0] == "scale.tariffs"
    assert "scenarios/baseline.toml:" in said
    assert "scenarios/tariffs-cut.toml:" in said
    assert said.endswith("1 difference.\n")


def test_diff_fits_a_narrow_terminal() -> None:
    """Long values are wrapped below themselves, and where they were written comes last."""
    said = _caspian("diff", "baseline", "as-is-2026").stdout.splitlines()
    assert max(map(len, said)) <= 80
    assert "              scenarios/catalogue/hub.toml:8:1" in said


def test_diff_as_json_and_of_the_same() -> None:
    """What one has alone is one difference with nothing on the other side."""
    rows = json.loads(_caspian("diff", "baseline", "as-is-2026", "--json").stdout)["differences"]
    (hub,) = [row for row in rows if row["key"] == "nodes.hub"]
    assert (hub["b"], hub["b_origin"]) == (None, "")
    assert hub["a"]["kind"] == "hub"
    assert _caspian("diff", "baseline", "baseline").stdout == "0 differences.\n"


def test_list_names_scenarios_with_what_they_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One's own come with the shipped ones; parts without a title are named apart, broken files do not stop it."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "scenarios"
    folder.mkdir()
    (folder / "mine.toml").write_text('extends = "baseline"\ntitle = "My own"\n[scale]\nthroughput = 2.0\n')
    (folder / "part.toml").write_text("[scale]\nthroughput = 2.0\n")
    (folder / "bad.toml").write_text("title = \n")
    said = _caspian("list").stdout
    assert "mine                My own\n                    baseline, but scale.throughput: 1.0 → 2.0\n" in said
    assert "Parts of scenarios, without a title: part" in said
    assert "cannot be read: scenarios/bad.toml:1:9" in said
    entries = {entry["name"]: entry for entry in json.loads(_caspian("list", "--json").stdout)["scenarios"]}
    assert entries["mine"]["changes"] == ["scale"]
    assert entries["mine"]["differences"] == [{"key": "scale.throughput", "before": 1.0, "after": 2.0}]
    assert entries["bad"]["problem"] in entries["bad"]["title"]
    assert entries["baseline"]["title"]


def test_list_asks_the_question_of_each_scenario_and_counts_what_changes() -> None:
    """Name and title, the question, then up to three changes with their values; of more how many, and what a base is of."""
    said = _caspian("list").stdout
    assert (
        "tariffs-cut         All tariffs a fifth lower\n"
        "                    How far do landed costs fall when every amount of money is cut by a fifth?\n"
        "                    baseline, but scale.tariffs: 1.0 → 0.8\n"
    ) in said
    assert "baseline, but − 1 node, 1 leg, 2 terminals, " in said
    assert " files: 7 commodities, " in said


@pytest.mark.parametrize("columns", [60, 80, 160])
def test_list_fits_the_terminal_and_a_pipe_gets_plain_lines(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    """Text is wrapped beside the names, a number stays with what it counts; nothing but text goes into a pipe."""
    plain = _caspian("list").stdout
    assert "\x1b" not in plain
    assert "\N{NO-BREAK SPACE}" not in plain
    assert not any(line.endswith(" ") for line in plain.splitlines())
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("FORCE_COLOR", "1")
    shown = _caspian("list").stdout
    bare = re.sub(r"\x1b\[[0-9;]*m", "", shown)
    assert "\x1b[1m" in shown
    assert max(map(len, bare.splitlines())) <= columns
    assert not any(re.search(r"\d$", line) for line in bare.splitlines() if re.search(r"\d terminals", line))


def test_the_schema_accepts_what_the_program_accepts() -> None:
    """Every shipped file, overlay or part, is valid; an unknown key is not."""
    schema = json.loads(_caspian("schema").stdout)
    validator = jsonschema.Draft202012Validator(schema)
    code = "import json,sys,tomllib; print(json.dumps([tomllib.load(open(f,'rb')) for f in sys.argv[1:]], default=str))"
    files = [str(file) for folder in ("scenarios", "scenarios/catalogue") for file in (ROOT / folder).glob("*.toml")]
    read = subprocess.run([sys.executable, "-c", code, *files], capture_output=True, text=True, check=True)
    for name, document in zip(files, json.loads(read.stdout), strict=True):
        assert [error.message for error in validator.iter_errors(document)] == [], name
    assert [*validator.iter_errors({"services": [{"id": "x", "vehicels": 3}]})]
    assert [*validator.iter_errors({"services": [{"vehicles": 3}]})]
    assert not [*validator.iter_errors({"services": [{"id": "x", "remove": True}], "extends": ["a"]})]
    assert [*validator.iter_errors({"nodes": [{"id": "x", "lat": 136.66}]})]
    assert not [*validator.iter_errors({"nodes": [{"id": "x", "lat": 36.66}]})]
    assert schema["$defs"]["Service"]["properties"]["vehicles"]["description"].startswith("Size of the fleet")


def test_an_unknown_command_comes_with_the_nearest() -> None:
    """As everywhere: exit code 2 and the nearest right word."""
    result = _caspian("chekc")
    assert result.exit_code == 2
    assert "Did you mean 'check'?" in result.stderr


def test_help_names_every_command_and_loads_none() -> None:
    """`caspian --help` imports neither the validator nor NumPy, and is quick."""
    code = "import sys; from sim.cli import main; main(['--help'], standalone_mode=False); print(sorted(sys.modules))"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert all(f"  {name} " in ended.stdout for name in COMMANDS)
    modules = ended.stdout.splitlines()[-1]
    assert "'pydantic'" not in modules
    assert "'numpy'" not in modules


def test_python_m_sim_is_the_same_command() -> None:
    """A mistake of the user ends with 2 and no traceback there too."""
    ended = subprocess.run([sys.executable, "-m", "sim", "check", "nowhere"], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (2, "no scenario 'nowhere'\n")


def test_loading_the_baseline_is_quick() -> None:
    """Once the validator is there, reading and checking everything takes a fraction of a second."""
    load("baseline")
    began = time.perf_counter()
    load("baseline")
    assert time.perf_counter() - began < 2
