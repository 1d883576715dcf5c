"""Defaults, then ltrr.toml, then the environment, then flags; what does not fit is named with where it stood."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ltrr_cli.errors import SettingsError
from ltrr_cli.settings import BOUNDS, Settings, load


def test_without_any_setting_the_defaults_hold(tmp_path: Path) -> None:
    assert load(str(tmp_path)) == load(str(tmp_path / "nowhere")) == Settings()


def test_the_later_source_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = str(tmp_path)
    (tmp_path / "ltrr.toml").write_text('budget = 20\npolicy = "uniform"\nepsilon = 0.5\n')
    assert load(folder) == Settings(budget=20, policy="uniform", epsilon=0.5)
    monkeypatch.setenv("LTRR_BUDGET", "30")
    monkeypatch.setenv("LTRR_POLICY", "fixed")
    assert (load(folder).budget, load(folder).policy, load(folder).epsilon) == (30, "fixed", 0.5)
    flagged = load(folder, budget=50, policy=None)
    assert (flagged.budget, flagged.policy) == (50, "fixed")


def test_each_kind_of_value_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ltrr.toml").write_text("eta = 1\nlog = false\n[actions]\nshare = 0.9\nclick = 0\n")
    settings = load(str(tmp_path))
    assert (settings.eta, settings.log, settings.actions) == (1.0, False, {"share": 0.9, "click": 0})
    assert isinstance(settings.eta, float)
    for text, value in (("1", True), ("true", True), ("TRUE", True), ("0", False), ("False", False)):
        monkeypatch.setenv("LTRR_LOG", text)
        assert load(str(tmp_path)).log is value
    monkeypatch.setenv("LTRR_HALF_LIFE", "1e3")
    assert load(str(tmp_path)).half_life == 1000.0


@pytest.mark.parametrize("name", BOUNDS)
def test_bounds_hold_and_belong_to_the_range(name: str, tmp_path: Path) -> None:
    low, high = BOUNDS[name]
    kind = type(Settings._field_defaults[name])
    for value in (low, high):
        assert getattr(load(str(tmp_path), **{name: kind(value)}), name) == value
    for value in (low - 1, high * 2, float("inf"), float("nan")):
        with pytest.raises(SettingsError) as error:
            load(str(tmp_path), **{name: kind(value) if abs(value) < float("inf") else value})
        assert name in str(error.value)
        assert error.value.hint


@pytest.mark.parametrize(
    ("content", "message", "hint"),
    [
        ("budgt = 20\n", "no setting is called 'budgt'", "did you mean 'budget'?"),
        ('budget = "20"\n', "budget is '20'", "budget = "),
        ("budget = 20.5\n", "budget is 20.5", "budget = "),
        ("budget = true\n", "budget is True", "budget = "),
        ("budget = 0\n", "budget is 0", "from 1 to 1000"),
        ("log = 1\n", "log is 1", "log = "),
        ("policy = 3\n", "policy is 3", "policy = "),
        ("eta = nan\n", "eta is nan", "from 0 to 3"),
        ("actions = 3\n", "actions is 3", "actions = "),
        ("[actions]\nshare = 2\n", "actions.share is 2", "from 0 to 1"),
        ("[actions]\nshare = true\n", "actions.share is True", "from 0 to 1"),
        ('[actions]\nshare = "much"\n', "actions.share is 'much'", "from 0 to 1"),
        ("[actions]\nshare = nan\n", "actions.share is nan", "from 0 to 1"),
        ("budget 20\n", "ltrr.toml", "TOML"),
        ("budget = 1\nbudget = 2\n", "ltrr.toml", "TOML"),
        ("\udcff", "ltrr.toml", "TOML"),
    ],
)
def test_what_does_not_fit_in_the_file_is_named(tmp_path: Path, content: str, message: str, hint: str) -> None:
    (tmp_path / "ltrr.toml").write_text(content, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(SettingsError) as error:
        load(str(tmp_path))
    assert "ltrr.toml" in str(error.value)
    assert message in str(error.value)
    assert hint in error.value.hint


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BUDGET", "many"),
        ("BUDGET", ""),
        ("BUDGET", "0"),
        ("LOG", "perhaps"),
        ("EPSILON", "nan"),
        ("ETA", "-1"),
        ("BUDGET", "1.5"),
    ],
)
def test_what_does_not_fit_in_the_environment_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"LTRR_{name}", value)
    with pytest.raises(SettingsError) as error:
        load(str(tmp_path))
    assert str(error.value).startswith(f"LTRR_{name}: ")
    assert error.value.hint


@pytest.mark.parametrize("flags", [{"budget": 0}, {"budget": "20"}, {"colour": "red"}])
def test_what_does_not_fit_on_the_command_line_is_named(tmp_path: Path, flags: dict[str, Any]) -> None:
    with pytest.raises(SettingsError, match="the command line"):
        load(str(tmp_path), **flags)


def test_variables_that_are_no_settings_are_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LTRR_INDEX", "/somewhere")
    monkeypatch.setenv("LTRR_ACTIONS", "nonsense")
    assert load(str(tmp_path)) == Settings()
