"""What a list says of scenarios, read off their files without a check of what they mean."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from sim.scenario import locating
from sim.scenario.listing import Entry, entries, in_short, made_of

ROOT = Path(__file__).parents[2]
BASE = """
title = "A ferry"
[[services]]
id = "ferry"
vehicles = 3
wait = "7 d"
[[legs]]
id = "crossing"
[[legs]]
id = "road"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of scenarios with a base in it."""
    monkeypatch.chdir(tmp_path)
    made = tmp_path / "scenarios"
    made.mkdir()
    (made / "base.toml").write_text(BASE, encoding="utf-8")
    return made


def listed(folder: Path, text: str) -> Entry:
    """The entry of a file with this text."""
    (folder / "mine.toml").write_text(text, encoding="utf-8")
    (entry,) = entries({"mine": folder / "mine.toml"})
    return entry


def test_a_base_says_what_it_is_made_of(folder: Path) -> None:
    """Lists are counted; what is built from parts without a title says of how many files."""
    (folder / "part.toml").write_text('[[nodes]]\nid = "a"\n', encoding="utf-8")
    (base,) = entries({"base": folder / "base.toml"})
    assert (base.title, base.summary, base.changes) == ("A ferry", "1 service, 2 legs", ())
    mine = listed(folder, 'extends = "part"\ntitle = "M"\n[[demand]]\nid = "x"\n[[demand]]\nid = "y"\n')
    assert (mine.summary, mine.changes) == ("part: 1 node, 2 streams of demand", ())


def test_up_to_three_changes_are_told_with_their_values(folder: Path) -> None:
    """Before and after, as written; what has nothing before has none, new and removed elements have their sign."""
    mine = listed(
        folder,
        'extends = "base"\n[[services]]\nid = "ferry"\nvehicles = 5\nfill = 0.5\n[[legs]]\nid = "road"\nremove = true\n',
    )
    assert mine.summary == "base, but services.ferry.vehicles: 3 → 5; services.ferry.fill: none → 0.5; − legs.road"
    assert mine.changes[0] == ("services.ferry.vehicles", 3, 5)
    assert mine.sections == ("services", "legs")


def test_more_changes_are_counted_by_section(folder: Path) -> None:
    """New, gone, and values of those that stay."""
    mine = listed(
        folder,
        'extends = "base"\n[[services]]\nid = "ferry"\nvehicles = 5\nwait = "1 d"\n[[services]]\nid = "train"\n'
        '[[legs]]\nid = "road"\nremove = true\n[[nodes]]\nid = "a"\n[[nodes]]\nid = "b"\n',
    )
    assert mine.summary == "base, but + 1 service, 2 nodes; − 1 leg; 2 values of services"


def test_what_changes_nothing_says_so(folder: Path) -> None:
    """A file that repeats its base is its base; a title is no change."""
    mine = listed(folder, 'extends = "base"\ntitle = "Again"\n[[services]]\nid = "ferry"\nvehicles = 3\n')
    assert (mine.title, mine.summary) == ("Again", "base, unchanged")


def test_a_scenario_is_told_from_what_it_extends_and_not_from_the_first_base(folder: Path) -> None:
    """Of a chain only the last step counts; of two bases both."""
    (folder / "more.toml").write_text('extends = "base"\ntitle = "More"\n[[services]]\nid = "ferry"\nvehicles = 5\n')
    (folder / "later.toml").write_text('extends = "base"\ntitle = "Later"\n[[services]]\nid = "ferry"\nwait = "9 d"\n')
    assert listed(folder, 'extends = "more"\n[[legs]]\nid = "rail"\n').summary == "more, but + legs.rail"
    both = listed(folder, 'extends = ["more", "later"]\n[scale]\nthroughput = 2.0\n')
    assert both.summary == "more + later, but scale: none → { throughput = 2.0 }"


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("# What if ships were faster?\n", "What if ships were faster?"),
        ("# What if ships\n# were faster? They are not.\n", "What if ships were faster?"),
        ("\n#:schema caspian.schema.json\n# What if? Or\n", "What if?"),
        ("# A world.\n#\n# What if?\n", ""),
        ("# A world, see a?b\n", ""),
        ("extends = []  # why?\n# Why?\n", ""),
        ("", ""),
    ],
)
def test_the_question_is_what_the_first_comment_asks(folder: Path, text: str, question: str) -> None:
    """The first paragraph, up to the mark; a line for editors is no comment, a comment further down no question."""
    assert listed(folder, text).question == question


def test_files_that_cannot_be_read_are_entries_too(folder: Path) -> None:
    """No TOML, or a base that is not there: the entry says why, and keeps what could be read."""
    assert "mine.toml:1:9" in listed(folder, "title = \n").problem
    lost = listed(folder, 'extends = "bose"\ntitle = "Lost"\n')
    assert lost.title == "Lost"
    assert "did you mean 'base'?" in lost.problem


def test_values_are_short() -> None:
    """A distribution, a list and a long text each take few characters; two that look alike are just others."""
    time_ = {"distribution": "lognormal", "median": "11 h", "p95": "59 h"}
    season = [1.25] * 12
    assert in_short([("posts.a.time", "1 h", time_)]) == "posts.a.time: 1 h → lognormal (median 11 h, p95 59 h)"
    assert in_short([("demand.a.season", None, season)]) == "demand.a.season: none → 12 values"
    assert in_short([("demand.a.season", season, season[:1] * 11 + [3.0])]) == "demand.a.season: others"
    assert len(in_short([("nodes.a.title", "x" * 99, "")])) < 70


def test_sections_are_counted_in_words() -> None:
    """One and several; names that do not end in s have words of their own."""
    document = {"legs": [1], "commodities": [1], "demand": [1, 2], "background": [1], "run": {"seed": 1}}
    assert made_of(document) == "1 leg, 1 commodity, 2 streams of demand, 1 other trade"


def test_twenty_scenarios_are_listed_within_a_second(folder: Path) -> None:
    """Files that several build on are read once."""
    for number in range(20):
        text = (ROOT / "scenarios" / "as-is-2026.toml").read_text(encoding="utf-8")
        (folder / f"world-{number}.toml").write_text(text.replace('"baseline"', f'"{ROOT}/scenarios/baseline.toml"'))
    paths = {name: path for name, path in locating.names().items() if path.parent == Path("scenarios")}
    took_s = []
    for _ in range(3):
        began = time.perf_counter()
        found = entries(paths)
        took_s.append(time.perf_counter() - began)
        assert sum(entry.name.startswith("world-") and "; " in entry.summary for entry in found) == 20
    assert min(took_s) < 1
