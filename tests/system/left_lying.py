#!/usr/bin/env python3
"""Nothing that lies in the daemon's folder, or where it writes, stops it, is written through or is
followed: named pipes, directories, links, damaged and foreign records."""
import fcntl
import os
import sys
import unittest

from dead import Dead, Strip, board


def make_pipe(path):
    os.mkfifo(path)


def make_directory(path):
    os.mkdir(path)


def make_link(path):
    os.symlink(os.path.join(os.path.dirname(path), "victim"), path)


def make_second_name(path):
    os.link(os.path.join(os.path.dirname(path), "victim"), path)


def remove(path):
    if os.path.isdir(path) and not os.path.islink(path):
        os.rmdir(path)
    else:
        os.unlink(path)


class BadRecord(Dead):
    """Refused in words, and the config's board is darkened; nothing waits."""

    def test_it_is_refused(self):
        good = ("# amberbar lit 1: the board that the daemon lights, for `amberbar blank`\n"
                + board(self.path("leds1")) + "\n# all of it\n")
        other = Strip(self.path("leds1"))
        os.mkdir(self.run_folder)
        self.write("run/lit.yaml", good)
        os.unlink(self.config)
        self.assertEqual(self.blank().returncode, 0, "a good record is refused")
        self.assertTrue(other.is_dark())
        self.write_config()
        rows = (
            ("a named pipe", make_pipe, "it is a named pipe; remove it"),
            ("a directory", make_directory, "it is a directory; remove it"),
            ("a link", make_link, "it is a symbolic link; remove it"),
            ("huge", b"#" * (1 << 20) + good.encode(), "it is longer than 1024 KiB"),
            ("another version", good.replace("lit 1", "lit 2").encode(), "it is of another version"),
            ("empty", b"", "it is of another version"),
            ("cut", good.encode()[:-5], "it is not whole"),
            ("damaged", good.replace("chip", "chop").encode(), "it is damaged"),
            ("bytes", good.replace("strip", "\0\x01").encode(), "it is damaged"),
            ("written by others", good.encode(), "others may write it"),
        )
        for sentence, make, words in rows:
            with self.subTest(sentence):
                if callable(make):
                    make(self.record)
                else:
                    with open(self.record, "wb") as file:
                        file.write(make)
                if sentence == "written by others":
                    os.chmod(self.record, 0o666)
                for ask, code in ((self.blank, 0), (lambda: self.refused(self.wrong()), 2)):
                    self.strip.light()
                    other.light()
                    result = ask()
                    self.assertEqual(result.returncode, code, result.stderr)
                    self.assertIn(f"{self.record}: {words}", result.stderr)
                    self.expect_dark()
                    self.assertFalse(other.is_dark(), "a refused record was followed")
                remove(self.record)

    def wrong(self):
        self.write("wrong.yaml", "board: ./strip.yaml\nx: 1\n")
        return self.path("wrong.yaml")


class NoStatusFile(Dead):
    def test_what_is_no_status_file_is_reported(self):
        os.mkdir(self.run_folder)
        claim = os.open(self.run_folder, os.O_RDONLY)  # a daemon that runs
        self.addCleanup(os.close, claim)
        fcntl.flock(claim, fcntl.LOCK_EX)
        path = self.path("run/status.json")
        for make, words in ((make_pipe, "it is a named pipe"), (make_directory, "it is a directory"),
                            (make_link, "it is a symbolic link")):
            make(path)
            result = self.wall.ask("status")
            self.assertEqual(result.returncode, 5)
            self.assertIn(words, result.stderr)
            remove(path)


class InTheWay(Dead):
    """Things left where the daemon writes beside a file's place."""
    FILES = ("run/status.json", "run/lit.yaml", "metrics.prom")

    def test_none_of_it_stops_the_daemon_or_is_written_through(self):
        rows = ((make_pipe, "a named pipe"), (make_directory, "a directory"),
                (make_link, "a symbolic link"), (make_second_name, "a file with a second name"))
        self.write_config(extra=f"metrics_file: {self.path('metrics.prom')}\n")
        os.mkdir(self.run_folder)
        for make, words in rows:
            for name in self.FILES:
                with self.subTest(words, name=name):
                    self.check(make, words, self.path(name) + ".new")

    def check(self, make, words, path):
        victim = os.path.join(os.path.dirname(path), "victim")
        with open(victim, "w", encoding="utf-8") as file:
            file.write("mine")
        make(path)
        self.wall.log.write_text("")
        self.wall.start()
        sentence = f"{path} is in the way, {words}; remove it"
        self.wall.wait_for_message(sentence)
        self.wall.wait("green", self.strip.is_green)
        self.assertEqual(self.wall.stop(), 0, self.wall.messages())
        self.expect_dark()
        self.assertEqual(self.wall.messages().count(sentence), 1, self.wall.messages())
        with open(victim, encoding="utf-8") as file:
            self.assertEqual(file.read(), "mine")
        self.assertTrue(os.path.lexists(path), "what is not ours was removed")
        remove(path)
        os.unlink(victim)

    def test_what_a_killed_predecessor_was_writing_goes(self):
        os.mkdir(self.run_folder)
        for name in self.FILES:
            self.write(name + ".new", "half of i")
        self.write_config(extra=f"metrics_file: {self.path('metrics.prom')}\n")
        self.wall.start()
        self.wall.wait("writing all", lambda: all(os.path.exists(self.path(name)) for name in self.FILES))
        self.assertEqual(self.wall.stop(), 0, self.wall.messages())
        for name in self.FILES:
            self.assertFalse(os.path.exists(self.path(name) + ".new"), name)


if __name__ == "__main__":
    sys.exit(0 if unittest.main(exit=False, verbosity=2).result.wasSuccessful() else 1)
