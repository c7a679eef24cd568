"""What the comments of scenario files say of the numbers beside them: how well each is known, from where, and why.

A number's remark is the comment on its line, or else in the block just above that line, or above the statement that the
number belongs to; its grade is the first of three words that stands there. Facts are named in brackets: ``[W06]``. What
numbers and facts mean is known elsewhere; a scenario runs as well without any of it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sim.scenario.layers import Layer, dotted
from sim.scenario.positions import Path, Spot, comments, positions
from sim.scenario.resolved import Resolved

__all__ = ["GRADES", "Remark", "facts_in", "headings", "numbers", "remarks", "remarks_in"]

GRADES = ("sourced", "derived", "assumed")
"""Read in a source; follows from such figures by a sum; our judgement."""

_GRADE = re.compile(rf"\b({'|'.join(GRADES)})\b")
_FACT = re.compile(r"\[([A-Z]+\d\w*)\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What is said of a number."""

    grade: str
    """One of `GRADES`; "" where the number goes without."""
    words: str
    """The comment, on one line, the grade and its colon left out where it begins with them."""
    file: str
    """The file that says the number, as messages call it."""
    statement: Path
    """Keys of that file down to the statement (``key = value``) that the number belongs to."""

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that it names, each once."""
        return facts_in(self.words)


def facts_in(text: str) -> tuple[str, ...]:
    """The ids in brackets of a text, each once, in order."""
    return tuple(dict.fromkeys(_FACT.findall(text)))


def numbers(value: object, path: Path = ()) -> Iterator[Path]:
    """The path to every number in a document: a number, a date, or a text that begins with a digit, such as ``"36 h"``."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from numbers(inner, (*path, str(key)))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from numbers(inner, (*path, index))
    elif _is_number(value):
        yield path


def _is_number(value: object) -> bool:
    if isinstance(value, str):
        return re.match(r"\s*[+-]?\.?\d", value) is not None
    return isinstance(value, int | float | date) and not isinstance(value, bool)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """A file with the places of all that stands in it."""

    name: str
    lines: list[str]
    document: dict[str, object]
    spots: Mapping[Path, Spot]
    comments: Mapping[int, str]


def _page(text: str, name: str) -> _Page:
    return _Page(name=name, lines=text.splitlines(), document=tomllib.loads(text), spots=positions(text),
                 comments=comments(text))  # fmt: skip


def remarks_in(text: str, name: str = "") -> dict[Path, Remark]:
    """What the TOML text of a file says of each of its numbers, by their paths."""
    page = _page(text, name)
    return {path: _remark(page, path) for path in numbers(page.document)}


def headings(text: str) -> dict[str, str]:
    """The comment that stands just above the heading of a table or of an element of a list, by its dotted key."""
    page = _page(text, "")
    tables = [path for path in page.spots if _is_heading(page, path) and (*path, 0) not in page.spots]
    said = {dotted(page.document, path): " ".join(_above(page, page.spots[path].value[0])) for path in tables}
    return {key: words for key, words in said.items() if words}


def remarks(resolved: Resolved) -> dict[Path, Remark]:
    """What is said of each number of a scenario, by its path in `Resolved.document`, in the file that wrote it last.

    What a CSV file says takes the remark of the statement that names it. A number that no file wrote has an empty one.
    """
    by_file = {layer.name: _by_key(layer) for layer in resolved.layers if layer.path is not None}
    found = {}
    for path in numbers(resolved.document):
        key = dotted(resolved.document, path)
        while key and key not in resolved.origins:
            key = key.rpartition(".")[0]
        origin = resolved.origins.get(key)
        said = by_file.get(origin.file, {}) if origin else {}
        found[path] = said.get(key) or Remark(grade="", words="", file=origin.file if origin else "", statement=path)
    return found


def _by_key(layer: Layer) -> dict[str, Remark]:
    """The remark on each value of a file, tables and lists included, by dotted key."""
    assert layer.path is not None
    page = _page(layer.path.read_text(encoding="utf-8-sig"), layer.name)
    return {dotted(page.document, path): _remark(page, path) for path in page.spots if not _is_heading(page, path)}


def _remark(page: _Page, path: Path) -> Remark:
    """The first of the comments that may speak of the value at `path` and holds a grade."""
    statement, line = _statement(page, path), page.spots[path].value[0]
    beside = page.comments.get(line, "")
    for words in (beside, " ".join(_above(page, line)), " ".join(_above(page, page.spots[statement].key[0]))):
        if (grade := _GRADE.search(words)) is not None:
            bare = re.sub(rf"^{grade[0]}\s*[:,]?\s*", "", words)
            return Remark(grade=grade[0], words=bare, file=page.name, statement=statement)
    return Remark(grade="", words=beside, file=page.name, statement=statement)


def _statement(page: _Page, path: Path) -> Path:
    """The statement that the value at `path` belongs to: the topmost ``key = value`` on the way to it."""
    ways = (path[:depth] for depth in range(1, len(path) + 1))
    return next((way for way in ways if page.spots[way].key < page.spots[way].value), path)


def _is_heading(page: _Page, path: Path) -> bool:
    """Whether `path` is that of a table, or an element of a list, under a heading of its own in brackets."""
    return all(page.spots[path[:depth]].key >= page.spots[path[:depth]].value for depth in range(1, len(path) + 1))


def _above(page: _Page, line: int) -> list[str]:
    """The block of comments just above a line."""
    first = line
    while first > 1 and page.lines[first - 2].lstrip().startswith("#"):
        first -= 1
    return [page.comments[number] for number in range(first, line)]
