"""What every encoder promises, and what the bundled ones in particular do."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import ltrr_cli.encode
from ltrr_cli.encode.base import ENCODERS, Encoder, load
from ltrr_cli.encode.static import Static
from ltrr_cli.errors import EncoderError

MODELS = Path(ltrr_cli.encode.__file__).parent / "models"
Write = Callable[..., Path]
HOSTILE = [
    "word " * 10_000,
    "x" * 100_000,
    "\x00\x01\x02\x1b[31m red \x7f",
    "lone \ud800 surrogate \udfff",
    "a\u0301" * 500,
    "\u202eright to left",
    "' OR 1=1 --",
    "!?.,;",
    "   two  spaces\t\n",
]
PLAIN = ["wireless headphones", "metallica master of puppets", "red running shoes size 42", "usb", "a"]


@pytest.fixture(scope="module", params=sorted(ENCODERS))
def encoder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, write_model: Write) -> Encoder:
    if request.param == "onnx":
        return load(str(write_model(tmp_path_factory.mktemp("model"))))
    return load(request.param)


def test_rows_have_length_one_or_are_zero(encoder: Encoder) -> None:
    made = encoder.encode([*PLAIN, *HOSTILE, "", "   "])
    assert made.shape == (len(PLAIN) + len(HOSTILE) + 2, encoder.dim) and made.dtype == np.float32
    lengths = np.linalg.norm(made, axis=1)
    assert np.all((np.abs(lengths - 1) < 1e-5) | (lengths == 0))
    assert np.all(lengths[: len(PLAIN)] > 0) and np.all(lengths[-2:] == 0)


def test_queries_keep_the_same_promise(encoder: Encoder) -> None:
    for text in [*PLAIN, *HOSTILE, "", "   "]:
        made = encoder.encode_query(text)
        length = sum(x * x for x in made) ** 0.5
        assert made.typecode == "f" and len(made) == encoder.dim
        assert abs(length - 1) < 1e-5 or length == 0
    assert not any(encoder.encode_query(""))


def test_no_texts_are_no_rows(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.dim)


def test_a_text_has_the_same_row_whatever_stands_beside_it(encoder: Encoder) -> None:
    """Up to rounding: MiniLM's 8-bit arithmetic rounds a batch by its largest number."""
    together = encoder.encode([*PLAIN, "", *PLAIN[::-1], "a longer text with many more words in it than the others have"])
    alone = np.concatenate([encoder.encode([text]) for text in PLAIN])
    assert np.all((together[: len(PLAIN)] * alone).sum(axis=1) > 0.985)
    assert np.array_equal(encoder.encode(PLAIN), encoder.encode(PLAIN))


def test_queries_find_their_own_text(encoder: Encoder) -> None:
    queries = np.array([encoder.encode_query(text) for text in PLAIN])
    nearest: NDArray[np.int64] = (queries @ encoder.encode(PLAIN).T).argmax(axis=1)
    assert nearest.tolist() == list(range(len(PLAIN)))


@pytest.mark.parametrize("name", ["static", "minilm"])
def test_what_is_written_in_other_scripts_is_unknown_to_the_bundled_encoders(name: str) -> None:
    assert not load(name).encode(["日本語", "Привет", "😀", "שלום"]).any()
    assert not any(load(name).encode_query("日本語 😀"))


def test_static_rows_are_those_of_its_queries() -> None:
    static, texts = Static(), [*PLAIN, *HOSTILE, "", "日本語 metallica"]
    one_by_one = np.array([static.encode_query(text) for text in texts])
    assert np.allclose(static.encode(texts), one_by_one, atol=1e-4)


def test_static_forgets_words_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ltrr_cli.encode.static.KEPT", 8)
    small, texts = Static(), [f"{a} {b}" for a in ("red", "blue", "green") for b in ("shoe", "car", "song", "house")]
    assert np.array_equal(np.concatenate([small.encode([text]) for text in texts]), Static().encode(texts))


def test_minilm_and_static_share_a_space() -> None:
    minilm, static = load("minilm"), load("static")
    assert (minilm.space, minilm.dim) == (static.space, static.dim)
    assert np.all((minilm.encode(PLAIN[:3]) * static.encode(PLAIN[:3])).sum(axis=1) > 0.7)
    assert minilm.encode_query("usb cable") == static.encode_query("usb cable")


def nearness(a: str, b: str) -> float:
    static = Static()
    return sum(x * y for x, y in zip(static.encode_query(a), static.encode_query(b), strict=True))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("metalica", "metallica"), ("tayler swift", "taylor swift"), ("wireles headphnes", "wireless headphones")],
)
def test_typing_errors_stay_near(typed: str, meant: str) -> None:
    assert nearness(typed, meant) > 0.6


def test_near_meanings_are_nearer_than_far_ones() -> None:
    assert nearness("headphones", "earphones") > nearness("headphones", "refrigerator") + 0.3
    assert nearness("sad songs", "melancholic music") > nearness("sad songs", "toner cartridge") + 0.3


SEARCH = """
import sys
import ltrr_cli.encode
from ltrr_cli.encode.base import load
for name in ("static", "minilm"):
    assert any(load(name).encode_query("Beyoncé wireless headphones"))
print(*sorted({"numpy", "tokenizers", "onnxruntime"} & sys.modules.keys()))
"""


def test_a_query_loads_no_numpy_tokenizers_or_onnxruntime() -> None:
    done = subprocess.run([sys.executable, "-c", SEARCH], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


@pytest.mark.parametrize(
    ("name", "hint"), [("statik", "static"), ("no/such/folder", "tokenizer.json"), ("onnx", "folder"), ("", "static")]
)
def test_a_wrong_name_or_folder_says_what_to_do(name: str, hint: str) -> None:
    with pytest.raises(EncoderError) as caught:
        load(name)
    assert hint in caught.value.hint and "\n" not in str(caught.value)


def test_a_damaged_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="can't be read"):
        Static(str(tmp_path))
    (tmp_path / "static.vocabulary").write_bytes(b"a".ljust(18) + b"\n")
    (tmp_path / "static.npy").write_bytes(bytes(1000))
    with pytest.raises(EncoderError, match="unexpected size"):
        Static(str(tmp_path))


CANONICAL = {  # the first numbers of some vectors: another table is another space, and wants another name
    "wireless headphones": (0.0266, -0.1223, 0.2817, -0.0119),
    "Beyoncé – “Halo” (live)": (0.3925, 0.0452, 0.1635, 0.2108),
    "72 inch led tv under 500": (0.1421, -0.1430, 0.2981, -0.1997),
}


@pytest.mark.parametrize("text", CANONICAL)
def test_canonical_vectors(text: str) -> None:
    assert np.allclose(load("static").encode_query(text)[:4], CANONICAL[text], atol=2e-4)


def test_the_manifest_names_every_file_with_its_hash() -> None:
    artefacts = json.loads((MODELS / "manifest.json").read_text())["artefacts"]
    assert {"static.npy", "static.vocabulary", "minilm.onnx", "minilm.tokenizer.json"} <= artefacts.keys()
    for name, told in artefacts.items():
        assert sha256((MODELS / name).read_bytes()).hexdigest() == told["sha256"]
