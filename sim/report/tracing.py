"""The waybill of one consignment: its story hour by hour with causes, then charge by charge, each part with its sum.

The hours add up to the lead time and the charges to the landed cost add-on; the closing lines say both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from sim.causes import story
from sim.errors import CaspianError
from sim.experiment.naming import place_names
from sim.kpis import Evidence
from sim.ledger import CARRIER, landed_cents
from sim.report.console import plain_table
from sim.scenario import Scenario
from sim.units import HOUR_S
from sim.world.network import Network

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

__all__ = ["Charge", "Step", "Waybill", "as_json", "folded", "print_waybill", "waybill", "zones_of"]


MANY = 4
"""Steps of one part of the way from which on they are printed as one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A part of the story under one cause; `local` is the time where it begins, "" where that zone is unknown."""

    utc: str
    local: str
    event: str
    place: str
    cause: str
    seconds: int
    step: str
    """The event, whatever the cause."""
    part: int
    """Number of the part of the way: steps of one part differ by cause only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """A line of the ledger."""

    utc: str
    charge: str
    rule: str
    payer: str
    payee: str
    cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waybill:
    """All that is known of one consignment."""

    scenario: str
    seed: int
    replication: int
    consignment: int
    cargo: str
    """What it is, from where to where."""
    origin: str
    """Which stream and shipment it comes from, and how it is sent."""
    kg: int
    zones: Mapping[str, str]
    """Time zone of each place in the story, where it is known."""
    steps: tuple[Step, ...]
    charges: tuple[Charge, ...]
    delivered: str
    """When, UTC; "" where the run ended before."""
    lead_s: int
    landed_cents: int
    outside: str
    """Why KPIs of what is released in the measured window leave it out; "" where they count it."""

    @property
    def off_s(self) -> int:
        """Seconds that the story lacks, or has too many."""
        return sum(step.seconds for step in self.steps) - self.lead_s

    @property
    def off_cents(self) -> int:
        """Cents that the charges lack, or have too many, against the landed cost add-on."""
        return sum(charge.cents for charge in self.charges if charge.payer != CARRIER) - self.landed_cents


def waybill(evidence: Evidence, consignment: int) -> Waybill:
    """The waybill of a consignment, by its number. Raises `CaspianError` where there is none of that number."""
    draws, hours = evidence.draws, evidence.hours
    count = len(draws.kg)
    if not 0 <= consignment < count:
        numbers = f"the numbers 0 to {count - 1}" if count else "none"
        raise CaspianError(f"There is no consignment {consignment}: this replication has {numbers}.")
    arrived = _utc(evidence.network, int(hours.to_s[consignment]))
    zones = zones_of(evidence.scenario)
    steps = _steps(evidence, consignment, zones)
    return Waybill(
        scenario=evidence.scenario.name,
        seed=draws.seed,
        replication=draws.replication,
        consignment=consignment,
        cargo=_cargo(evidence, consignment),
        origin=_origin(evidence, consignment),
        kg=int(draws.kg[consignment]),
        zones={place: str(zones[place]) for place in dict.fromkeys(step.place for step in steps) if place in zones},
        steps=tuple(steps),
        charges=tuple(_charges(evidence, consignment)),
        delivered=arrived if hours.is_delivered[consignment] else "",
        lead_s=int(hours.to_s[consignment] - hours.from_s[consignment]),
        landed_cents=int(landed_cents(evidence.ledger, count)[consignment].sum()),
        outside=_outside(evidence.network, int(draws.shipment_release_s[draws.shipment[consignment]])),
    )


def _outside(network: Network, release_s: int) -> str:
    if network.window_from_s <= release_s < network.window_to_s:
        return ""
    return "in the warm-up" if release_s < network.window_from_s else "after the measured window"


def zones_of(scenario: Scenario) -> dict[str, ZoneInfo]:
    """The time zone of each node, where a calendar tells it: one of a desk or terminal there, else one of its country."""
    calendars = {calendar.id: calendar for calendar in scenario.calendars}
    by_country = {calendar.holidays: calendar.timezone for calendar in scenario.calendars if calendar.holidays}
    zones = {node.id: by_country[node.country] for node in scenario.nodes if node.country in by_country}
    hours = [(terminal.node, terminal.hours) for terminal in scenario.terminals]
    hours += [(post.node, post.hours) for post in scenario.posts]
    zones.update({node: calendars[calendar].timezone for node, calendar in hours if calendar in calendars})
    return {node: ZoneInfo(zone) for node, zone in zones.items()}


def _cargo(evidence: Evidence, consignment: int) -> str:
    """``24.000 t Cement, export from Qazvin to the hub``."""
    scenario = evidence.scenario
    flow = evidence.network.flows[int(evidence.draws.flow[consignment])]
    stream, route = scenario.demand[flow.stream], scenario.routes[flow.route]
    commodity = scenario.commodities[flow.commodity]
    titles = {node.id: node.title or node.id for node in scenario.nodes}
    tonnes = f"{evidence.draws.kg[consignment] / 1e3:,.3f} t"
    ends = f"from {titles[route.nodes[0]]} to {titles[route.nodes[-1]]}"
    return f"{tonnes} {commodity.title or commodity.id}, {stream.direction} {ends}"


def _origin(evidence: Evidence, consignment: int) -> str:
    """``stream cement-out, shipment 17, piece 1 of 3; route …, regime …``."""
    scenario, draws = evidence.scenario, evidence.draws
    flow = evidence.network.flows[int(draws.flow[consignment])]
    stream, route = scenario.demand[flow.stream], scenario.routes[flow.route]
    shipment = int(draws.shipment[consignment])
    pieces = int((draws.shipment == shipment).sum())
    whose = f"stream {stream.id}, shipment {draws.shipment_k[shipment]}, piece {draws.piece[consignment] + 1} of {pieces}"
    return f"{whose}; route {route.id}, regime {stream.regime}"


def _steps(evidence: Evidence, consignment: int, zones: Mapping[str, ZoneInfo]) -> list[Step]:
    network = evidence.network
    places = dict(zip(network.facility_names, place_names(evidence.scenario, network), strict=True))
    steps: list[Step] = []
    before = ""
    for chapter in story(evidence.scenario, network, evidence.draws, evidence.records, consignment):
        place = places.get(chapter.where, "")
        begins = before if before and (chapter.cause == "moving" or not place) else place
        before = place or before
        steps.append(
            Step(
                utc=_utc(network, chapter.from_s),
                local=_local(_moment(network, chapter.from_s), begins, zones),
                event=_told(chapter.text, chapter.where),
                place=place,
                cause=chapter.cause,
                seconds=chapter.to_s - chapter.from_s,
                step=_told(chapter.step, chapter.where),
                part=chapter.part,
            )
        )
    return steps


def _told(text: str, facility: str) -> str:
    return text.replace(facility, _spoken(facility)) if facility else text


def _spoken(facility: str) -> str:
    """A part of a terminal as a story calls it: its quay and its cranes are the terminal itself."""
    terminal, _, part = facility.partition(".")
    return terminal if part in ("", "quay", "cranes") else f"{terminal} {part}"


def _charges(evidence: Evidence, consignment: int) -> list[Charge]:
    ledger = evidence.ledger
    rows = np.flatnonzero(ledger.consignment == consignment)
    rows = rows[np.argsort(ledger.at_s[rows], kind="stable")]
    return [
        Charge(
            utc=_utc(evidence.network, int(ledger.at_s[row])),
            charge=ledger.rules[ledger.tariff[row]].title,
            rule=ledger.rules[ledger.tariff[row]].rule,
            payer=ledger.names[ledger.payer[row]],
            payee=ledger.names[ledger.payee[row]],
            cents=int(ledger.cents[row]),
        )
        for row in rows
    ]


def _moment(network: Network, at_s: int) -> datetime:
    return datetime.fromtimestamp(network.start_unix_s + at_s, UTC)


def _utc(network: Network, at_s: int) -> str:
    return f"{_moment(network, at_s):%Y-%m-%d %H:%M}"


def _local(moment: datetime, place: str, zones: Mapping[str, ZoneInfo]) -> str:
    """``Thu 09:30``, or nothing where the zone is unknown."""
    return f"{moment.astimezone(zones[place]):%a %H:%M}" if place in zones else ""


def as_json(bill: Waybill) -> dict[str, object]:
    """The waybill as one object; `checks` are zero, unless the program is wrong."""
    return {**asdict(bill), "checks": {"off_s": bill.off_s, "off_cents": bill.off_cents}}


def folded(steps: Sequence[Step]) -> list[Step]:
    """The steps, `MANY` or more of one part of the way as one row that says the hours of each cause, the largest first."""
    rows: list[Step] = []
    for _, group in groupby(steps, key=lambda step: step.part):
        alike = list(group)
        if len(alike) < MANY:
            rows += alike
            continue
        split: dict[str, int] = {}
        for step in alike:
            split[step.cause] = split.get(step.cause, 0) + step.seconds
        largest = sorted(split.items(), key=lambda part: -part[1])
        causes = " · ".join(f"{cause} {seconds / HOUR_S:,.1f}" for cause, seconds in largest)
        rows.append(replace(alike[0], event=alike[0].step, cause=causes, seconds=sum(split.values())))
    return rows


def print_waybill(console: Console, bill: Waybill, *, full: bool = False) -> None:
    """Print the story and the charges, each with its sum; `full`: every change of cause in a row of its own."""
    where = f"{bill.scenario}, seed {bill.seed}, replication {bill.replication}"
    console.print(f"Consignment {bill.consignment} of {where}", style="bold", soft_wrap=True)
    console.print(f"{bill.cargo}\n{bill.origin}\n")
    console.print(_step_table(bill.steps if full else folded(bill.steps)))
    open_end = "Not delivered when the run ended." if bill.steps else "The run ended before its release."
    state = f"Delivered {bill.delivered} UTC." if bill.delivered else open_end
    hours, lead = sum(step.seconds for step in bill.steps) / HOUR_S, bill.lead_s / HOUR_S
    if bill.zones:
        console.print(f"Local time: {', '.join(f'{place} {zone}' for place, zone in bill.zones.items())}.")
    console.print(state)
    if bill.outside:
        console.print(f"Released {bill.outside}: not counted in the lead times and costs of a run.")
    console.print(f"Hours {hours:,.2f} = lead time {lead:,.2f} h ({lead / 24:,.1f} d): {bill.off_s} s off\n", style="bold")
    console.print(_charge_table(bill))
    console.print(_cost(bill), style="bold")


def _step_table(steps: Sequence[Step]) -> Table:
    table = plain_table("UTC", "local", "event", "cause", "hours", right=("hours",), keep=("UTC", "local", "hours"))
    for step in steps:
        table.add_row(step.utc, step.local, step.event, step.cause, f"{step.seconds / HOUR_S:,.2f}")
    return table


def _charge_table(bill: Waybill) -> Table:
    table = plain_table("UTC", "charge", "rule", "payer", "payee", "USD", right=("USD",), keep=("UTC", "rule", "USD"))
    for charge in (charge for charge in bill.charges if charge.cents):
        table.add_row(charge.utc, charge.charge, charge.rule, charge.payer, charge.payee, f"{charge.cents / 100:,.2f}")
    return table


def _cost(bill: Waybill) -> str:
    borne = sum(charge.cents for charge in bill.charges if charge.payer == CARRIER)
    total = sum(charge.cents for charge in bill.charges) - borne
    note = f"\nThe carrier bears another {borne / 100:,.2f} USD out of its freight." if borne else ""
    landed, per_tonne = bill.landed_cents / 100, bill.landed_cents / 100 / (bill.kg / 1e3)
    return (
        f"Charges {total / 100:,.2f} = landed cost add-on {landed:,.2f} USD ({per_tonne:,.2f} USD/t): "
        f"{bill.off_cents / 100:.2f} USD off{note}"
    )
