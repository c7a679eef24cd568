"""The tables that a replication leaves: its consignments, its charges and its events, with names instead of numbers.

A table is columns by name, all of one length; its first column is the replication. Here tables are made and turned into
text; where they are put is said in the store.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from sim.causes import CAUSES
from sim.events import Kind
from sim.experiment.naming import place_names, utc, vehicle_names
from sim.kpis import Evidence
from sim.ledger import landed_cents

__all__ = ["TABLES", "Table", "gzipped", "measured"]

Table = Mapping[str, Sequence[object]]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def consignments(evidence: Evidence) -> Table:
    """One row for each consignment released: what it is, when it went, its seconds by cause and its cost by category.

    `measured` says whether it was released in the measured window: what came before warms the corridor up, what comes after
    keeps it busy. What was not delivered has no time of delivery; its seconds run to the end of the log. Both splits add up
    exactly.
    """
    scenario, draws, hours, network = evidence.scenario, evidence.draws, evidence.hours, evidence.network
    who = np.sort(evidence.log.consignment[evidence.log.kind == Kind.RELEASED])
    flows = [network.flows[flow] for flow in draws.flow[who].tolist()]
    streams = [scenario.demand[flow.stream] for flow in flows]
    shipment = draws.shipment[who]
    delivered = np.where(hours.is_delivered, hours.to_s, -1)[who]
    landed = landed_cents(evidence.ledger, len(draws.kg))[who]
    table: dict[str, Sequence[object]] = {
        "replication": [draws.replication] * len(who),
        "consignment": who.tolist(),
        "measured": _yes_or_no(measured(evidence)[who]),
        "stream": [stream.id for stream in streams],
        "layer": draws.shipment_layer[shipment].tolist(),
        "shipment": draws.shipment_k[shipment].tolist(),
        "piece": draws.piece[who].tolist(),
        "commodity": [stream.commodity for stream in streams],
        "direction": [stream.direction for stream in streams],
        "route": [scenario.routes[flow.route].id for flow in flows],
        "regime": [stream.regime for stream in streams],
        "kg": draws.kg[who].tolist(),
        "released_s": draws.release_s[who].tolist(),
        "released_utc": utc(network, draws.release_s[who]),
        "delivered_s": _blank(delivered, delivered.tolist()),
        "delivered_utc": _blank(delivered, utc(network, delivered)),
        "lead_time_s": (hours.to_s - hours.from_s)[who].tolist(),
    }
    for column, cause in enumerate(CAUSES):
        table[f"{cause.replace(' ', '_')}_s"] = hours.seconds[who, column].tolist()
    table["landed_cost_usd"] = _dollars(landed.sum(axis=1))
    categories = [rule.category for rule in evidence.ledger.rules]
    for category in dict.fromkeys(categories):
        mine = [category == other for other in categories]
        table[f"{category.replace(' ', '_')}_usd"] = _dollars(landed[:, mine].sum(axis=1))
    return table


def charges(evidence: Evidence) -> Table:
    """One row for each line of the ledger, `measured` where its consignment is; what is nobody's cargo has neither."""
    ledger = evidence.ledger
    rules = [ledger.rules[rule] for rule in ledger.tariff.tolist()]
    return {
        "replication": [evidence.draws.replication] * len(ledger),
        "at_s": ledger.at_s.tolist(),
        "utc": utc(evidence.network, ledger.at_s),
        "consignment": _blank(ledger.consignment, ledger.consignment.tolist()),
        "measured": _blank(ledger.consignment, _yes_or_no(np.append(measured(evidence), False)[ledger.consignment])),
        "charge": [rule.id for rule in rules],
        "rule": [rule.rule for rule in rules],
        "category": [rule.category for rule in rules],
        "payer": [ledger.names[name] for name in ledger.payer.tolist()],
        "payee": [ledger.names[name] for name in ledger.payee.tolist()],
        "usd": _dollars(ledger.cents),
    }


def events(evidence: Evidence) -> Table:
    """One row for each event, in the order in which they happened; what an event does not concern is empty."""
    log, network = evidence.log, evidence.network
    vehicles = [*vehicle_names(evidence.scenario, network, evidence.draws), ""]
    facilities = [*network.facility_names, ""]
    places = [*place_names(evidence.scenario, network), ""]
    kinds = [kind.name.lower() for kind in Kind]
    at = log.facility.tolist()
    return {
        "replication": [evidence.draws.replication] * len(log),
        "at_s": log.at_s.tolist(),
        "utc": utc(network, log.at_s),
        "event": [kinds[kind] for kind in log.kind.tolist()],
        "consignment": _blank(log.consignment, log.consignment.tolist()),
        "vehicle": [vehicles[vehicle] for vehicle in log.vehicle.tolist()],
        "facility": [facilities[facility] for facility in at],
        "place": [places[facility] for facility in at],
        "value": log.value.tolist(),
    }


TABLES: Mapping[str, Callable[[Evidence], Table]] = {
    "consignments.csv.gz": consignments,
    "ledger.csv.gz": charges,
    "events.csv.gz": events,
}
"""Every table by the name of its file."""


def gzipped(table: Table) -> tuple[bytes, bytes]:
    """A table as CSV in two gzip members, its header and its rows; the same bytes on every repeat.

    Members one after another are a gzip file, so that the tables of many replications join under one header. Packed at the
    quickest level: a year of events is 66 MB, and the best level takes four times as long to save a quarter.
    """
    columns = [_cells(column) for column in table.values()]
    rows = "".join(f"{row}\n" for row in map(",".join, zip(*columns, strict=True)))
    return _member(f"{','.join(_cells(list(table)))}\n"), _member(rows)


def _member(text: str) -> bytes:
    return gzip.compress(text.encode(), compresslevel=1, mtime=0)


def _cells(column: Sequence[object]) -> list[str]:
    """The values of a column as cells of a CSV file, in quotes where they need them."""
    words = list(map(str, column))
    together = " ".join(words)
    if not any(sign in together for sign in ',"\n\r'):
        return words
    return ['"' + word.replace('"', '""') + '"' for word in words]


def measured(evidence: Evidence) -> Bools:
    """Of each consignment: whether it was released in the measured window."""
    network, release_s = evidence.network, evidence.draws.release_s
    return (release_s >= network.window_from_s) & (release_s < network.window_to_s)


def _yes_or_no(flags: Bools) -> list[str]:
    return ["true" if flag else "false" for flag in flags.tolist()]


def _blank(known: Ints, words: Sequence[object]) -> list[object]:
    """The words, with nothing where `known` is negative."""
    return [word if number >= 0 else "" for number, word in zip(known.tolist(), words, strict=True)]


def _dollars(cents: Ints) -> list[str]:
    """Cents as dollars, exactly."""
    return [f"{'-' if amount < 0 else ''}{abs(amount) // 100}.{abs(amount) % 100:02d}" for amount in cents.tolist()]
