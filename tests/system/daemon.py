#!/usr/bin/env python3
"""The daemon as its user meets it: starts, stops, bad files, servers that refuse or stall."""
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from peers.observed import is_dark, is_green, light  # noqa: E402
from peers.picture import Frame  # noqa: E402
from peers.prometheus import Prometheus, encoded, stable_answer  # noqa: E402
from peers.servers import stable_rows  # noqa: E402
from peers.wall import Wall, about_web  # noqa: E402

AMBERBAR = os.environ["AMBERBAR"]
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


class Daemon(unittest.TestCase):
    def serve(self, body=None):
        server = Prometheus(body)
        self.addCleanup(server.close)
        return server

    def start(self, server, **more):
        wall = Wall(about_web(server.url, **more))
        self.addCleanup(wall.close)
        wall.start()
        return wall


class Stops(Daemon):
    def check(self, number, server):
        wall = self.start(server)
        self.assertTrue(server.was_asked.wait(10), wall.messages())
        wall.watch(0.3)
        begun = time.monotonic()
        self.assertEqual(wall.stop(number), 0, wall.messages())
        seconds = time.monotonic() - begun
        self.assertTrue(is_dark(wall.frames[-1]), wall.frames[-1])
        self.assertLess(seconds, 0.2 + SLACK_S)
        print(f"signal {number}: dark and gone after {seconds * 1000:.0f} ms")
        self.assertEqual(wall.status(), {})

    def test_sigterm_in_mid_poll_ends_dark(self):
        self.check(signal.SIGTERM, self.serve())

    def test_sigint_ends_dark(self):
        self.check(signal.SIGINT, self.serve(stable_answer()))


class Starts(Daemon):
    def test_begins_dark_then_shows_a_picture_before_any_answer(self):
        begun = time.monotonic()
        wall = self.start(self.serve())
        wall.see(lambda frame: not is_dark(frame))
        self.assertTrue(is_dark(wall.frames[0]))
        self.assertFalse(is_green(wall.frames[1]))
        seconds = wall.frames[1].at - begun
        print(f"first picture {seconds * 1000:.0f} ms after exec")
        self.assertLess(seconds, 0.1 + SLACK_S)

    def test_stands_still_when_stable(self):
        server = self.serve(stable_answer())
        wall = self.start(server)
        wall.see(is_green)
        wall.watch(3)  # whatever glides or sweeps comes to rest
        before, polls = len(wall.frames), server.requests
        server.body = stable_answer()
        wall.watch(3)
        self.assertGreaterEqual(server.requests, polls + 2)
        self.assertEqual(len(wall.frames), before, wall.frames[before:])
        self.assertEqual(server.connections, 1, "the connection was not kept")
        result = wall.ask("status")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn("stable", result.stdout)
        status = json.loads(wall.ask("status", "--json").stdout)
        self.assertEqual(status["rollouts"][0]["state"], "stable")
        self.assertEqual(Frame.of(status["frame"]).pixels, wall.frames[-1].pixels)


class Faults(Daemon):
    def test_ends_when_nobody_reads_any_more(self):
        ours, theirs = os.pipe()
        wall = Wall(about_web(self.serve().url))
        self.addCleanup(wall.close)
        wall.start(stdout=theirs)
        os.close(theirs)
        with open(ours, encoding="utf-8") as lines:
            self.assertTrue(any(not is_dark(Frame.of(json.loads(line))) for line in lines))
        self.assertEqual(wall.child.process.wait(20), 0, wall.messages())
        self.assertIn("nobody reads the output", wall.messages())

    def test_a_server_that_stalls_dims_once_then_is_unknown(self):
        server = self.serve(stable_answer())
        wall = self.start(server)
        wall.see(is_green)
        wall.watch(1)
        seen, stable = len(wall.frames), light(wall.frames[-1])
        server.body = None
        dimmed = wall.see(lambda frame: light(frame) < stable, seen)
        self.assertTrue(is_green(dimmed) and light(dimmed) < stable * 0.7, dimmed)
        wall.see(lambda frame: not is_green(frame) and not is_dark(frame), seen)
        self.assertIn("timed out", wall.messages())
        result = wall.ask("status")
        self.assertEqual(result.returncode, 5, result.stdout)
        seen = len(wall.frames)
        server.body = stable_answer()
        wall.see(is_green, seen, 40)
        wall.wait_for_message("answers again")

    def test_a_clock_that_stands_still_is_told_once_and_not_believed(self):
        still = []  # the time at which it stands

        def answer(query):
            now = still[0] if still else time.time()
            return encoded(query, stable_rows(now), now)
        server = self.serve(answer)
        wall = self.start(server, terms={"poll_interval": "500ms"})
        wall.see(is_green)
        seen = len(wall.frames)
        still.append(time.time() - 3600)
        wall.see(lambda frame: not is_green(frame), seen)
        polls, seen = server.requests, len(wall.frames)
        wall.wait("asking on", lambda: server.requests > polls + 5)
        self.assertFalse(any(map(is_green, wall.frames[seen:] or wall.frames[-1:])), wall.messages())
        self.assertEqual(wall.messages().count("what Prometheus answers is over"), 1, wall.messages())
        self.assertEqual(wall.ask("status").returncode, 5)
        seen = len(wall.frames)
        still.clear()
        wall.see(is_green, seen)

    def test_nobody_listens(self):
        server = self.serve()
        server.close()
        wall = self.start(server)
        wall.watch(2.5)
        self.assertFalse(any(map(is_green, wall.frames)))
        self.assertIn(server.url.split("//")[1], wall.messages())
        result = wall.ask("once", "-c", wall.config)
        self.assertEqual(result.returncode, 5, result.stdout + result.stderr)

    def test_who_asks_once_does_not_ask_again(self):
        server = self.serve(b"{")
        wall = self.start(server)
        wall.wait_for_message(f"{server.url.split('//')[1]}: malformed JSON")
        wall.wait_for_message("asking again")
        for option in ([], ["--json"]):
            result = wall.ask("once", "-c", wall.config, *option)
            self.assertEqual(result.returncode, 5, result.stdout + result.stderr)
            self.assertIn("malformed JSON: incomplete response: it ends early", result.stdout)
            self.assertNotIn("asking again", result.stdout)

    def test_an_output_that_is_not_there_is_said_once_and_waited_for(self):
        server = self.serve(stable_answer())
        wall = self.start(server, board="pimoroni-blinkt")
        self.assertTrue(server.was_asked.wait(10))
        wall.watch(5)
        reported = [line for line in wall.messages().splitlines() if "output strip" in line]
        self.assertEqual(len(reported), 1, wall.messages())
        self.assertIn("GPIO", reported[0])
        self.assertIn("GPIO", wall.ask("status").stdout)

    def test_a_second_daemon_leaves_the_status_of_the_first_alone(self):
        server = self.serve(stable_answer())
        first = self.start(server)
        first.see(is_green)
        second = Wall(about_web(server.url), RUNTIME_DIRECTORY=str(first.directory))
        self.addCleanup(second.close)
        second.start()
        second.see(is_green)
        second.stop()
        self.assertEqual(second.messages().count("another amberbar writes"), 1)
        self.assertEqual(first.ask("status").returncode, 0, "the first one's status is gone")


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

    def test_status_without_a_daemon_is_unknown(self):
        with tempfile.TemporaryDirectory() as folder:
            result = subprocess.run([AMBERBAR, "status"], capture_output=True, text=True,
                                    env={**os.environ, "RUNTIME_DIRECTORY": folder}, check=False)
            self.assertEqual(result.returncode, 5)
            self.assertIn("amberbar run", result.stderr)


if __name__ == "__main__":
    sys.exit(0 if unittest.main(exit=False, verbosity=2).result.wasSuccessful() else 1)
