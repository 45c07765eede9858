"""Two clusters that remote-write into one store; the agent of one is killed. Its samples stay in
the store for a while, then they are gone, and none of that makes its workloads well (evidence W2,
W3): asked for rows, surveyed, and by recording rules that the store evaluates."""

import pathlib
import sys
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path[:0] = [str(TOP / "tools"), str(TOP / "tests")]

from lib import prometheus  # noqa: E402
from peers import suite  # noqa: E402
from peers.picture import is_all_green  # noqa: E402
from peers.world import (  # noqa: E402
    FORGET_S, MAX_AGE_S, POLL_S, SCRAPE_S, SLACK_S, TERMS, World,
)

RULES = TOP / "tools/prometheus/amberbar.rules.yml"
BOUND_S = MAX_AGE_S + POLL_S + POLL_S
LOOKBACK_S = 10.0  # what the store still answers of a series that gets no samples
WATCHED_S = LOOKBACK_S + 2 * FORGET_S + 5.0
QUICK = {"batch_send_deadline": "200ms", "min_backoff": "50ms", "max_backoff": "500ms"}
ASKED = {
    "rows": {},
    "survey": {"max_response_size": "9KiB"},  # room for one workload
    "rules": {"recording_rules": True},
}


class RemoteWrite(World):
    def agent(self, cluster: str):
        """A Prometheus that scrapes its cluster and passes on what it sees."""
        exporter = self.exporter(self.cluster("shop/web", "shop/api"))
        self.targets[cluster] = exporter.target
        everywhere = {name: "1s" for name in ("scrape_interval", "scrape_timeout")}
        return self.prometheus(
            cluster,
            {"static_configs": [{"targets": [exporter.target]}]},
            **{"global": everywhere | {"external_labels": {"cluster": cluster}}},
            remote_write=[{"url": f"{self.store.url}/api/v1/write", "queue_config": QUICK}],
        )

    def test_an_agent_dies_and_comes_back(self):
        self.targets = {}
        flags = ["--web.enable-remote-write-receiver", f"--query.lookback-delta={LOOKBACK_S:.0f}s"]
        self.store = self.prometheus("store", flags=flags, rule_files=[str(RULES)])
        _, us = self.agent("eu-1"), self.agent("us-1")
        self.store.wait_for("count(kube_deployment_metadata_generation) == 4")
        self.store.wait_for("count(amberbar:workloads:count) == 2")
        rollouts = [{"name": "shop", "namespace": "shop"} | TERMS]
        url = self.store.url
        walls = {name: self.wall(url, rollouts, **terms) for name, terms in ASKED.items()}
        for name, wall in walls.items():
            self.wait_shown(wall, is_all_green, f"green of both clusters, asked for {name},")
        us.kill()
        killed = time.monotonic()
        self.watch(walls["rows"], killed + WATCHED_S)
        self.assertFalse(self.store.query('kube_deployment_created{cluster="us-1"}'), "no test")
        for name, wall in walls.items():
            with self.subTest("killed", asked=name):
                since = killed + BOUND_S + SLACK_S
                self.assert_never_green(wall, since, "of one cluster nothing comes")
                self.assertEqual(wall.said()["shop"]["state"], "unknown")
                self.assert_says(wall, self.targets["us-1"], patience_s=SLACK_S)
        us.start()
        self.store.wait_for("count(kube_deployment_metadata_generation) == 4")
        self.store.wait_for("count(amberbar:workloads:count) == 2")
        back = time.monotonic()
        for name, wall in walls.items():
            with self.subTest("back", asked=name):
                self.wait_shown(wall, is_all_green, "green of both clusters again")
                self.assertLess(time.monotonic() - back, POLL_S + 3 * SCRAPE_S + 2 * SLACK_S)


if __name__ == "__main__":
    sys.exit(suite.main(prometheus.program))
