"""What is daily life and no fault, through real Prometheuses: an exporter that is succeeded by
another (its pod was replaced), one that is restarted, a sibling that is deleted, a pair of
Prometheuses whose samples are of other times. It costs a poll of not knowing at most, so that
"unknown" keeps its meaning."""

import pathlib
import sys
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path[:0] = [str(TOP / "tools"), str(TOP / "tests")]

from lib import prometheus  # noqa: E402
from peers import suite  # noqa: E402
from peers.picture import is_all_green, is_unknown, shows_green  # noqa: E402
from peers.world import PATIENCE_S, SCRAPE_S, SLACK_S, World  # noqa: E402

POLL_S = 2.0  # long enough to tell one from two on a busy machine
ONE_POLL_S = 1.5 * POLL_S  # of not knowing
BACK_S = POLL_S + 2 * SCRAPE_S + SLACK_S  # from the end of a fault to green
QUIET_S = 5.0  # what shows itself late
# Long enough for whoever waits for what will not come back: that must not be how it gets right.
TERMS = {"max_age": "10s", "forget_after": "1h"}
QUICK = {"batch_send_deadline": "200ms", "min_backoff": "50ms", "max_backoff": "500ms"}
ASKED = {
    "rows": {"poll_interval": "2s"},
    "survey": {"poll_interval": "2s", "max_response_size": "9KiB"},  # room for one workload
}


class Successors(World):
    def setUp(self):
        super().setUp()
        self.live = self.cluster("shop/web", "shop/api")

    def walls(self, one) -> dict:
        rollouts = [{"name": "shop", "namespace": "shop"} | TERMS]
        walls = {name: self.wall(one.url, rollouts, **terms) for name, terms in ASKED.items()}
        for wall in walls.values():
            self.wait_shown(wall, is_all_green, "green")
        return walls

    def assert_at_most_a_poll(self, walls: dict, since: float, what: str,
                              workloads: int = 2) -> None:
        self.watch(walls["rows"], time.monotonic() + QUIET_S)
        for name, wall in walls.items():
            with self.subTest(what, asked=name):
                shown = self.shown_s(wall, is_unknown, since)
                self.assertLess(shown, ONE_POLL_S, f"unknown for {shown:.1f} s; {wall.reported()}")
                self.assertTrue(is_all_green(wall.frames[-1]), wall.reported())
                self.wait_total(wall, workloads)

    def wait_total(self, wall, workloads: int) -> None:
        """A survey counts less often than it asks for what is not settled."""
        wall.wait(f"counting {workloads}", lambda: wall.said()["shop"]["workloads_total"] == workloads,
                  PATIENCE_S, 0.1)

    def test_an_exporter_is_succeeded_and_a_sibling_deleted(self):
        """The new exporter is there first, as a Deployment rolls; later it is the last to come."""
        old, new, third = (self.exporter(self.live) for _ in range(3))
        one = self.prometheus("one", {"static_configs": [{"targets": [old.target]}]})
        one.wait_for("count(kube_deployment_metadata_generation) == 2")
        walls = self.walls(one)
        begun = time.monotonic()
        self.scrape(one, old.target, new.target)
        one.wait_for("count(kube_deployment_metadata_generation) == 4")
        self.scrape(one, new.target)
        old.kill()
        one.wait_for("count(kube_deployment_metadata_generation) == 2")
        self.assert_at_most_a_poll(walls, begun, "a successor that was there first")

        new.kill()
        one.wait_for("absent(kube_deployment_metadata_generation)")
        self.scrape(one, third.target)
        one.wait_for("count(kube_deployment_metadata_generation) == 2")
        back = time.monotonic()
        for name, wall in walls.items():
            with self.subTest("a successor that came later", asked=name):
                self.wait_shown(wall, is_all_green, "green as the successor tells")
                self.assertLess(time.monotonic() - back, BACK_S + SLACK_S)

        begun = time.monotonic()
        with self.live.now() as cluster:
            cluster.delete("shop/api")
        one.wait_for("count(kube_deployment_metadata_generation) == 1")
        self.assert_at_most_a_poll(walls, begun, "a sibling deleted", 1)

    def scrape(self, one, *targets: str) -> None:
        """From now on these, as after a change of its configuration."""
        job = {"job_name": "job-0", "honor_labels": True, "static_configs": [{"targets": targets}]}
        one.reload(scrape_configs=[job])

    def test_a_pair_of_prometheuses_writes_into_one_store(self):
        """Each labels what it scrapes as its own; one is up to three seconds behind."""
        store = self.prometheus("store", flags=["--web.enable-remote-write-receiver"])
        exporter = self.exporter(self.live)
        for replica, interval in (("a", "1s"), ("b", "3s")):
            everywhere = {"scrape_interval": interval, "scrape_timeout": "1s"}
            self.prometheus(
                replica,
                {"static_configs": [{"targets": [exporter.target]}]},
                **{"global": everywhere | {"external_labels": {"prometheus_replica": replica}}},
                remote_write=[{"url": f"{store.url}/api/v1/write", "queue_config": QUICK}],
            )
        store.wait_for("count(kube_deployment_metadata_generation) == 4")
        walls = self.walls(store)
        begun = time.monotonic()
        self.assert_at_most_a_poll(walls, begun, "a pair with nothing to tell")
        with self.live.now() as cluster:
            cluster.rollout("shop/web")
        for wall in walls.values():
            wall.expect(shop="progressing")
            self.assertFalse(shows_green(wall.frames[-1]))
        for wall in walls.values():
            wall.expect(shop="stable")
        self.assert_at_most_a_poll(walls, begun, "a rollout told of by a pair")
        for name, wall in walls.items():
            with self.subTest("each state once", asked=name):
                reported = [state for state in wall.transitions("shop") if state != "unknown"]
                self.assertEqual(reported, ["stable", "progressing", "stable"])


if __name__ == "__main__":
    sys.exit(suite.main(prometheus.program))
