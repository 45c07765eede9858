"""Lists of kept metrics, as they are met: the series that are missing are named, with what they cost and
the line for the list; what is known without them is never green. A real Prometheus drops the others."""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import unittest

sys.dont_write_bytecode = True
TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP / "tools"), str(TOP / "tests")]

from cluster.cluster import Cluster, Spec  # noqa: E402
from cluster.daemonset import DaemonSet  # noqa: E402
from cluster.server import LiveCluster, Server  # noqa: E402
from cluster.statefulset import StatefulSet  # noqa: E402
from lib import prometheus  # noqa: E402
from lib.daemon import config  # noqa: E402
from lib.prometheus import RealPrometheus  # noqa: E402
from peers import suite  # noqa: E402

AMBERBAR = os.environ["AMBERBAR"]
ROLLOUTS = [{"name": "web", "namespace": "shop", "deployment": "web"},
            {"name": "db", "namespace": "shop", "statefulset": "db"},
            {"name": "log", "namespace": "shop", "daemonset": "log"}]

# The default of Grafana's k8s-monitoring chart (default-allow-lists/kube-state-metrics.yaml).
GRAFANA = ("kube_daemonset.*|kube_statefulset.*|kube_deployment_(metadata_generation|spec_replicas|"
           "status_condition|status_observed_generation|status_replicas_available|"
           "status_replicas_updated)")
# The profile "minimal" (openshift/cluster-monitoring-operator, assets/kube-state-metrics).
OPENSHIFT = ("kube_daemonset_status_(current_number_scheduled|desired_number_scheduled|"
             "number_available|updated_number_scheduled)|kube_deployment_(metadata_generation|"
             "spec_replicas|status_observed_generation|status_replicas_available|"
             "status_replicas_updated)|kube_statefulset_(metadata_generation|replicas|"
             "status_current_revision|status_observed_generation|status_replicas|"
             "status_replicas_ready|status_replicas_updated|status_update_revision)")
# The managed set (cloud.google.com, GKE, kube state metrics).
GKE = ("kube_daemonset_status_(desired_number_scheduled|number_ready|updated_number_scheduled)|"
       "kube_deployment_(spec_replicas|status_replicas_available|status_replicas_updated)|"
       "kube_statefulset_(replicas|status_replicas_ready|status_replicas_updated)")
# That of the README: nothing is missing.
README = re.search(r"`(kube_\([^`]*rollout_info[^`]*)`", (TOP / "README.md").read_text()).group(1)
# Without the conditions all is known but failure.
NO_CONDITIONS = "kube_(daemonset|statefulset)_.*|kube_deployment_(created|meta|spec|status_[ort]).*"

WITHOUT = "Prometheus has no number of %s for it: add that to the keep list of the scrape, or let " \
          "kube-state-metrics export it"
# The list, and of each rollout the series that are missing; "": it is stable.
LISTS = {
    "grafana": (GRAFANA, {"web": "kube_deployment_status_replicas", "db": "", "log": ""}),
    "openshift": (OPENSHIFT, {
        "web": "kube_deployment_status_replicas", "db": "kube_statefulset_status_replicas_available",
        "log": "kube_daemonset_(metadata_generation|status_observed_generation)"}),
    "gke": (GKE, {
        "web": "kube_deployment_(metadata_generation|status_observed_generation|status_replicas)",
        "db": "kube_statefulset_(metadata_generation|status_observed_generation|status_replicas|"
              "status_replicas_available)",
        "log": "kube_daemonset_(metadata_generation|status_observed_generation|"
               "status_current_number_scheduled|status_number_available)"}),
    "readme": (README, {"web": "", "db": "", "log": ""}),
    "no conditions": (NO_CONDITIONS, {"web": "", "db": "", "log": ""}),
}


class KeepLists(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="amberbar-test-")
        self.addCleanup(directory.cleanup)
        self.place = pathlib.Path(directory.name)
        cluster = Cluster(epoch=time.time())
        cluster.create("shop/web", Spec(replicas=2), running=True)
        cluster.run(StatefulSet, "shop/db", replicas=2)
        cluster.run(DaemonSet, "shop/log", nodes=2)
        server = Server(LiveCluster(cluster))
        self.addCleanup(server.close)
        self.target = f"127.0.0.1:{server.port}"

    def prometheus(self, name: str, keep: str) -> RealPrometheus:
        job = {"job_name": "ksm", "honor_labels": True, "static_configs": [{"targets": [self.target]}],
               "metric_relabel_configs": [
                   {"source_labels": ["__name__"], "regex": keep, "action": "keep"}]}
        one = RealPrometheus(self.place / name, [], scrape_configs=[job])
        self.addCleanup(one.stop)
        one.start()
        one.wait_for("kube_deployment_spec_replicas")
        return one

    def ask(self, *arguments: str) -> str:
        return subprocess.run([AMBERBAR, *arguments], capture_output=True, text=True,
                              timeout=60).stdout

    def reported(self, path: pathlib.Path, result: str) -> list[dict]:
        findings = json.loads(self.ask("doctor", "--json", "-c", str(path)))["findings"]
        return [one for one in findings if one["check"] == "metrics" and one["result"] == result]

    def test_what_is_missing_is_named(self):
        for name, (keep, lacks) in LISTS.items():
            one = self.prometheus(name, keep)
            path = self.place / f"{name}.yaml"
            path.write_text(config(one.url, "frames", ROLLOUTS))
            status = json.loads(self.ask("once", "--json", "-c", str(path)))
            said = {rollout["name"]: rollout for rollout in status["rollouts"]}
            faults = self.reported(path, "fault")
            fixes = [fault["fix"] for fault in faults if fault["fix"]]
            found = self.ask("discover", "--url", one.url)
            for rollout, pattern in lacks.items():
                with self.subTest(name, rollout=rollout):
                    self.assertEqual(said[rollout]["state"], "unknown" if pattern else "stable")
                    if pattern:
                        self.assertEqual(said[rollout]["why"], "unknown, " + WITHOUT % pattern)
                        begin = "_".join(pattern.split("_")[:2]) + "_"
                        self.assertTrue(any(f"scrape: {begin}" in fix for fix in fixes), fixes)
                        self.assertRegex(found, r"#   For the keep list of the scrape: " + begin)
            self.assertEqual(any(lacks.values()), bool(faults), faults)
            if name == "readme":
                self.assertEqual((status["poll"]["remark"], self.reported(path, "note")), (None, []))
            one.stop()

    def test_what_misleads_is_a_note(self):
        one = self.prometheus("none", NO_CONDITIONS)
        path = self.place / "none.yaml"
        path.write_text(config(one.url, "frames", ROLLOUTS))
        words = ("no Deployment shows the condition Progressing: a rollout that Kubernetes gave up on is "
                 "shown as stalled, after stall_after, and never as failed; is "
                 "kube_deployment_status_condition in the keep list of the scrape?")
        self.assertIn(f"note: {words}\n", self.ask("once", "-c", str(path)))
        notes = self.reported(path, "note")
        self.assertEqual([note["fix"] for note in notes], [
            "add to the keep list of the scrape: kube_deployment_status_condition"], notes)
        self.assertNotIn("2.17", json.dumps(notes))


if __name__ == "__main__":
    sys.exit(suite.main(prometheus.program))
