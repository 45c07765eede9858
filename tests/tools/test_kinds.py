"""The simulated StatefulSets, DaemonSets and Argo Rollouts against the rules they stand for."""

import pathlib
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools"))

from cluster.argo import Rollout  # noqa: E402
from cluster.cluster import Cluster, Fault  # noqa: E402
from cluster.daemonset import DaemonSet  # noqa: E402
from cluster.metrics import Exporter  # noqa: E402
from cluster.spec import Template  # noqa: E402
from cluster.statefulset import StatefulSet  # noqa: E402


def seen(cluster: Cluster, workload) -> dict[str, float | str]:
    """{"replicas": 3, ...}: what is exported, with the last words of the metrics as keys."""
    found = {}
    for metric, (labels, value) in workload.samples(cluster.now, cluster.epoch):
        short = metric.removeprefix("kube_statefulset_").removeprefix("kube_daemonset_")
        short = short.removeprefix("status_").removeprefix("rollout_info_")
        found[short] = labels.get("revision") or labels.get("phase") or value
    return found


def story(cluster: Cluster, workload, fields: str, seconds: int) -> list[str]:
    """The exported numbers as "3/0/3", second by second, each once."""
    reported = []
    for _ in range(seconds):
        cluster.step(1)
        numbers = "/".join(str(seen(cluster, workload)[field]) for field in fields.split())
        if reported[-1:] != [numbers]:
            reported.append(numbers)
    return reported


class StatefulSets(unittest.TestCase):
    FIELDS = "replicas replicas_updated replicas_ready"

    def start(self, **spec):
        cluster = Cluster(lag_s=0.0)
        return cluster, cluster.run(StatefulSet, "shop/db", **spec)

    def test_runs_at_once(self):
        cluster, db = self.start()
        found = seen(cluster, db)
        self.assertEqual(found["replicas_available"], 3)
        self.assertEqual(found["current_revision"], found["update_revision"])

    def test_renews_pods_one_by_one_from_the_highest(self):
        cluster, db = self.start(replicas=2)
        db.rollout(cluster.now, 0.0)
        reported = story(cluster, db, self.FIELDS, 20)
        self.assertEqual(reported, ["2/0/1", "2/1/1", "2/1/2", "2/1/1", "2/2/1", "2/2/2"])
        found = seen(cluster, db)
        self.assertEqual(found["current_revision"], found["update_revision"])

    def test_a_partition_holds_the_rest_back(self):
        cluster, db = self.start(replicas=4, partition=3)
        db.rollout(cluster.now, 0.0)
        self.assertEqual(story(cluster, db, self.FIELDS, 30)[-1], "4/1/4")
        found = seen(cluster, db)
        self.assertNotEqual(found["current_revision"], found["update_revision"])
        db.move_partition(cluster.now, 0.0, 0)
        self.assertEqual(story(cluster, db, self.FIELDS, 60)[-1], "4/4/4")

    def test_on_delete_waits_for_somebody(self):
        cluster, db = self.start(strategy="OnDelete")
        db.rollout(cluster.now, 0.0)
        self.assertEqual(story(cluster, db, self.FIELDS, 30), ["3/0/3"])
        db.delete_pod(cluster.now, 1)
        self.assertEqual(story(cluster, db, self.FIELDS, 30)[-1], "3/1/3")

    def test_a_terminating_pod_counts_as_long_as_it_is_there(self):
        cluster, db = self.start(replicas=1, template=Template(stop_s=6.0, drain_s=3.0))
        db.rollout(cluster.now, 0.0)
        fields = self.FIELDS + " replicas_current"
        expected = ["1/0/1/0", "1/0/0/0", "1/1/0/0", "1/1/1/1"]
        self.assertEqual(story(cluster, db, fields, 12), expected)

    def test_parallel_pods_come_and_go_together_and_are_renewed_one_by_one(self):
        cluster, db = self.start(replicas=2, ordered=False)
        db.scale(cluster.now, 0.0, 4)
        self.assertEqual(story(cluster, db, self.FIELDS, 5), ["4/4/2", "4/4/4"])
        db.scale(cluster.now, 0.0, 1)
        self.assertEqual(story(cluster, db, self.FIELDS, 5), ["4/1/1", "1/1/1"])
        db.scale(cluster.now, 0.0, 2)
        cluster.step(5)
        db.rollout(cluster.now, 0.0)
        self.assertEqual(min(row[-1] for row in story(cluster, db, self.FIELDS, 20)), "1")

    def test_minimum_ready_seconds_part_ready_from_available(self):
        cluster, db = self.start(replicas=1, min_ready_s=4.0)
        db.rollout(cluster.now, 0.0)
        # The look after 4 s comes too early, and the next is 4 s later.
        reported = story(cluster, db, "replicas_ready replicas_available", 20)
        self.assertEqual(reported, ["0/0", "1/0", "1/1"])
        self.assertEqual(db.status.observed_generation, 2)

    def test_an_undo_returns_to_the_revision_before(self):
        cluster, db = self.start(replicas=1)
        first = seen(cluster, db)["update_revision"]
        db.rollout(cluster.now, 0.0)
        cluster.step(20)
        self.assertNotEqual(seen(cluster, db)["update_revision"], first)
        db.undo(cluster.now, 0.0)
        cluster.step(20)
        self.assertEqual(seen(cluster, db)["current_revision"], first)

    def test_without_a_controller_manager_the_status_stays_as_it_was(self):
        cluster, db = self.start()
        before = db.status
        cluster.stop_controllers()
        db.rollout(cluster.now, 0.0)
        db.delete_pod(cluster.now, 2)
        cluster.step(30)
        self.assertEqual((db.status, len(db.pods)), (before, 2))
        cluster.start_controllers()
        cluster.step(60)
        self.assertEqual((db.status.updated, db.status.ready), (3, 3))

    def test_an_exhausted_quota_creates_no_pod(self):
        cluster, db = self.start(replicas=1)
        db.hindrance = Fault.QUOTA
        db.scale(cluster.now, 0.0, 2)
        self.assertEqual(story(cluster, db, self.FIELDS, 10), ["1/1/1"])

    def test_stops_at_a_pod_that_does_not_start(self):
        cluster, db = self.start()
        db.rollout(cluster.now, 0.0, fault=Fault.IMAGE_PULL)
        self.assertEqual(story(cluster, db, self.FIELDS, 100)[-1], "3/1/2")

    def test_grows_and_shrinks(self):
        cluster, db = self.start()
        db.scale(cluster.now, 0.0, 5)
        self.assertEqual(story(cluster, db, self.FIELDS, 30)[-1], "5/5/5")
        db.scale(cluster.now, 0.0, 1)
        self.assertEqual(story(cluster, db, self.FIELDS, 30)[-1], "1/1/1")


class DaemonSets(unittest.TestCase):
    FIELDS = (
        "desired_number_scheduled current_number_scheduled "
        "updated_number_scheduled number_ready"
    )

    def start(self, **spec):
        cluster = Cluster(lag_s=0.0)
        return cluster, cluster.run(DaemonSet, "kube-system/log", **spec)

    def test_renews_one_node_after_the_other(self):
        cluster, log = self.start(nodes=2)
        log.rollout(cluster.now, 0.0)
        reported = story(cluster, log, self.FIELDS, 20)
        expected = ["2/2/0/1", "2/2/1/1", "2/2/1/2", "2/2/1/1", "2/2/2/1", "2/2/2/2"]
        self.assertEqual(reported, expected)

    def test_a_surging_node_counts_by_its_oldest_pod(self):
        cluster, log = self.start(nodes=1, max_surge=1, max_unavailable=0)
        log.rollout(cluster.now, 0.0)
        # The new pod serves after 3 s; the old one is gone 2 s later.
        self.assertEqual(
            story(cluster, log, self.FIELDS, 20), ["1/1/0/1", "1/1/0/0", "1/1/1/1"]
        )

    def test_a_pod_that_does_not_serve_uses_up_what_may_be_missing(self):
        cluster, log = self.start(nodes=4)
        log.rollout(cluster.now, 0.0, fault=Fault.IMAGE_PULL)
        self.assertEqual(story(cluster, log, self.FIELDS, 30)[-1], "4/4/1/3")
        log.rollout(cluster.now, 0.0, fault=Fault.NONE)
        ready = [row.split("/")[-1] for row in story(cluster, log, self.FIELDS, 60)]
        self.assertEqual(set(ready), {"3", "4"})

    def test_nodes_come_and_go_without_a_generation(self):
        cluster, log = self.start(nodes=2)
        log.resize(cluster.now, 3)
        self.assertEqual(story(cluster, log, self.FIELDS, 10)[-1], "3/3/3/3")
        log.resize(cluster.now, 1)
        self.assertEqual(story(cluster, log, self.FIELDS, 10)[-1], "1/1/1/1")
        self.assertEqual(log.generation, 1)

    def test_on_delete_waits(self):
        cluster, log = self.start(strategy="OnDelete")
        log.rollout(cluster.now, 0.0)
        self.assertEqual(story(cluster, log, self.FIELDS, 20), ["3/3/0/3"])


class Rollouts(unittest.TestCase):
    FIELDS = "rollout_info replicas_updated replicas_available"

    def start(self, **spec):
        cluster = Cluster(lag_s=0.0)
        return cluster, cluster.run(Rollout, "shop/api", **spec)

    def test_a_canary_pauses_at_its_step_until_it_is_promoted(self):
        cluster, api = self.start()
        api.rollout(cluster.now, 0.0)
        self.assertEqual(story(cluster, api, self.FIELDS, 20)[-1], "Paused/1/5")
        api.promote(cluster.now)
        reported = story(cluster, api, self.FIELDS, 20)
        self.assertTrue(reported[0].startswith("Progressing"), reported)
        self.assertEqual(reported[-1], "Completed/5/5")

    def test_an_aborted_canary_is_taken_back(self):
        cluster, api = self.start()
        api.rollout(cluster.now, 0.0)
        cluster.step(10)
        api.abort(cluster.now)
        self.assertEqual(story(cluster, api, self.FIELDS, 20)[-1], "Abort/0/5")

    def test_blue_and_green_stand_side_by_side_for_a_while(self):
        cluster, api = self.start(strategy="blueGreen")
        api.rollout(cluster.now, 0.0)
        reported = story(cluster, api, self.FIELDS, 60)
        self.assertEqual(reported[:2], ["Progressing/5/5", "Completed/5/10"])
        self.assertEqual(reported[-1], "Completed/5/5")

    def test_is_exported(self):
        cluster, _ = self.start()
        text = Exporter().text(cluster)
        self.assertIn('rollout_info{namespace="shop",name="api",phase="Completed",', text)
        self.assertIn('rollout_info_replicas_desired{namespace="shop",name="api"} 5', text)


if __name__ == "__main__":
    unittest.main()
