"""What else a typed word may mean: near words of the catalog, with likelihoods (a noisy channel).

likelihood(w | typed) is in proportion to count(w)^POWER * chance of typing it that way. The typed word itself takes part
where the catalog knows it, so a known word is not corrected away, yet a rare one may also mean a common neighbour.

Source: Kernighan, Church and Gale, "A spelling correction program based on a noisy channel model", COLING 1990.
"""

from __future__ import annotations

from itertools import pairwise

from ltrr_cli.light import TYPE_CHECKING, Protocol
from ltrr_cli.records import Correction
from ltrr_cli.understand.everyday import everyday

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

POWER = 0.5  # of a word's count: common words are likelier, but not in proportion
EDIT = 0.01  # chance of one edit, beside 1 for typing a word as it is
SWAP = 0.02  # two neighbours swapped, or a letter doubled: the commonest slips
FIRST = 0.3  # an edit of the first letter is rarer than elsewhere
UNSEEN, EACH = 0.002, 4.0  # weight of an unknown word of 6 letters: it may be meant; each letter more makes chance likeness rarer
UNFINISHED = 0.02  # chance that the last word was meant to go on, by one letter
LEAST = 0.05  # readings less likely than this are dropped
MOST = 6  # readings kept a word
RARE = 3  # a known word that at most so many entities hold may be a slip
APART = 3  # entities with the joined word that one with both words outweighs
SURE = 0.8  # the most that joining or parting is believed
EVEN = 0.5  # the most where the words are known apart as well: "micro sd" and "microsd" are the same
SHORT = 3  # words up to this length are not corrected
FEW = 8  # words; those of a longer text are taken to have one slip at most
WHOLE = 3  # letters of a word that a word of everyday language may be made of
PAIRS = 3  # ways to part a word that are looked at
LONGEST = 40  # characters; longer "words" are codes that nobody types with an error


class Words(Protocol):
    """The part of a vocabulary that spelling needs."""

    def count(self, word: str) -> int: ...
    def near(self, word: str, edits: int, limit: int = 40) -> list[tuple[str, int]]: ...
    def beginning(self, prefix: str, limit: int = 20) -> list[tuple[str, int]]: ...


def readings(words: Sequence[str], vocabulary: Words, unfinished: bool = True) -> list[list[Correction]]:
    """Return for each word what it may mean, likeliest first, the likelihoods of each word summing to 1.

    A word that nothing is near to stands for itself. With *unfinished* the last word may be the beginning of one.
    """
    last = len(words) - 1
    edits = 2 if len(words) <= FEW else 1
    return [_readings(word, vocabulary, unfinished and i == last, edits) for i, word in enumerate(words)]


def joined(words: Sequence[str], vocabulary: Words, together: Callable[[str, str], int]) -> dict[int, Correction]:
    """Return known words that two neighbours may be meant as, by the place of the first: "sound garden" -> soundgarden.

    The likelihood weighs how many entities hold the one word against how many hold both (*together*).
    """
    found = {}
    for i, (a, b) in enumerate(pairwise(words)):
        count = vocabulary.count(a + b) if len(a + b) > SHORT else 0
        likelihood = count / (count + APART * together(a, b)) if count else 0.0
        most = EVEN if vocabulary.count(a) and vocabulary.count(b) else SURE
        if likelihood >= LEAST:
            found[i] = Correction(a, a + b, round(min(likelihood, most), 4))
    return found


def parted(word: str, vocabulary: Words, together: Callable[[str, str], int]) -> tuple[str, str] | None:
    """Return two known words that *word* is made of, such as some entity has together: "acdc" -> ac, dc.

    Of several pairs it is the one whose rarer word is commonest. A word of everyday language is only made of words of WHOLE
    letters: "notebook" may be a "note book", but "cheap" is no "ch eap".
    """
    if word.isdigit() or len(word) > LONGEST:
        return None
    least = WHOLE if everyday(word) else 2
    splits = [(word[:i], word[i:]) for i in range(least, len(word) - least + 1)]
    counted = sorted(((min(vocabulary.count(a), vocabulary.count(b)), a, b) for a, b in splits), reverse=True)
    return next(((a, b) for n, a, b in counted[:PAIRS] if n and together(a, b)), None)


def _readings(word: str, vocabulary: Words, unfinished: bool, edits: int) -> list[Correction]:
    count = vocabulary.count(word)
    if count > RARE or len(word) <= SHORT or not word.isalpha():
        if count or len(word) <= SHORT - 1 or not word.isalnum():
            return [Correction(word, word, 1.0)]
        near = vocabulary.near(word, 1) if any(c.isalpha() for c in word) and len(word) >= SHORT else []
    else:
        near = vocabulary.near(word, 1)
    found = {w: n**POWER * _typed_as(w, word, 1) for w, n in near}
    if edits > 1 and not count and len(near) < 2 and len(word) > 5 and word.isalpha():
        found = {w: n**POWER * _typed_as(w, word, 2) for w, n in vocabulary.near(word, 2)} | found
    weights = {w: weight for w, weight in found.items() if w != word and w[0].isalpha() == word[0].isalpha()}
    if unfinished and not count and len(word) >= SHORT:
        for w, n in vocabulary.beginning(word):
            weights[w] = max(weights.get(w, 0.0), n**POWER * UNFINISHED / max(1, len(w) - len(word)))
    weights[word] = count**POWER if count else UNSEEN * EACH ** max(-9, min(1, 6 - len(word)))
    total = sum(weights.values())
    ranked = sorted(weights.items(), key=lambda v: (-v[1], v[0]))[:MOST]
    return [Correction(word, w, round(weight / total, 4)) for w, weight in ranked if weight >= LEAST * total]


def _typed_as(meant: str, typed: str, edits: int) -> float:
    """The chance of typing *typed* for *meant*, which is so many edits away, relative to typing it right."""
    chance = (SWAP if edits == 1 and _slip(meant, typed) else EDIT) * EDIT ** (edits - 1)
    return chance * FIRST if meant[0] != typed[0] else chance


def _slip(a: str, b: str) -> bool:
    """True if two words are one swap of neighbours or one doubled letter apart.

    >>> _slip("taylor", "tayler"), _slip("love", "lvoe"), _slip("hello", "helo"), _slip("helo", "help")
    (False, True, True, False)
    """
    if len(a) == len(b):
        differ = [i for i in range(len(a)) if a[i] != b[i]]
        i = differ[0] if len(differ) == 2 else -1
        return i >= 0 and differ[1] == i + 1 and a[i] == b[i + 1] and a[i + 1] == b[i]
    longer, shorter = (a, b) if len(a) > len(b) else (b, a)
    return len(longer) == len(shorter) + 1 and any(
        longer[i] == longer[i - 1] and longer[:i] + longer[i + 1 :] == shorter for i in range(1, len(longer))
    )
