"""Two shards of an exporter, each with half of the workloads, before a real Prometheus; one dies.
What it told of is neither well nor gone, for as long as that lasts (evidence W2): in whole rows, in
a survey, and whether what it told last was good or bad."""

import pathlib
import sys
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path[:0] = [str(TOP / "tools"), str(TOP / "tests")]

from cluster.cluster import Fault  # noqa: E402
from lib import prometheus  # noqa: E402
from peers import suite  # noqa: E402
from peers.picture import is_all_green, is_red, shows, shows_green  # noqa: E402
from peers.world import (  # noqa: E402
    FORGET_S, MAX_AGE_S, POLL_S, SCRAPE_S, SLACK_S, TERMS, World,
)

BOUND_S = MAX_AGE_S + POLL_S + POLL_S
WATCHED_S = BOUND_S + 2 * FORGET_S + 6.0  # long past whatever forgets
SURVEYED = {"max_response_size": "9KiB"}  # room for one workload


class Shards(World):
    def setUp(self):
        super().setUp()
        self.lives = self.cluster("shop/web", "pay/till"), self.cluster("shop/api", "pay/books")
        self.shards = [self.exporter(live) for live in self.lives]
        targets = [shard.target for shard in self.shards]
        self.one = self.prometheus("one", {"static_configs": [{"targets": targets}]})
        self.one.wait_for("count(kube_deployment_metadata_generation) == 4")

    def pair(self, **terms):
        """A wall of what will fail in the second shard, one of what will be well."""
        rollouts = [{"name": name, "namespace": name} | TERMS for name in ("shop", "pay")]
        return [self.wall(self.one.url, [rollout], **terms) for rollout in rollouts]

    def test_a_shard_dies_and_comes_back(self):
        pairs = {"rows": self.pair(), "survey": self.pair(**SURVEYED)}
        for shop, pay in pairs.values():
            self.wait_shown(shop, is_all_green, "green of both shards")
            self.wait_shown(pay, is_all_green, "green of both shards")
        with self.lives[1].now() as cluster:
            cluster.rollout("shop/api", fault=Fault.IMAGE_PULL)
        for shop, _ in pairs.values():
            shop.expect(shop="failed")
        failed = time.monotonic()
        self.shards[1].kill()
        killed = time.monotonic()
        self.watch(pairs["rows"][0], killed + WATCHED_S)
        for name, (shop, pay) in pairs.items():
            with self.subTest("what had failed", asked=name):
                self.assert_never_green(shop, failed, "the shard that told of the failure is dead")
                self.assertIn(shop.said()["shop"]["state"], ("unknown", "failed"))
                self.assert_says(shop, self.shards[1].target, patience_s=SLACK_S)
            with self.subTest("what was well", asked=name):
                since = killed + BOUND_S + SLACK_S
                self.assert_never_green(pay, since, "half of it is not known")
                self.assertEqual(pay.said()["pay"]["state"], "unknown")
                self.assert_says(pay, self.shards[1].target, patience_s=SLACK_S)
        self.assertEqual(self.missed(pairs["rows"][1]), {self.shards[1].target})
        self.assertIn(f"source {self.shards[1].target} (Deployments): gone since ",
                      pairs["rows"][1].ask("status").stdout)
        self.check_return(pairs)

    def missed(self, wall) -> set[str]:
        """Of the sources in its status file."""
        sources = wall.status()["evidence"]["sources"]
        self.assertLessEqual({shard.target for shard in self.shards},
                             {source["source"] for source in sources})
        return {source["source"] for source in sources if source["missed"]}

    def check_return(self, pairs: dict) -> None:
        self.shards[1].revive()
        self.one.wait_for("count(kube_deployment_metadata_generation) == 4")
        back = time.monotonic()
        for name, (shop, pay) in pairs.items():
            with self.subTest("right again", asked=name):
                self.wait_shown(pay, is_all_green, "green of both shards again")
                self.assertLess(time.monotonic() - back, POLL_S + 2 * SCRAPE_S + 2 * SLACK_S)
                self.wait_shown(shop, lambda frame: shows(frame, is_red), "the failure again")
                self.assertFalse(shows_green(shop.frames[-1]), shop.reported())
        self.assertEqual(self.missed(pairs["rows"][1]), set())
        self.assertNotIn("gone since", pairs["rows"][1].ask("status").stdout)


if __name__ == "__main__":
    sys.exit(suite.main(prometheus.program))
