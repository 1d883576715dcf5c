import pytest
from hypothesis import given
from hypothesis import strategies as st

from ltrr_cli.memory.posterior import chance, quantile


@pytest.mark.parametrize(
    ("p", "a", "b", "q"),
    [
        (0.2, 1, 1, 0.2),  # uniform
        (0.2, 2, 1, 0.2**0.5),  # x^2 = p
        (0.2, 1, 3, 1 - 0.8 ** (1 / 3)),  # 1 - (1-x)^3 = p
        (0.5, 2, 2, 0.5),  # symmetric
        (0.2, 0.5, 0.5, 0.0954915028),  # arcsine: sin^2(pi p / 2)
        (0.2, 2, 2, 0.2871407187),  # 3x^2 - 2x^3 = p
        (0.8, 5, 1, 0.8**0.2),
        (0.2, 1, 500, 1 - 0.8 ** (1 / 500)),
        (0.2, 500, 1, 0.2 ** (1 / 500)),
    ],
)
def test_quantiles_that_can_be_worked_out_by_hand(p: float, a: float, b: float, q: float) -> None:
    assert quantile(p, a, b) == pytest.approx(q, abs=1e-6)


@given(st.floats(0.02, 0.98), st.floats(0.3, 300), st.floats(0.3, 300))
def test_the_quantile_undoes_the_distribution(p: float, a: float, b: float) -> None:
    q = quantile(p, a, b)
    slope = abs(chance(min(1, q + 1e-6), a, b) - chance(max(0, q - 1e-6), a, b))  # a steep place moves p by more
    assert chance(q, a, b) == pytest.approx(p, abs=1e-4 + 2 * slope)


@given(st.floats(0.3, 30), st.floats(0.3, 30))
def test_more_success_and_less_failure_raise_it(a: float, b: float) -> None:
    assert quantile(0.2, a + 1, b) > quantile(0.2, a, b)
    assert quantile(0.2, a, b + 1) < quantile(0.2, a, b)
