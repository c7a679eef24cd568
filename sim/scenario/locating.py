"""Which file a scenario's name means.

A name is a path, or the name of a file in ``./scenarios``, or of one shipped with the program. Files are found here,
never read.
"""

from __future__ import annotations

import importlib.resources
from pathlib import Path

from sim.errors import UnknownScenario, nearest

__all__ = ["find", "folders", "label", "names"]


def folders() -> list[Path]:
    """Folders that hold scenarios, the first wins: ``./scenarios``, those in the wheel, those beside an editable `sim`."""
    package = Path(str(importlib.resources.files("sim")))
    candidates = [Path("scenarios"), package / "_scenarios", package.parent / "scenarios"]
    seen: dict[Path, Path] = {}
    for folder in candidates:
        if folder.is_dir():
            seen.setdefault(folder.resolve(), folder)
    return list(seen.values())


def names() -> dict[str, Path]:
    """Every scenario file that a bare name reaches, by name, in alphabetical order."""
    found: dict[str, Path] = {}
    for folder in folders():
        for path in folder.glob("*.toml"):
            found.setdefault(path.stem, path)
    return dict(sorted(found.items()))


def find(name: str, beside: Path | None = None) -> Path:
    """The file that `name` means: a path (from `beside`, or the working folder), or a bare name.

    A bare name is looked for in `beside` first. Raises `UnknownScenario` with the nearest name there is.
    """
    here = beside if beside is not None else Path()
    is_bare = Path(name).name == name and not name.endswith(".toml")
    by_name = names() if is_bare else {}
    beside_it = [here / name, here / f"{name}.toml"] if is_bare and beside is not None else [here / name]
    for path in beside_it:
        if _is_file(path):
            return path
    if name in by_name:
        return by_name[name]
    folder = Path(name).parent
    by_stem = is_bare and beside is not None
    known = [*by_name, *(path.stem if by_stem else str(folder / path.name) for path in _beside(here / folder))]
    raise UnknownScenario(name, nearest(name, known))


def _is_file(path: Path) -> bool:
    """Whether there is such a file; a name that no file can have has none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _beside(folder: Path) -> list[Path]:
    """The TOML files of a folder; none where it cannot be looked into."""
    try:
        return [path for path in folder.glob("*.toml") if path.is_file()]
    except (OSError, ValueError):
        return []


def label(path: Path) -> str:
    """How messages call a file: from the working folder where it lies below it, else in full."""
    absolute, here = path.resolve(), Path.cwd()
    return str(absolute.relative_to(here)) if absolute.is_relative_to(here) else str(path)
