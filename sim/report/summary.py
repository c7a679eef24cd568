"""What a run and a judgement of the warm-up say in the terminal, and as one JSON object."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.experiment.precision import CONFIDENCE, Interval
from sim.experiment.runs import Plan, Run
from sim.experiment.warm_up import Verdict
from sim.kpis import KPIS, Bottleneck, bottleneck, kpi_of
from sim.report.console import plain_table
from sim.scenario import Resolved
from sim.units import DAY_S

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

__all__ = [
    "HEADLINES", "KPIS", "MAIN", "as_json", "figure", "interval_as_json", "lines", "notes", "print_heading", "print_run",
    "print_verdicts", "range_of", "unit_of", "verdicts_as_json",
]  # fmt: skip

MAIN = ("lead_time_d", "throughput_kt")
"""KPIs by which precision and warm-up are judged unless others are named."""
HEADLINES = (
    "lead_time_d", "lead_time_export_d", "lead_time_import_d", "on_time_share", "throughput_kt", "throughput_export_kt",
    "throughput_import_kt", "cost_usd_per_t", "spoilage_share", "co2e_kg_per_t", "customs_h",
)  # fmt: skip
"""KPIs of the first table; all others are in the files."""
OF_A_WHOLE = (
    "on_time_share", "spoilage_share", "empty_share", "load_factor", "berth_occupancy", "crane_occupancy", "post_occupancy",
    "vehicle_utilisation", "yard_peak_share", "gridlock",
)  # fmt: skip
"""Shares that never exceed one; that of demand may, where what was released before arrives."""
FEW = 5
"""Replications below which an interval is too wide to judge by."""


def print_heading(console: Console, resolved: Resolved, plan: Plan) -> None:
    """One line: which scenario, how long, under which seed."""
    settings = resolved.scenario.run
    seed = settings.seed if plan.seed is None else plan.seed
    length = f"{settings.run_length / DAY_S:g} d after {settings.warm_up / DAY_S:g} d warm-up"
    console.print(f"Scenario {resolved.scenario.name} ({resolved.digest[:8]})  {length}  seed {seed}", style="bold")


def print_run(console: Console, run: Run, folder: Path, name: str) -> None:
    """The table of headlines, the bottleneck, the checks, where the files are and what to do next with scenario `name`."""
    console.print(_kpi_table(run))
    console.print(_below(lines(run)))
    console.print(f"{'Results':<12}{folder}", soft_wrap=True)
    after = f"caspian run {name} --set scale.throughput=1.2"
    if run.example is not None:
        after = f"caspian trace {name} --consignment {run.example} · {after}"
    console.print(f"{'Next':<12}{after}", soft_wrap=True)


def _below(said: Sequence[tuple[str, str]]) -> Table:
    """Lines that begin with a word, the rest of each set in where it is broken; what cries is red."""
    table = plain_table("", "", keep=("",))
    table.show_header = False
    table.columns[1].no_wrap = False
    for words, line in said:
        table.add_row(words, line, style="bold red" if words.isupper() else "")
    return table


def _kpi_table(run: Run) -> Table:
    table = plain_table("KPI", "mean", "", "95 % interval", "note", right=("mean",), keep=("mean", "", "95 % interval"))
    found, remarks = run.kpis, notes(run)
    for name in HEADLINES:
        interval = found[name]
        if interval.n:
            table.add_row(
                KPIS[name].title, figure(name, interval.mean), unit_of(name), range_of(name, interval), remarks.get(name, "")
            )
    return table


def notes(run: Run) -> dict[str, str]:
    """What stands beside some headlines: a quantile, the share of demand, the largest part of the cost."""
    kpis = {name: interval.mean for name, interval in run.kpis.items()}
    remarks = {
        f"lead_time{way}_d": f"p50 {kpis[f'lead_time{way}_p50_d']:.1f} d, p90 {kpis[f'lead_time{way}_p90_d']:.1f} d"
        for way in ("", "_export", "_import")
    }
    if not math.isnan(kpis["share_of_demand"]):
        remarks["throughput_kt"] = f"{kpis['share_of_demand']:.1%} of what was released"
    remarks["spoilage_share"] = "of the value of perishables"
    if parts := _parts(kpis, "cost_by_category_usd_per_t"):
        remarks["cost_usd_per_t"] = f"largest part: {parts[0][0]} {parts[0][1]:.0%}"
    queue, closed = kpis["customs_by_part_h.queue"], kpis["customs_by_part_h.closed"]
    remarks["customs_h"] = f"queue {queue:.1f} h, closed {closed:.1f} h"
    for name, interval in run.kpis.items():
        if name in HEADLINES and 0 < interval.n < len(run.rows):
            remarks[name] = f"only in {interval.n} of {len(run.rows)} replications"
    return remarks


def _parts(kpis: Mapping[str, float], kpi: str) -> list[tuple[str, float]]:
    """The parts of a split KPI as shares of their sum, the largest first."""
    parts = {name.partition(".")[2]: value for name, value in kpis.items() if name.startswith(f"{kpi}.") and value > 0}
    total = sum(parts.values())
    return sorted(((part, value / total) for part, value in parts.items()), key=lambda part: -part[1])


def lines(run: Run) -> list[tuple[str, str]]:
    """The lines below the table, each with the word it begins with; the checks come last."""
    kpis = {name: interval.mean for name, interval in run.kpis.items()}
    said = [("Counted", "lead time and its causes per shipment, to its last consignment; customs and waits per consignment")]
    if 1 < len(run.rows) < FEW:
        said.append(("Intervals", f"{_runs(run)}: too few to judge by"))
    if causes := _parts(kpis, "lead_time_by_cause_h"):
        said.append(("Days go to", ", ".join(f"{cause.replace('_', ' ')} {share:.0%}" for cause, share in causes[:5])))
    if narrow := _bottleneck(run):
        said.append(("Bottleneck", str(narrow)))
    late, tonnes = sum(row.kpis["undelivered"] for row in run.rows), sum(row.kpis["undelivered_t"] for row in run.rows)
    left = f"{late:,.0f} consignments ({tonnes:,.0f} t) of {_runs(run)} were not delivered when the run ended"
    said.append(("Under way", left))
    if stuck := sum(row.kpis["gridlock"] > 0 for row in run.rows):
        said.append(("GRIDLOCK", f"in {stuck} of {_runs(run)}: what remained waited for itself"))
    if run.is_antithetic:
        gains = ", ".join(f"{KPIS[kpi].title.lower()} {run.antithetic_gain(kpi):.2g}" for kpi in MAIN)
        said.append(("Antithetic", f"{len(run.rows) // 2} pairs; as good as so many times the replications: {gains}"))
    if run.goal:
        said.append(("Precision", _precision(run)))
    said.append(("Engine", run.engine + (f", since the compiled one refuses: {run.engine_note}" if run.engine_note else "")))
    said.append(("CHECKS FAILED" if any(run.checks.values()) else "Checks", _checks(run)))
    return said


def _bottleneck(run: Run) -> Bottleneck | None:
    return bottleneck([row.kpis for row in run.rows], run.resolved.scenario.services)


def _runs(run: Run) -> str:
    count = len(run.rows)
    return f"replication {run.rows[0].replication}" if count == 1 else f"{count} replications"


def _precision(run: Run) -> str:
    assert run.goal is not None
    reached = max(_relative(run.kpis[kpi]) for kpi in run.goal.kpis)
    words = f"{', '.join(run.goal.kpis)}: ±{reached:.2%} after {len(run.rows)} replications"
    aim = run.goal.relative / (1 + run.goal.relative)
    return words if reached <= aim else f"{words}; {run.goal.relative:.3g} was not reached with the most allowed"


def _relative(interval: Interval) -> float:
    return interval.half_width / abs(interval.mean) if interval.mean else math.inf


def _checks(run: Run) -> str:
    off = run.checks
    return (
        f"tonnes in = out + stock ({off['kg_off']} kg off) · hours and money close ({off['seconds_off']} s, "
        f"{off['cents_off'] / 100:.2f} USD off) · events lawful ({off['events_unlawful']} off)"
    )


def _is_share(name: str) -> bool:
    return name.partition(".")[0].endswith(("_share", "_occupancy", "_utilisation", "_factor", "share_of_demand"))


def unit_of(name: str) -> str:
    """The unit in which `figure` says a KPI."""
    return "%" if _is_share(name) else kpi_of(name).unit


def figure(name: str, value: float) -> str:
    """A KPI's value for reading: shares in per cent, the rest with three or four digits; "–" for what there is none of."""
    if math.isnan(value):
        return "–"
    if _is_share(name):
        return f"{100 * value:.1f}"
    size = abs(value)
    return f"{value:,.0f}" if size >= 1000 else f"{value:,.1f}" if size >= 10 else f"{value:.2f}"


def range_of(name: str, interval: Interval) -> str:
    """``[9.2, 9.6]``, cut where no value can be, or nothing where one replication cannot tell."""
    if interval.n < 2:
        return ""
    lo, hi = interval.lo, interval.hi
    if interval.mean >= 0:
        lo = max(lo, 0.0)
    if name.partition(".")[0] in OF_A_WHOLE and interval.mean <= 1:
        hi = min(hi, 1.0)
    return f"[{figure(name, lo)}, {figure(name, hi)}]"


def as_json(run: Run, folder: Path) -> dict[str, object]:
    """A run as one object; what is not a number is null. Intervals are as they were found, not cut."""
    narrow = _bottleneck(run)
    return {
        "scenario": run.resolved.scenario.name,
        "digest": run.resolved.digest,
        "engine": run.engine,
        "engine_note": run.engine_note,
        "seed": run.seed,
        "replications": len(run.rows),
        "kpis": {name: interval_as_json(name, interval) for name, interval in run.kpis.items()},
        "interval": CONFIDENCE,
        "bottleneck": None if narrow is None else _bottleneck_as_json(narrow),
        "checks": run.checks,
        "results": str(folder),
    }


def interval_as_json(name: str, interval: Interval) -> dict[str, object]:
    """Mean, ends and unit of a KPI; what is not a number is None."""
    return {**_ends(interval), "unit": "share" if _is_share(name) else kpi_of(name).unit}


def _bottleneck_as_json(narrow: Bottleneck) -> dict[str, object]:
    used = None if math.isnan(narrow.utilisation) else narrow.utilisation
    return {"what": narrow.what, "id": narrow.id, "cargo_wait_h": narrow.wait_h, "utilisation": used, "says": str(narrow)}


def _ends(interval: Interval) -> dict[str, float | None]:
    """Mean and ends; what is not a number is None, which JSON knows."""
    ends = {"mean": interval.mean, "lo": interval.lo, "hi": interval.hi}
    return {end: None if math.isnan(value) else value for end, value in ends.items()}


def print_verdicts(console: Console, resolved: Resolved, verdicts: Sequence[Verdict]) -> None:
    """For each KPI: the relative difference that a warm-up twice as long makes, and what it says."""
    days = resolved.scenario.run.warm_up / DAY_S
    pairs = verdicts[0].difference.n
    console.print(f"Warm-up of {days:g} d against {2 * days:g} d, {pairs} pairs with the same draws", style="bold")
    table = plain_table("KPI", "difference", "95 % interval", "the warm-up is", right=("difference",))
    for verdict in verdicts:
        part = verdict.difference
        table.add_row(verdict.kpi, f"{part.mean:+.2%}", f"[{part.lo:+.2%}, {part.hi:+.2%}]", verdict.says)
    console.print(table)


def verdicts_as_json(resolved: Resolved, verdicts: Sequence[Verdict]) -> dict[str, object]:
    """The judgement as one object; differences are shares."""
    return {
        "scenario": resolved.scenario.name,
        "digest": resolved.digest,
        "warm_up_d": resolved.scenario.run.warm_up / DAY_S,
        "verdicts": {verdict.kpi: {**_ends(verdict.difference), "says": verdict.says} for verdict in verdicts},
    }
