#!/usr/bin/env python3
"""What cannot be printed was not done: every command says so and ends with 1."""
import os
import subprocess
import sys
import unittest

AMBERBAR = os.environ["AMBERBAR"]

# The command, and words of the sentence.
ROWS = (
    (("--version",), "standard output: No space left on device"),
    (("help", "run"), "standard output: No space left on device"),
    (("boards",), "standard output: No space left on device"),
    (("boards", "pimoroni-blinkt"), "standard output: No space left on device"),
    (("encode", "--board", "pimoroni-blinkt"), "standard output: No space left on device"),
    (("preview",), "amberbar preview: the output's disk is full: free some space"),
    (("preview", "--state", "failed"), "amberbar preview: the output's disk is full"),
    (("preview", "--board", "frames", "--state", "stable"), "the output's disk is full"),
    (("preview", "--svg", "/dev/full"), "/dev/full"),
)


class FullDisk(unittest.TestCase):
    def test_it_is_said(self):
        for arguments, words in ROWS:
            with self.subTest(" ".join(arguments)), open("/dev/full", "w") as full:
                result = subprocess.run([AMBERBAR, *arguments], stdout=full, text=True,
                                        stderr=subprocess.PIPE, timeout=60, check=False)
                self.assertEqual(result.returncode, 1, result.stderr)
                self.assertIn(words, result.stderr)
                self.assertEqual(result.stderr.count("\n"), 1, result.stderr)


if __name__ == "__main__":
    sys.exit(0 if unittest.main(exit=False, verbosity=2).result.wasSuccessful() else 1)
