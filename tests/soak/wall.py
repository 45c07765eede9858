"""The daemon of a soak, and what must hold of it at every moment."""

import os
import signal
import socket
import struct
import threading
import time
from pathlib import Path

from peers.faulty import Faulty
from peers.observed import Process, is_green
from peers.wall import Wall

INTERVAL_S, TIMEOUT_S = 0.5, 0.4
SLACK_S = 1.5  # what a shared machine may add to anything
# Green may be this old: a poll, the requests that it makes when it counts anew, one dimmed picture.
STALE_S = 2 * INTERVAL_S + 3 * TIMEOUT_S + SLACK_S
WATCHDOG_S = 4.0

DISPLAYS = [
    "display: {brightness: 100%}\n",
    'display:\n  brightness: 40%\n  night: {from: "19:00", to: "07:30", brightness: 3%}\n'
    "  segments:\n    - {pixels: 0-5, show: rollout web}\n    - {pixels: 6-7, show: summary}\n",
    "display: {brightness: 60%, heartbeat: 1s}\n",
]
MISTAKES = ["", "board: frames\nprometeus: {}\n", "\0\1\2", "board: [\n", "board: no-such-board\n"]


class Manager(threading.Thread):
    """The service manager's end of sd_notify(3): when the watchdog was fed."""

    def __init__(self, path: Path):
        super().__init__(daemon=True)
        self.fed: list[float] = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        self.start()

    def run(self) -> None:
        while True:
            if self._socket.recv(4096) == b"WATCHDOG=1":
                self.fed.append(time.monotonic())


class Watched:
    """`faults` gathers every breach, once a kind and moment."""

    def __init__(self, program: Path, shim: Path, folder: Path, server: Faulty, name: str,
                 inside: list[str]):
        self.server = server
        self.faults: list[str] = []
        self.stopped = False  # by SIGSTOP
        self._running_since = time.monotonic()
        self._pauses: list[tuple[float, float]] = []
        self._url = server.url.replace(server.address, name)
        self._clock = folder / "clock"
        self._clock.write_bytes(bytes(48))
        self.manager = Manager(folder / "notify")
        variables = [f"LD_PRELOAD={shim}", f"SOAK_CLOCK={self._clock}", "TZ=CET-1CEST,M3.5.0,M10.5.0",
                     f"NOTIFY_SOCKET={folder / 'notify'}", f"WATCHDOG_USEC={int(WATCHDOG_S * 1e6)}"]
        self.daemon = Wall(self._config(0), folder, program, [*inside, "env", *variables])
        self.daemon.start()
        self.process = Process(self.daemon.child.pid)

    def _config(self, display: int) -> str:
        # Pods that are lost are shown at once, so that green is nothing but good.
        rollout = "{name: web, namespace: shop, deployment: web, degraded_after: 0s}"
        return (f"board: frames\nprometheus: {{url: {self._url}, poll_interval: 500ms, "
                f"timeout: 400ms}}\nmetrics_file: {self._clock.parent / 'amberbar.prom'}\n"
                f"rollouts: [{rollout}]\n" + DISPLAYS[display])

    def reload(self, display: int | None, mistake: int = 0) -> None:
        """A good config, or with `display` None one of the mistakes."""
        text = MISTAKES[mistake] if display is None else self._config(display)
        self.daemon.config.write_text(text)
        self._signal(signal.SIGHUP)

    def set_clock(self, seconds: int) -> None:
        """Off by so much from now on."""
        self._write_clock(0, seconds * 1000)

    def _write_clock(self, offset: int, value: int) -> None:
        """In place: the daemon has it mapped."""
        fd = os.open(self._clock, os.O_WRONLY)
        os.pwrite(fd, struct.pack("q", value), offset)
        os.close(fd)

    def holds(self) -> tuple[int, int, int, int]:
        """The blocks of memory that it holds at the moment and their bytes; the kilobytes that its
        heap has from the kernel, and those of them that are not given out."""
        self._write_clock(24, 1)
        until = time.monotonic() + SLACK_S + INTERVAL_S
        while True:
            blocks, size, wanted, heap, free = struct.unpack("5q", self._clock.read_bytes()[8:48])
            if not wanted:
                return blocks, size, heap // 1024, free // 1024
            if time.monotonic() > until:
                raise RuntimeError("it did not look at a clock")
            time.sleep(0.02)

    def pause(self) -> None:
        self.stopped = True
        self._pauses.append((time.monotonic(), float("inf")))
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._signal(signal.SIGCONT)
        self.stopped = False
        self._running_since = time.monotonic()
        self._pauses[-1] = (self._pauses[-1][0], self._running_since)

    def _signal(self, number: int) -> None:
        if self.daemon.child.ended is None:
            self.daemon.send(number)

    def is_green(self) -> bool:
        frames = self.daemon.frames
        return bool(frames) and is_green(frames[-1])

    def check(self) -> bool:
        """Looks at the picture; false when the daemon is gone."""
        now = time.monotonic()
        if self.daemon.child.ended is not None:
            self.faults.append(f"it ended with status {self.daemon.child.ended}")
            return False
        if self.stopped or now - self._running_since < STALE_S or not self.is_green():
            return True
        known = [answer for answer in self.server.answers[-20:] if answer[0] > now - STALE_S]
        settled = [state for at, state in self.server.answers[-20:] if at < now - STALE_S / 2]
        newest = known[-1] if known else None
        if newest is None:
            self._breach(f"green, and the server has said nothing for {STALE_S:.1f} s")
        elif settled and newest[1] != "stable" and newest[0] < now - STALE_S / 2:
            self._breach(f"green, and the server says {newest[1]}")
        return True

    def _breach(self, what: str) -> None:
        words = f"{what} ({self.server.way})"
        if not self.faults or self.faults[-1] != words:
            self.faults.append(words)

    def longest_hunger(self) -> float:
        """Between two feedings of the watchdog, while the daemon could run."""
        worst = 0.0
        for before, after in zip(self.manager.fed, self.manager.fed[1:]):
            if not any(start < after and end > before for start, end in self._pauses):
                worst = max(worst, after - before)
        return worst
