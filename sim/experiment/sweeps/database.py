"""The store of a sweep: one SQLite file, written by one process, read by any while it grows.

A run is kept under the digest of its scenario, the version of the model, the seed and the number of the replication, so that
nothing is ever run twice and the stores of two machines can be put together. A batch of runs is written in one transaction:
a process that is killed at any moment loses what was running and nothing that was stored. Every KPI is a column. Here
nothing is simulated and nothing is reckoned.

Ask it with any SQLite tool: ``select avg("lead_time_d") from runs group by digest``.
"""

from __future__ import annotations

import json
import math
import sqlite3
import weakref
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sim.errors import CaspianError

__all__ = ["Failure", "Made", "Store", "merge"]

Floats = npt.NDArray[np.float64]

FORM = 1
"""Form of the file; a store of another form is refused, not guessed at."""
MOST_COLUMNS = 2000
"""Columns that a table of SQLite has at most."""
_KEY = ("digest", "model", "seed", "replication")
PATIENCE_S = 60.0
"""How long it is waited for another program that writes to the same store."""
_FIXED = (*_KEY, "checks_off", "draws", "engine", "host", "took_s", "stored_utc")
_NOT_DUMPED = ("engine", "host", "took_s", "stored_utc")
"""Where, how and when a row was made; two stores of the same runs may differ in these."""
_TABLES = f"""
create table if not exists points (digest text primary key, levels text not null) strict;
create table if not exists runs (
  digest text not null, model text not null, seed integer not null, replication integer not null,
  checks_off integer not null, draws text not null, engine text not null, host text not null, took_s real not null,
  stored_utc text not null, primary key ({", ".join(_KEY)})
) strict;
create table if not exists failures (
  digest text not null, model text not null, seed integer not null, replication integer not null,
  attempts integer not null, error text not null, host text not null, stored_utc text not null,
  primary key ({", ".join(_KEY)})
) strict;
pragma user_version = {FORM};
"""
_SAID_TWICE = "on conflict (digest) do update set levels = min(levels, excluded.levels)"
"""Two sweeps may reach one scenario by other factors: which of them names it must not hang on their order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A run, made somewhere."""

    digest: str
    replication: int
    kpis: Mapping[str, float]
    checks_off: int
    """What is missing in seconds, kilograms and cents, added up: zero, unless the program is wrong."""
    draws: str
    """Fingerprint of all its chance."""
    engine: str
    host: str
    took_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A run that could not be made, and was set aside."""

    digest: str
    replication: int
    attempts: int
    error: str
    host: str


class Store:
    """An open store. Runs are kept and asked for under one version of the model and one seed, given here."""

    def __init__(self, path: Path | None, model: str, seed: int):
        """Open the file, or make it; None keeps everything in memory. Raises `CaspianError` where it is no store."""
        self.model, self.seed = model, seed
        self._path = path
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        self._db = _opened(path)
        weakref.finalize(self, self._db.close)
        self._columns: dict[str, None] = dict.fromkeys(_kpi_columns(self._db))

    def close(self) -> None:
        """Close it; what was stored stays."""
        self._db.close()

    def name_points(self, levels: Mapping[str, Mapping[str, object]]) -> None:
        """Note which levels stand behind each digest; of several ways to say it the first in the alphabet stays, whichever
        came first.
        """
        rows = [(digest, json.dumps(of, default=_text, ensure_ascii=False)) for digest, of in levels.items()]
        with _words_for(self._path), self._db:
            self._db.executemany(f"insert into points values (?, ?) {_SAID_TWICE}", rows)

    def put(self, made: Sequence[Made], failed: Sequence[Failure] = ()) -> None:
        """Store runs and failures, all or none; a run that succeeds is no failure any more."""
        now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
        with _words_for(self._path), self._db:
            for run in made:
                self._widen(run.kpis)
                fixed = (run.digest, self.model, self.seed, run.replication, run.checks_off, run.draws, run.engine, run.host,
                         run.took_s, now)  # fmt: skip
                names = ", ".join(map(_quoted, (*_FIXED, *run.kpis)))
                marks = ", ".join("?" * (len(_FIXED) + len(run.kpis)))
                values = (*fixed, *(None if math.isnan(value) else float(value) for value in run.kpis.values()))
                self._db.execute(f"insert or ignore into runs ({names}) values ({marks})", values)
                self._db.execute(f"delete from failures where {_where(_KEY)}", fixed[:4])
            self._db.executemany(
                "insert or replace into failures values (?, ?, ?, ?, ?, ?, ?, ?)",
                [(each.digest, self.model, self.seed, each.replication, each.attempts, each.error, each.host, now)
                 for each in failed],
            )  # fmt: skip

    def _widen(self, kpis: Iterable[str]) -> None:
        for name in kpis:
            if name not in self._columns:
                if len(self._columns) + len(_FIXED) >= MOST_COLUMNS:
                    raise CaspianError(f"A store holds {MOST_COLUMNS} columns at most, and these scenarios have more KPIs.")
                self._db.execute(f"alter table runs add column {_quoted(name)} real")
                self._columns[name] = None

    def stored(self, replication: int) -> set[str]:
        """Digests of which this replication is stored."""
        rows = self._db.execute(
            "select digest from runs where model = ? and seed = ? and replication = ?", (self.model, self.seed, replication)
        )
        return {digest for (digest,) in rows}

    def failures(self) -> list[Failure]:
        """What was set aside."""
        rows = self._db.execute(
            "select digest, replication, attempts, error, host from failures where model = ? and seed = ? "
            "order by digest, replication", (self.model, self.seed),
        )  # fmt: skip
        return [Failure(digest=row[0], replication=row[1], attempts=row[2], error=row[3], host=row[4]) for row in rows]

    def failures_of(self, digests: Collection[str]) -> list[Failure]:
        """What was set aside of some scenarios."""
        return [failure for failure in self.failures() if failure.digest in digests]

    def forget_failures(self) -> None:
        """Set nothing aside any more: what failed will be tried again."""
        with _words_for(self._path), self._db:
            self._db.execute("delete from failures where model = ? and seed = ?", (self.model, self.seed))

    def mean_took_s(self) -> float | None:
        """Seconds that a stored run took on average; None where there is none."""
        (mean,) = self._db.execute("select avg(took_s) from runs where model = ?", (self.model,)).fetchone()
        return None if mean is None else float(mean)

    @property
    def kpis(self) -> tuple[str, ...]:
        """Every KPI that some run has, in the order in which they came."""
        return tuple(self._columns)

    def rows(self, digest: str, replications: int, kpis: Sequence[str]) -> Floats:
        """(n, KPIs) of the stored runs of a scenario, by replication, of those below `replications`; nan for nothing."""
        names = ", ".join(_quoted(kpi) if kpi in self._columns else "null" for kpi in kpis)
        found = self._db.execute(
            f"select {names} from runs where digest = ? and model = ? and seed = ? and replication < ? order by replication",
            (digest, self.model, self.seed, replications),
        ).fetchall()
        return np.array(found, dtype=np.float64).reshape(len(found), len(kpis))

    def numbers(self, digest: str, replications: int) -> list[int]:
        """Numbers of the stored replications of a scenario, of those below `replications`."""
        rows = self._db.execute(
            "select replication from runs where digest = ? and model = ? and seed = ? and replication < ? "
            "order by replication", (digest, self.model, self.seed, replications),
        )  # fmt: skip
        return [number for (number,) in rows]

    def about(self, digest: str, replications: int) -> tuple[int, tuple[str, ...]]:
        """What the checks of a scenario's runs found missing, added up, and the engines that ran."""
        rows = self._db.execute(
            "select sum(checks_off), engine from runs where digest = ? and model = ? and seed = ? and replication < ? "
            "group by engine order by engine", (digest, self.model, self.seed, replications),
        ).fetchall()  # fmt: skip
        return sum(off for off, _ in rows), tuple(engine for _, engine in rows)

    def count(self) -> int:
        """Runs in the file, of whatever model and seed."""
        (runs,) = self._db.execute("select count(*) from runs").fetchone()
        return int(runs)

    def dump(self) -> Iterator[str]:
        """Everything stored, line by line in one order, but for where, when and how fast: equal for equal results."""
        yield from _dumped(self._db)


def merge(into: Path, others: Sequence[Path]) -> int:
    """Put the runs of other stores into one, which may be new; gives how many it gained.

    A run that several have must be the same in all. Raises `CaspianError` where it is not, naming the first, where a store
    is to go into itself and where another program writes to one, and changes nothing.
    """
    others = list({path.resolve(): path for path in others}.values())
    for path in others:
        if not path.is_file():
            raise CaspianError(f"There is no store {path}.")
        if into.exists() and path.samefile(into):
            raise CaspianError(f"{path} is the store that others are to go into: a store cannot go into itself.")
        _opened(path).close()
    into.parent.mkdir(parents=True, exist_ok=True)
    with closing(_opened(into)) as db, _words_for(into):
        most = db.getlimit(sqlite3.SQLITE_LIMIT_ATTACHED)
        if len(others) > most:
            raise CaspianError(f"{most} stores at most can be merged into one at once, not {len(others)}.")
        (before,) = db.execute("select count(*) from runs").fetchone()
        for number, path in enumerate(others):
            db.execute(f"attach ? as other{number}", (str(path),))
        with db:
            db.execute("begin immediate")
            for number, path in enumerate(others):
                _take_over(db, f"other{number}", path)
        (after,) = db.execute("select count(*) from runs").fetchone()
    return int(after - before)


def _take_over(db: sqlite3.Connection, other: str, path: Path) -> None:
    theirs, mine = _kpi_columns(db, f"{other}."), _kpi_columns(db)
    for name in theirs:
        if name not in mine:
            db.execute(f"alter table main.runs add column {_quoted(name)} real")
    told = ("checks_off", "draws", *theirs)
    differ = " or ".join(f"mine.{_quoted(name)} is not theirs.{_quoted(name)}" for name in told)
    same = " and ".join(f"mine.{name} = theirs.{name}" for name in _KEY)
    clash = db.execute(f"select mine.digest, mine.replication from main.runs mine join {other}.runs theirs on {same} "
                       f"where {differ} limit 1").fetchone()  # fmt: skip
    if clash:
        raise CaspianError(
            f"{path} and the store it is to go into disagree: scenario {clash[0][:8]}, replication {clash[1]} has other "
            "values in each under one version of the model. One of them was changed by hand, or a machine reckons wrongly."
        )
    names = ", ".join(map(_quoted, (*_FIXED, *theirs)))
    db.execute(f"insert or ignore into main.runs ({names}) select {names} from {other}.runs")
    db.execute(f"insert into main.points select * from {other}.points where true {_SAID_TWICE}")
    db.execute(f"insert or ignore into main.failures select * from {other}.failures")
    keys = ", ".join(_KEY)
    db.execute(f"delete from main.failures where ({keys}) in (select {keys} from main.runs)")


def _opened(path: Path | None) -> sqlite3.Connection:
    """A connection that commits when told to, to a file that is a store of this form."""
    db = sqlite3.connect(":memory:" if path is None else path, timeout=PATIENCE_S)
    try:
        (form,) = db.execute("pragma user_version").fetchone()
        (tables,) = db.execute("select count(*) from sqlite_master").fetchone()
        if form != FORM and (form or tables):
            raise CaspianError(f"{path} is no store of a sweep that this version of the program can read.")
        db.execute("pragma journal_mode = wal")
        db.execute("pragma synchronous = normal")
        if form != FORM:
            db.executescript(f"begin immediate; {_TABLES} commit;")
    except sqlite3.OperationalError as fault:
        db.close()
        raise _told(path, fault) from None
    except sqlite3.DatabaseError as fault:
        db.close()
        raise CaspianError(f"{path} is no store of a sweep: {fault}.") from None
    except CaspianError:
        db.close()
        raise
    return db


@contextmanager
def _words_for(path: Path | None) -> Iterator[None]:
    """What the file or its other users refuse is told in words."""
    try:
        yield
    except sqlite3.OperationalError as fault:
        raise _told(path, fault) from None


def _told(path: Path | None, fault: sqlite3.OperationalError) -> CaspianError:
    if fault.sqlite_errorcode in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return CaspianError(f"Another program is writing to {path}, or to what is to go into it: try again when it is done.")
    return CaspianError(f"{path} cannot be used as a store: {fault}.")


def _kpi_columns(db: sqlite3.Connection, schema: str = "") -> list[str]:
    columns = [row[1] for row in db.execute(f"pragma {schema}table_info(runs)")]
    return columns[len(_FIXED) :]


def _dumped(db: sqlite3.Connection) -> Iterator[str]:
    kpis = sorted(_kpi_columns(db))
    names = [*(name for name in _FIXED if name not in _NOT_DUMPED), *kpis]
    yield json.dumps(names)
    order = ", ".join(_KEY)
    for row in db.execute(f"select {', '.join(map(_quoted, names))} from runs order by {order}"):
        yield json.dumps(row)
    for row in db.execute("select digest, levels from points order by digest"):
        yield json.dumps(row)
    for row in db.execute(f"select {order} from failures order by {order}"):
        yield json.dumps(row)


def _where(columns: Sequence[str]) -> str:
    return " and ".join(f"{column} = ?" for column in columns)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: object) -> str:
    """What JSON has no form for, as text."""
    if isinstance(value, date | time):
        return value.isoformat()
    item = getattr(value, "item", None)
    return str(item() if callable(item) else value)
