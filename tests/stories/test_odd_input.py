"""Odd input: it is refused in words or played to an end; nothing hangs, nothing crashes."""

import pytest

from sim.errors import ScenarioError
from sim.events import Kind
from tests.stories.telling import CUSTOMS, HOMEWARD, lines, play, shipped

AT_ONCE = (
    "legs.a-b.transit=0 h", "services.ships.wait=0 h", "terminals.ta.manoeuvre=0 h", "terminals.tb.manoeuvre=0 h",
    "terminals.ta.rate=1e12 t/h", "terminals.tb.rate=1e12 t/h",
)  # fmt: skip


def test_a_world_without_lapse_of_time_carries_its_cargo_at_the_second_of_release() -> None:
    """Transit, waits, manoeuvres and handling of 0 s: three voyages and two empty returns are rounds of one second."""
    story = play(*AT_ONCE, shipped("d", "50 t at 2 h", "250 t at 3 h"))

    assert story.told(Kind.RELEASED, Kind.DELIVERED) == lines("""
        2.0 h  RELEASED c0 = 50000
        2.0 h  DELIVERED c0 = 50000
        3.0 h  RELEASED c1 = 100000
        3.0 h  RELEASED c2 = 100000
        3.0 h  RELEASED c3 = 50000
        3.0 h  DELIVERED c1 = 100000
        3.0 h  DELIVERED c2 = 100000
        3.0 h  DELIVERED c3 = 50000
    """)


@pytest.mark.parametrize(
    "changes",
    [
        ("services.ships.empty=always",),
        ("services.ships.design_draught=5 m", "services.ships.immersion=1 t/cm"),
        ("services.ships.empty=always", "legs.a-b.transit=0.4 s"),
        ("services.ships.empty=always", "legs.a-b.transit=9 h", "scale.transit_time=0"),
    ],
)
def test_a_fleet_that_could_circle_for_ever_within_one_second_is_refused(changes: tuple[str, ...]) -> None:
    """Where an empty round takes no time, time would stand still."""
    with pytest.raises(ScenarioError, match=r"services\.ships\.empty: would let vehicles go round and round"):
        play(*AT_ONCE, *changes)


@pytest.mark.parametrize(
    "changes",
    [
        ("services.ships.empty=never",),
        ("services.ships.wait=1 h",),
        ("legs.a-b.transit=1 h",),
        ("services.ships.waits_at=berth", "terminals.tb.manoeuvre=1 h"),
        ("terminals.tb.gate={ time = '1 h' }",),
        ("services.ships.waits_at=berth", "services.ships.departures=[{ stop = 'a', every = '1 h' }]"),
    ],
)
def test_a_fleet_whose_round_takes_time_may_go_empty(changes: tuple[str, ...]) -> None:
    """Any wait, transit, manoeuvre, gate or timetable lets time go on."""
    story = play(*AT_ONCE, "services.ships.empty=always", *changes)

    assert story.log.where(Kind.DELIVERED).value.tolist() == [50_000]


def test_a_fleet_of_none_is_refused_where_a_route_needs_it() -> None:
    """It would leave all cargo lying."""
    with pytest.raises(ScenarioError, match="is a fleet of none"):
        play("services.ships.vehicles=0")


def test_a_route_of_a_single_node_delivers_where_it_is_released() -> None:
    """After its desk, or at once."""
    here = ("routes.out.nodes=['a']", "routes.out.services=[]")

    assert play(*here, also=CUSTOMS).times(Kind.DELIVERED) == [6.0]
    assert play(*here).times(Kind.DELIVERED) == [2.0]


def test_consignments_of_one_kilogram_are_carried_like_any_other() -> None:
    """What is listed as less counts as one."""
    story = play(shipped("d", "1 kg at 2 h", "0.2 kg at 2 h"))

    assert story.told(Kind.DELIVERED) == lines("""
        19 h 3 s  DELIVERED c0 = 1
        19 h 4 s  DELIVERED c1 = 1
    """)


def test_a_service_may_call_twice_at_one_node_in_a_round() -> None:
    """Cargo boards at the call from which its destination is nearest: for c at the second, though the first comes before."""
    story = play(
        "services.ships.stops=['a', 'b', 'a', 'c']", "services.ships.empty=always", "services.ships.wait=1 h",
        "routes.out.nodes=['a', 'c']",
    )  # fmt: skip

    assert [line for line in story.told() if "ta.quay" in line or "c0" in line][:12] == lines("""
        0.0 h  POSITIONED v0 ta.quay = 1
        1.0 h  CLOSED v0 ta.quay
        1.0 h  DEPARTED v0 ta.quay
        2.0 h  RELEASED c0 = 50000
        2.0 h  WAITING c0 ta.quay
        22.0 h  POSITIONED v0 ta.quay = 1
        23.0 h  ACCEPTED c0 v0 ta.quay
        24.0 h  CLOSED v0 ta.quay = 50000
        24.0 h  LOAD_STARTED c0 v0 ta.cranes
        25.0 h  LOAD_ENDED c0 v0 ta.cranes = 2
        25.0 h  DEPARTED v0 ta.quay = 50000
        39.0 h  UNLOAD_STARTED c0 v0 tc.cranes = 2
    """)


def test_a_run_without_demand_ends_with_its_window() -> None:
    """A ship waits, and that is all."""
    story = play("demand.d.shipments=[{ at = '999 h', mass = '1 t' }]")

    assert story.told() == lines("""
        0.0 h  ARRIVED v0 ta.gate
        0.0 h  POSITIONED v0 ta.quay = 1
        240.0 h  ENDED
    """)


def test_ships_of_a_port_that_has_lost_its_water_shuttle_but_time_goes_on() -> None:
    """Cargo at both ends calls the empty vessel to and fro, and neither end lets it load; the run ends at its horizon."""
    gone = "terminals.tb.depth=[{ from = 2026-01-01, value = '5 m' }, { from = 2026-01-02, value = '1 m' }]"
    story = play(
        "services.ships.design_draught=5 m", "services.ships.immersion=1 t/cm", gone,
        "services.ships.wait=0 h", shipped("d", "250 t at 30 h"), shipped("e", "250 t at 30 h"), also=HOMEWARD,
    )  # fmt: skip

    assert story.told(Kind.ACCEPTED) == []
    assert story.told()[-1:] == ["360.0 h  ENDED = 6"]
