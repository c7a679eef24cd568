"""Measured windows side by side: what scenarios that are told apart say differently of when and how long they are measured.

A difference here is no fault, since a scenario of another year begins in it; but totals of unlike windows are no like
things, and whoever reads the results has to be told.
"""

from __future__ import annotations

from collections.abc import Sequence

from sim.scenario import Scenario

__all__ = ["WINDOW", "window_keys"]

WINDOW = ("run.start", "run.run_length", "run.warm_up", "run.drain")
"""Keys that decide which stretch of time is measured, and what is simulated around it."""


def window_keys(scenarios: Sequence[Scenario]) -> tuple[str, ...]:
    """The keys of `WINDOW` in which not all of the scenarios agree; none where they are measured alike."""
    return tuple(key for key in WINDOW if len({getattr(each.run, key.partition(".")[2]) for each in scenarios}) > 1)
