"""Loading: which of the consignments that wait a vehicle can take, first fit in their order with passing over.

A quay is asked far more often than anything changes at a stop. `changes` counts what does: cargo comes, cargo is taken, the
water changes; what has been found out at one count need not be found out again.
"""

from __future__ import annotations

from sim.engine.compiled.lists import after, first_of
from sim.engine.compiled.rows import Row, compiled
from sim.engine.compiled.tables import NO_LIMIT, consignment, leg, parcel, picked, service, stop, visitor

__all__ = ["is_seen", "look", "pick", "see", "waiting_at"]


@compiled
def waiting_at(run: Row, number: int) -> int:
    """The place at which cargo that waits at a stop is queued."""
    return run.post_count + number


@compiled
def pick(run: Row, number: int, whose: int) -> bool:
    """Pick what the vehicle `whose` can take at stop `number`: `run.picked` consignments, listed in `picked`.

    And whether its fill share, by weight (over any leg ahead), volume or slots, is reached once they are aboard.
    """
    here, vehicle = stop(run, number), visitor(run, whose)
    plan = service(run, here.service)
    legs = plan.stops - 1
    _open_rooms(run, number, whose)
    litres, milliteu, milliplugs = vehicle.litres, vehicle.milliteu, vehicle.milliplugs
    limit_l, limit_milliteu, limit_milliplugs = _limit(plan.volume_l), _limit(plan.milliteu), _limit(plan.milliplugs)
    run.picked = 0
    place = waiting_at(run, number)
    candidate = first_of(run, place, 0)
    while candidate >= 0 and leg(run, 0).room_kg >= run.least_kg:
        cargo = consignment(run, candidate)
        ahead = (cargo.alight - here.number) % plan.stops
        if (
            cargo.kg <= _room_kg(run, ahead)
            and litres + cargo.litres <= limit_l
            and milliteu + cargo.milliteu <= limit_milliteu
            and milliplugs + cargo.milliplugs <= limit_milliplugs
        ):
            _fill(run, ahead, cargo.kg)
            litres, milliteu = litres + cargo.litres, milliteu + cargo.milliteu
            milliplugs += cargo.milliplugs
            picked(run, run.picked).consignment = candidate
            run.picked += 1
        candidate = after(run, place, candidate)
    share = plan.fill_thousandths
    if _is_filled(1000 * litres, share * plan.volume_l) or _is_filled(1000 * milliteu, share * plan.milliteu):
        return True
    for ahead in range(legs):
        weight = leg(run, ahead)
        taken_kg = weight.limit_kg - weight.room_kg
        if taken_kg > 0 and 1000 * taken_kg >= share * weight.limit_kg:
            return True
    return False


@compiled
def look(run: Row, number: int, whose: int) -> bool:
    """What a vehicle in the roads would take: whether anything (`run.picked` is not 0), and whether that fills it.

    All that carry nothing would take the same, so that one answer does for them until something changes. `picked` is not
    to be read after it.
    """
    here = stop(run, number)
    if visitor(run, whose).kg > 0:
        return pick(run, number, whose)
    _follow_water(run, number)
    if here.seen != here.changes:
        here.seen_filled = pick(run, number, whose)
        here.seen_taken = run.picked
        here.seen = here.changes
    run.picked = here.seen_taken
    return here.seen_filled != 0


@compiled
def is_seen(run: Row, number: int, whose: int) -> bool:
    """Whether nothing has changed since a vehicle at the berth last took what it could: it can take nothing more then."""
    _follow_water(run, number)
    return visitor(run, whose).seen == stop(run, number).changes


@compiled
def see(run: Row, number: int, whose: int, is_filled: bool) -> None:
    """Note that a vehicle at the berth has taken what it can."""
    vehicle = visitor(run, whose)
    vehicle.seen, vehicle.seen_filled = stop(run, number).changes, is_filled


@compiled
def _follow_water(run: Row, number: int) -> None:
    """Come to the parcels that the water allows now."""
    here = stop(run, number)
    legs = service(run, here.service).stops - 1
    while here.parcel + 1 < here.parcels and parcel(run, here.first_parcel + (here.parcel + 1) * legs).from_s <= run.now_s:
        here.parcel += 1
        here.changes += 1


@compiled
def _limit(of_plan: int) -> int:
    return of_plan if of_plan >= 0 else NO_LIMIT


@compiled
def _is_filled(has: int, wanted: int) -> bool:
    return has >= wanted > 0


@compiled
def _open_rooms(run: Row, number: int, whose: int) -> None:
    """Note, leg by leg, what the vehicle may have aboard and how much room is left of it."""
    here, vehicle = stop(run, number), visitor(run, whose)
    legs = service(run, here.service).stops - 1
    _follow_water(run, number)
    for ahead in range(legs):
        weight = leg(run, ahead)
        weight.limit_kg = parcel(run, here.first_parcel + here.parcel * legs + ahead).kg
        weight.room_kg = weight.limit_kg
    if legs == 1:
        leg(run, 0).room_kg -= vehicle.kg
        return
    aboard = vehicle.first_aboard
    while aboard >= 0:
        cargo = consignment(run, aboard)
        _fill(run, (cargo.alight - here.number) % (legs + 1), cargo.kg)
        aboard = cargo.next_aboard


@compiled
def _room_kg(run: Row, ahead: int) -> int:
    """Least room over the next `ahead` legs."""
    room_kg = leg(run, 0).room_kg
    for further in range(1, ahead):
        room_kg = min(room_kg, leg(run, further).room_kg)
    return room_kg


@compiled
def _fill(run: Row, ahead: int, kg: int) -> None:
    """Take room for cargo that stays aboard over the next `ahead` legs."""
    for further in range(ahead):
        leg(run, further).room_kg -= kg
