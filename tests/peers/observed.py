"""What can be seen of a running daemon from outside: /proc, and its frames as a whole."""

import os
import re
from pathlib import Path

from peers.picture import Frame

TICKS = os.sysconf("SC_CLK_TCK")


class Process:
    """The kernel's figures of one process."""

    def __init__(self, pid: int):
        self._folder = Path(f"/proc/{pid}")

    def descriptors(self) -> list[str]:
        """What each is: a path, or `socket:[...]`."""
        found = []
        for entry in os.listdir(self._folder / "fd"):
            try:
                found.append(os.readlink(self._folder / "fd" / entry))
            except FileNotFoundError:
                pass
        return sorted(found)

    def cpu_s(self) -> float:
        """User and system, so far."""
        fields = (self._folder / "stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def peak_kb(self) -> int:
        """VmHWM: the most that was ever resident."""
        return self._kb("status", "VmHWM")

    def sleeps(self) -> bool:
        """It waits for something, and does not only lack a processor."""
        return (self._folder / "stat").read_text().rsplit(")", 1)[1].split()[0] == "S"

    def dirty_kb(self) -> int:
        """Private_Dirty: memory that is this process's alone."""
        return self._kb("smaps_rollup", "Private_Dirty")

    def anonymous_kb(self) -> int:
        """What it has written itself: Private_Dirty also has pages of files, its program's among
        them, until the kernel has brought these to the disk."""
        return self._kb("smaps_rollup", "Anonymous")

    def _kb(self, file: str, name: str) -> int:
        return int(re.search(rf"{name}:\s+(\d+)", (self._folder / file).read_text()).group(1))


def is_sanitized(program: Path) -> bool:
    """Its memory and speed are the sanitizer's, then."""
    return b"__asan_init" in program.read_bytes()


def is_green(frame: Frame) -> bool:
    return any(green > red and green > blue for red, green, blue in frame.pixels)


def light(frame: Frame) -> int:
    return sum(map(sum, frame.pixels))


def is_dark(frame: Frame) -> bool:
    return not light(frame) and not frame.text.strip()
