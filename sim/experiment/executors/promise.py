"""What every executor promises, and what it hands over. Nothing is run here."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

__all__ = ["Executor", "Outcome"]

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(Generic[T, R]):
    """What came of a task."""

    task: T
    result: R | None
    """What the work gave; None where it failed."""
    error: str
    """"" or what went wrong, with the name of the exception; of a dead worker, that it died."""
    host: str
    """The machine that did it."""


class Executor(Protocol):
    """A place where tasks run."""

    @property
    def name(self) -> str:
        """What the user called it."""

    @property
    def slots(self) -> int:
        """Tasks that run at once."""

    def perform(self, work: Callable[[T], R], tasks: Iterable[T]) -> Generator[Outcome[T, R]]:
        """``work(task)`` of every task, each outcome as it comes.

        Tasks are taken from the iterable as slots come free, two to a slot at most, so that it may be endless; no result is
        held. An exception of `work` is an outcome: it is not tried again here. Whoever stops early loses what was running,
        and nothing is left running.
        """

    def close(self) -> None:
        """Let go of what it holds."""
