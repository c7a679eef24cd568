"""Packing: network and draws as the tables of a run. Nothing is decided here, and nothing happens."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.draws import Draws
from sim.engine.compiled.rows import table_of
from sim.engine.compiled.tables import LAYOUTS, LOG, RUN, Empty, OnClose, StepKind
from sim.world.network import Network, Visit
from sim.world.parcel import parcel_changes_s, parcels_kg

__all__ = ["Packed", "packed"]

Ints = npt.NDArray[np.int64]
Table = np.ndarray[tuple[int], np.dtype[np.void]]

_EMPTY = {"never": Empty.NEVER, "called": Empty.CALLED, "always": Empty.ALWAYS}
_ON_CLOSE = {"pause": OnClose.PAUSE, "finish": OnClose.FINISH, "restart": OnClose.RESTART}
_LONG_AGO_S = -(1 << 60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """A run ready to be played: its record, its tables, and the columns that its log is written to."""

    run: Table
    tables: dict[str, Table]
    log: dict[str, npt.NDArray[np.signedinteger]]

    @property
    def address(self) -> int:
        """Where the record of the run stands; good while this is kept."""
        return int(self.run.ctypes.data)


def packed(network: Network, draws: Draws, room: int = 1) -> Packed:
    """The run of `draws` over `network`, at its epoch; with `room` times the room that it is thought to need."""
    sizes = _sizes(network, draws, room)
    tables = _Tables(network, draws, sizes).made()
    run = table_of(RUN, 1)
    log = {name: np.empty(sizes["log_capacity"], dtype=layout["value"]) for name, layout in LOG.items()}
    for name, array in (*tables.items(), *log.items()):
        run[name] = array.ctypes.data
    for name, size in sizes.items():
        run[name] = size
    return Packed(run=run, tables=tables, log=log)


def _sizes(network: Network, draws: Draws, room: int) -> dict[str, int]:
    voyages = sum(len(times_s) for times_s in draws.transit_s)
    of_cargo = 2 * len(draws.kg) + 3 * draws.post_work_s.size + 7 * draws.load_s.size
    of_vehicles = 6 * voyages + 7 * len(draws.call_at_s)
    of_hours = sum(len(timeline.share) for timeline in draws.timelines)
    return {
        "window_to_s": network.window_to_s,
        "horizon_s": network.horizon_s,
        "terminal_count": len(network.terminals),
        "post_count": len(network.post_servers),
        "stop_count": sum(len(plan.terminals) for plan in network.services),
        "fleet": len(network.vehicle_service),
        "call_count": len(draws.call_at_s),
        "consignment_count": len(draws.kg),
        "facility_count": len(draws.timelines),
        "visits": draws.post_work_s.shape[1],
        "rides_each": draws.load_s.shape[1],
        "ranks": max(1, len({flow.priority for flow in network.flows})),
        "least_kg": int(draws.kg.min(initial=1 << 60)) if len(draws.kg) else 1,
        "measured_to_come": int(np.count_nonzero(_is_measured(network, draws))),
        "log_capacity": room * (of_cargo + of_vehicles + of_hours + 1000),
        "agenda_capacity": room * (len(draws.kg) + 8 * len(network.vehicle_service) + len(draws.call_at_s) + 1000),
    }


def _is_measured(network: Network, draws: Draws) -> npt.NDArray[np.bool_]:
    """(C,) released in the measured window."""
    return (draws.release_s >= network.window_from_s) & (draws.release_s < network.window_to_s)


class _Tables:
    """Fills the tables one after the other."""

    def __init__(self, network: Network, draws: Draws, sizes: dict[str, int]):
        self.network = network
        self.draws = draws
        self.sizes = sizes
        self.tables: dict[str, Table] = {}
        self.first_stop = np.cumsum([0, *(len(plan.terminals) for plan in network.services)])
        """Number of the first stop of each service."""

    def made(self) -> dict[str, Table]:
        """Every table of `LAYOUTS`."""
        self._cargo()
        self._ways()
        self._vehicles()
        self._services()
        self._terminals()
        self._hours()
        self._lists()
        return self.tables

    def _table(self, name: str, rows: int, **columns: object) -> Table:
        table = self.tables[name] = table_of(LAYOUTS[name], rows)
        for field, values in columns.items():
            table[field][:rows] = values
        return table

    def _cargo(self) -> None:
        draws, network = self.draws, self.network
        ranks = sorted({flow.priority for flow in network.flows})
        rank = np.array([ranks.index(flow.priority) for flow in network.flows], dtype=np.int64)
        self._table(
            "consignments", len(draws.kg), kg=draws.kg, litres=draws.litres, milliteu=draws.milliteu,
            milliplugs=draws.milliplugs, flow=draws.flow, release_s=draws.release_s,
            is_measured=_is_measured(network, draws),
            rank=rank[draws.flow] if len(rank) else 0, next=-1, before=-1, next_aboard=-1, before_aboard=-1, vehicle=-1,
            leaves=-1, holds=-1,
        )  # fmt: skip
        self._table("works", draws.post_work_s.size, seconds=draws.post_work_s.ravel())
        self._table("rides", draws.load_s.size, load_s=draws.load_s.ravel(), unload_s=draws.unload_s.ravel())
        self._table("picks", len(draws.kg))

    def _ways(self) -> None:
        """The steps of every flow, each way closed by a step of its own."""
        rows, first_steps = list[tuple[int, ...]](), list[int]()
        for flow in self.network.flows:
            first_steps.append(len(rows))
            for step in flow.steps:
                if isinstance(step, Visit):
                    rows.append((StepKind.VISIT, step.place, step.post, -1, -1, -1))
                else:
                    board = self.first_stop[step.service] + step.board
                    rows.append((StepKind.RIDE, step.ride, -1, board, step.alight, step.slot))
            rows.append((StepKind.END, -1, -1, -1, -1, -1))
        table = self._table("steps", len(rows))
        table[: len(rows)] = rows
        self._table("flows", len(first_steps), first_step=first_steps)

    def _vehicles(self) -> None:
        network, draws = self.network, self.draws
        fleet, calls = len(network.vehicle_service), len(draws.call_at_s)
        numbers = np.arange(fleet + calls)
        visitors = self._table(
            "visitors", fleet + calls, service=-1, entity=len(draws.kg) + numbers, terminal=-1, first_aboard=-1,
            last_aboard=-1, next=-1, before=-1, leaves_s=-1, first_accepted=-1,
        )  # fmt: skip
        visitors["service"][:fleet] = network.vehicle_service
        for plan in network.services:
            mine = np.array(plan.vehicles, dtype=np.int64)
            visitors["priority"][mine] = plan.priority
            visitors["stop"][mine] = np.arange(len(mine)) % len(plan.terminals)
        drawn = (*draws.transit_s, *draws.gate_s)
        lengths = np.array([len(times_s) for times_s in drawn], dtype=np.int64)
        begins = np.cumsum(lengths) - lengths
        visitors["first_transit"][:fleet], visitors["first_gate"][:fleet] = begins[:fleet], begins[fleet:]
        visitors["transits"][:fleet], visitors["gates"][:fleet] = lengths[:fleet], lengths[fleet:]
        own = slice(fleet, fleet + calls)
        visitors["priority"][own], visitors["terminal"][own] = draws.call_priority, draws.call_terminal
        visitors["arrives_s"][own], visitors["stay_s"][own] = draws.call_at_s, draws.call_stay_s
        self._table("durations", int(lengths.sum()), seconds=np.concatenate(drawn) if drawn else 0)
        visitors["first_course"][:fleet] = numbers[:fleet] * draws.course.shape[1]
        self._table("courses", draws.course.size, hours=len(draws.timelines) + draws.course.ravel())

    def _services(self) -> None:
        network = self.network
        services = self._table("services", len(network.services))
        stops = self._table("stops", self.sizes["stop_count"], booked_s=_LONG_AGO_S, following=-1, seen=-1)
        parcels: list[tuple[int, int]] = []
        for index, plan in enumerate(network.services):
            first, count = int(self.first_stop[index]), len(plan.terminals)
            services[index] = (
                count, first, plan.cargo_kg, plan.volume_l, plan.milliteu, plan.milliplugs, plan.fill_thousandths,
                plan.wait_s, _EMPTY[plan.empty], plan.waits_at == "berth", 0,
            )  # fmt: skip
            for number, terminal in enumerate(plan.terminals):
                row = stops[first + number]
                row["service"], row["number"], row["terminal"] = index, number, terminal
                row["first_departure_s"], row["headway_s"] = plan.first_departure_s[number], plan.headway_s[number]
                row["cut_off_s"], row["first_parcel"] = plan.cut_off_s[number], len(parcels)
                changes_s = [0, *self._changes_s(index, number)]
                row["parcels"] = len(changes_s)
                parcels += [(at_s, kg) for at_s in changes_s for kg in parcels_kg(network, plan, number, at_s)]
            bound_for = first + np.arange(len(plan.vehicles)) % count
            np.add.at(stops["vehicles"], bound_for, 1)
        table = self._table("parcels", len(parcels))
        table[: len(parcels)] = parcels
        self._table("legs", max((len(plan.terminals) for plan in network.services), default=0))

    def _changes_s(self, service: int, stop: int) -> list[int]:
        changes_s = set(parcel_changes_s(self.network, self.network.services[service], stop))
        return sorted(at_s for at_s in changes_s if 0 < at_s < self.network.horizon_s)

    def _terminals(self) -> None:
        network, stops = self.network, self.tables["stops"]
        terminals = self._table("terminals", len(network.terminals), first_stop=-1)
        waters: list[int] = []
        jobs = 0
        for index, plan in enumerate(network.terminals):
            row = terminals[index]
            row["node"], row["has_gate"], row["lanes"] = plan.node, plan.lanes > 0, plan.lanes
            row["berths"], row["cranes"], row["per_vehicle"] = plan.berths, plan.cranes, plan.cranes_per_vehicle
            row["on_close"], row["manoeuvre_s"] = _ON_CLOSE[plan.on_close], plan.manoeuvre_s
            row["first_job"], jobs, row["all_berths"] = jobs, jobs + plan.berths, plan.berths
            standing = np.flatnonzero(stops["terminal"][: self.sizes["stop_count"]] == index)
            if len(standing):
                row["first_stop"] = standing[0]
                stops["following"][standing[:-1]] = standing[1:]
            own = {at_s for number in standing.tolist() for at_s in self._changes_s(*_service_and_number(stops, number))}
            row["first_water"], row["waters"] = len(waters), len(own)
            waters += sorted(own)
        self._table("waters", len(waters), at_s=waters)
        self._table("jobs", jobs)
        on_close = [_ON_CLOSE[name] for name in network.post_on_close]
        self._table("posts", len(on_close), servers=network.post_servers, on_close=on_close)
        self._table("pools", len(network.pools), node=[pool.node for pool in network.pools],
                    free_kg=[pool.capacity_kg for pool in network.pools])  # fmt: skip

    def _hours(self) -> None:
        pieces = [timeline.pieces for timeline in (*self.draws.timelines, *self.draws.moving)]
        lengths = np.array([part.shape[1] for part in pieces], dtype=np.int64)
        ends = np.cumsum(lengths)
        self._table("facilities", len(lengths), first_piece=ends - lengths, piece=ends - lengths, last_piece=ends - 1)
        table = self._table("pieces", int(lengths.sum()))
        for field, values in zip(LAYOUTS["pieces"].names or (), np.concatenate(pieces, axis=1), strict=True):
            table[field] = values

    def _lists(self) -> None:
        sizes = self.sizes
        places = sizes["post_count"] + sizes["stop_count"] + sizes["fleet"]
        self._table("queues", places * sizes["ranks"], first=-1, last=-1)
        self._table("lines", 2 * (sizes["terminal_count"] + sizes["stop_count"]), first=-1, last=-1)
        self._table("agenda", sizes["agenda_capacity"])


def _service_and_number(stops: Table, number: int) -> tuple[int, int]:
    return int(stops["service"][number]), int(stops["number"][number])
