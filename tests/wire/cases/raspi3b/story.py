"""The installed program, a real Prometheus, a rollout: what the lights got is what the program says
it showed, frame by frame; while nothing happens nothing moves; and it ends dark."""

import os

import account
import decode
from machine import TOP

LEDS = 8
STILL_S = 60
POLL_S = 2  # no answer may be late in the still minute, however busy this machine is
REPEAT_S = 10  # OUTPUT_REPEAT_MS, firmware/daemon/outputs.h


def board():
    """The shipped board, with the account as a second output."""
    def read(name):
        with open(os.path.join(TOP, "boards", name + ".yaml"), encoding="utf-8") as file:
            return file.read()

    return read("pimoroni-blinkt") + read("frames").partition("outputs:\n")[2]


GUEST = f"""
cat >board.yaml <<'EOF'
{board()}
EOF
POLL={POLL_S}s start ./board.yaml
logged 1 '-> stable' && sleep 1
mark changed
cluster rollout
logged 2 '-> stable' && sleep 3
mark still
sleep {STILL_S}
mark stop
stop
"""


def judge(result):
    return "\n     ".join(f"{what}: {value}" for what, value in figures(result).items())


def figures(result):
    result.expect_status(0)
    result.expect_output("exit 0\n")
    decode.check_complete(result.stats)
    line_0 = decode.first_line(result.chips, "pinctrl-bcm2835")
    wire = decode.read_wire(result.trace, line_0 + 23, line_0 + 24)
    lines = account.read_account(result.file("account"))
    frames = account.read_frames(wire, LEDS)
    account.compare(lines, frames)
    check_story(result, lines, frames)
    edges, repeats = still(result, wire, frames)
    return {
        "frames on the wire, all as accounted for": len(frames),
        "line-set calls a bit": f"{wire.calls / len(wire.bits):g}",
        f"edges in {STILL_S} still seconds": edges,
        f"frames in {STILL_S} still seconds": repeats,
        f"seconds from a changed cluster, scraped each second, polled each {POLL_S}, to changed light":
            f"{notice_s(wire, frames):.2f}",
        "ms from SIGTERM to dark": f"{(frames[-1].end - wire.marks['stop']) / 1000:.0f}",
    }


def check_story(result, lines, frames):
    """The comparison was worth something."""
    amber = {tuple(line.pixels) for line in lines if any(r > 1.2 * g > 24 > b for r, g, b in line.pixels)}
    if len(amber) < 3:  # a busy machine's emulator drops nearly all frames
        result.fail(f"only {len(amber)} different amber frames in a rollout")
    if not all(g > 1.2 * r and g > 24 for r, g, b in lines[-2].pixels):
        result.fail(f"not green before the end: {lines[-2]}")
    if any(max(led[1:]) for led in frames[-1].leds):
        result.fail(f"not dark at the end: {frames[-1]}")


def notice_s(wire, frames):
    changed = wire.marks["changed"]
    before = [frame for frame in frames if frame.at < changed][-1]
    after = next(frame for frame in frames if frame.at > changed and frame.leds != before.leds)
    return (after.at - changed) / 1e6


def still(result, wire, frames):
    """While the picture stands still only the repetitions are on the wire. How many edges and frames
    that is."""
    begin, end = wire.marks["still"], wire.marks["stop"]
    repeats = [frame for frame in frames if begin <= frame.at < end]
    edges = sum(begin <= edge < end for edge in wire.edges)
    expected = STILL_S // REPEAT_S
    if not expected - 1 <= len(repeats) <= expected + 1:
        raise decode.Fault(f"{len(repeats)} frames in {STILL_S} still seconds, not {expected};"
                           f" the log:\n{result.file('log')}")
    if any(frame.leds != repeats[0].leds for frame in repeats):
        raise decode.Fault(f"the still picture changed; the log:\n{result.file('log')}")
    return edges, len(repeats)
