#!/usr/bin/env python3
"""The daemon under a service manager: systemd's notify protocol, the watchdog, and reloading."""
import fcntl
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

from daemon import ALONE, AMBERBAR, can_be_alone
from peers.observed import is_dark, is_green
from peers.prometheus import Prometheus, numbers_answer, stable_answer
from peers.wall import Wall, about_web


class Manager:
    """The service manager's end of sd_notify(3)."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = os.path.join(self.folder.name, "notify")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.heard = []  # (monotonic, message)

    def listen(self, seconds, until=None):
        """Collects messages; true as soon as one of them has the line `until`."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            if not select.select([self.socket], [], [], left)[0]:
                break
            message = self.socket.recv(4096).decode()
            self.heard.append((time.monotonic(), message))
            if until in message.split("\n"):
                return True
        return False

    def close(self):
        self.socket.close()
        self.folder.cleanup()


class Service(unittest.TestCase):
    def setUp(self):
        self.server = Prometheus(stable_answer())
        self.addCleanup(self.server.close)
        self.manager = Manager()
        self.addCleanup(self.manager.close)

    def start(self, terms=None, **environment):
        self.wall = Wall(about_web(self.server.url, terms=terms), NOTIFY_SOCKET=self.manager.path,
                         **environment)
        self.addCleanup(self.wall.close)
        self.wall.start()
        self.assertTrue(self.manager.listen(10, "READY=1"), self.wall.messages())

    def start_green(self):
        self.start()
        self.wall.see(is_green)

    def write_config(self, **more):
        self.wall.config.write_text(about_web(self.server.url, **more))

    def reload(self):
        self.wall.send(signal.SIGHUP)
        self.assertTrue(self.manager.listen(10, "READY=1"), self.wall.messages())
        self.assertTrue(any("RELOADING=1\nMONOTONIC_USEC=" in message
                            for _, message in self.manager.heard))

    def status(self):
        return json.loads(self.wall.ask("status", "--json").stdout)

    def test_the_status_has_the_picture_that_is_shown(self):
        """Not the one from which the bar has glided on."""
        self.server.body = numbers_answer(0.2)
        self.start({"poll_interval": "60s"})
        self.write_config(terms={"poll_interval": "60s"}, rollouts=[{"name": "web", "query": "ratio"}])
        for ratio, digits in ((0.2, "20"), (0.8, "80")):
            self.server.body = numbers_answer(ratio)
            self.wall.send(signal.SIGHUP)  # asks anew
            self.wall.wait(f"at {ratio}", lambda: self.status()["rollouts"][0]["progress"] == ratio)
            self.wall.watch(1.5)
            self.assertIn(digits, self.status()["frame"]["text"], self.status())

    def test_says_ready_status_and_stopping(self):
        self.start()
        self.assertTrue(self.manager.listen(10, "STATUS=web: stable, 2 of 2 pods available") or
                        any("STATUS=web" in message for _, message in self.manager.heard),
                        self.manager.heard)
        self.wall.stop()
        self.assertTrue(self.manager.listen(5, "STOPPING=1"))

    def test_feeds_the_watchdog_at_half_time_and_a_hung_loop_does_not(self):
        self.start({"poll_interval": "10s"}, WATCHDOG_USEC="1000000")
        self.manager.listen(3)
        fed = [at for at, message in self.manager.heard if message == "WATCHDOG=1"]
        self.assertGreaterEqual(len(fed), 4, self.manager.heard)
        self.assertLess(max(b - a for a, b in zip(fed, fed[1:])), 1.0)
        self.wall.send(signal.SIGSTOP)
        self.manager.listen(0.2)
        self.manager.heard.clear()
        self.manager.listen(2)
        self.assertEqual(self.manager.heard, [])
        self.wall.send(signal.SIGCONT)
        self.assertTrue(self.manager.listen(5, "WATCHDOG=1"))

    def test_a_good_config_takes_over_without_a_dark_frame(self):
        self.start_green()
        self.wall.watch(2)
        since = self.status()["rollouts"][0]["since"]
        seen = len(self.wall.frames)
        self.write_config(display={"brightness": "90%"})
        self.reload()
        self.wall.watch(4)
        after = self.wall.frames[seen:]
        self.assertTrue(after, "the new brightness is not seen")
        self.assertTrue(all(is_green(frame) for frame in after), after)
        status = self.status()
        self.assertIsNone(status["reload_fault"])
        self.assertEqual(status["rollouts"][0]["since"][:19], since[:19])
        self.assertEqual(len(status["history"]), 1)

    def test_a_bad_config_is_refused_and_the_old_one_stays(self):
        self.start_green()
        self.wall.watch(2)
        seen = len(self.wall.frames)
        self.wall.config.write_text("board: frames\nprometeus: {}\n")
        self.reload()
        self.wall.watch(3)
        self.assertEqual(self.wall.frames[seen:], [])
        self.assertIn("prometeus", self.status()["reload_fault"])
        self.assertIn("refused, the config before stays\n", self.wall.messages())
        wrong = self.wall.ask("check", "-c", self.wall.config).stderr.splitlines()
        self.assertGreater(len(wrong), 1)
        for line in wrong:  # each as `check` has it
            self.assertIn(f"{line}\n", self.wall.messages())
        reported = self.wall.ask("status").stdout
        self.assertIn("did you mean", reported)
        self.assertIn(f"{wrong[-1]}\nhistory:\n", reported)

    def test_the_history_has_the_time_of_the_clock_on_the_wall(self):
        self.start_green()
        status = self.status()
        newest = status["history"][0]
        status["history"] = [newest | {"at": f"2026-11-26T21:{minute:02}:07.500Z"}
                             for minute in range(50, 32, -1)]
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "status.json"), "w", encoding="utf-8") as file:
                json.dump(status, file)
            claim = os.open(folder, os.O_RDONLY)  # as a daemon that runs has it
            self.addCleanup(os.close, claim)
            fcntl.flock(claim, fcntl.LOCK_EX)
            reported = self.wall.ask("status", RUNTIME_DIRECTORY=folder, TZ="EAST-5").stdout
        self.assertIn("history:\n  2026-11-27 02:50:07 +0500  web: ", reported)
        self.assertIn("  10 more before: amberbar status --json\n", reported)

    def test_any_user_may_ask_the_service(self):
        """Whose folder is /run/amberbar; who runs a daemon of their own is told of that."""
        self.start_green()
        if not can_be_alone("/run"):
            self.skipTest("this machine lets nobody make a namespace")
        script = ("mount -t tmpfs none /run; mkdir -p /run/amberbar /run/user/1000/amberbar; "
                  f"cp {self.wall.directory}/status.json /run/$1/; "
                  f"exec flock /run/$1 {AMBERBAR} status")
        environment = {name: value for name, value in os.environ.items()
                       if name not in ("RUNTIME_DIRECTORY", "XDG_RUNTIME_DIR")}
        own = {"XDG_RUNTIME_DIR": "/run/user/1000"}
        for folder, more in (("amberbar", own), ("amberbar", {}), ("user/1000/amberbar", own)):
            with self.subTest(folder, more=more):
                result = subprocess.run([*ALONE, script, "sh", folder], capture_output=True,
                                        text=True, timeout=30, env=environment | more, check=False)
                self.assertEqual(result.returncode, 0, result.stderr)
                self.assertIn("web", result.stdout)

    def test_another_board_takes_over(self):
        self.start_green()
        board = self.wall.directory / "three.yaml"
        board.write_text("title: Three\noutputs:\n"
                         "  - {name: s, chip: frames, pixels: 3, digits: 0, bus: stdout}\n")
        self.write_config(board=str(board))
        self.reload()
        self.wall.see(lambda frame: len(frame.pixels) == 3 and is_green(frame))
        self.wall.stop()
        self.assertTrue(is_dark(self.wall.frames[-1]))
        self.assertEqual(len(self.wall.frames[-1].pixels), 3)


if __name__ == "__main__":
    sys.exit(0 if unittest.main(exit=False, verbosity=2).result.wasSuccessful() else 1)
