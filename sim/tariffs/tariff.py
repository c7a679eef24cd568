"""The noun: one rule of money, as the analyst writes it.

Which rate, which selectors and which further fields a tariff may have, its rule says; `sim.tariffs.faults` compares the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sim.dated import DatedPercent, DatedPrice
from sim.units import Seconds, TonnesPerHour
from sim.world.cargo import Direction, Form, Id

__all__ = ["RuleName", "Tariff"]

RuleName = Literal[
    "freight", "handling", "storage", "plug", "port-dues", "fee", "demurrage", "empty-running", "minimum",
    "insurance", "duty", "vat",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """Who pays what to whom for which fact. Selectors narrow it to some facts; an empty one means all."""

    id: Id
    """Name of the tariff, unique in the scenario."""
    title: str = ""
    """What tables and waybills call it; the id where empty."""
    rule: RuleName
    """The rule that turns a fact into a charge: freight, handling, storage, plug, port-dues, fee, demurrage, empty-running,
    minimum (these take a `rate`), insurance, duty or vat (these take a `percent`)."""
    category: str = ""
    """What the split of the landed cost files it under; the name of the rule where empty."""
    rate: DatedPrice | None = None
    """Amount of money, such as "12 USD/t" or "2.5 USD/TEU/d", plain or dated. A rate that counts cargo (t, kg, TEU, plug,
    consignment) is charged to each consignment; one that does not (call, vehicle, km, d, h, shipment) is a joint charge."""
    percent: DatedPercent | None = None
    """Share of the customs value (and of what `on` and the rule add to it), plain or dated."""
    payer: str = "consignee"
    """Who pays: shipper, consignee, carrier or another name. What the carrier pays is no part of the landed cost:
    the cargo pays for it in the freight."""
    payee: str = ""
    """Who is paid; where empty, whom the rule names."""
    direction: Direction | None = None
    """Direction of the cargo: export or import; absent: both."""
    commodities: tuple[Id, ...] = ()
    """Commodities; empty: all."""
    forms: tuple[Form, ...] = ()
    """Forms of cargo; empty: all."""
    streams: tuple[Id, ...] = ()
    """Streams of demand; empty: all."""
    regimes: tuple[Id, ...] = ()
    """Customs regimes; empty: all (duty and vat fall due under `release` alone, whatever is said here)."""
    services: tuple[Id, ...] = ()
    """Services; empty: all."""
    legs: tuple[Id, ...] = ()
    """Legs; empty: all."""
    nodes: tuple[Id, ...] = ()
    """Nodes; empty: all."""
    terminals: tuple[Id, ...] = ()
    """Terminals; empty: all."""
    posts: tuple[Id, ...] = ()
    """Posts; empty: all. Duty and vat fall due when a post named here is done, on delivery where none is named."""
    lift: Literal["loading", "discharging"] | None = None
    """For handling: which of the two is charged; absent: both."""
    free: Seconds = 0.0
    """For storage and plug: time that costs nothing, counted from the beginning of the stay."""
    laytime: Seconds = 0.0
    """For demurrage: time allowed per call, whatever is handled."""
    laytime_rate: TonnesPerHour | None = None
    """For demurrage: tonnes per time that the allowance grows by, such as "1500 t/d"; absent: it does not grow."""
    on: Literal["value", "cif"] = "value"
    """For duty and vat: the customs value alone, or with the freight and insurance charged up to then."""
    of: tuple[Id, ...] = ()
    """For minimum: the tariffs whose charges to a shipment are brought up to `rate`."""
    split_by: Literal["t", "TEU"] = "t"
    """What a joint charge is split by: tonnes or TEU of the cargo concerned."""
