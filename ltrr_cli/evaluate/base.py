"""What an estimator is: a way to say what a policy would have earned on searches that another one made."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

ESTIMATORS = {
    "ips": "ltrr_cli.evaluate.ips:terms",
    "snips": "ltrr_cli.evaluate.snips:terms",
    "dr": "ltrr_cli.evaluate.doubly_robust:terms",
    "switch_dr": "ltrr_cli.evaluate.doubly_robust:switch_terms",
    "items": "ltrr_cli.evaluate.items:terms",
}


class Sample(NamedTuple):
    """Logged searches and a policy to judge by them; every array has one number a search."""

    reward: Numbers  # 0..1
    rho: Numbers  # chance of the plan that was drawn under the policy, over its chance when it was drawn
    predicted: Numbers  # reward of that plan, by a model that has not seen the search
    expected: Numbers  # the same model's mean over the plans that the policy might have drawn
    usual: Numbers  # ... and over the plans that might have been drawn when it was logged
    exposure: Numbers  # chance that the policy draws what satisfied, over the chance that it had to be drawn; 0 if nothing did

    def as_logged(self) -> Sample:
        """Return the same searches with the policy that decided them for the one to be judged: what a difference is to.

        >>> import numpy as np
        >>> one = np.array([1.0])
        >>> logged = Sample(one, 4 * one, one, 3 * one, 2 * one, 0 * one).as_logged()
        >>> logged.rho, logged.expected, logged.exposure
        (array([1.]), array([2.]), array([1.]))
        """
        one = self.rho * 0 + 1
        return self._replace(rho=one, expected=self.usual, exposure=one)


class Estimator(Protocol):
    """One way to estimate."""

    def __call__(self, sample: Sample) -> tuple[Numbers, Numbers]:
        """Return numerators and denominators, one of each a search: the estimate is the ratio of their sums.

        So every estimator can be put together from parts of the log, as the bootstrap does.
        """
        ...
