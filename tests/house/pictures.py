#!/usr/bin/env python3
"""The pictures in tests/picture are what the program draws today, on every kind of display.

    cmake --build build/test --target pictures      draws them anew, to be looked at
"""
import os
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

TOP = os.environ["AMBERBAR_SOURCE"]
AMBERBAR = os.environ["AMBERBAR"]
DRAWN = {"tour": "--board terminal", "lamps": "--board traffic-light", "digits": "--board tm1637",
         "matrix": "--board pimoroni-unicorn-hat",
         "first-light": "--board pimoroni-blinkt --state no_network"}

# What hangs there: rows and columns of lights, digits beside them.
DISPLAYS = {"pimoroni-blinkt": (1, 8, 0), "pimoroni-unicorn-hat": (8, 8, 0), "max7219-matrix": (8, 32, 0),
            "adafruit-bicolour-matrix": (8, 8, 0), "raspberry-pi-sense-hat": (8, 8, 0),
            "pimoroni-scroll-phat-hd": (7, 17, 0), "adafruit-bicolour-bar": (1, 24, 0),
            "pimoroni-led-shim": (1, 28, 0), "tm1638": (1, 8, 8), "traffic-light": (1, 3, 0),
            "hc595-spi": (0, 0, 4), "blink1": (1, 2, 0)}
WIDTH = 760


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def draw(*arguments):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "now.svg")
        result = subprocess.run([AMBERBAR, "preview", *arguments, "--svg", path],
                                capture_output=True, text=True, timeout=60, check=False)
        if result.returncode != 0:
            raise AssertionError(result.stderr)
        return read(path)


class Pictures(unittest.TestCase):
    def test_each_is_of_today(self):
        for name, what in DRAWN.items():
            path = os.path.join("tests", "picture", f"{name}.svg")
            with self.subTest(name):
                now = draw(*what.split())
                if os.environ.get("AMBERBAR_PICTURES_RENEW"):
                    with open(os.path.join(TOP, path), "w", encoding="utf-8") as file:
                        file.write(now)
                self.assertEqual(read(os.path.join(TOP, path)), now,
                                 f"{path} is old; renew it with `cmake --build build/test --target pictures` "
                                 "and look at it")

    def test_each_is_well_formed(self):
        for name in DRAWN:
            xml.etree.ElementTree.parse(os.path.join(TOP, "tests", "picture", f"{name}.svg"))

    def test_each_display_is_drawn_as_what_hangs_there(self):
        for board, expected in DISPLAYS.items():
            with self.subTest(board):
                picture = draw("--board", board, "--state", "failed")
                path = re.search(r'<path id="sockets"[^>]* d="([^"]*)"', picture)[1]
                sockets = re.findall(r"M([\d.]+) ([\d.]+)h0", path)
                radius = float(re.search(r"\.d\{[^}]*stroke-width:([\d.]+)", picture)[1]) / 2
                columns, rows = ({float(socket[axis]) for socket in sockets} for axis in (0, 1))
                digits = [float(x) for x in re.findall(r'translate\(([\d.]+) 15\)', picture)]
                self.assertEqual((len(rows), len(columns), len(digits)), expected)
                self.assertEqual(len(sockets), len(rows) * len(columns))
                self.assertLess(max(columns | set(digits)), WIDTH - 10)
                if digits and sockets:
                    self.assertLess(max(columns) + radius, min(digits), "they overlap")

    def test_a_large_display_makes_no_heavy_picture(self):
        """However many lights: a path for those that do the same, and a blur for each row."""
        for board in ("max7219-matrix", "adafruit-bicolour-matrix", "pimoroni-unicorn-hat"):
            with self.subTest(board):
                picture = draw("--board", board)
                rows = len(re.findall(r"<use ", picture))
                self.assertGreater(rows, 10)
                self.assertEqual(len(re.findall(r'class="g"', picture)), rows)
                self.assertEqual(len(re.findall(r"filter:", picture)), 1)
                self.assertLess(len(picture), 80_000)

    def test_standard_output_gets_what_a_file_gets(self):
        result = subprocess.run([AMBERBAR, "preview", "--state", "failed", "--svg", "-"], capture_output=True,
                                text=True, timeout=60, check=False)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertEqual(result.stdout, draw("--state", "failed"))
        with open("/dev/full", "w", encoding="utf-8") as full:
            result = subprocess.run([AMBERBAR, "preview", "--svg", "-"], stdout=full, stderr=subprocess.PIPE,
                                    text=True, timeout=60, check=False)
        self.assertEqual(result.returncode, 1)
        self.assertIn("cannot write to standard output", result.stderr)

    def test_single_lights_are_on_or_off(self):
        for board, colours in (("max7219-matrix", 1), ("tm1638", 1), ("adafruit-bicolour-bar", 2)):
            with self.subTest(board):
                lit = set(re.findall(r'<path class="m[^"]*" stroke="(#\w+)"',
                                     draw("--board", board, "--state", "stalled"))) - {"#000000"}
                self.assertEqual(len(lit), colours, lit)

    def test_only_what_moves_is_animated(self):
        for state, moves in (("stable", False), ("progressing", True), ("stalled", True),
                             ("failed", True), ("paused", False), ("degraded", True), ("thinned", False),
                             ("scaled_to_zero", False), ("unknown", True),
                             ("no_network", True), ("clock_not_set", True), ("card_wrong", True)):
            with self.subTest(state):
                self.assertEqual("@keyframes" in draw("--state", state), moves)

    def test_a_config_decides(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "amberbar.yaml")
            with open(path, "w", encoding="utf-8") as file:
                file.write("board: pimoroni-blinkt\nprometheus: {url: 'http://localhost:9090'}\n"
                           "rollouts: [{name: shop, namespace: shop}]\n"
                           "display: {motion: off, brightness: 100%, colours: {stable: '#0000ff'}}\n")
            self.assertNotIn("@keyframes", draw("--config", path))
            stable = draw("--config", path, "--state", "stable")
            colours = set(re.findall(r'<path stroke="#(\w+)"', stable))
            self.assertEqual(len(colours), 1, colours)
            self.assertEqual(colours.pop()[:4], "0000")
            self.assertNotIn("skewX", stable, "a Blinkt! has no digits")


if __name__ == "__main__":
    sys.exit(0 if unittest.main(exit=False, verbosity=2).result.wasSuccessful() else 1)
