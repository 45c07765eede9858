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
A_CALL = 4  # instructions of drawing for each call that sets lines
SCENES = {"ROLLOUT": "a rollout", "REST": "rest"}
OUTPUT_CALL = re.compile(r"^\d+ +(?:ioctl\(|write\(1,)", re.MULTILINE)


def rows(made: Fixture, pool: Executor) -> Iterator[Row]:
    yield from drawing(made, pool)
    bits, calls = gpio_calls(made)
    yield Row("P10", f"line-set calls a frame, APA102 over GPIO, {bits} bits", 2 * bits, calls,
              "2 a bit", calls == 2 * bits)
    for scene, words in SCENES.items():
        for pixels in (8, 144):
            pictures, calls, whole = minute(made, scene, pixels)
            yield Row("P10", f"line-set calls a minute of {words}, {pixels} pixels", whole, calls,
                      "fewer than whole pictures", calls < whole)
    output = static_output(made)
    yield Row("P10", f"writes to the board in {REST_S} s of a static picture", None, output, "0",
              output == 0)


def drawing(made: Fixture, pool: Executor) -> Iterator[Row]:
    slopes = {}
    for pixels in frame.PIXELS:
        slopes[pixels] = list(pool.map(lambda v, n=pixels: frame.slope(made.build, v, n),
                                       ("FLOOR", "RENDER")))
    least, *_, most = frame.PIXELS
    calls = 2 * 8 * apa102_bytes(least)
    floor, mine = slopes[least]
    yield Row("P9", f"instructions a frame, APA102, {least} pixels", floor, mine,
              f"{A_CALL} a line-set call", mine <= A_CALL * calls,
              f"replaces 2x the floor, which copies bytes of a picture that is known: what to draw (levels that"
              f" ease, night, segments, the supply's limit, a glint) costs some 2,000 however long the"
              f" strip is, and the frame's {calls} system calls a hundred times that")
    for pixels in frame.PIXELS[1:]:
        floor, mine = slopes[pixels]
        yield Row("", f"instructions a frame, APA102, {pixels} pixels", floor, mine, "", None)
    floor, mine = ((slopes[most][i] - slopes[least][i]) / (most - least) for i in (0, 1))
    yield Row("P9", "instructions a further pixel", floor, mine, "2x", mine <= 2 * floor)


def apa102_bytes(pixels: int) -> int:
    return 8 + 4 * pixels + (pixels + 15) // 16


def minute(made: Fixture, scene: str, pixels: int) -> tuple[int, int, int]:
    """Pictures sent, the calls that took, and what they would be if each went out whole."""
    pictures, calls, whole = map(int, _run(made, "minute", scene, str(pixels)).split())
    return pictures, calls, whole


def gpio_calls(made: Fixture) -> tuple[int, int]:
    """Of one frame: its bits, and the calls that set lines."""
    bits, calls = map(int, _run(made, "gpio_calls").split())
    return bits, calls


def _run(made: Fixture, program: str, *arguments: str) -> str:
    run = subprocess.run([made.build / f"tests/bench_{program}", *arguments], capture_output=True,
                         text=True)
    if run.returncode:
        raise Failure(f"bench_{program}: {run.stderr}")
    return run.stdout


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
