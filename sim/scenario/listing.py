"""What there is to say of a scenario in a list: its question, and what it changes, without a check of what it means.

Files are read and merged here, never validated: a list shows what is written, a faulty scenario included, and is quick.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.errors import ScenarioError
from sim.scenario.differing import compared
from sim.scenario.layers import Layer, in_words, read, stack
from sim.scenario.merging import Merged, merged
from sim.scenario.writing import inline

__all__ = ["Entry", "entries", "in_short", "made_of"]

_MOST_KEYS = 3
"""Changed keys that are told one by one; of more, how many there are."""
_LONGEST = 40
"""Characters of a value in a list."""
_NAMES = {
    "commodities": ("commodity", "commodities"),
    "demand": ("stream of demand", "streams of demand"),
    "background": ("other trade", "other trades"),
    "unit_costs": ("unit cost", "unit costs"),
}
"""What one and several of a section are called, where the section's name without its s does not say it."""

Change = tuple[str, object, object]
"""A dotted key, what stood there before, and what stands there now; None for nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A scenario file as a list shows it."""

    name: str
    title: str
    """'' of a part of scenarios."""
    question: str
    """The question that its first comment asks; '' where it asks none."""
    extends: tuple[str, ...]
    """What it builds on, as written."""
    sections: tuple[str, ...]
    """Tables that the file itself speaks of."""
    changes: tuple[Change, ...]
    """What it changes of the scenario that it extends, in order; nothing where it extends none."""
    summary: str
    """The same in short, or what it is made of."""
    file: str
    problem: str = ""
    """Why it cannot be read, or what it builds on cannot."""


def entries(paths: Mapping[str, Path]) -> list[Entry]:
    """The entry of each scenario file, by name. Files that several of them build on are read once."""
    reads = functools.cache(read)
    bases: dict[tuple[str, ...], Merged] = {}
    return [_entry(name, path, reads, bases) for name, path in paths.items()]


def _entry(name: str, path: Path, reads: Callable[[Path], Layer], bases: dict[tuple[str, ...], Merged]) -> Entry:
    try:
        top = reads(path)
    except ScenarioError as error:
        return Entry(name=name, title="", question="", extends=(), sections=(), changes=(), summary="", file=str(path),
                     problem=str(error.problems[0]))  # fmt: skip
    changes: tuple[Change, ...] = ()
    summary = problem = ""
    try:
        below = stack(top, reads)[:-1]
        names = tuple(layer.name for layer in below)
        if names not in bases:
            bases[names] = merged(below)
        whole = merged([top], bases[names]).data
        if any(reads(layer.path).data.get("title") for layer in below if layer.path is not None):
            changes = tuple(compared(bases[names].data, whole))
            summary = f"{' + '.join(top.extends)}, {f'but {in_short(changes)}' if changes else 'unchanged'}"
        else:
            summary = ": ".join(filter(None, [in_words(top.extends), made_of(whole)]))
    except ScenarioError as error:
        problem = str(error.problems[0])
    return Entry(
        name=name, title=str(top.data.get("title", "")), question=_question(path), extends=top.extends,
        sections=tuple(key for key in top.data if key not in ("name", "title")), changes=changes, summary=summary,
        file=top.name, problem=problem,
    )  # fmt: skip


def _question(path: Path) -> str:
    """The first paragraph of comments of a file, up to its mark of question; '' where it asks nothing."""
    said: list[str] = []
    for line in map(str.strip, path.read_text(encoding="utf-8-sig").splitlines()):
        if line.startswith("#:") or not (line or said):
            continue
        if not line.startswith("#") or not line.strip("#"):
            break
        said.append(line.lstrip("# "))
    asked = re.match(r"[^?]+\?(?=\s|$)", " ".join(said))
    return asked[0] if asked else ""


def made_of(document: Mapping[str, object]) -> str:
    """How many elements each list of a scenario has: ``4 nodes, 3 legs``."""
    return _counted({section: len(value) for section, value in document.items() if isinstance(value, list)})


def in_short(changes: Sequence[Change]) -> str:
    """Up to three changes with their values, ``services.vessels.vehicles: 3 → 5``; of more, how many of what."""
    if len(changes) <= _MOST_KEYS:
        return "; ".join(_told(*change) for change in changes)
    added = _elements((key, after) for key, before, after in changes if before is None)
    gone = _elements((key, before) for key, before, after in changes if after is None)
    values = [key for key, before, after in changes if not _is_whole(key, before, after)]
    sections = dict.fromkeys(key.partition(".")[0] for key in values)
    number = f"{len(values)} value{'s' if len(values) > 1 else ''} of {', '.join(sections)}" if values else ""
    parts = [f"+ {_counted(added)}" if added else "", f"− {_counted(gone)}" if gone else "", number]
    return "; ".join(filter(None, parts))


def _told(key: str, before: object, after: object) -> str:
    if _is_whole(key, before, after):
        return f"{'+' if before is None else '−'} {key}"
    said = _brief(before), _brief(after)
    return f"{key}: {said[0]} → {said[1]}" if said[0] != said[1] else f"{key}: others"


def _is_whole(key: str, before: object, after: object) -> bool:
    """Whether a whole element of a section, or a whole section, is new or gone."""
    return (before is None and _is_element(key, after)) or (after is None and _is_element(key, before))


def _is_element(key: str, value: object) -> bool:
    """Whether this is an element of a section, or all of them."""
    return (isinstance(value, Mapping) and key.count(".") == 1) or (isinstance(value, list) and "." not in key)


def _elements(changes: Iterable[tuple[str, object]]) -> dict[str, int]:
    """How many elements of each section are among these."""
    found: dict[str, int] = {}
    for key, value in changes:
        if _is_element(key, value):
            section = key.partition(".")[0]
            found[section] = found.get(section, 0) + (len(value) if isinstance(value, list) else 1)
    return found


def _counted(numbers: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {_name(section, number)}" for section, number in numbers.items())


def _name(section: str, number: int) -> str:
    one, many = _NAMES.get(section, (section.removesuffix("s"), section))
    return one if number == 1 else many


def _brief(value: object) -> str:
    """A value in few characters."""
    match value:
        case None:
            return "none"
        case str():
            text = value
        case list():
            text = inline(value)
            text = text if len(text) <= _LONGEST else f"{len(value)} values"
        case {"distribution": str(word), **parts}:
            text = f"{word} ({', '.join(f'{key} {_brief(part)}' for key, part in parts.items())})"
        case _:
            text = inline(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
