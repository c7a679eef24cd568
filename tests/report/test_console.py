import io
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from sim.experiment.precision import Interval
from sim.experiment.replication import replicate
from sim.experiment.runs import Plan, Run, run
from sim.kpis import Evidence
from sim.report import console, summary, tracing
from sim.scenario import load, loads

TINY = (Path(__file__).parents[1] / "tiny.toml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    """A month of a tiny corridor."""
    return replicate(loads(TINY, "tiny").scenario, 7, 0)


@pytest.mark.parametrize("width", [80, 120])
def test_a_run_fits_the_screen(width: int) -> None:
    """At 80 and at 120 columns no number, unit or interval of the table is broken over two lines."""
    done = run(loads(TINY, "tiny"), Plan(replications=2), jobs=1)
    screen = Console(file=io.StringIO(), width=width, force_terminal=False, markup=False, highlight=False)
    summary.print_run(screen, done, Path("results/tiny/x"), "tiny")
    assert isinstance(screen.file, io.StringIO)
    table = [line for line in screen.file.getvalue().splitlines() if line.startswith(("Lead time", "Throughput"))]
    assert len(table) == 6
    assert all("[" in line and "]" in line and len(line) <= width for line in table)


def test_the_bar_is_for_terminals_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a pipe there is no progress; on a terminal a bar counts to what is told and says how long it will take."""
    with console.progress_bar("Runs") as progress:
        assert progress is None
    screen = Console(file=io.StringIO(), force_terminal=True, width=80)
    monkeypatch.setattr(console, "terminal", lambda errors: screen)  # noqa: ARG005 - the signature of what it stands for
    with console.progress_bar("Runs") as progress:
        assert progress is not None
        progress(0, 4)
        time.sleep(0.2)
        progress(1, 4)
        time.sleep(0.2)
        progress(4, 4)
    assert isinstance(screen.file, io.StringIO)
    for part in ("0/4", " s left", "4/4"):
        assert part in screen.file.getvalue()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("lead_time_d", 9.414, "9.41"),
        ("lead_time_d", 14.14, "14.1"),
        ("throughput_t", 118_234.4, "118,234"),
        ("berth_occupancy.aktau-quay", 0.8712, "87.1"),
        ("on_time_share", float("nan"), "–"),
    ],
)
def test_figures_are_said_as_people_say_them(name: str, value: float, said: str) -> None:
    """Shares in per cent, the rest with three or four digits, a dash for what there is none of."""
    assert summary.figure(name, value) == said


def test_one_replication_has_no_range() -> None:
    """An interval needs two replications; with one there is nothing in brackets."""
    nan = float("nan")
    assert summary.range_of("lead_time_d", Interval(mean=9.0, lo=nan, hi=nan, n=1)) == ""
    assert summary.range_of("lead_time_d", Interval(mean=9.0, lo=8.0, hi=10.0, n=2)) == "[8.00, 10.0]"
    assert summary.unit_of("berth_occupancy.aktau-quay") == "%"


def test_a_range_stays_where_values_can_be() -> None:
    """No share of a whole above 100 %, nothing that cannot be negative below zero; more than was asked for may arrive."""
    wide = Interval(mean=0.9, lo=-0.5, hi=1.3, n=2)
    assert summary.range_of("on_time_share", wide) == "[0.0, 100.0]"
    assert summary.range_of("lead_time_d", wide) == "[0.00, 1.30]"
    assert summary.range_of("share_of_demand", wide) == "[0.0, 130.0]"


def test_few_replications_are_too_few_to_judge_by() -> None:
    """Two replications have intervals and a line that warns of them; one has none, and needs no warning."""
    two, one = (run(loads(TINY, "tiny"), Plan(replications=count), jobs=1) for count in (2, 1))
    assert ("Intervals", "2 replications: too few to judge by") in summary.lines(two)
    assert "Intervals" not in dict(summary.lines(one))


def test_a_story_has_no_gap(evidence: Evidence) -> None:
    """Of every consignment the steps follow one another, add up to its lead time, and its charges to its landed cost."""
    for consignment in range(len(evidence.draws.kg)):
        bill = tracing.waybill(evidence, consignment)
        assert (bill.off_s, bill.off_cents) == (0, 0)


def test_local_time_is_that_of_the_place(evidence: Evidence) -> None:
    """Anzali keeps Tehran's time because its customs does; where no calendar tells, there is no local time."""
    zones = tracing.zones_of(evidence.scenario)
    assert {node: str(zone) for node, zone in zones.items()} == {"anzali": "Asia/Tehran"}


def test_a_step_begins_in_the_time_of_its_place() -> None:
    """Under way to Aktau a step begins in Anzali, in Tehran's time, though its place is Aktau."""
    baseline = {"run.run_length": "10 d", "run.warm_up": "0 d", "run.drain": "5 d"}
    told = replicate(load("baseline").replace(baseline).scenario, 7, 0)
    bills = (tracing.waybill(told, consignment) for consignment in range(200))
    step = next(step for bill in bills for step in bill.steps if step.event == "under way to aktau-quay")
    moment = datetime.fromisoformat(f"{step.utc}+00:00")
    assert step.local == f"{moment.astimezone(ZoneInfo('Asia/Tehran')):%a %H:%M}"


def test_causes_that_flicker_are_one_row(evidence: Evidence) -> None:
    """Four changes of cause within one part of the way are a row with the hours of each; fewer stay as they are."""
    one = tracing.Step(utc="", local="", event="a ship waits", place="", cause="berth", seconds=3600, step="waits", part=0)
    rows = [replace(one, cause=cause) for cause in ("berth", "vehicle", "berth", "vehicle", "berth")]
    next_part = [replace(one, part=1), replace(one, part=1, cause="vehicle")]
    found = tracing.folded([*rows, *next_part])
    assert [(row.event, row.cause, row.seconds) for row in found] == [
        ("waits", "berth 3.0 · vehicle 2.0", 5 * 3600), ("a ship waits", "berth", 3600), ("a ship waits", "vehicle", 3600),
    ]  # fmt: skip
    bill = tracing.waybill(evidence, 5)
    assert sum(step.seconds for step in tracing.folded(bill.steps)) == bill.lead_s


def test_what_no_figure_counts_says_so(evidence: Evidence) -> None:
    """Released in the warm-up or after the measured window: the waybill says that figures leave it out."""
    said = {tracing.waybill(evidence, consignment).outside for consignment in range(len(evidence.draws.kg))}
    assert said == {"in the warm-up", "", "after the measured window"}
    screen = Console(file=io.StringIO(), width=120)
    tracing.print_waybill(screen, tracing.waybill(evidence, 0))
    assert isinstance(screen.file, io.StringIO)
    assert "Released in the warm-up: not counted" in screen.file.getvalue()


def test_what_never_arrived_is_said_so() -> None:
    """A consignment that the end of the run finds under way has a story up to that end, and is not called delivered."""
    cut = replicate(loads(TINY, "tiny").replace({"run.drain": "0 d", "services.ship.wait": "30 d"}).scenario, 7, 0)
    last = int((~cut.hours.is_delivered).nonzero()[0][0])
    bill = tracing.waybill(cut, last)
    assert bill.delivered == ""
    assert bill.off_s == 0
    screen = Console(file=io.StringIO(), width=120)
    tracing.print_waybill(screen, bill)
    assert isinstance(screen.file, io.StringIO)
    assert "Not delivered when the run ended." in screen.file.getvalue()


def test_what_was_never_released_is_said_so(evidence: Evidence) -> None:
    """A run ends when all that is measured has arrived; what was to be released later has no story and no cost."""
    bill = tracing.waybill(evidence, len(evidence.draws.kg) - 1)
    assert (bill.steps, bill.lead_s, bill.landed_cents) == ((), 0, 0)
    screen = Console(file=io.StringIO(), width=120)
    tracing.print_waybill(screen, bill)
    assert isinstance(screen.file, io.StringIO)
    assert "The run ended before its release." in screen.file.getvalue()


def test_gridlock_and_gaps_are_loud() -> None:
    """A run that locked says in how many replications; KPIs that some replications lack say in how many they are."""
    done = run(loads(TINY, "tiny"), Plan(replications=2), jobs=1)
    rows = [dict(row.kpis) for row in done.rows]
    rows[0]["gridlock"], rows[1]["on_time_share"] = 1.0, float("nan")
    stuck = replace_rows(done, rows)
    assert ("GRIDLOCK", "in 1 of 2 replications: what remained waited for itself") in summary.lines(stuck)
    assert summary.notes(stuck)["on_time_share"] == "only in 1 of 2 replications"


def replace_rows(done: Run, kpis: list[dict[str, float]]) -> Run:
    """The same run with other KPIs."""
    return replace(done, rows=tuple(replace(row, kpis=of) for row, of in zip(done.rows, kpis, strict=True)))
