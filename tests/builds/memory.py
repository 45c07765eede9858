#!/usr/bin/env python3
"""Memory has one budget: whatever bytes a server sends at the defaults, on both connections at once,
the daemon stays below the MemoryMax of its unit; so it does for 1,600 Deployments in answers of up
to 8 MiB. What was large is given back after the poll. In a cgroup with that limit where one can be
made here; by the kernel's own record of the peak everywhere.

Usage: memory.py [MODE ...]     with AMBERBAR, a program without sanitizers
"""

import math
import os
import pathlib
import re
import sys
import tempfile
import time

sys.dont_write_bytecode = True
TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP / "tests"), str(TOP / "tools")]

from lib.daemon import config  # noqa: E402
from lib.process import Failure  # noqa: E402
from peers.cgroup import Cgroup  # noqa: E402
from peers.floods import DEFAULT, MODES, WORKLOADS, Sender  # noqa: E402
from peers.observed import Process, is_sanitized  # noqa: E402
from peers.wall import Wall  # noqa: E402

AMBERBAR = pathlib.Path(os.environ["AMBERBAR"])
UNIT = (TOP / "firmware/systemd/amberbar.service.in").read_text()
BUDGET_KB = int(re.search(r"^MemoryMax=(\d+)M$", UNIT, re.MULTILINE)[1]) * 1024
REST_S = 45.0  # polls are 20 s apart
KEPT_KB = 1024  # of what was large may stay, in heaps that are not empty


class Trial:
    """A daemon in a cgroup of its unit's size, and its server."""

    def __init__(self, folder: pathlib.Path, cgroup: Cgroup | None, **terms):
        self.server = Sender()
        rollouts = [{"name": "shop", "namespace": "shop"}]
        indicators = [{"name": "errors", "query": "my_own", "warning": 1, "critical": 2}]
        text = config(f"http://{self.server.place}", "frames", rollouts, indicators=indicators,
                      poll_interval="20s", timeout="15s", **terms)
        self.wall = Wall(text, folder)
        self.cgroup = cgroup

    def start(self) -> None:
        self.wall.start(**({"preexec_fn": self.cgroup.enter} if self.cgroup else {}))
        self.process = Process(self.wall.child.pid)

    def settle(self) -> None:
        """Waits until both connections were answered, and the daemon rests."""
        self.wall.wait("asking all", lambda: all(self.server.sent.values()), 60)
        rests = 0
        until = time.monotonic() + 120
        while rests < 5 and time.monotonic() < until:
            self.wall.child.expect_alive()
            rests = rests + 1 if self.process.sleeps() else 0
            time.sleep(0.05)

    def end(self) -> None:
        self.wall.stop()
        self.server.close()


class Judge:
    def __init__(self):
        self.passed, self.faults, self.most_kb = 0, [], 0

    def expect(self, good: bool, what: str) -> None:
        self.passed += good
        if not good:
            self.faults.append(what)
        print(f"{'' if good else 'FAILED: '}{what}", flush=True)

    def peak(self, what: str, kb: int) -> None:
        self.most_kb = max(kb, self.most_kb)
        self.expect(kb < BUDGET_KB, f"{what:36} {kb:6} kB at the most")


def least_dirty_kb(trial: Trial, enough_kb: float) -> int:
    """What it has between two polls: the next answer may be on its way when one looks."""
    least_kb = trial.process.dirty_kb()
    until = time.monotonic() + REST_S
    while least_kb > enough_kb and time.monotonic() < until:
        time.sleep(0.05)
        least_kb = min(least_kb, trial.process.dirty_kb())
    return least_kb


def attempt(judge: Judge, cgroup: Cgroup | None, what: str, body: bytes | None,
            enough_kb: float = math.inf, **terms) -> tuple:
    """The life of one daemon: what it has at rest, in kB, looked at until it is enough, and what it
    says then. One that is killed for its memory ends with status 137."""
    with tempfile.TemporaryDirectory(prefix="amberbar-test-") as place:
        trial = Trial(pathlib.Path(place), cgroup, **terms)
        trial.server.body = body
        trial.server.workloads = 1 if "max_response_size" not in terms else WORKLOADS
        trial.start()
        try:
            trial.settle()
            judge.peak(what, trial.process.peak_kb())
            said = trial.wall.ask("status").stdout
            return least_dirty_kb(trial, enough_kb), said
        except Failure as failure:
            judge.expect(False, f"{what}: {failure}".splitlines()[0])
            return 0, ""
        finally:
            trial.end()


def try_all(judge: Judge, cgroup: Cgroup | None, modes: list[str]) -> None:
    quiet_kb, _ = attempt(judge, cgroup, "one Deployment", None)
    for mode in modes:
        left_kb, _ = attempt(judge, cgroup, f"4 MiB: {mode}", MODES[mode](DEFAULT),
                             quiet_kb + KEPT_KB)
        judge.expect(left_kb - quiet_kb <= KEPT_KB, f"  {left_kb - quiet_kb:+} kB after it")
    _, said = attempt(judge, cgroup, f"{WORKLOADS} Deployments in 8 MiB", None,
                      max_response_size="8MiB")
    judge.expect(f"{WORKLOADS}" in said and "stable" in said, f"  they are stable: {said!r}")


def main() -> int:
    modes = sys.argv[1:] or list(MODES)
    if is_sanitized(AMBERBAR):
        print("skipped: a sanitizer's memory is not the program's")
        return 77
    judge = Judge()
    cgroup = Cgroup.make("amberbar-memory", BUDGET_KB * 1024)
    try:
        try_all(judge, cgroup, modes)
    finally:
        if cgroup:
            cgroup.remove()
    where = "in a cgroup of that size" if cgroup else "no cgroup can be made here"
    print(f"memory: {judge.most_kb} of {BUDGET_KB} kB at the most, {where}")
    print(f"{judge.passed} passed, {len(judge.faults)} failed")
    return bool(judge.faults)


if __name__ == "__main__":
    sys.exit(main())
