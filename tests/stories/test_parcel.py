"""The parcel of a vessel: the water at both ends, on their dates, and what else caps it."""

import pytest

from sim.events import Kind
from tests.stories.telling import lines, play, shipped, shut

VESSEL = ("services.ships.design_draught=5 m", "services.ships.immersion=1 t/cm")
"""100 t at 5 m of draught; every centimetre that is missing costs a tonne."""


def parcel(*changes: str, at: str = "2 h") -> int:
    """What the vessel closes with, in tonnes, where 120 t wait in lots of 5 t."""
    story = play(*VESSEL, shipped("d", *[f"5 t at {at}"] * 24), *changes)
    return int(story.log.where(Kind.CLOSED).value[0]) // 1000


@pytest.mark.parametrize(
    ("changes", "tonnes"),
    [
        ((), 100),
        (("terminals.ta.depth=4.9 m",), 90),
        (("terminals.tb.depth=4.8 m",), 80),
        (("terminals.ta.depth=4.9 m", "terminals.tb.depth=4.8 m"), 80),
        (("terminals.ta.depth=4.7 m", "terminals.tb.depth=4.8 m"), 70),
        (("terminals.ta.depth=9 m", "terminals.tb.depth=5 m"), 100),
        (("terminals.tb.depth=4.8 m", "sea_level=-0.1 m"), 70),
        (("terminals.tb.depth=5.2 m", "terminals.tb.under_keel_clearance=0.5 m"), 70),
        (("terminals.tb.depth=5.6 m", "sea_level=-0.2 m", "terminals.tb.under_keel_clearance=0.5 m"), 90),
        (("terminals.tb.depth=1 m", "sea_level=-0.2 m", "terminals.tb.permitted_draught=4.95 m"), 95),
        (("services.ships.stores=10 t", "terminals.tb.depth=4.8 m"), 70),
    ],
)
def test_the_parcel_is_the_lesser_of_what_the_water_allows_at_both_ends(changes: tuple[str, ...], tonnes: int) -> None:
    """Permitted draught is depth + level − clearance, or what the port publishes; each missing centimetre costs 1 t."""
    assert parcel(*changes) == tonnes


def test_the_ship_of_6500_tonnes_takes_5500() -> None:
    """The case on record at Aktau: 40 cm are missing of 4.6 m, and each centimetre costs 25 t."""
    ship = ("services.ships.capacity=6500 t", "services.ships.design_draught=4.6 m", "services.ships.immersion=25 t/cm")
    story = play(*ship, "terminals.tb.permitted_draught=4.2 m", shipped("d", *["100 t at 2 h"] * 66))
    assert story.told(Kind.CLOSED)[:1] == lines("3.0 h  CLOSED v0 ta.quay = 5500000")


@pytest.mark.parametrize(("dug", "tonnes"), [("", 85), (", { from = 2026-02-15, value = '5 m' }", 95)])
def test_silt_takes_draught_month_by_month_until_it_is_dug(dug: str, tonnes: int) -> None:
    """5 m in December and 60 cm a year less: by 1 March, 90 days later, 14.8 cm are gone, so that of 100 t in lots of 5 t
    85 go in that month; where it was dug on 15 February 2.3 cm are, and 95 t go.
    """
    depth = f"terminals.tb.depth=[{{ from = 2025-12-01, value = '5 m' }}{dug}]"
    assert parcel(depth, "terminals.tb.siltation=0.6 m/yr", "run.run_length=90 d", at="1560 h") == tonnes


FALLING = "sea_level=[{ from = 2026-01-01, value = '0 m' }, { from = 2026-01-02, value = '-0.3 m' }]"


@pytest.mark.parametrize(("at", "tonnes"), [("12 h", 100), ("13 h", 70)])
def test_the_level_at_the_far_end_is_that_of_the_planned_arrival(at: str, tonnes: int) -> None:
    """The sea falls at midnight; casting off takes 1 h and the voyage 10 h, so that what leaves at 13 h arrives too late."""
    assert parcel("terminals.tb.depth=5 m", FALLING, at=at) == tonnes


@pytest.mark.parametrize(("at", "tonnes"), [("23 h", 100), ("24 h", 70)])
def test_the_level_at_the_near_end_is_that_of_the_day(at: str, tonnes: int) -> None:
    """A value holds from its date on, midnight included."""
    assert parcel("terminals.ta.depth=5 m", FALLING, at=at) == tonnes


def test_a_published_draught_changes_on_its_dates_too() -> None:
    """Before its first date the first value holds; a vessel that is still open for cargo when it rises takes more."""
    dredged = "terminals.ta.permitted_draught=[{ from = 2026-01-02, value = '4.6 m' }, { from = 2026-01-03, value = '5 m' }]"

    assert [parcel(dredged, at=at) for at in ("2 h", "46.5 h", "47 h", "48 h")] == [60, 60, 100, 100]


@pytest.mark.parametrize(
    ("changes", "tonnes"),
    [
        (("commodities.grain.form=container", "commodities.grain.teu_load=10 t/TEU", "services.ships.teu=4"), 40),
        (("commodities.grain.form=reefer", "commodities.grain.teu_load=10 t/TEU", "commodities.grain.plugs_per_teu=0.5",
          "services.ships.plugs=1"), 20),
        (("commodities.grain.stowage=2 m3/t", "services.ships.volume=90 m3"), 45),
    ],
)  # fmt: skip
def test_the_parcel_is_capped_by_slots_plugs_and_volume(changes: tuple[str, ...], tonnes: int) -> None:
    """4 TEU of 10 t; a plug for two TEU; 90 m³ at 2 m³/t."""
    assert parcel(*changes) == tonnes


def test_a_parcel_is_not_cut_again_at_sea() -> None:
    """The vessel lies in the roads until the sea has fallen: it comes in with what it has."""
    story = play(
        *VESSEL, "terminals.tb.depth=5 m", FALLING, shipped("d", "100 t at 2 h"), also=shut("tb", "entry", "0 to 40")
    )

    assert story.told(Kind.BERTHED, Kind.DELIVERED)[1:] == lines("""
        41.0 h  BERTHED v0 tb.berths
        43.0 h  DELIVERED c0 = 100000
    """)


def test_a_vessel_with_no_water_takes_nothing_until_the_water_rises() -> None:
    """Its wait is long over when the forecast for its arrival allows the cargo: at 85 h, 11 h before the sea rises."""
    story = play(
        *VESSEL, "terminals.tb.depth=5 m",
        "sea_level=[{ from = 2026-01-01, value = '-3 m' }, { from = 2026-01-05, value = '0 m' }]",
    )  # fmt: skip

    assert story.told(Kind.WAITING, Kind.ACCEPTED, Kind.CLOSED, Kind.DELIVERED, Kind.ENDED) == lines("""
        2.0 h  WAITING c0 ta.quay
        85.0 h  ACCEPTED c0 v0 ta.quay
        86.0 h  CLOSED v0 ta.quay = 50000
        100.0 h  DELIVERED c0 = 50000
        240.0 h  ENDED
    """)


def test_a_vessel_that_will_never_again_have_water_leaves_its_cargo_and_the_run_says_so() -> None:
    """The water has gone on the day before the release: a parcel of 0 kg takes nothing, and nothing is due. No circle."""
    gone = "terminals.tb.depth=[{ from = 2026-01-01, value = '5 m' }, { from = 2026-01-02, value = '1 m' }]"
    story = play(*VESSEL, gone, shipped("d", "50 t at 30 h"))

    assert story.told(Kind.ACCEPTED, Kind.GRIDLOCK, Kind.ENDED) == lines("""
        30.0 h  GRIDLOCK c0
        240.0 h  ENDED = 1
    """)


THREE_STOPS = ("services.ships.stops=['a', 'b', 'c']", "terminals.tc.depth=4.5 m")


def test_cargo_for_a_later_stop_is_limited_by_the_water_there() -> None:
    """Port c allows 50 t, and no more than that is taken for it, though a and b would allow 100 t; with that she is full."""
    story = play(*VESSEL, *THREE_STOPS, "routes.out.nodes=['a', 'c']", shipped("d", *["5 t at 2 h"] * 24))

    assert story.log.where(Kind.CLOSED).value[0] == 50_000
