"""The whole benchmark: which contenders take turns, and which ratios are made of their medians."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sim.bench import cores, loops, processes
from sim.bench.checkout import corridor
from sim.bench.turns import Contender, Spread, spread, take_turns, turns
from sim.experiment.workers import cores as usable_cores
from sim.scenario import Resolved, load

__all__ = ["GROWTHS", "PARTS", "RATIOS", "Benchmark", "bench"]

QUICK = "run.warm_up=4 d", "run.run_length=10 d"
"""What a quick benchmark changes of the corridor."""
_SIZES, _FACTORS = (10_000, 100_000, 1_000_000), (1, 4, 40)
_QUICK_SIZES = (2_000, 4_000)
_MOST_OFTEN = 100_000
"""Consignments in a run beyond which it is measured once, and not at all with the reference engine, which takes minutes."""
_A_YEAR = 25_700
"""Consignments that a year of the corridor and its warm-up release, about."""

RATIOS: Mapping[str, tuple[str, str]] = {
    "kernel_vs_simpy": ("yardstick_s", "{engine}_s"),
    "pipeline_vs_simpy": ("yardstick_s", "pipeline_s"),
    "sweep_point_vs_simpy": ("yardstick_s", "sweep_point_s"),
    "two_cores_vs_one": ("two_processes_per_s", "one_process_per_s"),
    "compiled_vs_reference": ("reference_s", "compiled_s"),
    "reference_vs_simpy": ("yardstick_s", "reference_s"),
    "cimba_vs_simpy": ("yardstick_s", "cimba_s"),
    "kernel_vs_cimba": ("cimba_s", "{engine}_s"),
}
"""Each ratio: the median above the line and that below it; `{engine}` is the quickest one that can run here."""
GROWTHS: Mapping[str, str] = {"kernel_growth": "kernel_long_", "pipeline_growth": "pipeline_long_"}
"""Cost of a consignment in the dearest run over that in the cheapest, and how the runs' names begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """What one benchmark measured, and where."""

    corridor: str
    """Digest of the scenario, quick changes included."""
    engine: str
    """The engine of the pipeline: the quickest that can run here."""
    machine: str
    spreads: Mapping[str, Spread]
    """Median, least and greatest of everything measured, by name, which ends in its unit."""
    ratios: Mapping[str, float | None]
    """Ratios of medians, by name; None where a part of it was not measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Setting:
    """What every part of the benchmark is measured on."""

    resolved: Resolved
    sets: tuple[str, ...]
    there: Sequence[str]
    """The engines that can run here."""
    engine: str
    repeats: int
    quick: bool


def _kernel(setting: _Setting) -> Iterator[Contender]:
    for engine in setting.there:
        yield loops.engine_loop(setting.resolved, engine, setting.repeats)


def _pipeline(setting: _Setting) -> Iterator[Contender]:
    yield loops.pipeline(setting.resolved, setting.engine, setting.repeats)
    yield loops.sweep_point(setting.resolved, setting.engine, setting.repeats)


def _cores(setting: _Setting) -> Iterator[Contender]:
    for jobs in (1, 2):
        yield cores.throughput(setting.resolved, setting.engine, jobs, setting.repeats)


def _start(setting: _Setting) -> Iterator[Contender]:
    yield processes.bare_starts(setting.repeats)
    for engine in setting.there:
        yield processes.engine_starts(engine, setting.repeats)


def _scale(setting: _Setting) -> Iterator[Contender]:
    sizes, factors = (_QUICK_SIZES, ()) if setting.quick else (_SIZES, _FACTORS)
    most = _MOST_OFTEN if setting.engine == "reference" else max(sizes)
    for what in processes.WHATS:
        for size in sizes:
            if size <= most:
                yield processes.long_run(size, setting.engine, what, setting.repeats if size < _MOST_OFTEN else 1)
        for factor in factors:
            if factor * _A_YEAR <= most:
                yield processes.wide_run(factor, setting.engine, what, 1)


_CONTENDERS: Mapping[str, Callable[[_Setting], Iterator[Contender]]] = {
    "kernel": _kernel,
    "pipeline": _pipeline,
    "cores": _cores,
    "start": _start,
    "scale": _scale,
}
PARTS = tuple(_CONTENDERS)
"""The parts of a benchmark, each of which can be measured alone."""


def bench(
    parts: Sequence[str], repeats: int, *, quick: bool = False, told: Callable[[int, int], None] | None = None
) -> Benchmark:
    """Measure the chosen parts; `told` how many turns are done, of how many. Raises `CaspianError` outside a checkout."""
    sets = QUICK if quick else ()
    resolved = load(str(corridor()), sets)
    beside_the_yardstick = {"kernel", "pipeline"} & set(parts)
    contenders = list(loops.others_loops(sets, repeats)) if beside_the_yardstick else []
    there = loops.engines(resolved)
    setting = _Setting(
        resolved=resolved, sets=sets, there=there, engine="compiled" if "compiled" in there else "reference",
        repeats=repeats, quick=quick,
    )  # fmt: skip
    contenders += [contender for part in PARTS if part in parts for contender in _CONTENDERS[part](setting)]
    spreads = {name: spread(values) for name, values in _measured(contenders, told).items()}
    return Benchmark(
        corridor=resolved.digest,
        engine=setting.engine,
        machine=f"Python {platform.python_version()}, {platform.machine()}, {usable_cores()} of {os.cpu_count()} cores",
        spreads=spreads,
        ratios=_ratios(spreads, setting.engine),
    )


def _measured(contenders: Sequence[Contender], told: Callable[[int, int], None] | None) -> Mapping[str, Sequence[float]]:
    done, total = 0, turns(contenders)

    def one_more() -> None:
        nonlocal done
        done += 1
        if told:
            told(done, total)

    if told:
        told(0, total)
    return take_turns(contenders, one_more)


def _ratios(spreads: Mapping[str, Spread], engine: str) -> dict[str, float | None]:
    found: dict[str, float | None] = {}
    for name, pair in RATIOS.items():
        above, below = (spreads.get(each.format(engine=engine)) for each in pair)
        found[name] = above.median / below.median if above and below else None
    for name, begins in GROWTHS.items():
        each = [spreads[key].median for key in spreads if key.startswith(begins) and key.endswith("_us_each")]
        found[name] = max(each) / min(each) if len(each) > 1 else None
    return found
