"""The corridor of `as-is-2026` as the simulator measures it, beside what is published of it: a part of `docs/data.md`.

What is measured is taken here from the records and draws of a run. What is published, where it stands, and why the two
differ, is said in `published.toml`. `make_data.py` calls this.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.experiment.precision import Interval, intervals
from sim.experiment.replication import replicate
from sim.kpis import Evidence, measure
from sim.scenario import Resolved
from sim.units import DAY_S, HOUR_S
from sim.world.network import BERTH

__all__ = ["SECTIONS", "WRITTEN_OF", "Row", "Section", "compared", "difference", "measured", "page_part"]

Bools = npt.NDArray[np.bool_]

FILE = Path(__file__).parent / "published.toml"
SCENARIO = "as-is-2026"
REPLICATIONS = 20
GRAIN_SEASON = (9, 10, 11, 12, 1, 2, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A figure that is measured, and what is published of it."""

    of: str
    """Its name in `measured`."""
    title: str
    unit: str = ""
    digits: int = 1
    published: tuple[float, float] | None = None
    """Least and most that is published, in the same unit; None where nothing is."""
    said: str = ""
    """Where that stands and how it was reckoned, with the ids of facts."""
    put_in: bool = False
    """Whether the scenario says it, more or less, so that to meet it proves only that the run keeps to the scenario."""
    why: str = ""
    """Why they differ, or how far they may be compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Figures that belong together."""

    title: str
    rows: tuple[Row, ...]
    words: str = ""
    """What is to be said of all of them."""


def _read() -> tuple[str, tuple[Section, ...]]:
    """The run that the words are of, and the sections of the file."""
    said = tomllib.loads(FILE.read_text(encoding="utf-8"))
    sections = [
        Section(
            title=section["title"],
            words=" ".join(section.get("words", "").split()),
            rows=tuple(_row(row) for row in section["rows"]),
        )
        for section in said["sections"]
    ]
    return str(said["written_of"]), tuple(sections)


def _row(said: dict[str, Any]) -> Row:
    published = said.pop("published", None)
    why = " ".join(said.pop("why", "").split())
    return Row(published=(published[0], published[1]) if published else None, why=why, **said)


WRITTEN_OF, SECTIONS = _read()


def measured(evidence: Evidence) -> dict[str, float]:
    """The figures of all rows in one replication."""
    return {
        **_ships(evidence),
        **_parcels(evidence),
        **_berths(evidence),
        **_weather(evidence),
        **_on_land(evidence),
    }


def _index(evidence: Evidence, kind: str, name: str) -> int:
    """Position of a noun in its list."""
    return [noun.id for noun in getattr(evidence.scenario, kind)].index(name)


def _inside(evidence: Evidence, moments: npt.NDArray[np.int64]) -> Bools:
    """Which moments lie in the measured window."""
    network = evidence.network
    return np.asarray((moments >= network.window_from_s) & (moments < network.window_to_s), dtype=bool)


def _calls(evidence: Evidence, terminal: str) -> Bools:
    """Calls of the vessels at a terminal that ended in the window."""
    calls = evidence.records.calls
    vessels, place = _index(evidence, "services", "vessels"), _index(evidence, "terminals", terminal)
    rows = (calls.service == vessels) & (calls.terminal == place)
    return np.asarray(rows & _inside(evidence, calls.departed_s), dtype=bool)


def _berthings(evidence: Evidence, terminal: str) -> Bools:
    """Stays of the vessels at a berth of a terminal, given in the window and ended."""
    stays, of = evidence.records.berthings, np.array(evidence.network.vehicle_service)
    ours = stays.vehicle < len(of)
    ours &= of[np.minimum(stays.vehicle, len(of) - 1)] == _index(evidence, "services", "vessels")
    place = _index(evidence, "terminals", terminal)
    ours &= (stays.terminal == place) & (stays.cleared_s >= 0)
    return np.asarray(ours & _inside(evidence, stays.given_s), dtype=bool)


def _ships(evidence: Evidence) -> dict[str, float]:
    calls, stays = evidence.records.calls, evidence.records.berthings
    ends = {name: _calls(evidence, name) for name in ("anzali-quay", "aktau-quay")}
    of_ship = len(evidence.network.services[_index(evidence, "services", "vessels")].vehicles)
    both = ends["anzali-quay"] | ends["aktau-quay"]
    next_arrival_s = np.append(calls.begun_s[1:], -1)
    next_arrival_s[calls.first[1:] - 1] = -1
    sailed = both & (next_arrival_s >= 0)
    sailing_s = float((next_arrival_s - calls.departed_s)[sailed].mean())
    queue_s = sum(
        (stays.given_s - stays.joined_s)[_berthings(evidence, name)].sum() / np.count_nonzero(rows)
        for name, rows in ends.items()
    )
    in_port_s = sum(float((calls.departed_s - calls.begun_s)[rows].mean()) for rows in ends.values())
    idle_s = sum(float(calls.idle_s[rows].mean()) for rows in ends.values())
    off_s = (calls.given_s - calls.begun_s)[ends["aktau-quay"] & (calls.given_s >= 0)]
    return {
        "kt_per_ship": calls.kg[both].sum() / 1e6 / of_ship,
        "laden_voyages": np.count_nonzero(both & (calls.kg > 0)) / of_ship,
        "round_d": (in_port_s + 2 * sailing_s) / DAY_S,
        "round_wait_d": (idle_s + queue_s) / DAY_S,
        "sailing_h": sailing_s / HOUR_S,
        "roads_h": float(off_s.mean()) / HOUR_S,
        "roads_p95_d": float(np.quantile(off_s, 0.95)) / DAY_S,
        "roads_most_d": float(off_s.max()) / DAY_S,
    }


def _parcels(evidence: Evidence) -> dict[str, float]:
    calls = evidence.records.calls
    aktau, anzali = _calls(evidence, "aktau-quay"), _calls(evidence, "anzali-quay")
    month = np.array([_moment(evidence, int(second)).month for second in calls.departed_s])
    laden = calls.kg > 0
    most_t = calls.kg[aktau].max() / 1000
    full_t = evidence.network.services[_index(evidence, "services", "vessels")].cargo_kg / 1000
    trucks = evidence.records.voyages
    loads = (trucks.service == _index(evidence, "services", "trucks")) & (trucks.kg > 0)
    loads &= _inside(evidence, trucks.departed_s)
    return {
        "from_aktau_t": float(calls.kg[aktau & laden].mean()) / 1000,
        "from_aktau_season_t": float(calls.kg[aktau & laden & np.isin(month, GRAIN_SEASON)].mean()) / 1000,
        "from_aktau_most_t": most_t,
        "to_aktau_t": float(calls.kg[anzali & laden].mean()) / 1000,
        "per_call_t": calls.kg[aktau | anzali].sum() / 1000 / np.count_nonzero(anzali),
        "draught_loss_share": 100 * (1 - most_t / full_t),
        "truck_t": float(trucks.kg[loads].mean()) / 1000,
    }


def _moment(evidence: Evidence, second: int) -> datetime:
    return datetime.fromtimestamp(evidence.network.start_unix_s + second, UTC)


def _berths(evidence: Evidence) -> dict[str, float]:
    rides, stays, kg = evidence.records.rides, evidence.records.berthings, evidence.draws.kg
    quay, vessels = _index(evidence, "terminals", "aktau-quay"), _index(evidence, "services", "vessels")
    commodity = np.array([flow.commodity for flow in evidence.network.flows])[evidence.draws.flow][rides.consignment]
    ours = rides.service == vessels
    loaded = ours & (rides.board == quay) & _inside(evidence, rides.load_started_s) & (rides.load_ended_s >= 0)
    landed = ours & (rides.alight == quay) & _inside(evidence, rides.unload_started_s) & (rides.unload_ended_s >= 0)

    def handled(of: Bools) -> tuple[float, float]:
        """Tonnes, and days of cranes."""
        worked_s = (rides.load_ended_s - rides.load_started_s)[loaded & of].sum()
        worked_s += (rides.unload_ended_s - rides.unload_started_s)[landed & of].sum()
        moved_kg = kg[rides.consignment[loaded & of]].sum() + kg[rides.consignment[landed & of]].sum()
        return float(moved_kg) / 1000, float(worked_s) / DAY_S

    held_d = float((stays.cleared_s - stays.given_s)[_berthings(evidence, "aktau-quay")].sum()) / DAY_S
    figures = {"berth_t_per_d": handled(np.ones_like(ours))[0] / held_d}
    for name in ("grain", "metals"):
        moved_t, worked_d = handled(commodity == _index(evidence, "commodities", name))
        figures[f"{name}_t_per_d"] = moved_t / worked_d if worked_d else math.nan
    kpis = measure(evidence)
    return figures | {
        "aktau_occupancy": 100 * kpis["berth_occupancy.aktau-quay"],
        "anzali_occupancy": 100 * kpis["berth_occupancy.anzali-quay"],
        "lead_export_d": kpis["lead_time_export_d"],
        "lead_import_d": kpis["lead_time_import_d"],
    }


def _weather(evidence: Evidence) -> dict[str, float]:
    network = evidence.network
    line = evidence.draws.timelines[network.facility(_index(evidence, "terminals", "aktau-quay"), BERTH)]
    begins_s = np.array(line.from_s)
    ends_s, shut = np.append(begins_s[1:], network.horizon_s), np.array(line.share) == 0
    year = _moment(evidence, network.window_from_s).year
    edges = [datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC).timestamp() for month in range(13)]
    figures = {}
    for month in range(12):
        from_s, to_s = (edge - network.start_unix_s for edge in edges[month : month + 2])
        within_s = np.minimum(ends_s, to_s) - np.maximum(begins_s, from_s)
        figures[f"closed_{month + 1}_d"] = float(np.maximum(within_s, 0)[shut].sum()) / DAY_S
    spells_s = (ends_s - begins_s)[shut & _inside(evidence, begins_s)]
    return figures | {
        "closed_d": sum(figures.values()),
        "spell_d": float(spells_s.mean()) / DAY_S,
        "longest_closure_d": float(spells_s.max()) / DAY_S,
    }


def _on_land(evidence: Evidence) -> dict[str, float]:
    rides, draws, visits = evidence.records.rides, evidence.draws, evidence.records.visits
    outward = np.array([flow.direction == "export" for flow in evidence.network.flows])[draws.flow]
    counted = _inside(evidence, draws.release_s) & evidence.hours.is_delivered
    first, out, inward = rides.first[:-1], counted & outward, counted & ~outward

    def stay_s(post: str) -> npt.NDArray[np.int64]:
        """From joining the queue of a post to having been served."""
        rows = (visits.post == evidence.network.post_facility(_index(evidence, "posts", post))) & (visits.ended_s >= 0)
        return np.asarray((visits.ended_s - visits.joined_s)[rows & _inside(evidence, visits.joined_s)], dtype=np.int64)

    def in_anzali_d(rows: Bools) -> float:
        """From ashore after the first ride of two until aboard for the second."""
        return float((rides.load_ended_s[first[rows] + 1] - rides.unload_ended_s[first[rows]]).mean()) / DAY_S

    return {
        "export_aboard_d": float((rides.load_ended_s[first[out] + 1] - draws.release_s[out]).mean()) / DAY_S,
        "export_port_d": in_anzali_d(out),
        "import_port_d": in_anzali_d(inward),
        "export_customs_d": float(np.median(stay_s("anzali-export"))) / DAY_S,
        "exit_customs_d": float(stay_s("aktau-exit").mean()) / DAY_S,
    }


def compared(resolved: Resolved, replications: int = REPLICATIONS) -> dict[str, Interval]:
    """Each figure over the replications of the scenario under its own seed: mean and 95 % interval."""
    seed = resolved.scenario.run.seed
    return intervals([measured(replicate(resolved.scenario, seed, number)) for number in range(replications)])


def difference(found: Interval, published: tuple[float, float] | None) -> str:
    """How far the mean lies from what is published, and whether the interval reaches it."""
    if published is None:
        return "–"
    least, most = published
    if least <= found.mean <= most:
        return "within" if least < most else "the same"
    nearest, side = (least, "below") if found.mean < least else (most, "above")
    times = found.mean / nearest
    if abs(times - 1) < 0.005:
        return "the same"
    far = f"{times:.1f} times as much" if times >= 2 else f"{100 * abs(times - 1):.0f} % {side}"
    return f"{far}, within the interval" if found.lo <= nearest <= found.hi else far


def page_part(resolved: Resolved, found: dict[str, Interval]) -> str:
    """The sections as Markdown: a table each, then the words."""
    replications = max(interval.n for interval in found.values())
    head = (
        f"Measured on `{resolved.scenario.name}` (digest `{resolved.digest[:8]}`), {replications} replications of a year, "
        f"seed {resolved.scenario.run.seed}: the mean with its 95 % interval. Figures marked *put in* are said by the "
        "scenario itself, so that to meet them proves little; all others come out of the run."
    )
    return "\n\n".join([head, *(_section(section, found) for section in SECTIONS)])


def _section(section: Section, found: dict[str, Interval]) -> str:
    lines = [f"### {section.title}", "", "| | measured | published | difference |", "|---|--:|---|---|"]
    lines += [_line(row, found[row.of]) for row in section.rows]
    reasons = [f"- **{row.title}.** {row.why}" for row in section.rows if row.why]
    return "\n".join([*lines, *(["", section.words] if section.words else []), *(["", *reasons] if reasons else [])])


def _line(row: Row, interval: Interval) -> str:
    mean, *ends = (_figure(value, row.digits) for value in (interval.mean, interval.lo, interval.hi))
    told = " – ".join(dict.fromkeys(_published(value) for value in row.published)) if row.published else ""
    published = f"{told} {row.unit}".strip() + f": {row.said}" if told else row.said
    title = f"{row.title} *(put in)*" if row.put_in else row.title
    said: Sequence[str] = (title, f"{mean} {row.unit}".strip() + f" [{ends[0]}, {ends[1]}]", published,
                           difference(interval, row.published))  # fmt: skip
    return f"| {' | '.join(said)} |"


def _figure(value: float, digits: int) -> str:
    return f"{value:,.{digits}f}".replace(",", " ")


def _published(value: float) -> str:
    return f"{value:,.10g}".replace(",", " ")
