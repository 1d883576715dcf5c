"""What was believed before an action, beside what it showed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ltrr_cli.feedback.store import Store
from ltrr_cli.policy.worth import TRUST, TRUST_ALL, TRUST_KIN
from ltrr_cli.report import calibration
from ltrr_cli.report.calibration import Belief, curve, error
from ltrr_cli.settings import Settings

Search = Callable[..., str]


def test_a_curve_has_groups_of_equal_size_and_intervals_by_action() -> None:
    beliefs = [Belief(0.1, False, 1.0, i) for i in range(8)] + [Belief(0.1, True, 1.0, i) for i in range(8, 10)]
    beliefs += [Belief(0.9, True, 2.0, i) for i in range(10)]
    found = curve(beliefs, groups=2)
    assert found["predicted"] == pytest.approx([0.1, 0.9])
    assert found["came"] == pytest.approx([0.2, 1.0])
    assert found["weight"] == [10.0, 20.0]
    # eight of -.2 and two of +.8: squares 1.6; times 10/9, root 1.3333; 1.96 of it over the weight 10
    assert found["high"][0] == pytest.approx(0.2 + 1.959964 * (1.6 * 10 / 9) ** 0.5 / 10)
    assert (found["low"][0], found["high"][1]) == (0.0, 1.0)  # shares stay within 0 and 1


def test_the_error_is_the_mean_distance_weighted() -> None:
    beliefs = [Belief(0.5, i % 2 == 0, 1.0, i) for i in range(100)]  # which group they fall into has to do with nothing
    assert error(beliefs) == pytest.approx(0.0)
    assert error([b._replace(predicted=0.8) for b in beliefs]) == pytest.approx(0.3)
    assert error([]) is None


def test_each_action_is_held_against_what_the_ones_before_it_showed(search: Search, store: Store) -> None:
    for text in ("red shoe", "blue boot"):
        search(text, acts=[{"rank": 9, "action": "like"}])  # nine places were looked at; both plans draw the ninth
    found = calibration.calibration(store, Settings())
    assert found["actions"] == 2
    # nothing is believed before the first; the plan of both arms draws all but the fifth of them
    both = sum(1 / place for place in range(1, 10) if place != 5)
    lexical = both + 1 / 5
    rate = 2 / (both + lexical)
    more = [1 - looked * rate for looked in (lexical, both)]
    looked = zip(more, (lexical, both), strict=True)
    kin = [((TRUST_ALL * m / (TRUST + n) + m) / (TRUST_ALL + n), m, n) for m, n in looked]
    better = sorted((TRUST_KIN * wider + m) / (TRUST_KIN + n) for wider, m, n in kin)
    assert found["plans"]["predicted"] == pytest.approx([rate + b for b in better])
    assert found["plans"]["came"] == pytest.approx([1 / lexical, 1 / both])
    assert found["by_arm"] == {}  # nothing is believed of arms before thirty actions


def test_beliefs_follow_what_happens(search: Search, store: Store) -> None:
    for _ in range(120):
        search(acts=[{"rank": 2, "action": "like"}])  # thing1: hybrid has it as its seventeenth, lexical as its second
    found = calibration.calibration(store, Settings())
    assert found["actions"] == 120
    assert found["by_arm"]["lexical"]["came"] == 1.0
    assert found["by_arm"]["lexical"]["predicted"] > 0.4
    assert found["by_arm"]["hybrid"]["came"] == 0.0
    assert found["by_arm"]["hybrid"]["predicted"] < 0.1
    looked = 1 + 1 / 2  # both plans draw lexical's second, and the first as well
    assert found["plans"]["came"] == pytest.approx([1 / looked] * len(found["plans"]["came"]))
    assert found["plans"]["predicted"][-1] == pytest.approx(1 / looked)


def test_of_many_actions_the_first_half_warms_up(search: Search, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calibration, "LAST", 20)
    for _ in range(30):
        search(acts=[{"rank": 1, "action": "like"}])
    found = calibration.calibration(store, Settings())
    assert (found["actions"], found["warmed_up_on"]) == (10, 10)


def test_nothing_satisfied_so_nothing_is_said(search: Search, store: Store) -> None:
    search()
    found = calibration.calibration(store, Settings())
    assert (found["actions"], found["plans"]["predicted"], found["plans"]["error"]) == (0, [], None)
