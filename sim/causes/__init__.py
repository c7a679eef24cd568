"""Causes: every second of a consignment, from release to delivery, under the one thing it waited for or underwent.

A reader of records and of timelines, pure. The pieces of a consignment's time follow one another without a gap and each
is split by a step function of causes, so that hours add up to the lead time exactly. The rule for each second:

- in the queue of a post or served there: why the post is shut, else customs; a post of kind gate counts as handling;
- ready at a quay: while a vehicle of the service lies off the terminal without a berth, why the berths are shut, else berth;
  at all other times vehicle;
- accepted by a vehicle that is not at the berth yet: the same; while it moves in, vehicle;
- accepted by a vehicle that lies at the berth: why the cranes are shut, else crane;
- loaded or discharged: why the cranes are shut, else handling (where work is finished whatever closes: handling);
- aboard before departure, or during a call at which it stays aboard: vehicle; but once the load is fixed and the rest of it
  is still being handled: why the cranes are shut, else crane;
- under way, or moving in to a berth: moving;
- off a terminal: why the gate or the berths are shut, else berth; in the gate: why it is shut, else handling;
- alongside before discharge: why the cranes are shut, else crane; yard full from when a crane was free and the yard was not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from sim.causes.aboard import note_aboard
from sim.causes.ashore import note_at_posts, note_at_quays
from sim.causes.sheet import TEXT, Doing, Pieces, Sheet, told
from sim.causes.splitting import Stairs, Tally, split, stairs
from sim.causes.steps import CAUSES, Steps
from sim.draws import Draws
from sim.records import Records
from sim.scenario.schema import Scenario
from sim.world.network import Network

__all__ = ["CAUSES", "Chapter", "Hours", "Waits", "hours", "hours_off_s", "story"]

Ints = npt.NDArray[np.int64]


_SCARCE = ("vehicle", "berth", "crane", "yard full")
"""Causes that blame what there is too little of, whatever cargo is at."""
_QUEUED = ("customs", "handling")
"""Causes that do in the queue of a post."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """Waiting for what there is too little of, in columns (n,) of whole numbers: each row a part of a consignment's time."""

    consignment: npt.NDArray[np.int32]
    cause: npt.NDArray[np.int8]
    """Number in `CAUSES`: vehicle, berth, crane, yard full, or what a post counts as."""
    facility: npt.NDArray[np.int32]
    """A part of the terminal where it waited, the post, or the yard pool."""
    seconds: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """The time of C consignments, in whole seconds."""

    seconds: Ints
    """(C, causes) by cause, in the order of `CAUSES`."""
    from_s: Ints
    """(C,) release."""
    to_s: Ints
    """(C,) delivery, or the log's end; for what the log ended before, the release."""
    is_delivered: npt.NDArray[np.bool_]
    """(C,) whether it was delivered."""
    waits: Waits


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of one consignment's story: from `from_s` to `to_s` one cause, at the facility `where` ("" for none)."""

    from_s: int
    to_s: int
    cause: str
    where: str
    text: str
    """What it was at, as the cause has it."""
    step: str
    """What it was at, whatever the cause."""
    part: int
    """Number of the part of the way that it is of: its chapters follow one another and differ by cause only."""


@dataclass(slots=True)
class _Book:
    """What is counted so far of the hours of all consignments."""

    seconds: Ints
    waits: list[Waits]
    tallies: list[Tally] = field(default_factory=list)
    by: Stairs | None = None

    def add(self, sheet: Sheet, pieces: Pieces) -> None:
        """Count pieces, and keep of them the waits for what is scarce."""
        if not len(pieces.consignment):
            return
        if self.by is None or len(self.by.first) <= len(sheet.table):
            self.by = stairs(sheet.table, self.tallies)
        is_scarce = np.array([cause in _SCARCE or (pieces.doing is Doing.QUEUES and cause in _QUEUED) for cause in CAUSES])
        columns = pieces.consignment, pieces.from_s, pieces.to_s, pieces.steps
        row, cause, lasted_s = split(columns, self.by, is_scarce, self.seconds)
        self.waits.append(_waits(pieces.consignment[row], cause, pieces.facility[row], lasted_s))


def _waits(consignment: Ints, cause: Ints, facility: Ints, seconds: Ints) -> Waits:
    """Waits in columns no wider than they need to be: there are ten of them to a consignment."""
    return Waits(
        consignment=consignment.astype(np.int32), cause=cause.astype(np.int8), facility=facility.astype(np.int32),
        seconds=seconds.copy(),
    )  # fmt: skip


def hours(scenario: Scenario, network: Network, draws: Draws, records: Records) -> Hours:
    """The hours of every consignment by cause; each row adds up to its lead time exactly."""
    none = np.zeros(0, dtype=np.int64)
    book = _Book(np.zeros((len(draws.kg), len(CAUSES)), dtype=np.int64), [_waits(none, none, none, none)])
    _note(Sheet(draws.timelines, book.add), scenario, network, draws, records)
    cargo = records.cargo
    is_delivered = cargo.delivered_s >= 0
    under_way_s = np.where(cargo.released_s < 0, draws.release_s, records.end_s)
    return Hours(
        seconds=book.seconds, from_s=draws.release_s, to_s=np.where(is_delivered, cargo.delivered_s, under_way_s),
        is_delivered=is_delivered,
        waits=Waits(
            consignment=np.concatenate([part.consignment for part in book.waits]),
            cause=np.concatenate([part.cause for part in book.waits]),
            facility=np.concatenate([part.facility for part in book.waits]),
            seconds=np.concatenate([part.seconds for part in book.waits]),
        ),
    )  # fmt: skip


def hours_off_s(found: Hours) -> int:
    """Seconds by which the hours of all consignments miss their lead times; 0 when all is right."""
    return int(np.abs(found.seconds.sum(axis=1) - (found.to_s - found.from_s)).sum())


def story(scenario: Scenario, network: Network, draws: Draws, records: Records, consignment: int) -> list[Chapter]:
    """What one consignment lived through, in order: its hours, split where the cause changes."""
    told: list[tuple[int, int, Steps, Doing, int]] = []

    def book(sheet: Sheet, pieces: Pieces) -> None:
        rows = np.flatnonzero((pieces.consignment == consignment) & (pieces.to_s > pieces.from_s))
        columns = (pieces.from_s, pieces.to_s, pieces.steps, pieces.facility)
        for from_s, to_s, steps, facility in zip(*(column[rows].tolist() for column in columns), strict=True):
            told.append((from_s, to_s, sheet.table[steps], pieces.doing, facility))

    _note(Sheet(draws.timelines, book), scenario, network, draws, records)
    told.sort(key=lambda piece: piece[0])
    return [chapter for part, piece in enumerate(told) for chapter in _chapters(piece, part, network)]


def _chapters(piece: tuple[int, int, Steps, Doing, int], part: int, network: Network) -> list[Chapter]:
    from_s, to_s, steps, doing, facility = piece
    where = network.facility_names[facility] if facility >= 0 else ""
    step = TEXT[doing].format(where)
    inside = steps.from_s[(steps.from_s > from_s) & (steps.from_s < to_s)]
    chapters: list[Chapter] = []
    for start_s, end_s in pairwise([from_s, *inside.tolist(), to_s]):
        cause = CAUSES[steps.cause[np.searchsorted(steps.from_s, start_s, side="right") - 1]]
        goes_on = bool(chapters) and chapters[-1].cause == cause
        begun_s = chapters.pop().from_s if goes_on else start_s
        chapters.append(Chapter(begun_s, end_s, cause, where, told(doing, cause, where), step, part))
    return chapters


def _note(sheet: Sheet, scenario: Scenario, network: Network, draws: Draws, records: Records) -> None:
    """Note all that consignments were at, from release to delivery."""
    counts_as = ["handling" if post.kind == "gate" else "customs" for post in scenario.posts]
    note_at_posts(sheet, network, records, counts_as)
    note_at_quays(sheet, network, records)
    note_aboard(sheet, network, draws.flow, records)
