"""P6: wake-ups, and none without a reason."""

from collections.abc import Iterator
from concurrent.futures import Executor

from support.fixture import Fixture
from support.table import Row

INTERVAL_MS, POLLING_S = 250, 10.0
SETTLE_S, REST_S = 3.0, 20.0


def wakes(made: Fixture, whose: str) -> float:
    with getattr(made, whose)("few", INTERVAL_MS) as program:
        program.start()
        program.wait_for(int(SETTLE_S * 1000 / INTERVAL_MS))
        return program.spend_over(POLLING_S)[1]


def at_rest(made: Fixture) -> float:
    """Wake-ups a second while the next poll is far away."""
    with made.ours("few", 600_000) as program:
        program.start(allowed=None)
        program.wait_for(2)  # the count of workloads, and their rows
        program.spend_over(SETTLE_S)
        before = program.spent()[1]
        program.spend_over(REST_S)
        return (program.spent()[1] - before) / REST_S


def rows(made: Fixture, pool: Executor) -> Iterator[Row]:
    theirs, mine = wakes(made, "reference"), wakes(made, "ours")
    yield Row("P6", "wake-ups a poll", theirs, mine, "2.0", mine <= 2.05)
    rate = at_rest(made)
    yield Row("P6", f"wake-ups a second at rest, over {REST_S:.0f} s", None, rate, "0.00", rate == 0)
