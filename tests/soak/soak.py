#!/usr/bin/env python3
"""Hours of bad luck, by a seed: a server, a name server, a wire, a clock and a signal that go wrong
every one to ten seconds, against one daemon. See tools/soak.

Usage: soak.py AMBERBAR CLOCK.so MINUTES [SEED]
"""

import os
import random
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

sys.dont_write_bytecode = True
TOP = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP / "tests"), str(TOP / "tools")]

from peers.faulty import FAULTS, PAD, STATES, Faulty  # noqa: E402
from soak.network import NAME, OURS, Network  # noqa: E402
from soak.wall import DISPLAYS, INTERVAL_S, MISTAKES, TIMEOUT_S, WATCHDOG_S, Watched  # noqa: E402

DAY_S = 86400
STEPS_S = [DAY_S, -DAY_S, 3652 * DAY_S, -3652 * DAY_S, 3600, -3600, 0]
CALM_EVERY_S, CALM_S = 60.0, 12.0  # a resolver that nobody answers gives up after 10 s
SLOWLY_S = 40.0  # what only a person can fix is asked again after 30 s, spread
WARM_UP_MAX_S = 600.0
BLOCKS_MAX = 64  # more blocks than before; the connection of a canary has 36
BYTES_MAX = 65536  # and more bytes in them; one block is as large as an answer was
PARTS = 6  # of the time after the warm-up
STEP_KB, MOST_KB = 8, 256  # more pages in each part than in the one before; in the last than in the first


@dataclass(frozen=True)
class Calm:
    """What the daemon holds while all is well."""

    at: float
    descriptors: int
    blocks: int  # of malloc(3)
    bytes: int  # in them
    heap_kb: int  # what malloc(3) has from the kernel
    free_kb: int  # what of it is not given out
    pages_kb: int


class Soak:
    def __init__(self, wall: Watched, network: Network, seed: int):
        self.wall, self.network = wall, network
        self.server = wall.server
        self.random = random.Random(seed)
        self.counts: dict[str, int] = {}
        self.calms: list[Calm] = []
        self.recoveries: list[float] = []
        self.most = {"descriptors": 0, "threads": 0}
        self.deeds = [self.misbehave, self.misbehave, self.misbehave, self.say, self.freeze,
                      self.reload, self.set_clock, self.break_names, self.cut_wire]

    def run(self, seconds: float) -> None:
        begun = time.monotonic()
        self.calm()
        next_calm = time.monotonic() + CALM_EVERY_S
        while time.monotonic() < begun + seconds and self.alive():
            deed = self.random.choice(self.deeds)
            self.counts[deed.__name__] = self.counts.get(deed.__name__, 0) + 1
            deed(self.random.uniform(1, 10))
            if self.random.random() < 0.7:
                self.recover()
            if time.monotonic() > next_calm:
                self.calm()
                next_calm = time.monotonic() + CALM_EVERY_S
        self.calm()

    def alive(self) -> bool:
        return self.wall.daemon.child.ended is None

    def hold(self, seconds: float) -> None:
        """Lets it be, and watches."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and self.wall.check():
            descriptors = self.wall.process.descriptors() if self.alive() else []
            self.most["descriptors"] = max(self.most["descriptors"], len(descriptors))
            threads = len(os.listdir(f"/proc/{self.wall.daemon.child.pid}/task"))
            self.most["threads"] = max(self.most["threads"], threads)
            time.sleep(0.1)

    def misbehave(self, seconds: float) -> None:
        self.server.behave(self.random.choice(list(FAULTS)))
        self.hold(seconds)

    def say(self, seconds: float) -> None:
        self.server.behave(self.random.choice(list(STATES)))
        self.hold(seconds)

    def freeze(self, seconds: float) -> None:
        self.wall.pause()
        self.hold(seconds)
        self.wall.go_on()

    def reload(self, seconds: float) -> None:
        good = self.random.random() < 0.6
        display = self.random.randrange(len(DISPLAYS))
        mistake = self.random.randrange(len(MISTAKES))
        self.wall.reload(display if good else None, mistake)
        self.hold(seconds)

    def set_clock(self, seconds: float) -> None:
        self.wall.set_clock(self.random.choice(STEPS_S))
        self.hold(seconds)

    def break_names(self, seconds: float) -> None:
        """With a fresh config, so that the address is not remembered."""
        self.network.names.way = self.random.choice(["silent", "silent", "servfail", "nxdomain"])
        self.wall.reload(self.random.randrange(len(DISPLAYS)))
        self.hold(seconds)
        self.network.names.way = "answers"

    def cut_wire(self, seconds: float) -> None:
        end = self.random.choice(["ours", "theirs"])
        self.network.plug(end, False)
        self.hold(seconds)
        self.network.plug(end, True)

    def recover(self) -> None:
        """All is well again for a while."""
        self.server.padding = self.random.choice([b"", b" " * PAD])
        self.server.behave("stable")
        self.hold(self.random.uniform(1, 5))

    def calm(self) -> None:
        """All is well until the picture says so and everything abandoned is over; then figures."""
        self.server.padding = b""
        self.server.behave("stable")
        begun = time.monotonic()
        while not self.wall.is_green() and time.monotonic() < begun + SLOWLY_S and self.alive():
            self.hold(0.1)
        if not self.wall.is_green():
            self.wall.faults.append(f"not right {SLOWLY_S:.0f} s after all was well")
        self.recoveries.append(time.monotonic() - begun)
        self.hold(CALM_S)
        if self.alive():
            self.calms.append(Calm(time.monotonic(), len(self.wall.process.descriptors()),
                                   *self.wall.holds(), self.wall.process.anonymous_kb()))
            print(f"{self.calms[-1].at - self.calms[0].at:6.0f} s  {self.calms[-1]}", flush=True)

    def least(self, warm_up_s: float, what: str) -> list[int]:
        """The least that it held in each part of the time after the warm-up; [] when that is too
        short."""
        warm = [calm for calm in self.calms if calm.at >= self.calms[0].at + warm_up_s]
        size = len(warm) // PARTS
        return [min(getattr(calm, what) for calm in warm[i * size:(i + 1) * size])
                for i in range(PARTS)] if size > 0 else []


def growth(soak: Soak, warm_up_s: float) -> list[str]:
    """
    Blocks are counted one by one, so what is left behind at each poll, or at each reload, shows as
    itself. Pages show what malloc(3) does not give out, and rise by steps without a leak: a page of
    the heap or of a library is written for the first time, the largest answer leaves a hole, the C
    library's own stores fill (in 50 minutes that were looked into, 28 kB of the heap, which had not
    grown, and 16 kB of threads). What leaks, grows in each part; and whatever it is, there is an end
    to it.
    """
    kinds = ("blocks", "bytes", "pages_kb", "heap_kb")
    blocks, size, pages, heap = (soak.least(warm_up_s, kind) for kind in kinds)
    print(f"memory        {pages} kB of pages, {heap} kB of heap, {blocks} blocks, {size} bytes in "
          f"them: the least in each part after {warm_up_s:.0f} s of warm-up")
    if not pages:
        return []
    faults = []
    if blocks[-1] - blocks[0] > BLOCKS_MAX or size[-1] - size[0] > BYTES_MAX:
        faults.append(f"it holds {blocks[-1] - blocks[0]:+} blocks of memory and "
                      f"{size[-1] - size[0]:+} bytes, without a reason")
    for what, parts in (("pages", pages), ("heap", heap)):
        step_kb = min(after - before for before, after in zip(parts, parts[1:]))
        if step_kb > STEP_KB or parts[-1] - parts[0] > MOST_KB:
            faults.append(f"its {what} grow: {parts} kB")
    return faults


def judge(soak: Soak, seconds: float) -> list[str]:
    """What is wrong, in words."""
    wall, faults = soak.wall, list(dict.fromkeys(soak.wall.faults))
    warm_up_s = min(WARM_UP_MAX_S, seconds / 3)
    hunger = wall.longest_hunger()
    counts = sorted({calm.descriptors for calm in soak.calms})
    print(f"deeds         {sum(soak.counts.values())}: " +
          ", ".join(f"{name} {count}" for name, count in sorted(soak.counts.items())))
    print(f"frames        {len(wall.daemon.frames)}, answers {len(wall.server.answers)}, "
          f"requests {wall.server.requests}, name server silent to {soak.network.names.ignored}")
    print(f"right again   after {max(soak.recoveries):.1f} s at most, of {len(soak.recoveries)}")
    print(f"watchdog      fed {len(wall.manager.fed)} times, {hunger:.2f} s apart at most")
    print(f"descriptors   {counts} when calm, {soak.most['descriptors']} at most; "
          f"threads {soak.most['threads']} at most")
    if hunger > WATCHDOG_S:
        faults.append(f"the watchdog was not fed for {hunger:.1f} s")
    if len(counts) > 1:
        faults.append(f"descriptors when calm: {counts}")
    faults += growth(soak, warm_up_s)
    return faults


def main() -> int:
    program, shim = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    seconds = float(sys.argv[3]) * 60
    seed = int(sys.argv[4]) if len(sys.argv) > 4 else random.SystemRandom().randrange(1 << 32)
    print(f"soak of {seconds / 60:g} minutes, seed {seed}: a poll each {INTERVAL_S} s, "
          f"time-out {TIMEOUT_S} s", flush=True)
    with tempfile.TemporaryDirectory(prefix="amberbar-soak-") as name:
        folder = Path(name)
        network = Network(folder)
        wall = Watched(program, shim, folder, Faulty(OURS), NAME, network.inside)
        soak = Soak(wall, network, seed)
        soak.run(seconds)
        faults = judge(soak, seconds)
        code = wall.daemon.stop()
        if code != 0:
            faults.append(f"SIGTERM: exit {code}")
        network.close()
        if faults:
            print(wall.daemon.messages()[-4000:])
    for fault in faults:
        print(f"FAULT: {fault}")
    print(f"soak: {'FAILED' if faults else 'passed'}, seed {seed}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
