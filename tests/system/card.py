#!/usr/bin/env python3
"""A board that is set up by files on its card, from the first boot on: what the light shows when they are
wrong, that it heals, and that what is running meanwhile is told."""
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP / "tools"), str(TOP / "tests")]

from peers.prometheus import Prometheus, stable_answer  # noqa: E402

AMBERBAR = os.environ["AMBERBAR"]
PATIENCE_S = 30


class Board:
    """A machine's folders, and the daemon as its service starts it."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="amberbar-card-")
        self.home = Path(self.folder.name)
        self.card, self.root, self.run = (self.home / name for name in ("card", "root", "run"))
        for folder in (self.card, self.root, self.run):
            folder.mkdir()
        self.process = None

    def boot(self):
        """`amberbar card`, then the light."""
        said = subprocess.run([AMBERBAR, "card", "--from", self.card, "--root", self.root, "--run", self.run],
                              capture_output=True, text=True, timeout=60, check=False)
        self.halt()
        with open(self.home / "output", "wb") as output, open(self.home / "log", "ab") as log:
            self.process = subprocess.Popen(
                [AMBERBAR, "run", "-c", self.root / "etc/amberbar/amberbar.yaml", "--card", self.run],
                stdout=output, stderr=log, env=os.environ | {"RUNTIME_DIRECTORY": str(self.run)})
        return said

    def halt(self):
        if self.process:
            self.process.terminate()
            self.process.wait(PATIENCE_S)
            self.process = None

    def close(self):
        self.halt()
        self.folder.cleanup()

    def frame(self):
        lines = (self.home / "output").read_text().split("\n")[:-1]
        return json.loads(lines[-1]) if lines else {"text": "", "pixels": []}

    def wait(self, what, true):
        until = time.monotonic() + PATIENCE_S
        while not true():
            if time.monotonic() > until or self.process.poll() is not None:
                raise AssertionError(f"not {what}: {self.frame()}\n{(self.home / 'log').read_text()}")
            time.sleep(0.05)

    def wait_for_word(self, word):
        self.wait(f"'{word}'", lambda: self.frame()["text"].strip() == word)

    def wait_for_card(self):
        """On the light and in the status file, which is written after it."""
        self.wait_for_word("CArd")
        self.wait("a status that says so", lambda: self.status()[0] == 5)

    def status(self):
        said = subprocess.run([AMBERBAR, "status"], capture_output=True, text=True, timeout=60, check=False,
                              env=os.environ | {"RUNTIME_DIRECTORY": str(self.run)})
        return said.returncode, said.stdout + said.stderr


class Card(unittest.TestCase):
    def setUp(self):
        self.prometheus = Prometheus(stable_answer())
        self.addCleanup(self.prometheus.close)
        self.board = Board()
        self.addCleanup(self.board.close)

    def write(self, prometheus=None, board="frames", extra=""):
        (self.board.card / "amberbar.yaml").write_bytes(
            (f"board: {board}\r\nprometheus:\r\n  url: {(prometheus or self.prometheus).url}\r\n  poll_interval: 1s\r\n"
             f"rollouts:\r\n  - {{name: shop, namespace: shop}}\r\n{extra}").encode())

    def test_a_good_card_is_in_use_and_a_wrong_one_shown_until_it_heals(self):
        self.write()
        said = self.board.boot()
        self.assertEqual((said.returncode, said.stderr), (0, ""))
        self.board.wait("an answer shown", lambda: self.board.status()[0] == 0)

        another = Prometheus(stable_answer())
        self.addCleanup(another.close)
        self.write(another, extra="rolouts: 3\r\n")
        said = self.board.boot()
        self.assertEqual(said.returncode, 2)
        self.assertIn("did you mean 'rollouts'?", said.stderr)
        self.board.wait_for_card()
        _, words = self.board.status()
        self.assertIn("the files on the card are wrong", words)
        self.assertIn("did you mean 'rollouts'?", words)
        self.assertEqual(another.requests, 0, "nothing is asked while the card is wrong")
        pixels = self.board.frame()["pixels"]
        self.assertEqual(len(set(pixels)), 1, "the whole strip")
        self.assertNotEqual(pixels[0], "#000000")

        self.write()
        self.board.boot()
        self.board.wait("good again", lambda: self.board.status()[0] == 0)

    def test_a_reload_looks_at_the_card_too(self):
        self.write(extra="rolouts: 3\r\n")
        self.board.boot()
        self.board.wait_for_word("CArd")
        self.write()
        subprocess.run([AMBERBAR, "card", "--from", self.board.card, "--root", self.board.root, "--run",
                        self.board.run], timeout=60, check=True, capture_output=True)
        self.board.process.send_signal(signal.SIGHUP)
        self.board.wait("good after a reload", lambda: self.board.status()[0] == 0)

    def test_the_board_before_shows_that_a_new_one_is_unknown(self):
        self.write()
        self.board.boot()
        self.board.wait("good", lambda: self.board.status()[0] == 0)
        self.write(board="framess")
        self.board.boot()
        self.board.wait_for_word("CArd")

    def test_a_mistake_in_the_wifi_is_shown_as_well(self):
        self.write()
        (self.board.card / "wifi.txt").write_text("ssid: MyNet\npassword: short\ncountry: DE\n")
        said = self.board.boot()
        self.assertIn("8 to 63 characters", said.stderr)
        self.board.wait_for_word("CArd")
        self.assertNotIn("short", said.stderr + said.stdout + self.board.status()[1])

    def test_the_status_stays_fresh_while_the_card_is_wrong(self):
        self.write(extra="rolouts: 3\r\n")
        self.board.boot()
        self.board.wait_for_card()
        first = os.stat(self.board.run / "status.json").st_ino
        self.board.wait("written anew", lambda: os.stat(self.board.run / "status.json").st_ino != first)
        self.assertEqual(self.board.status()[0], 5)


if __name__ == "__main__":
    sys.exit(0 if unittest.main(exit=False, verbosity=2).result.wasSuccessful() else 1)
