"""Child processes that are stopped by their own id and never outlive us."""

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from .cache import cache


class Failure(Exception):
    """What failed, on which thing, why, and what to do: sentences for people."""


class Child:
    """A program in a process group of its own, so that Ctrl-C reaches us alone and we end it in
    order. Should we be killed, the kernel sends it SIGTERM."""

    def __init__(self, name: str, command: Sequence[str | Path], log: Path | None = None, **popen):
        self.name = name
        self.log = log
        if log:
            popen["stdout"] = popen["stderr"] = open(log, "ab")
        try:
            self.process = subprocess.Popen(
                [*_dies_with_us(), *map(str, command)],
                stdin=subprocess.DEVNULL,
                process_group=0,
                **popen,
            )
        except OSError as error:
            raise Failure(f"{name} does not start: {error}") from error
        finally:
            if log:
                popen["stdout"].close()

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def ended(self) -> int | None:
        """The exit status as a shell sees it; None while it runs."""
        status = self.process.poll()
        return 128 - status if status is not None and status < 0 else status

    def stop(self, patience_s: float = 10.0, number: int = signal.SIGTERM) -> int:
        """SIGTERM, and SIGKILL for one that does not listen; the exit status."""
        if self.ended is None:
            self.process.send_signal(number)
            try:
                self.process.wait(patience_s)
            except subprocess.TimeoutExpired:
                self.kill()
        return self.ended

    def kill(self) -> None:
        if self.ended is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def expect_alive(self) -> None:
        if self.ended is not None:
            raise self.failure(f"ended with status {self.ended}")

    def failure(self, what: str) -> Failure:
        """With the log's last lines; the whole log is kept where it outlives our directory."""
        words = f"{self.name} {what}"
        if not self.log or not self.log.exists():
            return Failure(words)
        kept = cache() / f"failed-{self.log.name}"
        shutil.copyfile(self.log, kept)
        return Failure(f"{words}. Its log is in {kept}, and ends with:\n{last_lines(self.log)}")


def _dies_with_us() -> list[str]:
    setpriv = shutil.which("setpriv")  # util-linux
    return [setpriv, "--pdeathsig", "TERM", "--"] if setpriv else []


def free_port() -> int:
    """A port that nobody had a moment ago. Somebody may have it the next moment: verify."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(what: str, is_true, patience_s: float, child: Child, pause_s: float = 0.05):
    """Waits for a child to do something, and returns what is true then; raises Failure when it ends
    instead, or takes too long."""
    until = time.monotonic() + patience_s
    while True:
        was_alive = child.ended is None  # asked first: what it did before it ended counts
        if found := is_true():
            return found
        if not was_alive:
            child.expect_alive()
        if time.monotonic() > until:
            raise child.failure(f"is not {what} after {patience_s:.0f} s")
        time.sleep(pause_s)


def last_lines(path: Path, count: int = 10) -> str:
    return "\n".join(path.read_text(errors="replace").splitlines()[-count:])
