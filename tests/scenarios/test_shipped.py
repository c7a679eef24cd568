"""The shipped scenarios: they load, and each of their numbers says whether it was sourced, derived or assumed."""

from __future__ import annotations

import csv
import re
import tomllib
from pathlib import Path

import pytest

from sim.scenario import load, loads
from sim.scenario.layers import dotted
from sim.scenario.positions import comments
from sim.scenario.remarks import facts_in, remarks_in

FOLDER = Path(__file__).parents[2] / "scenarios"
SCENARIOS = sorted(FOLDER.glob("*.toml"))
PIECES = sorted((FOLDER / "catalogue").glob("*.toml"))
QUESTIONS = ["throughput-doubled", "transit-faster", "tariffs-cut"]

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
    document = tomllib.loads(text)
    silent = [f"{path.name}: {dotted(document, keys)}" for keys, said in remarks_in(text).items() if not said.grade]
    assert not silent, "\n".join(["numbers without sourced, derived or assumed on their line or just above:", *silent])


@pytest.mark.parametrize("path", [*SCENARIOS, *PIECES], ids=name_of)
def test_every_fact_named_is_in_the_table(path: Path) -> None:
    """An id in brackets is a line of the table of facts."""
    known = facts()
    unknown = [
        f"{path.name}:{line} [{fact}]"
        for line, comment in comments(path.read_text(encoding="utf-8")).items()
        for fact in facts_in(comment)
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
        if comment.startswith("sourced") and not facts_in(comment):
            bold.append(f"{path.name}:{line} says sourced without a fact: {comment}")
    assert not bold, "\n".join(bold)


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_is_a_few_lines_over_the_baseline(name: str) -> None:
    """The three first questions turn the knobs and nothing else, and their file begins with the question."""
    text = (FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    assert set(tomllib.loads(text)) == {"title", "extends", "scale"}
    assert text.splitlines()[0].startswith("# ")
    assert text.splitlines()[0].split("?")[0] != text.splitlines()[0]
