#!/usr/bin/env python3
"""The README keeps its word: its config is a config, its commands exist, its picture is of today."""
import importlib.machinery
import importlib.util
import json
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


def inline_yaml():
    """Pieces of a config in the running text: `{...}` and `key: value`."""
    text = re.sub(r"```.*?```", "", README, flags=re.S)
    spans = [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", text)]
    return [span for span in spans if re.match(r"\{\w+: |[a-z_]+: ", span)]


# Where a piece stands in a config, by its first key.
ROLLOUT_ONLY = "rollouts: [{name: all, namespace: cms}]\n"
UNDER_PROMETHEUS = "board: frames\n" + ROLLOUT_ONLY + "prometheus:\n  url: http://prometheus:9090\n  %s\n"
UNDER_ROLLOUT = "board: frames\nprometheus: {url: http://prometheus:9090}\nrollouts:\n  - %s\n"
PLACES = {
    "board": "prometheus: {url: http://prometheus:9090}\n" + ROLLOUT_ONLY + "%s\n",
    "name": UNDER_ROLLOUT,
    "cluster": UNDER_ROLLOUT % "{name: all, namespace: cms, %s}",
} | {key: UNDER_PROMETHEUS for key in (
    "authorization", "extra_params", "http_method", "labels", "query_nonce", "query_style",
    "recording_rules", "sigv4")}


def run(*arguments):
    return subprocess.run([AMBERBAR, *arguments], capture_output=True, text=True, timeout=60,
                          check=False)


class Readme(unittest.TestCase):
    def assert_accepted(self, text):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "amberbar.yaml")
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            with open(os.path.join(folder, "wall.password"), "w", encoding="utf-8") as file:
                file.write("secret\n")
            result = run("check", "-c", path)
            self.assertEqual(result.returncode, 0, text + result.stderr + result.stdout)

    def test_every_config_shown_is_accepted(self):
        shown = blocks("yaml")
        self.assertTrue(shown, "the README shows no config")
        for text in shown:
            self.assert_accepted(text)

    def test_every_piece_of_a_config_in_the_text_is_accepted(self):
        shown = inline_yaml()
        self.assertGreater(len(shown), 8, "the README shows no pieces")
        for piece in shown:
            with self.subTest(piece):
                key = re.match(r"\{?(\w+)", piece).group(1)
                self.assertIn(key, PLACES, "say here where it stands in a config")
                self.assert_accepted(PLACES[key] % piece.replace("_file: ...", "_file: wall.password"))

    def test_every_command_named_exists(self):
        named = set(re.findall(r"`amberbar ([a-z]+)", README))
        self.assertTrue(named, "the README names no command")
        for command in sorted(named):
            result = run(command, "--help")
            self.assertEqual(result.returncode, 0, f"amberbar {command} --help: {result.stderr}")

    def test_every_command_is_walked_or_it_is_said_why_not(self):
        path = os.path.join(TOP, "tests", "packages", "readme")
        loader = importlib.machinery.SourceFileLoader("walk", path)
        walk = importlib.util.module_from_spec(importlib.util.spec_from_loader("walk", loader))
        loader.exec_module(walk)
        self.assertGreater(len(walk.commands(README)), 20)
        self.assertEqual(walk.unwalked(README), [], f"see {path}")

    def test_every_file_linked_is_there(self):
        for link in re.findall(r"\]\(([^)#:]+)\)", README):
            self.assertTrue(os.path.exists(os.path.join(TOP, link)), f"{link} is linked, not there")

    def test_the_log_writes_as_many_lines_as_it_says(self):
        lines, complaints = re.search(r"at most (\d+) lines a minute, (\d+) of them complaints",
                                      " ".join(README.split())).groups()
        header = read(TOP, "firmware", "base", "log.h")
        for name, number in (("LINES", lines), ("COMPLAINTS", complaints)):
            self.assertIn(f"#define LOG_MINUTE_{name} {number}\n", header)

    def test_every_state_is_explained_and_can_be_shown(self):
        states = re.findall(r"^    X\(STATE_(\w+),", read(TOP, "firmware", "rollout", "states.h"), re.M)
        self.assertGreater(len(states), 7)
        for state in [*map(str.lower, states), "thinned", "no_network", "clock_not_set", "card_wrong", "explained", "warning", "critical"]:
            self.assertIn(f"**{state.replace('_', ' ')}**", README)
            shown = run("preview", "--board", "terminal", "--state", state)
            self.assertEqual(shown.returncode, 0, shown.stderr)

    def rows_of_pictures(self):
        """The cells of the table's rows, by state."""
        table = re.search(r"^\| picture \| digits \| state \|.*?\n\n", README, re.M | re.S).group()
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:] if line]
        return {row[2].strip("*").replace(" ", "_"): row for row in rows}

    def test_the_table_has_what_digits_show(self):
        rows = self.rows_of_pictures()
        self.assertGreater(len(rows), 14)
        for state, row in rows.items():
            if f"**{row[2].strip('*')}**" != row[2] or "as without it" in row[1]:
                continue
            with self.subTest(state):
                shown = json.loads(run("preview", "--board", "frames", "--state", state).stdout.splitlines()[0])
                self.assertIn(f"`{shown['text']}`", row[1])

    def test_the_table_has_each_word_of_digits(self):
        looks = re.findall(r'\.words = \{([^}]*)\}', read(TOP, "firmware", "picture", "look.c"))
        words = {re.findall(r'"([^"]*)"', look)[-1] for look in looks} - {""}
        self.assertGreater(len(words), 10)
        told = {word for row in self.rows_of_pictures().values() for word in re.findall("`([^`]+)`", row[1])}
        self.assertEqual(words - told, set(), "words that the table lacks")
        self.assertEqual({word for word in told if not re.fullmatch(r"-?\d+", word)} - words, set(),
                         "words that no digits show")

    def test_every_kind_is_named(self):
        kinds = re.findall(r'^    X\(KIND_\w+, \w+, "\w+", "([\w ]+)"', read(TOP, "firmware", "evidence", "kinds.h"), re.M)
        self.assertGreater(len(kinds), 3)
        for plural in kinds:
            self.assertIn(plural, README)

    def test_every_metric_is_in_the_list_of_those_to_be_kept(self):
        kept = re.search(r"All that is asked for:\s+`([^`]+)`", README)[1]
        metrics = set(re.findall(r'"((?:kube|rollout)_[a-z_]*[a-z])"', read(TOP, "firmware", "evidence", "kinds.h")))
        self.assertGreater(len(metrics), 20)
        for metric in sorted(metrics):
            with self.subTest(metric):
                self.assertRegex(metric, f"^(?:{kept})")

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
