"""Checks: what must be zero in every replication, each found by a way of its own."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.causes import hours_off_s
from sim.events import CONSIGNMENT_LAW, VEHICLE_LAW, EventLog, Kind, breaches
from sim.kpis.evidence import Evidence
from sim.ledger import cents_off, landed_cents
from sim.ledger.record import CARRIER

__all__ = ["checks"]

Ints = npt.NDArray[np.int64]


def checks(evidence: Evidence) -> dict[str, int]:
    """What is off in one replication: kilograms, seconds, cents, and unlawful events; all zero when all is right.

    `kg_off`: released less delivered less still under way, and what each vehicle says it carries at a departure against
    what was loaded and discharged. `seconds_off`: causes against the log's own times. `cents_off`: lines against charges,
    and cargo and carrier together against all lines. `events_unlawful`: events that may not follow one another, and
    a log that does not end with the count of what is left.
    """
    return {
        "kg_off": _kg_off(evidence) + _kg_aboard_off(evidence),
        "seconds_off": _seconds_off(evidence),
        "cents_off": _cents_off(evidence),
        "events_unlawful": _unlawful(evidence.log),
    }


def _kg_off(evidence: Evidence) -> int:
    """In = out + stock, the stock being counted from the last event of each consignment, its mass from the draws."""
    log, kg = evidence.log, evidence.draws.kg
    of_cargo = np.flatnonzero((log.consignment >= 0) & (log.kind <= Kind.DELIVERED))
    last = np.full(len(kg), -1, dtype=np.int64)
    last[log.consignment[of_cargo]] = log.kind[of_cargo]
    stock = int(kg[(last >= 0) & (last != Kind.DELIVERED)].sum())
    released = int(log.value[log.kind == Kind.RELEASED].sum())
    delivered = int(log.value[log.kind == Kind.DELIVERED].sum())
    shipped = np.zeros(len(evidence.draws.shipment_kg), dtype=np.int64)
    np.add.at(shipped, evidence.draws.shipment, kg)
    cut = int(np.abs(shipped - evidence.draws.shipment_kg).sum())
    return abs(released - delivered - stock) + cut


def _kg_aboard_off(evidence: Evidence) -> int:
    """At each departure of the fleet: what it says is aboard against all that was loaded less all that was discharged."""
    log, kg = evidence.log, evidence.draws.kg
    fleet = len(evidence.network.vehicle_service)
    rows = np.flatnonzero(
        np.isin(log.kind, (Kind.LOAD_ENDED, Kind.UNLOAD_ENDED, Kind.DEPARTED)) & (log.vehicle >= 0) & (log.vehicle < fleet)
    )
    rows = rows[np.argsort(log.vehicle[rows], kind="stable")]
    kind, vehicle, mass = log.kind[rows], log.vehicle[rows], np.append(kg, 0)[log.consignment[rows]]
    change = np.where(kind == Kind.LOAD_ENDED, mass, np.where(kind == Kind.UNLOAD_ENDED, -mass, 0))
    aboard = np.append(0, np.cumsum(change))
    begins = np.searchsorted(vehicle, vehicle)
    held = aboard[1:] - aboard[begins]
    left = kind == Kind.DEPARTED
    return int(np.abs(held[left] - log.value[rows][left]).sum())


def _seconds_off(evidence: Evidence) -> int:
    """Causes against the times of the hours, and those against the log: release and delivery (or the end) as it has them."""
    log, hours = evidence.log, evidence.hours
    end_s = int(log.at_s[-1]) if len(log) else 0
    released, delivered = log.kind == Kind.RELEASED, log.kind == Kind.DELIVERED
    lead_s = np.zeros(len(evidence.draws.kg), dtype=np.int64)
    lead_s[log.consignment[released]] = end_s - log.at_s[released]
    lead_s[log.consignment[delivered]] -= end_s - log.at_s[delivered]
    return hours_off_s(hours) + int(np.abs(hours.seconds.sum(axis=1) - lead_s).sum())


def _cents_off(evidence: Evidence) -> int:
    ledger = evidence.ledger
    pays = ledger.payer == (ledger.names.index(CARRIER) if CARRIER in ledger.names else -1)
    carriers = int(ledger.cents[pays | (ledger.consignment < 0)].sum())
    cargo = int(landed_cents(ledger, len(evidence.draws.kg)).sum())
    return cents_off(ledger) + abs(int(ledger.cents.sum()) - carriers - cargo)


def _unlawful(log: EventLog) -> int:
    cargo = breaches(log, CONSIGNMENT_LAW, "consignment", frozenset({Kind.RELEASED}))
    vehicles = breaches(log, VEHICLE_LAW, "vehicle", frozenset({Kind.ARRIVED}))
    left = np.count_nonzero(log.kind == Kind.RELEASED) - np.count_nonzero(log.kind == Kind.DELIVERED)
    ends = np.flatnonzero(log.kind == Kind.ENDED).tolist() == [len(log) - 1] and log.value[-1] == left
    in_time = bool(np.all(np.diff(log.at_s) >= 0))
    return len(cargo) + len(vehicles) + (not ends) + (not in_time)
