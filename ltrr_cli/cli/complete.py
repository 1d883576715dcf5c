"""What the shell's Tab key offers for an option's value: names of arms, policies, actions, and of what the index at hand has."""

from __future__ import annotations

import re

from ltrr_cli.errors import LtrrError

_PLAIN = re.compile(r"\w[\w.-]*")  # zsh evaluates what it is offered, and no shell quotes it: all else is left to be typed


def offered(kind: str, folder: str, begun: str) -> list[str]:
    """Return the values of *kind* that begin with *begun*, as far as they can stand in any shell without quotes.

    *kind* is arm, policy, action, type or field. What needs an index is not offered where *folder* has none.

    >>> offered("arm", "", "le")
    ['lexical']
    """
    try:
        names = _names(kind, folder)
    except LtrrError:
        return []
    return sorted({name for name in names if name.startswith(begun) and _PLAIN.fullmatch(name)})


def _names(kind: str, folder: str) -> list[str]:
    if kind == "arm":
        from ltrr_cli.arms.base import ARMS

        return list(ARMS)
    if kind == "policy":
        from ltrr_cli.policy.base import POLICIES

        return list(POLICIES)
    if kind == "action":
        from ltrr_cli import settings
        from ltrr_cli.feedback.reward import actions

        return list(actions(settings.load(folder).actions))
    import ltrr_cli
    from ltrr_cli.index.names import askable

    with ltrr_cli.open(folder) as engine:
        if kind == "type":
            return list(engine.generation.types)
        return askable(engine.generation.meta)
