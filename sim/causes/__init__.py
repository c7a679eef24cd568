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
- under way: why its way is shut, or its vehicle stands, else moving; moving in to a berth: moving;
- off a terminal: why the gate or the berths are shut, else berth; in the gate: why it is shut, else handling;
- alongside before discharge: why the cranes are shut, else crane; yard full from when a crane was free and the yard was not.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from sim.causes.doings import TEXT, Doing, told
from sim.causes.following import Way, pieces_of, way_of
from sim.causes.rules import rules_of
from sim.causes.splitting import split, stairs
from sim.causes.steps import CAUSES, Steps
from sim.draws import Draws
from sim.records import Records
from sim.scenario.schema import Scenario
from sim.world.network import Network

__all__ = ["CAUSES", "Chapter", "Hours", "Waits", "hours", "hours_off_s", "seconds_in_all", "story"]

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


def hours(scenario: Scenario, network: Network, draws: Draws, records: Records) -> Hours:
    """The hours of every consignment by cause; each row adds up to its lead time exactly."""
    way = _way(scenario, network, draws, records)
    by, is_scarce, consignments = stairs(way.rules.table), _is_scarce(), len(draws.kg)
    seconds = np.zeros((consignments, len(CAUSES)), dtype=np.int64)
    parts = [split(pieces, by, is_scarce, seconds) for pieces in pieces_of(way, 0, consignments)]
    cargo = records.cargo
    is_delivered = cargo.delivered_s >= 0
    under_way_s = np.where(cargo.released_s < 0, draws.release_s, records.end_s)
    consignment, cause, facility, lasted_s = map(np.concatenate, zip(*parts, strict=True))
    return Hours(
        seconds=seconds, from_s=draws.release_s, to_s=np.where(is_delivered, cargo.delivered_s, under_way_s),
        is_delivered=is_delivered, waits=Waits(consignment=consignment, cause=cause, facility=facility, seconds=lasted_s),
    )  # fmt: skip


def _is_scarce() -> npt.NDArray[np.bool_]:
    """(doings, causes) whether what is done waits, under that cause, for what there is too little of."""
    is_scarce = np.zeros((len(Doing), len(CAUSES)), dtype=bool)
    is_scarce[:, [CAUSES.index(cause) for cause in _SCARCE]] = True
    is_scarce[Doing.QUEUES, [CAUSES.index(cause) for cause in _QUEUED]] = True
    return is_scarce


def _way(scenario: Scenario, network: Network, draws: Draws, records: Records) -> Way:
    return way_of(network, rules_of(scenario, network, draws, records), draws.flow, records)


def hours_off_s(found: Hours) -> int:
    """Seconds by which the hours of all consignments miss their lead times; 0 when all is right."""
    return int(np.abs(seconds_in_all(found) - (found.to_s - found.from_s)).sum())


def seconds_in_all(found: Hours) -> Ints:
    """(C,) the seconds of each consignment under all causes."""
    return np.asarray(np.einsum("ij->i", found.seconds), dtype=np.int64)  # quicker than a sum along so short an axis


def story(scenario: Scenario, network: Network, draws: Draws, records: Records, consignment: int) -> list[Chapter]:
    """What one consignment lived through, in order: its hours, split where the cause changes."""
    way = _way(scenario, network, draws, records)
    pieces = [piece for some in pieces_of(way, consignment, consignment + 1) for piece in some.tolist()]
    return [
        chapter
        for part, (_, from_s, to_s, steps, doing, facility) in enumerate(sorted(pieces, key=lambda piece: piece[1]))
        for chapter in _chapters((from_s, to_s, way.rules.table[steps], Doing(doing), facility), part, network)
    ]


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
