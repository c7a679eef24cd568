"""Hours: when a facility is open, asked in the one way whether it ever shuts or not. What shuts it is drawn elsewhere."""

from __future__ import annotations

from sim.world.places import OnClose
from sim.world.timeline import FULL, Timeline

__all__ = ["Hours", "hours_of"]


class _NeverShut:
    """The answers of a timeline that never shuts, which need no looking up."""

    def share_at(self, _at_s: int) -> int:
        return FULL

    def is_open(self, _at_s: int) -> bool:
        return True

    def next_open(self, at_s: int) -> int:
        return at_s

    def advance(self, start_s: int, work_s: int, _on_close: OnClose) -> int:
        return start_s + work_s


Hours = Timeline | _NeverShut


def hours_of(timeline: Timeline) -> Hours:
    """The hours that a timeline says."""
    return _NeverShut() if timeline.share == (FULL,) else timeline
