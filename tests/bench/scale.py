"""A poll as clusters and boards grow: 10 to 20,000 Deployments, 1,000 boards, with and without rules,
at rest and while one Deployment of a hundred is in a rollout.

    tools/bench scale                 everything, in some forty minutes
    tools/bench scale 10 1000         clusters of these sizes
    tools/bench scale --boards 100    so many boards on the largest cluster; 0: none

A real Prometheus scrapes a cluster that stands still, 20 Deployments a namespace. `rolling` is how
many of them it shows in the middle of a rollout; the watched namespace has one. `server` is how
long it takes for all requests of one poll, `bytes` are those of their answers before compression,
`instructions` those of one whole poll of the daemon (callgrind, slope over rounds), whose picture
stands still. Boards keep their connections, and Prometheus takes 512 unless --web.max-connections
says more, as it does here.
"""

import argparse
import contextlib
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cluster.cluster import Cluster
from cluster.metrics import Exporter
from cluster.server import Server
from cluster.spec import Spec
from lib.daemon import config
from lib.prometheus import RealPrometheus
from peers.observed import Process
from peers.wall import Wall

from support import boards
from support.callgrind import CALLGRIND, collected
from support.recorder import Recorder, Request

TOP = Path(__file__).resolve().parents[2]
SIZES = (10, 1000, 20000)
BOARDS = 1000
A_NAMESPACE = 20  # Deployments in it
ONE_ROLLS_IN = 100  # Deployments
ONE_POLL_S = 5  # of the daemon whose polls are counted
POLL_S = 10.0  # the default poll_interval, of boards
LOAD_S = 60.0
SMALL = 1000  # Deployments; above, exporters are scraped as seldom as they usually are
RULES = {"rule_files": [str(TOP / "tools/prometheus/amberbar.rules.yml")]}
WATCHED = {"a namespace": "ns-0", "everything": "ns-.*"}
ROUNDS = (2, 5)  # of the two runs whose difference is taken
PATIENCE_S = 240.0
ROLLING_S = 1.0  # into a rollout: the first new pods are there, and do not serve yet
CONNECTIONS = ["--web.max-connections=4096"]


@dataclass
class Still:
    """What the exporter says, again and again, until it is told to say the other."""

    size: int
    texts: dict[bool, str]  # by whether something is in a rollout
    rolls: bool = False

    def metrics(self) -> str:
        return self.texts[self.rolls]

    def rolling(self) -> int:
        """How many Deployments it shows in a rollout."""
        return -(-self.size // ONE_ROLLS_IN) if self.rolls else 0

    def await_on(self, server: RealPrometheus, rules: bool) -> None:
        """Until that is what Prometheus has, and its rules."""
        unlike = "kube_deployment_status_replicas_updated != kube_deployment_spec_replicas"
        server.wait_for(f"count({unlike}) == {self.rolling()}", PATIENCE_S)
        if rules:
            server.wait_for(f"count(amberbar:workloads:unsettled) == {self.rolling()}", PATIENCE_S)


def exposition(size: int) -> Still:
    cluster = Cluster(epoch=time.time())
    names = [f"ns-{number // A_NAMESPACE}/app-{number}" for number in range(size)]
    for name in names:
        cluster.create(name, Spec(replicas=3), running=True)
    rests = Exporter().text(cluster)
    for name in names[::ONE_ROLLS_IN]:
        cluster.rollout(name)
    cluster.step(ROLLING_S)
    return Still(size, {False: rests, True: Exporter().text(cluster)})


@contextlib.contextmanager
def prometheus(place: Path, still: Still, size: int, rules: bool) -> Iterator[RealPrometheus]:
    """It has scraped all of them, and evaluated the rules."""
    interval = "1s" if size <= SMALL else "60s"
    with Server(still) as exporter:
        server = RealPrometheus(place, [f"127.0.0.1:{exporter.port}"], interval, CONNECTIONS,
                                **(RULES if rules else {}))
        try:
            server.start()
            server.wait_for(f"count(kube_deployment_created) == {size}", PATIENCE_S)
            if rules:
                server.wait_for(f"sum(amberbar:workloads:count) == {size}", PATIENCE_S)
            yield server
        finally:
            server.stop()


def both(place: Path, size: int, rules: bool) -> Iterator[tuple[RealPrometheus, Still]]:
    """A Prometheus that knows the cluster at rest, and then in rollouts."""
    still = exposition(size)
    with prometheus(place, still, size, rules) as server:
        yield server, still
        still.rolls = True
        still.await_on(server, rules)
        yield server, still


class Daemon:
    """amberbar against a Prometheus, through a recorder."""

    def __init__(self, build: Path, place: Path, server: RealPrometheus, **rollout):
        rules = rollout.pop("rules")
        self.program = build / "amberbar"
        self.place = place
        self.recorder = Recorder(server.port)
        self.config = config(self.recorder.url, "frames", [{"name": "all", **rollout}],
                             poll_interval=f"{ONE_POLL_S}s", recording_rules=rules)
        self.config += "  heartbeat: 0\n  motion: off\n"

    def run(self) -> tuple[list[Request], int, int]:
        """A round in the middle of a run, and the memory it took: peak and private, kB."""
        wall = Wall(self.config, self.place, self.program)
        wall.start()
        try:
            self.wait_for(len(self.recorder.rounds()) + ROUNDS[0], wall)
            process = Process(wall.child.pid)
            peak, dirty = process.peak_kb(), process.dirty_kb()
        finally:
            wall.stop()
        return self.recorder.rounds()[-1], peak, dirty

    def instructions(self) -> float:
        """Of a round."""
        runs = [self.counted(rounds) for rounds in ROUNDS]
        return (runs[1][1] - runs[0][1]) / (runs[1][0] - runs[0][0])

    def counted(self, rounds: int) -> tuple[int, int]:
        """How many rounds there were, and the instructions of the whole run."""
        before = len(self.recorder.rounds())
        wall = Wall(self.config, self.place, self.program, CALLGRIND)
        wall.log.unlink(missing_ok=True)
        wall.start()
        try:
            self.wait_for(before + rounds, wall)
        finally:
            wall.stop()
        return len(self.recorder.rounds()) - before, collected(wall.messages())

    def wait_for(self, rounds: int, wall: Wall) -> None:
        wall.wait(f"asking {rounds} times", lambda: len(self.recorder.rounds()) >= rounds, PATIENCE_S)


def server_time(server: RealPrometheus, requests: list[Request]) -> tuple[float, int]:
    """Seconds for a round (the median of five), and the bytes of its answers as they would be
    uncompressed."""
    times = []
    for _ in range(5):
        started = time.monotonic()
        size = sum(len(request.ask(server.port, **{"Accept-Encoding": "identity"}))
                   for request in requests)
        times.append(time.monotonic() - started)
    return statistics.median(times), size


def one_poll(build: Path, place: Path, server: RealPrometheus, still: Still, rules: bool) -> None:
    for what, namespace in WATCHED.items():
        daemon = Daemon(build, place, server, namespace=namespace, rules=rules)
        try:
            requests, peak, dirty = daemon.run()
            seconds, length = server_time(server, requests)
            cost = daemon.instructions()
        finally:
            daemon.recorder.close()
        print(f"{still.size:7} {still.rolling():7} {what:12} {'yes' if rules else 'no':5} "
              f"{len(requests):8} {length:10,} "
              f"{seconds * 1000:9.1f} {cost:14,.0f} {peak:8,} {dirty:7,}", flush=True)


def cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def moved(requests: list[Request], board: int, still: Still) -> list[Request]:
    """The same for another namespace, so that boards do not all ask for the same series: one whose
    first Deployment is in a rollout, too."""
    step = ONE_ROLLS_IN // A_NAMESPACE if still.rolls else 1
    number = board * step % max(1, still.size // A_NAMESPACE)
    names = {b"ns-0": b"ns-%d" % number, b"app-0": b"app-%d" % (A_NAMESPACE * number)}
    bodies = [each.body for each in requests]
    for name, other in names.items():
        bodies = [body.replace(name, other) for body in bodies]
    return [Request(each.path, each.headers, body) for each, body in zip(requests, bodies)]


def many_boards(build: Path, place: Path, server: RealPrometheus, still: Still,
                shape: tuple[int, bool]) -> None:
    count, rules = shape
    for what, namespace in WATCHED.items():
        daemon = Daemon(build, place, server, namespace=namespace, rules=rules)
        try:
            requests, _, _ = daemon.run()
        finally:
            daemon.recorder.close()
        pid = server.child.pid
        before, started = cpu_s(pid), time.monotonic()
        time.sleep(LOAD_S / 3)
        idle = (cpu_s(pid) - before) / (time.monotonic() - started)
        before, started = cpu_s(pid), time.monotonic()
        whole = sum(len(request.ask(server.port)) for request in requests)
        by_board = [moved(requests, board, still) if what == "a namespace" else requests
                    for board in range(count)]
        outcome = boards.poll(server.port, boards.evenly(count, POLL_S, LOAD_S),
                              by_board.__getitem__, whole // 2)
        lasted = time.monotonic() - started
        busy = (cpu_s(pid) - before) / lasted
        print(f"{count:7} {still.rolling():7} {what:12} {'yes' if rules else 'no':5} "
              f"{len(outcome.latencies_s):8,} "
              f"{outcome.failed:7} {outcome.late:6} {outcome.median() * 1000:9.1f} "
              f"{outcome.quantile(0.99) * 1000:9.1f} {outcome.bytes / lasted / 1000:8,.0f} "
              f"{idle:6.2f} {busy:6.2f}", flush=True)


def arguments_of(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tools/bench scale")
    parser.add_argument("sizes", nargs="*", type=int, help="Deployments in the cluster")
    parser.add_argument("--boards", type=int, default=BOARDS)
    return parser.parse_args(arguments)


def main(build: Path, arguments: list[str]) -> int:
    chosen = arguments_of(arguments)
    sizes = sorted(chosen.sizes or SIZES)
    print(f"{'in all':>7} {'rolling':>7} {'watched':12} {'rules':5} {'requests':>8} {'bytes':>10} "
          f"{'server ms':>9} {'instructions':>14} {'peak kB':>8} {'private':>7}")
    with tempfile.TemporaryDirectory(prefix="amberbar-scale-") as scratch:
        for size in sizes:
            for rules in (False, True):
                place = Path(scratch) / f"{size}-{rules}"
                for server, still in both(place, size, rules):
                    one_poll(build, place, server, still, rules)
        if not chosen.boards:
            return 0
        print(f"\n{chosen.boards} boards, a poll each {POLL_S:.0f} s, for {LOAD_S:.0f} s; "
              f"{sizes[-1]} Deployments\n"
              f"{'boards':>7} {'rolling':>7} {'watched':12} {'rules':5} {'polls':>8} {'failed':>7} "
              f"{'late':>6} {'median ms':>9} {'99 % ms':>9} {'kB/s':>8} {'idle':>6} {'cores':>6}")
        for rules in (False, True):
            place = Path(scratch) / f"boards-{rules}"
            for server, still in both(place, sizes[-1], rules):
                many_boards(build, place, server, still, (chosen.boards, rules))
    return 0
