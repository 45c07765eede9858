#!/usr/bin/env python3
"""The pictures that stand beside this are what the program draws today, on every kind of display."""
import os
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

TOP = os.environ["AMBERBAR_SOURCE"]
AMBERBAR = os.environ["AMBERBAR"]
BOARDS = {"tour": "terminal", "lamps": "traffic-light", "digits": "tm1637",
          "matrix": "pimoroni-unicorn-hat"}


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
        for name, board in BOARDS.items():
            path = os.path.join("tests", "picture", f"{name}.svg")
            with self.subTest(name):
                self.assertEqual(read(os.path.join(TOP, path)), draw("--board", board),
                                 f"{path} is old; renew it with `amberbar preview --board {board} "
                                 f"--svg {path}` and look at it")

    def test_each_is_well_formed(self):
        for name in BOARDS:
            xml.etree.ElementTree.parse(os.path.join(TOP, "tests", "picture", f"{name}.svg"))

    def test_only_what_moves_is_animated(self):
        for state, moves in (("stable", False), ("progressing", True), ("stalled", True),
                             ("failed", True), ("paused", False), ("degraded", True), ("thinned", False),
                             ("scaled_to_zero", False), ("unknown", True)):
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
            colours = {word[:6] for word in stable.split('class="l " fill="#')[1:]}
            self.assertEqual(len(colours), 1, colours)
            self.assertEqual(colours.pop()[:4], "0000")
            self.assertNotIn("translate", stable, "a Blinkt! has no digits")


if __name__ == "__main__":
    sys.exit(0 if unittest.main(exit=False, verbosity=2).result.wasSuccessful() else 1)
