"""What several tests of policies stand on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from ltrr_cli.records import Plan


@pytest.fixture
def by_shares_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let plans draw their shares and no deeper: they would hardly differ in a catalog as small as the tests'."""

    def pooled(plan: Plan, found: Mapping[str, Sequence[Any]]) -> tuple[list[Any], list[Any]]:
        return list(dict.fromkeys(hit for arm, n in plan.draws for hit in found[arm][:n])), []

    def depths(plan: Plan, found: Mapping[str, Sequence[Any]]) -> dict[str, int]:
        return {arm: min(n, len(found[arm])) for arm, n in plan.draws}

    monkeypatch.setattr("ltrr_cli.candidates.pool.pooled", pooled)
    monkeypatch.setattr("ltrr_cli.candidates.pool.depths", depths)
    monkeypatch.setattr("ltrr_cli.learn.reached.depths", depths)
