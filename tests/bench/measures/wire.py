"""P9 and P10: drawing, and what goes over the wire."""

import re
import subprocess
from collections.abc import Iterator
from concurrent.futures import Executor

import frame
from lib.process import Failure
from support.fixture import Fixture
from support.table import Row

REST_S = 20
OUTPUT_CALL = re.compile(r"^\d+ +(?:ioctl\(|write\(1,)", re.MULTILINE)


def rows(made: Fixture, pool: Executor) -> Iterator[Row]:
    for pixels in frame.PIXELS:
        floor, mine = pool.map(lambda v, n=pixels: frame.slope(made.build, v, n),
                               ("FLOOR", "RENDER"))
        yield Row("P9", f"instructions a frame, APA102, {pixels} pixels", floor, mine, "2x",
                  mine <= 2 * floor)
    bits, calls = gpio_calls(made)
    yield Row("P10", f"line-set calls a frame, APA102 over GPIO, {bits} bits", 2 * bits, calls,
              "2 a bit", calls == 2 * bits)
    output = static_output(made)
    yield Row("P10", f"writes to the board in {REST_S} s of a static picture", None, output, "0",
              output == 0)


def gpio_calls(made: Fixture) -> tuple[int, int]:
    """Of one frame: its bits, and the calls that set lines."""
    run = subprocess.run([made.build / "tests/bench_gpio_calls"], capture_output=True, text=True)
    if run.returncode:
        raise Failure(f"bench_gpio_calls: {run.stderr}")
    bits, calls = map(int, run.stdout.split())
    return bits, calls


def static_output(made: Fixture) -> int:
    """Calls that write to the board, by the daemon that polls, once its picture is at rest."""
    trace = made.place / "trace"
    with made.ours("few", 500) as program:
        program.start()
        program.wait_for(8)
        # The tracer comes when all is calm, and leaves by itself.
        tracer = ["timeout", str(REST_S), "strace", "-f", "-e", "trace=write,ioctl", "-o", trace,
                  "-p", str(program.child.pid)]
        run = subprocess.run([*map(str, tracer)], capture_output=True, text=True)
        if not trace.exists():
            raise Failure(f"strace: {run.stderr}")
        program.child.expect_alive()
    return len(OUTPUT_CALL.findall(trace.read_text()))
