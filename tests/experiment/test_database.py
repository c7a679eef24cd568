import json
import math
import shutil
import sqlite3
import subprocess
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from sim.errors import CaspianError
from sim.experiment.sweeps import database
from sim.experiment.sweeps.database import Failure, Made, Store, merge
from tests.benchmarks.sweeps import Ways, cluster, dumped

TINY = Path(__file__).parents[1] / "tiny.toml"
SWEEP = f"""\
scenario = "{TINY}"
design = "latin-hypercube"
points = 24
[factors]
services.ship.vehicles = "1..3"
legs.road.transit = "5..8 h"
scale.tariffs = "0.5..2"
"""


def made(digest: str, replication: int, **kpis: float) -> Made:
    """A run that was never made."""
    return Made(digest=digest, replication=replication, kpis=kpis, checks_off=0, draws="d", engine="compiled", host="here",
                took_s=0.5)  # fmt: skip


def dump(path: Path) -> list[str]:
    """All that is stored, in order."""
    with closing(Store(path, "m", 1)) as store:
        return list(store.dump())


def test_what_is_stored_comes_back_to_the_last_bit(tmp_path: Path) -> None:
    """Numbers are those that went in, nothing is nan, and KPIs that come later have a column from then on."""
    with closing(Store(tmp_path / "a.sqlite", "m", 1)) as store:
        store.put([made("x", 0, a=0.1 + 0.2, b=math.nan)])
        store.put([made("x", 1, a=1e-300, c=math.inf)])
        rows = store.rows("x", 2, ["a", "b", "c"])
        assert rows[0, 0] == 0.1 + 0.2
        assert rows[1, 0] == 1e-300
        assert rows[1, 2] == math.inf
        assert [math.isnan(cell) for cell in (rows[0, 1], rows[0, 2], rows[1, 1])] == [True] * 3
        assert store.kpis == ("a", "b", "c")
        assert (store.stored(0), store.stored(2)) == ({"x"}, set())


def test_seeds_and_models_do_not_mix(tmp_path: Path) -> None:
    """A run under another seed or another version of the model is another run, and neither hides the other."""
    file = tmp_path / "a.sqlite"
    for model, seed, value in (("m", 1, 1.0), ("m", 2, 2.0), ("n", 1, 3.0)):
        with closing(Store(file, model, seed)) as store:
            assert not store.stored(0)
            store.put([made("x", 0, a=value)])
            assert store.rows("x", 1, ["a"]).tolist() == [[value]]


def test_a_run_is_stored_once(tmp_path: Path) -> None:
    """The first stays: the same run made twice changes nothing."""
    with closing(Store(tmp_path / "a.sqlite", "m", 1)) as store:
        store.put([made("x", 0, a=1.0)])
        before = list(store.dump())
        store.put([made("x", 0, a=1.0)])
        assert list(store.dump()) == before


def test_it_can_be_read_while_it_grows(tmp_path: Path) -> None:
    """Another connection sees what was stored, and no half of a batch."""
    file = tmp_path / "a.sqlite"
    with closing(Store(file, "m", 1)) as store, closing(sqlite3.connect(file)) as reader:
        store.put([made("x", 0, a=1.0), made("y", 0, a=2.0)])
        assert reader.execute('select digest, "a" from runs order by digest').fetchall() == [("x", 1.0), ("y", 2.0)]
        with pytest.raises(sqlite3.Error):
            store.put([made("z", 0, a=3.0), replace(made("z", 1, a=1.0), host=object())])  # type: ignore[arg-type]
        assert reader.execute("select count(*) from runs").fetchone() == (2,)


def test_two_machines_stores_become_one(tmp_path: Path) -> None:
    """Merged in either order they are the same as one store of all; where, when and how fast do not count."""
    for name, runs in (("a", [("x", 0), ("x", 1)]), ("b", [("x", 1), ("y", 0)])):
        with closing(Store(tmp_path / f"{name}.sqlite", "m", 1)) as store:
            store.name_points({digest: {"k": digest} for digest, _ in runs})
            store.put([made(digest, number, a=number + 1.0) for digest, number in runs])
    with closing(Store(tmp_path / "b.sqlite", "m", 1)) as store:
        store.put([made("y", 1, b=5.0)])
    with closing(Store(tmp_path / "a.sqlite", "m", 1)) as store:
        store.put([], [Failure(digest="y", replication=0, attempts=3, error="E", host="here")])
    a, b = tmp_path / "a.sqlite", tmp_path / "b.sqlite"
    assert merge(tmp_path / "ab.sqlite", [a, b]) == 4
    assert merge(tmp_path / "ba.sqlite", [b, a]) == 4
    assert dump(tmp_path / "ab.sqlite") == dump(tmp_path / "ba.sqlite")
    assert merge(tmp_path / "ab.sqlite", [a, b]) == 0
    with closing(Store(tmp_path / "ab.sqlite", "m", 1)) as store:
        assert store.failures() == []


def test_stores_that_disagree_are_not_merged(tmp_path: Path) -> None:
    """One run with two values means that something is wrong: it is named, and the store stays as it was, even where a store
    before the one that disagrees had runs and KPIs to give; stores that are new and disagree with each other leave nothing.
    """
    with closing(Store(tmp_path / "good.sqlite", "m", 1)) as store:
        store.put([made("good", 0, other=3.0)])
    for name, value in (("a", 1.0), ("b", 2.0)):
        with closing(Store(tmp_path / f"{name}.sqlite", "m", 1)) as store:
            store.put([made("0123456789", 7, a=value), made(name, 0, a=1.0)])
    before = dump(tmp_path / "a.sqlite")
    with pytest.raises(CaspianError, match="scenario 01234567, replication 7"):
        merge(tmp_path / "a.sqlite", [tmp_path / "good.sqlite", tmp_path / "b.sqlite"])
    assert dump(tmp_path / "a.sqlite") == before
    with pytest.raises(CaspianError, match="scenario 01234567, replication 7"):
        merge(tmp_path / "new.sqlite", [tmp_path / "a.sqlite", tmp_path / "b.sqlite"])
    with closing(Store(tmp_path / "new.sqlite", "m", 1)) as store:
        assert store.count() == 0
    many = [Path(shutil.copy(tmp_path / "good.sqlite", tmp_path / f"copy-{number}.sqlite")) for number in range(11)]
    with pytest.raises(CaspianError, match="10 stores at most"):
        merge(tmp_path / "new.sqlite", many)
    with pytest.raises(CaspianError, match="There is no store"):
        merge(tmp_path / "a.sqlite", [tmp_path / "c.sqlite"])


def test_a_point_has_one_name_whoever_came_first(tmp_path: Path) -> None:
    """Of two ways to say one scenario the same stays, in whichever order they are noted or merged: dumps stay equal."""
    said: list[dict[str, object]] = [{"fleet": "small"}, {"services.ship.vehicles": 2}]
    for name, order in (("a", said), ("b", said[::-1]), ("c", said[:1]), ("d", said[1:])):
        with closing(Store(tmp_path / f"{name}.sqlite", "m", 1)) as store:
            for levels in order:
                store.name_points({"x": levels})
    a, b, c, d = (tmp_path / f"{name}.sqlite" for name in "abcd")
    merge(tmp_path / "cd.sqlite", [c, d])
    merge(tmp_path / "dc.sqlite", [d, c])
    assert dump(a) == dump(b) == dump(tmp_path / "cd.sqlite") == dump(tmp_path / "dc.sqlite")
    assert any("fleet" in line for line in dump(a))


def test_a_store_does_not_go_into_itself(tmp_path: Path) -> None:
    """It is refused at once, by whatever path it is named; the same store twice is one."""
    file = tmp_path / "a.sqlite"
    with closing(Store(file, "m", 1)) as store:
        store.put([made("x", 0, a=1.0)])
    (tmp_path / "link.sqlite").symlink_to(file)
    for name in ("a.sqlite", "link.sqlite"):
        with pytest.raises(CaspianError, match="into itself"):
            merge(file, [tmp_path / name])
    assert merge(tmp_path / "new.sqlite", [file, tmp_path / "link.sqlite"]) == 1


def test_a_busy_store_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where another program writes for long, the analyst is told so: on storing, and on merging either way."""
    monkeypatch.setattr(database, "PATIENCE_S", 0.05)
    busy, other = tmp_path / "busy.sqlite", tmp_path / "other.sqlite"
    with closing(Store(other, "m", 1)) as store:
        store.put([made("x", 0, a=1.0)])
    with closing(Store(busy, "m", 1)) as store, closing(sqlite3.connect(busy, isolation_level=None)) as writer:
        writer.execute("begin immediate")
        for asked in (
            lambda: store.put([made("x", 0, a=1.0)]),
            lambda: store.name_points({"x": {}}),
            lambda: merge(busy, [other]),
            lambda: merge(other, [busy]),
        ):
            with pytest.raises(CaspianError, match="Another program is writing"):
                asked()


def test_what_is_no_store_is_refused_and_left_alone(tmp_path: Path) -> None:
    """A text, another program's database and a store of another form are told apart from a store, and not written to."""
    text, other, later = (tmp_path / name for name in ("text", "other", "later"))
    text.write_text("no database, by no means one, and long enough to be told from an empty file" * 20)
    with closing(sqlite3.connect(other)) as db:
        db.execute("create table runs (x)")
    with closing(sqlite3.connect(later)) as db:
        db.execute("pragma user_version = 99")
    for file in (text, other, later):
        before = file.read_bytes()
        with pytest.raises(CaspianError, match="is no store of a sweep"):
            Store(file, "m", 1)
        assert file.read_bytes() == before


def test_a_sweep_killed_again_and_again_gives_the_same_store(tmp_path: Path) -> None:
    """`kill -9` of the driver at any moment loses what was running and nothing else: the same command resumes, and its store
    is that of a sweep that nobody disturbed.
    """
    ways = Ways(tmp_path, SWEEP, 12)
    whole = dumped(ways.run("whole", "serial"))
    assert whole[1] == 24 * 12
    assert ways.killed("killed", "local:2", 70) >= 3
    assert dumped(ways.store("killed")) == whole
    lines = dump(ways.store("killed"))
    assert json.loads(lines[0])[:4] == ["digest", "model", "seed", "replication"]


def test_the_store_is_the_same_wherever_a_sweep_runs(tmp_path: Path) -> None:
    """In one process, in two, and on a Dask scheduler with two workers of which one is killed in the middle."""
    ways = Ways(tmp_path, SWEEP, 12)
    whole = dumped(ways.run("serial", "serial"))
    assert dumped(ways.run("local", "local:2")) == whole
    with cluster() as (address, workers):
        driver = subprocess.Popen(ways.words("dask", address), stdout=subprocess.DEVNULL)
        while ways.stored("dask") < 20:
            assert driver.poll() is None
            time.sleep(0.05)
        workers[0].kill()
        assert driver.wait() == 0
    assert dumped(ways.store("dask")) == whole
