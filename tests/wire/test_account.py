#!/usr/bin/env python3
"""The comparison of account and wire finds what a driver, an encoder or the daemon may get wrong, and
names it. The frames here are encoded as firmware/chips/apa102.c does, from light of any strength."""

import os
import random
import sys
import unittest

sys.dont_write_bytecode = True
sys.path[:0] = [os.path.dirname(os.path.abspath(__file__))]

import account  # noqa: E402
from account import LIGHT_MAX, Line, Shown  # noqa: E402
from decode import Fault, Wire  # noqa: E402

SEED = 20240613
LEDS = 8


def code_of(light):
    """The nearest code; of two that are as near, the brighter."""
    return min(range(255, -1, -1), key=lambda code: abs(account.LIGHT[code] - light))


def srgb(pixel):
    codes = [code_of(light) for light in pixel]
    if any(pixel) and not any(codes):
        codes[pixel.index(max(pixel))] = 1
    return tuple(codes)


def word(pixel):
    field = account.field_for(max(pixel))
    red, green, blue = (account.steps_for(light, field) for light in pixel)
    steps = [red, green, blue]
    if any(pixel) and not any(steps):
        steps[pixel.index(max(pixel))] = 1
    return (field, *steps)


def make(pictures):
    """An account, and the wire's frames, of pictures 40 ms apart."""
    lines = [Line(1000000 + 40000 * i, [srgb(pixel) for pixel in picture])
             for i, picture in enumerate(pictures)]
    frames = [Shown(line.at + 300, line.at + 9000, [word(pixel) for pixel in picture])
              for line, picture in zip(lines, pictures)]
    return lines, frames


def pictures(count):
    rng = random.Random(SEED)
    strengths = [0, 1, 9, 10, 11, 40, 300, 5000, 30000, LIGHT_MAX]

    def light():
        return rng.choice(strengths) if rng.random() < 0.5 else rng.randrange(LIGHT_MAX + 1)

    return [[(light(), light(), light()) for _ in range(LEDS)] for _ in range(count)]


class Compare(unittest.TestCase):
    def setUp(self):
        self.lines, self.frames = make(pictures(200))

    def expect(self, words):
        with self.assertRaises(Fault) as caught:
            account.compare(self.lines, self.frames)
        self.assertRegex(str(caught.exception), words)

    def test_what_is_right_passes(self):
        account.compare(self.lines, self.frames)

    def test_every_strength_of_light_is_within_its_code(self):
        for light in [*range(700), *range(700, LIGHT_MAX, 97), LIGHT_MAX]:
            for pixel in ((light, 0, 0), (light // 3, light, light // 2), (1, 0, light)):
                self.assertIsNone(account.misfit([srgb(pixel)], [word(pixel)]), (pixel, SEED))

    def test_repetitions_pass(self):
        again = self.frames[-1]
        self.frames.append(Shown(again.at + 10000000, again.end + 10000000, again.leds))
        account.compare(self.lines, self.frames)

    def test_a_line_that_needs_no_new_bytes_passes(self):
        self.lines.insert(5, Line(self.lines[4].at + 20000, self.lines[4].pixels))
        account.compare(self.lines, self.frames)

    def test_a_flipped_bit_is_named(self):
        field, red, green, blue = self.frames[6].leds[2]
        self.frames[6].leds[2] = (field, red, green ^ 0x80, blue)
        self.expect(r"frame 7, bit (112|11\d) \(LED 2 green\)")

    def test_a_wrong_brightness_field_is_named(self):
        field, *colours = self.frames[6].leds[2]
        self.frames[6].leds[2] = (field ^ 16, *colours)
        self.expect(r"frame 7, bit 99 \(LED 2 brightness\)")

    def test_a_missing_frame_is_reported(self):
        del self.frames[20]
        self.expect("frame 21, bit")

    def test_two_frames_in_the_wrong_order_are_reported(self):
        first, second = self.frames[20:22]
        first.leds, second.leds = second.leds, first.leds
        self.expect("frame 21, bit")

    def test_a_missing_last_frame_is_reported(self):
        del self.frames[-1]
        self.expect("never went out")

    def test_a_frame_before_its_time_is_reported(self):
        self.frames[20].at = self.lines[20].at - 1000
        self.expect("frame 21, bit")

    def test_a_frame_too_many_is_reported(self):
        extra = self.frames[3]
        self.frames.insert(9, Shown(self.frames[8].end, self.frames[8].end + 1, extra.leds))
        self.expect("frame 10, bit")

    def test_an_account_of_fewer_lights_is_reported(self):
        del self.lines[0].pixels[-1]
        self.expect("lights on the wire, . in the account")

    def test_no_frame_at_all_is_reported(self):
        self.frames.clear()
        self.expect("never went out")


def bits_of(lights, mistake=None):
    """A frame for as many LEDs as there are words; with one bit the other way round."""
    zeros = 32 + 8 * (-(-len(lights) // 16))
    words = "".join(f"111{field:05b}{blue:08b}{green:08b}{red:08b}"
                    for field, red, green, blue in lights)
    bits = [int(bit) for bit in "0" * 32 + words + "0" * zeros]
    if mistake is not None:
        bits[mistake] ^= 1
    return bits


def wire_of(*frames):
    bits = [bit for frame in frames for bit in frame]
    return Wire(bits=bits, rises=list(range(len(bits))), calls=2 * len(bits))


class ReadFrames(unittest.TestCase):
    RED, GREEN, DARK = (31, 255, 0, 0), (31, 0, 255, 0), (4, 0, 0, 0)

    def setUp(self):
        self.whole = bits_of([self.GREEN] * LEDS)

    def expect(self, words, *frames):
        with self.assertRaisesRegex(Fault, words):
            account.read_frames(wire_of(*frames), LEDS)

    def test_a_frame_that_ends_early_leaves_the_rest_as_it_was(self):
        wire = wire_of(self.whole, bits_of([self.RED] * 3), bits_of([self.DARK]), self.whole)
        shown = [frame.leds for frame in account.read_frames(wire, LEDS)]
        self.assertEqual(shown, [[self.GREEN] * 8, [self.RED] * 3 + [self.GREEN] * 5,
                                 [self.DARK] + [self.RED] * 2 + [self.GREEN] * 5, [self.GREEN] * 8])

    def test_the_first_one_has_to_be_whole(self):
        self.expect("frame 1: 3 of 8 LEDs", bits_of([self.RED] * 3), self.whole)

    def test_a_lost_mark_is_no_early_end(self):
        self.expect(r"frame 2, bit \d+ \(end frame\)", self.whole,
                    bits_of([self.RED] * 6, mistake=32 + 32 * 2))

    def test_a_light_in_the_zeros_is_named(self):
        self.expect(r"frame 2, bit 130 \(end frame\)", self.whole,
                    bits_of([self.RED] * 3, mistake=130))

    def test_a_short_end_is_reported(self):
        self.expect("the wire ends, 8 bits short", self.whole, bits_of([self.RED] * 3)[:-8])

    def test_an_offence_is_placed(self):
        wire = wire_of(self.whole, bits_of([self.RED] * 3))
        wire.offences.append((len(self.whole) + 40, "data changed"))
        with self.assertRaisesRegex(Fault, "frame 2, bit 40: data changed"):
            account.read_frames(wire, LEDS)


if __name__ == "__main__":
    unittest.main()
