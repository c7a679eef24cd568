"""The tables of a run, and for each a function that gives one of its rows. What they say; nothing is decided here.

All fields are whole numbers: seconds since the epoch (`…_s`), kilograms, litres, thousandths; indices are -1 where there is
none. Of each table first come the fields that are packed from network and draws, then those that the kernel changes. Lists
are kept as links: `next` and `before` lead from member to member, `first` and `last` stand in the row of the list.

Queues are ordered lists of consignments, one for each rank of priority at each *place*; places number posts, then stops
(what waits there), then vehicles (the moves still to make). Lines are ordered lists of vehicles: of each terminal that at
its gate and that for its berths, then of each stop the vehicles in position at the berth and those in the roads.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from sim.engine.compiled.rows import record_of, rows_at, rows_of
from sim.events import COLUMNS

__all__ = [
    "LAYOUTS",
    "LOG",
    "NO_LIMIT",
    "RUN",
    "Doing",
    "Empty",
    "OnClose",
    "Order",
    "Stage",
    "Status",
    "StepKind",
    "consignment",
    "course",
    "duration",
    "facility",
    "flow",
    "job",
    "leg",
    "line",
    "log_at_s",
    "log_consignment",
    "log_facility",
    "log_kind",
    "log_value",
    "log_vehicle",
    "parcel",
    "pending",
    "picked",
    "piece",
    "pool",
    "post",
    "queue",
    "ride",
    "run_at",
    "service",
    "step",
    "stop",
    "terminal",
    "visitor",
    "water",
    "work",
]  # fmt: skip

NO_LIMIT = 1 << 60


class Order(IntEnum):
    """The order in which what is due at one second is applied."""

    WINDOW_CLOSES = 1
    WINDOW_OPENS = 2
    WORK_ENDS = 3
    VEHICLE_ARRIVES = 4
    RELEASED = 5
    TIMER = 6


class Doing(IntEnum):
    """What ends when the work of a consignment or a vehicle ends."""

    SERVED = 0
    LOADED = 1
    DISCHARGED = 2
    IN_GATE = 3
    MOVING_IN = 4
    """To discharge, or to wait for cargo at the berth."""
    CALLED_IN = 5
    """From the roads, to load what it has accepted."""
    SHIFTING = 6
    """From the berth to the roads."""
    CLEARING = 7
    """From the berth, for good."""
    LEAVING = 8
    """From the roads, for good."""
    ALONGSIDE = 9
    """A call of another trade: works at its berth."""


class StepKind(IntEnum):
    """What a step of a consignment is."""

    VISIT = 0
    RIDE = 1
    END = 2


class Stage(IntEnum):
    """How far a vehicle at the berth has come with its call, once nothing aboard is for this stop any more."""

    DISCHARGED = 0
    """Undecided whether to stay."""
    LOADING = 1
    CLOSED = 2


class Empty(IntEnum):
    """When a vehicle may leave without cargo."""

    NEVER = 0
    CALLED = 1
    ALWAYS = 2


class OnClose(IntEnum):
    """What becomes of work that meets a closed window."""

    PAUSE = 0
    FINISH = 1
    RESTART = 2


class Status(IntEnum):
    """How the kernel came to its end."""

    ENDED = 0
    GRIDLOCKED = 1
    """Nothing is due and cargo remains; the circle that waits is still to be logged."""
    OUT_OF_ROOM = 2
    """More events, or more that is due, than the tables have room for."""
    VOYAGES_RAN_OUT = 3


LAYOUTS: dict[str, np.dtype[np.void]] = {
    "consignments": record_of(
        "kg", "litres", "milliteu", "milliplugs", "flow", "release_s", "is_measured",
        "step",  # where it is on its way: a row of `steps`
        "rank", "ready_s",  # its place in a queue goes by rank, second ready and number
        "next", "before", "next_aboard", "before_aboard",
        "vehicle", "doing",
        "load_s", "unload_s", "alight", "enters",  # of its present ride; the yard it will need room in
        "leaves", "holds",  # the yard of its last ride; the yard in which it has room now
        "is_refused",  # the yard had no room when a crane was free
        "is_under_way",
    ),
    "flows": record_of("first_step", "rank"),
    "steps": record_of(
        "kind", "place",  # place: of the visit or ride among those of its kind
        "post",
        "stop", "alight", "pool",  # of a ride: the stop where it boards; the number of that where it alights
    ),
    "works": record_of("seconds"),  # by consignment and visit
    "rides": record_of("load_s", "unload_s"),  # by consignment and ride
    "visitors": record_of(
        "service", "entity", "priority", "arrives_s", "stay_s",  # the last two of calls of other trades
        "first_transit", "transits", "first_gate", "gates",  # where its durations stand, and how many were drawn
        "first_course",  # of its stops in `courses`
        "terminal", "stop",  # stop: number within the service, of the terminal where it is or that it is bound for
        "voyage", "calls", "doing", "stage", "kg", "litres", "milliteu", "milliplugs", "first_aboard", "last_aboard",
        "rank", "queued_s", "next", "before",  # its place in a line goes by rank, second and number
        "since_s", "closes_s", "leaves_s", "is_taken", "first_accepted", "accepted_kg",  # in position
        "seen", "seen_filled", "is_aside",  # is_aside: at the berth, closed and being loaded, so that no quay looks at it
        "moves", "working", "job", "job_since", "is_awaited",  # at the cranes
        "berth_since",  # in which order berths were given; 0 while it has none
    ),
    "services": record_of(
        "stops", "first_stop", "cargo_kg", "volume_l", "milliteu", "milliplugs", "fill_thousandths", "wait_s",
        "empty", "waits_at_berth",
        "short",  # of its stops, those at which more cargo waits than the vehicles there and on their way can take
    ),
    "stops": record_of(
        "service", "number", "terminal", "following",  # the next stop that stands at the same terminal
        "first_departure_s", "headway_s", "cut_off_s", "first_parcel", "parcels",
        "parcel", "booked_s", "waiting", "waiting_kg", "vehicles", "is_short",
        "changes", "seen", "seen_taken", "seen_filled",  # see `loading`
    ),
    "terminals": record_of(
        "node", "first_stop", "has_gate", "per_vehicle", "on_close", "manoeuvre_s", "first_water", "waters", "first_job",
        "all_berths",
        "lanes", "berths", "cranes",  # those that are free
        "water", "jobs",
    ),
    "posts": record_of("on_close", "servers"),
    "pools": record_of("node", "free_kg"),
    "facilities": record_of("first_piece", "last_piece", "piece", "edge", "is_marked"),
    "pieces": record_of("from_s", "share", "yielded", "opens_s", "shuts_s"),
    "waters": record_of("at_s"),
    "parcels": record_of("from_s", "kg"),
    "durations": record_of("seconds"),  # of voyages, then of gates
    "courses": record_of("hours"),  # by vehicle and stop: row of `facilities`, after those that are facilities
    "queues": record_of("first", "last"),
    "lines": record_of("first", "last"),
    "jobs": record_of("vehicle", "cursor"),
    "legs": record_of("limit_kg", "room_kg"),
    "picks": record_of("consignment"),
    "agenda": record_of("key"),
}  # fmt: skip
"""Fields of each table."""

LOG = {f"log_{name}": np.dtype([("value", kind)]) for name, kind in COLUMNS.items()}
"""Columns of the log."""

RUN = record_of(
    *LAYOUTS, *LOG,
    "window_to_s", "horizon_s", "terminal_count", "post_count", "stop_count", "fleet", "call_count", "consignment_count",
    "facility_count", "visits", "rides_each", "ranks", "least_kg", "log_capacity", "agenda_capacity",
    "now_s", "due", "agenda_length", "marks", "lowest_mark", "rows", "under_way", "measured_to_come", "call", "release",
    "sequence", "ends_s", "status", "picked",
)  # fmt: skip
"""The record of the run: addresses of the tables and of the log's columns, sizes, and what there is one of."""

run_at = rows_at(RUN)
consignment = rows_of(RUN, "consignments", LAYOUTS["consignments"])
flow = rows_of(RUN, "flows", LAYOUTS["flows"])
step = rows_of(RUN, "steps", LAYOUTS["steps"])
work = rows_of(RUN, "works", LAYOUTS["works"])
ride = rows_of(RUN, "rides", LAYOUTS["rides"])
visitor = rows_of(RUN, "visitors", LAYOUTS["visitors"])
service = rows_of(RUN, "services", LAYOUTS["services"])
stop = rows_of(RUN, "stops", LAYOUTS["stops"])
terminal = rows_of(RUN, "terminals", LAYOUTS["terminals"])
post = rows_of(RUN, "posts", LAYOUTS["posts"])
pool = rows_of(RUN, "pools", LAYOUTS["pools"])
facility = rows_of(RUN, "facilities", LAYOUTS["facilities"])
piece = rows_of(RUN, "pieces", LAYOUTS["pieces"])
water = rows_of(RUN, "waters", LAYOUTS["waters"])
parcel = rows_of(RUN, "parcels", LAYOUTS["parcels"])
duration = rows_of(RUN, "durations", LAYOUTS["durations"])
course = rows_of(RUN, "courses", LAYOUTS["courses"])
queue = rows_of(RUN, "queues", LAYOUTS["queues"])
line = rows_of(RUN, "lines", LAYOUTS["lines"])
job = rows_of(RUN, "jobs", LAYOUTS["jobs"])
leg = rows_of(RUN, "legs", LAYOUTS["legs"])
picked = rows_of(RUN, "picks", LAYOUTS["picks"])
pending = rows_of(RUN, "agenda", LAYOUTS["agenda"])
log_at_s = rows_of(RUN, "log_at_s", LOG["log_at_s"])
log_kind = rows_of(RUN, "log_kind", LOG["log_kind"])
log_consignment = rows_of(RUN, "log_consignment", LOG["log_consignment"])
log_vehicle = rows_of(RUN, "log_vehicle", LOG["log_vehicle"])
log_facility = rows_of(RUN, "log_facility", LOG["log_facility"])
log_value = rows_of(RUN, "log_value", LOG["log_value"])
