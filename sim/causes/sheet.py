"""The sheet on which pieces are noted: what each consignment is at, and which step function splits it by cause."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from sim.causes.steps import Steps, always, reasons, while_shut
from sim.world.network import Network
from sim.world.timeline import Timeline

__all__ = ["TEXT", "Doing", "Pieces", "Sheet", "steps_of_terminals", "told"]

Ints = npt.NDArray[np.int64]


class Doing(IntEnum):
    """What a consignment is at."""

    BETWEEN = 0
    QUEUES = 1
    SERVED = 2
    WAITS = 3
    BESIDE = 4
    LOADED = 5
    ABOARD = 6
    SAILS = 7
    AT_GATE = 8
    IN_GATE = 9
    OFF_BERTH = 10
    MOVES_IN = 11
    ALONGSIDE = 12
    NO_ROOM = 13
    DISCHARGED = 14
    REST = 15
    BOOKED = 16
    CALLED_IN = 17


TEXT = {
    Doing.BETWEEN: "between two steps",
    Doing.QUEUES: "in the queue of {}",
    Doing.SERVED: "served at {}",
    Doing.WAITS: "waits for a vehicle at {}",
    Doing.BESIDE: "waits to be loaded at {}",
    Doing.LOADED: "being loaded at {}",
    Doing.ABOARD: "aboard, waits to leave {}",
    Doing.SAILS: "under way to {}",
    Doing.AT_GATE: "aboard, waits for {}",
    Doing.IN_GATE: "aboard, passes {}",
    Doing.OFF_BERTH: "aboard, waits for {}",
    Doing.MOVES_IN: "aboard, moves in to {}",
    Doing.ALONGSIDE: "aboard, waits to be discharged at {}",
    Doing.NO_ROOM: "aboard, no room in {}",
    Doing.DISCHARGED: "being discharged at {}",
    Doing.REST: "aboard, the rest of the load is handled at {}",
    Doing.BOOKED: "waits for its vehicle at {}",
    Doing.CALLED_IN: "its vehicle moves in to {}",
}
"""How a story says it, with the name of the facility."""

_WHOSE = {Doing.WAITS: "a vehicle of its service", Doing.BOOKED: "its vehicle"}


def told(doing: Doing, cause: str, where: str) -> str:
    """How a story says what cargo is at under a cause: who waits for a berth, what is closed."""
    shut = cause in ("held", "weather", "calendar", "breakdown")
    if whose := _WHOSE.get(doing):
        if cause == "berth":
            return f"{whose} waits for a berth at {where}"
        if shut:
            return f"{whose} is kept out of {where}" + (" by weather" if cause == "weather" else ", closed")
    return TEXT[doing].format(where) + (", closed" if shut else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """n times of consignments at one thing, int64 columns; some may be empty: what ends when it begins took no time.

    `steps` counts the step functions of the sheet; `facility` is -1 where there is none.
    """

    consignment: Ints
    from_s: Ints
    to_s: Ints
    steps: Ints
    facility: Ints
    doing: Doing


@dataclass(slots=True)
class Sheet:
    """Where pieces are noted: those of one consignment leave no gap. Whoever asked for them books each note as it comes."""

    timelines: Sequence[Timeline]
    book: Callable[[Sheet, Pieces], None]
    table: list[Steps] = field(default_factory=list)
    numbers: dict[tuple[int, str], int] = field(default_factory=dict)
    """Of the step functions of facilities, by facility and what counts while it is open."""
    why: dict[int, Ints] = field(default_factory=dict)
    """Why each facility is shut, piece by piece."""

    def add(self, steps: Steps) -> int:
        """The number of a step function that pieces may refer to."""
        self.table.append(steps)
        return len(self.table) - 1

    def while_shut(self, facility: int, otherwise: str) -> int:
        """The number of the steps of a facility: why it is shut, else `otherwise`."""
        if (facility, otherwise) not in self.numbers:
            hours = self.timelines[facility]
            if facility not in self.why:
                self.why[facility] = reasons(hours)
            self.numbers[facility, otherwise] = self.add(while_shut(hours.pieces[0], self.why[facility], otherwise))
        return self.numbers[facility, otherwise]

    def note(self, times: tuple[Ints, Ints, Ints], steps: Ints | int, doing: Doing, facility: Ints | int) -> None:
        """Note pieces, `times` being (consignment, from_s, to_s)."""
        consignment, from_s, to_s = times
        steps, facility = (
            np.full(len(consignment), column, dtype=np.int64) if isinstance(column, int) else column
            for column in (steps, facility)
        )
        pieces = Pieces(consignment=consignment, from_s=from_s, to_s=to_s, steps=steps, facility=facility, doing=doing)
        self.book(self, pieces)


def steps_of_terminals(sheet: Sheet, network: Network, part: int, otherwise: str, *, finishes: bool = False) -> Ints:
    """(T,) the steps of one part of each terminal: why it is shut, else `otherwise`.

    `finishes`: asked for work under way, which knows no closure where the terminal finishes what is begun.
    """
    numbers = []
    for terminal, plan in enumerate(network.terminals):
        goes_on = finishes and plan.on_close == "finish"
        facility = network.facility(terminal, part)
        numbers.append(sheet.add(always(otherwise)) if goes_on else sheet.while_shut(facility, otherwise))
    return np.array(numbers, dtype=np.int64)
