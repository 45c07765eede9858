"""User instructions, counted by valgrind: they do not depend on the machine's speed."""

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

from lib.process import Failure

CALLGRIND = ("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null")


def instructions(command: Sequence[str | Path]) -> int:
    """Of one whole run, which must end with status 0."""
    run = subprocess.run([*CALLGRIND, *map(str, command)], capture_output=True, text=True)
    return collected(run.stderr) if run.returncode == 0 else _fail(command, run.stderr)


def collected(said: str) -> int:
    """From what callgrind says at the end."""
    found = re.search(r"Collected : (\d+)", said)
    return int(found[1]) if found else _fail(["valgrind"], said)


def _fail(command: Sequence[str | Path], said: str) -> int:
    raise Failure(f"{command[0]} could not be measured:\n{said[-2000:]}")
