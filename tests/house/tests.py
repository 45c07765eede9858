#!/usr/bin/env python3
"""The tests' own house: a unit test stands in the folder of what it is about, bears its file's name or
says what else it is about; tests/README.md tells of each folder; a daemon is started in one way. Prints what
does not."""
import os
import pathlib
import re
import sys

TOP = pathlib.Path(os.environ.get("AMBERBAR_SOURCE") or pathlib.Path(__file__).parents[2])
TESTS, FIRMWARE = TOP / "tests", TOP / "firmware"


def unit_tests():
    rooms = [room.name for room in FIRMWARE.iterdir() if any(room.glob("**/*.c"))]
    for room in sorted(rooms):
        found = sorted((TESTS / room).glob("**/test_*.c"))
        if not found:
            yield f"firmware/{room} has no test in tests/{room}", None
        yield from ((None, path) for path in found)


def wrong():
    for lack, path in unit_tests():
        if lack:
            yield lack
            continue
        folder = path.parent.relative_to(TESTS)
        name = path.stem.removeprefix("test_")
        if not (FIRMWARE / folder).is_dir():
            yield f"{path}: there is no firmware/{folder}"
        named = any((FIRMWARE / folder / name).with_suffix(ending).exists() for ending in (".c", ".h"))
        if not named and not path.read_text(encoding="utf-8").startswith("/*"):
            yield f"{path}: bears no file's name, and does not begin with a comment of what it is about"
    yield from unnamed()
    yield from own_daemons()


def own_daemons():
    for path in sorted(TESTS.glob("**/*.py")):
        if re.search(r'\b(Popen|Child)\((?:[^()]|\([^()]*\))*"run"', path.read_text(encoding="utf-8")):
            yield f"{path}: starts `amberbar run` by itself; peers/wall.py does that for all"


def unnamed():
    said = (TESTS / "README.md").read_text(encoding="utf-8")
    words = set(re.findall(r"`([\w-]+)/?`", said))
    for folder in sorted(path for path in TESTS.iterdir() if path.is_dir()):
        if any(folder.iterdir()) and folder.name not in words and folder.name != "__pycache__":
            yield f"tests/README.md does not name tests/{folder.name}"
    for script in re.findall(r"`tools/(\w+)", said):
        if not (TOP / "tools" / script).exists():
            yield f"tests/README.md names tools/{script}, which is not there"
    options = set(re.findall(r"`tools/test (--[\w-]+)", said))
    known = set(re.findall(r"^#   tools/test (--[\w-]+)", (TOP / "tools/test").read_text(), re.M))
    for option in sorted(options - known):
        yield f"tests/README.md names tools/test {option}, which its own help does not"


def main():
    found = list(wrong())
    for line in found:
        print(line.replace(f"{TOP}/", ""))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
