"""Steps of causes: for a kind of waiting or work, which cause each second counts under."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.world.timeline import Timeline

__all__ = ["CAUSES", "Steps", "always", "reasons", "while_absent", "while_shut"]

Ints = npt.NDArray[np.int64]

CAUSES = (
    "moving", "handling", "held", "weather", "calendar", "breakdown", "yard full", "berth", "crane", "vehicle", "customs",
    "papers",
)  # fmt: skip
"""Every cause, in the order of columns wherever hours are split."""


_NUMBER = {cause: number for number, cause in enumerate(CAUSES)} | {"": -1}


@dataclass(frozen=True, slots=True)
class Steps:
    """A step function of time: cause number `cause[i]` from `from_s[i]` to `from_s[i + 1]`, the last for ever."""

    from_s: Ints
    cause: Ints


def always(cause: str) -> Steps:
    """One cause at all times."""
    return Steps(np.zeros(1, dtype=np.int64), np.array([_NUMBER[cause]], dtype=np.int64))


def reasons(hours: Timeline) -> Ints:
    """For each piece of a timeline the cause for which the facility is shut, -1 while any of its capacity is there."""
    why = np.fromiter(map(_NUMBER.__getitem__, hours.cause), dtype=np.int64, count=len(hours.cause))
    return np.where(hours.pieces[1] == 0, why, -1)


def while_shut(from_s: Ints, why: Ints, otherwise: str) -> Steps:
    """While a facility is shut, the cause for which it is; while any of its capacity is there, `otherwise`."""
    return Steps(from_s, np.where(why < 0, _NUMBER[otherwise], why))


def while_absent(from_s: Ints, to_s: Ints, within: Steps, otherwise: str) -> Steps:
    """The causes of `within` during any of the spans [from_s, to_s), which may overlap; `otherwise` outside them."""
    begins, ends = _joined(from_s, to_s)
    edges = np.sort(np.concatenate([np.zeros(1, dtype=np.int64), within.from_s, begins, ends]))
    edges = edges[np.append(True, edges[1:] > edges[:-1])]
    span = np.searchsorted(begins, edges, side="right") - 1
    is_inside = (span >= 0) & (edges < np.append(ends, 0)[span])
    there = within.cause[np.searchsorted(within.from_s, edges, side="right") - 1]
    return Steps(edges, np.where(is_inside, there, _NUMBER[otherwise]))


def _joined(from_s: Ints, to_s: Ints) -> tuple[Ints, Ints]:
    """The same spans without their overlaps, in order; those that take no time are left out."""
    lasting = np.flatnonzero(to_s > from_s)
    order = lasting[np.argsort(from_s[lasting])]
    from_s, until_s = from_s[order], np.maximum.accumulate(to_s[order])
    starts = np.flatnonzero(np.append(True, from_s[1:] > until_s[:-1])[: len(order)])
    return from_s[starts], until_s[np.append(starts[1:], len(order))[: len(starts)] - 1]
