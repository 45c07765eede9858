"""The wire under a real kernel's tracer: calls, instructions, edges and times, with both libgpiods.

Instructions are counted by QEMU on the emulated PC (`-icount`), all else by the kernel of an emulated
Raspberry Pi 3 while the program shows a rollout; see tests/wire/run. Takes some ten minutes.
"""

import subprocess
import sys
from pathlib import Path

from lib.packages import install_packages
from lib.process import Failure

TOP = Path(__file__).resolve().parents[2]
sys.path.append(str(TOP / "tests/wire"))

from pc import Pc  # noqa: E402 (found by the line above)
from raspi3b import Raspi3b  # noqa: E402

MACHINES = {"pc": Pc, "raspi3b": Raspi3b}
WIDTH = 85
LIBGPIODS = {"v1": "libgpiod 1.6", "v2": "libgpiod 2.x"}


def figures(build: Path, machine: str, libgpiod: str) -> dict[str, str]:
    work = build / "wire" / f"{machine}-{libgpiod}"
    command = [TOP / "tests/wire/run", machine, libgpiod, "--figures", "--work", work]
    run = subprocess.run([sys.executable, *map(str, command)], capture_output=True, text=True)
    if run.returncode:
        raise Failure(f"{machine}, libgpiod {libgpiod}: {run.stdout}{run.stderr}")
    return dict(line.split("\t") for line in run.stdout.splitlines())


def main(build: Path, arguments: list[str]) -> int:
    """`arguments`: machines; none: all."""
    install_packages("to emulate machines", "cmake", *{
        package for machine in MACHINES.values() for package in machine.tools.values()})
    print(f"{'':{WIDTH}}" + "".join(f"{name:>14}" for name in LIBGPIODS.values()))
    for machine in arguments or MACHINES:
        if machine not in MACHINES:
            raise Failure(f"there is no machine '{machine}', but {' and '.join(MACHINES)}")
        columns = [figures(build, machine, libgpiod) for libgpiod in LIBGPIODS]
        for what, value in columns[0].items():
            others = "".join(f"{column.get(what, '-'):>14}" for column in columns[1:])
            print(f"{what:{WIDTH}}{value:>14}{others}", flush=True)
    return 0
