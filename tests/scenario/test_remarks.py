"""What the comments of scenario files say of their numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.scenario import load, loads
from sim.scenario.layers import dotted
from sim.scenario.positions import comments
from sim.scenario.remarks import facts_in, headings, numbers, remarks, remarks_in

TEXT = """
# A preface that speaks of no number. It is sourced from nowhere.

# A ship of the fleet; assumed to be like the others.
[[services]]
id = "ferry"
title = "Ferry # 1"    # no number
vehicles = 3           # sourced [V04]: three of 26 ships
stops = ["a", "b"]
# derived [V06]: 104 000 dwt over
# 26 ships
capacity = "4000 t"
# assumed: months of the fair season
season = [1.0,
    2.0,  # derived: by hand
]
speed = "10 kn"
"""
"""Comments on the line, above it, above the statement, and none that counts."""


def test_a_remark_is_on_the_line_or_above_it_or_above_its_statement() -> None:
    """The nearest comment with a grade counts, and a block of several lines is read as one."""
    said = {path[-1] if len(path) == 3 else path[2:]: remark for path, remark in remarks_in(TEXT, "a.toml").items()}
    assert {key: (remark.grade, remark.words) for key, remark in said.items()} == {
        "vehicles": ("sourced", "[V04]: three of 26 ships"),
        "capacity": ("derived", "[V06]: 104 000 dwt over 26 ships"),
        ("season", 0): ("assumed", "months of the fair season"),
        ("season", 1): ("derived", "by hand"),
        "speed": ("", ""),
    }
    assert said["vehicles"].facts == ("V04",)
    assert said[("season", 1)].statement == ("services", 0, "season")


def test_what_stands_above_a_heading_speaks_of_its_table_and_of_no_number() -> None:
    """The block just above a heading is that table's; one line between them, and it is nobody's."""
    assert headings(TEXT) == {"services.ferry": "A ship of the fleet; assumed to be like the others."}


def test_a_sign_in_a_string_begins_no_comment() -> None:
    """Strings of every kind are passed over, and lines are counted through those that go over several."""
    text = "a = \"#1\"  # one\nb = '#2'\nc = '''\n# 3\n'''  # five\nd = \"\"\"\n#\"\"\"\n# eight\n"
    assert comments(text) == {1: "one", 5: "five", 8: "eight"}
    assert comments(text.replace("\n", "\r\n")) == comments(text)


def test_numbers_are_figures_of_the_world_and_no_words() -> None:
    """Numbers, dates and texts that begin with a digit; names and switches are none."""
    said = {"a": 1, "b": "36 h", "c": "anzali", "d": True, "e": [{"f": 0.5, "g": "-3 °C", "h": ".5"}]}
    assert [".".join(map(str, path)) for path in numbers(said)] == ["a", "b", "e.0.f", "e.0.g", "e.0.h"]


def test_facts_are_named_once_each() -> None:
    """Ids are capitals and a number; other brackets name none."""
    assert facts_in("[W06] less [W15_01], as [W06] says [1.16/0.325] [see]") == ("W06", "W15_01")


def test_a_number_has_the_remark_of_the_file_that_wrote_it_last(tmp_path: Path) -> None:
    """A layer's own comment counts for what it changes, the base's for the rest; a change of the moment has none."""
    (tmp_path / "mine.toml").write_text(
        'extends = "baseline"\n[[services]]\nid = "vessels"\nvehicles = 5  # derived: two more\n', encoding="utf-8"
    )
    mine = load(str(tmp_path / "mine.toml")).replace({"services.vessels.speed": "11 kn"})
    said = {dotted(mine.document, path): remark for path, remark in remarks(mine).items()}
    assert (said["services.vessels.vehicles"].grade, said["services.vessels.vehicles"].words) == ("derived", "two more")
    assert said["services.vessels.vehicles"].file.endswith("mine.toml")
    assert said["services.vessels.plugs"].facts == ("Q11",)
    assert said["services.vessels.plugs"].file.endswith("services.toml")
    assert said["services.vessels.speed"].grade == ""


def test_what_a_csv_file_says_takes_the_remark_of_the_line_that_names_it(tmp_path: Path) -> None:
    """Every number read from a column is as well known as the statement says."""
    (tmp_path / "times.csv").write_text("time\n5\n9\n", encoding="utf-8")
    text = (
        'extends = "baseline"\n[[legs]]\nid = "qazvin-anzali"\n'
        'transit = { distribution = "empirical", file = "times.csv", column = "time", unit = "h" }  # sourced [L11]: a log\n'
    )
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    mine = load(str(tmp_path / "mine.toml"))
    said = {dotted(mine.document, path): remark for path, remark in remarks(mine).items()}
    assert [said[f"legs.qazvin-anzali.transit.values.{index}"].facts for index in (0, 1)] == [("L11",), ("L11",)]


@pytest.mark.parametrize("text", ["", "a = 1\n", 'title = "x"\n[scale]\nthroughput = 2.0'])
def test_files_without_comments_have_remarks_without_a_grade(text: str) -> None:
    """Nothing said is nothing said; it is no mistake."""
    assert {remark.grade for remark in remarks_in(text).values()} <= {""}


def test_a_scenario_from_a_text_has_no_remarks() -> None:
    """Only files have comments to read."""
    tiny = Path(__file__).parents[1] / "tiny.toml"
    assert {remark.grade for remark in remarks(loads(tiny.read_text(encoding="utf-8"))).values()} == {""}
