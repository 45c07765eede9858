"""Time from a changed metric to a changed light, over 200 changes.

    tools/bench latency [CHANGES]

A real Prometheus scrapes a simulated cluster each second, and daemons poll it every 2 seconds
(a poll_interval so short is kept to as it is: no phase is learnt). Deployments are paused and resumed at random moments; `change` is
when kube-state-metrics would first say so, `scrape` when Prometheus next asked it, `light` when the
daemon wrote the first frame that differs. No light can be faster than the scrape that sees the
change: half a scrape interval in the mean. Some four minutes.
"""

import random
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

from cluster.cluster import Cluster, Spec
from cluster.server import LiveCluster, Server
from lib.daemon import config
from lib.prometheus import RealPrometheus
from peers.wall import Wall

CHANGES, WALLS = 200, 4
SCRAPE_S, POLL_S = 1, 2
CALM_S = 1.5  # without a frame: the picture has come to rest


@dataclass(frozen=True)
class Change:
    at: float  # time.monotonic(), as all here
    scraped: float
    lit: float


class Scraped:
    """A cluster's exporter that keeps when it was asked."""

    def __init__(self, live: LiveCluster):
        self.times: list[float] = []
        self._metrics = live.metrics
        live.metrics = self._take

    def _take(self) -> str:
        self.times.append(time.monotonic())
        return self._metrics()

    def after(self, when: float) -> float:
        return next(at for at in self.times if at >= when)


class Changed(Wall):
    """One daemon, about one Deployment that is changed."""

    def __init__(self, number: int, build: Path, place: Path, url: str, live: LiveCluster):
        self._key = f"wall-{number}/web"
        self._live = live
        self._random = random.Random(number)
        folder = place / f"wall-{number}"
        folder.mkdir()
        rollouts = [{"name": "web", "namespace": f"wall-{number}", "deployment": "web"}]
        text = config(url, "frames", rollouts, poll_interval=f"{POLL_S}s") + "  heartbeat: 0\n"
        super().__init__(text, folder, build / "amberbar")

    def changes(self, count: int, scraped: Scraped) -> list[Change]:
        verbs = [Cluster.pause, Cluster.resume]
        return [self._change(verbs[i % 2], scraped) for i in range(count)]

    def _change(self, verb: Callable, scraped: Scraped) -> Change:
        self.wait("at rest", self._calm)
        time.sleep(self._random.uniform(0, POLL_S))
        self.wait("at rest", self._calm)
        seen = len(self.frames)
        with self._live.now() as cluster:
            verb(cluster, self._key)
            at = time.monotonic()
        self.wait("lit", lambda: len(self.frames) > seen)
        return Change(at, scraped.after(at), self.frames[seen].at)

    def _calm(self) -> bool:
        return len(self.frames) > 1 and time.monotonic() - self.frames[-1].at > CALM_S


def measure(build: Path, count: int) -> list[Change]:
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="amberbar-bench-")))
        cluster = Cluster(epoch=time.time(), lag_s=0.0)  # the controller's own time is not ours
        for number in range(WALLS):
            cluster.create(f"wall-{number}/web", Spec(replicas=3), running=True)
        live = LiveCluster(cluster)
        scraped = Scraped(live)
        server = stack.enter_context(Server(live))
        prometheus = RealPrometheus(place, [f"127.0.0.1:{server.port}"], f"{SCRAPE_S}s")
        stack.callback(prometheus.stop)
        prometheus.start()
        prometheus.wait_for("kube_deployment_created")
        walls = [Changed(i, build, place, prometheus.url, live) for i in range(WALLS)]
        for wall in walls:
            stack.callback(wall.stop)
            wall.start()
        with ThreadPoolExecutor(WALLS) as pool:
            lists = pool.map(lambda wall: wall.changes(count // WALLS, scraped), walls)
            return [change for changes in lists for change in changes]


def show(what: str, seconds: list[float]) -> None:
    tenths = quantiles(seconds, n=10)
    figures = (min(seconds), tenths[4], tenths[8], max(seconds))
    print(f"{what:24}" + "".join(f"{figure:8.2f}" for figure in figures))


def main(build: Path, arguments: list[str]) -> int:
    count = int(arguments[0]) if arguments else CHANGES
    changes = measure(build, count)
    print(f"{len(changes)} changes, scraped every {SCRAPE_S} s, polled every {POLL_S} s; seconds")
    print(" " * 24 + "".join(f"{word:>8}" for word in ("min", "median", "p90", "max")))
    show("change to scrape (floor)", [each.scraped - each.at for each in changes])
    show("scrape to light", [each.lit - each.scraped for each in changes])
    show("change to light", [each.lit - each.at for each in changes])
    return 0
