"""Whether the verdicts of `caspian compare` keep their word, on a corridor that is cheap to run.

``python -m tests.benchmarks.verdicts --null 2000 --planted 200``: equal scenarios under independent seeds must be called
null in 95 % of the trials, within a 99.9 % binomial interval; and a lead time that is longer by 2 % must be found in at
least 80 % of the trials, with the replications that the comparison itself says it needs. What it gave last stands in
`docs/benchmarks.md`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable

from scipy import stats

from sim.experiment.precision import t_interval
from sim.experiment.replication import Task, perform
from sim.experiment.workers import ordered
from tests.benchmarks.trials import KPI, found, is_null, worlds

__all__ = ["main", "planted"]


def planted(replications: int = 2000) -> str:
    """The share by which the planted lead time is longer, over many replications."""
    both = worlds()
    pairs = [
        [perform(Task(scenario=each.scenario, seed=1, replication=number, engine="auto")).kpis[KPI] for each in both]
        for number in range(replications)
    ]
    difference, mean = t_interval([other - one for one, other in pairs]), t_interval([one for one, _ in pairs])
    return f"{difference.mean / mean.mean:+.2%} (± {difference.half_width / mean.mean:.2%})"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _band(hits: int, trials: int) -> str:
    interval = stats.binomtest(hits, trials).proportion_ci(0.999)
    return f"{hits} of {trials}: {hits / trials:.1%}, 99.9 % interval [{interval.low:.1%}, {interval.high:.1%}]"


def main() -> None:
    """Run the trials and say how often the word was kept."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--null", type=int, default=2000)
    parser.add_argument("--planted", type=int, default=200)
    asked = parser.parse_args()
    alike: Iterable[bool] = ordered(is_null, range(asked.null), asked.null, each_s=0.1)
    _say(f"equal scenarios called null in {_band(sum(alike), asked.null)}")
    _say(f"planted: {planted()} in lead time")
    needed = list(ordered(found, range(asked.planted), asked.planted, each_s=0.1))
    with_them = sorted(count for count in needed if count)
    _say(f"the planted difference was found in {_band(len(with_them), asked.planted)}")
    _say(f"with {with_them[len(with_them) // 2]} replications in the middle, {with_them[-1]} at most")


if __name__ == "__main__":
    main()
