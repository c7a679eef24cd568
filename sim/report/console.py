"""The terminal: where tables and progress go. Colour and movement only on a terminal; a pipe gets plain lines."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from sim.experiment.runs import Progress

__all__ = ["as_text", "duration", "plain_table", "progress_bar", "terminal"]

WIDTH_OF_A_PIPE = 120


def terminal(*, errors: bool = False) -> Console:
    """Standard output (or standard error) as it is now."""
    from rich.console import Console

    console = Console(stderr=errors, highlight=False, emoji=False, markup=False)
    return console if console.is_terminal else Console(
        stderr=errors, highlight=False, emoji=False, markup=False, width=WIDTH_OF_A_PIPE, no_color=True
    )  # fmt: skip


def plain_table(*columns: str, right: tuple[str, ...] = (), keep: tuple[str, ...] = ()) -> Table:
    """A table without lines; columns of `right` are set to the right, those of `keep` are never broken."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for column in columns:
        table.add_column(column, justify="right" if column in right else "left", no_wrap=column in keep)
    return table


def as_text(*parts: str | Table | Callable[[Console], None]) -> str:
    """Lines and tables, and what functions print, one below another as a pipe would get them."""
    from rich.console import Console

    file = io.StringIO()
    console = Console(file=file, highlight=False, emoji=False, markup=False, width=WIDTH_OF_A_PIPE, no_color=True)
    for part in parts:
        part(console) if callable(part) else console.print(part)
    return "\n".join(line.rstrip() for line in file.getvalue().splitlines())


@contextmanager
def progress_bar(title: str) -> Iterator[Progress | None]:
    """A bar on standard error while the block runs, with time taken and left; nothing where that is no terminal."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = terminal(errors=True)
    if not console.is_terminal:
        yield None
        return
    left = TextColumn("{task.fields[left]}")
    columns = TextColumn("{task.description}"), BarColumn(30), MofNCompleteColumn(), TimeElapsedColumn(), left
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(title, total=None, left="", visible=False)
        first: list[int] = []

        def told(done: int, total: int) -> None:
            first.append(done) if not first else None
            took_s = bar.tasks[0].elapsed or 0.0
            left = _left(took_s, done - first[0], total - first[0])
            bar.update(task, completed=done, total=total, left=left, visible=True)

        yield told


def _left(took_s: float, done: int, total: int) -> str:
    """The pace so far and what remains at it, once one is done."""
    if not 0 < done < total or not took_s:
        return ""
    return f"{done / took_s:.3g}/s, about {duration(took_s / done * (total - done))} left"


def duration(seconds: float) -> str:
    """Seconds in words for people: 45 s, 12 min, 3.5 h, 2.1 d."""
    for unit, worth, until in (("s", 1, 90), ("min", 60, 5400), ("h", 3600, 172800)):
        if seconds < until:
            return f"{seconds / worth:.{int(unit == 'h')}f} {unit}"
    return f"{seconds / 86400:.1f} d"
