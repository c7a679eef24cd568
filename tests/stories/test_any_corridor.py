"""Claims that hold in every corridor, however odd: tried on some that hypothesis thinks up."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sim.engine.reference.clock import Clock
from sim.engine.reference.quays import Quay
from sim.errors import ScenarioError
from sim.events import EventLog, Kind
from tests.stories.telling import CUSTOMS, HOMEWARD, Story, play, shipped, shut

CHOICES = {
    "services.ships.vehicles": ["1", "2", "5"],
    "services.ships.capacity": ["100 t", "30 t"],
    "services.ships.stops": ["['a', 'b']", "['a', 'b', 'c']", "['a', 'b', 'a', 'c']"],
    "services.ships.fill": ["100 %", "50 %", "0 %"],
    "services.ships.wait": ["6 h", "0 h", "20 h"],
    "services.ships.empty": ["called", "always", "never"],
    "services.ships.waits_at": ["anchorage", "berth"],
    "services.ships.design_draught": ["4 m", "5 m"],
    "services.ships.immersion": ["1 t/cm"],
    "legs.a-b.transit": ["10 h", "0 h"],
    "terminals.ta.cranes": ["1", "3"],
    "terminals.ta.cranes_per_vehicle": ["1", "2"],
    "terminals.tb.depth": ["9 m", "4.5 m"],
    "terminals.tb.berths": ["1", "2"],
    "terminals.tb.gate": ["{ time = '1 h' }", "{ time = '0 h', lanes = 2 }"],
    "terminals.tb.on_close": ["pause", "finish", "restart"],
    "sea_level": ["0 m", "[{ from = 2026-01-01, value = '-3 m' }, { from = 2026-01-04, value = '0 m' }]"],
}
FURTHER = (
    CUSTOMS,
    "[[yards]]\nid = 'y'\nnode = 'b'\ncapacity = '60 t'\n",
    "[[posts]]\nid = 'desk'\nnode = 'b'\ntime = '20 h'\n",
    "[[background]]\nid = 'others'\nterminal = 'tb'\ncalls = '100 /yr'\nstay = '10 h'\n",
    shut("ta", "entry", "5 to 30"), shut("ta", "work", "7 to 40", "share = '30 %'"), shut("tb", "work", "20 to 900"),
    shut("tb", "gate", "10 to 60"),
)  # fmt: skip

LISTED = st.lists(
    st.tuples(st.sampled_from([1, 10, 50, 60, 100, 250]), st.integers(0, 200)), min_size=1, max_size=20
).map(lambda lots: [f"{tonnes} t at {at} h" for tonnes, at in lots])  # fmt: skip


@st.composite
def corridors(pick: st.DrawFn) -> tuple[list[str], str]:
    """Changes of the coast, and what lies over it besides."""
    changes = [f"{key}={pick(st.sampled_from(values))}" for key, values in CHOICES.items()]
    also = "".join(pick(st.lists(st.sampled_from(FURTHER), unique=True)))
    return [*changes, shipped("d", *pick(LISTED)), shipped("e", *pick(LISTED))], HOMEWARD + also


def played(corridor: tuple[list[str], str]) -> Story:
    """The story of a corridor, unless its checks refuse it."""
    changes, also = corridor
    try:
        return play(*changes, also=also)
    except ScenarioError:
        assume(False)
        raise


@settings(max_examples=40)
@given(corridors())
def test_nothing_is_lost_and_nothing_is_overfull(corridor: tuple[list[str], str]) -> None:
    """What is undelivered is counted, vehicles leave with what they took and can hold, a berth holds one, time goes on."""
    story = played(corridor)
    log, network = story.log, story.network

    assert log.value[-1] == len(log.where(Kind.RELEASED)) - len(log.where(Kind.DELIVERED))
    assert bool((np.diff(log.at_s) >= 0).all())
    fleet = len(network.vehicle_service)
    aboard, berthed = Counter[int](), Counter[int]()
    for row in range(len(log)):
        kind, vehicle, facility = Kind(log.kind[row]), int(log.vehicle[row]), int(log.facility[row])
        kg = int(story.draws.kg[log.consignment[row]])
        aboard[vehicle] += kg * ((kind is Kind.ACCEPTED) - (kind is Kind.UNLOAD_ENDED))
        berthed[facility] += (kind is Kind.BERTH_GIVEN) - (kind is Kind.CLEARED)
        if kind is Kind.DEPARTED and vehicle < fleet:
            assert log.value[row] == aboard[vehicle] <= network.services[0].cargo_kg
        if kind is Kind.BERTH_GIVEN:
            assert berthed[facility] <= network.terminals[facility // 4].berths


@settings(max_examples=25)
@given(corridors())
def test_no_facility_misses_its_moment(corridor: tuple[list[str], str]) -> None:
    """Asked anew at every second at which anything starts, every facility starts just what it starts when it is marked."""
    marked_only = played(corridor).log
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Clock, "_start_work", _all_start_work)
        all_asked = played(corridor).log

    assert _rows(all_asked) == _rows(marked_only)


def _all_start_work(clock: Clock, of_marked: object = Clock._start_work) -> None:
    for facility, start in enumerate(clock._starts):
        clock.mark(facility)
        quay = getattr(start, "__self__", None)
        for stand in quay.stands.values() if isinstance(quay, Quay) else ():
            stand.has_news = True
            for position in (*stand.at_berth, *stand.in_roads):
                position.has_news = True
    assert callable(of_marked)
    of_marked(clock)


def _rows(log: EventLog) -> list[list[int]]:
    columns = (log.at_s, log.kind, log.consignment, log.vehicle, log.facility, log.value)
    return [list(map(int, row)) for row in zip(*columns, strict=True)]
