"""Files that no editor of ours would write: each is read, or refused in words, and none makes the reader fall over."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario import load, loads


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def _said(text: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        loads(text, "odd")
    return str(caught.value)


def test_a_file_may_begin_with_a_byte_order_mark() -> None:
    """Some editors put one there; places are counted without it."""
    Path("marked.toml").write_bytes(b'\xef\xbb\xbftitle = "Marked"\r\n')

    assert load("marked.toml").scenario.title == "Marked"


@pytest.mark.parametrize(
    "text", ["x = " + "[" * 2000 + "]" * 2000, "[" + ".".join("a" * 3000) + "]\nb = 1", "x = " + "[" * 3000]
)
def test_what_is_nested_too_deep_is_refused(text: str) -> None:
    """However deep, and whether or not it is closed again."""
    assert _said(text) == "odd TOML: has too many levels (expected at most 50)\n1 problem in odd."


def test_a_number_of_more_digits_than_can_be_read_is_refused() -> None:
    """Python reads whole numbers of some four thousand digits."""
    assert "odd TOML: holds a number that cannot be read" in _said(f"[run]\nseed = {'9' * 5000}\n")


def test_a_number_beyond_floats_is_refused_where_it_stands() -> None:
    """Whole numbers have no limit in TOML; quantities do."""
    assert "odd:2:14 scale.throughput: is not a finite number" in _said(f"[scale]\nthroughput = {'9' * 400}\n")


def test_a_chain_of_files_without_an_end_in_sight_is_refused() -> None:
    """A hundred and more files, each of which builds on the next."""
    for number in range(120):
        Path(f"link-{number}.toml").write_text(f"extends = 'link-{number + 1}.toml'\n", encoding="utf-8")

    with pytest.raises(ScenarioError, match=r"link-100\.toml:1:11 extends: is the end of a chain of 101 files"):
        load("link-0.toml")


@pytest.mark.parametrize("name", ["a" * 5000, "a\0b", "folder.toml", ""])
def test_what_cannot_be_the_name_of_a_file_names_no_scenario(name: str) -> None:
    """Too long, with a null character, that of a folder, none at all: nor is a folder suggested."""
    Path("folder.toml").mkdir()
    escaped = name.replace("\0", "\\u0000")

    said = _said(f'extends = "{escaped}"')

    assert "extends: no scenario of that name" in said
    assert "did you mean" not in said


def test_a_file_that_may_not_be_read_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the system gives as the reason."""
    Path("shut.toml").write_text("", encoding="utf-8")

    def refuse(_path: Path, encoding: str) -> str:
        raise PermissionError(13, "Permission denied", encoding)

    monkeypatch.setattr(Path, "read_text", refuse)
    with pytest.raises(ScenarioError, match=r"^shut\.toml file: cannot be read: Permission denied"):
        load("shut.toml")


@pytest.mark.parametrize(
    "change", [f"scale.throughput={'9' * 5000}", f"scale.throughput={'[' * 3000}", "services.s.stops.²=x"]
)
def test_a_change_on_the_command_line_is_read_as_patiently(change: str) -> None:
    """What is no TOML is text, and no multiplier; a superscript is no number of an element."""
    text = '[[services]]\nid = "s"\nmode = "sea"\nstops = ["a", "b"]\nvehicles = 1\ncapacity = "1 t"\n'
    with pytest.raises(ScenarioError):
        loads(text, sets=[change])
