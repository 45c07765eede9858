"""StatefulSets, DaemonSets and Argo Rollouts beside Deployments, through a real Prometheus: what
the daemon says of each while the simulated controllers work."""

import pathlib
import re
import sys
import tempfile
import time
import unittest
import urllib.request

sys.dont_write_bytecode = True
TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP / "tools"), str(TOP / "tests")]

from cluster.argo import Rollout  # noqa: E402
from cluster.cluster import Cluster, Fault, Spec, Template  # noqa: E402
from cluster.daemonset import DaemonSet  # noqa: E402
from cluster.metrics import Exporter  # noqa: E402
from cluster.server import LiveCluster, Server  # noqa: E402
from cluster.statefulset import StatefulSet  # noqa: E402
from lib import prometheus  # noqa: E402
from lib.daemon import config  # noqa: E402
from lib.prometheus import RealPrometheus  # noqa: E402
from peers import suite  # noqa: E402
from peers.wall import Wall  # noqa: E402

QUICK = Template(start_s=1.0, stop_s=0.5)

KINDS = ["Deployment", "StatefulSet", "DaemonSet", "Rollout"]
ROLLOUTS = [
    {"name": "plain", "namespace": "shop"},
    {"name": "all", "namespace": "shop", "kinds": KINDS},
    {"name": "db", "namespace": "shop", "statefulset": "db", "stall_after": "4s"},
    {"name": "held", "namespace": "shop", "statefulset": "held", "hold_after": "2s"},
    {"name": "part", "namespace": "shop", "statefulset": "part", "partition": 2},
    {"name": "log", "namespace": "shop", "daemonset": "log"},
    {"name": "hand", "namespace": "shop", "daemonset": "hand", "strategy": "OnDelete"},
    {"name": "api", "namespace": "shop", "rollout": "api"},
]


class Kinds(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="amberbar-test-")
        self.addCleanup(directory.cleanup)
        place = pathlib.Path(directory.name)
        self.live = LiveCluster(self.cast(), exporter=Exporter())
        server = Server(self.live)
        self.addCleanup(server.close)
        self.prometheus = RealPrometheus(place, [f"127.0.0.1:{server.port}"])
        self.addCleanup(self.prometheus.stop)
        self.prometheus.start()
        self.prometheus.wait_for("rollout_info")
        text = config(self.prometheus.url, "frames", ROLLOUTS)
        self.wall = Wall(text)
        self.addCleanup(self.wall.close)
        self.wall.start()
        self.wall.expect(**{rollout["name"]: "stable" for rollout in ROLLOUTS})

    def cast(self) -> Cluster:
        cluster = Cluster(epoch=time.time())
        cluster.create("shop/web", Spec(replicas=2), running=True)
        self.db = cluster.run(StatefulSet, "shop/db", QUICK)
        self.held = cluster.run(StatefulSet, "shop/held", QUICK, replicas=4, partition=3)
        self.part = cluster.run(StatefulSet, "shop/part", QUICK, replicas=3, partition=2)
        self.log = cluster.run(DaemonSet, "shop/log", QUICK, nodes=4)
        self.hand = cluster.run(DaemonSet, "shop/hand", QUICK, strategy="OnDelete")
        self.api = cluster.run(Rollout, "shop/api", QUICK)
        return cluster

    def order(self, act) -> None:
        """Does something to the cluster, now."""
        with self.live.now() as cluster:
            act(cluster.now, cluster.lag_s)

    # --- the stories; one daemon for each, all rollouts in it at once

    def test_each_kind_rolls_as_its_controller_does(self):
        def roll(now, lag_s):
            for workload in (self.db, self.held, self.part, self.log, self.hand, self.api):
                workload.rollout(now, lag_s)

        self.order(roll)
        self.wall.expect(db="progressing", log="progressing")
        paused = {"held": "paused", "hand": "paused", "api": "paused"}
        said = self.wall.expect(part="stable", db="stable", log="stable", **paused)
        self.assertEqual(said["plain"]["state"], "stable")  # a namespace alone is its Deployments
        # It was told neither of OnDelete nor of a partition: some still roll, which is more news.
        self.assertEqual(said["all"]["state"], "progressing")
        self.assertEqual(len(said["all"]["workloads"]), 7)
        self.assertAlmostEqual(said["held"]["progress"], 0.25)
        self.assertAlmostEqual(said["api"]["progress"], 0.2)
        self.assertEqual(self.wall.transitions("plain"), ["stable"])
        self.assertIn("progressing", self.wall.transitions("part"))

        def go_on(now, lag_s):
            for held in (self.held, self.part):
                held.move_partition(now, lag_s, 0)
            self.api.promote(now)
            for pod in self.hand.running:
                pod.terminate(now)
            self.hand.wake = now

        self.order(go_on)
        self.wall.expect(held="stable", api="stable", hand="stable", all="stable")
        self.assertNotIn("failed", self.wall.transitions("all"))

    def test_trouble_of_each_kind_is_reported(self):
        def harm(now, lag_s):
            self.db.rollout(now, lag_s, fault=Fault.IMAGE_PULL)
            self.log.lose(now, pods=1, seconds=600)
            self.part.lose(now, pods=1, seconds=600)
            self.api.rollout(now, lag_s)
            self.api.abort(now)

        self.order(harm)
        said = self.wall.expect(db="stalled", log="degraded", part="degraded", api="failed")
        self.assertEqual(said["all"]["state"], "failed")
        self.assertIn("abort", said["api"]["why"].lower())
        self.assertEqual(self.wall.ask("status").returncode, 4)

    def test_all_kinds_are_one_request_a_poll(self):
        before, begun = self.requests(), time.monotonic()
        time.sleep(4)
        polls = time.monotonic() - begun  # of one second each
        self.assertLessEqual(self.requests() - before, polls + 1)

    def requests(self) -> int:
        """Queries that Prometheus has been asked."""
        with urllib.request.urlopen(self.prometheus.url + "/metrics", timeout=10) as answer:
            text = answer.read().decode()
        asked = r'^prometheus_http_requests_total\{.*"/api/v1/query"\} (\S+)$'
        found = re.findall(asked, text, re.MULTILINE)
        return int(sum(map(float, found)))


if __name__ == "__main__":
    sys.exit(suite.main(prometheus.program))
