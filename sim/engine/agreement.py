"""Agreement: whether two logs of one run are the same, and else where they part and how things stand there.

For whoever changes an engine. It reads logs and knows no engine.
"""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from sim.events import EventLog, Kind
from sim.world.network import Network

__all__ = ["parting"]

_BEFORE = 3
"""Events shown from before the logs part."""


def parting(network: Network, one: EventLog, other: EventLog, names: tuple[str, str] = ("one", "other")) -> str:
    """Where two logs part, in words: the last events they share, the first in which they differ, and the state in each.

    The state is that of every consignment, vehicle and facility which the two differing events name: the last event of it
    before, and the next one from there on. "" where the logs are the same, bit for bit.
    """
    row = _first_difference(one, other)
    if row < 0:
        return ""
    told = [f"the logs part at event {row} ({names[0]} has {len(one)}, {names[1]} {len(other)})"]
    told += [f"  both   {_line(network, one, at)}" for at in range(max(0, row - _BEFORE), row)]
    for name, log in zip(names, (one, other), strict=True):
        told.append(f"  {name:<6} {_line(network, log, row) if row < len(log) else 'has ended'}")
    for column, number in _named(one, other, row):
        told.append(f"{column} {_called(network, column, number)}")
        for name, log in zip(names, (one, other), strict=True):
            told += [f"  {name:<6} {when} {line}" for when, line in _around(network, log, column, number, row)]
    return "\n".join(told)


def _first_difference(one: EventLog, other: EventLog) -> int:
    """Row of the first difference, the length of the shorter log where one continues the other, -1 where there is none."""
    shared = min(len(one), len(other))
    differs = np.zeros(shared, dtype=bool)
    for column in fields(EventLog):
        differs |= getattr(one, column.name)[:shared] != getattr(other, column.name)[:shared]
    rows = np.flatnonzero(differs)
    if len(rows):
        return int(rows[0])
    return -1 if len(one) == len(other) else shared


def _named(one: EventLog, other: EventLog, row: int) -> list[tuple[str, int]]:
    """Whom the two events at a row name: column and number."""
    found = {
        (column, int(getattr(log, column)[row])): None
        for column in ("consignment", "vehicle", "facility")
        for log in (one, other)
        if row < len(log)
    }
    return [(column, number) for column, number in found if number >= 0]


def _around(network: Network, log: EventLog, column: str, number: int, row: int) -> list[tuple[str, str]]:
    own = np.flatnonzero(getattr(log, column) == number)
    split = int(np.searchsorted(own, row))
    around = [("was ", own[split - 1 : split]), ("next", own[split : split + 1])]
    return [(when, _line(network, log, int(at))) for when, rows in around for at in rows]


def _called(network: Network, column: str, number: int) -> str:
    return network.facility_names[number] if column == "facility" else str(number)


def _line(network: Network, log: EventLog, row: int) -> str:
    who = [
        f"{column} {_called(network, column, int(getattr(log, column)[row]))}"
        for column in ("consignment", "vehicle", "facility")
        if getattr(log, column)[row] >= 0
    ]
    return f"{log.at_s[row]} s {Kind(int(log.kind[row])).name} {', '.join(who)} = {log.value[row]}"
