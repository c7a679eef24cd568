"""The global random state of numpy and of Python, which some libraries seed anew: kept for those whom it belongs to.

Nothing is drawn here, and nothing of ours ever draws from a global state.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

__all__ = ["global_state_kept"]


@contextmanager
def global_state_kept() -> Iterator[None]:
    """Whatever is seeded or drawn from a global state within the block, the state after it is the one before it."""
    numpys, pythons = np.random.get_state(), random.getstate()
    try:
        yield
    finally:
        np.random.set_state(numpys)
        random.setstate(pythons)
