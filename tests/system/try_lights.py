#!/usr/bin/env python3
"""Lights show one program's picture: `try`, `identify`, `setup` and the daemon beside each other on the
lights of a controller that takes DDP, and what each leaves behind when a signal ends or stops it."""

import json
import os
import pathlib
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

sys.dont_write_bytecode = True
sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1])]

from peers.prometheus import Prometheus  # noqa: E402
from peers.terminal import Terminal  # noqa: E402
from peers.wall import Wall, about_web  # noqa: E402

AMBERBAR, REPLAY = os.environ["AMBERBAR"], os.environ["AMBERBAR_REPLAY"]
PATIENCE_S = 60.0
PIXELS = 8
# All that end or stop a program which does nothing about them, and that a person or a script sends.
ASKS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
OTHERS = (signal.SIGQUIT, signal.SIGTSTP, signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM, signal.SIGPROF)
HELD = " lights 127.0.0.1 now, and both would draw; stop it first"


class Lights(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="amberbar-try-")
        self.addCleanup(folder.cleanup)
        self.place = pathlib.Path(folder.name)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(self.socket.close)
        self.socket.bind(("127.0.0.1", 0))
        self.board = self.place / "strip.yaml"
        self.board.write_text("title: A strip\noutputs:\n  - name: strip\n    chip: ddp\n"
                              f"    pixels: {PIXELS}\n    bus: {{udp: 127.0.0.1, port: {self.port}}}\n")
        self.seen = []

    @property
    def port(self):
        return self.socket.getsockname()[1]

    def take(self, seconds):
        """The lights by what came next, if anything did."""
        if select.select([self.socket], [], [], seconds)[0]:
            light = self.socket.recv(65536)[10:]
            self.seen = [tuple(light[i:i + 3]) for i in range(0, len(light), 3)][:PIXELS]
            return True
        return False

    def take_all(self):
        while self.take(0):
            pass

    def wait(self, what, kind):
        until = time.monotonic() + PATIENCE_S
        while not (self.seen and kind(self.seen)):
            self.assertLess(time.monotonic(), until, f"never {what}; last {self.seen}")
            self.take(0.05)

    def is_green(self, seen):
        return all(light[1] > 3 and light[1] > max(light[0], light[2]) for light in seen)

    def is_dark(self, seen):
        return not any(map(any, seen))

    def is_lit(self, seen):
        return not self.is_dark(seen)

    def start(self, *arguments, program=AMBERBAR, **environment):
        """Each in a place of its own: nobody finds another's status."""
        own = self.place / f"run{len(list(self.place.iterdir()))}"
        own.mkdir()
        with open(own / "said", "w", encoding="utf-8") as said:
            process = subprocess.Popen([program, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=said,
                                       stderr=said, env=os.environ | {"RUNTIME_DIRECTORY": str(own)} | environment)
        process.said = own / "said"
        self.addCleanup(self.end, process)
        return process

    def end(self, process, number=signal.SIGTERM):
        if process.poll() is None:
            process.send_signal(number)
        until = time.monotonic() + PATIENCE_S
        while process.poll() is None and time.monotonic() < until:
            self.take(0.05)
        if process.poll() is None:
            process.kill()
            process.wait()
            self.fail("it does not end")
        return process.returncode

    def daemon(self):
        """It hears of nothing, so it never shows green by itself."""
        if not hasattr(self, "server"):
            self.server = Prometheus()
            self.addCleanup(self.server.close)
        wall = Wall(about_web(self.server.url, str(self.board)))
        self.addCleanup(wall.close)
        wall.start()
        process = wall.child.process
        process.wall, process.said = wall, wall.log
        self.addCleanup(self.end, process)
        return process

    def words(self, process):
        return process.said.read_text()

    def wait_for_words(self, process, words):
        until = time.monotonic() + PATIENCE_S
        while words not in self.words(process):
            self.assertIsNone(process.poll(), self.words(process))
            self.assertLess(time.monotonic(), until, f"never said {words!r}: {self.words(process)}")
            self.take(0.05)


class BesideTheDaemon(Lights):
    def lit_by_daemon(self):
        daemon = self.daemon()
        self.wait("lit", self.is_lit)
        return daemon

    def refused(self, daemon, *arguments):
        process = self.start(*arguments)
        until = time.monotonic() + PATIENCE_S
        while process.poll() is None and time.monotonic() < until:
            self.take(0.05)
            self.assertFalse(self.is_green(self.seen), f"green while nothing is known: {self.seen}")
        self.assertEqual(process.poll(), 1, self.words(process))
        self.take_all()
        self.assertFalse(self.is_green(self.seen), self.seen)
        said = self.words(process)
        self.assertIn(f"another amberbar (process {daemon.pid}){HELD}", said)
        self.assertIn("sudo systemctl stop amberbar", said)

    def test_try_lights_nothing_though_it_finds_no_status(self):
        daemon = self.lit_by_daemon()
        self.refused(daemon, "try", "-b", self.board, "--state", "stable", "--seconds", "2")
        self.assertEqual(self.end(daemon), 0, self.words(daemon))
        self.wait("dark", self.is_dark)

    def test_identify_lights_nothing(self):
        daemon = self.lit_by_daemon()
        self.refused(daemon, "identify", "-b", self.board, "--seconds", "1")

    def test_replay_lights_nothing(self):
        daemon = self.lit_by_daemon()
        timeline = pathlib.Path(__file__).resolve().parents[1] / "rollout" / "timelines.json"
        replay = self.start(timeline, "--board", self.board, program=REPLAY)
        replay.wait(PATIENCE_S)
        self.assertIn(f"(process {daemon.pid}){HELD}", self.words(replay))

    def test_a_killed_daemon_keeps_nobody_from_them(self):
        daemon = self.lit_by_daemon()
        daemon.kill()
        daemon.wait()
        trial = self.start("try", "-b", self.board, "--state", "stable")
        self.wait("green", self.is_green)
        self.assertEqual(self.end(trial), 0)
        self.wait("dark", self.is_dark)

    def test_a_daemon_that_comes_second_waits_and_lights_them_then(self):
        trial = self.start("try", "-b", self.board, "--state", "failed")
        self.wait("lit", self.is_lit)
        daemon = self.daemon()
        self.wait_for_words(daemon, f"(process {trial.pid}){HELD}")
        daemon.wall.wait("telling so in its status",
                         lambda: self.take_all() or HELD in json.dumps(daemon.wall.status()))
        self.assertEqual(self.end(trial), 0)
        self.wait_for_words(daemon, "lit again")
        self.wait("lit by the daemon", self.is_lit)
        self.assertEqual(self.end(daemon), 0)
        self.wait("dark", self.is_dark)

    def test_one_that_is_lit_by_another_leaves_none_of_both_lit(self):
        daemon = self.lit_by_daemon()
        other = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(other.close)
        other.bind(("127.0.0.1", 0))
        both = self.place / "both.yaml"
        both.write_text("title: Two\noutputs:\n" + "".join(
            f"  - {{name: {name}, chip: ddp, pixels: {PIXELS}, bus: {{udp: 127.0.0.1, port: {port}}}}}\n"
            for name, port in (("free", other.getsockname()[1]), ("held", self.port))))
        self.refused(daemon, "try", "-b", both, "--state", "stable")
        light = b"\xff"
        while select.select([other], [], [], 0)[0]:
            light = other.recv(65536)[10:]
        self.assertFalse(any(light), "the free one stays lit")


class Ended(Lights):
    """Whatever ends or stops them, the lights are dark."""

    def check(self, number, status, start):
        process = start()
        self.wait("lit", self.is_lit)
        self.assertEqual(self.end(process, number), status, f"{number.name}: {self.words(process)}")
        self.take_all()
        self.assertTrue(self.is_dark(self.seen), f"{number.name} leaves {self.seen}")

    def check_all(self, start, others=OTHERS, asks=ASKS):
        for number in asks:
            with self.subTest(number.name):
                self.check(number, 0, start)
        for number in others:
            with self.subTest(number.name):
                self.check(number, 128 + number, start)

    def test_try(self):
        self.check_all(lambda: self.start("try", "-b", self.board, "--state", "stable"))

    def test_identify(self):
        self.check_all(lambda: self.start("identify", "-b", self.board, "--seconds", "60"))

    def test_the_daemon(self):
        self.check_all(self.daemon, others=(), asks=(signal.SIGINT, signal.SIGTERM, *OTHERS))

    def test_replay(self):
        """In a terminal, where it takes its time."""
        timeline = pathlib.Path(__file__).resolve().parents[1] / "rollout" / "timelines.json"
        for number, status in ((signal.SIGINT, 0), (signal.SIGQUIT, 128 + signal.SIGQUIT)):
            replay = Terminal(timeline, "--board", self.board, before=["sh", "-c", 'shift; exec "$AMBERBAR_REPLAY" "$@"',
                                                                      "sh"])
            self.addCleanup(replay.close)
            self.wait("lit", self.is_lit)
            replay.process.send_signal(number)
            self.assertEqual(replay.end(), status, replay.said)
            self.take_all()
            self.assertTrue(self.is_dark(self.seen), f"{number.name} leaves {self.seen}")

    def test_preview(self):
        """It lights nothing, and leaves the terminal below the picture, with its cursor."""
        for key, status in (("\x03", 0), ("\x1c", 128 + signal.SIGQUIT)):
            preview = Terminal("preview", "--state", "failed")
            self.addCleanup(preview.close)
            preview.wait_for("\x1b[?25l")
            preview.type(key)
            self.assertEqual(preview.end(), status, preview.said)
            self.assertGreater(preview.said.rfind("\x1b[?25h"), preview.said.rfind("\x1b[?25l"), preview.said)

    def test_keys(self):
        """Ctrl-Z and Ctrl-\\ in a terminal."""
        for key, number in (("\x1a", signal.SIGTSTP), ("\x1c", signal.SIGQUIT)):
            for command in (("identify",), ("try", "--state", "stable")):
                terminal = Terminal(*command, "-b", self.board, RUNTIME_DIRECTORY=str(self.place))
                self.addCleanup(terminal.close)
                self.wait("lit", self.is_lit)
                terminal.type(key)
                self.assertEqual(terminal.end(), 128 + number, f"{command}: {terminal.said}")
                self.assertTrue(terminal.echoes(), f"{command} leaves the terminal without echo")
                self.take_all()
                self.assertTrue(self.is_dark(self.seen), f"{command} {number.name} leaves {self.seen}")


if __name__ == "__main__":
    sys.exit(0 if unittest.main(exit=False, verbosity=2).result.wasSuccessful() else 1)
