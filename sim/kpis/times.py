"""Times: how long shipments take from release to delivery, why, and whether they keep their promise."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.causes import CAUSES
from sim.kpis.basis import Basis
from sim.kpis.evidence import NAN, Figures, ratio
from sim.units import HOUR_S

__all__ = ["by_cause", "by_commodity", "on_time_share", "one_way", "overall"]


def overall(quantile: float | None) -> Callable[[Basis], Figures]:
    """Lead time over all measured shipments: its mean, or a quantile."""
    return lambda basis: {"": basis.lead_time_d[quantile]}


def one_way(direction: str, quantile: float | None) -> Callable[[Basis], Figures]:
    """The same of one direction."""
    return lambda basis: {"": basis.lead_time_by_direction_d[direction][quantile]}


def by_commodity(quantile: float | None) -> Callable[[Basis], Figures]:
    """The same by commodity."""
    return lambda basis: {name: days[quantile] for name, days in basis.lead_time_by_commodity_d.items()}


def by_cause(basis: Basis) -> Figures:
    """Mean hours by cause of the consignments that lead time is taken of: the parts add up to its mean."""
    seconds, count = basis.evidence.hours.seconds, len(basis.last_counted)
    counts = np.zeros(len(seconds), dtype=np.int64)
    counts[basis.last_counted] = 1
    totals_s = np.einsum("c,ck->k", counts, seconds)
    return {cause.replace(" ", "_"): ratio(total, count) / HOUR_S for cause, total in zip(CAUSES, totals_s, strict=True)}


def on_time_share(basis: Basis) -> Figures:
    """Promised shipments that kept their promise; one that is not complete has not."""
    evidence = basis.evidence
    due_s = np.array([NAN if stream.due is None else stream.due for stream in evidence.scenario.demand])
    promised_s = due_s[evidence.draws.shipment_stream]
    counted = basis.shipment_is_measured & ~np.isnan(promised_s)
    lead_s = evidence.hours.to_s[basis.shipment_last] - evidence.draws.shipment_release_s
    kept = counted & basis.shipment_is_complete & (lead_s <= promised_s)
    return {"": ratio(float(np.count_nonzero(kept)), float(np.count_nonzero(counted)))}
