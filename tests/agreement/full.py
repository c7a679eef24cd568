"""The agreement of the engines in full: every shipped scenario at its whole length, and a corridor under stress, many times.

Not a test of the suite, since it takes long: ``python -m tests.agreement.full --seeds 20``. What it gave last stands in
`docs/engines.md`.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sim.experiment.workers import ordered
from tests.agreement.both import rows_agreed

__all__ = ["main"]

SCENARIOS = sorted(path.stem for path in (Path(__file__).parents[2] / "scenarios").glob("*.toml"))
STRESS = str(Path(__file__).with_name("stress.toml"))
BENCHMARK = str(Path(__file__).parents[1] / "benchmarks" / "corridor.toml")


def main() -> None:
    """Play all there is to play and say how many events were the same."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seeds", type=int, default=20)
    seeds = parser.parse_args().seeds
    tasks = [(name, seed) for name in (*SCENARIOS, STRESS, BENCHMARK) for seed in range(1, seeds + 1)]
    total = 0
    for name, seed, rows in ordered(rows_agreed, tasks, len(tasks)):
        total += rows
        sys.stdout.write(f"{Path(name).stem:<20} seed {seed:>3}  {rows:>9,} events agree\n")
        sys.stdout.flush()
    sys.stdout.write(f"{len(tasks)} runs, {total:,} events: the engines agree bit for bit\n")


if __name__ == "__main__":
    main()
