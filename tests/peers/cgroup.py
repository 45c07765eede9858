"""A cgroup with a limit of memory, below the one that the test itself is in (cgroups(7))."""

import os
import time
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")


def _own() -> tuple[Path, str] | None:
    """Where this process is, of the controller `memory`, and the name of its limit there."""
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        if "memory" in controllers.split(","):
            return ROOT / "memory" / path.lstrip("/"), "memory.limit_in_bytes"
        if controllers == "" and (ROOT / "cgroup.controllers").exists():
            return ROOT / path.lstrip("/"), "memory.max"
    return None


class Cgroup:
    def __init__(self, folder: Path):
        self.folder = folder

    @staticmethod
    def make(name: str, limit: int) -> "Cgroup | None":
        """None where none can be made."""
        own = _own()
        folder = own and own[0] / f"{name}-{os.getpid()}"
        try:
            folder.mkdir()
        except (OSError, AttributeError):
            return None
        made = Cgroup(folder)
        try:
            (folder / own[1]).write_text(str(limit))
            return made
        except OSError:
            made.remove()
            return None

    def enter(self) -> None:
        """The calling process goes there, and who it starts."""
        (self.folder / "cgroup.procs").write_text(str(os.getpid()))

    def remove(self) -> None:
        """Once all of it have ended."""
        for _ in range(100):
            try:
                return self.folder.rmdir()
            except OSError:
                time.sleep(0.05)
