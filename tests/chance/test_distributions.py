"""Distributions: quantiles and means against theory, and how a scenario writes them."""

import dataclasses
import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import BaseModel
from scipy import stats

from sim.chance.distributions import (
    FAMILIES,
    Distribution,
    DistributionOf,
    Fixed,
    KilogramsDistribution,
    SecondsDistribution,
)
from sim.chance.streams import uniforms
from sim.errors import ValueFault
from sim.units import DURATION, POSITIVE_MASS

HOUR_S = 3600.0
SECONDS = DistributionOf(DURATION)

FORMS: dict[str, tuple[dict[str, object], object]] = {
    "fixed": ({"value": "3 h"}, None),
    "uniform": ({"low": "1 h", "high": "3 h"}, stats.uniform(1, 2)),
    "triangular": ({"low": "1 h", "mode": "2 h", "high": "5 h"}, stats.triang(0.25, 1, 4)),
    "exponential": ({"mean": "2 h"}, stats.expon(scale=2)),
    "gamma": ({"mean": "4 h", "cv": 0.5}, stats.gamma(4, scale=1)),
    "erlang": ({"mean": "6 h", "k": 3}, stats.gamma(3, scale=2)),
    "lognormal": ({"median": "24 h", "p95": "96 h"}, stats.lognorm(math.log(4) / stats.norm.ppf(0.95), scale=24)),
    "lognormal by mean": ({"mean": "10 h", "cv": 2}, stats.lognorm(math.sqrt(math.log(5)), scale=10 / math.sqrt(5))),
    "weibull": ({"scale": "2 h", "shape": 1.5}, stats.weibull_min(1.5, scale=2)),
    "weibull by mean": ({"mean": "2 h", "shape": 2}, stats.weibull_min(2, scale=2 / math.gamma(1.5))),
    "empirical": ({"values": ["3 h", "1 h", "2 h"], "weights": [1, 2, 1]}, None),
}


def made(form: str) -> Distribution:
    """The distribution of one of the forms above."""
    return SECONDS.parse({"distribution": form.split(maxsplit=1)[0], **FORMS[form][0]})


def fault_of(raw: object) -> ValueFault:
    """What is wrong with `raw`."""
    with pytest.raises(ValueFault) as caught:
        SECONDS.parse(raw)
    return caught.value


def test_every_member_of_the_family_is_tried() -> None:
    """A distribution added to the table is added to these tests too."""
    assert {form.split()[0] for form in FORMS} == set(FAMILIES)


@pytest.mark.parametrize("form", [form for form, (_, law) in FORMS.items() if law])
def test_quantiles_and_mean_are_those_of_theory(form: str) -> None:
    """Quantiles and mean agree with the law of that name, computed from the parameters by another library."""
    u = np.array([1e-6, 0.01, 0.25, 0.5, 0.9, 0.95, 1 - 1e-6])
    law = FORMS[form][1]
    assert made(form).ppf(u) == pytest.approx(HOUR_S * law.ppf(u), rel=1e-9)  # type: ignore[attr-defined]
    assert made(form).mean() == pytest.approx(HOUR_S * law.mean(), rel=1e-12)  # type: ignore[attr-defined]


@pytest.mark.parametrize("form", FORMS)
def test_the_mean_is_that_of_the_variates(form: str) -> None:
    """The mean of 200 000 variates lies within 4 standard errors of the stated mean."""
    variates = made(form).ppf(uniforms(1, 0, "test", form, 200_000))
    assert abs(variates.mean() - made(form).mean()) <= 4 * variates.std() / math.sqrt(len(variates)) + 1e-9


@pytest.mark.parametrize("form", FORMS)
@given(u=st.lists(st.floats(2**-54, 1 - 2**-53), min_size=2))
def test_quantiles_never_fall(form: str, u: list[float]) -> None:
    """A larger uniform never gives a smaller variate, save for the last digits; all are finite and not negative."""
    quantiles = made(form).ppf(np.sort(u))
    assert np.all(np.diff(quantiles) >= -1e-9 * np.abs(quantiles[1:]))
    assert np.all(np.isfinite(quantiles) & (quantiles >= 0))


def test_the_stated_p95_comes_back() -> None:
    """A lognormal told by its median and p95 has that median and that p95."""
    drawn = made("lognormal").ppf(np.array([0.5, 0.95]))
    assert drawn == pytest.approx([24 * HOUR_S, 96 * HOUR_S], rel=1e-12)


def test_empirical_values_come_as_often_as_their_weights_say() -> None:
    """Of the values 1, 2 and 3 h with weights 2, 1 and 1, half of the uniforms give 1 h."""
    drawn = made("empirical").ppf(np.array([0.01, 0.5, 0.51, 0.75, 0.76, 1 - 2**-53]))
    assert (drawn / HOUR_S).tolist() == [1, 1, 2, 2, 3, 3]
    assert made("empirical").mean() == 1.75 * HOUR_S


def test_a_plain_quantity_is_a_fixed_value() -> None:
    """`"36 h"` is always 36 hours, and any dimension may be drawn."""
    assert SECONDS.parse("36 h") == Fixed(36 * HOUR_S)
    assert DistributionOf(POSITIVE_MASS).parse("5 t").ppf(np.zeros(2)).tolist() == [5000, 5000]


def test_a_column_of_a_file_is_a_distribution(tmp_path: Path) -> None:
    """Values from a CSV file, in the unit said, are as good as values in the scenario."""
    file = tmp_path / "waits.csv"
    file.write_text("port, hours\nAktau,2\nAktau,0.5\n", encoding="utf-8-sig")
    raw = {"distribution": "empirical", "file": str(file), "column": "hours", "unit": "h"}
    assert SECONDS.parse(raw) == SECONDS.parse({"distribution": "empirical", "values": ["2 h", "30 min"]})


FAULTS: list[tuple[dict[str, object], str, tuple[object, ...], str]] = [
    ({"distribution": "lognormal", "median": "4 h", "p95": "3 h"}, "is not above the median", ("p95",), ""),
    ({"distribution": "lognormal", "median": "4 h", "p59": "3 h"}, "unknown key for lognormal", ("p59",), "p95"),
    ({"distribution": "lognormal", "median": "4 h"}, "has no 'p95'", (), ""),
    ({"distribution": "lognormal", "median": "4 h", "cv": 1}, "has median and cv, which do not go together", (), ""),
    ({"distribution": "lognormal", "median": "4 hr", "p95": "9 h"}, "unknown unit 'hr' for a duration", ("median",), "h"),
    ({"distribution": "lognormal", "mean": "4 h", "cv": 1e200}, "has no finite mean", (), ""),
    ({"distribution": "gama", "mean": "4 h", "cv": 1}, "unknown distribution", ("distribution",), "gamma"),
    ({"distributon": "gamma", "mean": "4 h", "cv": 1}, "unknown key", ("distributon",), "distribution"),
    ({"mean": "4 h", "cv": 1}, "has no 'distribution'", (), ""),
    ({"distribution": "gamma", "mean": "4 h", "cv": -1}, "is not a number above zero", ("cv",), ""),
    ({"distribution": "gamma", "mean": "4 h", "cv": "1"}, "is not a number above zero", ("cv",), ""),
    ({"distribution": "exponential", "mean": "0 h"}, "must be above zero", ("mean",), ""),
    ({"distribution": "erlang", "mean": "4 h", "k": 1.5}, "is not a whole number above zero", ("k",), ""),
    ({"distribution": "weibull", "mean": "4 h", "shape": 1e-3}, "has no finite mean", (), ""),
    ({"distribution": "uniform", "low": "4 h", "high": "3 h"}, "is below 'low'", ("high",), ""),
    ({"distribution": "uniform", "low": "-1 h", "high": "3 h"}, "is too small", ("low",), ""),
    ({"distribution": "triangular", "low": "4 h", "mode": "4 h", "high": "4 h"}, "is not above 'low'", ("high",), ""),
    ({"distribution": "triangular", "low": "1 h", "mode": "9 h", "high": "4 h"}, "is not between 'low' and 'high'",
     ("mode",), ""),
    ({"distribution": "empirical", "values": []}, "is not a list of values", ("values",), ""),
    ({"distribution": "empirical", "values": ["1 h", "x"]}, "is not a duration", ("values", 1), ""),
    ({"distribution": "empirical", "values": ["1 h"], "weights": [1, 2]}, "has 2 numbers for 1 values", ("weights",), ""),
    ({"distribution": "empirical", "values": ["1 h"], "weights": [0]}, "adds up to nothing", ("weights",), ""),
    ({"distribution": "empirical", "values": ["1 h"], "weights": [-1]}, "is not a weight", ("weights", 0), ""),
    ({"distribution": "empirical", "file": 3, "column": "h", "unit": "h"}, "is not a text", ("file",), ""),
    ({"distribution": "empirical", "file": "nowhere.csv", "column": "h", "unit": "h"},
     "cannot be read: No such file or directory", ("file",), ""),
    ({"distribution": "empirical", "file": "nowhere.csv", "column": "h", "unit": "mins"}, "unknown unit for a duration",
     ("unit",), "min"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "message", "at", "suggestion"), FAULTS, ids=[fault[1] for fault in FAULTS])
def test_a_fault_says_what_and_where(raw: dict[str, object], message: str, at: tuple[object, ...], suggestion: str) -> None:
    """Each thing that can be wrong is named, with the key it stands at and the nearest right word."""
    fault = fault_of(raw)
    assert (fault.message, fault.at, fault.suggestion) == (message, at, suggestion)


@pytest.mark.parametrize(
    ("content", "message", "at"),
    [
        (b"port,hours\nAktau,2\nAktau,\n", "line 3 of the file holds '', which is not a duration", "column"),
        (b"port,hours\nAktau,-2\n", "line 2 of the file holds '-2', which is too small", "column"),
        (b"port,hour\nAktau,2\n", "is not a column of the file", "column"),
        (b"port,hours\n", "holds no lines below its heading", "file"),
        (b"", "is not a column of the file", "column"),
        (b"port,hours\n\xff,2\n", "cannot be read: it is not UTF-8 text", "file"),
    ],
)
def test_a_faulty_file_is_told(tmp_path: Path, content: bytes, message: str, at: str) -> None:
    """What is wrong with a CSV file is said with its line; nothing is skipped in silence."""
    file = tmp_path / "waits.csv"
    file.write_bytes(content)
    fault = fault_of({"distribution": "empirical", "file": str(file), "column": "hours", "unit": "h"})
    assert (fault.message, fault.at) == (message, (at,))


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Truck:
    """A noun that wears both markers."""

    time: SecondsDistribution
    load: KilogramsDistribution | None = None


class Whole(BaseModel):
    """What the scenario reader makes of nouns."""

    truck: Truck


def test_the_scenario_reader_understands_the_markers() -> None:
    """A noun with fields of these types is read as the nouns of the corridor are."""
    whole = Whole.model_validate({"truck": {"time": "36 h", "load": {"distribution": "exponential", "mean": "5 t"}}})
    assert whole.truck.time.mean() == 36 * HOUR_S
    assert whole.truck.load is not None
    assert whole.truck.load.mean() == 5000


def test_the_schema_takes_what_is_read_and_refuses_the_rest() -> None:
    """Editors are told the same: every form is valid by the JSON Schema, a lone or unknown key is not."""
    schema = Draft202012Validator(json.loads(json.dumps(SECONDS.json_schema())))
    for form, (keys, _) in FORMS.items():
        assert schema.is_valid({"distribution": form.split()[0], **keys})
    assert schema.is_valid("36 h")
    assert schema.is_valid({"distribution": "empirical", "file": "x.csv", "column": "h", "unit": "h"})
    assert not schema.is_valid({"distribution": "lognormal", "median": "24 h"})
    assert not schema.is_valid({"distribution": "gamma", "mean": "24 h", "cv": 1, "k": 2})
