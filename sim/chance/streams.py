"""Named streams of uniforms: position i of a stream is a pure function of its name and of i.

No stream has a state, so nothing that is drawn can shift what is drawn elsewhere. Distributions stand beside this file.
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
import numpy.typing as npt
from numpy.random import Philox

__all__ = ["uniforms"]

_BLOCK = 4
"""Words that Philox4x64 makes at once; it skips by blocks only."""
_BELOW_ONE = 1.0 - 2.0**-53
"""The topmost word alone would be rounded up to 1."""


def uniforms(seed: int, replication: int, purpose: str, name: str, n: int, start: int = 0) -> npt.NDArray[np.float64]:
    """Uniforms strictly between 0 and 1 at positions `start` … `start + n - 1` of a stream, shape (n,).

    The stream belongs to (seed, replication, purpose, name); a blake2b hash of these words is the key of a Philox generator
    (Salmon et al., 2011), whose raw 64-bit words become ``((raw >> 11) + 0.5) * 2**-53``.
    """
    words = "\0".join((str(seed), str(replication), purpose, name))
    key = int.from_bytes(blake2b(words.encode(), digest_size=16).digest(), "little")
    blocks, skipped = divmod(start, _BLOCK)
    raw = Philox(key=key).advance(blocks).random_raw(skipped + n)[skipped:]
    u: npt.NDArray[np.float64] = np.minimum(((raw >> np.uint64(11)) + 0.5) * 2.0**-53, _BELOW_ONE)
    return u
