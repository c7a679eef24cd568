"""Posts: desks that serve consignments one by one, first by priority, then by who was ready first."""

from __future__ import annotations

from sim.engine.compiled.agenda import log, mark, put
from sim.engine.compiled.hours import advance, is_open
from sim.engine.compiled.lists import first_of, join, leave
from sim.engine.compiled.rows import Row, compiled
from sim.engine.compiled.tables import Doing, Order, consignment, post, step, work
from sim.events import Kind

__all__ = ["be_served", "end_service", "post_facility", "post_is_held_up", "start_post"]


@compiled
def post_facility(run: Row, number: int) -> int:
    """Number of a post as a facility."""
    return 4 * run.terminal_count + number


@compiled
def be_served(run: Row, number: int) -> None:
    """Join the queue of the post that this step is at."""
    cargo = consignment(run, number)
    place = step(run, cargo.step).post
    log(run, Kind.POST_JOINED, number, -1, post_facility(run, place), 0)
    cargo.ready_s = run.now_s
    join(run, place, number)
    mark(run, post_facility(run, place))


@compiled
def start_post(run: Row, place: int) -> None:
    """Begin to serve while a server is free and the post is open."""
    desk, where = post(run, place), post_facility(run, place)
    number = first_of(run, place, 0)
    while number >= 0 and desk.servers > 0 and is_open(run, where):
        leave(run, place, number)
        desk.servers -= 1
        log(run, Kind.POST_STARTED, number, -1, where, 0)
        cargo = consignment(run, number)
        cargo.doing = Doing.SERVED
        work_s = work(run, number * run.visits + step(run, cargo.step).place).seconds
        put(run, advance(run, where, run.now_s, work_s, desk.on_close), Order.WORK_ENDS, number)
        number = first_of(run, place, 0)


@compiled
def end_service(run: Row, number: int) -> None:
    """The consignment has been served, its server is free."""
    place = step(run, consignment(run, number).step).post
    log(run, Kind.POST_ENDED, number, -1, post_facility(run, place), 0)
    post(run, place).servers += 1
    mark(run, post_facility(run, place))


@compiled
def post_is_held_up(run: Row, place: int) -> bool:
    """Whether something queues here that an opening would set going."""
    return first_of(run, place, 0) >= 0 and not is_open(run, post_facility(run, place))
