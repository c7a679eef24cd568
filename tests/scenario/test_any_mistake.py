"""Any mistake at all: a sound scenario with one thing in it exchanged is read, or refused in words that have a place."""

from __future__ import annotations

import copy
import tomllib
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import Problem, ScenarioError
from sim.scenario import loads
from sim.scenario.offered_load import offered_load
from sim.scenario.writing import to_toml

SOUND = tomllib.loads((Path(__file__).parent / "broken" / "good.toml").read_text(encoding="utf-8"))
ODD = st.sampled_from(
    [
        0, -1, 1, 1.5, 10**6, 10**18, 10**30, 10**400, float("nan"), float("inf"), float("-inf"), True, False, "", " ", "x",
        "\0", "é", "a.b", "0 s", "1 s", "-1 h", "1000 weeks", "1e300 h", "1 kg", "0 t", "1e-300 t", "1 kg/yr", "1e9 kt/yr",
        "0 kn", "1e-9 kn", "0 m", "1 m", "0 t/h", "1e12 t/h", "0 USD/t", "1e3 USD/t", "5 EUR/t", "0.000001 IRR/t", "1 RUB/t",
        "0 %", "1000 %", [], [0], {}, [[]], [{}], {"id": "x"}, [{"id": "x"}], {"distribution": "exponential", "mean": "9 d"},
        {"distribution": "gamma", "mean": "1 h", "cv": 1e9}, {"distribution": "weibull", "scale": "1 h", "shape": 1e-3},
        date(2026, 2, 28), date(1, 1, 1), date(9999, 12, 31), datetime(2026, 1, 1), time(1, 2),  # noqa: DTZ001 - a mistake
        [{"from": date(2026, 1, 2), "value": "1 m"}], [{"from": date(2026, 1, 2), "value": "1 USD/t"}],
        "aktau", "anzali", "good", "listed", "regular", "never", "berth", "restart", "container", "road", "import", "remove",
    ]
)  # fmt: skip


def _paths(data: object, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    own = [at] if at else []
    return own + [path for key, value in inner for path in _paths(value, (*at, key))]


PATHS = _paths(SOUND)


@settings(max_examples=400)
@given(st.sampled_from(PATHS), ODD | st.none())
def test_one_thing_exchanged_or_left_out_is_read_or_refused_in_words(path: tuple[Any, ...], odd: object) -> None:
    """Nothing else is ever raised; what is refused has its key and its line, and what is read has a load to show."""
    data: Any = copy.deepcopy(SOUND)
    table = data
    for key in path[:-1]:
        table = table[key]
    if odd is None:
        del table[path[-1]]
    else:
        table[path[-1]] = odd
    for problem in _problems(to_toml(data)):
        assert problem.key
        assert problem.message
        assert problem.origin is not None


def _problems(text: str) -> tuple[Problem, ...]:
    """What is wrong with a scenario; where nothing is, its load can be shown."""
    try:
        offered_load(loads(text).scenario)
    except ScenarioError as refusal:
        return refusal.problems
    return ()
