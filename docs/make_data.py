"""Writes `docs/data.md`: every number of the baseline with its grade, reason and source: ``python docs/make_data.py``.

With ``--measure`` it also runs `as-is-2026` and writes anew what that gives beside what is published; without, that part of
the page is kept as it is. The numbers are read from the scenario files, the sources from the table of facts; only the prose
between the parts is written by hand.
"""

import csv
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from docs import compare_published
from sim.scenario import Resolved, load
from sim.scenario.explaining import explain
from sim.scenario.layers import dotted
from sim.scenario.positions import Path as Keys
from sim.scenario.remarks import GRADES, Remark, facts_in, headings, numbers, remarks
from sim.scenario.schema import Scenario
from sim.scenario.shape import members
from sim.scenario.writing import inline

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "data.md"
FACTS = ROOT / "scenarios" / "catalogue" / "corridor-facts.csv"
_FACT = re.compile(r"\[([A-Z]+\d\w*)\](?!\()")
_IN_TABLE = str.maketrans({"|": r"\|", "<": "&lt;", "~": r"\~", "*": r"\*", "$": "&#36;", "\n": " "})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A value with its remark: a number, or a list or table whose numbers one remark speaks for."""

    key: str
    value: object
    remark: Remark
    numbers: int
    """How many it holds."""


def rows(resolved: Resolved) -> list[Row]:
    """All numbers of a scenario, gathered into rows, in the order of its document."""
    said = remarks(resolved)
    return [_row(resolved, path, value, said) for path, value in _gathered(resolved.document, (), said)]


def _row(resolved: Resolved, path: Keys, value: object, said: Mapping[Keys, Remark]) -> Row:
    inside = [said[inner] for inner in numbers(value, path)]
    return Row(key=dotted(resolved.document, path), value=value, remark=inside[0], numbers=len(inside))


def _gathered(value: object, path: Keys, said: Mapping[Keys, Remark]) -> Iterator[tuple[Keys, object]]:
    """The outermost values whose numbers have one remark, written in one statement."""
    inside = {said[inner] for inner in numbers(value, path)}
    if not inside:
        return
    depth = len(path) - 1
    if len(inside) == 1 and depth >= 0 and all(_is_of(path, remark) for remark in inside) and not _has_ids(value):
        yield path, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _gathered(inner, (*path, str(key)), said)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _gathered(inner, (*path, index), said)
    else:
        yield path, value


def _is_of(path: Keys, remark: Remark) -> bool:
    """Whether `path` is the statement of a remark or below it; elements may have other numbers in the file."""
    return len(path) >= len(remark.statement)


def _has_ids(value: object) -> bool:
    """Whether a list holds elements with names of their own."""
    return isinstance(value, list) and any(isinstance(element, Mapping) and "id" in element for element in value)


def linked(text: str) -> str:
    """A text of one cell of a table, ids of facts linked to the list of sources."""
    return with_links(text.translate(_IN_TABLE))


def with_links(text: str) -> str:
    """A text in which ids of facts lead to the list of sources."""
    return _FACT.sub(lambda fact: f"[{fact[1]}](#{fact[1].lower()})", text)


def as_written(value: object) -> str:
    """A value as the files write it; a single text without its quotes."""
    text = value if isinstance(value, str) else inline(value)
    return f"`{text.replace('|', chr(92) + '|')}`"


def counts(found: list[Row]) -> str:
    """How many numbers of each noun have which grade."""
    nouns = list(dict.fromkeys(_noun(row) for row in _in_order(found)))
    lines = [f"| | {' | '.join(GRADES)} | all |", f"|---|{'--:|' * (len(GRADES) + 1)}"]
    for name in (*nouns, ""):
        mine = [row for row in found if not name or _noun(row) == name]
        by_grade = [sum(row.numbers for row in mine if row.remark.grade == grade) for grade in GRADES]
        cells = [*map(str, by_grade), str(sum(row.numbers for row in mine))]
        title = f"[{name}](#{name})" if name else "**all**"
        lines.append(f"| {title} | {' | '.join(cells if name else [f'**{cell}**' for cell in cells])} |")
    return "\n".join(lines)


def _noun(row: Row) -> str:
    return row.key.partition(".")[0]


def _in_order(found: list[Row]) -> list[Row]:
    """Nouns in the order of the scenario language, rows of each as they come."""
    order = list(members(Scenario))
    return sorted(found, key=lambda row: order.index(_noun(row)))


def tables(resolved: Resolved, found: list[Row]) -> str:
    """A section for each noun: what it is, where it is written, what the files say of its elements, and its numbers."""
    notes = _notes(resolved)
    sections = []
    for noun in dict.fromkeys(_noun(row) for row in _in_order(found)):
        mine = [row for row in found if _noun(row) == noun]
        files = dict.fromkeys(_relative(row.remark.file) for row in mine)
        links = ", ".join(f"[{Path(file).name}](../{file})" for file in files)
        said = [f"- `{key}`: {linked(words)}" for key, words in notes.items() if key.partition(".")[0] == noun]
        lines = [f"### {noun}", "", f"{explain(noun).meaning} From {links}.", "", *([*said, ""] if said else [])]
        lines += ["| key | value | grade | reason |", "|---|---|---|---|"]
        lines += [_as_line(row) for row in mine]
        sections.append("\n".join(lines))
    return "\n\n".join(sections)


def _as_line(row: Row) -> str:
    return f"| `{row.key}` | {as_written(row.value)} | {row.remark.grade or '**none**'} | {linked(row.remark.words)} |"


def _notes(resolved: Resolved) -> dict[str, str]:
    """What stands above the headings of the files, by dotted key, where the scenario still has what they head."""
    notes: dict[str, str] = {}
    for layer in resolved.layers:
        if layer.path is not None:
            notes |= headings(layer.path.read_text(encoding="utf-8-sig"))
    return {key: words for key, words in notes.items() if key in resolved.origins}


def _relative(file: str) -> str:
    """A file as the repository calls it."""
    path = Path(file).resolve()
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name


def facts() -> dict[str, dict[str, str]]:
    """The lines of the table of facts, by id."""
    with FACTS.open(encoding="utf-8", newline="") as file:
        return {line["id"]: line for line in csv.DictReader(file)}


def sources(text: str) -> str:
    """The facts that a text names, in the order of their table."""
    named = set(facts_in(text))
    lines = ["| | fact | value | source | what it says |", "|---|---|---|---|---|"]
    return "\n".join([*lines, *(_source(fact) for name, fact in facts().items() if name in named)])


def _source(fact: Mapping[str, str]) -> str:
    title = fact["source_title"].translate(_IN_TABLE) or "–"
    address = fact["source_address"].replace("|", "%7C").replace(" ", "%20").replace("(", "%28").replace(")", "%29")
    where = ", ".join(filter(None, (fact["where"], fact["year"])))
    cells = (
        f'<a id="{fact["id"].lower()}"></a>{fact["id"]}',
        f"{fact['quantity']} ({where})".replace(" ()", "").translate(_IN_TABLE),
        _value(fact).translate(_IN_TABLE),
        f"[{title}]({address})" if address else title,
        f"*{fact['confidence']}*: {fact['note'].translate(_IN_TABLE)}",
    )
    return f"| {' | '.join(cells)} |"


def _value(fact: Mapping[str, str]) -> str:
    """The middle with its unit, and the ends where there are any."""
    ends = [fact["value_low"], fact["value_high"]]
    middle = fact["value_mid"] or " – ".join(filter(None, ends))
    spread = f" ({' – '.join(ends)})" if all(ends) and fact["value_mid"] and ends != [fact["value_mid"]] * 2 else ""
    return f"{middle}{spread} {fact['unit'].removeprefix('date') if middle else ''}".strip()


def _between(page: str, part: str) -> tuple[str, str, str]:
    """The page up to a part, the part, and the rest."""
    begin, end = f"<!-- {part}: generated -->\n\n", f"\n\n<!-- end of {part} -->"
    before, found, rest = page.partition(begin)
    inside, closed, after = rest.partition(end)
    if not found or not closed:
        raise SystemExit(f"{PAGE.name} has no part '{part}' between its marks.")
    return before + begin, inside, end + after


def written(page: str, part: str, text: str) -> str:
    """The page with a part written anew."""
    before, _, after = _between(page, part)
    return before + text + after


def renewed(page: str, comparison: str | None = None) -> str:
    """The page as the files have it now; the comparison with what is published is kept where none is given."""
    baseline = load(str(ROOT / "scenarios" / "baseline.toml"))
    found = rows(baseline)
    page = written(page, "counts", counts(found))
    page = written(page, "numbers", tables(baseline, found))
    if comparison is not None:
        page = written(page, "comparison", comparison)
    named = "".join(_between(page, part)[1] for part in ("numbers", "comparison"))
    return written(page, "sources", sources(named))


def measured_part() -> str:
    """The comparison, from a run made now; says so where its words were written of another scenario."""
    resolved = load(str(ROOT / "scenarios" / f"{compare_published.SCENARIO}.toml"))
    if not resolved.digest.startswith(compare_published.WRITTEN_OF):
        sys.stderr.write(
            f"{resolved.scenario.name} has changed since the words were written: read them against the figures.\n"
        )
    text = compare_published.page_part(resolved, compare_published.compared(resolved))
    return with_links(text)


def main() -> None:
    """Writes the page anew."""
    comparison = measured_part() if "--measure" in sys.argv[1:] else None
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8"), comparison), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
