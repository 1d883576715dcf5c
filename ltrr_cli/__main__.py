"""`python -m ltrr_cli` and the `ltrr` command: a process that lives for some milliseconds, and saves what it can of them."""

import gc
import sys


def main() -> None:
    """Run the command that `sys.argv` names, and exit with its status."""
    gc.set_threshold(20_000)  # loading modules makes no garbage: looking for it takes 1 ms
    from ltrr_cli.cli.app import start

    status = start(sys.argv[1:])
    gc.freeze()  # what is left when a process ends needs no search either: 2 ms
    sys.exit(status)


if __name__ == "__main__":
    main()
