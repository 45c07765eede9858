#!/usr/bin/env python3
"""A board that is set up by files on its card, from the first boot on: what the light shows when they are
wrong, that it heals, and that what is running meanwhile is told."""
import os
import signal
import subprocess
import sys
import unittest
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP / "tools"), str(TOP / "tests")]

from peers.prometheus import Prometheus, stable_answer  # noqa: E402
from peers.wall import Wall  # noqa: E402


class Board(Wall):
    """A machine's folders, and the daemon as its service starts it."""

    def __init__(self):
        super().__init__()
        self.card, self.root, self.runs = (self.directory / name for name in ("card", "root", "run"))
        for folder in (self.card, self.root, self.runs):
            folder.mkdir()
        self.environment["RUNTIME_DIRECTORY"] = str(self.runs)
        self.config = self.root / "etc/amberbar/amberbar.yaml"

    def command(self):
        return [*super().command(), "--card", self.runs]

    def take_card(self):
        return self.ask("card", "--from", self.card, "--root", self.root, "--run", self.runs)

    def boot(self):
        """`amberbar card`, then the light."""
        said = self.take_card()
        self.stop()
        self.start()
        return said

    def wait_for_card(self):
        """On the light and in the status file, which is written after it."""
        self.wait_for_word("CArd")
        self.wait("telling so in its status", lambda: self.exit_status() == 5)

    def wait_for_no_fault(self):
        self.wait("good", lambda: self.exit_status() == 0)

    def exit_status(self):
        return self.ask("status").returncode


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
        self.board.wait_for_no_fault()

        another = Prometheus(stable_answer())
        self.addCleanup(another.close)
        self.write(another, extra="rolouts: 3\r\n")
        said = self.board.boot()
        self.assertEqual(said.returncode, 2)
        self.assertIn("did you mean 'rollouts'?", said.stderr)
        self.board.wait_for_card()
        words = self.board.ask("status").stdout
        self.assertIn("the files on the card are wrong", words)
        self.assertIn("did you mean 'rollouts'?", words)
        self.assertEqual(another.requests, 0, "nothing is asked while the card is wrong")
        pixels = self.board.frames[-1].pixels
        self.assertEqual(len(set(pixels)), 1, "the whole strip")
        self.assertNotEqual(pixels[0], (0, 0, 0))

        self.write()
        self.board.boot()
        self.board.wait_for_no_fault()

    def test_a_reload_looks_at_the_card_too(self):
        self.write(extra="rolouts: 3\r\n")
        self.board.boot()
        self.board.wait_for_word("CArd")
        self.write()
        self.assertEqual(self.board.take_card().returncode, 0)
        self.board.send(signal.SIGHUP)
        self.board.wait_for_no_fault()

    def test_the_board_before_shows_that_a_new_one_is_unknown(self):
        self.write()
        self.board.boot()
        self.board.wait_for_no_fault()
        self.write(board="framess")
        self.board.boot()
        self.board.wait_for_word("CArd")

    def test_a_mistake_in_the_wifi_is_shown_as_well(self):
        self.write()
        (self.board.card / "wifi.txt").write_text("ssid: MyNet\npassword: short\ncountry: DE\n")
        said = self.board.boot()
        self.assertIn("8 to 63 characters", said.stderr)
        self.board.wait_for_word("CArd")
        status = self.board.ask("status")
        self.assertNotIn("short", said.stderr + said.stdout + status.stdout + status.stderr)

    def test_a_card_that_was_not_read_to_its_end_is_unknown(self):
        self.write()
        self.board.boot()
        self.board.wait_for_no_fault()
        os.mkfifo(self.board.root / "etc/fstab")  # nobody writes there: as a disk that does not answer
        wrong = self.board.runs / "wrong"
        with subprocess.Popen([self.board.program, "card", "--root", self.board.root, "--run", self.board.runs]) as card:
            self.board.wait("a word of its beginning", wrong.exists)
            card.kill()
        self.assertIn("not read to its end", wrong.read_text())
        self.board.stop()
        self.board.start()
        self.board.wait_for_card()

    def test_the_status_stays_fresh_while_the_card_is_wrong(self):
        self.write(extra="rolouts: 3\r\n")
        self.board.boot()
        self.board.wait_for_card()
        first = os.stat(self.board.runs / "status.json").st_ino
        self.board.wait("written anew", lambda: os.stat(self.board.runs / "status.json").st_ino != first)
        self.assertEqual(self.board.exit_status(), 5)


if __name__ == "__main__":
    sys.exit(0 if unittest.main(exit=False, verbosity=2).result.wasSuccessful() else 1)
