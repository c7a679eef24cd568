"""Named streams of uniforms."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.chance.streams import Streams, uniforms


@given(start=st.integers(0, 50), n=st.integers(0, 50), seed=st.integers(0, 2**70))
def test_a_position_is_a_function_of_its_number(start: int, n: int, seed: int) -> None:
    """What stands at a position depends neither on where reading begins nor on how much is read."""
    whole = uniforms(seed, 3, "spell-gap", "aktau", 100)
    part = uniforms(seed, 3, "spell-gap", "aktau", n, start)
    assert part.tolist() == whole[start : start + n].tolist()


@given(asked=st.lists(st.tuples(st.sampled_from(["aktau", "anzali"]), st.integers(0, 50)), max_size=9))
def test_streams_that_are_kept_are_the_same(asked: list[tuple[str, int]]) -> None:
    """However streams are read from what is kept, in turn and more of them or fewer, each begins as it always does."""
    kept = Streams(1, 3)
    for name, n in asked:
        assert kept("lot", name, n).tolist() == uniforms(1, 3, "lot", name, n).tolist()


@pytest.mark.parametrize(
    "words", [(2, 0, "transit", "sea"), (1, 1, "transit", "sea"), (1, 0, "gate", "sea"), (1, 0, "transit", "s")]
)
def test_every_word_counts(words: tuple[int, int, str, str]) -> None:
    """A stream with another seed, replication, purpose or name shares no number with it."""
    assert not set(uniforms(*words, 1000)) & set(uniforms(1, 0, "transit", "sea", 1000))


def test_words_do_not_run_together() -> None:
    """Replication 1 of seed 1 is another stream than replication 11 of seed '' would be: words are kept apart."""
    assert uniforms(1, 11, "a", "b", 1) != uniforms(11, 1, "a", "b", 1)
    assert uniforms(1, 1, "ab", "c", 1) != uniforms(1, 1, "a", "bc", 1)


def test_they_are_uniform() -> None:
    """Over 100 streams of 1000, the share below each tenth lies within 4 standard errors of it."""
    drawn = np.concatenate([uniforms(7, replication, "lot", "grain", 1000) for replication in range(100)])
    tenths = np.arange(1, 10) / 10
    below = (drawn[:, None] < tenths).mean(axis=0)
    assert np.all(np.abs(below - tenths) < 4 * np.sqrt(tenths * (1 - tenths) / len(drawn)))
    assert drawn.min() > 0
    assert drawn.max() < 1


def test_the_streams_stay_what_they_are() -> None:
    """The first numbers of one stream, written down: whoever changes them changes every result ever published."""
    assert uniforms(2026, 0, "transit", "aktau-1", 3).tolist() == [
        0.10146019190409056,
        0.08002753373912336,
        0.15621044509957144,
    ]
