"""valgrind's memcheck, with descriptors: programs under it, and what it found."""

import re
import stat
from pathlib import Path

OPTIONS = ("--quiet", "--leak-check=full", "--show-leak-kinds=definite,indirect,possible",
           "--track-fds=yes", "--child-silent-after-fork=yes")


class Memcheck:
    """Logs of all that runs under it, one file a process, in a folder of the caller's."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.command = ["valgrind", *OPTIONS, f"--log-file={folder}/%p.log"]

    def wrap(self, program: Path) -> Path:
        """A program that is the other one under valgrind, for who takes one program's path."""
        wrapper = self.folder / program.name
        words = " ".join(f"'{word}'" for word in (*self.command, program))
        wrapper.write_text(f'#!/bin/sh\nexec {words} "$@"\n')
        wrapper.chmod(stat.S_IRWXU)
        return wrapper

    def findings(self) -> tuple[int, list[str]]:
        """How many processes were looked at, and what is not right about them."""
        logs = sorted(self.folder.glob("*.log"))
        return len(logs), [line for log in logs for line in findings_of(log.read_text())]


def findings_of(text: str) -> list[str]:
    """One line for each block of a log that tells of a fault of ours."""
    blocks = re.split(r"\n(?:==\d+== *\n)+", text.strip())
    return [words for words in map(_plain, blocks) if words and not _is_fine(words)]


def _plain(block: str) -> str:
    text = re.sub(r"^(?:==|--)\d+(?:==|--) ?", "", block, flags=re.M)
    return re.sub(r"^FILE DESCRIPTORS:.*$", "", text, flags=re.M).strip()


def _is_fine(words: str) -> bool:
    """What the process was started with is not its own to close."""
    return words.startswith("Open ") and "<inherited from parent>" in words
