#!/usr/bin/env python3
"""What `amberbar check` calls a pattern, Prometheus compiles: every short one, and each escape, is put
before promtool as well."""

import itertools
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path[:0] = [str(TOP / "tools"), str(TOP / "tests")]

from lib import prometheus  # noqa: E402
from peers import suite  # noqa: E402

AMBERBAR = os.environ["AMBERBAR"]
AT_ONCE = 16  # rollouts of one config: more make a question that is too long
SIGNS = "a*?()[]|^{2}\\"
PRINTABLE = [chr(code) for code in range(0x21, 0x7F)]
# Of these our check says more than that the expression is wrong: it is seldom what was meant.
ADVICE = re.compile(r"is read as a regular expression|is empty|\\E behind what")
# What only the one who compiles it knows: a script by its name, the ends of a range, what is too much.
UNCHECKED = re.compile(r"\\[pP]|-")


def short() -> list[str]:
    found = ["".join(signs) for length in (1, 2, 3) for signs in itertools.product(SIGNS, repeat=length)]
    escapes = [form.format(sign) for sign in PRINTABLE
               for form in ("a\\{}", "[a\\{}]", "\\{}1", "[\\{}1]", "\\{}*", "[[:{}:]]")]
    classes = [f"[[:{hat}{name}:]]" for name in ("alpha", "word", "xdigit", "alphas", "wor", "Alpha")
               for hat in ("", "^")]
    numbers = ["\\x4", "\\x41", "\\x{41}", "\\x{41", "[\\x{e9}]", "[\\x]", "\\x{}", "\\08", "\\123", "\\777"]
    return sorted(set(found + escapes + classes + numbers))


def refused_by_prometheus(patterns: list[str]) -> set[str]:
    """promtool says of each rule of a file whether its expression is one, and of all at once."""
    with tempfile.TemporaryDirectory(prefix="amberbar-patterns-") as folder:
        file = pathlib.Path(folder, "rules.json")  # JSON is YAML too
        file.write_text(json.dumps({"groups": [
            {"name": "patterns", "rules": [
                {"record": f"pattern{number}", "expr": f"up{{a=~{json.dumps(pattern)}}}"}
                for number, pattern in enumerate(patterns)]}]}))
        done = subprocess.run([prometheus.promtool(), "check", "rules", str(file)], capture_output=True,
                              text=True, timeout=300, check=False)
    numbers = re.findall(r'"?pattern(\d+)"?: could not parse', done.stdout + done.stderr)
    return {patterns[int(number)] for number in numbers}


def refused_by_check(patterns: list[str]) -> dict[str, str]:
    """With our sentence of each."""
    with tempfile.TemporaryDirectory(prefix="amberbar-patterns-") as folder:
        file = pathlib.Path(folder, "amberbar.yaml")
        lines = ["board: terminal", "prometheus: {url: 'http://p'}", "rollouts:"]
        lines += [f"- {{name: r{number}, namespace: shop, deployment: {json.dumps(pattern)}}}"
                  for number, pattern in enumerate(patterns)]
        file.write_text("\n".join(lines) + "\n")
        done = subprocess.run([AMBERBAR, "check", "-c", str(file)], capture_output=True, text=True,
                              timeout=60, check=False)
    found = re.findall(rf"^{re.escape(str(file))}:(\d+):\d+: (.*)$", done.stderr, re.M)
    return {patterns[int(line) - 4]: sentence for line, sentence in found}


class Patterns(unittest.TestCase):
    def test_both_say_the_same(self):
        patterns = [pattern for pattern in short() if not UNCHECKED.search(pattern)]
        theirs, ours = refused_by_prometheus(patterns), {}
        for at in range(0, len(patterns), AT_ONCE):
            ours |= refused_by_check(patterns[at:at + AT_ONCE])
        self.assertGreater(len(theirs), 100)
        self.assertGreater(len(patterns) - len(theirs), 100)
        wrong = [f"{pattern}: fine, and Prometheus refuses it" for pattern in theirs - ours.keys()]
        wrong += [f"{pattern}: {ours[pattern]}: and Prometheus takes it"
                  for pattern in ours.keys() - theirs if not ADVICE.search(ours[pattern])]
        self.assertEqual(sorted(wrong), [])
        print(f"{len(patterns)} patterns, {len(theirs)} of them refused by both")


if __name__ == "__main__":
    sys.exit(suite.main(prometheus.promtool))
