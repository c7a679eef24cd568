from pathlib import Path

import pytest
from click.testing import CliRunner

from sim.cli import main
from sim.experiment.sweeps import driving
from sim.experiment.sweeps.database import Failure, Store

TINY = str(Path(__file__).parents[1] / "tiny.toml")


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command runs in a folder of its own."""
    monkeypatch.chdir(tmp_path)


def said(factors: str, *words: str, replications: int = 1) -> str:
    """What `caspian sweep` says of a sweep over some factors."""
    Path("fleet.toml").write_text(f'scenario = "{TINY}"\nreplications = {replications}\n[factors]\n{factors}\n')
    result = CliRunner().invoke(main, ("sweep", "fleet.toml", "--on", "serial", *words))
    assert result.exit_code == 0, result.output
    return result.output


def test_the_arithmetic_of_a_plan_adds_up() -> None:
    """Points of equal scenarios are run once, and the plan says how many differ; one of a thing is no plural."""
    both = "scale.tariffs = [1.0, 1.0]\nservices.ship.vehicles = [1, 2, 3]"
    assert "  6 points, 3 of them different, × 2 replications = 6 runs; 0 stored, 6 to do" in said(
        both, "--dry-run", "-n", "2"
    )
    assert "  1 point × 1 replication = 1 run; 0 stored, 1 to do" in said("scale.tariffs = [1.0]", "--dry-run")
    assert "1 simulation a replication: the other points differ only in what is settled after it" in said(
        "scale.tariffs = [1.0, 2.0]", "--dry-run"
    )
    assert "a replication:" not in said("scale.tariffs = [1.0, 1.0]", "--dry-run")


def test_a_dry_run_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan times a run where none is stored, and leaves folder and store as they were, also with --retry, whose runs it
    counts.
    """
    said("scale.tariffs = [1.0]")
    (store,) = Path().glob("results/sweeps/*/sweep.sqlite")
    with_store = Store(store, "another model", 7)
    before = list(with_store.dump())
    monkeypatch.setattr("sim.cli.sweeping.model_version", lambda: "another model")
    assert "0 stored, 2 to do" in said("scale.tariffs = [1.0, 2.0]", "--dry-run")
    assert list(with_store.dump()) == before
    digest = before[-1].split('"')[1]
    with_store.put((), [Failure(digest=digest, replication=0, attempts=driving.MOST_ATTEMPTS, error="full", host="here")])
    assert "0 stored, 1 set aside, 1 to do" in said("scale.tariffs = [1.0, 2.0]", "--dry-run")
    assert "0 stored, 2 to do" in said("scale.tariffs = [1.0, 2.0]", "--dry-run", "--retry")
    assert len(with_store.failures()) == 1
    with_store.close()
    store.unlink()
    said("scale.tariffs = [1.0]", "--dry-run")
    assert not store.exists()
