"""Luck by name: every policy that is tried in the same round meets the same luck."""

from __future__ import annotations

from hashlib import blake2b


class Dice:
    """Numbers in [0, 1) that depend on the seed and on what they are for, not on how many were drawn before.

    So two policies that show the same thing in the same place see the same thing happen (common random numbers:
    Glasserman and Yao, "Some guidelines and guarantees for common random numbers", Management Science 1992).

    >>> dice = Dice(7, "round", 12)
    >>> dice("looks at", 3) == Dice(7, "round", 12)("looks at", 3) != dice("looks at", 4)
    True
    """

    __slots__ = ("_started",)

    def __init__(self, *seed: object) -> None:
        self._started = blake2b(repr(seed).encode("utf-8", "replace"), digest_size=8)

    def __call__(self, *what: object) -> float:
        return (self.whole(*what) >> 11) / (1 << 53)

    def whole(self, *what: object) -> int:
        """Return a number of 64 bits, such as a seed for something else."""
        one = self._started.copy()
        one.update(repr(what).encode("utf-8", "replace"))
        return int.from_bytes(one.digest(), "big")
