"""What can be set: defaults, then `ltrr.toml` in the state folder, then the environment (`LTRR_BUDGET=60`), then flags."""

from __future__ import annotations

import os

from ltrr_cli.errors import SettingsError
from ltrr_cli.light import Any, NamedTuple


class Settings(NamedTuple):
    """Every setting with its default; validated once, when it is loaded."""

    budget: int = 40  # candidates drawn for one search, over all arms
    policy: str = "epsilon_greedy"
    ranker: str = "auto"  # the one that was learned and found better; "blend" = always the untrained one
    reranker: str = ""  # folder of a cross-encoder that reads the top of the list again; "" = none
    shadow: str = ""  # a policy that decides beside the real one, is logged and never acts; "" = none
    fallback: bool = True  # draw the default plan where a policy has done worse lately, by more than chance
    freeze: bool = False  # learn nothing: what happens is logged only, and `ltrr learn --from-log` learns it later
    epsilon: float = 0.0  # fixed exploration rate; 0 = .10, more with the first feedback, .02 in the end
    half_life: float = 3000.0  # events after which old evidence counts half
    memory_half_life_days: float = 180.0
    window_hours: float = 24.0  # how long after a search an action still belongs to it
    eta: float = 1.0  # position bias assumed: the chance that rank k was looked at is k**-eta
    explore: bool = True
    log: bool = True
    timezone: str = ""  # the user's, such as Europe/Berlin; "" = UTC
    region: str = ""  # whose public holidays count, such as DE or US-CA; "" = nobody's
    busy_timeout: float = 60.0  # seconds to wait for another writer
    actions: dict[str, float] = {}  # action -> value in 0..1, added to the built-in ones

    def unusual(self) -> dict[str, Any]:
        """Return the settings that differ from the defaults.

        >>> Settings(budget=60).unusual()
        {'budget': 60}
        """
        return {name: value for name, value in self._asdict().items() if value != self._field_defaults[name]}


BOUNDS: dict[str, tuple[float, float]] = {
    "budget": (1, 1000), "epsilon": (0, 1), "half_life": (1, 1e9), "memory_half_life_days": (0.01, 1e6),
    "window_hours": (0.01, 1e5), "eta": (0, 3), "busy_timeout": (0, 3600),
}  # fmt: skip


def load(folder: str, **flags: Any) -> Settings:
    """Return the settings that hold in *folder*; *flags* that are None leave a setting as it is.

    Raises SettingsError for an unknown name, a wrong kind of value or one out of bounds.

    >>> load("/nonexistent", budget=60).budget
    60
    """
    values: dict[str, Any] = {}
    path = os.path.join(folder, "ltrr.toml")
    if os.path.exists(path):
        values.update((name, (value, path)) for name, value in _read(path).items())
    for name in Settings._fields:
        text = os.environ.get(f"LTRR_{name.upper()}")
        if text is not None and name != "actions":
            values[name] = (_from_text(name, text), f"LTRR_{name.upper()}")
    values.update((name, (value, "the command line")) for name, value in flags.items() if value is not None)
    return Settings(**{name: _checked(name, value, where) for name, (value, where) in values.items()})


def _read(path: str) -> dict[str, Any]:
    import tomllib

    try:
        with open(path, "rb") as f:
            return tomllib.load(f)
    except (OSError, ValueError) as e:
        raise SettingsError(f"{path}: {e}", hint="it is TOML: name = value, a line each") from None


def _from_text(name: str, text: str) -> Any:
    default = Settings._field_defaults[name]
    if isinstance(default, bool):
        return {"1": True, "true": True, "0": False, "false": False}.get(text.lower(), text)
    try:
        return type(default)(text)
    except ValueError:
        return text


def _checked(name: str, value: Any, where: str) -> Any:
    if name not in Settings._fields:
        from ltrr_cli.registry import did_you_mean

        raise SettingsError(f"{where}: no setting is called {name!r}", hint=did_you_mean(name, Settings._fields, "setting"))
    default = Settings._field_defaults[name]
    if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if type(value) is not type(default):
        shown = repr(default).lower() if isinstance(default, bool) else repr(default)  # as TOML has it
        raise SettingsError(f"{where}: {name} is {value!r}", hint=f"it is set like this: {name} = {shown}")
    low, high = BOUNDS.get(name, (None, None))
    if low is not None and high is not None and not low <= value <= high:
        raise SettingsError(f"{where}: {name} is {value!r}", hint=f"it takes a number from {low:g} to {high:g}")
    if name == "actions":
        for action, worth in value.items():
            if isinstance(worth, bool) or not isinstance(worth, int | float) or not 0 <= worth <= 1:
                raise SettingsError(f"{where}: actions.{action} is {worth!r}", hint="an action's value is a number from 0 to 1")
    return value
