#!/usr/bin/env python3
"""The manual's pages and the shells' completions are what the programs say of themselves today, name
every key that there is, and can be read."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

TOP = os.environ["AMBERBAR_SOURCE"]
FIRMWARE = os.path.join(TOP, "firmware")


def read(*path):
    with open(os.path.join(FIRMWARE, *path), encoding="utf-8") as file:
        return file.read()


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


class Manual(unittest.TestCase):
    def test_is_of_today(self):
        result = run(os.path.join(TOP, "tools", "manual", "pages"), "--check")
        self.assertEqual((result.returncode, result.stdout + result.stderr), (0, ""))

    def test_the_config_s_page_names_every_key_that_the_parser_knows(self):
        page = read("man", "amberbar.yaml.5").replace("\\-", "-")
        for name in ("config", "sections/display", "sections/indicators", "sections/night",
                     "sections/prometheus", "sections/rollouts"):
            for key in re.findall(r'(?:\.key = |\bKEY\()"(\w+)"', read("config", name + ".c")):
                self.assertRegex(page, rf'(?m)^\.BR "(?:[\w: ]+)?{key}" ', f"{name}.c")
        oauth2 = page[page.index(".SS prometheus: oauth2"):page.index(".SS rollouts")]
        for key in ("proxy_url", "no_proxy", "proxy_connect_header", "scopes", "endpoint_params"):
            self.assertIn(f'"{key}"', oauth2)

    def test_the_words_that_the_config_s_page_lists_are_accepted(self):
        page = read("man", "amberbar.yaml.5").replace("\\-", "-")
        kinds = re.search(r'"kinds" ": a list of ([\w, ]+)"', page)[1].split(", ")
        colours = re.search(r"Other colours for ([\w, ]+):", page)[1].replace(" or ", ", ").split(", ")
        with open(os.path.join(TOP, "firmware", "evidence", "kinds.h"), encoding="utf-8") as file:
            known = re.findall(r'^    X\(KIND_\w+, \w+, "(\w+)"', file.read(), re.M)
        self.assertEqual((kinds, len(colours)), (known, 10))
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "amberbar.yaml")
            with open(path, "w", encoding="utf-8") as file:
                json.dump({"board": "terminal", "prometheus": {"url": "http://127.0.0.1:1"},
                           "rollouts": [{"name": "web", "namespace": "shop", "kinds": kinds}],
                           "display": {"colours": dict.fromkeys(colours, "#0072b2")}}, file)
            result = run(os.environ["AMBERBAR"], "check", "-c", path)
        self.assertEqual(result.returncode, 0, result.stderr + result.stdout)

    def test_the_steps_of_a_board_are_a_list(self):
        page = read("man", "amberbar-board.5")
        self.assertEqual(re.findall(r"(?m)^\.IP (\d)\. 4$", page), ["1", "2", "3", "4"])
        self.assertNotRegex(page, r"(?m)^ ")

    def test_quotes_enclose_whole_arguments(self):
        argument = r'(?:"(?:[^"]|"")*"|[^" ][^ ]*)'
        for name in sorted(os.listdir(os.path.join(FIRMWARE, "man"))):
            for line in re.findall(r"(?m)^\.[A-Z]+ .*$", read("man", name)):
                self.assertRegex(line, rf"^\.[A-Z]+(?: +{argument})+ *$", name)

    def test_man_has_nothing_to_remark(self):
        if not shutil.which("groff"):
            self.skipTest("there is no groff")
        for name in sorted(os.listdir(os.path.join(FIRMWARE, "man"))):
            result = run("groff", "-man", "-Tutf8", "-ww", "-z", os.path.join(FIRMWARE, "man", name))
            self.assertEqual((result.returncode, result.stderr), (0, ""), name)

    def test_shells_understand_their_completions(self):
        for shell, name in (("bash", "amberbar.bash"), ("zsh", "_amberbar")):
            if shutil.which(shell):
                result = run(shell, "-n", os.path.join(FIRMWARE, "completion", name))
                self.assertEqual((result.returncode, result.stderr), (0, ""), name)

    def test_bash_completes(self):
        programs = os.path.dirname(os.environ["AMBERBAR"])
        for words, found in (("amberbar doctor --j", "--json"), ("amberbar pre", "preview"),
                             ("amberbar boards pimoroni-b", "pimoroni-blinkt"),
                             ("amberbar encode -b pimoroni-b", "pimoroni-blinkt"),
                             ("amberbar preview --board pimoroni-b", "pimoroni-blinkt"),
                             ("amberbar preview --state scal", "scaled_to_zero")):
            with self.subTest(words):
                script = (f"PATH={programs}:$PATH; . {FIRMWARE}/completion/amberbar.bash; "
                          f"COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); "
                          "_amberbar; echo ${COMPREPLY[@]}")
                self.assertEqual(run("bash", "-c", script).stdout, f"{found}\n")


if __name__ == "__main__":
    sys.exit(0 if unittest.main(exit=False, verbosity=2).result.wasSuccessful() else 1)
