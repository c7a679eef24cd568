"""The shipped scenarios: they load, and each of their numbers says whether it was sourced, derived or assumed."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from sim.scenario import load, loads
from sim.scenario.positions import positions

FOLDER = Path(__file__).parents[2] / "scenarios"
SCENARIOS = sorted(FOLDER.glob("*.toml"))
PIECES = sorted((FOLDER / "catalogue").glob("*.toml"))
QUESTIONS = ["throughput-doubled", "transit-faster", "tariffs-cut"]

WORD = re.compile(r"\b(sourced|derived|assumed)\b")
FACT = re.compile(r"\[([A-Z]+\d\w*)\]")
CITED = re.compile(r"\b(sourced|derived)[^\[\]:.;]*\[([A-Z]+\d\w*)\]")
"""A word and the first fact it names: "sourced [W06]", "its date sourced [D01]"."""
BACKED_BY = {"sourced": {"sourced"}, "derived": {"sourced", "derived"}}
"""What the table may call a fact that a comment uses under each word."""


def name_of(path: Path) -> str:
    """How a test calls a file."""
    return path.stem


def facts() -> dict[str, str]:
    """What the table of facts calls each of its lines: sourced, derived or assumption; by id."""
    with (FOLDER / "catalogue" / "corridor-facts.csv").open(encoding="utf-8", newline="") as file:
        return {line["id"]: line["confidence"] for line in csv.DictReader(file)}


def comments(text: str) -> dict[int, str]:
    """The comment on each line that has one, by line number from 1; strings are passed over."""
    found = {}
    for number, line in enumerate(text.splitlines(), start=1):
        bare = re.sub(r'"[^"]*"', lambda quoted: "_" * len(quoted[0]), line)
        if "#" in bare:
            found[number] = line[bare.index("#") + 1 :].strip()
    return found


def is_number(value: object) -> bool:
    """Whether a value of a TOML file states a figure of the world: a number, a date, or a text that begins with a digit."""
    if isinstance(value, str):
        return re.match(r"\s*[+-]?\.?\d", value) is not None
    return isinstance(value, int | float | date) and not isinstance(value, bool)


def numbers(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path to every number in a document."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from numbers(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from numbers(inner, (*path, index))
    elif is_number(value):
        yield path


def said_of(line: int, statement: int, text: str, notes: dict[int, str]) -> str:
    """The comments that speak of a number: on its line, and in the block above it or above the statement it belongs to."""
    lines = text.splitlines()
    said = [notes.get(line, "")]
    for below in {line, statement}:
        above = below - 1
        while above >= 1 and lines[above - 1].lstrip().startswith("#"):
            said.append(notes[above])
            above -= 1
    return "\n".join(said)


@pytest.mark.parametrize("path", SCENARIOS, ids=name_of)
def test_every_shipped_scenario_loads(path: Path) -> None:
    """A shipped scenario has no problem, and a title that says what it is."""
    assert load(str(path)).scenario.title


def test_every_piece_of_the_catalogue_is_used_or_can_be() -> None:
    """No file of the catalogue lies about that no scenario uses and that would not lie over the baseline."""
    used = {Path(layer.name).name for path in SCENARIOS for layer in load(str(path)).layers}
    spare = [str(path) for path in PIECES if path.name not in used]
    assert all(loads(f"extends = {[str(FOLDER / 'baseline.toml'), path]}").scenario.routes for path in spare)


@pytest.mark.parametrize("path", [*SCENARIOS, *PIECES], ids=name_of)
def test_every_number_says_how_well_it_is_known(path: Path) -> None:
    """On the line of each number or directly above it stands one of the words sourced, derived, assumed."""
    text = path.read_text(encoding="utf-8")
    notes, spots = comments(text), positions(text)
    silent = []
    for keys in numbers(tomllib.loads(text)):
        line = spots[keys].value[0]
        statement = max(spots[keys[:depth]].key[0] for depth in range(1, len(keys) + 1) if isinstance(keys[depth - 1], str))
        if not WORD.search(said_of(line, min(line, statement), text, notes)):
            silent.append(f"{path.name}:{line} {'.'.join(map(str, keys))}: {text.splitlines()[line - 1].strip()}")
    assert not silent, "\n".join(["numbers without sourced, derived or assumed on their line or just above:", *silent])


@pytest.mark.parametrize("path", [*SCENARIOS, *PIECES], ids=name_of)
def test_every_fact_named_is_in_the_table(path: Path) -> None:
    """An id in brackets is a line of the table of facts."""
    known = facts()
    unknown = [
        f"{path.name}:{line} [{fact}]"
        for line, comment in comments(path.read_text(encoding="utf-8")).items()
        for fact in FACT.findall(comment)
        if fact not in known
    ]
    assert not unknown, "ids that corridor-facts.csv does not have:\n" + "\n".join(unknown)


@pytest.mark.parametrize("path", [*SCENARIOS, *PIECES], ids=name_of)
def test_no_assumption_is_passed_off_as_a_fact(path: Path) -> None:
    """What a comment calls sourced or derived, the table calls so too; and what it calls sourced names its line."""
    known = facts()
    bold = []
    for line, comment in comments(path.read_text(encoding="utf-8")).items():
        for word, fact in CITED.findall(comment):
            if known.get(fact) not in BACKED_BY[word]:
                bold.append(f"{path.name}:{line} says {word} [{fact}], the table says {known.get(fact)}: {comment}")
        if comment.startswith("sourced") and not FACT.search(comment):
            bold.append(f"{path.name}:{line} says sourced without a fact: {comment}")
    assert not bold, "\n".join(bold)


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_is_a_few_lines_over_the_baseline(name: str) -> None:
    """The three first questions turn the knobs and nothing else, and their file begins with the question."""
    text = (FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    assert set(tomllib.loads(text)) == {"title", "extends", "scale"}
    assert text.splitlines()[0].startswith("# ")
    assert text.splitlines()[0].split("?")[0] != text.splitlines()[0]
