import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree as ET

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.path import Path as Outline
from matplotlib.text import Text

from sim.experiment.replication import replicate
from sim.kpis import Evidence
from sim.report.figures import FIGURES, figure_files
from sim.report.figures.canvas import png, sheet, short, styled, svg
from sim.report.figures.coast import coast, sea_way
from sim.report.figures.corridor import CargoFlow, LegFlow, corridor_map
from sim.report.figures.dates import window_words
from sim.report.figures.flows import delivered, leg_flows
from sim.report.figures.labels import Label, place
from sim.scenario import loads

TINY = (Path(__file__).parents[1] / "tiny.toml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    """A month of a tiny corridor."""
    return replicate(loads(TINY, "tiny").scenario, 7, 0)


def texts_of(figure: Figure) -> Iterator[str]:
    """All that a figure says."""
    for artist in figure.findobj(Text):
        assert isinstance(artist, Text)
        if artist.get_text():
            yield artist.get_text()


@pytest.mark.parametrize("name", list(FIGURES))
def test_a_figure_is_the_same_bytes_on_every_repeat(evidence: Evidence, name: str) -> None:
    """Drawn twice, a figure is one SVG: no date, no random id; it is sound XML and under 250 KB."""
    first, second = svg(FIGURES[name](evidence)), svg(FIGURES[name](evidence))
    assert first == second
    assert ET.fromstring(first).tag.endswith("svg")
    assert len(first) < 250_000
    assert not re.search(rb"20[0-9]{2}-[0-9]{2}-[0-9]{2}T", first)


def test_drawing_leaves_no_trace(evidence: Evidence) -> None:
    """The caller's matplotlib settings are what they were, and no window system was asked for."""
    before = dict(mpl.rcParams)
    figure_files(evidence)
    assert dict(mpl.rcParams) == before


def test_the_map_adds_up_to_the_throughput(evidence: Evidence) -> None:
    """Tonnes on the last leg of each way are those delivered in the window, and the map's table says them in kt."""
    goods = {(cargo.commodity, cargo.direction): cargo.tonnes for cargo in delivered(evidence)}
    legs = {(flow.leg, flow.direction, flow.forward): flow.tonnes for flow in leg_flows(evidence)}
    assert legs["sea", "export", True] == goods["Cement", "export"]
    assert legs["road", "import", False] == goods["Steel coil", "import"]
    assert f"{goods['Cement', 'export'] / 1e3:,.1f}" in set(texts_of(FIGURES["map"](evidence)))


def test_a_map_without_flows_shows_the_network(evidence: Evidence) -> None:
    """Before a run the map names nodes and legs, and no tonnes."""
    said = set(texts_of(corridor_map(evidence.scenario, [], [], "the network")))
    assert {"Qazvin", "Anzali", "Aktau", "Qazvin – Anzali", "road, 213 km"} <= said
    assert not any(text.endswith(" kt") for text in said)


def test_a_short_leg_is_shown_closer(evidence: Evidence) -> None:
    """A leg of a few kilometres leaves the map clear and has a window of its own, which says so."""
    flows = [LegFlow(leg="sea", direction="export", forward=True, tonnes=10.0)]
    long = corridor_map(evidence.scenario, flows, [], "")
    close = loads(TINY.replace("lat = 43.6", "lat = 37.5").replace("lon = 51.22", "lon = 49.6"), "close").scenario
    near = corridor_map(close, flows, [CargoFlow(commodity="Cement", direction="export", tonnes=10.0)], "")
    wide = [[sum(line.get_linewidth() > 5 for line in axes.lines) for axes in figure.axes[:2]] for figure in (long, near)]
    assert wide == [[1, 0], [0, 1]]
    assert [any(text.endswith(" km, closer") for text in texts_of(figure)) for figure in (long, near)] == [False, True]


@pytest.mark.parametrize("ports", [(49.58, 37.48, 51.22, 43.6), (49.9, 40.3, 52.95, 40.0), (51.22, 43.6, 49.58, 37.48)])
def test_a_line_at_sea_keeps_to_the_water(ports: tuple[float, float, float, float]) -> None:
    """Between its ports a line at sea crosses no land: past Absheron, to Turkmenbashi, and the same way back."""
    way = sea_way(*ports)
    assert way[0] == pytest.approx(ports[:2])
    assert way[-1] == pytest.approx(ports[2:])
    assert Outline(coast()).contains_points(way[5:-5]).all()


def test_the_map_says_when(evidence: Evidence) -> None:
    """The first and the last measured day stand under the title, and why legs differ under their table."""
    said = " ".join(texts_of(FIGURES["map"](evidence)))
    assert window_words(evidence.network) in said
    assert "Legs differ by what lay in yards" in said


def test_labels_do_not_cover_one_another() -> None:
    """Five nodes within a few points of each other get labels that stand apart, inside the frame, and off the obstacle."""
    with styled():
        axes = sheet(5.0, 4.0).add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, 100), ylim=(0, 100))
        spots = ((0, 0), (2, 0), (0, 2), (2, 2), (1, 1))
        labels = [Label(50 + dx, 50 + dy, f"A port of some name {dx}{dy}") for dx, dy in spots]
        obstacle = np.array([[300.0, 200.0]])
        boxes = place(axes, labels, obstacle)
    for one, other in combinations(boxes, 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
    for left, bottom, right, top in boxes:
        assert 0 <= left < right <= 500
        assert 0 <= bottom < top <= 400
        assert not (left <= 300 <= right and bottom <= 200 <= top)


def test_the_days_of_a_bar_are_the_lead_time(evidence: Evidence) -> None:
    """The parts of each bar end at the mean lead time, which stands beside it."""
    figure = FIGURES["causes"](evidence)
    cement = evidence.draws.flow == next(i for i, flow in enumerate(evidence.network.flows) if flow.direction == "export")
    released = evidence.draws.release_s
    window = (released >= evidence.network.window_from_s) & (released < evidence.network.window_to_s)
    chosen = cement & window & evidence.hours.is_delivered
    days = (evidence.hours.to_s - evidence.hours.from_s)[chosen].mean() / 86400
    ends = [patch.get_x() + patch.get_width() for patch in figure.axes[0].patches if isinstance(patch, Rectangle)]
    assert any(end == pytest.approx(days) for end in ends)
    assert f"Cement, export ({chosen.sum()})" in set(texts_of(figure))


def test_the_parts_of_a_bar_say_their_days(evidence: Evidence) -> None:
    """Numbers stand in parts that have room for them, none in those that have not, and the axis says of what."""
    axes = FIGURES["causes"](evidence).axes[0]
    longest = max(patch.get_x() + patch.get_width() for patch in axes.patches if isinstance(patch, Rectangle))
    wide = [patch for patch in axes.patches if isinstance(patch, Rectangle) and patch.get_width() >= 0.033 * longest]
    written = [text for text in axes.texts if not text.get_text().endswith(" d")]
    assert len(written) == len(wide) > 0
    assert "per consignment" in axes.get_xlabel()


def test_the_gantt_names_ships_and_closures(evidence: Evidence) -> None:
    """Both ships have a row and Aktau's closure one; cargo of the two directions is told apart."""
    said = set(texts_of(FIGURES["gantt"](evidence)))
    assert {"ship 1", "ship 2", "Aktau closed", "laden with exports", "laden with imports"} <= said


def test_the_yard_figure_says_how_full_it_was(evidence: Evidence) -> None:
    """Each yard tells its highest share of its room; queues that never formed are left out."""
    said = list(texts_of(FIGURES["yards"](evidence)))
    assert any(re.fullmatch(r"t; at most \d+% of its 4,000 t", text) for text in said)
    assert "Cargo at Anzali" in said
    assert not any(text.endswith((".export", ".import")) for text in said)
    assert any(text.startswith("Each band has its own scale") for text in said)


def test_a_corridor_without_cargo_can_be_drawn() -> None:
    """A run in which nothing was released, moved or stored gives every figure, empty."""
    quiet = replicate(loads(TINY, "tiny").replace({"scale.throughput": 0.0}).scenario, 7, 0)
    assert set(figure_files(quiet)) == {"map.svg", "causes.svg", "yards.svg", "gantt.svg"}


def test_a_figure_can_be_a_picture() -> None:
    """PNG for where SVG cannot go; titles lose what stands in brackets where room is short."""
    assert png(sheet(1, 1)).startswith(b"\x89PNG")
    assert short("Anzali (Caspian port)") == "Anzali"
