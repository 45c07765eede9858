#!/usr/bin/env python3
"""Dead is dark, and told: a daemon that is killed leaves lights lit; `blank`, a refused `run` and the next
daemon darken them, whatever the config says by then, and `status` knows at once. The strip is a file, so
it keeps what it was given, as lights do."""
import os
import pathlib
import re
import signal
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from peers.observed import is_sanitized  # noqa: E402
from peers.prometheus import Prometheus, stable_answer  # noqa: E402
from peers.wall import WEB, Wall, about_web  # noqa: E402

PIXELS = 4


def board(path, pixels=PIXELS):
    return (f"title: A strip on a file\noutputs:\n  - {{name: strip, chip: ws2812-pio, pixels: {pixels}, "
            f"bus: {{file: {path}}}}}\n")


class Strip:
    """A file that a board writes to."""

    def __init__(self, path):
        self.path = path
        self.light(b"")

    def light(self, picture=b"\x00\x20\x00\x00" * PIXELS):
        with open(self.path, "wb") as file:
            file.write(picture)

    def shown(self):
        with open(self.path, "rb") as file:
            return file.read()

    def is_dark(self):
        shown = self.shown()
        return len(shown) > 0 and not any(shown)

    def is_green(self):
        """Each pixel is four bytes: blue, green, red, white, or the other way round; green is second."""
        shown = self.shown()
        pixels = [shown[i:i + 4] for i in range(0, len(shown), 4)]
        return any(pixel[1] > max(pixel[0], pixel[2]) for pixel in pixels if len(pixel) == 4)


class Dead(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(dir="/tmp")  # a board's paths are short
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.run_folder = self.path("run")
        self.record = self.path("run/lit.yaml")
        self.strip = Strip(self.path("leds0"))
        self.server = Prometheus(stable_answer())
        self.addCleanup(self.server.close)
        self.write("strip.yaml", board(self.strip.path))
        self.wall = Wall(folder=self.folder, RUNTIME_DIRECTORY=self.run_folder)
        self.addCleanup(self.wall.close)
        self.config = str(self.wall.config)
        self.write_config()

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)

    def write_config(self, name="./strip.yaml", extra="", **more):
        self.write("amberbar.yaml", about_web(self.server.url, name, **more) + extra)

    def blank(self, config=None):
        return self.wall.ask("blank", "-c", config or self.config)

    def refused(self, config=None):
        return self.wall.ask("run", "-c", config or self.config)

    def start_green(self, strip=None):
        self.wall.start()
        self.wall.wait("green", (strip or self.strip).is_green)

    def die_green(self, change=lambda: None):
        """A daemon that is killed while the strip is green, after `change` and its refused reload."""
        self.start_green()
        change()
        before = len(self.wall.messages())
        self.wall.send(signal.SIGHUP)
        self.wall.wait("told", lambda: re.search("refused|read again", self.wall.messages()[before:]))
        self.wall.wait("green", self.strip.is_green)
        self.wall.child.kill()
        self.assertTrue(self.strip.is_green(), "killed, and dark by itself: the test shows nothing")

    def expect_dark(self, words=""):
        self.assertTrue(self.strip.is_dark(), f"{self.strip.shown()} {words}")


class KilledAfterAMistake(Dead):
    """The way to a strip that is green for ever: each row is a mistake that is saved while all is well."""
    MISTAKES = (
        ("a key that there is not", lambda test: test.write_config(extra="rolouts: 1\n")),
        ("no YAML any more", lambda test: test.write_config(extra="display: [\n")),
        ("a board that there is not", lambda test: test.write_config(name="no-such-board")),
        ("no board", lambda test: test.write("amberbar.yaml", "{}\n")),
        ("an empty file", lambda test: test.write("amberbar.yaml", "")),
        ("no file", lambda test: os.unlink(test.config)),
        ("a directory", lambda test: (os.unlink(test.config), os.mkdir(test.config))),
        ("a board file that is wrong", lambda test: test.write("strip.yaml", "outputs: [\n")),
    )

    def test_blank_then_a_refused_run_are_dark_each_time(self):
        for sentence, make in self.MISTAKES:
            with self.subTest(sentence):
                if os.path.isdir(self.config):
                    os.rmdir(self.config)
                self.write("strip.yaml", board(self.strip.path))
                self.write_config()
                self.die_green(lambda make=make: make(self))
                result = self.blank()  # as ExecStopPost= does
                self.expect_dark(result.stderr)
                self.assertFalse(os.path.exists(self.record), "the record stays though all is dark")
                result = self.refused()
                self.assertEqual(result.returncode, 2, result.stderr)
                self.assertIn(self.path(""), result.stderr)
                self.expect_dark()

    def test_a_refused_run_alone_is_dark_and_then_says_why(self):
        for sentence, make in self.MISTAKES:
            with self.subTest(sentence):
                if os.path.isdir(self.config):
                    os.rmdir(self.config)
                self.write("strip.yaml", board(self.strip.path))
                self.write_config()
                self.die_green(lambda make=make: make(self))
                result = self.refused()
                self.assertEqual(result.returncode, 2, result.stderr)
                self.expect_dark(result.stderr)
                self.assertFalse(os.path.exists(self.record), "the record stays though all is dark")

    def test_the_next_daemon_darkens_lights_that_are_not_its_own(self):
        self.die_green()
        other = Strip(self.path("leds1"))
        self.write("other.yaml", board(other.path))
        self.write_config(name="./other.yaml")
        self.start_green(other)
        self.expect_dark(self.wall.messages())
        with open(self.record, encoding="utf-8") as file:
            self.assertIn(other.path, file.read())

    def test_a_reload_that_changes_the_board_changes_the_record(self):
        other = Strip(self.path("leds1"))
        self.write("other.yaml", board(other.path))
        self.start_green()
        self.write_config(name="./other.yaml")
        self.wall.send(signal.SIGHUP)
        self.wall.wait("green elsewhere", other.is_green)
        self.expect_dark()
        self.wall.child.kill()
        os.unlink(self.config)
        self.assertEqual(self.refused().returncode, 2)
        self.assertTrue(other.is_dark(), other.shown())

    def test_a_clean_stop_leaves_nothing(self):
        self.start_green()
        self.assertTrue(os.path.exists(self.record))
        self.assertEqual(self.wall.stop(), 0, self.wall.messages())
        self.expect_dark()
        self.assertEqual(os.listdir(self.run_folder), [])

    def test_a_record_that_was_removed_is_written_again(self):
        self.start_green()
        os.unlink(self.record)
        self.wall.send(signal.SIGHUP)
        self.wall.wait("recorded", lambda: os.path.exists(self.record))

    def test_a_start_that_fails_after_the_outputs_is_dark(self):
        if not is_sanitized(self.wall.program):
            self.skipTest("only a sanitized build can be kept from memory")
        self.write_config(rollouts=[WEB | {"max_workloads": 20000}])
        self.strip.light()
        result = self.wall.ask("run", "-c", self.config, ASAN_OPTIONS=(
            "allocator_may_return_null=1:max_allocation_size_mb=2"))
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertIn("not enough memory", result.stderr)
        self.expect_dark(result.stderr)


class LivingDaemon(Dead):
    def test_its_lights_are_left_alone_by_a_run_that_is_refused(self):
        self.start_green()
        self.write("wrong.yaml", "board: ./strip.yaml\nx: 1\n")
        self.assertEqual(self.refused(self.path("wrong.yaml")).returncode, 2)
        self.assertTrue(self.strip.is_green())
        self.assertEqual(self.blank(self.path("none.yaml")).returncode, 1)
        self.assertTrue(self.strip.is_green())
        self.assertTrue(os.path.exists(self.record))


class WithoutRecord(Dead):
    """No daemon of ours left anything; the strip is lit."""

    def setUp(self):
        super().setUp()
        os.mkdir(self.run_folder)
        self.strip.light()

    def test_the_board_alone_is_read(self):
        rows = (
            ("a key that there is not", "board: ./strip.yaml\nx: 1\n"),
            ("nothing else", "board: ./strip.yaml\n"),
            ("a bad query", "board: ./strip.yaml\nprometheus: {url: http://x}\n"
                            "rollouts: [{name: web, query: ''}]\n"),
            ("a secret's file that there is not",
             "board: ./strip.yaml\nprometheus: {url: http://x, password_file: none}\n"),
            ("no YAML after it", "board: ./strip.yaml\nprometheus: {\n  - [\n"),
            ("no YAML before it", "rollouts: [\nboard: './strip.yaml' # mine\n"),
            ("JSON", '{"board": "./strip.yaml", "x": 1}'),
            ("twice", "board: ./strip.yaml\nboard: ./strip.yaml\n"),
        )
        for sentence, text in rows:
            with self.subTest(sentence):
                self.write("amberbar.yaml", text)
                self.strip.light()
                result = self.blank()
                self.assertEqual(result.returncode, 0, result.stderr)
                self.expect_dark(result.stderr)
                self.strip.light()
                result = self.refused()
                self.assertEqual(result.returncode, 2, result.stderr)
                self.expect_dark(result.stderr)

    def test_one_sentence_when_nothing_is_known(self):
        for sentence, text in (("no file", None), ("no board", "x: 1\n"), ("nothing", ""),
                               ("a list", "[1]\n"), ("a map", "board: {a: 1}\n"),
                               ("no such board", "board: nowhere\n")):
            with self.subTest(sentence):
                if text is None:
                    os.unlink(self.config)
                else:
                    self.write("amberbar.yaml", text)
                result = self.blank()
                self.assertEqual(result.returncode, 1, result.stderr)
                self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
                self.assertIn("nothing says which lights to darken", result.stderr)

    def test_lights_that_cannot_be_darkened_are_reported(self):
        os.unlink(self.strip.path)
        result = self.blank()
        self.assertEqual(result.returncode, 1)
        self.assertIn("output strip may still be lit: there is no ", result.stderr)
        self.assertEqual(result.stderr.count("\n"), 1, result.stderr)

    def test_a_refused_run_draws_nothing_where_nothing_was_drawn(self):
        self.write("amberbar.yaml", "board: frames\nx: 1\n")
        self.assertEqual(self.refused().stdout, "")


class Status(Dead):
    def test_it_knows_of_the_death_at_once(self):
        self.wall.start()
        self.wall.wait("well", lambda: self.wall.ask("status").returncode == 0)
        self.wall.child.kill()
        for option in ([], ["--json"]):
            result = self.wall.ask("status", *option)
            self.assertEqual(result.returncode, 5)
            self.assertEqual(result.stdout, "", "what a dead daemon showed is shown")
            self.assertIn("no daemon runs (it ended without a word: last written 2", result.stderr)
            self.assertEqual(result.stderr.count("\n"), 1)

    def test_asking_it_all_the_time_keeps_no_daemon_from_its_folder(self):
        for _ in range(5):
            self.wall.start()
            self.wall.wait("well", lambda: self.wall.ask("status").returncode == 0, pause_s=0)
            self.assertEqual(self.wall.stop(), 0)
        self.assertNotIn("another amberbar", self.wall.messages())


if __name__ == "__main__":
    sys.exit(0 if unittest.main(exit=False, verbosity=2).result.wasSuccessful() else 1)
