"""Where a difference comes from: the same consignments in two worlds, their hours cause by cause and their dollars by
category.

A consignment is the same in both where stream, layer, number and piece are. What only one world delivers has no partner and
is a step of its own. All is counted in whole seconds, kilograms and cents, and divided as fractions, so that the steps from
one mean to the other close exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from sim.causes import CAUSES
from sim.kpis import Evidence
from sim.ledger import landed_cents
from sim.units import HOUR_S

__all__ = ["Part", "Shift", "Steps", "added", "cost_steps", "hour_steps", "shift_of"]

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What some consignments of one world add up to: released in the measured window, and delivered."""

    consignments: int = 0
    kg: int = 0
    seconds: Mapping[str, int]
    """By cause, from release to delivery."""
    cents: Mapping[str, int]
    """Landed cost add-on by category."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """Two worlds' consignments: those delivered in both, as each has them, and those that only one delivers."""

    here: Part
    """Of the base, those that the other delivers too."""
    there: Part
    """The same consignments in the other world."""
    only_here: Part
    only_there: Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """From the mean of one world to that of the other, exactly: `start` + all steps = `end`."""

    start: Fraction
    steps: Mapping[str, Fraction]
    end: Fraction


ONLY_HERE = "only in the base"
ONLY_THERE = "only in the other"


def shift_of(base: Evidence, other: Evidence) -> Shift:
    """What one replication's worlds have in common, and what only one of them delivers."""
    mine, theirs = _counted(base), _counted(other)
    my_names, their_names = _names([(base, mine), (other, theirs)])
    _, in_mine, in_theirs = np.intersect1d(my_names, their_names, assume_unique=True, return_indices=True)
    return Shift(
        here=_part(base, mine[in_mine]),
        there=_part(other, theirs[in_theirs]),
        only_here=_part(base, np.delete(mine, in_mine)),
        only_there=_part(other, np.delete(theirs, in_theirs)),
    )


def _counted(evidence: Evidence) -> Ints:
    """Consignments released in the measured window and delivered, be it later."""
    network, release_s = evidence.network, evidence.draws.release_s
    inside = (release_s >= network.window_from_s) & (release_s < network.window_to_s)
    return np.flatnonzero(inside & evidence.hours.is_delivered)


def _names(worlds: list[tuple[Evidence, Ints]]) -> list[Ints]:
    """One whole number for each consignment of each world, equal where stream, layer, number and piece are."""
    ids = dict.fromkeys(stream.id for evidence, _ in worlds for stream in evidence.scenario.demand)
    streams = {name: number for number, name in enumerate(ids)}
    columns: list[list[Ints]] = []
    for evidence, who in worlds:
        draws = evidence.draws
        shipment = draws.shipment[who]
        codes = np.array([streams[stream.id] for stream in evidence.scenario.demand], dtype=np.int64)
        columns.append([codes[draws.shipment_stream[shipment]], draws.shipment_layer[shipment].astype(np.int64),
                        draws.shipment_k[shipment].astype(np.int64), draws.piece[who].astype(np.int64)])  # fmt: skip
    names = [np.zeros(len(who), dtype=np.int64) for _, who in worlds]
    for parts in zip(*columns, strict=True):
        size = 1 + max(int(part.max(initial=0)) for part in parts)
        names = [name * size + part for name, part in zip(names, parts, strict=True)]
    return names


def _part(evidence: Evidence, who: Ints) -> Part:
    landed = landed_cents(evidence.ledger, len(evidence.draws.kg))[who].sum(axis=0).tolist()
    cents: dict[str, int] = {}
    for rule, amount in zip(evidence.ledger.rules, landed, strict=True):
        cents[rule.category] = cents.get(rule.category, 0) + amount
    seconds = evidence.hours.seconds[who].sum(axis=0).tolist()
    return Part(
        consignments=len(who), kg=int(evidence.draws.kg[who].astype(np.int64).sum()),
        seconds=dict(zip(CAUSES, seconds, strict=True)), cents=cents,
    )  # fmt: skip


def added(shifts: Iterable[Shift]) -> Shift:
    """The shifts of several replications as one."""
    whole = list(shifts)
    return Shift(**{side.name: _sum([getattr(shift, side.name) for shift in whole]) for side in fields(Shift)})


def _sum(parts: list[Part]) -> Part:
    return Part(
        consignments=sum(part.consignments for part in parts), kg=sum(part.kg for part in parts),
        seconds=_sums([part.seconds for part in parts]), cents=_sums([part.cents for part in parts]),
    )  # fmt: skip


def _sums(tables: list[Mapping[str, int]]) -> dict[str, int]:
    names = dict.fromkeys(name for table in tables for name in table)
    return {name: sum(table.get(name, 0) for table in tables) for name in names}


def hour_steps(shift: Shift) -> Steps:
    """Mean hours of a consignment from release to delivery, from the base's to the other's, cause by cause."""
    return _steps(shift, "seconds", "consignments", HOUR_S)


def cost_steps(shift: Shift) -> Steps:
    """Mean landed cost add-on in USD per tonne, from the base's to the other's, category by category."""
    return _steps(shift, "cents", "kg", Fraction(100, 1000))


def _steps(shift: Shift, table: str, weight: str, unit: Fraction | int) -> Steps:
    """The weighted means of both worlds and what lies between: first the base's own consignments leave, then each cause
    changes for those in both, then the other's own join.
    """

    def mean(*parts: Part) -> Fraction:
        total, count = (
            sum(sum(getattr(part, table).values()) for part in parts),
            sum(getattr(part, weight) for part in parts),
        )
        return Fraction(total) / (count * unit) if count else Fraction(0)

    def of(part: Part, name: str) -> Fraction:
        count = getattr(part, weight)
        return Fraction(getattr(part, table).get(name, 0)) / (count * unit) if count else Fraction(0)

    start, end = mean(shift.here, shift.only_here), mean(shift.there, shift.only_there)
    names = dict.fromkeys([*getattr(shift.here, table), *getattr(shift.there, table)])
    steps = {
        ONLY_HERE: mean(shift.here) - start,
        **{name: of(shift.there, name) - of(shift.here, name) for name in names},
        ONLY_THERE: end - mean(shift.there),
    }
    return Steps(start=start, steps={name: step for name, step in steps.items() if step}, end=end)
