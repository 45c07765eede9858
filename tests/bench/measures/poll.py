"""P1, P2 and P3: what a poll takes."""

from collections.abc import Iterator
from concurrent.futures import Executor
from statistics import median

from support.fixture import Fixture
from support.table import Row

# Milliseconds between polls, and a slope's ends: by the first the picture has come to rest.
SLOPES = {"few": (250, 12, 36), "ratio-few": (250, 12, 36), "many": (800, 4, 12)}
ROUNDS, ROUND_S = 3, 3.0
MORE_MS = 0.1
SMALL = ("replaces 1.25x: of a fifth of a millisecond nearly all is the kernel's, and caches that went cold"
         " since the last poll, which say little of a program; instructions do (P1). A tenth more each 10 s"
         " is a hundred-thousandth of a core")
OWN = ("replaces 1.15x: of a query that anybody may write each series is told from the others by all of"
       " its labels, which are put in order and kept, and what is scraped by those that are no object's;"
       " that the answer is new and whole is proven as for Deployments")


def rows(made: Fixture, pool: Executor) -> Iterator[Row]:
    yield from instructions(made, pool)
    for name in ("few", "many"):
        yield cpu(made, name)


def instructions(made: Fixture, pool: Executor) -> Iterator[Row]:
    costs = {}
    for name, (interval_ms, *ends) in SLOPES.items():
        pair = [pool.submit(program(name, interval_ms).instructions_a_round, *ends)
                for program in (made.reference, made.ours)]
        costs[name] = [one.result() for one in pair]
    for name, what, most, note in (("few", "one Deployment", 1.15, ""),
                                   ("ratio-few", "a query of one's own", 1.3, OWN)):
        theirs, mine = costs[name]
        yield Row("P1", f"instructions a poll, {what}, {made.series(name)} series", theirs, mine,
                  f"{most}x", mine <= most * theirs, note)
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
    measure = f"ms of CPU a poll, {made.series(name)} series"
    if name == "few":
        return Row("P3", measure, theirs, mine, f"reference + {MORE_MS} ms", mine <= theirs + MORE_MS,
                   SMALL)
    return Row("P3", measure, theirs, mine, "1.2x", mine <= 1.2 * theirs)
