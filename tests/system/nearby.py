"""What a rollout looks for is not there: a mistyped name, namespace, kind, cluster or label. What there is
instead is said by `once`, `doctor` and the running daemon, asked of a real Prometheus."""

import json
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

from cluster.cluster import Cluster, Spec  # noqa: E402
from cluster.server import LiveCluster, Server  # noqa: E402
from cluster.statefulset import StatefulSet  # noqa: E402
from lib import prometheus  # noqa: E402
from lib.daemon import config  # noqa: E402
from lib.prometheus import RealPrometheus  # noqa: E402
from peers import suite  # noqa: E402
from peers.wall import Wall  # noqa: E402

AMBERBAR = os.environ["AMBERBAR"]

# What is mistyped, the rollout, more of the section prometheus, and what is said of it.
ROWS = (
    ("a name", {"namespace": "cms", "deployment": "wbe"}, {},
     "no Deployment wbe in cms (there are web and worker); did you mean web?"),
    ("a name that is like none", {"namespace": "cms", "deployment": "payments"}, {},
     "no Deployment payments in cms (there are web and worker)"),
    ("a pattern of names", {"namespace": "cms", "deployment": "we.x"}, {},
     "no Deployment that matches we.x in cms (there are web and worker)"),
    ("a namespace", {"namespace": "csm", "deployment": "web"}, {},
     "no namespace csm (there are cms and shop); did you mean cms?"),
    ("a pattern of namespaces", {"namespace": "team-.*"}, {},
     "no namespace that matches team-.* (there are cms and shop)"),
    ("the kind of one", {"namespace": "cms", "statefulset": "web"}, {},
     "no StatefulSet web in cms, but a Deployment of that name: write deployment: web"),
    ("the kind of all", {"namespace": "cms", "kinds": ["StatefulSet"]}, {},
     "no StatefulSet in cms, but Deployments (there are web and worker): write kinds: [Deployment]"),
    ("the kind of a pattern of names", {"namespace": "cms", "statefulset": "postgres.*"}, {},
     "no StatefulSet that matches postgres.* in cms, only Deployments (there are web and worker)"),
    ("a kind of which there is none", {"namespace": "cms", "daemonset": "wbe"}, {},
     "no DaemonSet wbe in cms, only Deployments (there are web and worker); did you mean web?"),
    ("the cluster", {"namespace": "cms", "cluster": "eu-2"}, {},
     "no cluster eu-2 (there is eu-1); did you mean eu-1?"),
    ("the label of the clusters", {"namespace": "cms", "cluster": "eu-1"}, {"cluster_label": "region"},
     "no series has the label region: leave cluster out, or correct cluster_label"),
    ("the label of the namespaces", {"namespace": "cms"}, {"namespace_label": "ns"},
     "no series has the label ns: correct namespace_label"),
)


class Nearby(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="amberbar-test-")
        self.addCleanup(directory.cleanup)
        self.place = pathlib.Path(directory.name)
        cluster = Cluster(epoch=time.time())
        cluster.create("cms/web", Spec(replicas=2), running=True)
        cluster.create("cms/worker", Spec(replicas=1), running=True)
        cluster.run(StatefulSet, "shop/db", replicas=1)
        self.live = LiveCluster(cluster)
        server = Server(self.live)
        self.addCleanup(server.close)
        static = {"targets": [f"127.0.0.1:{server.port}"], "labels": {"cluster": "eu-1"}}
        self.one = RealPrometheus(self.place / "prometheus", [], scrape_configs=[
            {"job_name": "ksm", "honor_labels": True, "static_configs": [static]}])
        self.addCleanup(self.one.stop)
        self.one.start()
        self.one.wait_for("kube_statefulset_replicas")

    def ask(self, command: str, path: pathlib.Path) -> str:
        return subprocess.run([AMBERBAR, command, "--json", "-c", str(path)], capture_output=True,
                              text=True, timeout=60).stdout

    def test_once_and_doctor(self):
        path = self.place / "amberbar.yaml"
        for sentence, rollout, terms, words in ROWS:
            with self.subTest(sentence):
                path.write_text(config(self.one.url, "frames", [{"name": "it"} | rollout], **terms))
                [said] = json.loads(self.ask("once", path))["rollouts"]
                self.assertEqual(said["state"], "unknown")
                self.assertEqual(said["why"].removeprefix("unknown, "), words)
                reported = [finding["text"] for finding in json.loads(self.ask("doctor", path))["findings"]
                        if finding["result"] == "fault" and finding["check"] == "rollouts"]
                self.assertEqual([text.replace("unknown, ", "") for text in reported],
                                 [f"rollout it: {words}"])

    def test_a_kind_of_which_there_is_none_is_no_fault_of_the_exporter(self):
        path = self.place / "amberbar.yaml"
        path.write_text(config(self.one.url, "frames", [
            {"name": "it", "namespace": "cms", "kinds": ["Deployment", "DaemonSet"]},
            {"name": "argo", "namespace": "cms", "rollout": "web"}]))
        found = json.loads(self.ask("doctor", path))["findings"]
        metrics = {finding["text"]: finding["result"] for finding in found if finding["check"] == "metrics"}
        [daemonsets] = [text for text in metrics if "kube_daemonset_metadata_generation" in text]
        self.assertEqual(metrics[daemonsets], "note", found)
        self.assertIn("no DaemonSets", daemonsets)
        self.assertIn("fine if there are none", daemonsets)
        # Of Argo's controller nothing is there at all.
        [argo] = [text for text in metrics if "rollout_info" in text]
        self.assertEqual(metrics[argo], "fault", found)

    def test_the_daemon_says_it_until_it_is_there(self):
        rollouts = [{"name": "it", "namespace": "cms", "deployment": "wbe"},
                    {"name": "well", "namespace": "cms", "deployment": "web"},
                    {"name": "there", "namespace": "csm"}]
        wall = Wall(config(self.one.url, "frames", rollouts))
        self.addCleanup(wall.close)
        wall.start()
        hints = (("it", "did you mean web?"), ("there", "did you mean cms?"))
        wall.wait("hinting", lambda: (said := wall.said()) and all(
            words in said[name]["why"] for name, words in hints))
        wall.expect(well="stable", it="unknown", there="unknown")
        with self.live.now() as cluster:
            cluster.create("cms/wbe", Spec(replicas=1), running=True)
        self.assertNotIn("did you mean", wall.expect(it="stable")["it"]["why"])


if __name__ == "__main__":
    sys.exit(suite.main(prometheus.program))
