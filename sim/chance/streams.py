"""Named streams of uniforms: position i of a stream is a pure function of its name and of i.

No stream has a state, so nothing that is drawn can shift what is drawn elsewhere. Distributions stand beside this file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b

import numpy as np
import numpy.typing as npt
from numpy.random import Philox

__all__ = ["Streams", "uniforms"]

Floats = npt.NDArray[np.float64]

_BLOCK = 4
"""Words that Philox4x64 makes at once; it skips by blocks only."""
_BELOW_ONE = 1.0 - 2.0**-53
"""The topmost word alone would be rounded up to 1."""


def uniforms(seed: int, replication: int, purpose: str, name: str, n: int, start: int = 0) -> Floats:
    """Uniforms strictly between 0 and 1 at positions `start` … `start + n - 1` of a stream, shape (n,).

    The stream belongs to (seed, replication, purpose, name); a blake2b hash of these words is the key of a Philox generator
    (Salmon et al., 2011), whose raw 64-bit words become ``((raw >> 11) + 0.5) * 2**-53``.
    """
    return _uniforms(Philox(0), "\0".join((str(seed), str(replication), purpose, name)), n, start)


@dataclass(frozen=True, slots=True)
class Streams:
    """The named streams of one replication, each made once: what has been read of a stream is kept, and grows on demand.

    Whoever draws several worlds under one seed hands the same streams to each, one replication at a time: they hold every
    uniform read so far. They serve one thread.
    """

    seed: int
    replication: int
    _made: dict[tuple[str, str], Floats] = field(default_factory=dict, init=False, repr=False, compare=False)
    _philox: Philox = field(default_factory=lambda: Philox(0), init=False, repr=False, compare=False)
    """Set to each stream in turn; to make a generator takes longer than most reads."""

    def __call__(self, purpose: str, name: str, n: int) -> Floats:
        """The first `n` uniforms of the stream `name` for this purpose, shape (n,), not to be written to."""
        made = self._made.get((purpose, name))
        if made is None or len(made) < n:
            made = self._grown(purpose, name, n, made)
        return made[:n]

    def _grown(self, purpose: str, name: str, n: int, made: Floats | None) -> Floats:
        words = f"{self.seed}\0{self.replication}\0{purpose}\0{name}"
        start = 0 if made is None else len(made)
        further = _uniforms(self._philox, words, n - start, start)
        grown = further if made is None else np.concatenate((made, further))
        grown.setflags(write=False)
        self._made[purpose, name] = grown
        return grown


def _uniforms(philox: Philox, words: str, n: int, start: int) -> Floats:
    """Uniforms of the stream of these words, made by `philox`, whatever it made before."""
    blocks, skipped = divmod(start, _BLOCK)
    philox.state = {
        "bit_generator": "Philox",
        "state": {
            "counter": np.array([blocks, 0, 0, 0], dtype=np.uint64),
            "key": np.frombuffer(blake2b(words.encode(), digest_size=16).digest(), dtype="<u8"),
        },
        "buffer": np.zeros(_BLOCK, dtype=np.uint64),
        "buffer_pos": _BLOCK,
        "has_uint32": 0,
        "uinteger": 0,
    }
    raw = philox.random_raw(skipped + n)[skipped:]
    raw >>= np.uint64(11)
    u = raw.view(np.int64).astype(np.float64)
    u += 0.5
    u *= 2.0**-53
    return np.minimum(u, _BELOW_ONE, out=u)
