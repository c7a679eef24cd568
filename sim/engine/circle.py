"""Circles of waiting: who waits for whom when nothing is due and cargo remains. No engine is known here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

__all__ = ["Member", "circle_of"]

Member = tuple[int, int, int]
"""Consignment, vehicle and facility, -1 where it is none: exactly one of them is not."""


def circle_of(under_way: Collection[int], edges: Iterable[tuple[Member, Member]]) -> list[Member]:
    """The members of a circle of waiting, each waiting for the next; `edges` lead from who waits to whom.

    The first that is met from the lowest consignment under way on; where there is none, that consignment alone.
    """
    waits_for: dict[Member, list[Member]] = {}
    for waiter, other in edges:
        waits_for.setdefault(waiter, []).append(other)
    cleared: set[Member] = set()
    for first in sorted(under_way):
        circle = _circle_through((first, -1, -1), waits_for, cleared)
        if circle:
            return circle
    return [(min(under_way), -1, -1)]


def _circle_through(first: Member, waits_for: Mapping[Member, list[Member]], cleared: set[Member]) -> list[Member]:
    """The first circle met on the way from `first`, depth first, or an empty list; none leads from what is `cleared`."""
    chain, to_try = [first], [iter(waits_for.get(first, ()))]
    while chain:
        member = next((member for member in to_try[-1] if member not in cleared), None)
        if member is None:
            cleared.add(chain.pop())
            to_try.pop()
        elif member in chain:
            return chain[chain.index(member) :]
        else:
            chain.append(member)
            to_try.append(iter(waits_for.get(member, ())))
    return []
