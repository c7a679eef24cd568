"""What is sent: when, how much, on which route, in which pieces, and how demand is scaled."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from scipy import stats

from sim.draws import Draws
from sim.world.network import Network
from tests.draws.corridor import drawn, shipments_of, works_of

FRUIT, COIL, MACHINES = range(3)
SEASON = (1, 1, 1, 0, 2, 2, 3, 3, 4, 4, 2, 1)
DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@pytest.fixture(scope="module", name="base")
def _base() -> tuple[Network, Draws]:
    return drawn()


def test_releases_follow_the_season() -> None:
    """Over twenty years the shipments released in each month lie within the 99.9 % interval of what its weight expects."""
    pooled = np.zeros(12, dtype=int)
    for replication in range(20):
        network, draws = drawn(replication=replication)
        mine = draws.shipment_release_s[draws.shipment_stream == FRUIT]
        epoch = datetime.fromtimestamp(network.start_unix_s, UTC)
        np.add.at(pooled, [(epoch + timedelta(seconds=at_s)).month - 1 for at_s in mine.tolist()], 1)
    weight = np.array(SEASON) * DAYS
    expected = 20 * 1000 * weight / weight.sum()
    low, high = stats.poisson.interval(0.999, expected)
    assert ((low <= pooled) & (pooled <= high)).all()
    assert pooled[3] == 0


def test_volume_is_met_in_the_mean() -> None:
    """Over thirty years the volume lies inside the 99.9 % t-interval of the tonnes released, a twentieth wide at most."""
    years = (drawn(replication=replication)[1] for replication in range(30))
    tonnes = [draws.shipment_kg[draws.shipment_stream == FRUIT].sum() / 1000 for draws in years]
    half = stats.t.ppf(0.9995, 29) * np.std(tonnes, ddof=1) / math.sqrt(30)
    assert half < 0.05 * 30000
    assert abs(np.mean(tonnes) - 30000) <= half


def test_a_leap_february_goes_on_at_its_rate() -> None:
    """In a leap year the 29th of February is released like the 28th, so that the year holds a day more than the volume."""
    year = {"run.start": date(2028, 1, 1), "run.run_length": "366 d"}
    _, draws = drawn({"demand.coil-in.arrivals": "regular", **year})
    mine = draws.shipment_release_s[draws.shipment_stream == COIL]
    assert len(mine) == math.ceil(500 * 366 / 365 - 0.5)


def test_regular_releases_are_evenly_spaced() -> None:
    """Five hundred regular lots a year leave every 17.52 hours, the first after half of that."""
    _, draws = drawn({"demand.coil-in.arrivals": "regular"})
    mine = draws.shipment_release_s[draws.shipment_stream == COIL]
    assert mine.tolist() == [int(63072 * (k + 0.5)) for k in range(500)]


def test_listed_shipments_leave_as_listed(base: tuple[Network, Draws]) -> None:
    """Listed shipments have the release and size of the list; what is listed for after the horizon is not sent."""
    day_s = 86400
    assert shipments_of(*base, MACHINES) == {(0, 0): (10 * day_s, 60000, 0), (0, 1): (20 * day_s, 20000, 0)}


def test_what_is_listed_for_after_the_end_keeps_its_number() -> None:
    """A list need not be in order: with its first shipment beyond the horizon the second keeps number, route and papers."""
    far = [{"at": "900 d", "mass": "60 t"}, {"at": "20 d", "mass": "20 t"}]
    beyond = drawn({"demand.machines.shipments": far})
    near = drawn({"demand.machines.shipments": [{**far[0], "at": "10 d"}, far[1]]})
    assert [*shipments_of(*beyond, MACHINES)] == [(0, 1)]
    assert works_of(beyond[1], MACHINES)[0, 1, 0] == works_of(near[1], MACHINES)[0, 1, 0]


def test_shares_of_routes_are_met(base: tuple[Network, Draws]) -> None:
    """The number of shipments by sea lies within the 99.9 % interval of a binomial of its share."""
    routes = [route for _, _, route in shipments_of(*base, FRUIT).values()]
    low, high = stats.binom.interval(0.999, len(routes), 0.7)
    assert low <= routes.count(0) <= high
    assert set(routes) == {0, 1}


def test_pieces_add_up_to_their_shipment(base: tuple[Network, Draws]) -> None:
    """Every shipment is cut into full vehicles of the smallest on its route and a rest that is not nothing."""
    _, draws = base
    largest_kg = np.where(draws.shipment_flow == 1, 20000, 24000)
    assert np.array_equal(np.bincount(draws.shipment, draws.kg).astype(int), draws.shipment_kg)
    assert np.array_equal(np.bincount(draws.shipment), -(-draws.shipment_kg // largest_kg))
    last = np.r_[np.diff(draws.shipment) != 0, True]
    assert (draws.kg[~last] == largest_kg[draws.shipment][~last]).all()
    assert (draws.kg[last] > 0).all()
    assert (draws.kg <= largest_kg[draws.shipment]).all()


def test_consignments_are_numbered_by_release_stream_k_and_piece() -> None:
    """A number is the rank by (release, stream, layer, k, piece), ties and all."""
    regular = {"demand.coil-in.arrivals": "regular", "demand.fruit-out.arrivals": "regular"}
    _, draws = drawn({"scale.throughput": 2.3, **regular})
    columns = (draws.shipment_stream, draws.shipment_layer, draws.shipment_k)
    keys = [draws.release_s, *(column[draws.shipment] for column in columns), draws.piece]
    assert np.array_equal(np.lexsort(keys[::-1]), np.arange(len(draws.kg)))
    assert np.array_equal(draws.release_s, draws.shipment_release_s[draws.shipment])
    assert np.array_equal(draws.flow, draws.shipment_flow[draws.shipment])


def test_slots_and_plugs_are_those_of_the_cargo(base: tuple[Network, Draws]) -> None:
    """Twenty tonnes of fruit at ten tonnes per TEU are two TEU, one plug and forty cubic metres; coil needs mass only."""
    _, draws = base
    full = np.flatnonzero((draws.flow == 1) & (draws.kg == 20000))
    assert len(full)
    for column, need in ((draws.milliteu, 2000), (draws.milliplugs, 1000), (draws.litres, 40000)):
        assert (column[full] == need).all()
        assert not column[draws.flow > 1].any()
    part = np.flatnonzero((draws.flow == 0) & (draws.kg < 24000))
    assert (draws.milliteu[part] == -(-draws.kg[part] // 10)).all()


def test_one_declaration_serves_all_of_a_shipment(base: tuple[Network, Draws]) -> None:
    """A post that works per shipment needs one time for all its pieces, a post that works per consignment one for each."""
    _, draws = base
    for shipment in np.flatnonzero(draws.shipment_flow == 2)[:100].tolist():
        papers, customs = draws.post_work_s[draws.shipment == shipment].T
        assert len(customs) == 3
        assert len(set(papers.tolist())) == 1
        assert len(set(customs.tolist())) == 3


@pytest.mark.parametrize("factor", [0.5, 0.8])
def test_less_throughput_thins(base: tuple[Network, Draws], factor: float) -> None:
    """Scaled down, a part of the base shipments is left, each as it was; how many is binomial."""
    network, other = drawn({"scale.throughput": factor})
    for stream in (FRUIT, COIL):
        before, after = shipments_of(*base, stream), shipments_of(network, other, stream)
        assert after.items() <= before.items()
        low, high = stats.binom.interval(0.999, len(before), factor)
        assert low <= len(after) <= high
        assert works_of(other, stream).items() <= works_of(base[1], stream).items()


@pytest.mark.parametrize("factor", [1.7, 2.0, 3.2])
def test_more_throughput_superposes(base: tuple[Network, Draws], factor: float) -> None:
    """Scaled up, every base shipment is there as it was, and further layers come with releases of their own."""
    network, other = drawn({"scale.throughput": factor})
    for stream in (FRUIT, COIL):
        before, after = shipments_of(*base, stream), shipments_of(network, other, stream)
        assert before.items() <= after.items()
        assert works_of(base[1], stream).items() <= works_of(other, stream).items()
        added = [key for key in after if key not in before]
        low, high = stats.poisson.interval(0.999, (factor - 1) * (1000, 500)[stream])
        assert low <= len(added) <= high
        assert {layer for layer, _ in added} == set(range(1, math.ceil(factor)))
        assert all(after[layer, k][0] != before[0, k][0] for layer, k in added if (0, k) in before)


def test_more_throughput_keeps_those_of_less(base: tuple[Network, Draws]) -> None:
    """From 0.3 to 2.5 each step keeps all shipments of the one before."""
    fewer: set[tuple[int, int]] = set()
    for factor in (0.3, 0.6, 1.0, 1.4, 2.0, 2.5):
        more = shipments_of(*drawn({"scale.throughput": factor}), COIL).keys()
        assert fewer < set(more)
        fewer = set(more)
    assert set(shipments_of(*base, COIL)) < fewer


def test_a_direction_or_a_commodity_scales_alone(base: tuple[Network, Draws]) -> None:
    """Halving imports leaves exports whole; halving a commodity within it multiplies."""
    network, other = drawn({"scale.by_direction.import.throughput": 0.5})
    assert shipments_of(network, other, FRUIT) == shipments_of(*base, FRUIT)
    coil = shipments_of(network, other, COIL)
    network, other = drawn({"scale.by_direction.import.throughput": 0.5, "scale.by_commodity.coil.throughput": 2.0})
    assert shipments_of(network, other, COIL) == shipments_of(*base, COIL)
    network, other = drawn({"scale.throughput": 0.5})
    assert shipments_of(network, other, COIL) == coil


def test_nothing_is_sent_at_a_throughput_of_zero() -> None:
    """With demand scaled to nothing the corridor is still drawn, without a shipment."""
    _, draws = drawn({"scale.throughput": 0.0})
    assert len(draws.shipment_kg) == len(draws.kg) == len(draws.load_s) == 0
    assert len(draws.call_at_s)
