"""Carrying: what the carriage of cargo gives off, leg by leg."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from sim.compiling import compiled
from sim.kpis.adding import add_carriages
from sim.kpis.evidence import Evidence
from sim.records import legs_of_rides

__all__ = ["co2e_kg"]

Ints = npt.NDArray[np.int64]


def co2e_kg(evidence: Evidence, flow: Ints, leg_metres: Ints) -> Mapping[str, float]:
    """Kilograms of CO2e by leg that some service runs: cargo times distance times the factor of the service.

    `flow` (C,) is -1 for consignments that do not count; of the others all carriages do that a vehicle has departed with.
    """
    network, rides, voyages = evidence.network, evidence.records.rides, evidence.records.voyages
    legs = legs_of_rides(network)
    most = len(rides.consignment) * int(legs.max(initial=0))
    kg, service = np.empty(most, dtype=np.int64), np.empty(most, dtype=np.int64)
    first = np.zeros(len(leg_metres) + 1, dtype=np.int64)
    compiled(add_carriages)(
        (rides.consignment, rides.vehicle, rides.voyage, rides.load_ended_s, rides.first),
        (voyages.first, voyages.leg, voyages.service),
        (flow, evidence.draws.kg), legs, (kg, service, first),
    )  # fmt: skip
    factor = np.array([plan.emission for plan in evidence.scenario.services])
    emitted = {}
    for leg in {leg: None for plan in network.services for leg in plan.legs}:
        mine = slice(first[leg], first[leg + 1])
        emitted[leg] = float((kg[mine] / 1000 * (leg_metres[leg] / 1000) * factor[service[mine]]).sum())
    return {place.id: emitted[leg] for leg, place in enumerate(evidence.scenario.legs) if leg in emitted}
