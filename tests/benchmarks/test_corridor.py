import tomllib
from pathlib import Path

import numpy as np
import pytest

from sim.experiment.replication import replicate
from sim.kpis import Evidence, checks, measure
from sim.scenario import load
from sim.scenario.notices import notices

CORRIDOR = Path(__file__).with_name("corridor.toml")
DAY_S = 86400


@pytest.fixture(scope="module")
def months() -> Evidence:
    """Four months of the corridor."""
    return replicate(load(str(CORRIDOR), ("run.run_length=120 d",)).scenario, 1, 0)


def test_the_corridor_stands_alone() -> None:
    """It extends no other file, so that no change of the catalogue can move it, and there is nothing to remark on."""
    assert "extends" not in tomllib.loads(CORRIDOR.read_text(encoding="utf-8"))
    assert not notices(load(str(CORRIDOR)))


def test_the_corridor_is_as_large_as_it_says() -> None:
    """23 700 lots a year of 19 t on average, 60 trucks and four vessels."""
    scenario = load(str(CORRIDOR)).scenario
    lots = sum(stream.volume / stream.lot.mean() for stream in scenario.demand if stream.lot)
    assert lots == pytest.approx(23_700)
    assert [service.vehicles for service in scenario.services] == [60, 4]


def test_the_corridor_is_busy_and_stable(months: Evidence) -> None:
    """Posts, trucks, vessels and quays are busy for half to four fifths of their time, and no month is slower than another.

    By a quarter, that is: a queue that grows all year would double the lead time in less.
    """
    found = measure(months)
    loads = [found[name] for name in found if name.startswith(("post_occupancy", "vehicle_utilisation"))]
    loads += [found[f"berth_occupancy.{port}-quay"] for port in ("anzali", "aktau")]
    assert all(0.45 < load < 0.85 for load in loads), loads
    lead_d = (months.hours.to_s - months.draws.release_s) / DAY_S
    month = (months.draws.release_s - months.network.window_from_s) // (30 * DAY_S)
    by_month = [float(lead_d[month == number].mean()) for number in range(4)]
    assert max(by_month) < 1.25 * min(by_month), by_month
    assert found["undelivered"] == 0


def test_every_part_of_the_pipeline_has_work(months: Evidence) -> None:
    """Each tariff has charged something, each cause of the corridor has cost time, and the checks come out at zero."""
    charged = {months.ledger.rules[row].id for row in np.unique(months.ledger.tariff[months.ledger.cents > 0])}
    assert charged >= {tariff.id for tariff in months.scenario.tariffs}
    found = measure(months)
    for cause in ("moving", "handling", "weather", "calendar", "berth", "crane", "vehicle", "customs"):
        assert found[f"lead_time_by_cause_h.{cause}"] > 0, cause
    assert not any(checks(months).values())


def test_grain_pays_what_a_broker_would_reckon(months: Evidence) -> None:
    """A tonne of 212 USD, 20 USD of freight and 0.636 USD of insurance is worth 232.636 USD at the border of Iran.

    Duty of 5 % is 11.6318 USD, and VAT of 10 % on both 24.42678 USD. That holds for each of thousands of lots, to the cent.
    """
    draws, ledger = months.draws, months.ledger
    grain = next(index for index, stream in enumerate(months.scenario.demand) if stream.id == "grain-in")
    is_grain = draws.shipment_stream[draws.shipment] == grain
    for tariff, usd_per_t in (("duty-iran", 11.6318), ("vat-iran", 24.42678)):
        row = next(index for index, rule in enumerate(ledger.rules) if rule.id == tariff)
        lines = (ledger.tariff == row) & is_grain[ledger.consignment]
        assert np.count_nonzero(lines) > 1000
        expected = draws.kg[ledger.consignment[lines]] * usd_per_t / 10
        assert np.abs(ledger.cents[lines] - expected).max() < 3
