"""Named streams of uniforms: position i of a stream is a pure function of its name and of i.

No stream has a state, so nothing that is drawn can shift what is drawn elsewhere. Distributions stand beside this file.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from numpy.random import Philox

__all__ = ["Streams", "uniforms"]

Floats = npt.NDArray[np.float64]
T = TypeVar("T")

_BLOCK = 4
"""Words that Philox4x64 makes at once; it skips by blocks only."""
_BELOW_ONE = 1.0 - 2.0**-53
"""The topmost word alone would be rounded up to 1."""
_SPARE_BITS = np.uint64(11)
"""A float holds 53 bits of a word."""
_NONE = np.zeros(0)
_WORD = (1 << 64) - 1
_UNREAD: dict[str, Any] = {
    "bit_generator": "Philox", "buffer": (0,) * _BLOCK, "buffer_pos": _BLOCK, "has_uint32": 0, "uinteger": 0,
}  # fmt: skip
"""The state of a Philox generator that holds nothing back, but for its key and where it stands."""


def uniforms(seed: int, replication: int, purpose: str, name: str, n: int, start: int = 0) -> Floats:
    """Uniforms strictly between 0 and 1 at positions `start` … `start + n - 1` of a stream, shape (n,).

    The stream belongs to (seed, replication, purpose, name); a blake2b hash of these words is the key of a Philox generator
    (Salmon et al., 2011), whose raw 64-bit words become ``((raw >> 11) + 0.5) * 2**-53``.
    """
    return _between_0_and_1(_raw(Philox(0), f"{seed}\0{replication}\0{purpose}\0{name}", n, start))


@dataclass(frozen=True, slots=True)
class Streams:
    """The named streams of one replication, each made once: what has been read of a stream is kept, and grows on demand.

    Whoever draws several worlds under one seed hands the same streams to each, one replication at a time: they hold every
    uniform read so far, and what was made of them by `once`. They serve one thread.
    """

    seed: int
    replication: int
    is_mirrored: bool = False
    """Whether every uniform u is 1 - u of the streams of that name (antithetic variates)."""
    _made: dict[tuple[str, str], Floats] = field(default_factory=dict, init=False, repr=False, compare=False)
    _known: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    _philox: Philox = field(default_factory=lambda: Philox(0), init=False, repr=False, compare=False)
    """Set to each stream in turn; to make a generator takes longer than most reads."""

    def __call__(self, purpose: str, name: str, n: int) -> Floats:
        """The first `n` uniforms of the stream `name` for this purpose, shape (n,), not to be written to."""
        return self.each(purpose, [name], [n])[0]

    def each(self, purpose: str, names: Sequence[str], counts: Sequence[int]) -> list[Floats]:
        """The first `counts[i]` uniforms of each stream `names[i]` for this purpose, not to be written to.

        Many short streams are read together in half the time that they take one by one.
        """
        kept = [self._made.get((purpose, name), _NONE) for name in names]
        short = [i for i, (made, n) in enumerate(zip(kept, counts, strict=True)) if len(made) < n]
        if short:
            words = f"{self.seed}\0{self.replication}\0{purpose}\0"
            raw = [_raw(self._philox, words + names[i], counts[i] - len(kept[i]), len(kept[i])) for i in short]
            further = _between_0_and_1(np.concatenate(raw))
            if self.is_mirrored:
                further = np.minimum(1.0 - further, _BELOW_ONE)
            end = 0
            for i, added in zip(short, raw, strict=True):
                begin, end = end, end + len(added)
                grown = np.concatenate((kept[i], further[begin:end])) if len(kept[i]) else further[begin:end]
                grown.setflags(write=False)
                self._made[purpose, names[i]] = kept[i] = grown
        return [made[:n] for made, n in zip(kept, counts, strict=True)]

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` makes of these streams, made once for each `key`, which says all else that it is made of.

        Whoever gets it does not change it.
        """
        if key not in self._known:
            self._known[key] = make()
        made: T = self._known[key]
        return made


def _raw(philox: Philox, words: str, n: int, start: int) -> npt.NDArray[np.uint64]:
    """Raw words of the stream of these words, made by `philox`, whatever it made before."""
    key = int.from_bytes(blake2b(words.encode(), digest_size=16).digest(), "little")
    blocks, skipped = divmod(start, _BLOCK)
    state: Any = {**_UNREAD, "state": {"counter": (blocks, 0, 0, 0), "key": (key & _WORD, key >> 64)}}
    philox.state = state
    return philox.random_raw(skipped + n)[skipped:]


def _between_0_and_1(raw: npt.NDArray[np.uint64]) -> Floats:
    """The uniforms of raw words, which are written over."""
    raw >>= _SPARE_BITS
    u = raw.astype(np.float64)
    u += 0.5
    u *= 2.0**-53
    return np.minimum(u, _BELOW_ONE, out=u)
