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

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from sim.causes.aboard import note_aboard
from sim.causes.ashore import note_at_posts, note_at_quays
from sim.causes.sheet import TEXT, Doing, Pieces, Sheet, told
from sim.causes.steps import CAUSES, seconds_within
from sim.draws import Draws
from sim.records import Records
from sim.scenario.schema import Scenario
from sim.world.network import Network

__all__ = ["CAUSES", "Chapter", "Hours", "Waits", "hours", "hours_off_s", "story"]

Ints = npt.NDArray[np.int64]


_SCARCE = tuple(CAUSES.index(cause) for cause in ("vehicle", "berth", "crane", "yard full"))
"""Causes that blame what there is too little of, whatever cargo is at; the queue of a post, open, is the fifth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """Waiting for what there is too little of, in int64 columns (n,): each row a part of a consignment's time."""

    consignment: Ints
    cause: Ints
    """Number in `CAUSES`: vehicle, berth, crane, yard full, or what a post counts as."""
    facility: Ints
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


def hours(scenario: Scenario, network: Network, draws: Draws, records: Records) -> Hours:
    """The hours of every consignment by cause; each row adds up to its lead time exactly."""
    found = _pieces(scenario, network, draws, records)
    seconds = np.zeros((len(draws.kg), len(CAUSES)), dtype=np.int64)
    waits: list[tuple[Ints, ...]] = [(np.zeros(0, dtype=np.int64),) * 4]
    order = np.argsort(found.steps.astype(np.int16), kind="stable")
    bounds = np.searchsorted(found.steps[order], np.arange(len(found.table) + 1))
    for steps, begin, end in zip(found.table, bounds[:-1], bounds[1:], strict=True):
        rows = order[begin:end]
        if len(rows):
            for cause, split in seconds_within(steps, found.from_s[rows], found.to_s[rows]).items():
                np.add.at(seconds[:, cause], found.consignment[rows], split)
                waits.append(_waits(found, rows, cause, split))
    cargo = records.cargo
    is_delivered = cargo.delivered_s >= 0
    under_way_s = np.where(cargo.released_s < 0, draws.release_s, records.end_s)
    who, cause_of, where, lasted_s = (np.concatenate(column) for column in zip(*waits, strict=True))
    return Hours(
        seconds=seconds, from_s=draws.release_s, to_s=np.where(is_delivered, cargo.delivered_s, under_way_s),
        is_delivered=is_delivered,
        waits=Waits(consignment=who, cause=cause_of, facility=where, seconds=lasted_s),
    )  # fmt: skip


def _waits(found: Pieces, rows: Ints, cause: int, split: Ints) -> tuple[Ints, ...]:
    """Of the seconds of some pieces under a cause, those that are waits for what is scarce."""
    counts = split > 0
    if cause not in _SCARCE:
        counts = counts & (found.doing[rows] == Doing.QUEUES) & (CAUSES[cause] in ("customs", "handling"))
    mine = rows[counts]
    return found.consignment[mine], np.full(len(mine), cause, dtype=np.int64), found.facility[mine], split[counts]


def hours_off_s(found: Hours) -> int:
    """Seconds by which the hours of all consignments miss their lead times; 0 when all is right."""
    return int(np.abs(found.seconds.sum(axis=1) - (found.to_s - found.from_s)).sum())


def story(scenario: Scenario, network: Network, draws: Draws, records: Records, consignment: int) -> list[Chapter]:
    """What one consignment lived through, in order: its hours, split where the cause changes."""
    found = _pieces(scenario, network, draws, records)
    rows = np.flatnonzero(found.consignment == consignment)
    rows = rows[np.argsort(found.from_s[rows])]
    return [chapter for part, row in enumerate(rows.tolist()) for chapter in _chapters(found, row, part, network)]


def _chapters(found: Pieces, row: int, part: int, network: Network) -> list[Chapter]:
    from_s, to_s = int(found.from_s[row]), int(found.to_s[row])
    facility = int(found.facility[row])
    where = network.facility_names[facility] if facility >= 0 else ""
    doing = Doing(found.doing[row])
    step = TEXT[doing].format(where)
    steps = found.table[found.steps[row]]
    inside = steps.from_s[(steps.from_s > from_s) & (steps.from_s < to_s)]
    chapters: list[Chapter] = []
    for start_s, end_s in pairwise([from_s, *inside.tolist(), to_s]):
        cause = CAUSES[steps.cause[np.searchsorted(steps.from_s, start_s, side="right") - 1]]
        goes_on = bool(chapters) and chapters[-1].cause == cause
        begun_s = chapters.pop().from_s if goes_on else start_s
        chapters.append(Chapter(begun_s, end_s, cause, where, told(doing, cause, where), step, part))
    return chapters


def _pieces(scenario: Scenario, network: Network, draws: Draws, records: Records) -> Pieces:
    sheet = Sheet()
    counts_as = ["handling" if post.kind == "gate" else "customs" for post in scenario.posts]
    note_at_posts(sheet, network, draws, records, counts_as)
    note_at_quays(sheet, network, draws, records)
    note_aboard(sheet, network, draws, records)
    return sheet.pieces()
