"""Holds what the lights got against the program's own account: a line of the `frames` board for each
frame (colours as sRGB after brightness), beside the APA102 words on the wire of the same run.

The account's colours are 8-bit codes of light that is 16 bits wide inside, so a code stands for a
range of light, and the range for a few neighbouring words. Whatever is outside of them is a fault,
named by frame, LED and bit; no other tolerance is given."""

import bisect
import json
from dataclasses import dataclass

from decode import LED_BITS, START_BITS, Fault, read_leds

LIGHT_MAX = 65535
FIELD_MIN, FIELD_MAX = 4, 31  # firmware/chips/apa102.h
STEPS = 255 * FIELD_MAX
COLOURS = ("blue", "green", "red")  # on the wire, after mark and brightness field


@dataclass
class Line:
    """One frame of the account."""

    at: int  # us, on the kernel's monotonic clock as the trace
    pixels: list  # (red, green, blue), sRGB


def read_account(text):
    lines = []
    for line in text.splitlines():
        fields = json.loads(line)
        pixels = [tuple(bytes.fromhex(pixel[1:])) for pixel in fields["pixels"]]
        lines.append(Line(fields["t_ms"] * 1000, pixels))
    return lines


def linear(code):
    """IEC 61966-2-1."""
    share = code / 255
    light = share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
    return round(light * LIGHT_MAX)


LIGHT = [linear(code) for code in range(256)]


def lights_of(code, alone):
    """The least and the most light that is written as this code. `alone`: the whole pixel has but
    this code 1, which light stronger than none gets even where 0 is nearer."""
    low = 0 if code == 0 else -(-(LIGHT[code - 1] + LIGHT[code]) // 2)
    high = LIGHT_MAX if code == 255 else (LIGHT[code] + LIGHT[code + 1] - 1) // 2
    return (1 if alone else low), high


def ranges_of(pixel):
    """The ranges of (blue, green, red) light for an account's pixel."""
    if not any(pixel):
        return [(0, 0)] * 3
    alone = sum(pixel) == 1
    return [lights_of(code, alone and code == 1) for code in reversed(pixel)]


def field_for(light):
    """The smallest field whose 255.5 steps hold the light."""
    return max(FIELD_MIN, -(-2 * light * STEPS // (511 * LIGHT_MAX)))


def steps_for(light, field):
    unit = LIGHT_MAX * field
    return min(255, (light * STEPS + unit // 2) // unit)


def words_for(pixel, field):
    """The least and the most of each byte of a LED's word; the strongest is never put out."""
    ranges = ranges_of(pixel)
    fields = [field_for(max(end[side] for end in ranges)) for side in (0, 1)]
    strongest = max(high for _, high in ranges)
    bounds = [tuple(0xE0 | field for field in fields)]
    for low, high in ranges:
        floor = 1 if any(pixel) and high == strongest else 0
        bounds.append((steps_for(low, field), max(floor, steps_for(high, field))))
    return bounds


def misfit(pixels, leds):
    """The first (LED, part, what was expected, what came) in which lights differ from an account's
    pixels; None when there is none."""
    if len(pixels) != len(leds):
        raise Fault(f"{len(leds)} lights on the wire, {len(pixels)} in the account")
    for number, (pixel, (field, red, green, blue)) in enumerate(zip(pixels, leds)):
        bounds = words_for(pixel, field)
        got = (0xE0 | field, blue, green, red)
        for part, byte, (low, high) in zip(range(4), got, bounds):
            if not low <= byte <= high:
                return number, part, min(max(byte, low), high), byte
    return None


def complain(frame, number, line, wrong):
    """Says which bit of which frame is not as accounted for."""
    led, part, expected, got = wrong
    bit = START_BITS + LED_BITS * led + 8 * part + 8 - (expected ^ got).bit_length()
    name = ("brightness", *COLOURS)[part]
    raise Fault(
        f"frame {number}, bit {bit} (LED {led} {name}): {got:#04x} on the wire at"
        f" {frame.at / 1e6:.6f} s, {expected:#04x} after the account's"
        " #{:02x}{:02x}{:02x}".format(*line.pixels[led]) + f" of {line.at / 1e6:.3f} s"
    )


@dataclass
class Shown:
    """One frame as the lights got it."""

    at: int  # us: its first rising clock edge
    end: int  # us: its last
    leds: list  # (brightness field, red, green, blue)


def lit_by(wire, begin, leds):
    """How many LEDs a frame is for: each of their words begins with a 1, the zeros after them do not."""
    count = 0
    while count < leds and wire.bits[begin + START_BITS + LED_BITS * count :][:1] == [1]:
        count += 1
    return count


def read_frames(wire, leds):
    """Cuts what was on a wire into frames. The first one is whole; a later one may end early, and then
    the LEDs behind show on what they showed."""
    begins, frames = [], []
    begin = 0
    while begin < len(wire.bits):
        begins.append(begin)
        lit = lit_by(wire, begin, leds)
        if lit < leds and not frames:
            raise Fault(f"frame 1: {lit} of {leds} LEDs in the first one")
        end = begin + START_BITS + LED_BITS * lit + 32 + 8 * (-(-lit // 16))
        if end > len(wire.bits):
            raise Fault(f"frame {len(begins)}, bit {len(wire.bits) - begin}: the wire ends,"
                        f" {end - len(wire.bits)} bits short")
        seen = read_leds(wire.bits[begin:end], len(begins), lit)
        frames.append(Shown(wire.rises[begin], wire.rises[end - 1],
                            seen + (frames[-1].leds[lit:] if frames else [])))
        begin = end
    if wire.offences:
        bit, why = wire.offences[0]
        number = bisect.bisect_right(begins, bit)
        raise Fault(f"frame {number}, bit {bit - begins[number - 1]}: {why}" if number else why)
    if wire.calls != 2 * len(wire.bits):
        raise Fault(f"{wire.calls} line-set calls for {len(wire.bits)} bits, not 2 each")
    if any(wire.levels.values()):
        raise Fault(f"the lines do not rest low: {wire.levels}")
    return frames


def compare(account, frames):
    """Every line of the account is on the wire when its moment has come, in order, and nothing else
    ever is. Frames that look alike to the account may share a line, and lines whose light is the
    same may share a frame."""
    at, shown = -1, None  # the line that is shown, and the frame
    for number, frame in enumerate(frames, 1):
        due = bisect.bisect_right(account, frame.at, key=lambda line: line.at)
        while at >= 0 and at + 1 < due and not misfit(account[at + 1].pixels, shown.leds):
            at += 1
        if at + 1 < due:
            at += 1  # the lights did not show this one yet: now they must
        if at < 0:
            raise Fault(f"frame {number}: on the wire before the account begins")
        wrong = misfit(account[at].pixels, frame.leds)
        if wrong:
            complain(frame, number, account[at], wrong)
        shown = frame
    for line in account[at + 1 :]:
        if shown is None or misfit(line.pixels, shown.leds):
            raise Fault(f"the account's frame of {line.at / 1e6:.3f} s never went out")
