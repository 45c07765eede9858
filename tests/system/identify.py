"""`amberbar identify` as somebody uses it who mounts lights: in a terminal with Enter, by time, and
stopped in the middle."""

import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1])]

from peers.terminal import Terminal  # noqa: E402

AMBERBAR = os.environ["AMBERBAR"]
PATIENCE_S = 30.0
DARK = "#000000"


def run(*arguments):
    return subprocess.run([AMBERBAR, "identify", *arguments], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=PATIENCE_S, check=False)


class InATerminal(unittest.TestCase):
    def terminal(self, *arguments):
        terminal = Terminal("identify", *arguments)
        self.addCleanup(terminal.close)
        return terminal

    def test_enter_leads_through_every_step(self):
        terminal = self.terminal("--board", "terminal")
        terminal.wait_for("Enter goes on")
        terminal.wait_for("screen 1/")
        steps = int(re.search(r"screen 1/(\d+):", terminal.said).group(1))
        self.assertEqual(steps, 3 + 3 + 4 + 7 + 1, "places, colours, digits, segments, points")
        for step in range(1, steps + 1):
            terminal.wait_for(f"screen {step}/{steps}: ")
            self.assertNotIn(f"screen {step + 1}/{steps}: ", terminal.said)
            terminal.press_enter()
        self.assertEqual(terminal.end(), 0, terminal.said)
        self.assertIn("\x1b[?25h", terminal.said, "the cursor was not given back")
        self.assertTrue(terminal.echoes())
        for words in ("the first, is white", "every pixel is red", "segment g, in the middle,",
                      "map or matrix", "try --count"):
            self.assertIn(words, terminal.said)

    def test_interrupted_it_ends_dark_with_the_terminal_as_it_was(self):
        terminal = self.terminal("--board", "terminal")
        terminal.wait_for("screen 1/")
        self.assertFalse(terminal.echoes())
        terminal.process.send_signal(signal.SIGINT)
        self.assertEqual(terminal.end(), 0, terminal.said)
        self.assertIn("\x1b[?25h", terminal.said)
        self.assertTrue(terminal.echoes())
        self.assertNotIn("screen 2/", terminal.said)

    def test_nobody_left_to_press_enter_ends_it(self):
        terminal = self.terminal("--board", "terminal")
        terminal.wait_for("screen 1/")
        os.write(terminal.ours, b"\x04")
        self.assertEqual(terminal.end(), 0, terminal.said)


class ByTime(unittest.TestCase):
    def frames(self, *arguments):
        result = run("--board", "frames", "--seconds", "0.01", *arguments)
        self.assertEqual(result.returncode, 0, result.stderr)
        return [json.loads(line) for line in result.stdout.splitlines()], result.stderr

    def test_frames_show_what_the_words_say(self):
        frames, words = self.frames()
        lit = [[i for i, pixel in enumerate(frame["pixels"]) if pixel != DARK] for frame in frames]
        self.assertEqual(lit[0], [0])
        self.assertEqual(lit[1], [7])
        colours = [frame["pixels"][0] for frame in frames if len(set(frame["pixels"])) == 1]
        red, green, blue = [i for i in colours if i != DARK]
        self.assertTrue(red[3:] == "0000" and green[1:3] + green[5:] == "0000"
                        and blue[1:5] == "0000", colours)
        texts = [frame["text"] for frame in frames]
        for text in ("8   ", " 8  ", "  8 ", "   8", "8.8.8.8.", "88:88"):
            self.assertIn(text, texts)
        self.assertEqual(lit[-1], [])
        self.assertEqual(texts[-1], "")
        self.assertIn("digit 1 of 4", words)

    def test_a_light_runs_over_every_pixel(self):
        frames, _ = self.frames()
        alone = {lit[0] for lit in ([i for i, pixel in enumerate(frame["pixels"])
                                     if pixel != DARK] for frame in frames) if len(lit) == 1}
        self.assertGreaterEqual(len(alone), 6, alone)  # a busy machine may skip some

    def test_another_count_is_tried(self):
        frames, words = self.frames("--count", "12")
        self.assertEqual(len(frames[0]["pixels"]), 12)
        self.assertIn("pixel 11, the last,", words)

    def test_signals_leave_it_dark(self):
        process = subprocess.Popen([AMBERBAR, "identify", "--board", "frames", "--seconds", "60"],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
                                   stderr=subprocess.DEVNULL)
        first = json.loads(process.stdout.readline())
        self.assertNotEqual(first["pixels"][0], DARK)
        process.send_signal(signal.SIGTERM)
        rest, _ = process.communicate(timeout=PATIENCE_S)
        self.assertEqual(process.returncode, 0)
        self.assertEqual(set(json.loads(rest.splitlines()[-1])["pixels"]), {DARK})


class Mistakes(unittest.TestCase):
    def test_values_that_cannot_be(self):
        for arguments, sentence in (
                (["--board", "apa102-spi", "--order", "gbrw"],
                 "--order: order cannot be 'gbrw'; "),
                (["--board", "tm1637", "--order", "rgb"], "no output of this board has the key"),
                (["--board", "apa102-spi", "--count", "2000"], "--count: pixels cannot be 2000; "),
                (["--board", "tm1637", "--count", "7"], "--count: digits cannot be 7; "),
                (["--board", "pimoroni-keybow", "--count", "8"], "about 12 LEDs"),
                (["--board", "apa102-spi", "--count", "600"], "--count: max_ma 500 is what"),
                (["--board", "frames", "--seconds", "0"], "--seconds: it cannot be '0'"),
                (["--board", "nowhere"], "there is no board 'nowhere'"),
                (["-c", "/nowhere/amberbar.yaml"], "/nowhere/amberbar.yaml"),
                (["--bord", "frames"], "did you mean '--board'?")):
            result = run(*arguments)
            self.assertEqual(result.returncode, 2, f"{arguments}: {result.stderr}")
            self.assertIn(sentence, result.stderr, arguments)
            self.assertEqual(result.stdout, "", arguments)

    def test_an_output_that_is_not_there_does_not_keep_others_in_the_dark(self):
        with tempfile.TemporaryDirectory() as folder:
            path = folder + "/both.yaml"
            with open(path, "w", encoding="utf-8") as file:
                file.write("title: Two\noutputs:\n"
                           "  - {name: gone, chip: apa102, pixels: 4, bus: {spi: /dev/spidev97.0}}\n"
                           "  - {name: there, chip: frames, pixels: 4, digits: 0, bus: stdout}\n")
            result = run("--board", path, "--seconds", "0.01")
            self.assertEqual(result.returncode, 1, result.stderr)
            self.assertIn("/dev/spidev97.0", result.stderr)
            self.assertIn("amberbar identify: output gone: there is no /dev/spidev97.0", result.stderr)
            self.assertNotIn("gone 1/", result.stdout + result.stderr, "nothing was lit")
            self.assertNotIn("trying again", result.stderr, "it does not")
            self.assertIn("there 6/6: every pixel is blue.", result.stderr)


if __name__ == "__main__":
    sys.exit(0 if unittest.main(exit=False, verbosity=2).result.wasSuccessful() else 1)
