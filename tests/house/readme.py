#!/usr/bin/env python3
"""The README keeps its word: its config is a config, its commands exist, its picture is of today."""
import os
import re
import subprocess
import sys
import tempfile
import unittest

TOP = os.environ["AMBERBAR_SOURCE"]
AMBERBAR = os.environ["AMBERBAR"]


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return file.read()


README = read(TOP, "README.md")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README, re.S)


def run(*arguments):
    return subprocess.run([AMBERBAR, *arguments], capture_output=True, text=True, timeout=60,
                          check=False)


class Readme(unittest.TestCase):
    def test_every_config_shown_is_accepted(self):
        shown = blocks("yaml")
        self.assertTrue(shown, "the README shows no config")
        for text in shown:
            with tempfile.TemporaryDirectory() as folder:
                path = os.path.join(folder, "amberbar.yaml")
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)
                with open(os.path.join(folder, "wall.password"), "w", encoding="utf-8") as file:
                    file.write("secret\n")
                result = run("check", "-c", path)
                self.assertEqual(result.returncode, 0, result.stderr + result.stdout)

    def test_every_command_named_exists(self):
        named = set(re.findall(r"`amberbar ([a-z]+)", README))
        self.assertTrue(named, "the README names no command")
        for command in sorted(named):
            result = run(command, "--help")
            self.assertEqual(result.returncode, 0, f"amberbar {command} --help: {result.stderr}")

    def test_every_file_linked_is_there(self):
        for link in re.findall(r"\]\(([^)#:]+)\)", README):
            self.assertTrue(os.path.exists(os.path.join(TOP, link)), f"{link} is linked, not there")

    def test_every_state_is_explained(self):
        for state in ("stable", "progressing", "stalled", "failed", "paused", "degraded", "thinned",
                      "scaled to zero", "unknown", "explained", "warning", "critical"):
            self.assertIn(f"**{state}**", README)

    def test_the_picture_is_what_the_program_draws(self):
        picture = re.search(r"!\[[^]]*\]\(([^)]+\.svg)\)", README)
        self.assertIsNotNone(picture, "the README has no picture")
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "now.svg")
            result = run("preview", "--svg", path)
            self.assertEqual(result.returncode, 0, result.stderr)
            now = read(path)
        shown = read(TOP, picture.group(1))
        self.assertEqual(shown, now, f"{picture.group(1)} is old; renew it with "
                         f"`amberbar preview --svg {picture.group(1)}` and look at it")


if __name__ == "__main__":
    sys.exit(0 if unittest.main(exit=False, verbosity=2).result.wasSuccessful() else 1)
