"""The two programs that are compared: the daemon, and the reference (poll_reference.c)."""

import json
import os
import re
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from lib.process import Child, Failure

from .callgrind import CALLGRIND, collected
from .replay import Replay

AT_REST = {"heartbeat": 0}  # nothing moves while nothing changes
TRIES = 4
SETTLE_S = 0.1  # valgrind can miss a signal that comes between two system calls


class Program:
    """A command that polls `server`, and how it is watched. Used with `with`."""

    def __init__(self, name: str, command: list, server: Replay, environment: dict | None = None):
        self.name = name
        self.command = [str(word) for word in command]
        self.server = server
        self.door = server  # where its connections are counted
        self.connections = 1  # at most, while none times out
        self.environment = os.environ | (environment or {})
        self.child: Child | None = None
        self._log = tempfile.TemporaryFile()

    def start(self, before: tuple[str, ...] = (), allowed: int | None = None) -> None:
        self._log.seek(0)
        self._log.truncate()
        self.server.allow(allowed)
        self.door.connections = 0
        self.child = Child(self.name, [*before, *self.command], env=self.environment,
                           stdout=subprocess.DEVNULL, stderr=self._log)

    def wait_for(self, requests: int) -> None:
        if not self.server.wait_for(requests, lambda: self.child.ended is None):
            raise Failure(f"{self.name} did not ask {requests} times:\n{self.said()[-2000:]}")

    def said(self) -> str:
        self._log.seek(0)
        return self._log.read().decode(errors="replace")

    def instructions(self, requests: int) -> int:
        """Of one run that is ended when so many requests have been answered."""
        for _ in range(TRIES):
            cost = self._instructions(requests)
            if self.door.connections <= self.connections:
                return cost
        raise Failure(f"{self.name} timed out in each of {TRIES} runs: this machine is too busy")

    def _instructions(self, requests: int) -> int:
        with self:
            self.start(CALLGRIND, allowed=requests)
            self.wait_for(requests + 1)
            time.sleep(SETTLE_S)
            self.child.process.send_signal(signal.SIGTERM)
            self.child.process.wait(60)
            return collected(self.said())

    def instructions_a_round(self, few: int, many: int, requests: int = 1) -> float:
        """The slope: start and end do not count. `requests` of them are a round."""
        costs = [self.instructions(rounds * requests) for rounds in (few, many)]
        return (costs[1] - costs[0]) / (many - few)

    def memory_kb(self) -> dict[str, int]:
        """VmHWM and Private_Dirty now."""
        status = Path(f"/proc/{self.child.pid}/status").read_text()
        maps = Path(f"/proc/{self.child.pid}/smaps_rollup").read_text()
        return {"VmHWM": int(re.search(r"VmHWM:\s+(\d+)", status)[1]),
                "Private_Dirty": int(re.search(r"Private_Dirty:\s+(\d+)", maps)[1])}

    def spent(self) -> tuple[float, int]:
        """Milliseconds of CPU, and voluntary switches, of all threads so far."""
        cpu_ns = switches = 0
        for task in Path(f"/proc/{self.child.pid}/task").iterdir():
            cpu_ns += int((task / "schedstat").read_text().split()[0])
            status = (task / "status").read_text()
            switches += int(re.search(r"\nvoluntary_ctxt_switches:\s+(\d+)", status)[1])
        return cpu_ns / 1e6, switches

    def spend_over(self, seconds: float) -> tuple[float, float, int]:
        """The same a request, over so many seconds; and how many requests there were."""
        before, asked = self.spent(), len(self.server.queries)
        time.sleep(seconds)
        after, count = self.spent(), len(self.server.queries) - asked
        each = max(1, count)
        return (after[0] - before[0]) / each, (after[1] - before[1]) / each, count

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.child:
            self.server.allow(None)
            self.child.stop()


def reference(build: Path, server: Replay, query: str, interval_ms: int,
              url: str | None = None) -> Program:
    """`url`: what stands before the server."""
    return Program("the reference", [build / "tests/bench_poll_reference", url or server.url, query,
                                     interval_ms], server)


def ours(build: Path, server: Replay, place: Path, interval_ms: int, config: dict) -> Program:
    """`config`: more of the file, or in place of what is here."""
    prometheus = {"url": server.url, "poll_interval": f"{interval_ms}ms",
                  "timeout": f"{interval_ms * 9 // 10}ms"}
    everything = {"board": "frames", "prometheus": prometheus, "display": AT_REST} | config
    file = Path(tempfile.mkdtemp(dir=place)) / "amberbar.yaml"
    file.write_text(json.dumps(everything))
    program = Program("amberbar", [build / "amberbar", "run", "-c", file], server,
                      {"RUNTIME_DIRECTORY": str(file.parent)})
    program.connections += any("query" in one for key in ("rollouts", "indicators")
                               for one in config.get(key, []))  # which has one of its own
    return program
