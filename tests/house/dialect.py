#!/usr/bin/env python3
"""One dialect: every C file is as .clang-format lays it out, braces included, and sizeof has brackets for a
type alone. Only the clang-format of Debian 12 is asked: others lay some lines out otherwise."""
import os
import re
import shutil
import subprocess
import sys

TOP = os.environ.get("AMBERBAR_SOURCE") or os.path.join(os.path.dirname(__file__), "..", "..")
VERSION = "14"

# An expression in brackets behind sizeof; a type, or brackets that are needed, is none.
BRACKETS = re.compile(r"\bsizeof\((?!(?:const |struct|enum|union|char|int|double|long|unsigned|float|void|bool"
                      r"|\w+_t\b))(\*?\w+(?:(?:\.|->)\w+|\[\w+\])*)\)")


def sources():
    for room in ("firmware", "tests", "tools"):
        for folder, _, names in sorted(os.walk(os.path.join(TOP, room))):
            yield from (os.path.join(folder, name) for name in sorted(names) if name.endswith((".c", ".h")))


def main():
    faults, files = [], list(sources())
    for path in files:
        with open(path, encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if found := BRACKETS.search(line):
                    faults.append(f"{os.path.relpath(path, TOP)}:{number}: write sizeof {found[1]}")
    program = shutil.which(f"clang-format-{VERSION}") or shutil.which("clang-format")
    said = subprocess.run([program, "--version"], stdout=subprocess.PIPE, text=True,
                          check=True).stdout if program else ""
    asked = f" {VERSION}." in said
    if asked:
        shown = subprocess.run([program, "--dry-run", *files], cwd=TOP, stderr=subprocess.PIPE, text=True,
                               check=False).stderr
        faults += sorted({line for line in shown.splitlines() if "warning:" in line})
    print("\n".join(faults[:50]))
    print(f"{len(files)} files looked at, {len(faults)} faults" + ("" if asked else "; no clang-format "
                                                                  f"{VERSION} here: only sizeof was looked at"))
    return 1 if faults or not files else 0


if __name__ == "__main__":
    sys.exit(main())
