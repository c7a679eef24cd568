"""Steps of causes: for a kind of waiting or work, which cause each second counts under."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.world.timeline import Timeline

__all__ = ["CAUSES", "Steps", "always", "seconds_within", "while_absent", "while_shut"]

Ints = npt.NDArray[np.int64]

CAUSES = (
    "moving", "handling", "held", "weather", "calendar", "breakdown", "yard full", "berth", "crane", "vehicle", "customs",
    "papers",
)  # fmt: skip
"""Every cause, in the order of columns wherever hours are split."""


@dataclass(frozen=True, slots=True)
class Steps:
    """A step function of time: cause number `cause[i]` from `from_s[i]` to `from_s[i + 1]`, the last for ever."""

    from_s: Ints
    cause: Ints


def always(cause: str) -> Steps:
    """One cause at all times."""
    return Steps(np.zeros(1, dtype=np.int64), np.array([CAUSES.index(cause)], dtype=np.int64))


def while_shut(hours: Timeline, otherwise: str) -> Steps:
    """While the facility is shut, the cause for which it is; while any of its capacity is there, `otherwise`."""
    rest = CAUSES.index(otherwise)
    cause = [CAUSES.index(why) if share == 0 else rest for share, why in zip(hours.share, hours.cause, strict=True)]
    return Steps(np.array(hours.from_s, dtype=np.int64), np.array(cause, dtype=np.int64))


def while_absent(from_s: Ints, to_s: Ints, within: Steps, otherwise: str) -> Steps:
    """The causes of `within` during any of the spans [from_s, to_s), which may overlap; `otherwise` outside them."""
    lasting = to_s > from_s
    from_s, to_s = from_s[lasting], to_s[lasting]
    edges = np.unique(np.concatenate([np.zeros(1, dtype=np.int64), within.from_s, from_s, to_s]))
    begun = np.searchsorted(np.sort(from_s), edges, side="right")
    ended = np.searchsorted(np.sort(to_s), edges, side="right")
    there = within.cause[np.searchsorted(within.from_s, edges, side="right") - 1]
    return Steps(edges, np.where(begun > ended, there, CAUSES.index(otherwise)))


def seconds_within(steps: Steps, from_s: Ints, to_s: Ints) -> dict[int, Ints]:
    """By cause that occurs, (n,) the seconds of each span [from_s, to_s); over the causes they add up to its length."""
    counted = sorted(set(steps.cause.tolist()))
    if len(counted) == 1:
        return {counted[0]: to_s - from_s}
    lengths = np.diff(steps.from_s)
    piece_from = np.searchsorted(steps.from_s, from_s, side="right") - 1
    piece_to = np.searchsorted(steps.from_s, to_s, side="right") - 1
    into_from, into_to = from_s - steps.from_s[piece_from], to_s - steps.from_s[piece_to]
    split = {}
    for cause in counted:
        counts = steps.cause == cause
        before = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths * counts[:-1])])
        until = before[piece_to] + counts[piece_to] * into_to
        split[cause] = until - before[piece_from] - counts[piece_from] * into_from
    return split
