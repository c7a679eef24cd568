"""Checks: what must be zero in every replication, each found by a way of its own."""

from __future__ import annotations

import numpy as np

from sim.causes import hours_off_s, seconds_in_all
from sim.events import Kind
from sim.kpis.auditing import Audit, audit
from sim.kpis.evidence import Evidence
from sim.ledger import cents_off, landed_lines
from sim.ledger.record import CARRIER
from sim.tariffs import sums

__all__ = ["checks"]


def checks(evidence: Evidence) -> dict[str, int]:
    """What is off in one replication: kilograms, seconds, cents, and unlawful events; all zero when all is right.

    `kg_off`: released less delivered less still under way, and what each vehicle says it carries at a departure against
    what was loaded and discharged. `seconds_off`: causes against the log's own times. `cents_off`: lines against charges,
    and cargo and carrier together against all lines. `events_unlawful`: events that may not follow one another, and
    a log that does not end with the count of what is left.
    """
    found = evidence.audit or audit(evidence.log, evidence.draws.kg, len(evidence.network.vehicle_service))
    return {
        "kg_off": _kg_off(evidence, found) + found.aboard_off_kg,
        "seconds_off": _seconds_off(evidence, found),
        "cents_off": _cents_off(evidence),
        "events_unlawful": found.unlawful + _end_is_wrong(found) + (found.backwards > 0),
    }


def _kg_off(evidence: Evidence, found: Audit) -> int:
    """In = out + stock, the stock being counted from the last event of each consignment, its mass from the draws."""
    draws, kg = evidence.draws, evidence.draws.kg
    stock = int(kg[(found.last >= 0) & (found.last != Kind.DELIVERED)].sum())
    cut = int(np.abs(sums(draws.shipment, kg, len(draws.shipment_kg)) - draws.shipment_kg).sum())
    return abs(found.released_kg - found.delivered_kg - stock) + cut


def _seconds_off(evidence: Evidence, found: Audit) -> int:
    """Causes against the times of the hours, and those against the log: release and delivery (or the end) as it has them."""
    return hours_off_s(evidence.hours) + int(np.abs(seconds_in_all(evidence.hours) - found.lead_s).sum())


def _cents_off(evidence: Evidence) -> int:
    ledger = evidence.ledger
    pays = ledger.payer == (ledger.names.index(CARRIER) if CARRIER in ledger.names else -1)
    carriers = int(ledger.cents[pays | (ledger.consignment < 0)].sum())
    cargo = int(ledger.cents[landed_lines(ledger)].sum())
    return cents_off(ledger) + abs(int(ledger.cents.sum()) - carriers - cargo)


def _end_is_wrong(found: Audit) -> bool:
    """Whether the log does not end, once, with the count of what is left."""
    return found.ended != 1 or found.left != found.released - found.delivered
