"""Where keys and values of a TOML text stand."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.positions import Path as Keys
from sim.scenario.positions import positions
from sim.scenario.writing import to_toml

KEYS = st.text(st.sampled_from("ab-_ .\"'#=[]é\n\\"), min_size=1, max_size=4)
PLAIN = st.one_of(
    st.integers(-99, 99), st.booleans(), st.text(st.sampled_from('ab #"\'\n\\[]{},=é'), max_size=6),
    st.floats(allow_nan=False), st.dates(), st.datetimes(), st.times(),
)  # fmt: skip
VALUES = st.recursive(
    PLAIN, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)), max_leaves=8
)
DOCUMENTS = st.dictionaries(KEYS, VALUES, max_size=5)


def _leaves(data: object, keys: Keys = ()) -> Iterator[tuple[Keys, object]]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _leaves(value, (*keys, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _leaves(value, (*keys, index))
    else:
        yield keys, data


def _text_at(text: str, place: tuple[int, int]) -> str:
    lines = text.split("\n")
    return "\n".join([lines[place[0] - 1][place[1] - 1 :], *lines[place[0] :]])


def _assert_found(text: str) -> None:
    """Every leaf that tomllib sees has a spot at which its value, read from there on, begins."""
    spots = positions(text)
    for keys, value in _leaves(tomllib.loads(text)):
        rest = _text_at(text.replace("\r\n", "\n"), spots[keys].value)
        ends = (match.start() for match in re.finditer(r"[,\]}\s]|$", rest))
        assert any(_reads_as(rest[:end], value) for end in ends), (keys, value, rest[:40])
        if isinstance(keys[-1], str):
            named = _text_at(text.replace("\r\n", "\n"), spots[keys].key)
            ends = (match.start() for match in re.finditer(r"[.=\]\s]|$", named))
            assert any(_names(named[:end], keys[-1]) for end in ends), (keys, named[:40])


def _reads_as(text: str, value: object) -> bool:
    try:
        return bool(tomllib.loads(f"v = {text}") == {"v": value})
    except tomllib.TOMLDecodeError:
        return False


def _names(text: str, key: str) -> bool:
    try:
        return list(tomllib.loads(f"{text} = 1")) == [key]
    except tomllib.TOMLDecodeError:
        return False


@given(DOCUMENTS)
def test_every_leaf_of_a_written_document_is_found(document: dict[str, object]) -> None:
    """Tables, lists of tables, inline tables and nested lists, with keys and texts full of brackets, quotes and hashes."""
    _assert_found(to_toml(document))


@given(st.lists(st.tuples(st.sampled_from(["a", "a.b", '"c d"', "b . 'e#'"]), PLAIN), max_size=4), st.data())
def test_dotted_keys_comments_and_headers_in_any_layout_are_found(
    pairs: list[tuple[str, object]], data: st.DataObject
) -> None:
    """Blank lines, comments, spaces around dots and equals signs, and headers of tables and of lists of tables."""
    lines = []
    for number, (key, value) in enumerate(pairs):
        written = to_toml({"v": [value]}).partition("= ")[2].strip()
        gap = data.draw(st.sampled_from(["", " ", "\t", "  "]))
        lines += [
            data.draw(st.sampled_from(["", "# a = 1 [x]", "   "])),
            f"[t{number}]",
            f"{gap}{key}{gap}={gap}{written} # ]",
        ]
        lines += ["[[rows]]", f"{key} = {written}", "[rows.below]", "x=1"]
    _assert_found("\n".join(lines))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_literal_spots(end: str) -> None:
    """Line and column count from 1, the column in characters; a key's spot is its last word, a table's its header."""
    text = end.join(
        [
            "# first",
            'title = "é # no comment"',
            "[run.more]",
            "a . b = [1,  # one",
            "  '''two",
            "]''', { x = 3.5, \"y z\" = 2026-01-01 07:00:00 }]",
            "[[rows]]",
            "[[rows]]",
            '  id = """"quoted"""""',
        ]
    )
    spots = positions(text)
    assert spots[("title",)].value == (2, 9)
    assert (spots[("run",)].key, spots[("run", "more")].key) == ((3, 2), (3, 6))
    assert (spots[("run", "more", "a", "b")].key, spots[("run", "more", "a", "b")].value) == ((4, 5), (4, 9))
    assert spots[("run", "more", "a", "b", 1)].value == (5, 3)
    assert spots[("run", "more", "a", "b", 2, "y z")].value == (6, 26)
    assert spots[("rows", 1)].value == (8, 1)
    assert spots[("rows", 1, "id")].value == (9, 8)
    _assert_found(text)


def test_every_shipped_scenario_is_found_in_full() -> None:
    """The real files, with all their comments and layouts."""
    files = [*Path(__file__).parents[2].glob("scenarios/**/*.toml")]
    assert files
    for file in files:
        _assert_found(file.read_text(encoding="utf-8"))


def test_dates_and_times_are_single_values() -> None:
    """A date and a time with a space between them are one value, not two."""
    text = "a = 2026-01-01 07:00:00\nb = 07:00:00\nc = 2026-01-01\n"
    assert tomllib.loads(text) == {"a": datetime(2026, 1, 1, 7), "b": time(7), "c": date(2026, 1, 1)}  # noqa: DTZ001
    assert [spot.value for spot in positions(text).values()] == [(1, 5), (2, 5), (3, 5)]
