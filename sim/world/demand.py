"""Demand: routes through the network, the streams of shipments that take them, and the ships of other trades."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

from annotated_types import MinLen

from sim.chance.distributions import KilogramsDistribution, SecondsDistribution
from sim.units import CallsPerYear, KilogramsPerYear, PositiveKilograms, Seconds, Share
from sim.world.cargo import Direction, Id, Season

__all__ = ["BackgroundCalls", "DemandStream", "Listed", "Route"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A way through the network: nodes, and the service that carries the cargo from each to the next."""

    id: Id
    """Name of the route, unique in the scenario."""
    nodes: Annotated[tuple[Id, ...], MinLen(1)]
    """Nodes from origin to destination."""
    services: tuple[Id, ...] = ()
    """Services between them, one fewer than nodes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One shipment of a listed stream."""

    at: Seconds
    """Release, counted from the epoch (the start of the warm-up)."""
    mass: PositiveKilograms
    """Size of the shipment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandStream:
    """A stream of shipments of one commodity."""

    id: Id
    """Name of the stream, unique in the scenario."""
    commodity: Id
    """What is shipped."""
    direction: Direction
    """export or import, seen from Iran."""
    volume: KilogramsPerYear = 0.0
    """Mean flow; ignored where shipments are listed."""
    lot: KilogramsDistribution | None = None
    """Size of a shipment; needed unless shipments are listed. Rounded to whole kilograms, at least one."""
    arrivals: Literal["poisson", "regular", "listed"] = "poisson"
    """How releases follow one another: as a Poisson process, evenly, or as `shipments` says."""
    shipments: tuple[Listed, ...] = ()
    """The shipments of a listed stream."""
    season: Season = ()
    """Twelve monthly weights, January first; only their proportions count. Empty: even."""
    routes: dict[Id, Share] = field(default_factory=dict)
    """Shares of shipments by route; they add up to one."""
    regime: Id = "release"
    """Customs regime at the destination: release (duty and VAT fall due) or free-zone (they do not yet)."""
    due: Seconds | None = None
    """Promised lead time, for the on-time share; absent: no promise."""
    priority: int = 0
    """Rank in every queue; the lower goes first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackgroundCalls:
    """Ships or trucks of other trades that take berths of a terminal and carry none of our cargo."""

    id: Id
    """Name of the calls, unique in the scenario."""
    terminal: Id
    """Terminal they call at."""
    calls: CallsPerYear
    """Mean number of calls a year, arriving as a Poisson process."""
    stay: SecondsDistribution
    """Working time alongside."""
    season: Season = ()
    """Twelve monthly weights, January first. Empty: even."""
    priority: int = 0
    """Rank at the berth; the lower goes first."""
