"""The texts that the static table is trained on: WordNet's, and strings composed of WordNet's words and of lists.txt.

Nobody's catalog or query log is among them unless `--texts` names it. Everything is drawn from one seeded generator.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from tools.encoder.senses import ARTIFACT, FEELING, FOOD, PERSON, PLACE, Sense, named, senses

LISTS = Path(__file__).with_name("lists.txt")
COMMON_NUMBERS = (
    1,
    2,
    3,
    4,
    5,
    6,
    8,
    10,
    12,
    15,
    16,
    17,
    19,
    20,
    22,
    24,
    27,
    32,
    40,
    48,
    50,
    64,
    100,
    128,
    250,
    256,
    500,
    512,
    1000,
)


def all_texts(wordnet: Path, pieces: list[str], more: list[str], rounds: int, pages: int = 10_000, seed: int = 7) -> list[str]:
    """Return the training texts, each once, in a fixed random order; a round is 300,000 composed texts."""
    known = senses(wordnet)
    rng = Random(seed)
    texts = [sense.meaning for sense in known]
    texts += [example for sense in known for example in sense.examples]
    texts += [name for sense in known for name in sense.words]
    texts += [", ".join(sense.words) for sense in known if len(sense.words) > 1]
    texts += [f"{rng.choice(sense.words)}: {sense.meaning}" for sense in known if rng.random() < 0.5]
    texts += [piece for piece in pieces if piece.isascii() and piece.isalnum()]
    composer = Composer(known, pieces, rng)
    texts += [text for _ in range(rounds) for text in composer.texts(300_000)]
    texts += [composer.page() for _ in range(pages)]
    texts += more
    texts = sorted({text for text in texts if text.strip()})
    rng.shuffle(texts)
    return texts


def lists() -> dict[str, list[str]]:
    """Read lists.txt: heading -> items."""
    found: dict[str, list[str]] = {}
    for line in LISTS.read_text("utf-8").splitlines():
        if line.startswith("["):
            items = found[line.strip("[]")] = []
        elif not line.startswith("#"):
            items += line.split("|")
    return found


class Composer:
    """Composes what could stand in a catalog or be typed into a search."""

    def __init__(self, known: list[Sense], pieces: list[str], rng: Random) -> None:
        self.pick, self.rng, self.lists = rng.choice, rng, lists()
        self.words = [piece for piece in pieces if piece.isascii() and piece.isalpha() and len(piece) > 2]
        self.lemmas = sorted({name for sense in known for name in sense.words})
        self.glosses = [sense.meaning for sense in known]
        self.artifacts, self.foods, self.places = named(known, ARTIFACT), named(known, FOOD), named(known, PLACE)
        self.feelings = named(known, FEELING)
        self.names = [name for name in named(known, PERSON) if name[0].isupper()]
        self.shapes: dict[Callable[[], str], int] = {
            self.search: 10, self.product: 14, self.description: 6, self.title: 12, self.track: 10, self.music_search: 7,
            self.span: 10, self.mix: 14, self.artist: 6, self.long: 3, self.pair: 4, self.code: 4,
        }  # fmt: skip

    def texts(self, count: int) -> Iterator[str]:
        """Yield *count* texts of all shapes."""
        for shape in self.rng.choices(list(self.shapes), list(self.shapes.values()), k=count):
            yield shape()

    def word(self) -> str:
        return self.pick(self.words)

    def lemma(self) -> str:
        return self.pick(self.lemmas)

    def gloss(self) -> str:
        return self.pick(self.glosses)

    def item(self, name: str) -> str:
        return self.pick(self.lists[name])

    def thing(self) -> str:
        return self.pick(self.pick((self.lists["thing"],) * 4 + (self.artifacts,) * 3 + (self.foods,)))

    def brand(self) -> str:
        made = self.pick((self.word, self.word, lambda: self.artist().split()[-1], lambda: self.word() + self.word()[:4]))()
        return self.pick((str.title, str.upper, str))(made)

    def number(self) -> str:
        kind = self.rng.random()
        if kind < 0.5:
            return str(self.pick(COMMON_NUMBERS))
        return f"{self.rng.uniform(0.1, 30):.1f}" if kind < 0.7 else str(self.rng.randrange(10 ** self.rng.randint(1, 5)))

    def measure(self) -> str:
        return f"{self.number()}{self.pick(('', ' '))}{self.item('unit')}"

    def code(self) -> str:
        signs = ("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789")
        parts = ["".join(self.rng.choices(self.pick(signs), k=self.rng.randint(1, 4))) for _ in range(self.rng.randint(2, 4))]
        return self.pick(("", "", "-", " ")).join(parts)

    def product(self) -> str:
        parts = [self.brand()] if self.rng.random() < 0.8 else []
        parts += [self.code()] if self.rng.random() < 0.45 else []
        parts += [self.pick((self.word, self.lemma))().title()] if self.rng.random() < 0.3 else []
        parts += self.rng.sample(self.lists["kind"], self.pick((0, 0, 1, 1, 2)))
        parts += [self.thing()]
        parts += [self.measure() for _ in range(self.pick((0, 0, 1, 1, 2, 3)))]
        parts += [self.item("kind")] if self.rng.random() < 0.25 else []
        if self.rng.random() < 0.2:
            self.rng.shuffle(parts)
        return self.pick((str, str, str.title, str.lower, str.upper))(self.pick((" ", " ", " ", ", ")).join(parts))

    def search(self) -> str:
        return self.item("search").format(
            t=self.thing(),
            u=self.thing(),
            k=self.item("kind"),
            b=self.brand(),
            n=self.number(),
            i=self.item("unit"),
            w=self.word(),
        )

    def description(self) -> str:
        parts = [self.product(), self.pick((self.span, self.product, self.gloss))()]
        for _ in range(self.rng.randint(0, 6)):
            parts += [f"{self.lemma()}{self.pick((': ', ' '))}{self.pick((self.number, self.word, self.code, self.measure))()}"]
        return self.pick((". ", ", ", " ", "; ")).join(parts)

    def title(self) -> str:
        made = self.item("title").format(
            a=self.pick(self.pick((self.words, self.words, self.feelings, self.lemmas))), b=self.word(), c=self.word(),
            p=self.artist(), n=self.rng.randint(1955, 2024), m=self.rng.randint(1, 9), k=self.pick("ABCDEFG"),
        )  # fmt: skip
        return self.pick((str.title, str))(made)

    def artist(self) -> str:
        kind = self.rng.random()
        if kind < 0.35:
            return self.pick(self.names)
        if kind < 0.6:
            return f"{self.pick(self.names).split()[0]} {self.pick(self.names).split()[-1]}"
        return self.item("artist").format(a=self.word(), b=self.word()).title()

    def track(self) -> str:
        return self.item("track").format(
            t=self.title(), a=self.artist(), l=self.title(), g=self.item("genre"), y=self.rng.randint(1955, 2024)
        )

    def music_search(self) -> str:
        return self.item("music search").format(
            g=self.item("genre"), h=self.item("genre"), m=self.item("mood"), n=self.item("mood"), t=self.title(),
            a=self.artist(), b=self.artist(), d=self.pick("56789"), w=self.lemma(), c=self.item("country"),
        )  # fmt: skip

    def span(self) -> str:
        words = self.gloss().split()
        at = self.rng.randrange(len(words))
        return " ".join(words[at : at + self.rng.randint(1, 8)])

    def mix(self) -> str:
        return " ".join(self.pick((self.word, self.word, self.lemma))() for _ in range(self.pick((1, 2, 2, 3, 3, 4, 5))))

    def pair(self) -> str:
        return f"{self.pick(self.places)} {self.pick((self.word, self.thing, self.artist))()}"

    def long(self) -> str:
        return ". ".join(self.pick((self.span, self.search, self.gloss))() for _ in range(self.rng.randint(2, 5)))

    def page(self) -> str:
        """A long text about one thing: titles, sentences and specifications, as catalogs have them."""
        about = self.pick((self.product, self.product, self.track))()
        rest = (self.gloss, self.gloss, self.description, self.search, self.span)
        return self.pick((". ", ", ", " ", "\n")).join([about, *(self.pick(rest)() for _ in range(self.rng.randint(2, 6)))])
