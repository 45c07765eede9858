"""The goals P1 to P13 and P15, each with its reference, ours, and their ratio, measured in one run.

References are programs that do the same job with as little: poll_reference.c (libcurl, the whole
body, cJSON) asks the same server the same question and gets the same answer, which was a real
Prometheus's about a simulated cluster. Instructions are callgrind's, and slopes of two runs: start
and end do not count, and neither does the machine's speed. Milliseconds are of this machine; only
their ratio means something, and only while nothing else runs.
"""

import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path

from lib.process import Failure
from measures import binary, memory, poll, rest, reuse, start, tls, wall, wire
from support.fixture import fixture
from support.table import heading, line

MEASURES = {module.__name__.split(".")[1]: module
            for module in (poll, memory, rest, start, binary, wire, tls, wall, reuse)}


def main(build: Path, arguments: list[str]) -> int:
    """`arguments`: measures' names, to have some alone."""
    began = time.monotonic()
    if unknown := set(arguments) - set(MEASURES):
        raise Failure(f"there is no measure '{unknown.pop()}', but {', '.join(MEASURES)}")
    chosen = [MEASURES[name] for name in arguments or MEASURES]
    with tempfile.TemporaryDirectory(prefix="amberbar-bench-") as place, ThreadPoolExecutor(2) as pool:
        print("Collecting a real Prometheus's answers ...", flush=True)
        made = fixture(build, Path(place))
        print(heading(), flush=True)
        with reuse.polling(made) if reuse in chosen else nullcontext() as kept:
            for measure in chosen:
                for row in reuse.rows(kept) if measure is reuse else measure.rows(made, pool):
                    print(line(row), flush=True)
    print(f"\n{time.monotonic() - began:.0f} s")
    return 0
