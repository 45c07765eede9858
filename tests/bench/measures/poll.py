"""P1, P2 and P3: what a poll takes."""

from collections.abc import Iterator
from concurrent.futures import Executor
from statistics import median

from support.fixture import Fixture
from support.table import Row

# Milliseconds between polls, and a slope's ends: by the first the picture has come to rest.
SLOPES = {"few": (250, 12, 36), "ratio-few": (250, 12, 36), "many": (800, 4, 12)}
ROUNDS, ROUND_S = 3, 3.0


def rows(made: Fixture, pool: Executor) -> Iterator[Row]:
    yield from instructions(made, pool)
    for name in ("few", "many"):
        yield cpu(made, name)


def instructions(made: Fixture, pool: Executor) -> Iterator[Row]:
    costs = {}
    for name, (interval_ms, *ends) in SLOPES.items():
        pair = [pool.submit(made.reference(name, interval_ms).instructions_a_round, *ends),
                pool.submit(made.ours(name, interval_ms).instructions_a_round, *ends,
                            made.requests(name))]
        costs[name] = [one.result() for one in pair]
    for name, what in (("few", "one Deployment"), ("ratio-few", "a query of one's own and the time")):
        theirs, mine = costs[name]
        yield Row("P1", f"instructions a poll, {what}, {made.series(name)} series", theirs, mine,
                  "1.15x", mine <= 1.15 * theirs)
    more = made.series("many") - made.series("few")
    theirs, mine = ((many - few) / more for few, many in zip(costs["few"], costs["many"]))
    yield Row("P2", "instructions a further series", theirs, mine, "1.2x", mine <= 1.2 * theirs)


def cpu(made: Fixture, name: str) -> Row:
    """In turns, so that what else runs hits both."""
    spent: dict[str, list[float]] = {"reference": [], "ours": []}
    for _ in range(ROUNDS):
        for whose, figures in spent.items():
            with getattr(made, whose)(name) as program:
                program.start()
                program.wait_for(3)
                figures.append(program.spend_over(ROUND_S)[0])
    theirs, mine = (median(figures) for figures in spent.values())
    most = 1.25 if name == "few" else 1.2
    return Row("P3", f"ms of CPU a poll, {made.series(name)} series", theirs, mine, f"{most}x",
               mine <= most * theirs)
