"""What analyses say: sensitivities, rankings, searches, bottlenecks and steadiness, in the terminal and as JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.experiment.analyses import sensitivity
from sim.experiment.analyses.bottlenecks import Bought, Tried
from sim.experiment.analyses.optimising import Best
from sim.experiment.analyses.ranking import Ranked
from sim.experiment.analyses.sensitivity import Plan, Swung
from sim.experiment.analyses.steadiness import Steady
from sim.experiment.precision import Interval
from sim.experiment.statistics.screening import Effect, Index
from sim.experiment.sweeps.factors import in_words, plain
from sim.experiment.sweeps.finding import Sweep
from sim.kpis import kpi_of
from sim.report.console import plain_table
from sim.report.differing import signed, window_warning
from sim.report.figures.canvas import svg
from sim.report.figures.tornado import Swing, tornado
from sim.report.summary import figure, range_of, unit_of
from sim.scenario import Resolved
from sim.units import DAY_S

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from rich.console import Console

__all__ = [
    "Judged", "best_as_json", "bought_as_json", "judged", "judged_as_json", "judged_rows", "print_best", "print_bought",
    "print_judged", "print_ranked", "print_steady", "ranked_as_json", "save_tornado", "steady_as_json", "tornado_figure",
]  # fmt: skip

MOST_TRIALS = 10
"""Trials of a search that are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What a method says of the factors of a sweep."""

    kpi: str
    sweep: Sweep
    method: str
    effects: Mapping[str, Effect] | None = None
    indices: Mapping[str, Index] | None = None
    swings: Sequence[Swung] | None = None


def judged(planned: Plan, done: Sweep, kpi: str) -> Judged:
    """What the planned method says of a KPI."""
    if planned.method == "morris":
        return Judged(kpi=kpi, sweep=done, method="morris", effects=sensitivity.morris(planned, done, kpi))
    if planned.method == "sobol":
        return Judged(kpi=kpi, sweep=done, method="sobol", indices=sensitivity.sobol(planned, done, kpi))
    return Judged(kpi=kpi, sweep=done, method="tornado", swings=sensitivity.tornado(planned, done, kpi))


def print_judged(console: Console, said: Judged, store: Path | None, drawn: Path | None = None) -> None:
    """One row for each factor, the weightiest first."""
    study, unit = said.sweep.study, unit_of(said.kpi)
    title = f"{kpi_of(said.kpi).title}{f', {unit}' if unit else ''}"
    console.print(f"{title}: {len(study.points)} points × {study.replications} replications, {said.method}", style="bold")
    if said.swings is not None:
        base = said.sweep.intervals(0, [said.kpi])[said.kpi]
        table = plain_table("factor", "at", "differs by", "at ", "differs by ", keep=("at", "at "))
        for swing in said.swings:
            low, high = ((in_words(level), _difference(said.kpi, by)) for level, by in (
                (swing.low_level, swing.low), (swing.high_level, swing.high)))  # fmt: skip
            table.add_row(swing.factor, *low, *high)
        console.print(f"As it is: {figure(said.kpi, base.mean)} {range_of(said.kpi, base)}")
    elif said.effects is not None:
        table = plain_table("factor", "size μ*", "±", "mean μ", "spread σ", right=("size μ*", "±", "mean μ", "spread σ"))
        for factor, effect in sorted(said.effects.items(), key=lambda item: -item[1].mu_star):
            table.add_row(factor, *(figure(said.kpi, value) for value in (
                effect.mu_star, effect.mu_star_half_width, effect.mu, effect.sigma)))  # fmt: skip
    else:
        table = plain_table("factor", "alone", "±", "in all", "± ", right=("alone", "±", "in all", "± "))
        for factor, index in sorted((said.indices or {}).items(), key=lambda item: -item[1].total):
            table.add_row(factor, *(f"{value:.2f}" for value in (
                index.first, index.first_half_width, index.total, index.total_half_width)))  # fmt: skip
    console.print(table)
    console.print(f"{'Read it':<12}{_READING[said.method]}")
    if drawn is not None:
        console.print(f"{'Figure':<12}{drawn}", soft_wrap=True)
    if store is not None:
        console.print(f"{'Runs':<12}{store}", soft_wrap=True)


_READING = {
    "tornado": "each factor by itself, all others as they are; paired differences from that, with 95 % intervals",
    "morris": "change of the KPI over a factor's whole range; a spread as large as the size means bends or company",
    "sobol": "share of the variance over all ranges: made alone, and in all with what it acts together with",
}


def _difference(kpi: str, interval: Interval) -> str:
    ends = f" [{signed(kpi, interval.lo)}, {signed(kpi, interval.hi)}]" if interval.n >= 2 else ""
    return f"{signed(kpi, interval.mean)}{ends}"


def tornado_figure(said: Judged) -> Figure | None:
    """The swings as a tornado; None of other methods."""
    if said.swings is None:
        return None
    scale = 100 if unit_of(said.kpi) == "%" else 1
    base = scale * said.sweep.intervals(0, [said.kpi])[said.kpi].mean
    swings = [
        Swing(
            factor=swing.factor, low_label=in_words(swing.low_level), high_label=in_words(swing.high_level),
            low=base + scale * swing.low.mean, high=base + scale * swing.high.mean,
            low_half_width=scale * swing.low.half_width, high_half_width=scale * swing.high.half_width,
        )
        for swing in said.swings
    ]  # fmt: skip
    return tornado(swings, base, unit=unit_of(said.kpi), title=f"{kpi_of(said.kpi).title}: one factor at a time")


def save_tornado(said: Judged, folder: Path) -> Path | None:
    """Write the tornado beside the runs; gives the file."""
    drawn = tornado_figure(said)
    if drawn is None:
        return None
    file = folder / f"tornado-{said.kpi}.svg"
    file.write_bytes(svg(drawn))
    return file


def judged_rows(said: Judged) -> list[dict[str, object]]:
    """One row for each factor, as numbers."""
    if said.swings is not None:
        return [
            {"factor": swing.factor, "low_level": swing.low_level, "low": swing.low.mean, "low_lo": swing.low.lo,
             "low_hi": swing.low.hi, "high_level": swing.high_level, "high": swing.high.mean, "high_lo": swing.high.lo,
             "high_hi": swing.high.hi}
            for swing in said.swings
        ]  # fmt: skip
    if said.effects is not None:
        return [{"factor": factor, **asdict(effect)} for factor, effect in said.effects.items()]
    return [{"factor": factor, **asdict(index)} for factor, index in (said.indices or {}).items()]


def judged_as_json(said: Judged, folder: Path) -> dict[str, object]:
    """The judgement as one object."""
    factors: dict[str, object] = {}
    for swing in said.swings or ():
        factors[swing.factor] = {
            "low": {"level": plain(swing.low_level), **_plain(asdict(swing.low))},
            "high": {"level": plain(swing.high_level), **_plain(asdict(swing.high))},
        }
    if said.swings is None:
        factors = {str(row.pop("factor")): _plain(row) for row in judged_rows(said)}
    study = said.sweep.study
    return {"kpi": said.kpi, "method": said.method, "points": len(study.points), "replications": study.replications,
            "factors": factors, "results": str(folder)}  # fmt: skip


def print_ranked(console: Console, found: Ranked, names: Sequence[str]) -> None:
    """The choice, and what was seen of each."""
    chosen, kpi = found.chosen, found.kpi
    table = plain_table(
        "scenario", f"{kpi_of(kpi).title} {unit_of(kpi)}".rstrip(), "replications", "", right=("replications",)
    )
    for number, name in enumerate(names):
        seen = found.seen[number]
        fell = chosen.eliminated.get(number)
        what = "best" if number == chosen.best else f"left out after {fell}" if fell is not None else "still in play"
        table.add_row(name, f"{figure(kpi, seen.mean)} {range_of(kpi, seen)}", str(seen.n), what)
    console.print(table)
    zone = f"{found.delta:g} {kpi_of(kpi).unit}".rstrip()
    if chosen.is_decided:
        said = (f"{names[chosen.best]} after {chosen.replications} replications: the best with a probability of "
                f"{found.confidence:.0%} at least,\n{'':<12}if it is better than every other by {zone}")  # fmt: skip
    else:
        said = f"not decided after {chosen.replications} replications; {names[chosen.best]} is ahead"
    console.print(f"{'Chosen':<12}{said}", style="" if chosen.is_decided else "bold red")
    if warning := window_warning(found.windows_differ):
        console.print(warning, style="bold red", soft_wrap=True)


def ranked_as_json(found: Ranked, names: Sequence[str]) -> dict[str, object]:
    """The choice as one object."""
    chosen = found.chosen
    return {
        "kpi": found.kpi,
        "indifference": found.delta,
        "confidence": found.confidence,
        "best": names[chosen.best],
        "is_decided": chosen.is_decided,
        "replications": chosen.replications,
        "windows_differ": list(found.windows_differ),
        "scenarios": {
            name: {**_plain(asdict(seen)), "left_out_after": chosen.eliminated.get(number)}
            for number, (name, seen) in enumerate(zip(names, found.seen, strict=True))
        },
    }


def print_best(console: Console, found: Best, results: Path | None) -> None:
    """The best of the trials, then the next ones."""
    kpi = found.kpi
    better = -1 if kpi_of(kpi).better == "higher" else 1
    order = sorted(found.trials, key=lambda trial: (not trial.is_allowed, better * trial.mean))
    keys = list(found.trials[0].levels)
    table = plain_table(f"{kpi_of(kpi).title} {unit_of(kpi)}".rstrip(), *keys, "")
    for trial in order[:MOST_TRIALS]:
        table.add_row(figure(kpi, trial.mean), *(in_words(trial.levels[key]) for key in keys),
                      "" if trial.is_allowed else "misses a limit")  # fmt: skip
    console.print(table)
    if found.best is None:
        console.print(f"{'BEST':<12}none of {len(found.trials)} points keeps to all limits", style="bold red")
    else:
        interval = found.sweep.intervals(0, [kpi])[kpi]
        said = f"{figure(kpi, interval.mean)} {range_of(kpi, interval)} of {len(found.trials)} points tried"
        console.print(f"{'Best':<12}{said}; the best seen, not a proof", soft_wrap=True)
    if results is not None:
        console.print(f"{'Results':<12}{results}", soft_wrap=True)


def best_as_json(found: Best, folder: Path) -> dict[str, object]:
    """The search as one object: each trial with its levels, the KPI's mean, its 95 % interval and whether it is allowed."""
    of_trials = range(len(found.sweep.study.points) - len(found.trials), len(found.sweep.study.points))
    intervals = [found.sweep.intervals(point, [found.kpi])[found.kpi] for point in of_trials]
    trials = [
        {"levels": {key: plain(level) for key, level in trial.levels.items()}, "mean": _known(trial.mean),
         "lo": _known(interval.lo), "hi": _known(interval.hi), "is_allowed": trial.is_allowed}
        for trial, interval in zip(found.trials, intervals, strict=True)
    ]  # fmt: skip
    best = None if found.best is None else trials[found.trials.index(found.best)]
    return {"kpi": found.kpi, "best": best, "trials": trials, "results": str(folder)}


def print_bought(console: Console, found: Tried) -> None:
    """What each step buys, best first."""
    kpi = found.kpi
    base = found.comparison.intervals(0)[kpi]
    unit = unit_of(kpi)
    console.print(f"{kpi_of(kpi).title} as it is: {figure(kpi, base.mean)} {unit} {range_of(kpi, base)}", style="bold")
    worth = f"{unit} better per 1000 USD/d".lstrip()
    table = plain_table("one more, or a tenth more, of", "", "changes it by", "which is", "needs", "USD/d", worth,
                        right=("needs", "USD/d", worth), keep=("", "changes it by", "which is"))  # fmt: skip
    for each in found.bought:
        finding = each.finding
        change = f"{signed(kpi, finding.mean)} [{signed(kpi, finding.lo)}, {signed(kpi, finding.hi)}]"
        is_clear = finding.verdict != "no clear difference"
        needs = "" if is_clear else "> 10,000" if finding.needs is None else f"{finding.needs:,}"
        table.add_row(
            each.resource.title, f"{each.resource.now} → {each.resource.then}",
            "nothing" if finding.verdict == "identical" else change, finding.verdict if is_clear else "not clear", needs,
            "" if math.isnan(each.usd_per_day) else f"{each.usd_per_day:,.0f}", _worth(each),
        )  # fmt: skip
    console.print(table)
    count = len(found.comparison.replications)
    console.print(f"{'Intervals':<12}95 % for all resources together (Holm), {count} pairs under the same chance")
    console.print(f"{'Needs':<12}replications in all that would tell a difference of 2 % of the mean as it is")
    if not any(map(_worth, found.bought)):
        console.print(f"{'Per dollar':<12}{_why_no_worth(found)}", soft_wrap=True)
    if any(math.isnan(each.usd_per_day) for each in found.bought):
        console.print(f"{'Costs':<12}those missing may be given under [unit_costs] in the scenario")
    known = {each.resource.key for each in found.bought}
    if idle := [key for key in found.comparison.scenarios[0].scenario.unit_costs if key not in known]:
        console.print(f"{'':<12}given for what there is not: {', '.join(idle)}")
    if found.comparison.checks_off:
        console.print(f"{'Checks':<12}{found.comparison.checks_off} off in all", style="bold red")


def _worth(each: Bought) -> str:
    return f"{each.per_1000_usd:.3g}" if each.finding.verdict == "better" and not math.isnan(each.per_1000_usd) else ""


def _why_no_worth(found: Tried) -> str:
    if any(each.finding.verdict == "better" for each in found.bought):
        return "reckoned only where the cost is known, and it is of no step that is clearly better"
    more = "; more replications may tell" if any(each.finding.needs for each in found.bought) else ""
    return f"reckoned only of steps that are clearly better, and none is{more}"


def bought_as_json(found: Tried) -> dict[str, object]:
    """The steps as one object, best first."""
    return {
        "kpi": found.kpi,
        "base": _known(found.comparison.intervals(0)[found.kpi].mean),
        "replications": len(found.comparison.replications),
        "steps": [
            {
                "resource": each.resource.key, "now": each.resource.now, "then": each.resource.then,
                **{name: _known(getattr(each.finding, name)) for name in ("mean", "lo", "hi", "level", "p")},
                "verdict": each.finding.verdict, "needs": each.finding.needs, "gain": _known(each.gain),
                "usd_per_day": _known(each.usd_per_day), "gain_per_1000_usd": _known(each.per_1000_usd),
            }
            for each in found.bought
        ],
    }  # fmt: skip


def print_steady(console: Console, resolved: Resolved, found: Steady) -> None:
    """Where lead times settle down, against the warm-up, and their mean from then on."""
    warm_up_d = resolved.scenario.run.warm_up / DAY_S
    console.print(f"{'Deliveries':<12}{found.consignments:,} within warm-up and measured window")
    if found.cut is None or found.lead_time_d is None:
        console.print(f"{'Cut':<12}none found by MSER-5: run longer", style="bold red")
        return
    day = found.cut_at_s / DAY_S
    enough = "long enough" if day <= warm_up_d else "too short"
    console.print(
        f"{'Cut':<12}{found.cut:,} deliveries, up to day {day:.1f} (MSER-5); the warm-up of {warm_up_d:g} d is {enough}"
    )
    means = found.lead_time_d
    console.print(f"{'Lead time':<12}{means.mean:.2f} d [{means.lo:.2f}, {means.hi:.2f}] of a consignment, by "
                  f"{means.batches} batches of {means.size:,}")  # fmt: skip
    if not means.is_trustworthy:
        said = f"resemble one another (lag 1: {means.lag1:.2f}): the interval is too short; run longer"
        console.print(f"{'BATCHES':<12}{said}", style="bold red")


def steady_as_json(resolved: Resolved, found: Steady) -> dict[str, object]:
    """The judgement as one object."""
    means = found.lead_time_d
    return {
        "scenario": resolved.scenario.name,
        "digest": resolved.digest,
        "warm_up_d": resolved.scenario.run.warm_up / DAY_S,
        "deliveries": found.consignments,
        "cut": found.cut,
        "cut_d": _known(found.cut_at_s / DAY_S),
        "lead_time_d": None if means is None else {**_plain(asdict(means)), "is_trustworthy": means.is_trustworthy},
    }


def _plain(numbers: Mapping[str, object]) -> dict[str, object]:
    """The same with nothing for what is not a number, which JSON does not know."""
    return {name: _known(value) if isinstance(value, float) else value for name, value in numbers.items()}


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None
