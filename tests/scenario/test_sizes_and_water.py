"""Scenarios that no machine could simulate, and cargo that no water would ever let go, are refused with their key."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario import load

BASE = load(str(Path(__file__).parent / "broken" / "good.toml"))
VESSEL = {"services.ships.design_draught": "4 m", "services.ships.immersion": "10 t/cm"}
LOTS = {"demand.cement-out.lot": "500 t", "services.trucks.capacity": "600 t"}


def _said(changes: dict[str, object]) -> str:
    with pytest.raises(ScenarioError) as caught:
        BASE.replace(changes)
    return str(caught.value)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"services.ships.vehicles": 200_000}, "services.ships.vehicles: is a fleet too large to simulate (found 200000"),
        ({"legs.sea.transit": "1 s", "services.ships.vehicles": 50}, "services.ships.vehicles: could make some"),
        ({"demand.cement-out.lot": "1 kg"}, "demand.cement-out: comes to some"),
        ({"services.trucks.capacity": "1 kg"}, "demand.cement-out: comes to some"),
        ({"demand.cement-out.lot": "0.001 kg", "demand.cement-out.volume": "10 Gt/yr"}, "demand.cement-out"),
        (
            {"background.b": {"id": "b", "terminal": "aktau-quay", "calls": "1000 /h", "stay": "1 h"}},
            "background.b.calls: come to some 1.1e+07, too many to simulate",
        ),
        ({"services.trucks.capacity": "0.4 kg"}, "services.trucks.capacity: is less than a kilogram (found '0.4 kg'"),
        ({"demand.cement-out.lot": "50 kt", "services.trucks.capacity": "1 t"}, "demand.cement-out: is cut into some 50000"),
        ({"run.start": "9999-12-31"}, "run.start: is too far away"),
        ({"run.start": "0001-01-01"}, "run.start: is too far away"),
        ({"demand.cement-out.season": [float("inf"), *[1.0] * 11]}, "demand.cement-out.season: has a weight below 0"),
    ],
)
def test_what_is_too_much_is_refused_before_it_fills_the_memory(changes: dict[str, object], said: str) -> None:
    """Fleets, voyages, consignments, calls of other trades, and dates beyond all calendars."""
    assert said in _said(changes)


def test_cargo_that_no_water_of_the_run_lets_go_is_named_with_stream_and_route() -> None:
    """Of 4 m only 3 m are there: 100 cm less at 10 t/cm take 1000 t from the vessel, and leave it less than 500 t."""
    shallow = {"terminals.aktau-quay.permitted_draught": "3 m", "services.ships.capacity": "1400 t"}

    said = _said({**VESSEL, **LOTS, **shallow})

    assert "demand.cement-out.routes.out: has consignments that would wait for ever: the water at aktau" in said
    assert "(found '500 t'; expected at most 400 t, as shipped or as vehicles cut it)" in said


RISE = [{"from": date(2026, 1, 1), "value": "3 m"}, {"from": date(2026, 9, 1), "value": "3.2 m"}]


@pytest.mark.parametrize(
    "mended",
    [
        {"terminals.aktau-quay.permitted_draught": RISE},
        {"terminals.aktau-quay.permitted_draught": "3 m", "demand.cement-out.lot": "300 t"},
        {"terminals.aktau-quay.permitted_draught": "3 m", "services.trucks.capacity": "300 t"},
        {"terminals.aktau-quay.permitted_draught": "9 m"},
    ],
)
def test_cargo_that_may_go_once_the_water_rises_or_that_is_cut_smaller_is_not_refused(mended: dict[str, object]) -> None:
    """A rise within the run, smaller lots, smaller lorries before the vessel, and depth that does not bind."""
    BASE.replace({**VESSEL, **LOTS, "services.ships.capacity": "1400 t", **mended})


def test_a_rise_after_the_run_does_not_help() -> None:
    """The run and its drain end in April 2027."""
    late = [{"from": date(2026, 1, 1), "value": "3 m"}, {"from": date(2028, 1, 1), "value": "4 m"}]

    said = _said({**VESSEL, **LOTS, "services.ships.capacity": "1400 t", "terminals.aktau-quay.permitted_draught": late})

    assert "the water at aktau never lets 'ships' take as much" in said
