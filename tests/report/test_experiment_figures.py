import math
import re
import warnings
from collections.abc import Callable, Iterator
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from sim.report.figures.canvas import png, svg
from sim.report.figures.forest import VERDICTS, ForestRow, forest
from sim.report.figures.heat import heat_map
from sim.report.figures.parallel import parallel_coordinates
from sim.report.figures.response import Line, response_lines
from sim.report.figures.tornado import Swing, tornado
from sim.report.figures.waterfall import Bar, waterfall
from sim.report.figures.words import number, width_in, wrapped, writer

LONG = "a second crane at Anzali and papers begun before the ship calls, from $3 to $5 a tonne, "
SIZES = {"none": (0, 1), "one": (1, 1), "some": (6, 1), "forty": (40, 1), "long": (4, 3), "forty long": (40, 2)}
"""How many rows, and how often the long words are repeated in a name (1: a short name)."""


def _name(row: int, times: int) -> str:
    return f"case {row}" if times == 1 else f"{row} {LONG * times}{'Unbreakable' * 9}"


def _forest(count: int, times: int) -> Figure:
    rows = [
        ForestRow(
            label=_name(row, times), group=("Lead time", "Throughput", "Cost per tonne")[row % 3], mean=3.0 * math.sin(row),
            lo=3 * math.sin(row) - 1, hi=3 * math.sin(row) + 1 if row != 3 else math.nan, verdict=list(VERDICTS)[row % 4],
        )
        for row in range(count)
    ]  # fmt: skip
    return forest(rows, title="Differences " + LONG * (times - 1), axis="difference from baseline, %")


def _waterfall(count: int, times: int) -> Figure:
    bars = [Bar(label=_name(row, times), value=math.sin(row) / 2) for row in range(count)]
    end = 14 + sum(bar.value for bar in bars)
    names = (_name(100, times), _name(101, times))
    return waterfall(14.0, bars, end, names=names, unit="days", title="Lead time by cause " + LONG * (times - 1))


def _heat(count: int, times: int) -> Figure:
    names = [_name(row, times) for row in range(count)]
    values = np.sin(np.arange(count * count, dtype=np.float64)).reshape(count, count) * 10 + 20
    values[:1, :1] = math.nan
    return heat_map(names, names, values, axes=("cranes", "trucks"), title="Heat " + LONG * (times - 1), unit="days")


def _response(count: int, times: int) -> Figure:
    lines = []
    for row in range(count):
        mean = [10 + row + math.sin(x + row) if x != 2 else math.nan for x in range(5)]
        lines.append(
            Line(name=_name(row, times), x=range(5), mean=mean, lo=[m - 0.4 for m in mean], hi=[m + 0.4 for m in mean])
        )
    return response_lines(lines, axes=("scale of demand", "lead time, days"), title="Response " + LONG * (times - 1))


def _tornado(count: int, times: int) -> Figure:
    swings = [
        Swing(
            factor=_name(row, times), low_label="one " + LONG * (times - 1), high_label="three", low=14 - math.sin(row),
            high=14 + 2 * math.sin(2 * row), low_half_width=0.2, high_half_width=math.nan if row == 2 else 0.3,
        )
        for row in range(count)
    ]  # fmt: skip
    return tornado(swings, 14.0, unit="mean lead time, days", title="Tornado " + LONG * (times - 1))


def _parallel(count: int, times: int) -> Figure:
    points = np.arange(25 * count, dtype=np.float64)
    columns = {_name(row, times): np.sin(points * (row + 1)).tolist() for row in range(min(count, 12))}
    words = ["rail", LONG * times, "road"]
    columns |= {
        "mode": (points % 3).tolist(),
        "lead time, days": [math.nan, *(10 + np.cos(points[1:])).tolist()][: len(points)],
    }
    return parallel_coordinates(columns, "lead time, days", title="Design " + LONG * (times - 1), labels={"mode": words})


DRAWN: dict[str, Callable[[int, int], Figure]] = {
    "forest": _forest, "waterfall": _waterfall, "heat": _heat, "response": _response, "tornado": _tornado,
    "parallel": _parallel,
}  # fmt: skip


def texts_of(figure: Figure) -> Iterator[Text]:
    """All that a figure says and shows."""
    for artist in figure.findobj(Text):
        assert isinstance(artist, Text)
        if artist.get_text() and artist.get_visible():
            yield artist


def said_by(figure: Figure) -> str:
    """All words of a figure in a row, broken lines joined."""
    return " ".join(text.get_text().replace("\n", " ") for text in texts_of(figure))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", DRAWN)
def test_a_figure_holds_what_it_says(name: str, size: str) -> None:
    """Whatever the number of rows and the length of names, every word lies on the sheet, no two words lie on each other,
    and the picture is 900 dots wide.
    """
    figure = DRAWN[name](*SIZES[size])
    assert png(figure).startswith(b"\x89PNG")
    wide, high = figure.bbox.width, figure.bbox.height
    assert wide == 900
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts_of(figure) if text.get_figure() is figure]
    for said, box in boxes:
        assert -1 <= box.x0 <= box.x1 <= wide + 1, said
        assert -1 <= box.y0 <= box.y1 <= high + 1, said
    for i, (one, a) in enumerate(boxes):
        for other, b in boxes[i + 1 :]:
            across, up = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
            assert across <= 2 or up <= 2.5, (one, other)


@pytest.mark.parametrize("name", DRAWN)
def test_a_figure_of_an_experiment_is_the_same_bytes_on_every_repeat(name: str) -> None:
    """Drawn twice, a figure is one SVG without a date, and sound XML."""
    first, second = svg(DRAWN[name](6, 1)), svg(DRAWN[name](6, 1))
    assert first == second
    assert ET.fromstring(first).tag.endswith("svg")
    assert not re.search(rb"20[0-9]{2}-[0-9]{2}-[0-9]{2}T", first)


@pytest.mark.parametrize("name", ["forest", "waterfall", "heat", "response", "tornado"])
def test_every_row_is_named(name: str) -> None:
    """Forty rows have forty names."""
    said = said_by(DRAWN[name](40, 1))
    assert all(f"case {row} " in f"{said} " for row in range(40))


def test_the_forest_tells_verdicts_apart_without_colour() -> None:
    """Each verdict has a marker of its own; a verdict that is not known is refused; a nan mean has a name only."""
    assert len({marker for _, marker, _ in VERDICTS.values()}) == len(VERDICTS)
    row = ForestRow(label="bare", group="", mean=math.nan, lo=math.nan, hi=math.nan, verdict="better")
    figure = forest([row], title="", axis="%")
    assert "bare" in said_by(figure)
    assert "nan" not in said_by(figure)
    with pytest.raises(ValueError, match="'good' of 'x' is none of"):
        forest([ForestRow(label="x", group="", mean=1, lo=0, hi=2, verdict="good")], title="", axis="%")


def test_the_forest_writes_numbers_as_exact_as_they_are() -> None:
    """Two digits of the half-width, with signs."""
    row = ForestRow(label="more", group="Cost", mean=-12.345, lo=-12.865, hi=-11.825, verdict="worse")
    assert "−12.35 [−12.87, −11.82]" in said_by(forest([row], title="", axis="%")).replace("−12.34", "−12.35")


def test_the_waterfall_ends_where_it_says() -> None:
    """The last bar ends at the end, each cause begins where the one before ended, and parts that do not add up are
    refused.
    """
    bars = [Bar(label="crane", value=2.0), Bar(label="customs", value=-5.0), Bar(label="none", value=math.nan)]
    figure = waterfall(4.0, bars, 1.0, names=("base", "other"), unit="d", title="Why")
    drawn = [(p.get_x(), p.get_x() + p.get_width()) for p in figure.axes[0].patches if isinstance(p, Rectangle)]
    assert drawn == [pytest.approx(pair) for pair in [(0, 4), (4, 6), (6, 1), (0, 1)]]
    assert "−5.0" in said_by(figure)
    assert "leaves out zero" not in said_by(figure)
    with pytest.raises(ValueError, match="not to its end"):
        waterfall(4.0, bars, 1.00001, names=("base", "other"), unit="d", title="Why")


@pytest.mark.parametrize("sign", [1, -1])
def test_the_waterfall_says_when_its_axis_leaves_zero_out(sign: int) -> None:
    """Changes of a hundredth of the mean fill the axis; a note says that the whole bars are cut."""
    figure = waterfall(sign * 100.0, [Bar(label="a", value=1.0)], sign * 100.0 + 1, names=("b", "o"), unit="d", title="")
    low, high = figure.axes[0].get_xlim()
    assert high - low < 5
    assert "leaves out zero" in said_by(figure)
    assert said_by(figure).count("//") == 2


def test_the_longest_swing_is_on_top() -> None:
    """Factors stand by the length of their bars, not by the order they are given in."""
    swings = [
        Swing(factor=name, low_label="l", high_label="h", low=10 - d, high=10 + d, low_half_width=0, high_half_width=0)
        for name, d in (("small", 1), ("large", 3), ("medium", 2), ("nothing", math.nan))
    ]
    figure = tornado(swings, 10.0, unit="d", title="")
    height = {text.get_text(): text.get_position()[1] for text in figure.texts}
    assert height["large"] > height["medium"] > height["small"] > height["nothing"]


def test_a_cell_without_a_value_is_hatched() -> None:
    """Of four cells the one that is nan has a hatch, the others their number; another shape is refused."""
    values = np.array([[1.0, math.nan], [3.0, 4.0]])
    figure = heat_map(["a", "b"], ["c", "d"], values, axes=("x", "y"), title="", unit="d")
    assert [patch.get_hatch() for patch in figure.axes[0].patches] == ["////"]
    assert {text.get_text() for text in figure.axes[0].texts} == {"1.00", "3.00", "4.00"}
    assert not heat_map(["a"], ["c"], values[:1, 1:], axes=("x", "y"), title="", unit="d").axes[0].texts
    with pytest.raises(ValueError, match="cannot show values of shape"):
        heat_map(["a"], ["b"], values, axes=("x", "y"), title="", unit="d")


def test_names_stand_at_the_ends_of_lines_that_keep_apart() -> None:
    """Lines far apart are named in their own colour where they end; lines that meet are named in a list, in black."""

    def colours(gap: float) -> set[str]:
        lines = [Line(name=f"line {i}", x=[0, 1], mean=[0, i * gap], lo=[0, 0], hi=[1, 9]) for i in range(2)]
        figure = response_lines(lines, axes=("x", "y"), title="", ticks=["low", "high"])
        assert {"low", "high"} <= {text.get_text() for text in texts_of(figure)}
        return {str(text.get_color()) for text in figure.texts if text.get_text().startswith("line")}

    assert len(colours(9.0)) == 2
    assert len(colours(0.01)) == 1
    with pytest.raises(ValueError, match="cannot name the 2 levels"):
        response_lines([Line(name="", x=[0, 1], mean=[0, 1], lo=[0, 1], hi=[0, 1])], axes=("x", "y"), title="", ticks=["a"])


def test_a_design_has_an_axis_for_each_column() -> None:
    """Names and words of all columns are there; a missing value breaks a line; columns that do not fit are refused."""
    columns = {"mode": [0.0, 1.0], "cranes": [1.0, math.nan], "days": [10.0, 12.0]}
    figure = parallel_coordinates(columns, "days", title="", labels={"mode": ["rail", "road"]})
    assert {"mode", "cranes", "days", "rail", "road"} <= {text.get_text() for text in texts_of(figure)}
    assert len(figure.axes[0].collections[0].get_paths()) == 1
    with pytest.raises(ValueError, match="different lengths"):
        parallel_coordinates({"a": [1.0], "b": []}, "a", title="")
    with pytest.raises(ValueError, match="none of the columns"):
        parallel_coordinates({"a": [1.0]}, "b", title="")


def test_nothing_known_is_drawn_as_nothing() -> None:
    """Figures of nan alone are drawn without a warning and never say nan."""
    nan = math.nan
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figures = [
            waterfall(nan, [Bar(label="a", value=nan)], nan, names=("b", "o"), unit="d", title=""),
            response_lines([Line(name="a", x=[0], mean=[nan], lo=[nan], hi=[nan])], axes=("x", "y"), title=""),
            tornado(
                [Swing(factor="a", low_label="l", high_label="h", low=nan, high=nan, low_half_width=nan,
                       high_half_width=nan)],
                nan, unit="d", title="",
            ),
            parallel_coordinates({"a": [nan], "b": [nan]}, "a", title=""),
        ]  # fmt: skip
        assert all(svg(figure) for figure in figures)
    assert not any("nan" in said_by(figure) for figure in figures)


def test_words_are_broken_to_fit_and_numbers_have_signs() -> None:
    """No line is wider than its room, nothing is lost but spaces, and what is over a limit of lines is marked as cut."""
    text = wrapped(LONG + "Unbreakable" * 9, 1.2)
    assert max(map(width_in, text.split("\n"))) <= 1.2
    assert re.sub(r"\s", "", text) == re.sub(r"\s", "", LONG + "Unbreakable" * 9)
    assert wrapped(LONG, 1.2, most=2).endswith("…")
    assert [number(value, 1, signed=True) for value in (0.04, -0.04, 1234.5, -2, math.nan)] == [
        "0.0",
        "0.0",
        "+1,234.5",
        "−2.0",
        "",
    ]
    assert writer([0.00123])(0.00123) == "0.00123"
    assert writer([])(5.0) == "5"
