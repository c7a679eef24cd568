"""The network in the form engines read: nouns turned into numbers, once, before anything is drawn.

Every index is a position in a tuple of this record. Facilities are numbered in one row, and that order is the order in
which they start work within an instant: for each terminal its gate, its berths, its quay and its cranes, then the posts;
yards, which never start anything, come last.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["BERTH", "CRANE", "GATE", "QUAY", "Flow", "Network", "Ride", "ServicePlan", "TerminalPlan", "Visit", "YardPlan"]

GATE, BERTH, QUAY, CRANE = range(4)
"""Facilities of a terminal: terminal t has the numbers 4 t + GATE … 4 t + CRANE."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A step of a consignment: a service at post `post`; `place` counts the visits of its itinerary from 0."""

    post: int
    place: int


@dataclass(frozen=True, slots=True)
class Ride:
    """A step of a consignment: carried by `service` from its stop number `board` to its stop number `alight`.

    `ride` counts the rides of the itinerary from 0; `slot` is the index of the yard pool at the far end, -1 where room is
    unlimited.
    """

    service: int
    board: int
    alight: int
    ride: int
    slot: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A stream on one of its routes: what its consignments go through, in order."""

    stream: int
    route: int
    commodity: int
    direction: Literal["export", "import"]
    priority: int
    steps: tuple[Visit | Ride, ...]
    largest_kg: int
    """Consignments are cut no larger than this: the least capacity of a vehicle over the route."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminalPlan:
    """A terminal in numbers. `permitted_mm[i]` is the permitted draught from `permitted_from_s[i]` on; empty: no limit."""

    node: int
    berths: int
    cranes: int
    cranes_per_vehicle: int
    manoeuvre_s: int
    lanes: int
    """Lanes of the gate; 0 where there is none."""
    on_close: Literal["pause", "finish", "restart"]
    permitted_from_s: tuple[int, ...] = ()
    permitted_mm: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePlan:
    """A service in numbers. Stops are numbered along `terminals`; leg i leads from stop i to stop i + 1 (cyclic)."""

    terminals: tuple[int, ...]
    legs: tuple[int, ...]
    vehicles: tuple[int, ...]
    """Numbers of its vehicles; vehicle i of the service starts at stop i modulo the number of stops."""
    cargo_kg: int
    volume_l: int
    """Hold volume in litres; -1: no limit."""
    milliteu: int
    """Container slots in thousandths of a TEU; -1: no limit."""
    milliplugs: int
    """Reefer plugs in thousandths; -1: no limit."""
    design_mm: int
    """Design draught; 0 where draught never binds."""
    kg_per_mm: int
    fill_thousandths: int
    wait_s: int
    empty: Literal["never", "called", "always"]
    waits_at: Literal["berth", "anchorage"]
    priority: int
    planned_transit_s: tuple[int, ...]
    """Mean time of each leg, for the forecast of the level at arrival."""
    first_departure_s: tuple[int, ...]
    """Time of a departure of each stop's timetable (any of them; may be negative); 0 where it has none."""
    headway_s: tuple[int, ...]
    """Time between departures; 0 where the stop has no timetable."""
    cut_off_s: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class YardPlan:
    """A pool of yard room: a whole yard, or its share for one direction."""

    yard: int
    node: int
    capacity_kg: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """The corridor in numbers, shared by all replications."""

    start_unix_s: int
    """Epoch (`at_s` = 0, start of the warm-up) in seconds since 1970-01-01 UTC."""
    window_from_s: int
    window_to_s: int
    horizon_s: int
    """The measured window is [from, to); the run ends at the horizon at the latest."""
    facility_names: tuple[str, ...]
    terminals: tuple[TerminalPlan, ...]
    post_servers: tuple[int, ...]
    post_on_close: tuple[Literal["pause", "finish", "restart"], ...]
    services: tuple[ServicePlan, ...]
    vehicle_service: tuple[int, ...]
    """Service of each vehicle."""
    flows: tuple[Flow, ...]
    pools: tuple[YardPlan, ...]

    def facility(self, terminal: int, part: int) -> int:
        """Number of a part (GATE, BERTH, QUAY or CRANE) of a terminal."""
        return 4 * terminal + part

    def post_facility(self, post: int) -> int:
        """Number of a post as a facility."""
        return 4 * len(self.terminals) + post

    def pool_facility(self, pool: int) -> int:
        """Number of a yard pool as a facility."""
        return 4 * len(self.terminals) + len(self.post_servers) + pool
