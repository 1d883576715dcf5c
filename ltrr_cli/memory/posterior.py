"""A cautious guess of a rate: the quantile of a Beta distribution, in plain Python."""

from __future__ import annotations

from functools import lru_cache
from math import exp, lgamma, log, sqrt

TINY = 1e-300


@lru_cache(16384)  # what was predicted of an entity is asked for in every search
def quantile(p: float, a: float, b: float) -> float:
    """Return q with P(X <= q) = *p* for X ~ Beta(*a*, *b*), a, b > 0, to 1e-6 or so.

    Halley's method on the regularised incomplete beta function, from the usual starting values
    (Press et al., *Numerical Recipes*, 3rd ed., section 6.14).

    >>> round(quantile(0.2, 1.0, 3.0), 6)  # 1 - .8^(1/3)
    0.071682
    """
    if a >= 1 and b >= 1:
        t = sqrt(-2 * log(min(p, 1 - p)))
        z = (2.30753 + t * 0.27061) / (1 + t * (0.99229 + t * 0.04481)) - t
        z = -z if p < 0.5 else z
        al = (z * z - 3) / 6
        h = 2 / (1 / (2 * a - 1) + 1 / (2 * b - 1))
        w = z * sqrt(al + h) / h - (1 / (2 * b - 1) - 1 / (2 * a - 1)) * (al + 5 / 6 - 2 / (3 * h))
        x = a / (a + b * exp(2 * w))
    else:
        t, u = exp(a * log(a / (a + b))) / a, exp(b * log(b / (a + b))) / b
        x = (a * (t + u) * p) ** (1 / a) if p < t / (t + u) else 1 - (b * (t + u) * (1 - p)) ** (1 / b)
    scale = lgamma(a + b) - lgamma(a) - lgamma(b)
    for i in range(12):
        if x <= 0 or x >= 1:
            return min(1.0, max(0.0, x))
        error = chance(x, a, b) - p
        slope = exp((a - 1) * log(x) + (b - 1) * log(1 - x) + scale)
        u = error / max(slope, TINY)
        step = u / (1 - 0.5 * min(1.0, u * ((a - 1) / x - (b - 1) / (1 - x))))
        x -= step
        if x <= 0:
            x = 0.5 * (x + step)
        elif x >= 1:
            x = 0.5 * (x + step + 1)
        if abs(step) < 1e-6 * x and i > 0:
            break
    return x


def chance(x: float, a: float, b: float) -> float:
    """Return P(X <= *x*) for X ~ Beta(*a*, *b*): the regularised incomplete beta function, by continued fraction.

    >>> round(chance(0.5, 2.0, 2.0), 12), round(chance(0.25, 1.0, 1.0), 12)
    (0.5, 0.25)
    """
    if x <= 0 or x >= 1:
        return float(x > 0)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(x, a, b) / a
    return 1 - front * _fraction(1 - x, b, a) / b


def _fraction(x: float, a: float, b: float) -> float:
    """Lentz's method."""
    c, d = 1.0, 1 / _away(1 - (a + b) * x / (a + 1))
    h = d
    for m in range(1, 200):
        for step in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / _away(1 + step * d)
            c = _away(1 + step / c)
            h *= d * c
        if abs(d * c - 1) < 1e-10:
            break
    return h


def _away(number: float) -> float:
    """Keep off zero."""
    return number if abs(number) > TINY else TINY
