"""What the policy has learned: one small block of numbers, read by every search."""

from __future__ import annotations

import json
import zlib
from array import array

from ltrr_cli.light import TYPE_CHECKING
from ltrr_cli.understand.features import CLASSES, FEATURES

if TYPE_CHECKING:
    from typing import Any

DEPTHS = (5, 10, 20, 40, 80)  # at which an arm is asked "had you found it by now?"
RIDGE = 1.0
WIDTH = 2 * (1 + len(CLASSES))  # (weight, earned) over all queries, then by class
D = len(FEATURES)
_MAGIC = b"ltrr policy 1\n"


class State:
    """Decayed sums over every satisfying action so far.

    `gram`: upper triangle of sum w x x' + ridge, row by row, shape D(D+1)/2. It is one for all arms and plans, because all
    of them are labelled by every action and see the same x.
    `arms`: arm -> sum w x 1[found by depth], shape (len(DEPTHS), D).
    `plans`: name of the plan in tenths -> (weight, earned) overall and for each of CLASSES, then
    sum w x residual, shape WIDTH + D.
    `proof`: (n, sum, sum of squares) of how much better the plan chosen with context earned than the one without.
    `version`: actions learned from.
    `memo`: what was worked out from these sums and holds until they change; whoever changes them empties it.

    >>> State.from_bytes(State().to_bytes()) == State()
    True
    """

    __slots__ = ("arms", "gram", "memo", "plans", "proof", "version")

    def __init__(self) -> None:
        self.version = 0
        self.gram = array("d", [RIDGE * (i == j) for i in range(D) for j in range(i, D)])
        self.proof = array("d", [0.0, 0.0, 0.0])
        self.arms: dict[str, array[float]] = {}
        self.plans: dict[str, array[float]] = {}
        self.memo: dict[Any, Any] = {}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, State) and self.to_bytes() == other.to_bytes()

    __hash__ = None  # type: ignore[assignment]

    def to_bytes(self) -> bytes:
        """Return the state as a checked block: magic, checksum, one JSON line of names, doubles."""
        names = {"version": self.version, "d": D, "classes": CLASSES, "arms": list(self.arms), "plans": list(self.plans)}
        numbers = b"".join(part.tobytes() for part in (self.gram, self.proof, *self.arms.values(), *self.plans.values()))
        body = json.dumps(names, separators=(",", ":")).encode() + b"\n" + numbers
        return _MAGIC + zlib.crc32(body).to_bytes(4, "big") + body

    @classmethod
    def from_bytes(cls, block: bytes) -> State:
        """Return the state that `to_bytes` wrote; ValueError if the block is damaged.

        A block of other features or classes is of another version of ltrr: an empty state is returned, which is filled
        again by folding the log.
        """
        head = len(_MAGIC) + 4
        body = block[head:]
        if block[: len(_MAGIC)] != _MAGIC or zlib.crc32(body).to_bytes(4, "big") != block[len(_MAGIC) : head]:
            raise ValueError("the policy's state is damaged")
        names, _, numbers = body.partition(b"\n")
        header = json.loads(names)
        state = cls()
        if header["d"] != D or tuple(header["classes"]) != CLASSES:
            return state
        everything = array("d")
        everything.frombytes(numbers)
        at = len(state.gram)
        state.version, state.gram, state.proof = header["version"], everything[:at], everything[at : at + 3]
        at += 3
        for arm in header["arms"]:
            state.arms[arm] = everything[at : at + len(DEPTHS) * D]
            at += len(DEPTHS) * D
        for plan in header["plans"]:
            state.plans[plan] = everything[at : at + WIDTH + D]
            at += WIDTH + D
        if at != len(everything):
            raise ValueError("the policy's state is damaged")
        return state
