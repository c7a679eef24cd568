"""The page about the data cannot lie about the files, nor leave a number out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs.compare_published import SECTIONS, WRITTEN_OF, compared, difference, page_part
from docs.make_data import PAGE, facts, renewed, rows, tables, written
from sim.experiment.precision import Interval
from sim.scenario import load
from sim.scenario.layers import dotted
from sim.scenario.remarks import facts_in, numbers

FOLDER = Path(__file__).parents[2] / "scenarios"


@pytest.fixture(scope="module")
def page() -> str:
    """The page as committed."""
    return PAGE.read_text(encoding="utf-8")


def test_the_page_is_what_the_files_give(page: str) -> None:
    """docs/data.md holds what the scenario files say today; `python docs/make_data.py` renews it. Nothing is measured."""
    assert renewed(page) == page, "docs/data.md is out of date: run `python docs/make_data.py`"


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.toml")))
def test_every_number_of_a_scenario_is_in_one_row(name: str) -> None:
    """Rows of any scenario hold each of its numbers once, none without a grade, and are told apart by their keys."""
    resolved = load(str(FOLDER / f"{name}.toml"))
    found = rows(resolved)
    keys = [row.key for row in found]
    assert len(set(keys)) == len(keys)
    assert sum(row.numbers for row in found) == len(list(numbers(resolved.document)))
    for path in numbers(resolved.document):
        key = dotted(resolved.document, path)
        assert sum(key == row or key.startswith(f"{row}.") for row in keys) == 1, key
    assert all(row.remark.grade for row in found)


def test_every_key_of_the_baseline_is_on_the_page_with_its_value(page: str) -> None:
    """A number is found by its dotted key, and stands there as the file writes it."""
    assert "| `services.vessels.plugs` | `16` | sourced | [Q11](#q11): " in page
    assert '| `tariffs.vat-kazakhstan.percent.1` | `{ from = 2026-01-01, value = "16 %" }` | sourced | [D21](#d21): ' in page
    assert all(f"| `{row.key}` |" in page for row in rows(load(str(FOLDER / "baseline.toml"))))


def test_every_link_within_the_page_leads_somewhere(page: str) -> None:
    """Each fact that is named has its line in the sources, and each heading of the contents is there."""
    anchors = set(re.findall(r'<a id="([^"]+)">', page))
    anchors |= {heading.lower().replace(" ", "-") for heading in re.findall(r"^#+ (.+)$", page, re.MULTILINE)}
    assert set(re.findall(r"\]\(#([^)]+)\)", page)) <= anchors
    assert not re.search(r"\[[A-Z]+\d\w*\](?!\()", page)


def test_tables_keep_their_columns(page: str) -> None:
    """Whatever signs comments and sources hold, each line of a table has the cells of its heading."""
    width = 0
    for line in page.splitlines():
        cells = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
        assert cells in (width, 0) or width == 0, line
        width = cells


def test_what_others_add_has_its_place(tmp_path: Path) -> None:
    """Another file of the catalogue, with a noun, a note above its heading and a number without a word: all is shown."""
    (tmp_path / "mine.toml").write_text(
        'extends = "baseline"\n\n# Dredged | again.\n[[terminals]]\nid = "anzali-quay"\nberths = 18  # sourced [T31]: a|b\n'
        "permitted_draught = [\n"
        '    { from = 2026-01-01, value = "4.5 m" },\n    { from = 2026-06-01, value = "5 m" },  # assumed: dredged\n]\n',
        encoding="utf-8",
    )
    mine = load(str(tmp_path / "mine.toml"))
    text = tables(mine, rows(mine))
    assert "- `terminals.anzali-quay`: Dredged \\| again." in text
    assert "| `terminals.anzali-quay.berths` | `18` | sourced | [T31](#t31): a\\|b |" in text
    assert '`terminals.anzali-quay.permitted_draught.0` | `{ from = 2026-01-01, value = "4.5 m" }` | **none** |' in text
    assert (
        '`terminals.anzali-quay.permitted_draught.1` | `{ from = 2026-06-01, value = "5 m" }` | assumed | dredged |' in text
    )


def test_a_page_without_its_marks_is_refused() -> None:
    """Nothing is written where the place for it is gone."""
    with pytest.raises(SystemExit, match="no part 'numbers'"):
        written("# The data\n", "numbers", "")


def test_what_is_compared_names_facts_of_the_table() -> None:
    """Every published figure says where it stands, every id is a line of the table, and no figure is compared twice."""
    compared_rows = [row for section in SECTIONS for row in section.rows]
    assert len({row.of for row in compared_rows}) == len(compared_rows)
    said = " ".join([*(f"{row.said} {row.why}" for row in compared_rows), *(section.words for section in SECTIONS)])
    assert set(facts_in(said)) <= set(facts())
    assert all(row.said for row in compared_rows)
    assert all(row.published is None or row.published[0] <= row.published[1] for row in compared_rows)


def test_all_that_is_compared_can_be_measured(page: str) -> None:
    """A run gives every figure that the page shows; where one interval is none, the mean stands alone with its ends."""
    resolved = load(str(FOLDER / "as-is-2026.toml"))
    found = compared(resolved, replications=2)
    assert {row.of for section in SECTIONS for row in section.rows} == set(found)
    assert all(interval.n == 2 for interval in found.values())
    text = page_part(resolved, found)
    assert all(f"| {row.title}" in text and f"| {row.title}" in page for section in SECTIONS for row in section.rows)
    assert found["round_d"].mean > found["round_wait_d"].mean > 0
    assert found["kt_per_ship"].mean == pytest.approx(
        found["laden_voyages"].mean * (found["from_aktau_t"].mean + found["to_aktau_t"].mean) / 2e3, rel=0.05
    )


def test_the_words_are_of_the_run_that_the_page_shows(page: str) -> None:
    """What explains the differences was written of the scenario that was measured."""
    assert f"(digest `{WRITTEN_OF}`)" in page


@pytest.mark.parametrize(
    ("mean", "published", "said"),
    [
        (12.0, (10.0, 14.0), "within"),
        (12.0, None, "–"),
        (10.01, (10.0, 10.0), "the same"),
        (8.0, (10.0, 14.0), "20 % below"),
        (9.5, (10.0, 14.0), "5 % below, within the interval"),
        (16.8, (10.0, 14.0), "20 % above"),
        (42.0, (10.0, 14.0), "3.0 times as much"),
    ],
)
def test_a_difference_is_from_the_nearest_that_is_published(
    mean: float, published: tuple[float, float] | None, said: str
) -> None:
    """Shares count from the nearer end of what is published; an interval that reaches it is said to."""
    assert difference(Interval(mean=mean, lo=mean - 1, hi=mean + 1, n=20), published) == said
