"""Targets whose labels have the names of workloads' own, scraped by a real Prometheus with honor_labels
and without: with it the exporter's own stand, without it they are there as exported_..., and the config
says so for each kind."""

import os
import pathlib
import subprocess
import sys
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path[:0] = [str(TOP / "tools"), str(TOP / "tests")]

from cluster.argo import Rollout  # noqa: E402
from cluster.cluster import Cluster, Fault, Spec, Template  # noqa: E402
from cluster.daemonset import DaemonSet  # noqa: E402
from cluster.metrics import Exporter  # noqa: E402
from cluster.server import LiveCluster  # noqa: E402
from cluster.statefulset import StatefulSet  # noqa: E402
from lib import prometheus  # noqa: E402
from peers import suite  # noqa: E402
from peers.picture import shows_green  # noqa: E402
from peers.world import World  # noqa: E402

QUICK = Template(start_s=1.0, stop_s=0.5)
KINDS = ["Deployment", "StatefulSet", "DaemonSet", "Rollout"]
TARGET = {"namespace": "monitoring", "deployment": "ksm", "statefulset": "ksm", "daemonset": "ksm",
          "name": "ksm"}
LABELS = {kind: {"namespace": "exported_namespace", "name": f"exported_{label}"}
          for kind, label in (("deployment", "deployment"), ("statefulset", "statefulset"),
                              ("daemonset", "daemonset"), ("rollout", "name"))}
STYLES = {"whole": {}, "named": {"query_style": "named"}, "survey": {"max_response_size": "25KiB"}}
NAMES = [{"name": "web", "namespace": "shop", "deployment": "web"},
         {"name": "db", "namespace": "shop", "statefulset": "db"},
         {"name": "log", "namespace": "shop", "daemonset": "log"},
         {"name": "api", "namespace": "shop", "rollout": "api"},
         {"name": "all", "namespace": "shop", "kinds": KINDS}]
ALL = dict.fromkeys(("web", "db", "log", "api", "all"), "stable")
COUNT = 6  # workloads


class Labels(World):
    def cast(self, *, argo: bool = True) -> LiveCluster:
        cluster = Cluster(epoch=time.time())
        for name in ("web", "cart", "pay"):
            cluster.create(f"shop/{name}", Spec(QUICK, replicas=2, progress_deadline_s=5.0),
                           running=True)
        self.db = cluster.run(StatefulSet, "shop/db", QUICK)
        cluster.run(DaemonSet, "shop/log", QUICK, nodes=2)
        if argo:
            cluster.run(Rollout, "shop/api", QUICK)
        return LiveCluster(cluster, exporter=Exporter())

    def scraped(self, live, honor: bool, labels: dict | None = None):
        job = {"honor_labels": honor, "static_configs": [
            {"targets": [self.exporter(live).target], "labels": labels or TARGET}]}
        one = self.prometheus("one", job)
        one.wait_for("rollout_info")
        return one

    def break_deployment(self, live) -> None:
        with live.now() as cluster:
            cluster.rollout("shop/cart", fault=Fault.IMAGE_PULL)

    def tool(self, *arguments) -> str:
        done = subprocess.run([os.environ["AMBERBAR"], *map(str, arguments)], capture_output=True,
                              text=True, timeout=60)
        return done.stdout + done.stderr

    def expect_told_apart(self, one, live, **terms) -> None:
        walls = {name: self.wall(one.url, NAMES, **(terms | style)) for name, style in STYLES.items()}
        for name, wall in walls.items():
            with self.subTest(name):
                said = wall.expect(**ALL)
                self.assertEqual(said["all"]["workloads_total"], COUNT)
                self.wait_shown(wall, shows_green, "green")
                self.assertNotIn("honor_labels", wall.messages())
        self.break_deployment(live)
        for name, wall in walls.items():
            with self.subTest(name):
                said = wall.expect(all="failed", **{key: "stable" for key in ALL if key != "all"})
                self.assertIn("cart", said["all"]["why"])
                self.assertEqual([each["name"] for each in said["all"]["workloads"]
                                  if each["state"] == "failed"], ["cart"])

    def test_with_honor_labels_the_exporters_own_stand(self):
        live = self.cast()
        self.expect_told_apart(self.scraped(live, honor=True), live)

    def test_without_honor_labels_the_config_names_them(self):
        live = self.cast()
        self.expect_told_apart(self.scraped(live, honor=False), live, labels=LABELS)

    def test_a_hint_says_what_to_write_and_nothing_is_one(self):
        live = self.cast()
        one = self.scraped(live, honor=False)
        wall = self.wall(one.url, [{"name": "it", "namespace": "monitoring", "kinds": KINDS}])
        said = wall.expect(it="stable")
        self.assertEqual(said["it"]["workloads_total"], COUNT)  # each is still one of its own
        hint = ("labels of a target stand in the place of workloads' own, which are there as "
                "exported_...: it is scraped without honor_labels; set labels: {deployment: "
                "{namespace: exported_namespace, name: exported_deployment}, statefulset: "
                "{namespace: exported_namespace, name: exported_statefulset}, daemonset: "
                "{namespace: exported_namespace, name: exported_daemonset}, rollout: "
                "{namespace: exported_namespace, name: exported_name}}")
        self.assertIn(hint, wall.messages())
        self.break_deployment(live)
        wall.expect(it="failed")

        found = self.tool("discover", "--url", one.url)
        self.assertIn('labels: {deployment: {namespace: "exported_namespace", name: '
                      '"exported_deployment"}, statefulset: {namespace: "exported_namespace", name: '
                      '"exported_statefulset"}, daemonset: {namespace: "exported_namespace", name: '
                      '"exported_daemonset"}, rollout: {namespace: "exported_namespace", name: '
                      '"exported_name"}}', found)
        self.assertIn("namespace: shop, kinds: [Deployment, StatefulSet, DaemonSet, Rollout]}", found)
        self.assertIn("#   Deployment cart: ", found)
        self.assertNotIn("monitoring", found)
        pasted = self.place / "pasted.yaml"
        pasted.write_text(found)
        self.assertIn("1 of 6 workloads failed; cart: ", self.tool("once", "-c", pasted))
        reported = self.tool("doctor", "-c", wall.config)
        self.assertIn("labels: {deployment: {namespace: exported_namespace, name: "
                      "exported_deployment}}", reported)

    def test_argos_controller_without_and_kube_state_metrics_with(self):
        """Argo's shows its Rollouts under its own namespace, and one of each name in two."""
        live = self.cast(argo=False)
        argo = Cluster(epoch=time.time())
        self.api = argo.run(Rollout, "shop/api", QUICK)
        argo.run(Rollout, "bank/api", QUICK)
        controller = LiveCluster(argo, exporter=Exporter())
        own = {"namespace": "argo-rollouts", "pod": "argo-rollouts-1"}
        one = self.prometheus(
            "one", {"static_configs": [{"targets": [self.exporter(live).target]}]},
            {"honor_labels": False,
             "static_configs": [{"targets": [self.exporter(controller).target], "labels": own}]})
        one.wait_for("rollout_info and on() kube_deployment_metadata_generation")
        labels = {"rollout": {"namespace": "exported_namespace"}}
        bank = [{"name": "bank", "namespace": "bank", "rollout": "api"}]
        walls = {name: self.wall(one.url, NAMES + bank, labels=labels, **style)
                 for name, style in STYLES.items()}
        for name, wall in walls.items():
            with self.subTest(name):
                said = wall.expect(bank="stable", **ALL)
                self.assertEqual(said["all"]["workloads_total"], COUNT)
        with controller.now() as cluster:
            self.api.rollout(cluster.now, cluster.lag_s)
        for name, wall in walls.items():
            with self.subTest(name):
                wall.expect(api="paused", bank="stable", web="stable", all="paused")
        hinted = self.wall(one.url, [{"name": "both", "namespace": "shop|argo-rollouts",
                                      "kinds": KINDS}])
        hinted.expect(both="paused")
        self.assertIn("set labels: {rollout: {namespace: exported_namespace}}", hinted.messages())
        found = self.tool("discover", "--url", one.url)
        self.assertIn('labels: {rollout: {namespace: "exported_namespace"}}', found)
        self.assertIn("namespace: bank, kinds: [Rollout]}", found)


if __name__ == "__main__":
    sys.exit(suite.main(prometheus.program))
