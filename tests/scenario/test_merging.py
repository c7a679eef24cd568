"""How layers lie over one another."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.scenario.layers import parse, read, stack
from sim.scenario.merging import laid_over, merged, walk
from sim.scenario.writing import to_toml

WORDS = st.sampled_from(["a", "b", "c"])
TABLES = st.recursive(
    st.one_of(st.integers(0, 9), st.lists(st.integers(0, 9), max_size=2)),
    lambda inner: st.one_of(
        st.dictionaries(WORDS, inner, max_size=3),
        st.lists(
            st.fixed_dictionaries({"id": WORDS, "x": inner}), min_size=1, max_size=3, unique_by=lambda part: part["id"]
        ),
    ),
    max_leaves=10,
)
SAME_SHAPE = st.fixed_dictionaries(
    {},
    optional={
        "t": st.dictionaries(WORDS, st.integers(0, 9), max_size=3),
        "rows": st.lists(
            st.fixed_dictionaries({"id": WORDS}, optional={"x": st.integers(0, 9), "y": st.lists(st.integers(0, 9))}),
            min_size=1, max_size=3, unique_by=lambda part: str(part["id"]),
        ),
        "v": st.one_of(st.integers(0, 9), st.lists(st.integers(0, 9))),
    },
)  # fmt: skip


def _over(below: dict[str, object], above: dict[str, object]) -> dict[str, object]:
    return laid_over(below, above, "", [], [])


@given(SAME_SHAPE, SAME_SHAPE, SAME_SHAPE)
def test_merging_is_associative(a: dict[str, object], b: dict[str, object], c: dict[str, object]) -> None:
    """Two overlays merged first and laid over a base say the same as one after the other, where keys keep their sort."""
    assert _over(_over(a, b), c) == _over(a, _over(b, c))


@given(SAME_SHAPE)
def test_merging_with_nothing_or_with_itself_changes_nothing(a: dict[str, object]) -> None:
    """An empty layer is neutral on either side, and a layer over itself is itself."""
    assert _over({}, a) == _over(a, {}) == _over(a, a) == a


@given(st.lists(st.dictionaries(WORDS, TABLES, max_size=3), min_size=1, max_size=3))
def test_origins_are_complete_and_none_is_left_over(documents: list[dict[str, object]]) -> None:
    """Whatever is in the merged data has a place in one of the files, and nothing else has."""
    whole = merged([parse(to_toml(document), f"{number}.toml") for number, document in enumerate(documents)])
    assert set(whole.values) == set(whole.keys) == set(walk(whole.data, ""))


@given(SAME_SHAPE, SAME_SHAPE)
def test_an_origin_names_the_file_that_said_the_value(a: dict[str, object], b: dict[str, object]) -> None:
    """A value that the upper file says is its own; what it does not mention stays with the lower one."""
    whole = merged([parse(to_toml(a), "low"), parse(to_toml(b), "high")])
    upper = {key for key in walk(b, "") if not key.endswith(".id")}
    for key in walk(whole.data, ""):
        if not key.endswith(".id"):
            assert (whole.values[key].file == "high") == (key in upper), key


def test_elements_merge_by_id_are_added_and_taken_away() -> None:
    """A known id changes, a new one comes last, remove takes away; other lists are replaced."""
    base = parse('l = [1, 2]\n[[s]]\nid = "a"\nx = 1\ny = 1\n[[s]]\nid = "b"\nx = 2', "base")
    over = parse('l = [3]\n[[s]]\nid = "c"\nx = 3\n[[s]]\nid = "a"\nx = 9\n[[s]]\nid = "b"\nremove = true', "over")
    whole = merged([base, over])
    assert whole.data == {"l": [3], "s": [{"id": "a", "x": 9, "y": 1}, {"id": "c", "x": 3}]}
    assert (str(whole.values["s.a.x"]), str(whole.values["s.a.y"])) == ("over:7:5", "base:5:5")
    assert not whole.problems


def test_a_distribution_replaces_the_one_below_as_a_whole() -> None:
    """No key of the distribution below is left over; a table that does not say `distribution` merges."""
    base = parse('t = { distribution = "lognormal", median = "1 h", p95 = "3 h" }', "base")
    other = parse('t = { distribution = "gamma", mean = "1 h", cv = 1 }', "other")
    assert merged([base, other]).data["t"] == {"distribution": "gamma", "mean": "1 h", "cv": 1}
    changed = parse('t = { p95 = "4 h" }', "changed")
    assert merged([base, changed]).data["t"] == {"distribution": "lognormal", "median": "1 h", "p95": "4 h"}


def test_overlays_on_the_same_base_combine(tmp_path: Path) -> None:
    """Each file counts once: the second overlay's base does not undo what the first changed."""
    (tmp_path / "base.toml").write_text("a = 1\nb = 1\nc = 1\n")
    (tmp_path / "one.toml").write_text('extends = "base"\na = 2\n')
    (tmp_path / "two.toml").write_text('extends = "base"\nb = 2\n')
    (tmp_path / "both.toml").write_text('extends = ["one", "two"]\nc = 2\n')
    layers = stack(read(tmp_path / "both.toml"))
    assert [Path(layer.name).stem for layer in layers] == ["base", "one", "two", "both"]
    assert merged(layers).data == {"a": 2, "b": 2, "c": 2}


def test_names_and_titles_are_not_inherited(tmp_path: Path) -> None:
    """What a file is called says nothing of those that extend it."""
    (tmp_path / "base.toml").write_text('title = "Base"\na = 1\n')
    (tmp_path / "top.toml").write_text('extends = "base"\n')
    assert merged(stack(read(tmp_path / "top.toml"))).data == {"a": 1}


def test_extends_that_is_no_name_is_refused() -> None:
    """The place of the value is given."""
    with pytest.raises(
        ScenarioError, match=r"^f:1:11 extends: is not a name \(found 5; expected a name or a list of names\)"
    ):
        parse("extends = 5", "f")


def test_a_file_that_is_not_utf_8_is_refused_with_its_line(tmp_path: Path) -> None:
    """Whoever saved it in another encoding learns where."""
    (tmp_path / "f.toml").write_bytes(b"a = 1\nb = '\xff'\n")
    with pytest.raises(ScenarioError, match=r"f\.toml:2:1 TOML: is not text in UTF-8"):
        read(tmp_path / "f.toml")
