"""Which program made a result: its version, told by the sources that decide the rows of a replication."""

from __future__ import annotations

import functools
import hashlib
import importlib.resources
from importlib import metadata
from pathlib import Path

__all__ = ["model_version"]

_DECIDE = (
    "chance", "world", "disruptions", "tariffs", "scenario", "draws", "engine", "records", "causes", "ledger", "kpis",
    "dated.py", "units.py", "events.py",
)  # fmt: skip
"""What decides them: everything from the scenario file to the KPIs."""


@functools.cache
def model_version() -> str:
    """The distribution's version and twelve hex digits of a SHA-256 over the sources and data that decide results:
    ``0.1.0+5c0d…``.

    Rows of one scenario, seed and replication are equal wherever this is.
    """
    root = Path(str(importlib.resources.files("sim")))
    files = [path for part in _DECIDE for path in ([root / part] if part.endswith(".py") else (root / part).rglob("*.*"))
             if path.suffix in (".py", ".toml", ".csv")]  # fmt: skip
    digest = hashlib.sha256()
    for name, path in sorted((path.relative_to(root).as_posix(), path) for path in files):
        digest.update(f"{name}\0".encode())
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return f"{metadata.version('caspian-route-sim')}+{digest.hexdigest()[:12]}"
