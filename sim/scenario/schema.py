"""The scenario: what the analyst says, as one frozen record of nouns.

Here stands which tables a scenario file has. How files are read, merged and checked stands beside it in this package.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from sim.dated import DatedExchangeRate, DatedLevel
from sim.disruptions import Disruption
from sim.tariffs import Tariff
from sim.units import Multiplier, PositiveCount, PositiveSeconds, PricePerDay, Seconds, Seed, SharePerYear
from sim.world.calendar import WorkingCalendar
from sim.world.cargo import Commodity, Direction, Id
from sim.world.demand import BackgroundCalls, DemandStream, Route
from sim.world.places import Node, Post, Terminal, Yard
from sim.world.transport import Leg, Service

__all__ = ["RunSettings", "Scale", "ScaleBy", "Scenario"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSettings:
    """When the simulated time begins, how long it lasts and how often it is repeated."""

    start: date = date(2026, 1, 1)
    """First day that is measured; the warm-up comes before it. Midnight UTC."""
    warm_up: Seconds = 60 * 86400.0
    """Time simulated before `start` and not measured."""
    run_length: PositiveSeconds = 365 * 86400.0
    """Time measured."""
    drain: Seconds = 90 * 86400.0
    """Longest time simulated after the measured window, so that what was released in it can arrive."""
    replications: PositiveCount = 20
    """Replications of a run, unless the command says otherwise."""
    seed: Seed = 2026
    """Seed of every draw."""
    engine: Literal["auto", "reference", "compiled"] = "auto"
    """Engine that simulates; auto takes the quickest that can."""
    stationary: bool = False
    """Declares that nothing in the scenario depends on the date but the warm-up: then `caspian steady` may judge it by one
    long run."""
    antithetic: bool = False
    """Replications 0 and 1, 2 and 3, … are pairs: the second of each draws 1 - u wherever the first draws u."""
    capital_cost: SharePerYear = 0.0
    """Yearly cost of the capital bound in cargo under way, for inventory holding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleBy:
    """Knobs for a part of the corridor; they multiply with those above them."""

    throughput: Multiplier = 1.0
    """Multiplies demand."""
    transit_time: Multiplier = 1.0
    """Stretches moving time."""
    tariffs: Multiplier = 1.0
    """Multiplies amounts of money (not percentages)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """The three knobs that users turn first: 1.0 leaves the corridor as described."""

    throughput: Multiplier = 1.0
    """Multiplies the demand of every stream, by thinning or superposing shipments."""
    transit_time: Multiplier = 1.0
    """Stretches moving time on every leg; handling, papers and waiting stay."""
    tariffs: Multiplier = 1.0
    """Multiplies every amount of money charged; percentages have their own keys."""
    by_direction: dict[Direction, ScaleBy] = field(default_factory=dict)
    """Further factors for export or import: throughput and tariffs."""
    by_commodity: dict[Id, ScaleBy] = field(default_factory=dict)
    """Further factors for a commodity: throughput and tariffs."""
    by_leg: dict[Id, ScaleBy] = field(default_factory=dict)
    """Further factors for a leg: transit_time and tariffs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One world, whole: every table of a scenario file after its overlays are merged."""

    name: str = ""
    """Name of the scenario: that of its file."""
    title: str = ""
    """One line that says what it is."""
    run: RunSettings = field(default_factory=RunSettings)
    """Time and replications."""
    scale: Scale = field(default_factory=Scale)
    """The three knobs."""
    sea_level: DatedLevel | None = None
    """Sea level above the datum of the terminals' `depth`; absent: at the datum."""
    exchange: dict[Id, DatedExchangeRate] = field(default_factory=dict)
    """What one unit of a currency is worth, such as ``EUR = "1.08 USD"``."""
    commodities: tuple[Commodity, ...] = ()
    """Kinds of cargo."""
    calendars: tuple[WorkingCalendar, ...] = ()
    """Working hours and holidays."""
    nodes: tuple[Node, ...] = ()
    """Places."""
    legs: tuple[Leg, ...] = ()
    """Stretches between them."""
    terminals: tuple[Terminal, ...] = ()
    """Berths, docks and sidings."""
    yards: tuple[Yard, ...] = ()
    """Room for cargo."""
    posts: tuple[Post, ...] = ()
    """Customs and other desks."""
    services: tuple[Service, ...] = ()
    """Fleets."""
    routes: tuple[Route, ...] = ()
    """Ways through the network."""
    demand: tuple[DemandStream, ...] = ()
    """Streams of shipments."""
    background: tuple[BackgroundCalls, ...] = ()
    """Calls of other trades."""
    disruptions: tuple[Disruption, ...] = ()
    """What shuts facilities: weather, strikes, closed borders."""
    tariffs: tuple[Tariff, ...] = ()
    """Who pays what to whom."""
    unit_costs: dict[Id, PricePerDay] = field(default_factory=dict)
    """What one more unit of a resource costs a day, by its key, such as ``"services.vessels.vehicles" = "3250 USD/d"``; of
    rates and capacities, a tenth more. Weighs what `caspian bottlenecks` finds; no run is changed by it.
    """
