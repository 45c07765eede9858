"""Reads the kernel's trace of GPIO lines as a chain of APA102 lights would: data at each rising
clock edge. What it does not understand it does not forgive: every Fault says frame and bit."""

import re
from dataclasses import dataclass, field

EVENT = re.compile(
    r"\s(\d+)\.(\d{6}): (gpio_value|gpio_direction|sys_ioctl|tracing_mark_write)(?:: |\()(.*)"
)
VALUE = re.compile(r"(\d+) (set|get) (-?\d+)")  # below zero: an error of who was asked
DIRECTION = re.compile(r"(\d+)\s+(in|out) \((-?\d+)\)")
CHIP = re.compile(r"^(gpiochip\d+): (?:GPIOs (\d+)-(\d+)|(\d+) GPIOs)(.*)", re.MULTILINE)
LOSSES = re.compile(r"^(overrun|commit overrun|dropped events): (\d+)", re.MULTILINE)

START_BITS = 32
LED_BITS = 32
LED_FIELDS = ["mark"] * 3 + ["brightness"] * 5 + ["blue"] * 8 + ["green"] * 8 + ["red"] * 8


class Fault(Exception):
    """The wire is not what it should be."""


@dataclass
class Wire:
    """What happened on a pair of lines."""

    bits: list = field(default_factory=list)  # data at each rising clock edge
    rises: list = field(default_factory=list)  # when each of them was, in us
    edges: list = field(default_factory=list)  # when either line changed, in us
    marks: dict = field(default_factory=dict)  # when the guest set a mark, in us
    calls: int = 0  # line-set system calls
    levels: dict = field(default_factory=dict)  # at the end
    offences: list = field(default_factory=list)  # (index into bits, what is wrong there)


def find_chip(chips, label):
    """A chip's name and the global number of its line 0, from debugfs's list of chips."""
    for match in CHIP.finditer(chips):
        if label in match.group(5) and match.group(2) is not None:
            return match.group(1), int(match.group(2))
    raise Fault(f"no chip {label} in debugfs:\n{chips}")


def first_line(chips, label):
    return find_chip(chips, label)[1]


def check_complete(stats):
    """A trace that lost one event proves nothing."""
    found = LOSSES.findall(stats)
    if not found:
        raise Fault("the tracer's statistics are missing")
    lost = [f"{name} {count}" for name, count in found if int(count) != 0]
    if lost:
        raise Fault("the tracer lost events: " + ", ".join(lost))


def between(trace, begin, end=None):
    """The part of a trace from one mark of the guest's to another, or to its end."""
    lines = trace.splitlines()
    ends = [i for i, line in enumerate(lines) if line.endswith(f"tracing_mark_write: {end}")]
    begins = [i for i, line in enumerate(lines) if line.endswith(f"tracing_mark_write: {begin}")]
    if len(begins) != 1 or (end is not None and len(ends) != 1):
        raise Fault(f"the trace has not just one mark {begin} and one {end}")
    return "\n".join(lines[begins[0] : ends[0] if end is not None else None])


def read_wire(trace, data, clock):
    """Follows both lines (global numbers) through a trace."""
    wire = Wire(levels={data: 0, clock: 0})
    raised = moved = None  # in which call the clock rose, and the data changed
    for line in trace.splitlines():
        event = EVENT.search(line)
        if event is None:
            continue
        now = int(event.group(1)) * 1000000 + int(event.group(2))
        kind, text = event.group(3), event.group(4)
        if kind == "sys_ioctl":
            wire.calls += 1
            continue
        if kind == "tracing_mark_write":
            wire.marks[text] = now
            continue
        if kind == "gpio_direction":
            check_direction(wire, text)
            continue
        match = VALUE.match(text)
        number, level = int(match.group(1)), int(match.group(3))
        if match.group(2) == "get" or number not in wire.levels:
            continue
        changed = wire.levels[number] != level
        wire.levels[number] = level
        if changed:
            wire.edges.append(now)
        if number == clock and changed and level == 1:
            wire.bits.append(wire.levels[data])
            wire.rises.append(now)
            raised = wire.calls
        if number == data and changed:
            moved = wire.calls
        if changed and raised is not None and raised == moved:
            why = "data changed in the call that raised the clock"
            wire.offences.append((len(wire.bits) - 1, why))
    return wire


def read_sets(trace):
    """[(global number, level)] as lines were set, and as they were when they became outputs."""
    sets = []
    for line in trace.splitlines():
        event = EVENT.search(line)
        kind, text = (event.group(3), event.group(4)) if event else ("", "")
        match = VALUE.match(text) if kind == "gpio_value" else None
        if match and match.group(2) == "set":
            sets.append((int(match.group(1)), int(match.group(3))))
    return sets


I2C_WRITE = re.compile(r": i2c_write: i2c-\d+ #\d+ a=([0-9a-f]+) f=\d+ l=\d+ \[([0-9a-f-]*)\]")


def read_i2c(trace, address):
    """The messages that were written to an I2C address, as bytes."""
    return [bytes.fromhex(text.replace("-", ""))
            for where, text in I2C_WRITE.findall(trace) if int(where, 16) == address]


def check_bytes(what, encoded, bits):
    """Bits on a line that has no frames of its own are these bytes, all of them and no more."""
    sent = [byte >> shift & 1 for byte in encoded for shift in range(7, -1, -1)]
    for bit, (want, have) in enumerate(zip(sent, bits)):
        if want != have:
            raise Fault(f"{what}, bit {bit} (byte {bit // 8}): sent {want}, on the wire {have}")
    if len(bits) != len(sent):
        raise Fault(f"{what}, bit {min(len(bits), len(sent))}: {len(bits)} bits on the wire, not"
                    f" {len(sent)}")


def check_direction(wire, text):
    match = DIRECTION.match(text)
    if match and int(match.group(1)) in wire.levels and match.group(2) == "in":
        wire.offences.append((len(wire.bits), f"line {match.group(1)} became an input"))


def place(bit, leds):
    """Where in a frame a bit is, in words."""
    if bit < START_BITS:
        return "start frame"
    led, inside = divmod(bit - START_BITS, LED_BITS)
    return f"LED {led} {LED_FIELDS[inside]}" if led < leds else "end frame"


def check_edges(wire, frames, leds):
    """No edge of either line did harm."""
    for bit, why in wire.offences:
        for number, frame in enumerate(frames, 1):
            if bit < 8 * len(frame):
                raise Fault(f"frame {number}, bit {bit} ({place(bit, leds)}): {why}")
            bit -= 8 * len(frame)
        raise Fault(f"after the last frame: {why}")


def check_frames(wire, frames, leds):
    """Every bit that was sent arrived, and none else, at two calls a bit. Returns the colours."""
    check_edges(wire, frames, leds)
    begin = 0
    colours = []
    for number, frame in enumerate(frames, 1):
        sent = [byte >> shift & 1 for byte in frame for shift in range(7, -1, -1)]
        got = wire.bits[begin : begin + len(sent)]
        for bit, (want, have) in enumerate(zip(sent, got)):
            if want != have:
                raise Fault(
                    f"frame {number}, bit {bit} ({place(bit, leds)}):"
                    f" sent {want}, on the wire {have}"
                )
        if len(got) < len(sent):
            bit = len(got)
            raise Fault(
                f"frame {number}, bit {bit} ({place(bit, leds)}): the wire ends,"
                f" {len(sent) - bit} bits short"
            )
        colours.append(read_leds(got, number, leds))
        begin += len(sent)
    if len(wire.bits) > begin:
        raise Fault(f"{len(wire.bits) - begin} bits after the last frame")
    if wire.calls != 2 * begin:
        raise Fault(f"{wire.calls} line-set calls for {begin} bits, not 2 each")
    if any(wire.levels.values()):
        raise Fault(f"the lines do not rest low: {wire.levels}")
    return colours


def read_leds(bits, number, leds):
    """The lights' own view of a frame: (brightness, red, green, blue) of each."""
    if any(bits[:START_BITS]):
        raise Fault(f"frame {number}, bit {bits.index(1)} (start frame): sent 0, on the wire 1")
    colours = []
    for led in range(leds):
        begin = START_BITS + LED_BITS * led
        word = int("".join(map(str, bits[begin : begin + LED_BITS])), 2)
        if word >> 29 != 7:
            raise Fault(f"frame {number}, bit {begin} (LED {led} mark): not 111")
        colours.append((word >> 24 & 31, word & 255, word >> 8 & 255, word >> 16 & 255))
    end = bits[START_BITS + LED_BITS * leds :]
    # 32 zeros latch an SK9822; each light delays the rest by half a clock ("Understanding the
    # APA102 Superled", cpldcpu 2014).
    if any(end):
        bit = len(bits) - len(end) + end.index(1)
        raise Fault(f"frame {number}, bit {bit} (end frame): sent 0, on the wire 1")
    if len(end) < 32 + (leds + 1) // 2:
        raise Fault(f"frame {number}: the end frame is not {32 + (leds + 1) // 2} zeros or more")
    return colours
