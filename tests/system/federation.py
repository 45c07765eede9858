"""A real Prometheus that federates another (/federate): its samples carry the time of the first
scrape, and nothing tells it that a series has ended, so it goes on answering with the last one for
minutes. What is deleted behind it leaves the bar all the same, and what dies behind it is not well
(evidence W2)."""

import pathlib
import sys
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path[:0] = [str(TOP / "tools"), str(TOP / "tests")]

from lib import prometheus  # noqa: E402
from peers import suite  # noqa: E402
from peers.picture import is_all_green, is_unknown  # noqa: E402
from peers.world import (  # noqa: E402
    MAX_AGE_S, POLL_S, SCRAPE_S, SLACK_S, TERMS, World,
)

BOUND_S = MAX_AGE_S + POLL_S + POLL_S
# A sample comes a scrape late, and is called old one scrape later; then two answers.
LEAVES_S = 3 * SCRAPE_S + 2 * POLL_S + MAX_AGE_S + SLACK_S
WHITE_S = 2 * POLL_S + SCRAPE_S + SLACK_S
WATCHED_S = 8.0
KNOWN_S = 2 * (SCRAPE_S + POLL_S) + SLACK_S  # by two samples of it a workload's pace is known


class Federation(World):
    def test_what_is_deleted_leaves_and_what_dies_is_not_well(self):
        live = self.cluster("shop/web", "shop/api", "shop/preview")
        exporter = self.exporter(live)
        near = self.prometheus("near", {"static_configs": [{"targets": [exporter.target]}]})
        federate = {
            "metrics_path": "/federate",
            "params": {"match[]": ['{__name__=~"kube_.*"}']},
            "static_configs": [{"targets": [f"127.0.0.1:{near.port}"]}],
        }
        far = self.prometheus("far", federate)
        far.wait_for("count(kube_deployment_metadata_generation) == 3")
        rollouts = [{"name": "shop", "namespace": "shop"} | TERMS]
        wall = self.wall(far.url, rollouts)
        self.wait_shown(wall, is_all_green, "green of what is federated")
        self.assertEqual(wall.expect(shop="stable")["shop"]["workloads_total"], 3)

        self.watch(wall, time.monotonic() + KNOWN_S)
        with self.subTest("a preview environment is deleted"):
            with live.now() as cluster:
                cluster.delete("shop/preview")
            deleted = time.monotonic()
            self.watch(wall, deleted + LEAVES_S)
            said = wall.said()["shop"]
            shown = said["state"], said["workloads_total"]
            self.assertEqual(shown, ("stable", 2), wall.reported())
            self.watch(wall, deleted + LEAVES_S + WATCHED_S)
            self.assertTrue(far.query('kube_deployment_created{deployment="preview"}'), "no test")
            self.assertLess(self.shown_s(wall, is_unknown, deleted), WHITE_S, wall.reported())
            self.assertTrue(is_all_green(wall.frames[-1]), wall.reported())

        exporter.kill()
        killed = time.monotonic()
        self.watch(wall, killed + BOUND_S + SLACK_S + WATCHED_S)
        self.assertTrue(far.query("kube_deployment_created"), "no test")
        self.assert_never_green(wall, killed + BOUND_S + SLACK_S, "the exporter is dead")
        self.assertEqual(wall.said()["shop"]["state"], "unknown")
        exporter.revive()
        self.wait_shown(wall, is_all_green, "green again")


if __name__ == "__main__":
    sys.exit(suite.main(prometheus.program))
