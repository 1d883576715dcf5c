"""`ltrr check`: is everything in the state folder whole?"""

from __future__ import annotations

import sys

import ltrr_cli
from ltrr_cli.cli.options import INDEX, JSON, Command
from ltrr_cli.cli.render import clean, counted, to_json


def check(index: str, as_json: bool) -> int:
    """Verify the state folder: checksums, references, log.

    Nothing is changed; every damage comes with how to repair it. Exit status 2 if there is any.

    Example: ltrr check
    """
    checked = ltrr_cli.check(index)
    if as_json:
        sys.stdout.write(to_json(checked.to_dict()) + "\n")
    else:
        for finding in checked.findings:
            sys.stdout.write(f"{'damage' if finding.damage else 'note'}: {clean(finding.part)}: {clean(finding.what)}\n")
            sys.stdout.write(f"  repair: {clean(finding.repair)}\n")
        log = f"{counted(checked.searches, 'search', 'searches')}, {counted(checked.events, 'event')}"
        looked = f"{counted(checked.files, 'file')}, {counted(checked.rows, 'row')}, {log}"
        sys.stdout.write(f"{'damaged' if checked.damaged else 'whole'}: {looked}\n")
    return 2 if checked.damaged else 0


COMMAND = Command(check, (INDEX, JSON))
