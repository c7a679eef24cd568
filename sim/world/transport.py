"""Transport: legs between nodes, and the services whose vehicles ply them under a dispatch rule.

One concept for road, rail, sea and air: modes differ in numbers, not in kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_types import Len, MinLen

from sim.chance.distributions import SecondsDistribution
from sim.units import (
    Count,
    CubicMetres,
    Kilograms,
    KilogramsPerTonneKm,
    Kilometres,
    KilometresPerHour,
    Metres,
    PositiveKilograms,
    PositiveSeconds,
    Seconds,
    Share,
    TonnesPerCentimetre,
)
from sim.world.cargo import Form, Id
from sim.world.places import Mode

__all__ = ["Departures", "Empty", "Leg", "Service"]

Empty = Literal["never", "called", "always"]
"""When a vehicle may leave without cargo once its wait is over: never; when cargo waits elsewhere for which no vehicle of
its service is there or on its way; or always."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """A stretch between two nodes, for one mode."""

    id: Id
    """Name of the leg, unique in the scenario."""
    mode: Mode
    """Mode of the services that use it."""
    ends: Annotated[tuple[Id, ...], Len(2, 2)]
    """The two nodes it joins; it serves both ways unless `one_way`."""
    one_way: bool = False
    """True where it leads only from the first end to the second."""
    distance: Kilometres
    """Length, for freight by distance, emissions and, without `transit`, time."""
    transit: SecondsDistribution | None = None
    """Moving time; absent: distance over the speed of the service."""
    delay: SecondsDistribution | None = None
    """Time added to each passage, drawn apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Departures:
    """The timetable of one stop: a vehicle in position leaves at the next of these times."""

    stop: Id
    """The stop."""
    first: Seconds = 0.0
    """Time of the first departure after midnight of the epoch, UTC."""
    every: PositiveSeconds
    """Time from one departure to the next."""
    cut_off: Seconds = 0.0
    """How long before the departure the vehicle closes for cargo."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A fleet of like vehicles that calls at stops, round and round, and takes the cargo it finds."""

    id: Id
    """Name of the service, unique in the scenario."""
    title: str = ""
    """What tables and figures call it; the id where empty."""
    mode: Mode
    """Mode of its vehicles."""
    stops: Annotated[tuple[Id, ...], MinLen(2)]
    """Nodes it calls at in turn, then again from the first. Each must have exactly one terminal of this mode."""
    vehicles: Count
    """Size of the fleet; vehicle i starts empty at stop i modulo the number of stops."""
    capacity: PositiveKilograms
    """Payload of a truck or wagon; deadweight of a vessel."""
    stores: Kilograms = 0.0
    """Bunkers and stores, taken off `capacity`."""
    volume: CubicMetres | None = None
    """Hold volume; absent: does not bind."""
    teu: Count | None = None
    """Container slots in TEU; absent: no limit."""
    plugs: Count | None = None
    """Reefer plugs; absent: no limit."""
    forms: tuple[Form, ...] = ()
    """Forms of cargo it carries; empty: all."""
    commodities: tuple[Id, ...] = ()
    """Commodities it carries; empty: all of its forms."""
    speed: KilometresPerHour | None = None
    """Speed, for legs that state no transit time."""
    design_draught: Metres | None = None
    """Draught at full `capacity`; absent: draught does not bind."""
    immersion: TonnesPerCentimetre = 0.0
    """Cargo lost per centimetre of missing draught."""
    fill: Share = 1.0
    """Share of what it may load at which it closes for cargo."""
    wait: Seconds = 0.0
    """Longest wait for that share, counted from taking position; then it closes with what there is."""
    empty: Empty = "called"
    """When it may leave without cargo: never, called or always."""
    waits_at: Literal["berth", "anchorage"] = "anchorage"
    """Where it waits for cargo: at the berth, or in the roads (ships) or the truck park."""
    departures: tuple[Departures, ...] = ()
    """Timetable by stop; a stop without one dispatches by fill and wait."""
    priority: int = 0
    """Rank at gates and berths; the lower goes first. Cranes go by the rank of the cargo."""
    emission: KilogramsPerTonneKm = 0.0
    """CO2-equivalent per tonne-kilometre, well to wheel or wake."""
