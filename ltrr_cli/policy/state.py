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
WIDTH = 2 * (1 + len(CLASSES))  # (looked at, earned) over all queries, then by class
D = len(FEATURES)
_FORM = 5  # one more with every change of the sums, or of what they and memory are learned from
_MAGIC, *_OLDER = (b"ltrr policy %d\n" % form for form in range(_FORM, 0, -1))


def column(query_class: str) -> int:
    """Return where the two numbers of a class of queries begin among a plan's WIDTH; "" stands for all queries.

    >>> column(""), column(CLASSES[-1]) == WIDTH - 2
    (0, True)
    """
    return 2 + 2 * CLASSES.index(query_class) if query_class else 0


class State:
    """Decayed sums over every satisfying action so far.

    `gram`: upper triangle of sum w x x' + ridge, row by row, shape D(D+1)/2. It is one for all arms, because all of them are
    labelled by every action and see the same x.
    `arms`: arm -> sum w x 1[found by depth], shape (len(DEPTHS), D).
    `plans`: name of the plan in tenths -> (places looked at of what it draws, reward earned there) over all queries and for each
    of CLASSES, shape WIDTH; see `learn.looks`.
    `typical`: (number, reward) of actions.
    `onward`: rewards (expected, that came) below an action, see `learn.seen`.
    `version`: actions learned from.
    `looked`: number of the last search that is known to have been looked at.
    `memo`: what was worked out from these sums and holds until they change; whoever changes them empties it.

    >>> State.from_bytes(State().to_bytes()) == State()
    True
    """

    __slots__ = ("arms", "gram", "looked", "memo", "onward", "plans", "typical", "version")

    def __init__(self) -> None:
        self.version = self.looked = 0
        self.gram = array("d", [RIDGE * (i == j) for i in range(D) for j in range(i, D)])
        self.typical = array("d", [0.0, 0.0])
        self.onward = array("d", [0.0, 0.0])
        self.arms: dict[str, array[float]] = {}
        self.plans: dict[str, array[float]] = {}
        self.memo: dict[Any, Any] = {}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, State) and self.to_bytes() == other.to_bytes()

    __hash__ = None  # type: ignore[assignment]

    def to_bytes(self) -> bytes:
        """Return the state as a checked block: magic, checksum, one JSON line of names, doubles."""
        names = {
            "version": self.version,
            "looked": self.looked,
            "d": D,
            "classes": CLASSES,
            "arms": list(self.arms),
            "plans": list(self.plans),
        }
        numbers = b"".join(
            part.tobytes() for part in (self.gram, self.typical, self.onward, *self.arms.values(), *self.plans.values())
        )
        body = json.dumps(names, separators=(",", ":")).encode() + b"\n" + numbers
        return _MAGIC + zlib.crc32(body).to_bytes(4, "big") + body

    @classmethod
    def from_bytes(cls, block: bytes) -> State:
        """Return the state that `to_bytes` wrote; ValueError if the block is damaged.

        A block of other sums, features or classes is of another version of ltrr: an empty state is returned, which is filled
        again by folding the log.
        """
        if block.startswith(tuple(_OLDER)):
            return cls()
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
        state.version, state.looked = header["version"], header["looked"]
        state.gram, state.typical, state.onward = everything[:at], everything[at : at + 2], everything[at + 2 : at + 4]
        at += 4
        for arm in header["arms"]:
            state.arms[arm] = everything[at : at + len(DEPTHS) * D]
            at += len(DEPTHS) * D
        for plan in header["plans"]:
            state.plans[plan] = everything[at : at + WIDTH]
            at += WIDTH
        if at != len(everything):
            raise ValueError("the policy's state is damaged")
        return state
