"""What a user can get wrong, one class per kind, each with a hint that says what to do next.

LtrrError
├── WorkspaceError   the state folder is missing, foreign, damaged or of another format
│   └── BusyError    another process is writing and did not finish in time
├── CatalogError     a catalog, mapping or record can't be read as one
├── EncoderError     a model's name, folder or file does not fit
├── SettingsError    a setting's name or value
├── QueryError       a search's options: arm, policy, type, number
├── FeedbackError    an event: unknown search, entity or action
├── EvaluationError  queries, judgments, runs or measures
└── SimulationError  a simulated user, a catalog without queries, results of another simulation
"""

from __future__ import annotations

ROOM = "is there room on the disk, and may you write there?"


class LtrrError(Exception):
    """A user's mistake or a damaged input: one line of what is wrong, one of what to do.

    >>> print(LtrrError("no index at .ltrr", hint="ltrr index CATALOG").hint)
    ltrr index CATALOG
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class WorkspaceError(LtrrError):
    """The state folder is missing, foreign, damaged or of another format."""


class BusyError(WorkspaceError):
    """Another process is writing and did not finish in time."""


class CatalogError(LtrrError):
    """A catalog, a mapping file or a record can't be read as one."""


class EncoderError(LtrrError):
    """A model's name, folder or file does not fit."""


class SettingsError(LtrrError):
    """A setting's name or value is not one of ltrr's."""


class QueryError(LtrrError):
    """A search's options name something that does not exist or is out of range."""


class FeedbackError(LtrrError):
    """An event names an unknown search, entity or action, or is malformed."""


class EvaluationError(LtrrError):
    """A file of queries, judgments or ranked lists can't be read as one, or a measure is not known."""


class SimulationError(LtrrError):
    """A simulation's users, queries or judgments can't be used, or its folder holds another one."""


def of_the_disk(e: BaseException) -> str:
    """Return why a file could not be written, in a few words; "" if *e* is anything else. Tantivy tells it as a ValueError.

    >>> of_the_disk(ValueError("An IO error occurred: 'File too large (os error 27)'"))
    'File too large'
    >>> of_the_disk(OSError(28, "No space left on device")), of_the_disk(ValueError("no number"))
    ('No space left on device', '')
    """
    if isinstance(e, OSError) and e.errno:
        return str(e.strerror)
    told = str(e) if isinstance(e, ValueError) else ""
    if "IoError" in told:
        return told.partition('message: "')[2].partition('"')[0] or "it could not be written"
    if "IO error occurred: '" in told:
        return told.partition("IO error occurred: '")[2].partition(" (os error")[0]
    return "it could not be written" if "io::Error" in told else ""
