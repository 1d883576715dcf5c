"""Give each part of ltrr that reads something what nobody would write, and see that it says so and never breaks.

    python tools/attack/fuzz.py TARGET --minutes 10      or `all`; TARGET is one of those in `targets.py`
    python tools/attack/fuzz.py TARGET --corpus FOLDER   goes on with the inputs that were of use the last time
    python tools/attack/fuzz.py TARGET --replay FILE     an input that was found before

Where Atheris is installed (`pip install atheris`; Python 3.11 or 3.12, Linux) it guides what is tried by what ltrr's code does
with it; else examples are changed at random, which needs nothing. An input that breaks something is written to `found-TARGET-*`.
Minutes are minutes of a processor, its children's included, spent on inputs: a busy machine takes longer, and tries as much.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
from hashlib import sha256

GUIDED = ("catalog", "mapping", "where", "query", "feedback", "settings", "judged", "import", "sentence")  # not those that fork
TOKENS = [
    *(
        sign.encode()
        for sign in (
            [
                "{",
                "}",
                "[",
                "]",
                '"',
                ",",
                ":",
                "\\",
                "(",
                ")",
                "=",
                ">=",
                "--",
                "%",
                "'",
                "NaN",
                "1e999",
                "-1",
                "0",
                "0x10",
                "1_0",
                "1e308",
                "true",
                "null",
                "id",
                "name",
                "\\ud800",
            ]
        )
    ),
    *(word.encode() for word in (" and ", " or ", "not ", " in ", "2026-13-45", "../../x", "\n", "\t", "\0", "\r", "\x1b[2J")),
    *(odd.encode() for odd in ("é", "\u202e", "\u0130\u1e9e\ufb01", "\U0001f44d")),
    *(b"\xff", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\x1f\x8b", b"9" * 400, b"x" * 5000, b"[" * 3000, b'{"a":' * 3000),
]


def change(data: bytes, rng: random.Random, others: list[bytes]) -> bytes:
    """Return *data* with a few things done to it."""
    made = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 3, 8))):
        at = rng.randrange(len(made) + 1)
        way = rng.randrange(6)
        if way == 0 and made:
            made[at % len(made)] = rng.randrange(256)
        elif way == 1:
            del made[at : at + rng.choice((1, 2, 8, 100))]
        elif way == 2:
            made[at:at] = rng.choice(TOKENS)
        elif way == 3:
            made[at : at + rng.choice((1, 4, 16))] = rng.choice(TOKENS)
        elif way == 4:
            made[at:at] = made[rng.randrange(len(made) + 1) :][: rng.choice((1, 8, 64))]
        else:
            other = rng.choice(others)
            made[at:] = other[rng.randrange(len(other) + 1) :]
    return bytes(made[: 1 << 16])


def used() -> float:
    """Return how many seconds of processors this process and those it has waited for took."""
    return sum(os.times()[:4])


def at_random(name: str, seconds: float, most: int, seed: int) -> int:
    """Try changed examples for so many *seconds* of a processor, *most* at most; return how many broke something."""
    from targets import TARGETS

    target, examples = TARGETS[name]
    rng, known, tried, found = random.Random(f"{name} {seed}"), examples(), 0, set[str]()
    begun, first = used(), list(known)
    while used() - begun < seconds and tried < most:
        data = first.pop() if first else change(rng.choice(known), rng, known)
        tried += 1
        try:
            target(data)
        except Exception as e:
            import traceback

            what = f"{type(e).__name__}: {str(e)[-1500:]}"
            where = traceback.format_tb(e.__traceback__)[-1].strip()
            if where + what[-200:] not in found:
                found.add(where + what[-200:])
                print(f"{name}: {keep(name, data)}: {where}\n  {what}", file=sys.stderr)
    print(f"{name}: {tried} inputs in {(used() - begun) / 60:.1f} minutes of a processor, {len(found)} broke something")
    return len(found)


def keep(name: str, data: bytes) -> str:
    """Write down what broke something; return the file's name."""
    path = f"found-{name}-{sha256(data).hexdigest()[:12]}"
    with open(path, "wb") as f:
        f.write(data)
    return path


def guided(name: str, seconds: float, corpus: str) -> int:
    """Let Atheris try for so many *seconds* of a processor, in a process of its own, which it ends itself."""
    begun = used()
    command = [sys.executable, os.path.abspath(__file__), name, "--guide", "--minutes", str(seconds / 60), "--corpus", corpus]
    with tempfile.TemporaryDirectory() as scratch:  # what it leaves there, ending as it does
        environment = {**os.environ, "TMPDIR": scratch}
        done = subprocess.run(command, stderr=subprocess.PIPE, text=True, errors="replace", env=environment)
    lines = done.stderr.splitlines()
    reached = [line for line in lines if line[:1] == "#" and line[1:2].isdigit()][-1:] or ["nothing was tried"]
    told = "broken" if done.returncode else "nothing broken"
    print(f"{name}: {reached[0].strip()} in {(used() - begun) / 60:.1f} minutes of a processor; {told}")
    if done.returncode:
        print("\n".join(lines[-40:]), file=sys.stderr)
    return int(done.returncode != 0)


def guide(name: str, seconds: float, corpus: str) -> None:
    """Be that process."""
    import atheris

    with atheris.instrument_imports(include=["ltrr_cli"]):
        from targets import TARGETS

        target, examples = TARGETS[name]
    corpus = os.path.join(corpus or tempfile.mkdtemp(), name)
    os.makedirs(corpus, exist_ok=True)
    for i, example in enumerate(examples()):
        with open(os.path.join(corpus, str(i)), "wb") as f:
            f.write(example)
    words = os.path.join(corpus, "..", f"{os.path.basename(corpus)}.words")
    with open(words, "w", encoding="ascii") as f:
        f.writelines('"' + "".join(f"\\x{byte:02x}" for byte in token[:60]) + '"\n' for token in TOKENS)
    limits = ["-max_len=8192", "-timeout=600", "-rss_limit_mb=4096", f"-dict={words}"]
    atheris.Setup([sys.argv[0], *limits, f"-artifact_prefix=found-{name}-", corpus], target)
    signal.signal(signal.SIGPROF, lambda *_: os.kill(os.getpid(), signal.SIGUSR1))  # at which Atheris ends after an input
    signal.setitimer(signal.ITIMER_PROF, seconds)
    atheris.Fuzz()


def main() -> int:
    """Read the command line, and attack."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("target")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--inputs", type=int, default=1 << 60, help="try so many at most, and never guided")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--corpus", metavar="FOLDER", default="", help="keep there what guided trying found to be of use")
    parser.add_argument("--replay", metavar="FILE")
    parser.add_argument("--guide", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    seconds = 60 * asked.minutes
    if asked.guide:
        guide(asked.target, seconds, asked.corpus)
    from importlib.util import find_spec

    from targets import TARGETS, tidy

    try:
        if asked.replay:
            with open(asked.replay, "rb") as f:
                TARGETS[asked.target][0](f.read())
            return 0
        broken = 0
        for name in TARGETS if asked.target == "all" else [asked.target]:
            by_coverage = asked.inputs == 1 << 60 and name in GUIDED and find_spec("atheris") is not None
            broken += guided(name, seconds, asked.corpus) if by_coverage else at_random(name, seconds, asked.inputs, asked.seed)
        return 1 if broken else 0
    finally:
        tidy()


if __name__ == "__main__":
    sys.exit(main())
