"""Values that change on dates: a duty before and after an agreement, a draught before and after dredging."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Annotated, Generic, TypeVar

from sim.errors import ValueFault, nearest
from sim.units import DEPTH, LEVEL, PERCENT, ExchangeRate, Price, PricePer, Reads

__all__ = ["Dated", "DatedExchangeRate", "DatedLevel", "DatedMetres", "DatedPercent", "DatedPrice", "ReadsDated", "value_on"]


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Dated(Generic[T]):
    """A step function of the calendar date: `values[i]` holds from `since[i]` (inclusive) to `since[i + 1]`.

    The first value holds before its date too, so that a plain value is a `Dated` with the single date `date.min`.
    """

    since: tuple[date, ...]
    values: tuple[T, ...]


def value_on(dated: Dated[T], day: date) -> T:
    """The value that holds on `day`."""
    held = dated.values[0]
    for since, value in zip(dated.since, dated.values, strict=True):
        if since <= day:
            held = value
    return held


@dataclass(frozen=True, slots=True)
class ReadsDated(Reads):
    """Marks a dated value: either a plain value or a list of tables ``{ from = 2025-05-15, value = "0 %" }``."""

    one: Reads

    def parse(self, raw: object) -> Dated[object]:
        """The step function, its dates in rising order; a fault names the element and the key of it."""
        if not isinstance(raw, list | tuple):
            return Dated((date.min,), (self.one.parse(raw),))
        steps = [self._step(index, element) for index, element in enumerate(raw)]
        if not steps:
            raise ValueFault("is an empty list", expected="at least one { from = DATE, value = … }")
        for index in range(1, len(steps)):
            if steps[index][0] <= steps[index - 1][0]:
                raise ValueFault("does not come after the date before it", expected="rising dates", at=(index, "from"))
        return Dated(tuple(day for day, _ in steps), tuple(value for _, value in steps))

    def _step(self, index: int, element: object) -> tuple[date, object]:
        form = "{ from = 2025-05-15, value = … }"
        if not isinstance(element, dict):
            raise ValueFault("is not a dated value", expected=form, at=(index,))
        for key in element:
            if key not in ("from", "value"):
                raise ValueFault("unknown key", expected=form, suggestion=nearest(key, ("from", "value")), at=(index, key))
        for key in ("from", "value"):
            if key not in element:
                raise ValueFault(f"has no '{key}'", expected=form, at=(index,))
        day = element["from"]
        if isinstance(day, datetime) or not isinstance(day, date):
            raise ValueFault("is not a date", expected="a date such as 2025-05-15", at=(index, "from"))
        return day, _parsed_below(self.one.parse, element["value"], index)

    def example(self) -> str:
        """What the plain value looks like, and the list of dated ones."""
        return f"{self.one.example()}; or a list of {{ from = 2025-05-15, value = … }}"

    def json_schema(self) -> dict[str, object]:
        """The plain value's schema, or a list of dated ones."""
        plain = self.one.json_schema()
        step = {
            "type": "object",
            "properties": {"from": {"type": "string", "format": "date"}, "value": plain},
            "required": ["from", "value"],
            "additionalProperties": False,
        }
        return {"anyOf": [plain, {"type": "array", "items": step, "minItems": 1}]}


def _parsed_below(parse: Callable[[object], object], raw: object, index: int) -> object:
    try:
        return parse(raw)
    except ValueFault as fault:
        raise fault.below(index, "value") from None


DatedMetres = Annotated[Dated[float], ReadsDated(DEPTH)]
DatedLevel = Annotated[Dated[float], ReadsDated(LEVEL)]
DatedPercent = Annotated[Dated[float], ReadsDated(PERCENT)]
DatedPrice = Annotated[Dated[Price], ReadsDated(PricePer(()))]
DatedExchangeRate = Annotated[Dated[Fraction], ReadsDated(ExchangeRate())]
