import math

from tests.benchmarks.agreement import differences
from tests.benchmarks.yardstick import Hours

SHORT = "run.warm_up=15 d", "run.run_length=70 d"
REPLICATIONS = 8
WIDEST = {
    "throughput_kt": 0.03,
    "lead_time_export_d": 0.08,
    "lead_time_import_d": 0.08,
    "berth_occupancy.qazvin-docks": 0.06,
    "berth_occupancy.anzali-docks": 0.08,
    "berth_occupancy.anzali-quay": 0.06,
    "berth_occupancy.aktau-quay": 0.06,
    "vehicle_utilisation.trucks": 0.02,
    "vehicle_utilisation.vessels": 0.03,
    "voyages.trucks": 0.02,
    "voyages.vessels": 0.03,
    "load_factor.vessels": 0.05,
    "post_occupancy.anzali-export": 0.06,
    "post_occupancy.anzali-import": 0.06,
    "post_occupancy.aktau-entry": 0.06,
    "post_occupancy.aktau-exit": 0.06,
    "post_wait_h.anzali-export": 0.12,
    "post_wait_h.aktau-exit": 0.15,
}
"""Half-width of the interval of the difference over the mean, beyond which it says nothing."""
HOUR_S, DAY_S = 3600, 86400


def test_the_yardstick_is_the_same_corridor() -> None:
    """Plain SimPy with its own chance finds the means that we find: zero lies in the 99 % interval of each difference.

    And each interval is so narrow that a corridor a few per cent quicker or fuller would be noticed.
    """
    found = {each.kpi: each for each in differences(REPLICATIONS, SHORT)}
    for name, widest in WIDEST.items():
        assert found[name].half <= widest, f"inconclusive: {found[name]}"
        assert found[name].agrees, f"the yardstick differs: {found[name]}"


def test_work_stops_in_the_evening_and_goes_on_in_the_morning() -> None:
    """Open from 8 to 20: three hours begun at 18 end at 9; what comes at night begins at 8; nobody begins at 20."""
    office = Hours([8 * HOUR_S, DAY_S + 8 * HOUR_S, math.inf], [20 * HOUR_S, DAY_S + 20 * HOUR_S, math.inf])
    assert office.work(18 * HOUR_S, 3 * HOUR_S) == (18 * HOUR_S, DAY_S + 9 * HOUR_S)
    assert office.work(5 * HOUR_S, HOUR_S) == (8 * HOUR_S, 9 * HOUR_S)
    assert office.work(20 * HOUR_S, HOUR_S) == (DAY_S + 8 * HOUR_S, DAY_S + 9 * HOUR_S)
    assert office.until(DAY_S + 9 * HOUR_S) == 13 * HOUR_S
