#!/usr/bin/env python3
"""The daemon as its user meets it: starts, stops, bad files, servers that refuse or stall."""
import json
import os
import pathlib
import selectors
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from peers.prometheus import Prometheus, encoded, stable_answer  # noqa: E402
from peers.servers import stable_rows  # noqa: E402

AMBERBAR = os.environ["AMBERBAR"]
DARK = "#000000"
# What one turn of the daemon may cost here, beyond what is measured: the build is sanitized and the
# machine is shared. The product's own bounds are ten times tighter.
SLACK_S = 2.0


# A user with a view of the files of its own; what follows is a shell's script.
ALONE = ("unshare", "--user", "--mount", "--map-user=1000", "--map-group=1000", "--keep-caps",
         "sh", "-ec")


def can_be_alone(folder):
    """Whether this machine lets anybody put a folder of their own in that one's place."""
    return subprocess.run([*ALONE, f"mount -t tmpfs none {folder}"], stderr=subprocess.DEVNULL,
                          check=False).returncode == 0


class Daemon:
    """`amberbar run` on the frames board, with its lines as they come."""

    def __init__(self, url, board="frames", interval="1s", extra="", runtime=None):
        self.folder = tempfile.TemporaryDirectory()
        self.config = os.path.join(self.folder.name, "amberbar.yaml")
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(f"board: {board}\nprometheus: {{url: {url}, poll_interval: {interval}}}\n"
                       f"rollouts: [{{name: web, namespace: shop, deployment: web}}]\n{extra}")
        self.environment = {**os.environ, "RUNTIME_DIRECTORY": runtime or self.folder.name + "/run"}
        self.log = open(os.path.join(self.folder.name, "log"), "w+b")
        self.started = time.monotonic()
        self.process = subprocess.Popen([AMBERBAR, "run", "-c", self.config],
                                        stdout=subprocess.PIPE, stderr=self.log,
                                        env=self.environment)
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.process.stdout, selectors.EVENT_READ)
        self.rest = b""
        self.frames = []  # (seconds since start, frame)

    def read(self, seconds, until=lambda frame: False):
        """Collects frames; the first that `until` wants, or None when the time is over."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            if not self.selector.select(left):
                break
            block = os.read(self.process.stdout.fileno(), 65536)
            if not block:
                break
            lines = (self.rest + block).split(b"\n")
            self.rest = lines.pop()
            found = None
            for line in lines:
                frame = json.loads(line)
                self.frames.append((time.monotonic() - self.started, frame))
                found = found or (frame if until(frame) else None)
            if found:
                return found
        return None

    def run(self, *arguments):
        return subprocess.run([AMBERBAR, *arguments], env=self.environment, capture_output=True,
                              text=True, timeout=30, check=False)

    def messages(self):
        self.log.seek(0)
        return self.log.read().decode()

    def stop(self, number=signal.SIGTERM):
        """Sends the signal; the seconds until the end, and the exit status."""
        begun = time.monotonic()
        self.process.send_signal(number)
        self.read(20)
        status = self.process.wait(20)
        return time.monotonic() - begun, status

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.log.close()
        self.folder.cleanup()


def is_dark(frame):
    return all(pixel == DARK for pixel in frame["pixels"]) and frame["text"].strip() == ""


def channels(pixel):
    return [int(pixel[i:i + 2], 16) for i in (1, 3, 5)]


def is_green(frame):
    return any(green > red and green > blue
               for red, green, blue in map(channels, frame["pixels"]))


def light(frame):
    return sum(sum(channels(pixel)) for pixel in frame["pixels"])


class Stops(unittest.TestCase):
    def check(self, number, server):
        daemon = Daemon(server.url)
        try:
            self.assertTrue(server.was_asked.wait(10), daemon.messages())
            daemon.read(0.3)
            seconds, status = daemon.stop(number)
            self.assertEqual(status, 0, daemon.messages())
            self.assertTrue(is_dark(daemon.frames[-1][1]), daemon.frames[-1])
            self.assertLess(seconds, 0.2 + SLACK_S)
            print(f"signal {number}: dark and gone after {seconds * 1000:.0f} ms")
            self.assertFalse(os.path.exists(daemon.folder.name + "/run/status.json"))
        finally:
            daemon.close()
            server.close()

    def test_sigterm_in_mid_poll_ends_dark(self):
        self.check(signal.SIGTERM, Prometheus())

    def test_sigint_ends_dark(self):
        self.check(signal.SIGINT, Prometheus(stable_answer()))


class Starts(unittest.TestCase):
    def test_begins_dark_then_shows_a_picture_before_any_answer(self):
        server = Prometheus()
        daemon = Daemon(server.url)
        try:
            self.assertIsNotNone(daemon.read(10, lambda frame: not is_dark(frame)),
                                 daemon.messages())
            self.assertTrue(is_dark(daemon.frames[0][1]))
            self.assertFalse(is_green(daemon.frames[1][1]))
            print(f"first picture {daemon.frames[1][0] * 1000:.0f} ms after exec")
            self.assertLess(daemon.frames[1][0], 0.1 + SLACK_S)
        finally:
            daemon.close()
            server.close()

    def test_stands_still_when_stable(self):
        server = Prometheus(stable_answer())
        daemon = Daemon(server.url)
        try:
            self.assertIsNotNone(daemon.read(10, is_green), daemon.messages())
            daemon.read(3)  # whatever glides or sweeps comes to rest
            before, polls = len(daemon.frames), server.requests
            server.body = stable_answer()
            daemon.read(3)
            self.assertGreaterEqual(server.requests, polls + 2)
            self.assertEqual(len(daemon.frames), before, daemon.frames[before:])
            self.assertEqual(server.connections, 1, "the connection was not kept")
            result = daemon.run("status")
            self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
            self.assertIn("stable", result.stdout)
            status = json.loads(daemon.run("status", "--json").stdout)
            self.assertEqual(status["rollouts"][0]["state"], "stable")
            self.assertEqual(status["frame"]["pixels"], daemon.frames[-1][1]["pixels"])
        finally:
            daemon.close()
            server.close()


class Faults(unittest.TestCase):
    def test_ends_when_nobody_reads_any_more(self):
        server = Prometheus()
        daemon = Daemon(server.url)
        try:
            self.assertIsNotNone(daemon.read(10, lambda frame: not is_dark(frame)))
            daemon.selector.unregister(daemon.process.stdout)
            daemon.process.stdout.close()
            self.assertEqual(daemon.process.wait(20), 0, daemon.messages())
            self.assertIn("nobody reads the output", daemon.messages())
        finally:
            daemon.close()
            server.close()

    def test_a_server_that_stalls_dims_once_then_is_unknown(self):
        server = Prometheus(stable_answer())
        daemon = Daemon(server.url, interval="1s")
        try:
            self.assertIsNotNone(daemon.read(10, is_green), daemon.messages())
            daemon.read(1)
            stable = daemon.frames[-1][1]
            server.body = None
            dimmed = daemon.read(10, lambda frame: light(frame) < light(stable))
            self.assertIsNotNone(dimmed, daemon.messages())
            self.assertTrue(is_green(dimmed) and light(dimmed) < light(stable) * 0.7, dimmed)
            unknown = daemon.read(10, lambda frame: not is_green(frame) and not is_dark(frame))
            self.assertIsNotNone(unknown, daemon.messages())
            self.assertIn("timed out", daemon.messages())
            result = daemon.run("status")
            self.assertEqual(result.returncode, 5, result.stdout)
            server.body = stable_answer()
            self.assertIsNotNone(daemon.read(40, is_green), daemon.messages())
            self.assertIn("answers again", daemon.messages())
        finally:
            daemon.close()
            server.close()

    def test_a_clock_that_stands_still_is_told_once_and_not_believed(self):
        still = []  # the time at which it stands

        def answer(query):
            now = still[0] if still else time.time()
            return encoded(query, stable_rows(now), now)
        server = Prometheus(answer)
        self.addCleanup(server.close)
        daemon = Daemon(server.url, interval="500ms")
        self.addCleanup(daemon.close)
        self.assertIsNotNone(daemon.read(10, is_green), daemon.messages())
        still.append(time.time() - 3600)
        self.assertIsNotNone(daemon.read(10, lambda frame: not is_green(frame)), daemon.messages())
        polls = server.requests
        daemon.read(20, lambda frame: is_green(frame) or server.requests > polls + 5)
        self.assertGreater(server.requests, polls + 5)
        self.assertFalse(is_green(daemon.frames[-1][1]), daemon.messages())
        self.assertEqual(daemon.messages().count("what Prometheus answers is over"), 1, daemon.messages())
        self.assertEqual(daemon.run("status").returncode, 5)
        still.clear()
        self.assertIsNotNone(daemon.read(20, is_green), daemon.messages())

    def test_nobody_listens(self):
        server = Prometheus()
        server.close()
        daemon = Daemon(server.url)
        try:
            daemon.read(2.5)
            self.assertIsNone(daemon.process.poll())
            self.assertFalse(any(is_green(frame) for _, frame in daemon.frames))
            self.assertIn(server.url.split("//")[1], daemon.messages())
            result = daemon.run("once", "-c", daemon.config)
            self.assertEqual(result.returncode, 5, result.stdout + result.stderr)
        finally:
            daemon.close()

    def test_who_asks_once_does_not_ask_again(self):
        server = Prometheus(b"{")
        daemon = Daemon(server.url)
        try:
            daemon.read(2)
            place = server.url.split("//")[1]
            self.assertIn(f"{place}: malformed JSON", daemon.messages())
            self.assertIn("asking again", daemon.messages())
            for option in ([], ["--json"]):
                result = daemon.run("once", "-c", daemon.config, *option)
                self.assertEqual(result.returncode, 5, result.stdout + result.stderr)
                self.assertIn("malformed JSON: incomplete response: it ends early", result.stdout)
                self.assertNotIn("asking again", result.stdout)
        finally:
            daemon.close()
            server.close()

    def test_an_output_that_is_not_there_is_said_once_and_waited_for(self):
        server = Prometheus(stable_answer())
        daemon = Daemon(server.url, board="pimoroni-blinkt")
        try:
            self.assertTrue(server.was_asked.wait(10))
            daemon.read(5)
            self.assertIsNone(daemon.process.poll(), daemon.messages())
            reported = [line for line in daemon.messages().splitlines() if "output strip" in line]
            self.assertEqual(len(reported), 1, daemon.messages())
            self.assertIn("GPIO", reported[0])
            result = daemon.run("status")
            self.assertIn("GPIO", result.stdout)
        finally:
            daemon.close()
            server.close()


class Commands(unittest.TestCase):
    def run_program(self, *arguments):
        return subprocess.run([AMBERBAR, *arguments], capture_output=True, text=True, timeout=30,
                              check=False)

    def test_says_what_was_meant(self):
        result = self.run_program("chekc")
        self.assertEqual(result.returncode, 2)
        self.assertIn("did you mean 'check'?", result.stderr)
        result = self.run_program("run", "--confg", "x")
        self.assertEqual(result.returncode, 2)
        self.assertIn("did you mean '--config'?", result.stderr)

    def test_a_bad_config_is_told_with_its_position(self):
        with tempfile.TemporaryDirectory() as folder:
            path = folder + "/amberbar.yaml"
            with open(path, "w", encoding="utf-8") as file:
                file.write("bord: frames\nprometheus: {url: ftp://x}\n")
            for command in ("run", "check", "once"):
                result = self.run_program(command, "-c", path)
                self.assertEqual(result.returncode, 2, command)
                self.assertIn(f"{path}:1:1: ", result.stderr)
                self.assertIn("did you mean", result.stderr)

    def test_a_second_daemon_leaves_the_status_of_the_first_alone(self):
        server = Prometheus(stable_answer())
        self.addCleanup(server.close)
        first = Daemon(server.url)
        self.addCleanup(first.close)
        self.assertTrue(first.read(10, is_green), first.messages())
        second = Daemon(server.url, runtime=first.environment["RUNTIME_DIRECTORY"])
        self.addCleanup(second.close)
        self.assertTrue(second.read(10, is_green), second.messages())
        second.stop()
        self.assertEqual(second.messages().count("another amberbar writes"), 1)
        self.assertEqual(first.run("status").returncode, 0, "the first one's status is gone")

    def test_status_without_a_daemon_is_unknown(self):
        with tempfile.TemporaryDirectory() as folder:
            result = subprocess.run([AMBERBAR, "status"], capture_output=True, text=True,
                                    env={**os.environ, "RUNTIME_DIRECTORY": folder}, check=False)
            self.assertEqual(result.returncode, 5)
            self.assertIn("amberbar run", result.stderr)


if __name__ == "__main__":
    sys.exit(0 if unittest.main(exit=False, verbosity=2).result.wasSuccessful() else 1)
