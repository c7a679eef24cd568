import numpy as np
import pytest

from tests.benchmarks.yardstick import CORRIDOR, kpis, numbers, simulate

pytest.importorskip("cimba", reason="Cimba is no dependency")


def test_cimba_has_the_same_corridor() -> None:
    """Lead times and legs per day of the two models are within 4 % of each other: enough to compare speeds."""
    from tests.benchmarks import cimba_model  # noqa: PLC0415 - only where its package is

    read = numbers(CORRIDOR, ("run.run_length=120 d",))
    days = (read.network.window_to_s + cimba_model.COOLDOWN_S) / 86400
    theirs = [cimba_model.simulate(read, 1, number) for number in range(8)]
    plain = [kpis(read, simulate(read, 1, number)) for number in range(4)]
    for name, twin, scale in (
        ("lead_out_d", "lead_time_export_d", 1.0),
        ("lead_in_d", "lead_time_import_d", 1.0),
        ("truck_voyages", "voyages.trucks", 365 / days),
        ("vessel_voyages", "voyages.vessels", 365 / days),
    ):
        found = scale * np.mean([row[name] for row in theirs])
        assert found == pytest.approx(np.mean([row[twin] for row in plain]), rel=0.04), name
