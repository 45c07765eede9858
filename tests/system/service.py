#!/usr/bin/env python3
"""The daemon under a service manager: systemd's notify protocol, the watchdog, and reloading."""
import fcntl
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

from daemon import ALONE, AMBERBAR, Daemon, can_be_alone, is_dark, is_green
from peers.prometheus import Prometheus, numbers_answer, stable_answer


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
        self.manager = Manager()
        os.environ["NOTIFY_SOCKET"] = self.manager.path

    def tearDown(self):
        os.environ.pop("WATCHDOG_USEC", None)
        os.environ.pop("NOTIFY_SOCKET", None)
        self.daemon.close()
        self.manager.close()
        self.server.close()

    def start(self, **settings):
        self.daemon = Daemon(self.server.url, **settings)
        self.assertTrue(self.manager.listen(10, "READY=1"), self.daemon.messages())

    def write_config(self, text):
        with open(self.daemon.config, "w", encoding="utf-8") as file:
            file.write(text)

    def reload(self):
        self.daemon.process.send_signal(signal.SIGHUP)
        self.assertTrue(self.manager.listen(10, "READY=1"), self.daemon.messages())
        self.assertTrue(any("RELOADING=1\nMONOTONIC_USEC=" in message
                            for _, message in self.manager.heard))

    def status(self):
        return json.loads(self.daemon.run("status", "--json").stdout)

    def test_the_status_has_the_picture_that_is_shown(self):
        """Not the one from which the bar has glided on."""
        self.server.body = numbers_answer(0.2)
        self.start(interval="60s")
        with open(self.daemon.config, encoding="utf-8") as file:
            text = file.read()
        self.write_config(re.sub("{name: web.*}", "{name: web, query: ratio}", text))
        for ratio, digits in ((0.2, "20"), (0.8, "80")):
            self.server.body = numbers_answer(ratio)
            self.daemon.process.send_signal(signal.SIGHUP)  # asks anew
            until = time.monotonic() + 10
            while time.monotonic() < until:
                status = self.status()
                if status["rollouts"][0]["progress"] == ratio:
                    break
                time.sleep(0.1)
            time.sleep(1.5)
            self.assertIn(digits, self.status()["frame"]["text"], self.status())

    def test_says_ready_status_and_stopping(self):
        self.start()
        self.assertTrue(self.manager.listen(10, "STATUS=web: stable, 2 of 2 pods available") or
                        any("STATUS=web" in message for _, message in self.manager.heard),
                        self.manager.heard)
        self.daemon.stop()
        self.assertTrue(self.manager.listen(5, "STOPPING=1"))

    def test_feeds_the_watchdog_at_half_time_and_a_hung_loop_does_not(self):
        os.environ["WATCHDOG_USEC"] = "1000000"
        self.start(interval="10s")
        self.manager.listen(3)
        fed = [at for at, message in self.manager.heard if message == "WATCHDOG=1"]
        self.assertGreaterEqual(len(fed), 4, self.manager.heard)
        self.assertLess(max(b - a for a, b in zip(fed, fed[1:])), 1.0)
        self.daemon.process.send_signal(signal.SIGSTOP)
        self.manager.listen(0.2)
        self.manager.heard.clear()
        self.manager.listen(2)
        self.assertEqual(self.manager.heard, [])
        self.daemon.process.send_signal(signal.SIGCONT)
        self.assertTrue(self.manager.listen(5, "WATCHDOG=1"))

    def test_a_good_config_takes_over_without_a_dark_frame(self):
        self.start()
        self.assertIsNotNone(self.daemon.read(10, is_green), self.daemon.messages())
        self.daemon.read(2)
        since = self.status()["rollouts"][0]["since"]
        seen = len(self.daemon.frames)
        with open(self.daemon.config, encoding="utf-8") as file:
            text = file.read()
        self.write_config(text + "display: {brightness: 90%}\n")
        self.reload()
        self.daemon.read(4)
        after = [frame for _, frame in self.daemon.frames[seen:]]
        self.assertTrue(after, "the new brightness is not seen")
        self.assertTrue(all(is_green(frame) for frame in after), after)
        status = self.status()
        self.assertIsNone(status["reload_fault"])
        self.assertEqual(status["rollouts"][0]["since"][:19], since[:19])
        self.assertEqual(len(status["history"]), 1)

    def test_a_bad_config_is_refused_and_the_old_one_stays(self):
        self.start()
        self.assertIsNotNone(self.daemon.read(10, is_green), self.daemon.messages())
        self.daemon.read(2)
        seen = len(self.daemon.frames)
        self.write_config("board: frames\nprometeus: {}\n")
        self.reload()
        self.daemon.read(3)
        self.assertEqual(self.daemon.frames[seen:], [])
        self.assertIn("prometeus", self.status()["reload_fault"])
        self.assertIn("refused, the config before stays\n", self.daemon.messages())
        wrong = self.daemon.run("check", "-c", self.daemon.config).stderr.splitlines()
        self.assertGreater(len(wrong), 1)
        for line in wrong:  # each as `check` has it
            self.assertIn(f"{line}\n", self.daemon.messages())
        reported = self.daemon.run("status").stdout
        self.assertIn("did you mean", reported)
        self.assertIn(f"{wrong[-1]}\nhistory:\n", reported)

    def test_the_history_has_the_time_of_the_clock_on_the_wall(self):
        self.start()
        self.assertIsNotNone(self.daemon.read(10, is_green), self.daemon.messages())
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
            self.daemon.environment |= {"RUNTIME_DIRECTORY": folder, "TZ": "EAST-5"}
            reported = self.daemon.run("status").stdout
        self.assertIn("history:\n  2026-11-27 02:50:07 +0500  web: ", reported)
        self.assertIn("  10 more before: amberbar status --json\n", reported)

    def test_any_user_may_ask_the_service(self):
        """Whose folder is /run/amberbar; who runs a daemon of their own is told of that."""
        self.start()
        self.assertIsNotNone(self.daemon.read(10, is_green), self.daemon.messages())
        if not can_be_alone("/run"):
            self.skipTest("this machine lets nobody make a namespace")
        script = ("mount -t tmpfs none /run; mkdir -p /run/amberbar /run/user/1000/amberbar; "
                  f"cp {self.daemon.environment['RUNTIME_DIRECTORY']}/status.json /run/$1/; "
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
        self.start()
        self.assertIsNotNone(self.daemon.read(10, is_green), self.daemon.messages())
        with open(self.daemon.config, encoding="utf-8") as file:
            text = file.read()
        board = os.path.join(self.daemon.folder.name, "three.yaml")
        with open(board, "w", encoding="utf-8") as file:
            file.write("title: Three\noutputs:\n  - {name: s, chip: frames, pixels: 3, digits: 0, "
                       "bus: stdout}\n")
        self.write_config(text.replace("board: frames", f"board: {board}"))
        self.reload()
        three = self.daemon.read(5, lambda frame: len(frame["pixels"]) == 3 and is_green(frame))
        self.assertIsNotNone(three, self.daemon.messages())
        self.daemon.stop()
        self.assertTrue(is_dark(self.daemon.frames[-1][1]))
        self.assertEqual(len(self.daemon.frames[-1][1]["pixels"]), 3)


if __name__ == "__main__":
    sys.exit(0 if unittest.main(exit=False, verbosity=2).result.wasSuccessful() else 1)
