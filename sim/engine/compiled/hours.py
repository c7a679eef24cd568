"""Hours: whether a facility is open now, and when work that begins there ends; the kernel's `sim.world.timeline`."""

from __future__ import annotations

from sim.engine.compiled.rows import Row, compiled
from sim.engine.compiled.tables import OnClose, facility, piece

__all__ = ["FULL", "advance", "is_open", "next_open", "share_now"]

FULL = 1000


@compiled
def share_now(run: Row, number: int) -> int:
    """Share of a facility's capacity that is there now, in thousandths."""
    return piece(run, _piece_now(run, number)).share


@compiled
def is_open(run: Row, number: int) -> bool:
    """Whether any capacity of a facility is there now."""
    return share_now(run, number) > 0


@compiled
def next_open(run: Row, number: int) -> int:
    """The first second from now on at which it is open."""
    return max(run.now_s, piece(run, _piece_now(run, number)).opens_s)


@compiled
def advance(run: Row, number: int, start_s: int, work_s: int, on_close: int) -> int:
    """The second at which work of `work_s` seconds at full share ends that begins at `start_s`, when it is open."""
    open_for_ever = facility(run, number).first_piece == facility(run, number).last_piece
    if open_for_ever or work_s == 0 or on_close == OnClose.FINISH:
        return start_s + work_s
    at = _piece_at(run, number, start_s)
    done_s = _paused(run, number, at, start_s, work_s)
    while on_close == OnClose.RESTART:
        shuts_s = piece(run, at).shuts_s
        if shuts_s < 0 or done_s <= shuts_s:
            break
        start_s = piece(run, _piece_at(run, number, shuts_s)).opens_s
        at = _piece_at(run, number, start_s)
        done_s = _paused(run, number, at, start_s, work_s)
    return done_s


@compiled
def _paused(run: Row, number: int, at: int, start_s: int, work_s: int) -> int:
    last = facility(run, number).last_piece
    begun = piece(run, at)
    target = begun.yielded + begun.share * (start_s - begun.from_s) + FULL * work_s
    while at < last and piece(run, at + 1).yielded < target:
        at += 1
    ended = piece(run, at)
    return ended.from_s - (ended.yielded - target) // ended.share


@compiled
def _piece_now(run: Row, number: int) -> int:
    hours = facility(run, number)
    at = _piece_at(run, number, run.now_s)
    hours.piece = at
    return at


@compiled
def _piece_at(run: Row, number: int, at_s: int) -> int:
    """The piece that holds at a second not before now."""
    hours = facility(run, number)
    at = hours.piece
    while at < hours.last_piece and piece(run, at + 1).from_s <= at_s:
        at += 1
    return at
