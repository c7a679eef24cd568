"""Quantities with units: how ``"36 h"``, ``"120 kt/yr"`` or ``"12 USD/t"`` become numbers, and back.

Here live the dimensions, the unit lists and the type names that the nouns of the world wear (`Seconds`, `Kilograms`,
`UsdPerTonne`, …). Each such type is a float in one canonical unit, named by the type. No noun, file or clock is known here.

A year is 365 days wherever a rate is given per year.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Annotated

from sim.errors import ValueFault, nearest

HOUR_S = 3600
DAY_S = 24 * HOUR_S
YEAR_S = 365 * DAY_S

_QUANTITY = re.compile(r"\s*([+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*([^\d\s].*?)?\s*")


class Reads:
    """A marker inside `Annotated` whose `parse` turns what stands in a file into a value, raising `ValueFault`.

    The two dunder methods are what the scenario reader's validator asks of such a marker; its library is not needed here.
    """

    __slots__ = ()

    def parse(self, raw: object) -> object:
        """The value that `raw` (text, number, table or list, as TOML gives it) stands for."""
        raise NotImplementedError

    def json_schema(self) -> dict[str, object]:
        """The JSON Schema of what `parse` takes."""
        raise NotImplementedError

    def example(self) -> str:
        """What a value looks like, in words that follow 'expected'; '' where nothing short can be said."""
        return str(self.json_schema().get("description", ""))

    def __get_pydantic_core_schema__(self, source: object, handler: object) -> dict[str, object]:
        return {
            "type": "function-plain",
            "function": {"type": "no-info", "function": self.parse},
            "metadata": {"pydantic_js_functions": [lambda _schema, _handler: self.json_schema()]},
        }


@dataclass(frozen=True, slots=True)
class Dimension(Reads):
    """A kind of quantity: its name, its canonical unit and what each unit is worth in the canonical one."""

    name: str
    unit: str
    units: Mapping[str, float] = field(hash=False)
    low: float = 0.0
    """Least value allowed, canonical."""
    high: float = float("inf")
    """Greatest value allowed, canonical."""
    positive: bool = False
    """True where zero is not allowed either."""
    bare: bool = False
    """True where a plain number without a unit is taken as canonical."""

    def parse(self, raw: object) -> float:
        """The canonical value of `raw`, such as ``"36 h"``; faults name the expected form and the nearest unit."""
        return self._within_bounds(self._read(raw), is_plain=not isinstance(raw, str))

    def _read(self, raw: object) -> float:
        if isinstance(raw, bool) or not isinstance(raw, str | int | float):
            raise ValueFault(f"is not {self._a()}", expected=self.example())
        if not isinstance(raw, str):
            if self.bare:
                return _as_float(raw)
            raise ValueFault("has no unit", expected=self.example(), suggestion=f"{raw} {self.unit}")
        match = _QUANTITY.fullmatch(raw)
        if match is None:
            raise ValueFault(f"is not {self._a()}", expected=self.example())
        number, unit = float(match[1].replace("_", "")), match[2]
        if unit is None:
            if self.bare:
                return number
            raise ValueFault("has no unit", expected=self.example(), suggestion=f"{match[1]} {self.unit}")
        if unit not in self.units:
            raise ValueFault(f"unknown unit '{unit}' for {self._a()}", expected=self.example(),
                             suggestion=self._near(match[1], unit))  # fmt: skip
        return number * self.units[unit]

    def _near(self, number: str, unit: str) -> str:
        """The whole quantity where the unit only lacks its 'per …' (12 kt: 12 kt/yr), else the nearest unit, or ''."""
        whole = next((known for known in self.units if known.startswith(f"{unit}/")), "")
        return f"{number} {whole}" if whole else nearest(unit, self.units)

    def _within_bounds(self, value: float, *, is_plain: bool = False) -> float:
        if not math.isfinite(value):
            raise ValueFault("is not a finite number", expected=self.example())
        if self.positive and value <= 0:
            raise ValueFault("must be above zero", expected=f"{self._a()} above 0 {self.unit}".rstrip())
        if value < self.low:
            raise ValueFault("is too small", expected=f"{self._a()} of at least {self.low:g} {self.unit}".rstrip())
        if value > self.high:
            raise ValueFault("is too large", expected=f"{self._a()} of at most {self.high:g} {self.unit}".rstrip(),
                             suggestion=self._as_percent(value) if is_plain else "")  # fmt: skip
        return value

    def _as_percent(self, value: float) -> str:
        """A plain number beyond 1 that is a fair percentage, as one; '' for other dimensions."""
        return f"{value:g} %" if self.high == 1 and "%" in self.units and value <= 100 else ""

    def _a(self) -> str:
        return f"an {self.name}" if self.name[0] in "aei" else f"a {self.name}"

    def example(self) -> str:
        """What a value looks like, for messages: ``a duration in s, min, h, d or weeks``."""
        words = [unit for unit in self.units if f"{unit}s" not in self.units]
        listed = words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
        form = f"{self._a()} in {listed}"
        return f"{form}, or a plain number" if self.bare else form

    def text(self, value: float) -> str:
        """The canonical `value` with the largest unit in which it is short: 129600 s is ``"1.5 d"``."""
        for unit, worth in sorted(self.units.items(), key=lambda item: -item[1]):
            number = f"{value / worth:g}"
            if abs(value / worth) >= 1 and "e" not in number and len(number) <= 5 and float(number) * worth == value:
                return f"{number} {unit}"
        return f"{value:g} {self.unit}".rstrip()

    def json_schema(self) -> dict[str, object]:
        """A string with a number and one of the units (or a bare number, where that is allowed)."""
        number = r"^\s*[+-]?(\d[\d_]*\.?\d*|\.\d+)([eE][+-]?\d+)?\s*"
        units = "|".join(re.escape(unit) for unit in self.units)
        text: dict[str, object] = {"type": "string", "pattern": f"{number}({units})\\s*$", "description": self.example()}
        return {"anyOf": [text, self._plain()]} if self.bare else text

    def _plain(self) -> dict[str, object]:
        """The JSON Schema of a number without a unit, with its bounds."""
        bounds: dict[str, object] = {"exclusiveMinimum": 0} if self.positive else {"minimum": self.low}
        return {"type": "number", **bounds} | ({"maximum": self.high} if math.isfinite(self.high) else {})


def _as_float(number: float) -> float:
    """The number, which may be a whole one that is too large for a float: then it is infinite."""
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


@dataclass(frozen=True, slots=True)
class WholeNumber(Reads):
    """A count of things: a whole number from `least` to `most`, written without a unit."""

    least: int
    most: int = 10**6

    def parse(self, raw: object) -> int:
        """The number, which may be written as 5 or 5.0 but not as text."""
        whole = isinstance(raw, int | float) and not isinstance(raw, bool) and raw == raw // 1
        if not whole or not isinstance(raw, int | float):
            raise ValueFault("is not a whole number", expected=self.example())
        if raw < self.least:
            raise ValueFault("is too small", expected=self.example())
        if raw > self.most:
            raise ValueFault("is too large", expected=f"a whole number of at most {self.most}")
        return int(raw)

    def example(self) -> str:
        """``a whole number of at least 1``."""
        return f"a whole number of at least {self.least}"

    def json_schema(self) -> dict[str, object]:
        """An integer with its least and its greatest value."""
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


_DURATIONS = {"s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0, "weeks": 604800.0, "week": 604800.0}
_MASSES = {"kg": 1.0, "t": 1e3, "kt": 1e6, "Mt": 1e9}
_YEARLY = {f"{mass}/{period}": kg * per_year for mass, kg in _MASSES.items()
           for period, per_year in (("yr", 1.0), ("d", 365.0), ("h", 8760.0))}  # fmt: skip

_CENTURY_S = 100.0 * YEAR_S

# Bounds are far beyond any corridor, and narrow enough for all sums of a run to be whole numbers of 64 bits.
DURATION = Dimension("duration", "s", _DURATIONS, high=_CENTURY_S)
POSITIVE_DURATION = Dimension("duration", "s", _DURATIONS, high=_CENTURY_S, positive=True)
MASS = Dimension("mass", "kg", _MASSES, high=1e10)
POSITIVE_MASS = Dimension("mass", "kg", _MASSES, high=1e10, positive=True)
FLOW = Dimension("flow", "kg/yr", _YEARLY, high=1e13)
CALLS = Dimension(
    "rate of calls", "/yr", {"/yr": 1.0, "/month": 12.0, "/week": 365 / 7, "/d": 365.0, "/h": 8760.0}, high=1e7
)
HANDLING_RATE = Dimension(
    "handling rate", "t/h", {"t/h": 1.0, "t/d": 1 / 24, "kg/s": 3.6}, low=1e-3, high=1e15, positive=True
)
DISTANCE = Dimension("distance", "km", {"km": 1.0, "nm": 1.852, "m": 1e-3}, high=1e5)
SPEED = Dimension("speed", "km/h", {"km/h": 1.0, "kn": 1.852, "m/s": 3.6}, low=1e-3, high=1e5, positive=True)
DEPTH = Dimension("depth", "m", {"m": 1.0, "cm": 1e-2, "mm": 1e-3}, high=1e4)
LEVEL = Dimension("water level", "m", {"m": 1.0, "cm": 1e-2, "mm": 1e-3}, low=-1e4, high=1e4)
SILTATION = Dimension("loss of depth", "m/yr", {"m/yr": 1.0, "cm/yr": 1e-2, "mm/yr": 1e-3}, high=1e3)
IMMERSION = Dimension("immersion", "t/cm", {"t/cm": 1.0}, high=1e4)
VOLUME = Dimension("volume", "m3", {"m3": 1.0, "m³": 1.0}, high=1e8)
STOWAGE = Dimension("stowage factor", "m3/t", {"m3/t": 1.0, "m³/t": 1.0}, high=1e4)
BOX_LOAD = Dimension("load per TEU", "t/TEU", {"t/TEU": 1.0}, low=1e-3, high=1e4, positive=True)
TEMPERATURE = Dimension("temperature", "°C", {"°C": 1.0, "degC": 1.0, "C": 1.0}, low=-273.15, high=200.0)
EMISSION = Dimension("emission factor", "kg/t-km", {"kg/t-km": 1.0, "g/t-km": 1e-3}, high=1e3)
SHARE = Dimension("share", "", {"%": 0.01}, high=1.0, bare=True)
PERCENT = Dimension("rate in per cent", "", {"%": 0.01}, high=1e3, bare=True)
YEARLY_RATE = Dimension("rate per year", "/yr", {"%/yr": 0.01, "/yr": 1.0}, high=1e3)
LATITUDE = Dimension("latitude", "°", {"°": 1.0}, low=-90.0, high=90.0, bare=True)
LONGITUDE = Dimension("longitude", "°", {"°": 1.0}, low=-180.0, high=180.0, bare=True)
MULTIPLIER = Dimension("multiplier", "", {"×": 1.0, "x": 1.0}, high=1e3, bare=True)
POSITIVE_MULTIPLIER = Dimension("multiplier", "", {"×": 1.0, "x": 1.0}, low=1e-3, high=1e3, positive=True, bare=True)

DIMENSIONS: tuple[Dimension, ...] = (
    DURATION, MASS, FLOW, CALLS, HANDLING_RATE, DISTANCE, SPEED, DEPTH, LEVEL, SILTATION, IMMERSION, VOLUME, STOWAGE,
    BOX_LOAD, TEMPERATURE, EMISSION, SHARE, PERCENT, YEARLY_RATE, LATITUDE, LONGITUDE, MULTIPLIER,
)  # fmt: skip

Seconds = Annotated[float, DURATION]
PositiveSeconds = Annotated[float, POSITIVE_DURATION]
Kilograms = Annotated[float, MASS]
PositiveKilograms = Annotated[float, POSITIVE_MASS]
KilogramsPerYear = Annotated[float, FLOW]
CallsPerYear = Annotated[float, CALLS]
TonnesPerHour = Annotated[float, HANDLING_RATE]
Kilometres = Annotated[float, DISTANCE]
KilometresPerHour = Annotated[float, SPEED]
Metres = Annotated[float, DEPTH]
MetresOfLevel = Annotated[float, LEVEL]
MetresPerYear = Annotated[float, SILTATION]
TonnesPerCentimetre = Annotated[float, IMMERSION]
CubicMetres = Annotated[float, VOLUME]
CubicMetresPerTonne = Annotated[float, STOWAGE]
TonnesPerTeu = Annotated[float, BOX_LOAD]
Celsius = Annotated[float, TEMPERATURE]
KilogramsPerTonneKm = Annotated[float, EMISSION]
Share = Annotated[float, SHARE]
Percent = Annotated[float, PERCENT]
SharePerYear = Annotated[float, YEARLY_RATE]
Multiplier = Annotated[float, MULTIPLIER]
PositiveMultiplier = Annotated[float, POSITIVE_MULTIPLIER]
Count = Annotated[int, WholeNumber(0)]
PositiveCount = Annotated[int, WholeNumber(1)]
Seed = Annotated[int, WholeNumber(0, most=10**18)]
DegreesNorth = Annotated[float, LATITUDE]
DegreesEast = Annotated[float, LONGITUDE]

CURRENCIES = ("USD", "EUR", "KZT", "IRR", "RUB")
BASES = ("t", "kg", "TEU", "km", "d", "h", "call", "consignment", "shipment", "vehicle", "plug")


@dataclass(frozen=True, slots=True, order=True)
class Price:
    """An amount of money per bases: 12 USD/t is ``Price(12_000_000, "USD", ("t",))``; `micros` are millionths."""

    micros: int
    currency: str
    per: tuple[str, ...] = ()

    def __str__(self) -> str:
        amount = format(Decimal(self.micros) / 1_000_000, "f")
        amount = amount.rstrip("0").rstrip(".") if "." in amount else amount
        return f"{amount} {self.currency}" + "".join(f"/{base}" for base in self.per)


_MOST_MICROS = 10**18
_LEAST_RATE = Decimal("0.000000001")
_PRICE = re.compile(r"\s*([+-]?[\d_]*\.?\d+|[+-]?\d[\d_]*\.?)\s+([^\s/]+)\s*(?:/\s*(.+?))?\s*")


def parse_price(raw: object) -> Price:
    """The price that `raw` says, such as ``"12 USD/t"``, ``"2.5 USD/TEU/d"`` or ``"0.03 USD/t-km"``.

    Raises `ValueFault` with the nearest currency or basis. Amounts are kept to a millionth of the currency.
    """
    amount, currency, per = _amount(raw)
    micros = int((amount * 1_000_000).to_integral_value())
    if micros > _MOST_MICROS:
        raise ValueFault("is too large", expected=f"an amount of at most {_MOST_MICROS // 10**6:_}")
    if amount > 0 and micros == 0:
        raise ValueFault("is too small", expected="an amount of at least 0.000001, or 0")
    return Price(micros, currency, per)


def _amount(raw: object) -> tuple[Decimal, str, tuple[str, ...]]:
    """Amount, currency and bases, the amount exact and not below zero."""
    form = "an amount with a currency, such as '12 USD/t', '4000 USD/d' or '0.03 USD/t-km'"
    match = _PRICE.fullmatch(raw) if isinstance(raw, str) else None
    if match is None:
        raise ValueFault("is not a price", expected=form)
    try:
        amount = Decimal(match[1].replace("_", ""))
    except InvalidOperation:
        raise ValueFault("is not a price", expected=form) from None
    if match[2] not in CURRENCIES:
        near = nearest(match[2], CURRENCIES)
        unit = raw.strip().split(maxsplit=1)[1] if isinstance(raw, str) else match[2]
        raise ValueFault(f"unknown unit '{unit}'", expected=f"a currency of {', '.join(CURRENCIES)}",
                         suggestion=unit.replace(match[2], near) if near else "")  # fmt: skip
    per = tuple(base.strip() for base in re.split(r"[/\-·]", match[3])) if match[3] else ()
    for base in per:
        if base not in BASES:
            raise ValueFault(f"unknown basis '{base}'", expected=f"per {', '.join(BASES)}", suggestion=nearest(base, BASES))
    if amount < 0:
        raise ValueFault("is below zero", expected="a price of at least 0")
    return amount, match[2], per


@dataclass(frozen=True, slots=True)
class ExchangeRate(Reads):
    """Marks what a unit of a currency is worth in USD; it is exact, for a rial is worth a millionth or two."""

    def parse(self, raw: object) -> Fraction:
        """The rate in USD, refused where it is in another currency, per something, zero, or out of all proportion."""
        amount, currency, per = _amount(raw)
        if currency != "USD" or per or amount == 0:
            raise ValueFault("is not in dollars", expected=self.example())
        if not _LEAST_RATE <= amount <= 1 / _LEAST_RATE:
            raise ValueFault("is out of all proportion", expected=f"from {_LEAST_RATE:f} to {1 / _LEAST_RATE:f} USD")
        return Fraction(amount)

    def example(self) -> str:
        """``such as '0.0021 USD'``."""
        return "such as '0.0021 USD'"

    def json_schema(self) -> dict[str, object]:
        """A string with an amount in USD."""
        return {"type": "string", "pattern": r"^\s*[\d_.]+\s+USD\s*$", "examples": ["0.0021 USD"]}


@dataclass(frozen=True, slots=True)
class PricePer(Reads):
    """Marks a price whose bases must be one of `bases`; ``("t",)`` stands for 'per tonne', ``()`` for a plain amount."""

    bases: tuple[tuple[str, ...], ...]

    def parse(self, raw: object) -> Price:
        """The price, refused where it is per something else."""
        price = parse_price(raw)
        if self.bases and tuple(sorted(price.per)) not in {tuple(sorted(base)) for base in self.bases}:
            forms = " or ".join("'" + str(Price(12_000_000, price.currency, base)) + "'" for base in self.bases)
            raise ValueFault("is per the wrong thing", expected=f"the form {forms}")
        return price

    def example(self) -> str:
        """``an amount such as '12 USD/t'``, for each of the bases that are allowed."""
        bases = self.bases or (("t",),)
        return "an amount such as " + " or ".join("'" + str(Price(12_000_000, "USD", base)) + "'" for base in bases)

    def json_schema(self) -> dict[str, object]:
        """A string with an amount, a currency and its bases."""
        return {"type": "string", "pattern": r"^\s*[\d_.]+\s+(USD|EUR|KZT|IRR|RUB)(/.*)?$", "examples": ["12 USD/t"]}


AnyPrice = Annotated[Price, PricePer(())]
PricePerDay = Annotated[Price, PricePer((("d",),))]
PricePerTonne = Annotated[Price, PricePer((("t",),))]
