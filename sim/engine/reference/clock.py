"""The clock of the reference engine, and the rule of the instant.

At each second first everything due is applied, by `Order` and then by entity number: it changes state and marks
facilities. Then the marked facilities start work, the lowest number first, until nothing starts. What ends after zero
seconds makes another round at the same second. Whatever happens is written to the log here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from enum import IntEnum
from heapq import heappop, heappush
from math import inf
from struct import Struct
from typing import cast

import numpy as np
import simpy

from sim.events import COLUMNS, EventLog, Kind, event_log

__all__ = ["Clock", "Happening", "Order", "Story"]

Story = Generator[simpy.Event, None, None]
"""What an entity lives through: it yields what it waits for."""

_MOST_ENTITIES = 1 << 40


class Order(IntEnum):
    """The order in which what is due at one second is applied.

    A rank on the agenda is an order plus the number of an entity. All are above SimPy's own priorities 0 and 1, so that
    a story begins, or goes on, before what is due next.
    """

    WINDOW_CLOSES = 1 * _MOST_ENTITIES
    WINDOW_OPENS = 2 * _MOST_ENTITIES
    WORK_ENDS = 3 * _MOST_ENTITIES
    VEHICLE_ARRIVES = 4 * _MOST_ENTITIES
    RELEASED = 5 * _MOST_ENTITIES
    TIMER = 6 * _MOST_ENTITIES


_row = Struct("=6q").pack
"""One event in the log: six whole numbers of 64 bits."""


class Happening(simpy.Event):
    """Something that falls due at a second that need not be known yet; whoever waits for it goes on then.

    Like SimPy's timeout it succeeds by falling due, so that it can be put on the agenda as it is.
    """

    _ok = True
    _value = None


class Clock(simpy.Environment):
    """SimPy's environment in whole seconds, with an agenda ordered by rank and with the log."""

    now = 0
    """Seconds since the epoch."""

    def __init__(self) -> None:
        super().__init__()
        self._windows = 0
        """Windows on the agenda."""
        self._log = bytearray()
        self._starts: Sequence[Callable[[], None]] = ()
        self._marked: set[int] = set()
        """Facilities that may start work."""
        self.mark: Callable[[int], None] = self._marked.add
        """Let a facility, by its number, start what it can once everything due at this second is applied."""

    def log(self, kind: Kind, consignment: int = -1, vehicle: int = -1, facility: int = -1, value: int = 0) -> None:
        """Write one event of this second."""
        self._log += _row(self.now, kind, consignment, vehicle, facility, value)

    def at(self, second: int, order: Order, entity: int, then: Callable[[simpy.Event], None] | None = None) -> Happening:
        """An event that fires at `second`, in its place among what is due then."""
        return self.fire(Happening(self), second, order, entity, then)

    def fire(
        self,
        event: Happening,
        second: int,
        order: Order,
        entity: int,
        then: Callable[[simpy.Event], None] | None = None,
    ) -> Happening:
        """Put `event` on the agenda; when it fires, `then` is done before any story that waits for it goes on."""
        if then is not None:
            event.callbacks.insert(0, then)
        heappush(self._queue, (second, order + entity, next(self._eid), event))  # type: ignore[misc]
        return event

    def window(self, second: int, order: Order, facility: int) -> Happening:
        """An event at which a facility closes or opens: it sets nothing going but what waits for it."""
        self._windows += 1
        return self.at(second, order, facility, self._window_is_past)

    def _window_is_past(self, _: simpy.Event) -> None:
        self._windows -= 1

    def facilities(self, starts: Sequence[Callable[[], None]]) -> None:
        """Make known what each facility does when it may start work, by facility number."""
        self._starts = starts

    def is_idle(self) -> bool:
        """Whether nothing is on the agenda but windows, so that only an opening can set anything going."""
        return len(self._queue) == self._windows

    def run_to(self, horizon_s: int, ends_from_s: int, is_over: Callable[[float], bool]) -> int:
        """Run to the horizon, or to the end of the first second after which it `is_over`; the second at which it ended.

        `is_over` is told the next second at which something is on the agenda. It is asked at the end of a second if that
        is `ends_from_s` or later, or if only windows are left on the agenda, so that nothing goes on but by an opening.
        """
        agenda, now = self._queue, self.now
        while True:
            while agenda and agenda[0][0] == now:  # what SimPy's own `step` does, event by event
                _, _, _, event = heappop(agenda)
                callbacks, event.callbacks = event.callbacks, None  # type: ignore[assignment]
                for callback in callbacks:
                    callback(event)
                if not callbacks and not event.ok:
                    raise cast(Exception, event.value)
            if self._marked:
                self._start_work()
                continue
            next_s = agenda[0][0] if agenda else inf
            if (next_s >= ends_from_s or len(agenda) == self._windows) and is_over(next_s):
                return now
            if next_s >= horizon_s:
                return horizon_s
            now = self.now = self._now = next_s  # type: ignore[assignment]

    def _start_work(self) -> None:
        marked = self._marked
        while marked:
            facility = min(marked)
            marked.remove(facility)
            self._starts[facility]()

    def end(self, at_s: int, left: int) -> EventLog:
        """The whole log, closed at `at_s` with `left` consignments under way."""
        self._log += _row(at_s, Kind.ENDED, -1, -1, -1, left)
        return event_log(np.frombuffer(self._log, dtype=np.int64).reshape(-1, len(COLUMNS)))
