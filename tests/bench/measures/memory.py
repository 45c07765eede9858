"""P4 and P5: memory, and how it grows with the answer."""

import os
from collections.abc import Iterator
from concurrent.futures import Executor

from support.fixture import Fixture
from support.table import Row

MORE_KB = {"VmHWM": 1024, "Private_Dirty": 614}  # than the reference
TIMES = 9  # the answer


def held(made: Fixture, whose: str, name: str, interval_ms: int) -> dict[str, int]:
    with getattr(made, whose)(name, interval_ms) as program:
        program.start(allowed=5)
        program.wait_for(6)
        return program.memory_kb()


def rows(made: Fixture, pool: Executor) -> Iterator[Row]:
    os.sync()  # a program that was just built is no dirty memory of its process
    small = {whose: held(made, whose, "few", 100) for whose in ("reference", "ours")}
    for what, more in MORE_KB.items():
        theirs, mine = small["reference"][what], small["ours"][what]
        yield Row("P4", f"{what} in kB, {made.series('few')} series", theirs, mine,
                  f"reference + {more} kB", mine <= theirs + more)
    answer_kb = made.bytes("most") / 1024
    grown = {whose: (held(made, whose, "most", 1000)["VmHWM"] - small[whose]["VmHWM"]) / answer_kb
             for whose in small}
    yield Row("P5", f"VmHWM's growth, times an answer of {answer_kb:,.0f} kB", grown["reference"],
              grown["ours"], f"{TIMES} times", grown["ours"] <= TIMES)
