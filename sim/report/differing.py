"""What a comparison says: in the terminal, as one JSON object, and as files with figures."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from sim.experiment import store
from sim.experiment.comparisons.comparing import Comparison
from sim.experiment.comparisons.explaining import Steps, cost_steps, hour_steps
from sim.experiment.comparisons.verdicts import Finding
from sim.kpis import kpi_of
from sim.report.console import plain_table
from sim.report.figures.canvas import svg
from sim.report.figures.forest import ForestRow, forest
from sim.report.figures.waterfall import Bar, waterfall
from sim.report.summary import FEW, figure, interval_as_json, unit_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from rich.console import Console

__all__ = [
    "as_json", "finding_rows", "forest_figure", "print_comparison", "signed", "step_rows", "steps_of", "verdict_words",
    "waterfall_figure", "window_warning", "write",
]  # fmt: skip

MOST_COLUMNS = 3
"""Other scenarios that stand side by side; where there are more, they stand below one another."""
UNITS = {"hours": "h", "cost": "USD/t"}
"""What the difference is explained in, and its unit."""
Rows = tuple[list[str], list[list[str]]]
"""A header, and as many cells in each row."""


def verdict_words(finding: Finding) -> str:
    """The verdict; where there is none, whether a difference that matters is ruled out, or what it would take to tell."""
    if finding.verdict == "no clear difference" and finding.is_small:
        return "no difference that matters"
    needs = f" (needs about {finding.needs:,} replications)" if finding.needs else ""
    return f"{finding.verdict}{needs}"


def finding_rows(done: Comparison) -> Rows:
    """Each KPI of the base, and how each other scenario differs from it: side by side where they are few."""
    base, found = done.intervals(0), done.findings()
    title = {kpi: _title(kpi) for kpi in done.kpis}
    if len(done.scenarios) - 1 <= MOST_COLUMNS:
        rows = [[title[kpi], figure(kpi, base[kpi].mean), *map(_said, found[kpi])] for kpi in done.kpis]
        return ["", *done.names], rows
    rows = []
    for kpi in done.kpis:
        rows.append([title[kpi], done.names[0], figure(kpi, base[kpi].mean)])
        rows += [["", name, _said(finding)] for name, finding in zip(done.names[1:], found[kpi], strict=True)]
    return ["", "scenario", f"mean of {done.names[0]}, and what the others differ by"], rows


def _title(kpi: str) -> str:
    part = kpi.partition(".")[2]
    return " ".join(filter(None, (kpi_of(kpi).title, part, unit_of(kpi))))


def _said(finding: Finding) -> str:
    if finding.verdict in ("identical", "nothing to compare"):
        return finding.verdict
    lo, mean, hi = (signed(finding.kpi, value) for value in (finding.lo, finding.mean, finding.hi))
    return f"{mean} [{lo}, {hi}] {verdict_words(finding)}"


def signed(kpi: str, value: float) -> str:
    """A difference with its sign; one too small for the digits of its KPI has two of its own."""
    said = figure(kpi, value)
    if value and not said.strip("-0."):
        said = f"{value:.1g}"
    return said if math.isnan(value) or value < 0 else f"+{said}"


def steps_of(done: Comparison, number: int) -> dict[str, Steps]:
    """What the difference of scenario `number`, from 1, is made of: ``hours`` by cause and ``cost`` by category."""
    shift = done.shift(number)
    return {} if shift is None else {"hours": hour_steps(shift), "cost": cost_steps(shift)}


def step_rows(done: Comparison, number: int) -> Rows:
    """The steps from the base's mean to that of scenario `number`: largest first, in hours and in USD per tonne."""
    told = steps_of(done, number)
    rows: list[list[str]] = []
    for kind, steps in told.items():
        if not steps.steps:
            continue
        shift = sorted(steps.steps.items(), key=lambda step: -abs(step[1]))
        rows.append([done.names[0], _places(steps.start), UNITS[kind]])
        rows += [[f"  {name}", f"{'+' if step > 0 else ''}{_places(step)}", ""] for name, step in shift if _counts(step)]
        rows.append([done.names[number], _places(steps.end), UNITS[kind]])
    return [f"Why {done.names[number]}", "mean", ""], rows


def _counts(step: Fraction) -> bool:
    """Whether two decimals show anything of a step."""
    return abs(step) >= Fraction(1, 200)


def _places(value: Fraction) -> str:
    return f"{float(value):,.2f}"


def window_warning(keys: Sequence[str]) -> str:
    """What there is to say where scenarios differ in these keys of the measured window; "" where they differ in none."""
    if not keys:
        return ""
    said = " and ".join(filter(None, (", ".join(keys[:-1]), keys[-1])))
    return f"{'WINDOWS':<12}{said} differ{'s' if len(keys) == 1 else ''}: the scenarios are not measured over like times"


def print_comparison(console: Console, done: Comparison, folder: Path) -> None:
    """The findings, the explanation of each difference, the checks and where the files are."""
    header, rows = finding_rows(done)
    table = plain_table(*header, right=(done.names[0],) if len(header) > 3 or len(done.scenarios) == 2 else (), keep=("",))
    for row in rows:
        table.add_row(*row)
    console.print(table)
    for number in range(1, len(done.scenarios)):
        head, steps = step_rows(done, number)
        if steps:
            console.print()
            said = plain_table(*head, right=("mean",), keep=(head[0],))
            for row in steps:
                said.add_row(*row)
            console.print(said)
            shift = done.shift(number)
            assert shift is not None
            whose = f"  of the {shift.here.consignments:,} consignments that both deliver; "
            whose += f"{shift.only_here.consignments:,} only in {done.names[0]}, "
            console.print(f"{whose}{shift.only_there.consignments:,} only in {done.names[number]}")
    console.print()
    count = len(done.replications)
    how = "pairs under the same chance" if done.is_paired else "replications under independent chance"
    few = f"; {count} are few to judge by" if count < FEW else ""
    console.print(f"{'Intervals':<12}95 % for all of them together (Holm), {count} {how}{few}")
    console.print(
        f"{'Matters':<12}{100 * done.matters:g} % of {done.names[0]}'s mean; what is needed tells that with 90 % certainty"
    )
    if not done.is_paired:
        console.print(f"{'':<12}differences are not explained, since no consignment has a partner")
    if warning := window_warning(done.windows_differ):
        console.print(warning, style="bold red", soft_wrap=True)
    console.print(f"{'Checks':<12}{done.checks_off} off in all", style="bold red" if done.checks_off else "")
    console.print(f"{'Results':<12}{folder}", soft_wrap=True)


def forest_figure(done: Comparison) -> Figure:
    """Every difference as a share of the base's mean, with its interval."""
    base, rows = done.intervals(0), list[ForestRow]()
    for kpi, each in done.findings().items():
        whole = abs(base[kpi].mean)
        for name, finding in zip(done.names[1:], each, strict=True):
            if whole and finding.n >= 2:
                mean, lo, hi = (100 * value / whole for value in (finding.mean, finding.lo, finding.hi))
                rows.append(ForestRow(label=name, group=kpi_of(kpi).title, mean=mean, lo=lo, hi=hi, verdict=finding.verdict))
    return forest(rows, title=f"Differences from {done.names[0]}, {len(done.replications)} replications",
                  axis=f"difference from {done.names[0]}, %")  # fmt: skip


def waterfall_figure(done: Comparison, number: int, kind: str) -> Figure | None:
    """The steps from the base's mean to that of scenario `number`, in ``hours`` or ``cost``; None where nothing differs."""
    steps = steps_of(done, number).get(kind)
    if steps is None or not steps.steps:
        return None
    what = "Hours from release to delivery" if kind == "hours" else "Landed cost add-on"
    ordered = sorted(steps.steps.items(), key=lambda step: -abs(step[1]))
    return waterfall(
        float(steps.start), [Bar(label=name, value=float(step)) for name, step in ordered], float(steps.end),
        names=(done.names[0], done.names[number]), unit=UNITS[kind], title=f"{what} of a consignment, by cause"
        if kind == "hours" else f"{what} per tonne, by category",
    )  # fmt: skip


def as_json(done: Comparison, folder: Path) -> dict[str, object]:
    """A comparison as one object."""
    base, found = done.intervals(0), done.findings()
    return {
        "base": done.names[0],
        "scenarios": dict(zip(done.names, (each.digest for each in done.scenarios), strict=True)),
        "seeds": list(done.seeds),
        "engines": list(done.engines),
        "replications": len(done.replications),
        "matters": done.matters,
        "windows_differ": list(done.windows_differ),
        "kpis": {
            kpi: {
                "base": interval_as_json(kpi, base[kpi]),
                **{name: _as_json(finding) for name, finding in zip(done.names[1:], found[kpi], strict=True)},
            }
            for kpi in done.kpis
        },
        "why": {
            name: {kind: _steps_as_json(steps) for kind, steps in steps_of(done, number).items()}
            for number, name in enumerate(done.names[1:], start=1)
        },
        "checks_off": done.checks_off,
        "results": str(folder),
    }


def _as_json(finding: Finding) -> dict[str, object]:
    numbers = {"mean": finding.mean, "lo": finding.lo, "hi": finding.hi, "p": finding.p}
    known = {name: None if math.isnan(value) else value for name, value in numbers.items()}
    return {
        **known,
        "level": finding.level,
        "pairs": finding.n,
        "verdict": finding.verdict,
        "matters": finding.matters,
        "is_small": finding.is_small,
        "needs": finding.needs,
    }


def _steps_as_json(steps: Steps) -> dict[str, object]:
    return {"start": float(steps.start), "steps": {name: float(step) for name, step in steps.steps.items()},
            "end": float(steps.end)}  # fmt: skip


def write(done: Comparison, root: Path) -> Path:
    """Write a comparison below ``root/comparisons``, figures too; gives the new folder."""

    def fill(folder: Path) -> None:
        (folder / "manifest.json").write_text(json.dumps(_manifest(done), indent=2) + "\n", encoding="utf-8")
        for name, scenario in zip(done.names, done.scenarios, strict=True):
            (folder / f"{store.file_name(name)}.toml").write_text(scenario.to_toml(), encoding="utf-8")
        kpis = list(dict.fromkeys(kpi for each in done.replications for row in each.kpis for kpi in row))
        rows = ([name, each.number, *(row.get(kpi, math.nan) for kpi in kpis)]
                for name, index in zip(done.names, range(len(done.names)), strict=True)
                for each in done.replications for row in [each.kpis[index]])  # fmt: skip
        store.replace_text(folder / "kpis.csv", store.csv_lines(["scenario", "replication", *kpis], rows))
        store.replace_text(folder / "differences.csv", store.csv_lines(*_difference_table(done)))
        store.replace_text(folder / "why.csv", store.csv_lines(["scenario", "in", "step", "mean"], _why(done)))
        (folder / "figures").mkdir()
        for name, drawn in _drawn(done).items():
            (folder / "figures" / f"{name}.svg").write_bytes(svg(drawn))

    digest = hashlib.sha256("\n".join(each.digest for each in done.scenarios).encode()).hexdigest()
    return store.write_whole(root / "comparisons", f"{done.began:%Y%m%dT%H%M%SZ}-{digest[:8]}", fill)


def _drawn(done: Comparison) -> Mapping[str, Figure]:
    drawn = {"forest": forest_figure(done)}
    for number, name in enumerate(done.names[1:], start=1):
        for kind in UNITS:
            if (one := waterfall_figure(done, number, kind)) is not None:
                drawn[f"{kind}-{store.file_name(name)}"] = one
    return drawn


def _difference_table(done: Comparison) -> tuple[list[str], Iterator[list[object]]]:
    rows: Iterator[list[object]] = (
        [kpi, name, finding.mean, finding.lo, finding.hi, finding.level, finding.p, finding.n, finding.verdict,
         "" if finding.needs is None else finding.needs]
        for kpi, each in done.findings().items()
        for name, finding in zip(done.names[1:], each, strict=True)
    )  # fmt: skip
    return ["kpi", "scenario", "mean", "lo", "hi", "level", "p", "pairs", "verdict", "needs"], rows


def _why(done: Comparison) -> Iterator[list[object]]:
    for number, name in enumerate(done.names[1:], start=1):
        for kind, steps in steps_of(done, number).items():
            yield [name, UNITS[kind], done.names[0], float(steps.start)]
            yield from ([name, UNITS[kind], step, float(value)] for step, value in steps.steps.items())
            yield [name, UNITS[kind], name, float(steps.end)]


def _manifest(done: Comparison) -> dict[str, object]:
    """Where the results come from: enough to make them again."""
    return {
        "scenarios": [{"name": name, "digest": each.digest, "layers": [layer.name for layer in each.layers]}
                      for name, each in zip(done.names, done.scenarios, strict=True)],
        "seeds": list(done.seeds),
        "engines": list(done.engines),
        "replications": len(done.replications),
        "kpis": list(done.kpis),
        "matters": done.matters,
        "windows_differ": list(done.windows_differ),
        "checks_off": done.checks_off,
        "began_utc": f"{done.began:%Y-%m-%dT%H:%M:%SZ}",
        "took_s": round(done.took_s, 3),
        **store.made_with(),
    }  # fmt: skip
