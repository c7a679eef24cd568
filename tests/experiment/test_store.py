import csv
import gzip
import io
import json
from pathlib import Path

import pytest

from sim.experiment import store
from sim.experiment.runs import Plan, Run, run
from sim.experiment.tables import gzipped
from sim.scenario import load, loads

TINY = (Path(__file__).parents[1] / "tiny.toml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def done() -> Run:
    """Two replications of a tiny corridor, all tables kept."""
    return run(loads(TINY, "tiny"), Plan(replications=2, keep="all"), jobs=1)


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file, packed or not."""
    content = path.read_bytes()
    text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode()
    return list(csv.DictReader(io.StringIO(text)))


def test_a_run_leaves_a_whole_folder(done: Run, tmp_path: Path) -> None:
    """All files of a run are there, under the scenario's name, the time and the digest, and nothing else is."""
    folder = store.write(done, tmp_path, {"map.svg": b"<svg/>"})
    assert folder == tmp_path / "tiny" / f"{done.began:%Y%m%dT%H%M%SZ}-{done.resolved.digest[:8]}"
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    tables = {"consignments.csv.gz", "events.csv.gz", "ledger.csv.gz"}
    assert found == {"manifest.json", "scenario.toml", "kpis.csv", "figures/map.svg", *tables}
    assert [path.name for path in (tmp_path / "tiny").iterdir()] == [folder.name]


def test_two_runs_of_one_second_do_not_meet(done: Run, tmp_path: Path) -> None:
    """A second folder of the same name gets a number and the first stays."""
    first, second = store.write(done, tmp_path, {}), store.write(done, tmp_path, {})
    assert second.name == f"{first.name}-2"
    assert (first / "kpis.csv").read_bytes() == (second / "kpis.csv").read_bytes()


def test_the_same_seed_leaves_the_same_bytes(done: Run, tmp_path: Path) -> None:
    """Run again, all but the manifest is byte for byte the same."""
    again = run(done.resolved, Plan(replications=2, keep="all"), jobs=1)
    first, second = store.write(done, tmp_path / "a", {}), store.write(again, tmp_path / "b", {})
    for name in ("scenario.toml", "kpis.csv", "consignments.csv.gz", "events.csv.gz", "ledger.csv.gz"):
        assert (first / name).read_bytes() == (second / name).read_bytes(), name


def test_the_manifest_says_where_the_results_come_from(done: Run, tmp_path: Path) -> None:
    """Digest, seed, engine, versions and the digest of each replication's chance are in the manifest."""
    manifest = json.loads((store.write(done, tmp_path, {}) / "manifest.json").read_text())
    assert manifest["digest"] == done.resolved.digest
    assert (manifest["scenario"], manifest["seed"], manifest["engine"]) == ("tiny", 7, "compiled")
    assert manifest["replications"] == manifest["tables_of"] == [0, 1]
    assert manifest["draws"] == {"0": done.rows[0].draws, "1": done.rows[1].draws}
    assert set(manifest["checks"].values()) == {0}
    assert {"python", "numpy", "caspian-route-sim"} <= set(manifest["versions"])


def test_the_scenario_that_is_left_is_the_one_that_was_run(done: Run, tmp_path: Path) -> None:
    """Loading scenario.toml again gives the same digest, so that the run can be repeated from its own folder."""
    assert load(str(store.write(done, tmp_path, {}) / "scenario.toml")).digest == done.resolved.digest


def test_the_rows_of_kpis_are_exact(done: Run, tmp_path: Path) -> None:
    """kpis.csv has one row for each replication, its numbers in full precision and nothing where there is no number."""
    rows = rows_of(store.write(done, tmp_path, {}) / "kpis.csv")
    assert [row["replication"] for row in rows] == ["0", "1"]
    assert float(rows[1]["lead_time_d"]) == done.rows[1].kpis["lead_time_d"]
    assert rows[0]["spoilage_share"] == ""


def test_consignments_and_charges_add_up_in_the_files(done: Run, tmp_path: Path) -> None:
    """In the files too the causes of a consignment add up to its lead time, and its categories to its cost."""
    folder = store.write(done, tmp_path, {})
    rows = rows_of(folder / "consignments.csv.gz")
    assert {row["replication"] for row in rows} == {"0", "1"}
    causes = [name for name in rows[0] if name.endswith("_s") and name not in ("released_s", "delivered_s", "lead_time_s")]
    categories = [name for name in rows[0] if name.endswith("_usd") and name != "landed_cost_usd"]
    assert len(causes) == 12
    for row in rows:
        assert sum(int(row[name]) for name in causes) == int(row["lead_time_s"])
        cents = sum(round(100 * float(row[name])) for name in categories)
        assert cents == round(100 * float(row["landed_cost_usd"]))
    charged = [row for row in rows_of(folder / "ledger.csv.gz") if row["payer"] != "carrier"]
    assert sum(round(100 * float(row["usd"])) for row in charged) == sum(
        round(100 * float(row["landed_cost_usd"])) for row in rows
    )


def test_what_is_measured_is_marked(done: Run, tmp_path: Path) -> None:
    """`measured` tells the cargo of the window from that of warm-up and drain; a charge has the mark of its consignment."""
    folder = store.write(done, tmp_path, {})
    rows = rows_of(folder / "consignments.csv.gz")
    start, end = "2026-03-01T00:00:00Z", "2026-03-31T00:00:00Z"
    assert {row["measured"] for row in rows} == {"true", "false"}
    for row in rows:
        assert (row["measured"] == "true") == (start <= row["released_utc"] < end)
    marks = {(row["replication"], row["consignment"]): row["measured"] for row in rows}
    for charge in rows_of(folder / "ledger.csv.gz"):
        assert charge["measured"] == marks.get((charge["replication"], charge["consignment"]), "")


def test_the_example_is_measured_and_delivered(done: Run, tmp_path: Path) -> None:
    """The consignment that is named to be followed next is one that was measured and delivered in the first replication."""
    rows = rows_of(store.write(done, tmp_path, {}) / "consignments.csv.gz")
    example = next(row for row in rows if (row["replication"], row["consignment"]) == ("0", str(done.example)))
    assert (example["measured"], bool(example["delivered_utc"])) == ("true", True)


def test_events_have_names_and_times(done: Run, tmp_path: Path) -> None:
    """The first lines of events.csv.gz can be read without another file."""
    rows = rows_of(store.write(done, tmp_path, {}) / "events.csv.gz")
    released = next(row for row in rows if row["event"] == "released")
    assert released["consignment"] == "0"
    assert released["utc"].startswith("2026-02-")
    departed = next(row for row in rows if row["event"] == "departed" and row["vehicle"].startswith("ship"))
    assert departed["vehicle"] in ("ship 1", "ship 2")
    assert departed["place"] in ("anzali", "aktau")


def test_cells_that_need_quotes_get_them() -> None:
    """Commas, quotes and line breaks within a cell survive; both members together are one gzip file."""
    table: dict[str, list[object]] = {"name": ["plain", 'a "b", c', "two\nlines"], "n": [1, 2, 3]}
    text = gzip.decompress(b"".join(gzipped(table))).decode()
    assert list(csv.reader(io.StringIO(text))) == [["name", "n"], ["plain", "1"], ['a "b", c', "2"], ["two\nlines", "3"]]


def test_only_the_first_replication_leaves_its_tables_unless_asked(tmp_path: Path) -> None:
    """Without `keep="all"` the tables are those of replication 0."""
    brief = run(loads(TINY, "tiny"), Plan(replications=2), jobs=1)
    assert {row["replication"] for row in rows_of(store.write(brief, tmp_path, {}) / "events.csv.gz")} == {"0"}


def test_what_is_interrupted_leaves_nothing(tmp_path: Path) -> None:
    """Ctrl-C while a folder is being filled leaves neither the folder nor its unfinished form."""

    def interrupted(folder: Path) -> None:
        (folder / "half").write_text("…", encoding="utf-8")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.write_whole(tmp_path, "whole", interrupted)
    assert list(tmp_path.iterdir()) == []


def test_a_name_becomes_a_folder() -> None:
    """What a path may not hold is replaced; a name of nothing but that is still a folder."""
    assert store.file_name("winter storms/2026") == "winter-storms-2026"
    assert store.file_name("../..") == "scenario"
