#!/usr/bin/env python3
"""The decoder finds every way in which a driver may be wrong, and names frame and bit. Traces here
are made by a model of the clocked bus that can be broken on purpose."""

import os
import sys
import unittest

sys.dont_write_bytecode = True
sys.path[:0] = [os.path.dirname(os.path.abspath(__file__))]

import decode  # noqa: E402

DATA, CLOCK = 535, 536
LEDS = 2
FRAME = bytes((0, 0, 0, 0, 0xFF, 1, 2, 3, 0xE7, 0x80, 0x40, 0x20, 0, 0, 0, 0, 0))
COLOURS = [(31, 3, 2, 1), (7, 0x20, 0x40, 0x80)]


def bits_of(frame):
    return [byte >> shift & 1 for byte in frame for shift in range(7, -1, -1)]


class Model:
    """Writes a trace as the kernel prints one."""

    def __init__(self):
        self.lines = ["# tracer: nop", ""]

    def event(self, text):
        self.lines.append(f"    blinkt-88      [000] .....     3.{len(self.lines):06}: {text}")

    def call(self, *sets):
        self.event("sys_ioctl(fd: 4, cmd: c040b409, arg: 7fd0)")
        for line, level in sets:
            self.event(f"gpio_value: {line} set {level}")

    def send(self, bits):
        for bit, following in zip(bits, bits[1:] + [0]):
            self.call((DATA, bit), (CLOCK, 1))
            self.call((DATA, following), (CLOCK, 0))

    def check(self, frames, leds=LEDS):
        wire = decode.read_wire("\n".join(self.lines), DATA, CLOCK)
        return decode.check_frames(wire, frames, leds)


class Decode(unittest.TestCase):
    def expect(self, model, frames, words):
        with self.assertRaises(decode.Fault) as caught:
            model.check(frames)
        self.assertIn(words, str(caught.exception))

    def test_what_is_right_passes(self):
        model = Model()
        model.event("gpio_direction: 535 out (0)")
        for _ in range(3):
            model.send(bits_of(FRAME))
        self.assertEqual(model.check([FRAME] * 3), [COLOURS] * 3)

    def test_a_flipped_bit_is_named(self):
        bits = bits_of(FRAME)
        bits[32 + 8] ^= 1
        model = Model()
        model.send(bits_of(FRAME))
        model.send(bits)
        self.expect(model, [FRAME] * 2, "frame 2, bit 40 (LED 0 blue): sent 0, on the wire 1")

    def test_one_bit_short_is_named(self):
        model = Model()
        model.send(bits_of(FRAME)[:-1])
        self.expect(model, [FRAME], "frame 1, bit 135 (end frame): the wire ends, 1 bits short")

    def test_a_dropped_end_frame_is_named(self):
        model = Model()
        model.send(bits_of(FRAME[:12]))
        model.send(bits_of(FRAME))
        self.expect(model, [FRAME] * 2, "frame 1, bit 128 (end frame): sent 0, on the wire 1")

    def test_a_bit_too_many_is_reported(self):
        model = Model()
        model.send(bits_of(FRAME) + [0])
        self.expect(model, [FRAME], "1 bits after the last frame")

    def test_swapped_edges_are_reported(self):
        model = Model()
        for bit in bits_of(FRAME):
            model.call((CLOCK, 1), (DATA, bit))  # the clock rises over the bit before
            model.call((CLOCK, 0))
        self.expect(model, [FRAME], "frame 1, bit 32 (LED 0 mark): data changed in the call that")

    def test_data_that_changes_with_the_rising_edge_is_reported(self):
        model = Model()
        for bit in bits_of(FRAME):
            model.call((DATA, bit), (CLOCK, 1))
            model.call((CLOCK, 0))
        self.expect(model, [FRAME], "frame 1, bit 32 (LED 0 mark): data changed in the call that")

    def test_a_third_call_is_reported(self):
        model = Model()
        model.send(bits_of(FRAME))
        model.call((DATA, 0), (CLOCK, 0))
        self.expect(model, [FRAME], "273 line-set calls for 136 bits, not 2 each")

    def test_a_line_left_high_is_reported(self):
        model = Model()
        model.send(bits_of(FRAME)[:-1])
        model.call((DATA, 0), (CLOCK, 1))
        model.call((DATA, 1), (CLOCK, 0))
        self.expect(model, [FRAME], "the lines do not rest low")

    def test_a_short_end_frame_is_reported(self):
        short = FRAME[:-1]
        model = Model()
        model.send(bits_of(short))
        self.expect(model, [short], "frame 1: the end frame is not 33 zeros or more")

    def test_a_word_without_its_mark_is_reported(self):
        broken = FRAME[:4] + b"\x00" + FRAME[5:]
        model = Model()
        model.send(bits_of(broken))
        self.expect(model, [broken], "frame 1, bit 32 (LED 0 mark): not 111")

    def test_a_line_that_became_an_input_is_reported(self):
        model = Model()
        model.event("gpio_direction: 536  in (0)")
        self.expect(model, [FRAME], "frame 1, bit 0 (start frame): line 536 became an input")

    def test_bytes_without_frames(self):
        """A line's last bytes are zeros: one bit less than they are is not the same."""
        sent = b"\x92\x49\x00"
        decode.check_bytes("strip", sent, bits_of(sent))
        for bits, words in ((bits_of(sent)[:-1], "strip, bit 23: 23 bits on the wire, not 24"),
                            (bits_of(sent) + [0], "strip, bit 24: 25 bits on the wire, not 24"),
                            (bits_of(b"\x92\x4b\x00"),
                             r"strip, bit 14 \(byte 1\): sent 0, on the wire 1")):
            with self.assertRaisesRegex(decode.Fault, words):
                decode.check_bytes("strip", sent, bits)

    def test_lost_events_are_reported(self):
        good = "entries: 9\noverrun: 0\ncommit overrun: 0\ndropped events: 0\n"
        decode.check_complete(good * 4)
        for name in ("overrun", "commit overrun", "dropped events"):
            bad = good * 3 + good.replace(f"\n{name}: 0", f"\n{name}: 7")
            with self.assertRaisesRegex(decode.Fault, f"lost events: .*{name} 7"):
                decode.check_complete(bad)
        with self.assertRaises(decode.Fault):
            decode.check_complete("")

    def test_the_chip_is_found_by_label(self):
        chips = (
            "gpiochip1: GPIOs 504-511, parent: platform/a, raspberrypi-exp-gpio, can sleep:\n\n"
            "gpiochip0: GPIOs 512-565, parent: platform/b, pinctrl-bcm2835:\n gpio-535 (GPIO23)\n"
        )
        self.assertEqual(decode.first_line(chips, "pinctrl-bcm2835"), 512)
        with self.assertRaises(decode.Fault):
            decode.first_line(chips, "pinctrl-rp1")


if __name__ == "__main__":
    unittest.main()
