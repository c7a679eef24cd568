"""Commands about scenarios as they are written: list, check, explain, diff, schema. Nothing is simulated here."""

from __future__ import annotations

import json
import math
import re
import textwrap
from typing import Any

import click

from sim.errors import CaspianError, Problem, ScenarioError
from sim.report.console import terminal
from sim.scenario import Resolved, load, locating
from sim.scenario.differing import differences
from sim.scenario.explaining import Explanation, json_schema
from sim.scenario.explaining import explain as explanation
from sim.scenario.listing import Entry, entries
from sim.scenario.notices import notices
from sim.scenario.offered_load import WARN_FROM, OfferedLoad, offered_load
from sim.scenario.writing import inline

__all__ = ["check", "diff", "explain", "list_", "schema"]

_AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead.")
_LONGEST = 100
"""Characters of a value that explain and diff show."""
_COLUMNS = 80
"""Width that diff keeps to where it can."""
_READABLE = 100
"""Columns that a list's text takes at most, however wide the terminal."""
_LONGEST_NAME = 26
"""Columns that a list keeps for names; what a longer one leaves of its line is its own."""
_NARROWEST = 30
"""Columns that a value has at least, however long the scenarios' names are."""


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--set", "sets", metavar="KEY=VALUE", multiple=True, help="Change a value first; may be repeated.")
@_AS_JSON
def check(files: tuple[str, ...], sets: tuple[str, ...], as_json: bool) -> None:
    """Check scenarios, given as files or names, and show the load that each month offers to facilities and fleets.

    Exits with 2 where there is a problem. Warned of are high loads, and what one place has and another like it lacks: a
    tariff, a customs post, weather.
    """
    reports: list[dict[str, Any]] = []
    faulty = False
    for name in files:
        try:
            resolved = load(name, sets=sets)
        except CaspianError as error:
            faulty = True
            reports.append(_problems_as_json(name, error))
            if not as_json:
                click.echo(_with_hint(error), err=True)
            continue
        loads, remarks = offered_load(resolved.scenario), notices(resolved)
        reports.append(_loads_as_json(name, resolved, loads, remarks))
        if not as_json:
            _print_loads(name, resolved, loads)
            for remark in remarks:
                click.echo(f"warning: {remark}")
    if as_json:
        click.echo(json.dumps({"files": reports}, ensure_ascii=False))
    if faulty:
        raise click.exceptions.Exit(2)


def _with_hint(error: CaspianError) -> str:
    problems = error.problems if isinstance(error, ScenarioError) else ()
    key = next((key for key in map(_explainable, problems) if key), "")
    return f"{error} `caspian explain {key}` shows meaning, unit, range, default." if key else str(error)


def _explainable(problem: Problem) -> str:
    """The key that `caspian explain` can say most about; '' where the problem is none of a key."""
    above = problem.key.rpartition(".")[0]
    wanted = problem.key
    if problem.message.startswith("unknown key"):
        wanted = f"{above}.{problem.suggestion}".strip(".") if problem.suggestion else above
    while wanted:
        try:
            return explanation(wanted).general
        except CaspianError:
            wanted = wanted.rpartition(".")[0]
    return ""


def _problems_as_json(name: str, error: CaspianError) -> dict[str, Any]:
    problems = error.problems if isinstance(error, ScenarioError) else (Problem("", str(error)),)
    return {"scenario": name, "valid": False, "problems": [_problem_as_json(problem) for problem in problems]}


def _problem_as_json(problem: Problem) -> dict[str, Any]:
    return {
        "key": problem.key,
        "message": problem.message,
        "value": problem.value,
        "expected": problem.expected,
        "suggestion": problem.suggestion,
        "file": problem.origin.file if problem.origin else "",
        "line": problem.origin.line if problem.origin else 0,
        "column": problem.origin.column if problem.origin else 0,
    }


def _loads_as_json(name: str, resolved: Resolved, loads: OfferedLoad, remarks: list[Problem]) -> dict[str, Any]:
    rows = {
        row.name: {"kind": row.kind, "by_month": [value if math.isfinite(value) else None for value in row.by_month]}
        for row in loads.loads
    }
    high = {row.name: months for row, months in loads.warnings()}
    return {"scenario": name, "valid": True, "digest": resolved.digest, "problems": [], "months": list(loads.months),
            "offered_load": rows, "high_loads": high, "warnings": list(map(_problem_as_json, remarks))}  # fmt: skip


def _print_loads(name: str, resolved: Resolved, loads: OfferedLoad) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, padding=(0, 1, 0, 0), title_justify="left", title="Offered load, % (closures deducted)")
    table.add_column("")
    for month in _month_names(loads.months):
        table.add_column(month, justify="right", no_wrap=True)
    loaded = [row for row in loads.loads if _percent(row.peak) != "0"]
    for row in loaded:
        table.add_row(row.name, *(_cell(value) for value in row.by_month))
    click.echo(f"{name}: valid ({resolved.digest[:8]})")
    Console(highlight=False).print(table)
    idle = len(loads.loads) - len(loaded)
    if idle:
        click.echo(f"Not shown: {idle} {'facilities' if idle > 1 else 'facility'} with a load below 0.5 % in every month.")
    high = loads.warnings()
    for row, months in high:
        click.echo(f"warning: {row.name} is loaded to {_percent(row.peak)} % ({', '.join(months)}): queues will grow")
    if not high:
        click.echo(f"No load of {_percent(WARN_FROM)} % or more.")


def _month_names(months: tuple[str, ...]) -> list[str]:
    names = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return [names[int(month[-2:]) - 1] for month in months] if len(months) <= 12 else [month[2:] for month in months]


def _percent(value: float) -> str:
    return f"{100 * value:.0f}" if math.isfinite(value) else "∞"


def _cell(value: float) -> str:
    return f"[bold red]{_percent(value)}![/]" if value >= WARN_FROM else _percent(value)


@click.command()
@click.argument("key", default="")
@click.argument("file", required=False)
@_AS_JSON
def explain(key: str, file: str | None, as_json: bool) -> None:
    """Say what KEY means, its unit, range and default, and what FILE (the baseline, if none is given) says there.

    Elements of lists go by their id, or the id is left out: services.vehicles. Without a KEY all tables are shown.
    """
    said = explanation(key, load(file) if file else _baseline())
    if as_json:
        fields = ("key", "meaning", "takes", "known", "range", "default", "keys", "value", "origin", "by_element")
        click.echo(json.dumps({name: getattr(said, name) for name in fields}, ensure_ascii=False, default=str))
    else:
        click.echo("\n".join(_explained(said)))


def _baseline() -> Resolved | None:
    """The baseline, where there is a sound one."""
    try:
        return load("baseline")
    except CaspianError:
        return None


def _explained(said: Explanation) -> list[str]:
    lines = [said.key or "scenario file", f"  {said.meaning}"]
    known = ", ".join(said.known)
    for label, text in (("takes", said.takes), ("known", known), ("range", said.range), ("default", said.default)):
        if text:
            lines.append(f"  {label:<8} {text}")
    if said.value is not None and not said.keys:
        lines.append(f"  {'value':<8} {_short(said.value)}  {said.origin}".rstrip())
    if said.by_element:
        width = max(map(len, said.by_element))
        told = {name: "default" if value is None else _short(value) for name, value in said.by_element.items()}
        lines += ["  values", *(f"    {name:<{width}}  {value}" for name, value in told.items())]
    if said.keys:
        width = max(map(len, said.keys))
        lines += ["  keys", *(f"    {name:<{width}}  {meaning}" for name, meaning in said.keys.items())]
    return lines


def _short(value: object) -> str:
    text = "–" if value is None else inline(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


@click.command()
@click.argument("left", metavar="A")
@click.argument("right", metavar="B")
@_AS_JSON
def diff(left: str, right: str, as_json: bool) -> None:
    """Show every key at which scenarios A and B differ, with both values and where they were written."""
    found = differences(load(left), load(right))
    if as_json:
        rows = [
            {"key": row.key, "a": row.left, "a_origin": row.left_origin, "b": row.right, "b_origin": row.right_origin}
            for row in found
        ]
        click.echo(json.dumps({"a": left, "b": right, "differences": rows}, ensure_ascii=False, default=str))
        return
    width = max(len(left), len(right))
    for row in found:
        click.echo(row.key)
        click.echo(_side(f"  {left:<{width}}  ", row.left, row.left_origin))
        click.echo(_side(f"  {right:<{width}}  ", row.right, row.right_origin))
    click.echo(f"{len(found)} difference{'s' if len(found) != 1 else ''}.")


def _side(name: str, value: object, origin: str) -> str:
    """What one scenario says, on one line where it fits, else wrapped below itself; the place comes last."""
    text = _short(value)
    whole = f"{name}{text}  {origin}".rstrip()
    if len(whole) <= _COLUMNS:
        return whole
    below = " " * len(name)
    room = max(_COLUMNS - len(name), _NARROWEST)
    lines = [*textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False), *filter(None, [origin])]
    return "\n".join([f"{name}{lines[0]}", *(f"{below}{line}" for line in lines[1:])])


@click.command("list")
@_AS_JSON
def list_(as_json: bool) -> None:
    """List the scenarios in ./scenarios and those shipped: title, question, and what each changes of the one it extends.

    Up to three changes are shown with their values, of more how many there are; `caspian diff` shows all.
    """
    found = entries(locating.names())
    if as_json:
        click.echo(json.dumps({"scenarios": list(map(_entry_as_json, found))}, ensure_ascii=False, default=str))
        return
    _print_entries([entry for entry in found if entry.title or entry.problem])
    parts = [entry.name for entry in found if not entry.title and not entry.problem]
    if parts:
        click.echo(f"Parts of scenarios, without a title: {', '.join(parts)}")


def _entry_as_json(entry: Entry) -> dict[str, Any]:
    changes = [{"key": key, "before": before, "after": after} for key, before, after in entry.changes]
    return {"name": entry.name, "title": entry.title or _unreadable(entry), "question": entry.question,
            "extends": list(entry.extends), "changes": list(entry.sections), "summary": entry.summary,
            "differences": changes, "problem": entry.problem, "file": entry.file}  # fmt: skip


def _unreadable(entry: Entry) -> str:
    return f"cannot be read: {entry.problem}" if entry.problem else ""


def _print_entries(listed: list[Entry]) -> None:
    """Names on the left, and beside each what there is to say of it, one thing below another."""
    from rich.text import Text

    console = terminal()
    column = min(max((len(entry.name) for entry in listed), default=0), _LONGEST_NAME) + 2
    room = min(max(console.width - column, _NARROWEST), _READABLE)
    for number, entry in enumerate(listed):
        lines = [(line, "") for line in textwrap.wrap(entry.title, room)]
        lines += [(line, "italic") for line in textwrap.wrap(entry.question, room)]
        lines += [(line, "red") for line in textwrap.wrap(_unreadable(entry), room)]
        lines += [(line, "dim") for line in _filled(entry.summary, room)]
        if number:
            console.print()
        for below, line in enumerate(lines):
            name = "" if below else entry.name
            console.print(Text.assemble((f"{name:<{column}}", "bold"), line), soft_wrap=True)


def _filled(text: str, room: int) -> list[str]:
    """A list in words, broken only after its commas and the like and before a plus, so that a number stays with what it
    counts.
    """
    glued = re.sub(r"(?<![,;:])(?<!but) (?!\+ )", "\N{NO-BREAK SPACE}", text)
    lines = textwrap.wrap(glued, room, break_long_words=False, break_on_hyphens=False)
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]


@click.command()
def schema() -> None:
    """Print the JSON Schema of scenario files; an editor that reads ``#:schema FILE`` completes keys with it."""
    click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=1))
