"""P7: from exec to the first picture that an answer made."""

import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import Executor
from statistics import median

from support.fixture import Fixture
from support.programs import Program
from support.table import Row

STARTS = 9
LATER_MS = 5.0
FIRST_MS = 50
APART_S = 3


def rows(made: Fixture, pool: Executor) -> Iterator[Row]:
    # One poll each: the daemon's own first one counts the workloads, so a query of one's own.
    pair = [pool.submit(made.reference("ratio-few", 1000).instructions, 1),
            pool.submit(made.ours("ratio-few", 1000).instructions, made.requests("ratio-few"))]
    theirs, mine = (one.result() for one in pair)
    yield Row("P7", "instructions from exec to the first answer's picture", theirs, mine, "1.2x",
              mine <= 1.2 * theirs)
    walls: dict[str, list[tuple[float, float]]] = {"reference": [], "ours": []}
    for _ in range(STARTS):
        for whose, figures in walls.items():
            requests = 1 if whose == "reference" else made.requests("ratio-few")
            figures.append(first_pictures(getattr(made, whose)("ratio-few", 1000), requests))
    theirs, mine = (median(last for _, last in figures) for figures in walls.values())
    yield Row("P7", f"ms from exec to that picture, median of {STARTS}", theirs, mine,
              f"reference + {LATER_MS:.0f} ms", mine <= theirs + LATER_MS)
    first = median(first for first, _ in walls["ours"])
    yield Row("P7", "ms from exec to some picture, before any answer", None, first, "earlier",
              first < mine)
    yield Row("P15", "ms from exec to some picture", None, first, f"{FIRST_MS}", first <= FIRST_MS)
    yield Row("P15", "s from power to some picture", None, "not measured", "20", None,
              "that is a whole card's, on a machine that is emulated")


def first_pictures(program: Program, requests: int) -> tuple[float, float]:
    """Milliseconds to the first bytes on standard output, and to the first after so many answers."""
    program.server.allow(requests)
    began = time.monotonic()
    with subprocess.Popen(program.command, env=program.environment, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL) as process:
        first = None
        while True:
            process.stdout.read1(65536)
            now = time.monotonic()
            first = first or now
            if program.server.answered >= requests:
                break
        process.terminate()
        process.stdout.read()
        process.wait(APART_S)
    program.server.allow(None)
    return (first - began) * 1000, (now - began) * 1000
