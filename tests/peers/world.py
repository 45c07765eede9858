"""What the tests of real back ends share: simulated clusters behind exporters that can be killed,
real Prometheuses that scrape them, walls that ask these, and what a wall may show. All of it ends
with its test."""

import pathlib
import tempfile
import time
import unittest
from collections.abc import Callable

from cluster.cluster import Cluster, Spec, Template
from cluster.server import LiveCluster, Server
from lib.daemon import config
from lib.prometheus import RealPrometheus
from peers.picture import Frame, shows_green, stretches
from peers.wall import Wall

Kind = Callable[[Frame], bool]  # of frame

WEB = Spec(Template(start_s=2.0, stop_s=0.5), replicas=6, progress_deadline_s=5.0)

POLL_S = 1.0
SCRAPE_S = 1.0
MAX_AGE_S = 4.0
FORGET_S = 4.0
TERMS = {"max_age": f"{MAX_AGE_S:.0f}s", "forget_after": f"{FORGET_S:.0f}s"}  # of a rollout
SLACK_S = 2.0  # between the daemon's own moment and when a test sees it, on a busy machine
PATIENCE_S = 40.0  # for what comes at once on a quiet machine


class Exporter:
    """An exporter that can be killed, also for who keeps a connection to it."""

    def __init__(self, live: LiveCluster):
        self._live = live
        self._dead = False
        self._server = Server(self)
        self.port = self._server.port
        self.target = f"127.0.0.1:{self.port}"

    def metrics(self) -> str:
        if self._dead:
            raise ConnectionAbortedError
        return self._live.metrics()

    def kill(self) -> None:
        if not self._dead:
            self._dead = True
            self._server.close()

    def revive(self) -> None:
        """On its port."""
        self._dead = False
        self._server = Server(self, self.port)


class World(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="amberbar-test-")
        self.addCleanup(directory.cleanup)
        self.place = pathlib.Path(directory.name)

    # --- what there is

    def cluster(self, *keys: str, age_s: float = 0) -> LiveCluster:
        """Deployments that have been there for a day, or `age_s` longer, and serve."""
        cluster = Cluster(epoch=time.time() - age_s)
        for key in keys:
            cluster.create(key, WEB, running=True)
        return LiveCluster(cluster)

    def exporter(self, live) -> Exporter:
        one = Exporter(live)
        self.addCleanup(one.kill)
        return one

    def prometheus(self, name: str, *jobs: dict, interval: str = "1s", flags=(),
                   **sections) -> RealPrometheus:
        """Started, and not yet sure to have scraped: see wait_for()."""
        scrapes = [
            {"job_name": f"job-{number}", "honor_labels": True} | job
            for number, job in enumerate(jobs)
        ]
        sections = {"scrape_configs": scrapes} | sections
        one = RealPrometheus(self.place / name, [], interval, flags, **sections)
        self.addCleanup(one.stop)
        one.start()
        return one

    def wall(self, url: str, rollouts: list[dict], board: str = "frames", **terms) -> Wall:
        wall = Wall(config(url, board, rollouts, **terms))
        self.addCleanup(wall.close)
        wall.start()
        return wall

    # --- what a wall may show

    def watch(self, wall: Wall, until: float) -> None:
        """Until the monotonic clock says so."""
        wall.watch(until - time.monotonic())

    def assert_never(self, wall: Wall, kind: Kind, since: float, what: str) -> None:
        """No such frame stood at any moment since; what stands now counts."""
        now = time.monotonic()
        found = list(stretches(wall.frames, kind, since, now))
        if found:
            reported = ", ".join(f"{a - since:.1f}..{b - since:.1f} s" for a, b in found[:5])
            self.fail(f"{what}: shown {reported} after it must not; {wall.reported()}")

    def assert_never_green(self, wall: Wall, since: float, what: str) -> None:
        self.assert_never(wall, shows_green, since, f"green though {what}")

    def shown_s(self, wall: Wall, kind: Kind, since: float) -> float:
        """For how long such frames stood since."""
        return sum(b - a for a, b in stretches(wall.frames, kind, since, time.monotonic()))

    def wait_shown(self, wall: Wall, kind: Kind, what: str,
                   patience_s: float = PATIENCE_S) -> float:
        """When it was seen."""
        wall.wait(f"showing {what}", lambda: wall.frames and kind(wall.frames[-1]), patience_s)
        return time.monotonic()

    def assert_says(self, wall: Wall, *patterns: str, patience_s: float = PATIENCE_S) -> None:
        """Sooner or later its words hold each of these, whatever their case."""
        wall.wait(f"saying {patterns}", lambda: all(
            pattern.lower() in wall.why().lower() for pattern in patterns), patience_s)
