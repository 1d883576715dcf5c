"""`python -m ltrr_cli` and the `ltrr` command: a process that lives for some milliseconds, and saves what it can of them."""

import gc
import os
import sys


def main() -> None:
    """Run the command that `sys.argv` names, and exit with its status."""
    gc.set_threshold(20_000)  # loading modules makes no garbage: looking for it takes 1 ms
    from ltrr_cli.cli.app import start

    status = start(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, OSError, ValueError):  # closed, or nobody reads on
            continue
    if "multiprocessing" in sys.modules:  # which has processes to end
        sys.exit(status)
    os._exit(status)  # all else is written and closed: taking Python apart would be a tenth of a search


if __name__ == "__main__":
    main()
