"""`amberbar discover` against a real Prometheus: what it lists is true, and `check` accepts it."""

import os
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

sys.dont_write_bytecode = True
TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP / "tools"), str(TOP / "tests")]

from cluster.cluster import Cluster, Fault, Spec  # noqa: E402
from cluster.daemonset import DaemonSet  # noqa: E402
from cluster.metrics import Exporter  # noqa: E402
from cluster.server import LiveCluster, Server  # noqa: E402
from cluster.statefulset import StatefulSet  # noqa: E402
from lib import prometheus  # noqa: E402
from lib.process import free_port  # noqa: E402
from lib.prometheus import RealPrometheus  # noqa: E402
from peers import suite  # noqa: E402

AMBERBAR = os.environ["AMBERBAR"]


def run(*arguments: str | pathlib.Path) -> subprocess.CompletedProcess:
    command = [AMBERBAR, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


class Discover(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="amberbar-test-")
        self.addCleanup(directory.cleanup)
        self.place = pathlib.Path(directory.name)

    def prometheus(self, cluster: Cluster, exporter: Exporter = Exporter()) -> RealPrometheus:
        server = Server(LiveCluster(cluster, exporter=exporter))
        self.addCleanup(server.close)
        one = RealPrometheus(self.place, [f"127.0.0.1:{server.port}"])
        self.addCleanup(one.stop)
        one.start()
        one.wait_for("up == 1")
        return one

    def check(self, text: str) -> None:
        file = self.place / "found.yaml"
        file.write_text(text)
        done = run("check", "-c", file)
        self.assertEqual(done.returncode, 0, done.stderr + text)

    def test_lists_workloads_and_what_is_missing(self):
        cluster = Cluster(epoch=time.time())
        cluster.create("shop/web", Spec(replicas=4), running=True)
        cluster.create("shop/api", Spec(replicas=0), running=True)
        cluster.run(StatefulSet, "shop/db", replicas=2)
        cluster.run(DaemonSet, "on/log", nodes=3)  # a word that YAML takes for `true`
        cluster.rollout("shop/web", fault=Fault.IMAGE_PULL)
        one = self.prometheus(cluster, Exporter(version=(2, 16)))
        done = run("discover", "--url", one.url)
        self.assertEqual(done.returncode, 0, done.stderr)
        for line in (
            "# 4 workloads in 2 namespaces",
            "  # shop: 2 Deployments, 1 StatefulSet",
            "  #   Deployment web: 3 of 4 available, progressing",
            "  #   Deployment api: 0 of 0 available, scaled to zero",
            "  #   StatefulSet db: 2 of 2 available, stable",
            "  - {name: shop, namespace: shop, kinds: [Deployment, StatefulSet]}",
            "  #   DaemonSet log: 3 of 3 available, stable",
            '  - {name: "on", namespace: "on", kinds: [DaemonSet]}',
        ):
            self.assertIn(line + "\n", done.stdout)
        self.assertIn("# - no label `reason` (kube-state-metrics before 2.17)", done.stdout)
        self.assertIn("# - no Argo Rollouts", done.stdout)
        self.assertNotIn("kube-state-metrics before 2.2,", done.stdout)
        self.check(done.stdout)
        status = run("once", "-c", self.place / "found.yaml")
        self.assertEqual(status.returncode, 3, status.stdout)

        # Whatever a config says of Prometheus is used; its secrets are not repeated.
        own = self.place / "own.yaml"
        own.write_text(
            f"board: frames\nprometheus: {{url: {one.url}, max_response_size: 20KiB,\n"
            "  basic_auth: {username: wall, password: hidden}}\n"
            "rollouts: [{name: a, namespace: b}]\n"
        )
        again = run("discover", "-c", own)
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertIn("board: frames", again.stdout)
        self.assertIn(f"what else stands here in {own}", again.stdout)
        self.assertNotIn("hidden", again.stdout)
        self.assertIn("Deployment web: 3 of 4", again.stdout)
        self.check(again.stdout)

    def test_an_exporter_that_says_too_little_of_statefulsets(self):
        cluster = Cluster(epoch=time.time())
        cluster.create("shop/web", Spec(replicas=1), running=True)
        cluster.run(StatefulSet, "shop/db", replicas=2)
        one = self.prometheus(cluster, Exporter(version=(2, 1)))
        done = run("discover", "--url", one.url)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, "  #   StatefulSet db: .*unknown")
        self.assertIn("# - no kube_statefulset_status_replicas_available: nothing says how many pods "
                      "serve (kube-state-metrics says it from 2.2 on), so nothing is known of them\n"
                      "#   For the keep list of the scrape: "
                      "kube_statefulset_status_replicas_available\n", done.stdout)

    def test_several_clusters_in_one_store(self):
        jobs = []
        for number, name in enumerate(("eu-1", "us.2", "")):
            cluster = Cluster(epoch=time.time())
            cluster.create("shop/web", Spec(replicas=number + 1), running=True)
            if name == "eu-1":
                cluster.create("cms/web", Spec(replicas=1), running=True)
            server = Server(LiveCluster(cluster))
            self.addCleanup(server.close)
            static = {"targets": [f"127.0.0.1:{server.port}"], "labels": {"cluster": name}}
            jobs.append({"job_name": f"job-{number}", "honor_labels": True,
                         "static_configs": [static]})
        one = RealPrometheus(self.place, [], scrape_configs=jobs)
        self.addCleanup(one.stop)
        one.start()
        one.wait_for("count(kube_deployment_metadata_generation) == 4")
        done = run("discover", "--url", one.url)
        self.assertEqual(done.returncode, 0, done.stderr)
        for lines in (
            '  - {name: "eu-1/cms", cluster: eu-1, namespace: cms}\n',
            "  # shop in eu-1: 1 Deployment\n"
            "  #   Deployment web in eu-1: 1 of 1 available, stable\n"
            '  - {name: "eu-1/shop", cluster: eu-1, namespace: shop}\n',
            "  #   Deployment web in us.2: 2 of 2 available, stable\n"
            '  - {name: "us.2/shop", cluster: "us\\\\.2", namespace: shop}\n',
            "  # shop: 1 Deployment\n"
            "  #   in no cluster by its labels: this asks all clusters for it\n"
            "  #   Deployment web: 3 of 3 available, stable\n"
            "  - {name: shop, namespace: shop}\n",
        ):
            self.assertIn(lines, done.stdout)
        self.check(done.stdout)

    def test_more_namespaces_than_a_config_holds(self):
        cluster = Cluster(epoch=time.time())
        for number in range(40):
            cluster.create(f"team-{number:02}/web", Spec(replicas=1), running=True)
        one = self.prometheus(cluster)
        done = run("discover", "--url", one.url)
        self.assertEqual(done.returncode, 0, done.stderr)
        rollouts = [line for line in done.stdout.splitlines() if "{name:" in line]
        active = [line for line in rollouts if line.startswith("  - ")]
        self.assertEqual(len(rollouts), 40)
        self.assertGreater(len(active), 20)
        self.assertIn("too many for one config", done.stdout)
        self.check(done.stdout)

    def test_nothing_there(self):
        one = self.prometheus(Cluster())
        done = run("discover", "--url", one.url)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("scrape kube-state-metrics", done.stderr)

    def test_what_cannot_work(self):
        rows = (
            ("nobody listens", ["--url", f"http://127.0.0.1:{free_port()}"], 1, "nothing listens"),
            ("an address without a scheme", ["--url", f"127.0.0.1:{free_port()}"], 1, "nothing listens"),
            ("no address", ["--url", "htp://prometheus"], 2, 'discover: url does not begin'),
            ("two places", ["--url", "http://a", "-c", "b"], 2, "exclude each other"),
            ("no config", ["-c", self.place / "none"], 2, "there is no such file"),
        )
        for sentence, arguments, status, words in rows:
            with self.subTest(sentence):
                done = run("discover", *arguments)
                self.assertEqual((done.returncode, done.stdout), (status, ""))
                self.assertIn(words, done.stderr)


if __name__ == "__main__":
    sys.exit(suite.main(prometheus.program))
