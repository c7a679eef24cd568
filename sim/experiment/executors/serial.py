"""The simplest executor: one task after the other, in this process."""

from __future__ import annotations

import platform
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from typing import TypeVar

from sim.experiment.executors.promise import Outcome

__all__ = ["Serial", "attempted"]

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Serial:
    """This process, and no other."""

    name: str = "serial"
    slots: int = 1

    def perform(self, work: Callable[[T], R], tasks: Iterable[T]) -> Generator[Outcome[T, R]]:
        """Each task in turn."""
        for task in tasks:
            result, error = attempted(work, task)
            yield Outcome(task=task, result=result, error=error, host=platform.node())

    def close(self) -> None:
        """Nothing is held."""


def attempted(work: Callable[[T], R], task: T) -> tuple[R | None, str]:
    """What the work gives, or what went wrong."""
    try:
        return work(task), ""
    except Exception as fault:  # noqa: BLE001 - whatever it is, it is the outcome of the task
        return None, f"{type(fault).__name__}: {fault}"
