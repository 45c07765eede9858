"""`amberbar doctor` beside a daemon that runs: a look that has no memory is not said to be all there is.
A real Prometheus, two exporters, of which one dies."""

import json
import pathlib
import re
import sys

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path[:0] = [str(TOP / "tools"), str(TOP / "tests")]

from lib import prometheus  # noqa: E402
from peers import suite  # noqa: E402
from peers.world import TERMS, World  # noqa: E402

class Doctor(World):
    def findings(self, wall, check: str = "daemon") -> list[tuple[str, str]]:
        done = wall.ask("doctor", "--json", "-c", wall.config)
        reported = json.loads(done.stdout)
        faults = [one for one in reported["findings"] if one["result"] == "fault"]
        self.assertEqual(done.returncode, 1 if faults else 0, done.stdout)
        return [(one["result"], one["text"]) for one in reported["findings"] if one["check"] == check]

    def test_what_only_the_daemon_remembers(self):
        lives = self.cluster("shop/web"), self.cluster("shop/api")
        shards = [self.exporter(live) for live in lives]
        one = self.prometheus("one", {"static_configs": [
            {"targets": [shard.target for shard in shards]}]})
        one.wait_for("count(kube_deployment_metadata_generation) == 2")
        wall = self.wall(one.url, [{"name": "shop", "namespace": "shop"} | TERMS])
        wall.expect(shop="stable")
        reported = self.findings(wall)
        self.assertEqual([result for result, _ in reported], ["ok"], reported)
        self.assertIn("knows the state of all 1 that it shows", reported[0][1])

        shards[1].kill()
        wall.expect(shop="unknown")
        self.assertEqual([result for result, text in self.findings(wall, "rollouts")
                          if text.startswith("rollout shop")], ["ok"], "one look sees one exporter")
        reported = self.findings(wall)
        self.assertEqual({result for result, _ in reported}, {"fault"}, reported)
        gone = [text for _, text in reported if "is gone from Prometheus since" in text]
        self.assertEqual(len(gone), 1, reported)
        self.assertIn(shards[1].target, gone[0])
        self.assertTrue(any(re.match(r"the wall's rollout shop is unknown since \d{4}-\d\d-\d\d "
                                     r"\d\d:\d\d:\d\d [+-]\d{4}: ", text) for _, text in reported), reported)

        wall.child.kill()
        reported = self.findings(wall)
        self.assertEqual([result for result, _ in reported], ["fault"], reported)
        self.assertIn("the daemon ended without a word", reported[0][1])
        (wall.directory / "status.json").unlink()
        reported = self.findings(wall)
        self.assertEqual([result for result, _ in reported], ["note"], reported)
        self.assertIn("doctor and once have no memory", reported[0][1])

    def test_samples_that_have_ended(self):
        exporter = self.exporter(self.cluster("shop/web"))
        one = self.prometheus("one", {"static_configs": [{"targets": [exporter.target]}]})
        one.wait_for("max(count_over_time(kube_deployment_metadata_generation[1m])) > 12")
        wall = self.wall(one.url, [{"name": "shop", "namespace": "shop"} | TERMS])
        self.assertIn("has a new sample every", self.findings(wall, "scrapes")[0][1])
        exporter.kill()
        reported = wall.wait("missing samples", lambda: [
            text for result, text in self.findings(wall, "scrapes") if result == "fault"], 60)
        self.assertRegex(reported[0], r"^kube_deployment_metadata_generation had a new sample every 1 s "
                                  r"until \d\d:\d\d:\d\d, \d+ s ago: it is scraped no more")


if __name__ == "__main__":
    sys.exit(suite.main(prometheus.program))
