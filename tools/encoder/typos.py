"""Misspells words the way people do, so that the static table learns to forgive it."""

from __future__ import annotations

from random import Random

ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
NEAR = {
    key: [row[i + d] for d in (-1, 1) if 0 <= i + d < len(row)]
    + [ROWS[r + d][min(i, len(ROWS[r + d]) - 1)] for d in (-1, 1) if 0 <= r + d < len(ROWS)]
    for r, row in enumerate(ROWS)
    for i, key in enumerate(row)
}
SOUNDS = (
    ("ph", "f"),
    ("ck", "k"),
    ("c", "k"),
    ("k", "c"),
    ("ie", "ei"),
    ("ei", "ie"),
    ("y", "i"),
    ("i", "y"),
    ("s", "z"),
    ("ou", "u"),
    ("ea", "ee"),
    ("ee", "ea"),
    ("a", "e"),
    ("e", "a"),
    ("o", "u"),
    ("er", "or"),
    ("tion", "sion"),
)


def misspell(word: str, rng: Random) -> str:
    """Return *word* with one slip: a letter dropped, doubled, swapped, mistyped, added, or spelled by its sound.

    >>> misspell("headphones", Random(4)) != "headphones"
    True
    """
    for _ in range(4):
        i = rng.randrange(len(word))
        kind = rng.choices(("drop", "double", "swap", "mistype", "add", "sound"), (20, 12, 22, 18, 12, 16))[0]
        if kind == "drop":
            made = word[:i] + word[i + 1 :]
        elif kind == "double":
            made = word[:i] + word[i] + word[i:]
            if i and word[i] == word[i - 1]:
                made = word[:i] + word[i + 1 :]  # or a double letter made single
        elif kind == "swap":
            made = word[:i] + word[i : i + 2][::-1] + word[i + 2 :]
        elif kind == "mistype":
            made = word[:i] + rng.choice(NEAR.get(word[i].lower(), ["e"])) + word[i + 1 :]
        elif kind == "add":
            made = word[:i] + rng.choice(NEAR.get(word[i].lower(), ["e"])) + word[i:]
        else:
            sounds = [pair for pair in SOUNDS if pair[0] in word]
            made = word.replace(*rng.choice(sounds), 1) if sounds else word
        if made and made != word:
            return made
    return word


def with_typos(words: list[str], rng: Random) -> list[str]:
    """Return *words* with a slip in at least one word of four letters or more, sometimes with a space lost or gained.

    >>> with_typos(["red", "running", "shoes"], Random(1)) == ["red", "running", "shoes"]
    False
    """
    made = list(words)
    long = [i for i, word in enumerate(made) if len(word) > 3]
    if not long:
        return made
    share = rng.choice((0.1, 0.4, 1.0))
    for i in {rng.choice(long), *(i for i in long if rng.random() < share)}:
        made[i] = misspell(made[i], rng)
    if rng.random() < 0.1 and len(made) > 1:
        i = rng.randrange(len(made) - 1)
        made[i : i + 2] = [made[i] + made[i + 1]]
    elif rng.random() < 0.1:
        i = rng.choice(long)
        if i < len(made) and len(made[i]) > 5:
            cut = rng.randint(2, len(made[i]) - 2)
            made[i : i + 1] = [made[i][:cut], made[i][cut:]]
    return made
