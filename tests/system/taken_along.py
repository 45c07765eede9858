"""Exporters that go and take a failed workload along, while others come or stay that could be taken
for their successors (evidence W2, W4): one exporter in the place of which one of two shards comes; a
shard that dies while the other one is succeeded; one of two clusters that no label tells apart.
Before a real Prometheus, in whole rows and in a survey: never green, and it says who is gone."""

import pathlib
import sys
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path[:0] = [str(TOP / "tools"), str(TOP / "tests")]

from cluster.cluster import Fault  # noqa: E402
from lib import prometheus  # noqa: E402
from peers import suite  # noqa: E402
from peers.picture import is_all_green  # noqa: E402
from peers.world import FORGET_S, MAX_AGE_S, POLL_S, TERMS, World  # noqa: E402

WATCHED_S = MAX_AGE_S + 2 * POLL_S + 2 * FORGET_S + 6.0  # long past whatever forgets
ASKED = {"rows": {}, "survey": {"max_response_size": "9KiB"}}  # room for one workload
WITHOUT_CREATED = {"metric_relabel_configs": [
    {"source_labels": ["__name__"], "regex": "kube_deployment_created", "action": "drop"}]}


class TakenAlong(World):
    def begin(self, count: int, *jobs: dict) -> None:
        self.one = self.prometheus("one", *jobs)
        self.one.wait_for(f"count(kube_deployment_metadata_generation) == {count}")
        rollouts = [{"name": "shop", "namespace": "shop"} | TERMS]
        self.walls = {name: self.wall(self.one.url, rollouts, **terms)
                      for name, terms in ASKED.items()}

    def fail_web(self, live) -> None:
        with live.now() as cluster:
            cluster.rollout("shop/web", fault=Fault.IMAGE_PULL)
        for wall in self.walls.values():
            wall.expect(shop="failed")

    def scrape(self, *targets: str) -> None:
        """From now on these, as after a change of its configuration."""
        job = {"job_name": "job-0", "honor_labels": True, "static_configs": [{"targets": targets}]}
        self.one.reload(scrape_configs=[job])

    def assert_gone(self, since: float, what: str, *targets: str) -> None:
        """It says that one of these is gone, which is all that can be known."""
        self.watch(self.walls["rows"], time.monotonic() + WATCHED_S)
        for name, wall in self.walls.items():
            with self.subTest(what, asked=name):
                self.assert_never_green(wall, since, what)
                self.assertEqual(wall.said()["shop"]["state"], "unknown", wall.reported())
                wall.wait(f"saying one of {targets}",
                          lambda: any(target in wall.why() for target in targets))

    def test_one_of_two_shards_comes_in_the_place_of_an_exporter(self):
        live = self.cluster("shop/web", "shop/api")
        old, shard = self.exporter(live), self.exporter(self.cluster("shop/api"))
        self.begin(2, {"static_configs": [{"targets": [old.target]}]})
        self.fail_web(live)
        since = time.monotonic()
        self.scrape(shard.target)
        old.kill()
        self.one.wait_for("count(kube_deployment_metadata_generation) == 1")
        self.assert_gone(since, "a shard has not come", old.target)
        for wall in self.walls.values():  # who starts it again says that it is gone for good
            wall.stop()
            wall.start()
            wall.expect(shop="stable")

    def test_a_shard_dies_while_another_is_succeeded(self):
        lives = self.cluster("shop/web", "shop/x"), self.cluster("shop/api", "shop/y")
        dying, old, new = (self.exporter(live) for live in (lives[0], lives[1], lives[1]))
        self.begin(4, {"static_configs": [{"targets": [dying.target, old.target]}]})
        for wall in self.walls.values():
            self.wait_shown(wall, is_all_green, "green of both shards")
        self.scrape(new.target)
        dying.kill()
        old.kill()
        self.one.wait_for("count(kube_deployment_metadata_generation) == 2")
        for wall in self.walls.values():
            wall.expect(shop="unknown")
        with lives[0].now() as cluster:
            cluster.rollout("shop/web", fault=Fault.IMAGE_PULL)
        self.assert_gone(time.monotonic(), "one of two shards is dead", dying.target, old.target)

    def check_twin(self, **job) -> None:
        """The second cluster's Deployment fails, and its exporter dies."""
        lives = [self.cluster("shop/web", age_s=age_s) for age_s in (0, 3600)]
        exporters = [self.exporter(live) for live in lives]
        self.begin(2, {"static_configs": [
            {"targets": [exporter.target], "labels": {"where": where}}
            for exporter, where in zip(exporters, "ab")]} | job)
        for wall in self.walls.values():
            if job:
                self.wait_shown(wall, is_all_green, "green of two that are alike")
            else:
                wall.expect(shop="unknown")
        with lives[1].now() as cluster:
            cluster.rollout("shop/web", fault=Fault.IMAGE_PULL)
        for wall in self.walls.values():
            wall.expect(shop="failed" if job else "unknown")
        since = time.monotonic()
        exporters[1].kill()
        self.one.wait_for("count(kube_deployment_metadata_generation) == 1")
        self.assert_gone(since, "the cluster that failed is not heard", exporters[1].target)
        exporters[1].revive()
        with lives[1].now() as cluster:
            cluster.undo("shop/web")
        for wall in self.walls.values():
            self.assertNotEqual(wall.said()["shop"]["state"], "stable", wall.reported())

    def test_two_clusters_that_no_label_tells_apart(self):
        self.check_twin()

    def test_two_clusters_that_nothing_tells_apart(self):
        self.check_twin(**WITHOUT_CREATED)


if __name__ == "__main__":
    sys.exit(suite.main(prometheus.program))
