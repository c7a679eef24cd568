"""The clock of the reference engine, and the rule of the instant.

At each second first everything due is applied, by `Order` and then by entity number: it changes state and marks
facilities. Then the marked facilities start work, the lowest number first, until nothing starts. What ends after zero
seconds makes another round at the same second. Whatever happens is written to the log here and nowhere else.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from enum import IntEnum

import numpy as np
import simpy

from sim.events import EventLog, Kind

__all__ = ["Clock", "Happening", "Order"]


class Order(IntEnum):
    """The order in which what is due at one second is applied."""

    WINDOW_CLOSES = 1
    WINDOW_OPENS = 2
    WORK_ENDS = 3
    VEHICLE_ARRIVES = 4
    RELEASED = 5
    TIMER = 6


_RANK_BITS = 40
"""Ranks are ``order << 40 | entity``: above SimPy's priorities 0 and 1, so that a story resumes before what is due next."""


class Happening(simpy.Event):
    """An event that takes its place on the agenda by rank; whoever waits for it goes on when it falls due."""

    counts: bool
    """Whether it is due in its own right; an opening or closing window is not."""
    then: Callable[[], None] | None

    def put_on_agenda(self, first: Callable[[Happening], None], rank: int, delay_s: int) -> None:
        """Fall due in `delay_s` seconds, at its `rank` among what is due then; `first` is called before all else."""
        self._ok, self._value = True, None
        self.callbacks.insert(0, first)
        self.env.schedule(self, rank, delay_s)  # type: ignore[arg-type]


class Clock:
    """Simulated time in whole seconds, the agenda and the log."""

    def __init__(self) -> None:
        self.env = simpy.Environment()
        self.now = 0
        """Seconds since the epoch."""
        self.due = 0
        """Events on the agenda other than windows: when none is left, only an opening can set anything going."""
        self._log = array("q")
        self._starts: Sequence[Callable[[], None]] = ()
        self._marked = 0
        """A bit for each facility that may start work."""

    def log(self, kind: Kind, consignment: int = -1, vehicle: int = -1, facility: int = -1, value: int = 0) -> None:
        """Write one event of this second."""
        self._log.extend((self.now, kind, consignment, vehicle, facility, value))

    def event(self) -> Happening:
        """Something to wait for that is not on the agenda yet."""
        return Happening(self.env)

    def at(self, second: int, order: Order, entity: int, then: Callable[[], None] | None = None) -> Happening:
        """An event that fires at `second`, in its place among what is due then."""
        return self.fire(Happening(self.env), second, order, entity, then)

    def fire(
        self, event: Happening, second: int, order: Order, entity: int, then: Callable[[], None] | None = None
    ) -> Happening:
        """Put `event` on the agenda; when it fires, `then` is done before any story that waits for it goes on."""
        event.counts, event.then = order > Order.WINDOW_OPENS, then
        self.due += event.counts
        event.put_on_agenda(self._falls_due, (order << _RANK_BITS) | entity, second - self.now)
        return event

    def _falls_due(self, event: Happening) -> None:
        self.now = self.env.now  # type: ignore[assignment]
        self.due -= event.counts
        if event.then is not None:
            event.then()

    def facilities(self, starts: Sequence[Callable[[], None]]) -> None:
        """Make known what each facility does when it may start work, by facility number."""
        self._starts = starts

    def mark(self, facility: int) -> None:
        """Let `facility` start what it can once everything due at this second is applied."""
        self._marked |= 1 << facility

    def run(self, horizon_s: int, is_over: Callable[[float], bool]) -> int:
        """Run to the horizon, or to the end of the first second after which it `is_over`; the second at which it ended.

        `is_over` is asked at the end of each second and told the next one at which something is on the agenda.
        """
        while True:
            next_s = self.env.peek()
            if next_s > self.now:
                if self._marked:
                    self._start_work()
                    continue
                if is_over(next_s):
                    return self.now
            if next_s >= horizon_s:
                return horizon_s
            self.env.step()

    def _start_work(self) -> None:
        while self._marked:
            lowest = self._marked & -self._marked
            self._marked ^= lowest
            self._starts[lowest.bit_length() - 1]()

    def end(self, at_s: int, left: int) -> EventLog:
        """The whole log, closed at `at_s` with `left` consignments under way."""
        self._log.extend((at_s, Kind.ENDED, -1, -1, -1, left))
        columns = np.frombuffer(self._log, dtype=np.int64).reshape(-1, 6).T.copy()
        times_s, kind, consignment, vehicle, facility, value = columns
        return EventLog(at_s=times_s, kind=kind, consignment=consignment, vehicle=vehicle, facility=facility, value=value)
