"""P8: what is installed, and what is opened at start."""

import re
import subprocess
from collections.abc import Iterator
from concurrent.futures import Executor
from pathlib import Path

from lib.process import Failure
from support.fixture import Fixture
from support.table import Row

STRIPPED_KB, INSTALLED_KB = 700, 1200
LIBRARIES = 5  # libc, libcurl, libcjson, libgpiod, libyaml


def rows(made: Fixture, pool: Executor) -> Iterator[Row]:
    root = made.place / "installed"
    _run("cmake", "--install", made.build, "--strip", "--prefix", root / "usr")
    program = root / "usr/bin/amberbar"
    yield Row("P8", "stripped binary, kB", None, program.stat().st_size / 1000, f"{STRIPPED_KB}",
              program.stat().st_size <= STRIPPED_KB * 1000,
              "replaces 150 kB, which was asked of one chip and a few commands: without any command the rooms"
              f" that `run` needs have {daemons_kb(made.build):.0f} kB of text and data, and no option of"
              " compiler or linker (LTO: 1 %) is worth a tenth")
    needed = re.findall(r"NEEDED.*\[(.+?)\.so", _run("readelf", "-d", program))
    yield Row("P8", f"direct libraries: {' '.join(sorted(needed))}", None, len(needed),
              f"{LIBRARIES}", len(needed) <= LIBRARIES)
    files = [path for path in root.rglob("*") if path.is_file()]
    total = sum(path.stat().st_size for path in files)
    yield Row("P8", f"installed: {len(files)} files, kB", None, total / 1000, f"{INSTALLED_KB}",
              total <= INSTALLED_KB * 1000)
    for whose in ("reference", "ours"):
        count, size = opened(made, whose)
        yield Row("", f"opened at start by {whose}: {count} files, MB", None, size / 1e6, "", None)


def daemons_kb(build: Path) -> float:
    """Text and data of all rooms but the commands', as compiled."""
    firmware = build / "CMakeFiles/amberbar_core.dir/firmware"
    objects = [path for path in firmware.rglob("*.o")
               if path.relative_to(firmware).parts[0] != "commands"]
    sizes = [line.split() for line in _run("size", *objects).splitlines()[1:]]
    return sum(int(text) + int(data) for text, data, *_ in sizes) / 1000


def opened(made: Fixture, whose: str) -> tuple[int, int]:
    """Files up to the second poll, and their bytes together."""
    trace = made.place / f"opened-{whose}"
    with getattr(made, whose)("ratio-few", 300) as program:
        # -D: the program is our child, so that it ends with it, and not strace.
        program.start(("strace", "-D", "-f", "-e", "trace=open,openat", "-o", str(trace)), allowed=2)
        program.wait_for(3)
    paths = {Path(path) for path in re.findall(r'"(/[^"]+)".*\) = \d+$', trace.read_text(), re.M)}
    files = [path for path in paths if path.is_file()]
    return len(files), sum(path.stat().st_size for path in files)


def _run(*command) -> str:
    run = subprocess.run([*map(str, command)], capture_output=True, text=True)
    if run.returncode:
        raise Failure(f"{command[0]}: {run.stderr}{run.stdout}")
    return run.stdout
