from collections.abc import Mapping

from sim.bench.child import peak_bytes
from sim.bench.turns import Contender, Spread, cpu_s, spread, take_turns, turns


def contender(name: str, taken: list[str], times: int) -> Contender:
    """A contender that notes each of its turns."""

    def take(turn: int) -> Mapping[str, float]:
        taken.append(f"{name}{turn}")
        return {name: float(turn)}

    return Contender(take=take, turns=times)


def test_contenders_take_turns() -> None:
    """A B C A B A B: round by round, and who wants fewer turns drops out early."""
    taken: list[str] = []
    contenders = [contender("a", taken, 3), contender("b", taken, 3), contender("c", taken, 1)]
    told: list[int] = []
    samples = take_turns(contenders, lambda: told.append(len(taken)))

    assert turns(contenders) == 7
    assert taken == ["a0", "b0", "c0", "a1", "b1", "a2", "b2"]
    assert told == [1, 2, 3, 4, 5, 6, 7]
    assert samples == {"a": [0, 1, 2], "b": [0, 1, 2], "c": [0]}


def test_a_spread_is_the_median_between_its_ends() -> None:
    """Of 4, 1, 9, 2 the median is 3, the least 1, the greatest 9."""
    assert spread([4, 1, 9, 2]) == Spread(median=3, low=1, high=9, n=4)


def test_work_takes_processor_time() -> None:
    """Nothing takes next to none, less than adding up a million numbers."""
    assert 0 <= cpu_s(lambda: None) < cpu_s(lambda: sum(range(1_000_000)))


def test_the_peak_is_what_was_held_once() -> None:
    """64 MB that were held and given back still count."""
    held = bytearray(b"x") * (64 << 20)
    del held
    assert peak_bytes() > 64 << 20
