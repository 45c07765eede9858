#!/usr/bin/env python3
"""No file that is read is longer than 600 lines, and no function longer than 60: what is longer is
about two things. What programs write (the manual's pages, pictures, also in numbers) is theirs."""
import ast
import os
import re
import sys

TOP = os.environ.get("AMBERBAR_SOURCE") or os.path.join(os.path.dirname(__file__), "..", "..")
FILE_MAX, FUNCTION_MAX = 600, 60
FOLDERS = ("firmware", "tests", "tools")
WRITTEN = re.compile(r"^firmware/man/|\.svg$|\.json$|^tests/fuzz/seeds/|/recorded/|^tests/picture/film\.txt$")


def functions_of_c(text):
    """(line, length) of each: its opening brace stands in the first column, as clang-format has it."""
    start = None
    for number, line in enumerate(text.splitlines(), 1):
        if line == "{":
            start = number
        elif line == "}" and start is not None:
            yield start, number - start + 1
            start = None


def functions_of_python(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            yield node.lineno, node.end_lineno - node.lineno + 1


def functions_of(path, text):
    if path.endswith((".c", ".h")):
        return functions_of_c(text)
    if path.endswith(".py") or text.startswith("#!/usr/bin/env python3\n"):
        return functions_of_python(text)
    return ()


def texts():
    for folder in FOLDERS:
        for place, _, names in sorted(os.walk(os.path.join(TOP, folder))):
            for name in sorted(names):
                path = os.path.join(place, name)
                try:
                    with open(path, encoding="utf-8") as file:
                        yield os.path.relpath(path, TOP), file.read()
                except UnicodeDecodeError:
                    pass  # no text


def main():
    faults, files, functions = [], 0, 0
    for path, text in texts():
        if WRITTEN.search(path):
            continue
        files += 1
        lines = text.count("\n")
        if lines > FILE_MAX:
            faults.append(f"{path}: {lines} lines; {FILE_MAX} are the most")
        for line, length in functions_of(path, text):
            functions += 1
            if length > FUNCTION_MAX:
                faults.append(f"{path}:{line}: a function of {length} lines; {FUNCTION_MAX} are the most")
    print("\n".join([*faults, f"{files} files and {functions} functions looked at, {len(faults)} faults"]))
    return 1 if faults or functions == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
