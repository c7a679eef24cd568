"""Auditing: the one loop over all rows of a log by which checks see what it says of itself. It is compiled.

It reads the log alone and none of the tables that accounts are made from, so that it can find them wrong.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.compiling import compiled
from sim.events import CONSIGNMENT_LAW, VEHICLE_LAW, EventLog, Kind

__all__ = ["Audit", "audit"]

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What a log says of itself."""

    unlawful: int
    """Events that may not follow the one before of their consignment or vehicle, and those that come before it in time."""
    backwards: int
    """Rows that come before the row above them in time."""
    ended: int
    """Rows that say that the run ends."""
    left: int
    """How many consignments the last row says are not delivered, -1 where it does not say that the run ends."""
    released: int
    """Releases."""
    delivered: int
    """Deliveries."""
    released_kg: int
    delivered_kg: int
    aboard_off_kg: int
    """Over all departures of the fleet: what each says is aboard against what was loaded less what was discharged."""
    last: Ints
    """(C,) kind of the last event of each consignment, -1 where it has none."""
    lead_s: Ints
    """(C,) seconds from release to delivery or to the log's end; 0 where it was not released."""


def audit(log: EventLog, kg: Ints, fleet: int) -> Audit:
    """What a log says; `kg` is (C,) the mass of each consignment, `fleet` the number of vehicles of the services."""
    at_s, kind, consignment, vehicle, value = (
        np.ascontiguousarray(column) for column in (log.at_s, log.kind, log.consignment, log.vehicle, log.value)
    )
    vehicles = max(fleet, 1 + int(vehicle.max(initial=-1)))
    unnamed = np.zeros(max(0, 1 + int(consignment.max(initial=-1)) - len(kg)), dtype=np.int64)
    mass = np.concatenate([kg, unnamed])
    last, lead_s, held_kg = np.full(len(mass), -1, dtype=np.int64), np.zeros_like(mass), np.zeros(vehicles, dtype=np.int64)
    found = compiled(_walk)((at_s, kind, consignment, vehicle, value), _may_follow(), mass, (last, lead_s, held_kg), fleet)
    names = ("unlawful", "backwards", "ended", "released", "delivered", "released_kg", "delivered_kg", "aboard_off_kg")
    left = int(value[-1]) if len(log) and kind[-1] == Kind.ENDED else -1
    return Audit(left=left, last=last[: len(kg)], lead_s=lead_s[: len(kg)], **dict(zip(names, found.tolist(), strict=True)))


def _may_follow() -> npt.NDArray[np.bool_]:
    """(kinds + 1, kinds) whether an event may come next of its entity; the last row says what may come first."""
    may = np.zeros((len(Kind) + 1, len(Kind)), dtype=np.bool_)
    for law, first in ((CONSIGNMENT_LAW, Kind.RELEASED), (VEHICLE_LAW, Kind.ARRIVED)):
        may[-1, first] = True
        for before, after in law.items():
            may[before, list(after)] = True
    return may


def _walk(
    log: tuple[Ints, Ints, Ints, Ints, Ints],
    may_follow: npt.NDArray[np.bool_],
    mass: Ints,
    state: tuple[Ints, Ints, Ints],
    fleet: int,
) -> Ints:
    """Go through the log once; returns the counts of an `Audit` in their order and leaves the columns of it in `state`."""
    at_s, kind, consignment, vehicle, value = log
    last, lead_s, held_kg = state
    called = np.full(len(held_kg), -1, dtype=np.int64)
    seen_s, called_s = np.zeros(len(last), dtype=np.int64), np.zeros(len(called), dtype=np.int64)
    unlawful, backwards, ended, released, delivered, released_kg, delivered_kg, aboard_off_kg = 0, 0, 0, 0, 0, 0, 0, 0
    end_s = int(at_s[-1]) if len(at_s) else 0
    for row in range(len(kind)):
        now, now_s, who, which = kind[row], at_s[row], consignment[row], vehicle[row]
        backwards += row > 0 and now_s < at_s[row - 1]
        if now <= Kind.DELIVERED and who >= 0:
            unlawful += not may_follow[last[who], now] or (last[who] >= 0 and now_s < seen_s[who])
            last[who], seen_s[who] = now, now_s
            if now == Kind.RELEASED:
                released += 1
                released_kg += int(value[row])
                lead_s[who] = end_s - now_s
            elif now == Kind.DELIVERED:
                delivered += 1
                delivered_kg += int(value[row])
                lead_s[who] -= end_s - now_s
            elif now in (Kind.LOAD_ENDED, Kind.UNLOAD_ENDED) and which >= 0:
                held_kg[which] += mass[who] if now == Kind.LOAD_ENDED else -mass[who]
        elif Kind.ARRIVED <= now <= Kind.CLEARED and which >= 0:
            unlawful += not may_follow[called[which], now] or (called[which] >= 0 and now_s < called_s[which])
            called[which], called_s[which] = now, now_s
            if now == Kind.DEPARTED and which < fleet:
                aboard_off_kg += abs(held_kg[which] - value[row])
        elif now == Kind.ENDED:
            ended += 1
    counts = unlawful, backwards, ended, released, delivered, released_kg, delivered_kg, aboard_off_kg
    return np.array(counts, dtype=np.int64)
