"""Which language a text is in, told by its function words; enough to choose a stemmer, silent when unsure."""

from __future__ import annotations

from functools import lru_cache

from ltrr_cli.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# The commonest function words of the languages that have a stemmer, folded as `normalise.words` does: a search has no time to.
FUNCTION_WORDS: dict[str, str] = {
    "ar": "في من على الى إلى هذا التي الذي أن ان عن مع كان لا ما هو هي كل بعد",
    "da": "og i det at en den til er som pa af for med der de ikke har han et jeg",
    "nl": "de het een van en in is dat op te met voor niet zijn aan er ook maar naar ik",
    "en": "the of and to in is that for it with as was on are by this from at you my your i me be",
    "fi": "ja on ei etta se oli han mutta ovat kun niin myos joka ole kuin mita mina",
    "fr": "le la les de des et un une est que pour dans sur pas qui avec au du je ne mon ce",
    "de": "der die das und ist in den von zu mit nicht ein eine auf fur im dem es ich auch sich",
    "el": "και το να του η της με που την απο για ειναι στο τα δεν θα τον",
    "hu": "a az es hogy nem is egy volt meg de csak ez mint el van ha mar",
    "it": "il di che e la un una per non sono con del della gli nel alla mi ti le come",
    "no": "og i det som pa er av for med til har de ikke den jeg han var et om fra",
    "pt": "o a de que e do da em um para com nao uma os no se na por mais as eu meu",
    "ro": "si in de la cu nu pe este un o din care sa a fi mai pentru sunt ca",
    "ru": "и в не на что я он с как это по но к из у за от так же для мы ты",
    "es": "el la de que y en un una los se del las por con para no es lo al como mi tu yo",
    "sv": "och i att det som en pa ar av for med till den har de inte om ett han jag",
    "tr": "ve bir bu da de icin ile ne cok gibi daha var ben o mi en ama",
}


def _table() -> dict[str, tuple[str, ...]]:
    of: dict[str, list[str]] = {}
    for language, words in FUNCTION_WORDS.items():
        for word in words.split():
            of.setdefault(word, []).append(language)
    return {word: tuple(languages) for word, languages in of.items()}


_LANGUAGES_OF: dict[str, tuple[str, ...]] = {}

# Words after which a name is likely: what makes, likens or lists. "songs by X", "like X", "from X", "similar to X", "X and X".
INTRODUCING: dict[str, str] = {
    "da": "af fra som med", "nl": "van door zoals met", "en": "by like from to feat ft featuring", "fi": "kuten kuin",
    "fr": "de par comme du feat", "de": "von wie mit aus", "el": "από σαν του με", "hu": "mint", "it": "di da come con",
    "no": "av fra som med", "pt": "de do da por como", "ro": "de la ca", "ru": "от из как", "es": "de por como con",
    "sv": "av från som med", "tr": "gibi",
}  # fmt: skip
JOINING: dict[str, str] = {
    "da": "og eller", "nl": "en of", "en": "and or", "fi": "ja tai", "fr": "et ou", "de": "und oder", "el": "και ή",
    "hu": "és vagy", "it": "e o", "no": "og eller", "pt": "e ou", "ro": "și sau", "ru": "и или", "es": "y o",
    "sv": "och eller", "tr": "ve veya",
}  # fmt: skip


def detect(words: Iterable[str], among: Iterable[str] = (), least: float = 0.5) -> str:
    """Return the ISO 639-1 code that the function words among *words* speak for, "" if they don't decide.

    With *among*, only those languages are considered. A word shared by several languages counts for each in part, and once
    however often it comes: "StarTech.com cable, StarTech.com" is no Portuguese. *least* is how many words' worth there must be.

    >>> detect("the winner takes it all".split()), detect("la vie en rose est belle dans le soir".split())
    ('en', 'fr')
    >>> detect(["thunderstruck"])
    ''
    """
    allowed = set(among)
    votes: dict[str, float] = {}
    spoken("")  # fills the table
    for languages in filter(None, map(_LANGUAGES_OF.get, dict.fromkeys(words))):
        for language in languages:
            if not allowed or language in allowed:
                votes[language] = votes.get(language, 0.0) + 1 / len(languages)
    ranked = sorted(votes.items(), key=lambda v: (-v[1], v[0]))
    if not ranked or ranked[0][1] < least or (len(ranked) > 1 and ranked[0][1] < 1.2 * ranked[1][1]):
        return ""
    return ranked[0][0]


def spoken(word: str) -> tuple[str, ...]:
    """Return the languages in which *word* (normalised) is a function word.

    >>> spoken("the"), spoken("der"), spoken("thunderstruck")
    (('en',), ('da', 'de'), ())
    """
    if not _LANGUAGES_OF:
        _LANGUAGES_OF.update(_table())
    return _LANGUAGES_OF.get(word, ())


@lru_cache(maxsize=32)
def leads(language: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the words of a language (English if unknown) after which a name is likely, and those that join names.

    >>> [sorted(some) for some in leads("de")]
    [['aus', 'mit', 'von', 'wie'], ['oder', 'und']]
    """
    from ltrr_cli.understand.normalise import fold

    table = ((words.get(language) or words["en"]).split() for words in (INTRODUCING, JOINING))
    introducing, joining = (frozenset(map(fold, some)) for some in table)
    return introducing, joining
