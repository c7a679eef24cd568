"""What two resolved scenarios say differently, with where each says it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sim.scenario.layers import step_name
from sim.scenario.resolved import Resolved
from sim.scenario.wording import origin_of

__all__ = ["Difference", "compared", "differences"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One dotted key at which two scenarios differ; a value is None, and its origin '', where that scenario has none."""

    key: str
    left: object
    left_origin: str
    right: object
    right_origin: str


def differences(left: Resolved, right: Resolved) -> list[Difference]:
    """Keys whose values, as written, differ; name and title do not count. In the order of `left`, then of `right`.

    What only one of them has is one difference, however much is below it.
    """
    return [
        Difference(
            key=key,
            left=before,
            left_origin=_origin(left, key, before),
            right=after,
            right_origin=_origin(right, key, after),
        )
        for key, before, after in compared(left.document, right.document)
    ]


def compared(left: Mapping[str, object], right: Mapping[str, object]) -> Iterator[tuple[str, object, object]]:
    """Each dotted key at which two documents differ, as above, with both values; None where one has nothing there."""
    return (row for row in _compared(left, right, "") if row[0] not in ("name", "title"))


def _origin(scenario: Resolved, key: str, value: object) -> str:
    return "" if value is None else str(origin_of(scenario.origins, key) or "")


def _compared(left: object, right: object, at: str) -> Iterator[tuple[str, object, object]]:
    """Dotted key and both values wherever they differ; None stands for nothing. A list without ids is one value."""
    inside = _parts(left), _parts(right)
    if inside[0] is None or inside[1] is None:
        if left != right:
            yield at, left, right
        return
    prefix = f"{at}." if at else ""
    for name in dict.fromkeys([*inside[0], *inside[1]]):
        yield from _compared(inside[0].get(name), inside[1].get(name), f"{prefix}{name}")


def _parts(data: object) -> Mapping[str, object] | None:
    """What lies below a table, or a list by id, by its name there; None for a value."""
    if isinstance(data, Mapping):
        return data
    if isinstance(data, list) and data and all(isinstance(part, Mapping) and "id" in part for part in data):
        return {step_name(part, index): part for index, part in enumerate(data)}
    return None
