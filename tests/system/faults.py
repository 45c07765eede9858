#!/usr/bin/env python3
"""A Prometheus that misbehaves in every way we know, each held for seconds against the daemon: it
lives, gains no descriptor, bounds its memory, never shows green that it does not know, and is right
again in time.

Usage: faults.py [--hold SECONDS] [--only FAULT,...]     (4 s: what a poll takes to give up, twice)
"""

import argparse
import os
import pathlib
import signal
import ssl
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field

sys.dont_write_bytecode = True
TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP / "tests"), str(TOP / "tools")]

from lib import daemon  # noqa: E402
from peers.authority import PAST, Authority  # noqa: E402
from peers.faulty import PAD, Faulty  # noqa: E402
from peers.observed import Process, is_dark, is_green, is_sanitized, light  # noqa: E402
from peers.wall import WEB, Wall, can_mount, seeing  # noqa: E402

AMBERBAR = pathlib.Path(os.environ["AMBERBAR"])
INTERVAL_S, TIMEOUT_S = 1.0, 0.5
CAP_KB = 4096  # max_response_size, by default
SLACK_S = 2.0  # for a shared machine, and a sanitized build; the figures printed are without it
# When a fault's end must be seen (R2): a poll that fails at once is asked again within an interval,
# one that hangs has its time-out to go; where somebody has to change something, 30 s, spread.
SOON, HANGING, SLOWLY = INTERVAL_S + 0.1, TIMEOUT_S + INTERVAL_S + 0.1, 37.5
# Known to be out of date: the next poll, its time-out, and one dimmed picture.
STALE_S = INTERVAL_S + TIMEOUT_S + INTERVAL_S


@dataclass(frozen=True)
class Case:
    what: str
    way: str  # of the server
    group: str  # the daemon that meets it
    fixes_s: float = SOON
    context: str = "good"  # of TLS


CASES = [
    Case("refuses the connection", "refuse", "connection"),
    Case("resets it within the head", "rst", "connection"),
    Case("closes it within the body", "half", "connection"),
    Case("breaks the chunked form", "badchunk", "connection"),
    Case("answers 503", "err503", "connection"),
    Case("takes the request and says nothing", "stall", "slow", HANGING),
    Case("sends a byte of body a second", "slow", "slow", HANGING),
    Case("sends a byte of head a second", "slowhead", "slow", HANGING),
    Case("sends 1 GB", "big", "large"),
    Case("sends a gzip bomb of 1 GB", "bomb", "large"),
    Case("sends 1,000,000 headers", "headers", "large"),
    Case("sends 1,000,000 nested arrays", "deep", "large"),
    Case("answers a sign-in page", "html", "nonsense"),
    Case("answers with null, short and odd members", "null", "nonsense"),
    Case("answers bad UTF-8", "badutf8", "nonsense"),
    Case("answers with no rows", "nothing", "nonsense"),
    Case("answers with data of an hour ago", "old", "nonsense"),
    Case("answers with NaN", "nan", "nonsense"),
    Case("repeats the answer to an older question", "repeat", "nonsense"),
    Case("answers of a workload that nobody asked for", "others", "nonsense"),
    Case("redirects to itself for ever", "redirect", "redirect", SLOWLY),
    Case("answers an error of the API", "apierr", "error", SLOWLY),
    Case("has an expired certificate", "stable", "tls", context="expired"),
    Case("has one of an unknown authority", "stable", "tls", context="unknown"),
    Case("has one for another host", "stable", "tls", context="named"),
    Case("has a name that does not resolve", "stable", "name"),
]


@dataclass
class Seen:
    """What one case came to."""

    case: Case
    faults: list[str] = field(default_factory=list)  # why it failed
    dim_s: float | None = None  # from the fault's beginning to another picture
    gone_s: float | None = None  # ... to one that is not green
    fixed_s: float | None = None  # from its end to steady green
    cpu_percent: float = 0.0
    gained_kb: int = 0  # peak, over what it was before
    descriptors: int = 0

    def line(self) -> str:
        def seconds(value):
            return "-" if value is None else f"{value:.1f}"

        verdict = "; ".join(self.faults) or "passed"
        return (f"{self.case.what:42} {seconds(self.dim_s):>5} {seconds(self.gone_s):>5} "
                f"{seconds(self.fixed_s):>7} {self.cpu_percent:5.1f} {self.gained_kb:8} "
                f"{self.descriptors:+4}  {verdict}")


HEAD = (f"{'the server':42} {'dim s':>5} {'gone':>5} {'right s':>7} {'CPU %':>5} {'peak kB':>8} "
        f"{'fds':>4}")


class Trial:
    """A server and its daemon, on which the cases of one group are tried in turn."""

    def __init__(self, group: str, folder: pathlib.Path, contexts: dict, ca: pathlib.Path | None):
        self.group = group
        self.server = Faulty(contexts=contexts if group == "tls" else {})
        self.names = folder / "hosts"
        terms = {"timeout": "500ms"}
        url = self.server.url
        before = []
        if group == "tls":
            terms["tls_config"] = {"ca_file": str(ca)}
        if group == "large":
            self.server.padding = b" " * PAD
        if group == "name":
            url = url.replace("127.0.0.1", "prometheus.wall.test")
            before = self.names_of_its_own(folder)
        self.wall = Wall(daemon.config(url, "frames", [WEB], **terms), folder, before=before)

    def names_of_its_own(self, folder: pathlib.Path) -> list[str]:
        """amberbar starts where `names` is /etc/hosts, and no name server answers."""
        self.names.write_text("")
        servers = folder / "resolv.conf"
        servers.write_text("nameserver 127.0.0.1\noptions attempts:1 timeout:1\n")
        return seeing({self.names: "/etc/hosts", servers: "/etc/resolv.conf"})

    def begin(self) -> None:
        self.wall.start()
        if self.group == "name":  # what a poll opens for good is there once one has failed
            self.wall.wait("failing a poll", lambda: self.wall.poll().get("error"))
        else:
            self.wait("green", 30)
            time.sleep(1)  # the finished sweep is over; all is warm
        self.process = Process(self.wall.child.pid)

    def wait(self, what: str, patience_s: float) -> None:
        self.wall.wait(what, lambda: self.wall.frames and is_green(self.wall.frames[-1]), patience_s)

    def misbehave(self, case: Case) -> None:
        self.server.behave(case.way, case.context)

    def behave(self) -> None:
        self.names.write_text(f"{self.server.address} prometheus.wall.test\n")
        self.server.behave()

    def attempt(self, case: Case, hold_s: float) -> Seen:
        """Holds the fault, and fixes it."""
        seen = Seen(case)
        before = len(self.wall.frames)
        bright = light(self.wall.frames[-1])
        descriptors = len(self.process.descriptors())
        cpu_s, peak_kb = self.process.cpu_s(), self.process.peak_kb()
        self.misbehave(case)
        begun = time.monotonic()
        time.sleep(hold_s)
        seen.cpu_percent = 100 * (self.process.cpu_s() - cpu_s) / hold_s
        shown = self.wall.frames[before:]
        seen.dim_s = first(shown, begun, lambda frame: light(frame) < bright)
        seen.gone_s = first(shown, begun, lambda frame: not is_green(frame))
        self.judge_picture(seen, begun)
        said = self.wall.status()
        if said["rollouts"][0]["state"] != "unknown":
            seen.faults.append(f"the status says {said['rollouts'][0]}")
        self.behave()
        ended = time.monotonic()
        try:
            self.wait("green again", case.fixes_s + SLACK_S)
            seen.fixed_s = time.monotonic() - ended
            time.sleep(0.5)
        except Exception as error:
            seen.faults.append(str(error))
        seen.gained_kb = self.process.peak_kb() - peak_kb
        seen.descriptors = self.settled(descriptors) - descriptors
        self.judge(seen)
        return seen

    def settled(self, before: int) -> int:
        """Descriptors once they are as many as before, or after a while: a thread that still
        resolves has some of its own."""
        until = time.monotonic() + SLACK_S
        while (count := len(self.process.descriptors())) > before and time.monotonic() < until:
            time.sleep(0.1)
        return count

    def judge_picture(self, seen: Seen, begun: float) -> None:
        """Never green when nothing is known: not later than the last good answer allows."""
        limit = begun + STALE_S + SLACK_S
        late = [frame for frame in self.wall.frames if frame.at > limit]
        if any(map(is_green, [*late, self.wall.frames[-1]])):
            seen.faults.append(f"green {time.monotonic() - begun:.1f} s after the fault began: what "
                               f"was known then is worth {STALE_S:.1f} s")

    def judge(self, seen: Seen) -> None:
        gained = max(seen.descriptors, 0)
        if gained > (self.group == "name"):  # the connection that was not there before
            seen.faults.append(f"descriptors gained: {self.process.descriptors()}")
        if is_sanitized(AMBERBAR):
            return
        if seen.gained_kb > 9 * CAP_KB:
            seen.faults.append(f"takes {seen.gained_kb} kB more")
        if seen.cpu_percent > 50:
            seen.faults.append(f"takes {seen.cpu_percent:.0f} % of a core")

    def end(self) -> str | None:
        """SIGTERM in mid-stall: dark at once. What is wrong, or None."""
        self.server.behave("stall")
        time.sleep(INTERVAL_S + 0.2)
        begun = time.monotonic()
        code = self.wall.stop()
        took_s = time.monotonic() - begun
        self.server.close()
        frame = self.wall.frames[-1]
        if code != 0 or not is_dark(frame) or took_s > 0.2 + SLACK_S:
            return f"SIGTERM in mid-stall: exit {code} after {took_s:.2f} s, {frame}"
        print(f"  (the daemon of {self.group}: dark and gone {took_s * 1000:.0f} ms after SIGTERM)")
        return None


def first(frames: list, since: float, is_it) -> float | None:
    return next((frame.at - since for frame in frames if is_it(frame)), None)


def contexts_in(folder: pathlib.Path) -> tuple[dict, pathlib.Path]:
    """What a TLS server may show, by name, and the authority that the daemon trusts."""
    ours, theirs = Authority(folder, "ours"), Authority(folder, "theirs")
    pairs = {
        "good": ours.sign("good", "IP:127.0.0.1"),
        "expired": ours.sign("expired", "IP:127.0.0.1", PAST),
        "unknown": theirs.sign("unknown", "IP:127.0.0.1"),
        "named": ours.sign("named", "DNS:elsewhere.test"),
    }
    contexts = {}
    for name, pair in pairs.items():
        contexts[name] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        contexts[name].load_cert_chain(*pair)
    return contexts, ours.certificate


def try_group(trial: Trial, cases: list[Case], hold_s: float, results: list[Seen]) -> None:
    """The whole life of one daemon; what goes wrong is in the results."""
    try:
        trial.begin()
        for case in cases:
            results.append(trial.attempt(case, hold_s))
        fault = trial.end()
    except Exception as error:
        trial.wall.stop()
        fault = f"{type(error).__name__}: {error}"
    if fault:
        results.append(Seen(Case(f"({trial.group})", "", trial.group), [f"{fault}\n{trial.wall.messages()}"]))
    elif trial.group == "large" and not trial.server.armed and any(c.way == "bomb" for c in cases):
        results.append(Seen(Case("(bomb)", "", ""), ["nobody asked for compression"]))


def run(cases: list[Case], hold_s: float, folder: pathlib.Path) -> list[Seen]:
    contexts, ca = contexts_in(folder)
    groups: dict[str, list[Case]] = {}
    for case in cases:
        groups.setdefault(case.group, []).append(case)
    if "name" in groups and not can_mount():
        print("the name that does not resolve is left out: no mount namespace here")
        del groups["name"]
    results: list[Seen] = []
    threads = []
    for group, of_group in groups.items():
        (folder / group).mkdir()
        trial = Trial(group, folder / group, contexts, ca)
        threads.append(threading.Thread(target=try_group,
                                        args=(trial, of_group, hold_s, results)))
        threads[-1].start()
    for thread in threads:
        thread.join()
    return results


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--hold", type=float, default=4.0)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    only = set(filter(None, options.only.split(",")))
    cases = [case for case in CASES if not only or case.way in only or case.context in only]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="amberbar-faults-") as folder:
        results = run(cases, max(options.hold, STALE_S + SLACK_S / 2), pathlib.Path(folder))
    order = [case.what for case in CASES]
    results.sort(key=lambda seen: order.index(seen.case.what) if seen.case.what in order else 99)
    print(HEAD)
    for seen in results:
        print(seen.line())
    failed = sum(bool(seen.faults) for seen in results)
    print(f"{len(results) - failed} passed, {failed} failed")
    return 1 if failed or len(results) < len(cases) - (not can_mount()) else 0


if __name__ == "__main__":
    sys.exit(main())
