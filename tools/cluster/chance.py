"""What differs from one run to the next: how long pods take, and who comes first."""

import random
from collections.abc import Callable

from .spec import Template

GRAIN_S = 0.05  # pods that start within so long of each other may be seen at the same moment


class Chance:
    """`jitter` 0.3 starts pods within 30 % of start_s. `shuffled`: the controllers take their steps
    in any order and see each other's half done, as the loops of a real controller manager do."""

    def __init__(self, seed: int = 1, jitter: float = 0.0, shuffled: bool = False):
        self._rng = random.Random(seed)
        self._jitter = jitter
        self._shuffled = shuffled

    def start_s(self, template: Template) -> float:
        start_s = template.start_s * self._rng.uniform(1 - self._jitter, 1 + self._jitter)
        return round(start_s / GRAIN_S) * GRAIN_S

    def order(self, steps: list[Callable[[], None]]) -> list[Callable[[], None]]:
        if self._shuffled:
            self._rng.shuffle(steps)
        return steps

    def some(self, count: int) -> int:
        """Of so many things to do, how many others have seen done when they look next."""
        return self._rng.randint(min(1, count), count) if self._shuffled else count
