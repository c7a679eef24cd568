"""The results folder: what a run leaves on disk, whole or not at all.

A folder is written under a temporary name and renamed when everything is in it, so that a folder that is there is complete.
Names: ``results/<scenario>/<UTC time>-<digest8>``.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import math
import os
import platform
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from importlib import metadata
from pathlib import Path

from sim.experiment.replication import Row
from sim.experiment.runs import Run

__all__ = [
    "csv_lines", "csv_text", "file_name", "kept_tables", "made_with", "manifest", "replace_text", "write", "write_whole",
]  # fmt: skip

VERSIONS_OF = ("caspian-route-sim", "numpy", "numba", "scipy", "simpy", "pydantic", "matplotlib")


def write(run: Run, root: Path, figures: Mapping[str, bytes]) -> Path:
    """Write a run, and the figures made of it (SVG by file name), below the folder `root`; gives the new folder."""

    def fill(folder: Path) -> None:
        (folder / "manifest.json").write_text(json.dumps(manifest(run), indent=2) + "\n", encoding="utf-8")
        (folder / "scenario.toml").write_text(run.resolved.to_toml(), encoding="utf-8")
        rows = [[row.replication, *row.kpis.values()] for row in run.rows]
        (folder / "kpis.csv").write_text(csv_text(["replication", *run.rows[0].kpis], rows), encoding="utf-8")
        for file, content in kept_tables(run.rows).items():
            (folder / file).write_bytes(content)
        (folder / "figures").mkdir()
        for file, content in figures.items():
            (folder / "figures" / file).write_bytes(content)

    parent = root / file_name(run.resolved.scenario.name)
    return write_whole(parent, f"{run.began:%Y%m%dT%H%M%SZ}-{run.resolved.digest[:8]}", fill)


def manifest(run: Run) -> dict[str, object]:
    """Where the results come from: enough to make them again."""
    return {
        "scenario": run.resolved.scenario.name,
        "title": run.resolved.scenario.title,
        "digest": run.resolved.digest,
        "layers": [layer.name for layer in run.resolved.layers],
        "seed": run.seed,
        "engine": run.engine,
        "engine_note": run.engine_note,
        "replications": [row.replication for row in run.rows],
        "goal": asdict(run.goal) if run.goal else None,
        "draws": {str(row.replication): row.draws for row in run.rows},
        "tables_of": [row.replication for row in run.rows if row.files],
        "checks": run.checks,
        "began_utc": f"{run.began:%Y-%m-%dT%H:%M:%SZ}",
        "took_s": round(run.took_s, 3),
        **made_with(),
    }


def made_with() -> dict[str, object]:
    """Versions of what a result was made with, and the machine."""
    return {
        "versions": {"python": platform.python_version(), **{name: metadata.version(name) for name in VERSIONS_OF}},
        "machine": platform.platform(),
    }


def kept_tables(rows: Iterable[Row]) -> dict[str, bytes]:
    """The tables of all replications that left any, each one gzip file under one header, by file name."""
    files: dict[str, bytes] = {}
    for row in rows:
        for name, (header, lines) in row.files.items():
            files[name] = files.get(name, header) + lines
    return files


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Rows as CSV; numbers in full precision, nan as nothing."""
    return "".join(csv_lines(header, rows))


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The same, line by line."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    for row in itertools.chain([header], rows):
        writer.writerow(["" if isinstance(cell, float) and math.isnan(cell) else cell for cell in row])
        yield text.getvalue()
        text.seek(0)
        text.truncate()


def replace_text(path: Path, lines: Iterable[str]) -> None:
    """Write a file whole; until then an older one of its name stays as it was."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with unfinished.open("w", encoding="utf-8", newline="") as file:
            file.writelines(lines)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def write_whole(parent: Path, name: str, fill: Callable[[Path], None]) -> Path:
    """A new folder `name` below `parent`, filled by `fill`; if that fails or is interrupted, nothing is left of it.

    Where the name is taken a number follows it.
    """
    parent.mkdir(parents=True, exist_ok=True)
    unfinished = parent / f".{name}.{os.getpid()}"
    unfinished.mkdir()
    try:
        fill(unfinished)
        return unfinished.rename(_free(parent, name))
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _free(parent: Path, name: str) -> Path:
    path, number = parent / name, 2
    while path.exists():
        path, number = parent / f"{name}-{number}", number + 1
    return path


def file_name(name: str) -> str:
    """A scenario's name as that of a folder."""
    return re.sub(r"[^\w.-]+", "-", name).strip("-.") or "scenario"
