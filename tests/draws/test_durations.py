"""How long things take: rounded once, stretched where they move, and zero where there is nothing to pass."""

from __future__ import annotations

import numpy as np
import pytest

from sim.chance.streams import uniforms
from tests.draws.corridor import changed, drawn, works_of

HOURLY = [{"stop": "city", "every": "1 h"}]
TRUCKS, SHIPS, HAULERS = ([0, 1, 2], [3, 4], [5, 6])


def test_moving_time_is_rounded_once() -> None:
    """100.3 s of transit and 100.4 s of delay, stretched by 1.25, are 251 s, not the 250 s of rounding each by itself."""
    _, draws = drawn({"legs.sea.transit": "100.3 s", "legs.sea.delay": "100.4 s", "scale.transit_time": 1.25})
    assert {*draws.transit_s[3].tolist(), *draws.transit_s[4].tolist()} == {251}


def test_a_speed_gives_the_time_of_a_leg() -> None:
    """382 nm at 10 kn without delay are 38.2 h."""
    _, draws = drawn({"legs.sea.delay": "0 s"})
    assert set(draws.transit_s[3].tolist()) == {round(38.2 * 3600)}


def test_stretching_transit_stretches_moving_time_only() -> None:
    """Twice the transit time doubles every voyage, to the second of rounding, and leaves all work and all hours."""
    _, before = drawn()
    _, after = drawn({"scale.transit_time": 2.0})
    for ours, theirs in zip(before.transit_s, after.transit_s, strict=True):
        n = min(len(ours), len(theirs))
        assert (np.abs(theirs[:n] - 2 * ours[:n]) <= 1).all()
    for ours, theirs in zip(before.gate_s, after.gate_s, strict=True):
        n = min(len(ours), len(theirs))
        assert np.array_equal(ours[:n], theirs[:n])
    assert {name.split("[")[0] for name in changed(before, after)} == {"transit_s"}


def test_stretching_one_leg_leaves_the_others() -> None:
    """A factor for the sea leg multiplies with that for all, and without it trucks drive as before."""
    _, before = drawn()
    _, after = drawn({"scale.by_leg.sea.transit_time": 1.5})
    moved = {name for name in changed(before, after) if name.startswith("transit")}
    assert moved == {f"transit_s[{ship}]" for ship in SHIPS}
    _, both = drawn({"scale.by_leg.sea.transit_time": 1.5, "scale.transit_time": 2.0})
    n = min(len(before.transit_s[3]), len(both.transit_s[3]))
    assert (np.abs(both.transit_s[3][:n] - 3 * before.transit_s[3][:n]) <= 2).all()


def test_a_truck_takes_time_at_the_gate_only_where_one_is() -> None:
    """Trucks start in turn at city and port and find a gate at the port alone: every other arrival takes no time in it."""
    _, draws = drawn({"terminals.yard.gate.time": "10 min"})
    for truck in TRUCKS:
        at_port = np.arange(len(draws.gate_s[truck])) % 2 != truck % 2
        assert set(draws.gate_s[truck][at_port].tolist()) == {600}
        assert not draws.gate_s[truck][~at_port].any()
    assert not any(draws.gate_s[vehicle].any() for vehicle in (*SHIPS, *HAULERS))


def test_handling_takes_mass_over_rate_in_seconds_begun() -> None:
    """Cranes need kilograms over the rate of the terminal for the form of cargo, rounded up to whole seconds."""
    _, draws = drawn()
    exports, home = draws.flow == 0, draws.flow == 2
    for column, flows, ride, rate_t_h in (
        (draws.load_s, exports, 0, 70),
        (draws.unload_s, exports, 0, 50),
        (draws.load_s, exports, 1, 100),
        (draws.unload_s, exports, 1, 60),
        (draws.load_s, home, 0, 100),
        (draws.unload_s, home, 1, 70),
    ):
        kg = draws.kg[flows]
        assert np.array_equal(column[flows, ride], -(-kg * 3600 // (rate_t_h * 1000)))


def test_calls_of_other_trades_come_in_order() -> None:
    """Two kinds of calls are merged by arrival, each with its own terminal, stay and rank."""
    ferries = {"calls": "300 /yr", "terminal": "pier", "id": "ferries", "stay": "5 h", "priority": -1}
    _, before = drawn()
    _, after = drawn({"background": [ferries]})
    assert (np.diff(after.call_at_s) >= 0).all()
    others = after.call_terminal == 2
    for column in ("call_at_s", "call_stay_s", "call_priority"):
        assert np.array_equal(getattr(after, column)[others], getattr(before, column))
    assert (after.call_terminal[~others] == 3).all()
    assert (after.call_stay_s[~others] == 5 * 3600).all()
    assert (after.call_priority[~others] == -1).all()


FEW: dict[str, object] = {
    "demand.machines.routes": {"by-sea": 0.0, "by-road": 1.0},
    "demand.fruit-out.routes": {"by-sea": 1.0, "by-road": 0.0},
}
"""Two shipments within the year, of 60 t and 20 t, and nothing else, go by hauler: 3 and 1 consignments of 20 t at most."""


def test_voyages_are_drawn_for_the_cargo_there_is() -> None:
    """Two haulers share 4 consignments: a round of 2 legs for each, a quarter more, and 32 voyages above that."""
    _, draws = drawn(FEW)
    assert [len(draws.transit_s[hauler]) for hauler in HAULERS] == [32 + 5] * 2
    assert [len(draws.gate_s[hauler]) for hauler in HAULERS] == [32 + 6] * 2


@pytest.mark.parametrize(
    "changes",
    [{"services.haulers.empty": "always"}, {"services.haulers.departures": HOURLY, "services.haulers.waits_at": "berth"}],
)
def test_who_leaves_without_cargo_may_leave_as_often_as_time_allows(changes: dict[str, object]) -> None:
    """The mean leg takes 80 h, of which a year holds 109.5: twice that and 32 are drawn for who needs no cargo to leave."""
    _, draws = drawn(FEW | changes)
    assert [len(draws.transit_s[hauler]) for hauler in HAULERS] == [219 + 32] * 2


def test_a_consignment_reads_its_own_place_in_the_stream_of_its_piece() -> None:
    """Customs serve each consignment: its time is the quantile at position k of the stream of its layer and piece."""
    _, draws = drawn({"scale.throughput": 2.5})
    found = works_of(draws, 1)
    assert {(layer, piece) for layer, _, piece in found} == {(layer, piece) for layer in range(3) for piece in range(3)}
    for (layer, k, piece), works in found.items():
        name = f"coil-in#{layer}/{piece}" if layer else f"coil-in/{piece}"
        u = uniforms(7, 0, "post customs", name, 1, k)[0]
        assert works[1] == round(-3600 * np.log1p(-u))
