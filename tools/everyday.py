"""Makes `ltrr_cli/understand/everyday.en`: English words with about how common each is, from the order of BERT's vocabulary.

    python tools/everyday.py

The vocabulary is that of `bert-base-uncased` (Devlin et al., 2019; Apache 2.0), most of which `minilm.tokenizer.json` has. Its
pieces stand in the order of their frequency in the texts that BERT was trained on, English Wikipedia and books. Those that are
words are sorted, one a line, each with a character that says its rank: see `understand/everyday.py`.
"""

from __future__ import annotations

import json
from pathlib import Path

from ltrr_cli.understand.everyday import code

ROOT = Path(__file__).parents[1] / "ltrr_cli"
SHORTENED = {  # as `normalise.words` writes don't, I'm, ...: beside the word of about the same frequency
    "dont": "know", "im": "am", "ive": "am", "its": "its", "id": "am", "ill": "am", "cant": "cannot", "wont": "cannot",
    "didnt": "couldn", "doesnt": "couldn", "isnt": "couldn", "wasnt": "couldn", "arent": "couldn", "couldnt": "couldn",
    "wouldnt": "couldn", "youre": "am", "youve": "am", "theyre": "am", "weve": "am", "thats": "says", "whats": "says",
    "theres": "says", "heres": "says", "lets": "let",
}  # fmt: skip


def main() -> None:
    vocabulary = json.loads((ROOT / "encode/models/minilm.tokenizer.json").read_text("utf-8"))["model"]["vocab"]
    pieces = sorted(vocabulary, key=vocabulary.get)
    ranked = ["a", "i", *(word for word in pieces if len(word) > 1 and word.isascii() and word.isalnum())]
    rank = {word: at for at, word in enumerate(ranked)}
    rank |= {short: min(rank[like], rank.get(short, len(rank))) for short, like in SHORTENED.items()}
    lines = [f"{word} {code(at)}\n" for word, at in sorted(rank.items())]
    (ROOT / "understand/everyday.en").write_text("".join(lines), encoding="ascii")


if __name__ == "__main__":
    main()
