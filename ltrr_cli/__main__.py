"""`python -m ltrr_cli` and the `ltrr` command."""

from ltrr_cli.cli.app import main

if __name__ == "__main__":
    main()
