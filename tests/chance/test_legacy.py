import random

import numpy as np

from sim.chance.legacy import global_state_kept


def test_what_is_seeded_and_drawn_inside_changes_nothing_outside() -> None:
    """After the block, numpy's and Python's global states draw what they would have drawn without it."""
    with global_state_kept():
        expected = (np.random.random(), random.random())  # noqa: NPY002 - it is what the test is about
    with global_state_kept():
        np.random.seed(1)  # noqa: NPY002 - the same
        random.seed(1)
        assert (np.random.random(), random.random()) != expected  # noqa: NPY002 - the same
    with global_state_kept():
        assert (np.random.random(), random.random()) == expected  # noqa: NPY002 - the same
