"""Where each key, value and comment of a TOML text stands.

`tomllib` gives the values; this gives the line and column of each, for messages that lead the analyst to the place. It
is a scanner of text that `tomllib` has already accepted: what is not TOML never comes here, and values are not decoded.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field

__all__ = ["Path", "Spot", "comments", "positions"]

Path = tuple[str | int, ...]
"""Keys and list indices from the top of a document down to a value."""

_STRING = re.compile(
    r'"""(?:[^"\\]|\\.|"{1,2}(?!"))*"{3,5}'
    r"|'''(?:[^']|'{1,2}(?!'))*'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_STRING_OR_COMMENT = re.compile(rf"{_STRING.pattern}|#[^\n]*", re.DOTALL)
_BARE_VALUE = re.compile(r"[^,\]}#\n]+")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BLANK = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")


@dataclass(frozen=True, slots=True)
class Spot:
    """Line and column, both from 1, of a key and of its value (for an element of a list: of the element, twice)."""

    key: tuple[int, int]
    value: tuple[int, int]


@dataclass(slots=True)
class _Scan:
    """The reading head, and what it has found."""

    text: str
    at: int = 0
    line: int = 1
    line_start: int = 0
    spots: dict[Path, Spot] = field(default_factory=dict)
    counts: dict[Path, int] = field(default_factory=dict)
    """Elements so far of each array of tables."""

    def here(self) -> tuple[int, int]:
        return self.line, self.at - self.line_start + 1

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def take(self, pattern: re.Pattern[str]) -> str:
        """What `pattern` matches at the head, which moves past it."""
        match = pattern.match(self.text, self.at)
        taken = match[0] if match else ""
        if "\n" in taken:
            self.line += taken.count("\n")
            self.line_start = self.at + taken.rindex("\n") + 1
        self.at += len(taken)
        return taken

    def skip(self, characters: int) -> None:
        """Past characters that are no line ends."""
        self.at += characters


def positions(text: str) -> dict[Path, Spot]:
    """The spot of every table, key and list element of `text`, which must be TOML that `tomllib` accepts.

    A table that several headers or dotted keys build up stands where it is first named.
    """
    scan = _Scan(text.replace("\r\n", "\n"))
    table: Path = ()
    scan.take(_BLANK)
    while scan.at < len(scan.text):
        if scan.peek() == "[":
            table = _header(scan)
        else:
            _pair(scan, table)
        scan.take(_BLANK)
    return scan.spots


def comments(text: str) -> dict[int, str]:
    """The comment on each line that has one, without its ``#``, by line number from 1; what strings hold is none."""
    text, found, line, at = text.replace("\r\n", "\n"), {}, 1, 0
    for match in _STRING_OR_COMMENT.finditer(text):
        line, at = line + text.count("\n", at, match.start()), match.start()
        if match[0].startswith("#"):
            found[line] = match[0][1:].strip()
    return found


def _header(scan: _Scan) -> Path:
    """Reads ``[a.b]`` or ``[[a.b]]``; the path of the table whose keys come next."""
    start = scan.here()
    is_array = scan.text.startswith("[[", scan.at)
    scan.skip(2 if is_array else 1)
    parts = _key(scan)
    scan.skip(2 if is_array else 1)
    path: Path = ()
    for number, (part, spot) in enumerate(parts, start=1):
        path = (*path, part)
        scan.spots.setdefault(path, Spot(spot, start))
        if is_array and number == len(parts):
            scan.counts[path] = scan.counts.get(path, 0) + 1
        if path in scan.counts:
            path = (*path, scan.counts[path] - 1)
            scan.spots.setdefault(path, Spot(start, start))
    return path


def _key(scan: _Scan) -> list[tuple[str, tuple[int, int]]]:
    """The parts of a dotted key, each with its place."""
    parts: list[tuple[str, tuple[int, int]]] = []
    while True:
        scan.take(_SPACE)
        spot = scan.here()
        if scan.peek() in ('"', "'"):
            parts.append((str(tomllib.loads(f"key = {scan.take(_STRING)}")["key"]), spot))
        else:
            parts.append((scan.take(_BARE_KEY), spot))
        scan.take(_SPACE)
        if scan.peek() != ".":
            return parts
        scan.skip(1)


def _pair(scan: _Scan, table: Path) -> None:
    """Reads ``a.b = value`` below `table`."""
    parts = _key(scan)
    scan.skip(1)
    scan.take(_SPACE)
    path = table
    for part, spot in parts:
        path = (*path, part)
        scan.spots.setdefault(path, Spot(spot, scan.here()))
    _value(scan, path)


def _value(scan: _Scan, path: Path) -> None:
    """Reads one value, noting what lies inside it."""
    match scan.peek():
        case "[":
            _list(scan, path)
        case "{":
            _inline_table(scan, path)
        case '"' | "'":
            scan.take(_STRING)
        case _:
            scan.take(_BARE_VALUE)


def _list(scan: _Scan, path: Path) -> None:
    scan.skip(1)
    index = 0
    scan.take(_BLANK)
    while scan.peek() != "]":
        element = (*path, index)
        scan.spots[element] = Spot(scan.here(), scan.here())
        _value(scan, element)
        index += 1
        _past_comma(scan)
    scan.skip(1)


def _inline_table(scan: _Scan, path: Path) -> None:
    scan.skip(1)
    scan.take(_BLANK)
    while scan.peek() != "}":
        _pair(scan, path)
        _past_comma(scan)
    scan.skip(1)


def _past_comma(scan: _Scan) -> None:
    scan.take(_BLANK)
    if scan.peek() == ",":
        scan.skip(1)
        scan.take(_BLANK)
