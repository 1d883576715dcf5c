"""Make `docs/session.svg`, the picture of a terminal in the README: the real output of real commands on the sample catalog.

    python tools/session.py

The commands run on a terminal of their own (a pseudo-terminal), in an empty folder.
"""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
import tempfile

from rich.console import Console
from rich.text import Text

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
COLUMNS = 88
COMMANDS = (
    'ltrr search "tayler love" -n 3 --seed 1',
    "ltrr feedback 3 --action play --seconds 180",
    'ltrr search "tayler lov" -n 3 --seed 1',
    "ltrr arms",
)


def shown(command: str, folder: str) -> str:
    """Run *command* on a terminal and return what it wrote, without what it took back."""
    ours, theirs = pty.openpty()
    script = f'ltrr() {{ "{sys.executable}" -m ltrr_cli "$@"; }}\n{command}'
    environment = {**os.environ, "PYTHONPATH": ROOT, "COLUMNS": str(COLUMNS), "TERM": "xterm-256color"}
    process = subprocess.Popen(
        ["bash", "-c", script], cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    written = b""
    try:
        while block := os.read(ours, 65536):
            written += block
    except OSError:  # the other side is closed
        pass
    process.wait()
    text = written.decode().replace("\r\n", "\n").rpartition("\x1b[?25h")[2]  # a progress bar hides the cursor until it goes
    return re.sub(r"\x1b\[\d*[A-HJK]|\r", "", text)


def main() -> None:
    """Run the commands and write the picture."""
    console = Console(record=True, width=COLUMNS, file=open(os.devnull, "w"), force_terminal=True, highlight=False)
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(os.path.join(ROOT, "sample_catalog"), os.path.join(folder, "sample_catalog"))
        shown("ltrr index sample_catalog", folder)  # not in the picture: how long it takes is a machine's own
        for command in COMMANDS:
            console.print(Text(f"$ {command}", "bold green"))
            console.print(Text.from_ansi(shown(command, folder).strip("\n")), soft_wrap=True)
    svg = re.sub(r"@font-face \{.*?\}", "", console.export_svg(title="ltrr", unique_id="ltrr"), flags=re.S)  # no font from afar
    svg = svg.replace("Fira Code, monospace", "Fira Code, Menlo, DejaVu Sans Mono, monospace")
    with open(os.path.join(ROOT, "docs", "session.svg"), "w", encoding="utf-8") as f:
        f.write(svg)


if __name__ == "__main__":
    main()
