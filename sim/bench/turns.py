"""Turns: contenders take theirs one after the other, round by round, so that the machine's noise hits all alike."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

__all__ = ["Contender", "Samples", "Spread", "cpu_s", "spread", "take_turns", "turns"]

Samples = dict[str, list[float]]
"""Every value measured, by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """Something to be measured: told the number of its turn, it gives one or more values by name."""

    take: Callable[[int], Mapping[str, float]]
    turns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """The median of some values, the least and the greatest."""

    median: float
    low: float
    high: float
    n: int


def take_turns(contenders: Sequence[Contender], told: Callable[[], None]) -> Samples:
    """All that the contenders give: A B C A B C …; `told` after each turn. Who wants fewer turns drops out early."""
    samples: Samples = {}
    for turn in range(max((contender.turns for contender in contenders), default=0)):
        for contender in contenders:
            if turn < contender.turns:
                for name, value in contender.take(turn).items():
                    samples.setdefault(name, []).append(value)
                told()
    return samples


def turns(contenders: Sequence[Contender]) -> int:
    """How many turns there will be."""
    return sum(contender.turns for contender in contenders)


def spread(values: Sequence[float]) -> Spread:
    """Median, least and greatest of at least one value."""
    return Spread(median=statistics.median(values), low=min(values), high=max(values), n=len(values))


def cpu_s(work: Callable[[], object]) -> float:
    """Seconds of processor time that `work` takes, in all threads of this process; garbage is collected before."""
    gc.collect()
    began = time.process_time()
    work()
    return time.process_time() - began
