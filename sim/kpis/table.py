"""The table of KPIs: a new figure is a function in this package and a row here."""

from __future__ import annotations

from collections.abc import Mapping

from sim.kpis import costs, facilities, fleets, flows, times, waits
from sim.kpis.basis import Kpi

__all__ = ["KPIS"]

_LEAD_TIME = "Time from the release of a shipment to the delivery of its last consignment"
_SHIPMENTS = "of the shipments released in the measured window that arrived whole"
_STATISTICS = (
    ("", None, "mean"),
    ("_p50", 0.5, "median"),
    ("_p90", 0.9, "90th percentile"),
    ("_p95", 0.95, "95th percentile"),
)


def _lead_times() -> list[Kpi]:
    """Mean and quantiles of the lead time: overall, each way, by commodity."""
    table = []
    for suffix, quantile, word in _STATISTICS:
        for part, title, of in (
            ("", "", times.overall(quantile)),
            ("_export", " of exports", times.one_way("export", quantile)),
            ("_import", " of imports", times.one_way("import", quantile)),
            ("_by_commodity", " by commodity", times.by_commodity(quantile)),
        ):
            meaning = f"{_LEAD_TIME}: {word}{title}, {_SHIPMENTS}."
            title_ = f"Lead time{title}" + (f", {word}" if quantile else "")
            table.append(Kpi(name=f"lead_time{part}{suffix}_d", title=title_, unit="d", better="lower",
                             meaning=meaning, of=of))  # fmt: skip
    return table


_TABLE = (
    *_lead_times(),
    Kpi(name="lead_time_by_cause_h", title="Lead time by cause", unit="h", better="lower", of=times.by_cause,
        meaning="Mean hours by cause of the consignments that lead time is taken of; they add up to its mean."),
    Kpi(name="on_time_share", title="On time", unit="", better="higher", of=times.on_time_share,
        meaning="Share of the promised shipments released in the window that arrived whole within the promised lead time."),
    Kpi(name="throughput_kt", title="Throughput", unit="kt/yr", better="higher", of=flows.throughput,
        meaning="Tonnes delivered within the measured window, whenever released, per year of 365 days."),
    Kpi(name="throughput_export_kt", title="Throughput of exports", unit="kt/yr", better="higher",
        of=flows.throughput_export, meaning="Throughput out of Iran."),
    Kpi(name="throughput_import_kt", title="Throughput of imports", unit="kt/yr", better="higher",
        of=flows.throughput_import, meaning="Throughput into Iran."),
    Kpi(name="throughput_by_commodity_kt", title="Throughput by commodity", unit="kt/yr", better="higher",
        of=flows.throughput_by_commodity, meaning="Throughput of each commodity; the parts add up to the throughput."),
    Kpi(name="throughput_t", title="Delivered", unit="t", better="higher", of=flows.throughput_tonnes,
        meaning="Tonnes delivered within the measured window, whenever released."),
    Kpi(name="throughput_teu", title="Delivered in containers", unit="TEU", better="higher", of=flows.throughput_teu,
        meaning="TEU delivered within the measured window, whenever released."),
    Kpi(name="share_of_demand", title="Share of demand", unit="", better="higher", of=flows.share_of_demand,
        meaning="Tonnes delivered within the measured window over tonnes released in it."),
    Kpi(name="undelivered", title="Not delivered", unit="", better="lower", of=flows.undelivered,
        meaning="Consignments released in the measured window and still under way when the run ends."),
    Kpi(name="undelivered_t", title="Tonnes not delivered", unit="t", better="lower", of=flows.undelivered_tonnes,
        meaning="The tonnes of those consignments."),
    Kpi(name="gridlock", title="Gridlock", unit="", better="lower", of=flows.gridlock,
        meaning="1 where the run ended because what remained waited for itself, else 0."),
    Kpi(name="cost_usd_per_t", title="Landed cost add-on", unit="USD/t", better="lower", of=costs.cost,
        meaning="All that is charged to a tonne, inventory holding and spoilage included, but not what the carrier pays "
                "out of the freight; of consignments released in the window and delivered."),
    Kpi(name="cost_export_usd_per_t", title="Landed cost add-on of exports", unit="USD/t", better="lower",
        of=costs.cost_export, meaning="Landed cost add-on out of Iran."),
    Kpi(name="cost_import_usd_per_t", title="Landed cost add-on of imports", unit="USD/t", better="lower",
        of=costs.cost_import, meaning="Landed cost add-on into Iran."),
    Kpi(name="cost_by_commodity_usd_per_t", title="Landed cost add-on by commodity", unit="USD/t", better="lower",
        of=costs.cost_by_commodity, meaning="Landed cost add-on of each commodity, per tonne of it."),
    Kpi(name="cost_by_category_usd_per_t", title="Landed cost add-on by category", unit="USD/t", better="lower",
        of=costs.cost_by_category, meaning="Parts of the landed cost add-on by category of the tariffs; they add up to it."),
    Kpi(name="carrier_cost_usd_per_t", title="Charged to the carrier", unit="USD/t", better="lower", of=costs.carrier_cost,
        meaning="What the carrier pays for facts of the window over tonnes delivered in it."),
    Kpi(name="spoilage_share", title="Spoilage", unit="", better="lower", of=costs.spoilage_share,
        meaning="Customs value lost by ageing over customs value, of cargo that has a storage life, released in the window "
                "and delivered."),
    Kpi(name="co2e_kg_per_t", title="CO2e", unit="kg/t", better="lower", of=costs.co2e,
        meaning="Emissions of carriage per tonne: distance times the factor of the service, which holds its empty running."),
    Kpi(name="co2e_by_leg_kg_per_t", title="CO2e by leg", unit="kg/t", better="lower", of=costs.co2e_by_leg,
        meaning="Parts of the emissions by leg; they add up to them."),
    Kpi(name="berth_occupancy", title="Berth occupancy", unit="", better="", of=facilities.berth_occupancy,
        meaning="Share of the berths' time in the window during which they are held, by terminal, other trades included."),
    Kpi(name="berth_wait_h", title="Wait for a berth", unit="h", better="lower", of=facilities.berth_wait,
        meaning="Mean time in the queue for a berth, by terminal, of berths given in the window, other trades included."),
    Kpi(name="crane_occupancy", title="Crane occupancy", unit="", better="", of=facilities.crane_occupancy,
        meaning="Share of the cranes' open time in the window during which they handle cargo, by terminal."),
    Kpi(name="post_occupancy", title="Post occupancy", unit="", better="", of=facilities.post_occupancy,
        meaning="Share of the servers' open time in the window during which they serve, by post."),
    Kpi(name="post_wait_h", title="Wait at a post", unit="h", better="lower", of=facilities.post_wait,
        meaning="Mean time from joining the queue of a post to being served, by post, of services begun in the window."),
    Kpi(name="customs_h", title="Time at customs", unit="h", better="lower", of=waits.customs,
        meaning="Mean time of a consignment at all its customs posts together: queue, service and closed hours; of "
                "consignments released in the window and delivered, those that pass no customs included."),
    Kpi(name="customs_export_h", title="Time at customs of exports", unit="h", better="lower",
        of=waits.customs_one_way("export"), meaning="Time at customs out of Iran."),
    Kpi(name="customs_import_h", title="Time at customs of imports", unit="h", better="lower",
        of=waits.customs_one_way("import"), meaning="Time at customs into Iran."),
    Kpi(name="customs_by_part_h", title="Time at customs by part", unit="h", better="lower", of=waits.customs_by_part,
        meaning="Time at customs in the queue of an open post, in service, and while closed; the parts add up to it."),
    Kpi(name="cargo_wait_h", title="Waits of cargo", unit="h", better="lower", of=waits.cargo_wait,
        meaning="Mean time that a consignment waits for vehicles, berths, cranes, servers of posts or room in a yard, "
                "closed hours left out; of consignments released in the window and delivered."),
    Kpi(name="customs_wait_h", title="Queue at customs", unit="h", better="lower", of=facilities.customs_wait,
        meaning="Mean time in the queue of a customs post over all visits served from within the window."),
    Kpi(name="yard_peak_t", title="Yard peak", unit="t", better="lower", of=facilities.yard_peak,
        meaning="Most cargo that held room in a yard within the window."),
    Kpi(name="yard_peak_share", title="Yard peak over capacity", unit="", better="lower", of=facilities.yard_peak_share,
        meaning="The same over the yard's capacity."),
    Kpi(name="anchorage_h", title="Anchorage time", unit="h", better="lower", of=fleets.anchorage,
        meaning="Mean time from arrival off a terminal to the berth being given, by service and terminal, in the window; "
                "waiting in the roads for cargo counts."),
    Kpi(name="turnaround_h", title="Turnaround time", unit="h", better="lower", of=fleets.turnaround,
        meaning="Mean time from arrival off a terminal to departure, by service and terminal, of departures in the window."),
    Kpi(name="load_factor", title="Load factor", unit="", better="higher", of=fleets.load_factor,
        meaning="Tonne-kilometres carried over those that loaded legs could have carried at full payload, by service."),
    Kpi(name="voyages", title="Voyages", unit="/yr", better="", of=fleets.voyages,
        meaning="Legs run per year, loaded or empty, by service, of departures in the window."),
    Kpi(name="vehicle_utilisation", title="Fleet utilisation", unit="", better="", of=fleets.vehicle_utilisation,
        meaning="One less the share of the fleet's time in the window spent in position for cargo, by service."),
    Kpi(name="vehicle_wait_h", title="Wait for a vehicle", unit="h", better="lower", of=fleets.vehicle_wait,
        meaning="Mean time from being ready at a quay to being accepted by a vehicle, by service, in the window."),
    Kpi(name="empty_share", title="Empty running", unit="", better="lower", of=fleets.empty_share,
        meaning="Share of the kilometres begun in the window that are run without cargo, by service."),
)  # fmt: skip

KPIS: Mapping[str, Kpi] = {kpi.name: kpi for kpi in _TABLE}
"""Every KPI by name, in the order of tables."""
