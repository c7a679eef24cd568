"""Places: nodes of the network and what stands on them: terminals, yards and posts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from sim.chance.distributions import SecondsDistribution
from sim.dated import DatedMetres
from sim.units import (
    DegreesEast,
    DegreesNorth,
    MetresPerYear,
    PositiveCount,
    PositiveKilograms,
    Seconds,
    Share,
    TonnesPerHour,
)
from sim.world.cargo import Direction, Form, Id

__all__ = ["Gate", "Mode", "Node", "OnClose", "Post", "Terminal", "Yard"]

Mode = Literal["road", "rail", "sea", "air"]
NodeKind = Literal["city", "dry-port", "station", "seaport", "border", "airport", "hub"]
OnClose = Literal["pause", "finish", "restart"]
"""What becomes of work that meets a closed window: it pauses and resumes, is finished regardless, or starts anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A place where cargo changes vehicles, waits, or begins and ends its journey."""

    id: Id
    """Name of the node, unique in the scenario."""
    title: str = ""
    """What tables and the map call it; the id where empty."""
    kind: NodeKind
    """What kind of place it is."""
    country: Id
    """Two letters of ISO 3166, such as IR or KZ."""
    lat: DegreesNorth
    """Latitude in degrees north."""
    lon: DegreesEast
    """Longitude in degrees east."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Lanes that each vehicle passes, laden or empty, before it takes a berth, dock or siding."""

    lanes: PositiveCount = 1
    """Vehicles that pass at once."""
    time: SecondsDistribution
    """Time in the lane per vehicle."""
    hours: Id | None = None
    """Calendar of the gate; absent: round the clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal:
    """Where vehicles of one mode lie to load and discharge: berths of a port, docks of a yard, sidings of a station."""

    id: Id
    """Name of the terminal, unique in the scenario."""
    node: Id
    """The node it stands on."""
    mode: Mode
    """The mode of the vehicles it takes."""
    berths: PositiveCount
    """Vehicles that lie here at once (berths, docks or sidings)."""
    cranes: PositiveCount | None = None
    """Consignments handled at once over all berths; absent: `cranes_per_vehicle` for each berth."""
    cranes_per_vehicle: PositiveCount = 1
    """Most cranes that work one vehicle at once."""
    rate: TonnesPerHour
    """Gross handling rate of one crane."""
    rates: dict[Form, TonnesPerHour] = field(default_factory=dict)
    """Rates that differ from `rate`, by form of cargo."""
    manoeuvre: Seconds = 0.0
    """Time from the roads to the berth, and again from the berth to the roads: pilotage and mooring. The berth is held."""
    gate: Gate | None = None
    """Gate that vehicles pass before they take a berth."""
    hours: Id | None = None
    """Calendar of handling work; absent: round the clock."""
    entry_hours: Id | None = None
    """Calendar of entry to the berths; absent: round the clock."""
    on_close: OnClose = "pause"
    """What becomes of handling that meets a closed window."""
    depth: DatedMetres | None = None
    """Depth at the berths below the datum of `sea_level`; absent: deep enough, unless `permitted_draught` says otherwise."""
    under_keel_clearance: DatedMetres | None = None
    """Water to be left under the keel; absent: none."""
    permitted_draught: DatedMetres | None = None
    """Draught that the port permits, which already holds level and clearance; wins over `depth`."""
    siltation: MetresPerYear = 0.0
    """Depth that silt takes in a year, month by month, since the last date of `depth` or `permitted_draught`, which is
    a dredging; before any, since the start of the run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Yard:
    """Finite room for cargo at a node; what finds no room stays aboard and holds vehicle and berth."""

    id: Id
    """Name of the yard, unique in the scenario."""
    node: Id
    """The node it stands on."""
    capacity: PositiveKilograms
    """Cargo it holds."""
    export_share: Share | None = None
    """Part kept for exports, the rest for imports; absent: pooled."""
    forms: tuple[Form, ...] = ()
    """Forms of cargo it takes; empty: all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A desk that serves consignments one by one: customs, an inspection, a weighbridge, a documents office."""

    id: Id
    """Name of the post, unique in the scenario."""
    node: Id
    """The node it stands on; every consignment of its kind that passes the node is served, in the order of the file."""
    kind: Literal["customs", "gate"] = "customs"
    """Cause that its hours count under: customs, or gate (counted as handling when served)."""
    direction: Direction | None = None
    """Direction of the cargo it serves; absent: both."""
    commodities: tuple[Id, ...] = ()
    """Commodities it serves; empty: all."""
    regimes: tuple[Id, ...] = ()
    """Customs regimes it serves; empty: all."""
    servers: PositiveCount = 1
    """Consignments served at once."""
    time: SecondsDistribution
    """Working time per consignment."""
    per: Literal["consignment", "shipment"] = "consignment"
    """Whether each consignment draws its own time, or all of one shipment share one (a single declaration)."""
    hours: Id | None = None
    """Calendar of the post; absent: round the clock."""
    on_close: OnClose = "pause"
    """What becomes of a service that meets a closed window."""
