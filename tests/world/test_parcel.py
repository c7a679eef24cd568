"""The parcel by itself; `tests/stories` tells what vessels do with it."""

import pytest

from sim.world.network import Network, ServicePlan, TerminalPlan
from sim.world.parcel import parcel_changes_s, parcels_kg

HOUR_S = 3600


def port(*permitted: tuple[int, int]) -> TerminalPlan:
    """A port with these permitted draughts, each (from second, mm); entering or leaving it takes half an hour."""
    return TerminalPlan(
        node=0, berths=1, cranes=1, cranes_per_vehicle=1, manoeuvre_s=HOUR_S // 2, lanes=0, on_close="pause",
        permitted_from_s=tuple(from_s for from_s, _ in permitted), permitted_mm=tuple(mm for _, mm in permitted),
    )  # fmt: skip


def ship(stops: int, design_mm: int = 5000) -> ServicePlan:
    """A ship of 100 t that draws `design_mm` and loses 1 t for each missing centimetre; 9.5 h between any two stops."""
    unbound = (0,) * stops
    return ServicePlan(
        terminals=tuple(range(stops)), legs=unbound, vehicles=(0,), cargo_kg=100_000, volume_l=-1, milliteu=-1,
        milliplugs=-1, design_mm=design_mm, kg_per_mm=100, fill_thousandths=1000, wait_s=0, empty="never",
        waits_at="berth", priority=0, planned_transit_s=(9 * HOUR_S + HOUR_S // 2,) * stops, first_departure_s=unbound,
        headway_s=unbound, cut_off_s=unbound,
    )  # fmt: skip


def coast(*ports: TerminalPlan) -> Network:
    """A coast with these ports; nothing else of it matters here."""
    return Network(
        start_unix_s=0, window_from_s=0, window_to_s=1, horizon_s=1, facility_names=(), terminals=ports, post_servers=(),
        post_on_close=(), services=(), vehicle_service=(), flows=(), pools=(),
    )  # fmt: skip


FALLS = port((0, 5000), (24 * HOUR_S, 4700))
"""A port whose water falls by 30 cm, which are 30 t, after a day."""


@pytest.mark.parametrize(("leaves_h", "kg"), [(0, 100_000), (13, 100_000), (14, 70_000), (40, 70_000)])
def test_the_far_end_counts_as_it_will_be_at_the_arrival_that_is_planned(leaves_h: int, kg: int) -> None:
    """Half an hour to cast off and 9.5 h under way: who leaves at 14 h arrives at 24 h, when the water has fallen."""
    assert parcels_kg(coast(port(), FALLS), ship(2), 0, leaves_h * HOUR_S) == [kg]


def test_the_near_end_counts_as_it_is_and_only_for_the_first_value() -> None:
    """From a shallow port 70 t; what is for the stop after the next is limited by the water there, not here."""
    assert parcels_kg(coast(port((0, 4700)), port(), port((0, 4900))), ship(3), 0, 0) == [70_000, 90_000]


def test_water_bounds_no_vessel_below_nothing_and_none_that_has_no_draught() -> None:
    """1.5 m missing would cost 150 t of 100 t; a lorry does not ask."""
    shallow = coast(port(), port((0, 3500)))

    assert parcels_kg(shallow, ship(2), 0, 0) == [0]
    assert parcels_kg(shallow, ship(2, design_mm=0), 0, 0) == [100_000]


def test_parcels_change_when_the_water_does_here_and_so_much_earlier_when_it_does_there() -> None:
    """A fall at 24 h changes what leaves its own port at 24 h, the one before it at 14 h and the one before that at 4 h."""
    ports = coast(port(), port(), FALLS)

    assert [list(parcel_changes_s(ports, ship(3), stop)) for stop in (0, 1, 2)] == [
        [4 * HOUR_S],
        [14 * HOUR_S],
        [24 * HOUR_S],
    ]
    assert list(parcel_changes_s(ports, ship(3, design_mm=0), 2)) == []
