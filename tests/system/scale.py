"""More workloads than one answer has room for, through a real Prometheus: surveyed by expressions
and by recording rules. The limit is made small, so that sixty Deployments are too many."""

import pathlib
import re
import sys
import tempfile
import time
import unittest
import urllib.request

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path[:0] = [str(TOP / "tools"), str(TOP / "tests")]

from cluster.cluster import Cluster, Fault, Spec, Template  # noqa: E402
from cluster.daemonset import DaemonSet  # noqa: E402
from cluster.server import LiveCluster, Server  # noqa: E402
from lib import prometheus  # noqa: E402
from lib.daemon import config  # noqa: E402
from lib.prometheus import RealPrometheus  # noqa: E402
from peers import suite  # noqa: E402
from peers.wall import Wall  # noqa: E402

WORKLOADS = 60
SMALL = "120KiB"  # of an answer: 24 workloads
RULES = {"rule_files": [str(TOP / "tools/prometheus/amberbar.rules.yml")]}
ANSWER_SIZE = 'prometheus_http_response_size_bytes_%s{handler="/api/v1/query"}'
COUNTERS = {
    "bytes": ANSWER_SIZE % "sum",
    "answers": ANSWER_SIZE % "count",
    "connections": 'net_conntrack_listener_conn_accepted_total{listener_name="http"}',
}
POLLS = 5
PATIENCE_S = 60.0
ROLLOUTS = [
    {"name": "all", "namespace": "team-.*", "kinds": ["Deployment", "DaemonSet"]},
    {"name": "one", "namespace": "team-0", "deployment": "app-0"},
]


class Scale(unittest.TestCase):
    def start(self, sections: dict, workloads: int = WORKLOADS, rollouts=ROLLOUTS, **terms) -> None:
        directory = tempfile.TemporaryDirectory(prefix="amberbar-test-")
        self.addCleanup(directory.cleanup)
        place = pathlib.Path(directory.name)
        self.live = LiveCluster(self.cast(workloads))
        server = Server(self.live)
        self.addCleanup(server.close)
        target = f"127.0.0.1:{server.port}"
        self.prometheus = RealPrometheus(place, [target], **sections)
        self.addCleanup(self.prometheus.stop)
        self.prometheus.start()
        counted = f"sum(amberbar:workloads:count) == {workloads + 1}"  # rules follow one another
        self.prometheus.wait_for(counted if sections else "kube_deployment_created")
        text = config(self.prometheus.url, "frames", rollouts, max_response_size=SMALL, **terms)
        self.wall = Wall(text)
        self.addCleanup(self.wall.close)
        self.wall.start()
        self.wall.expect(**{rollout["name"]: "stable" for rollout in rollouts})

    def cast(self, workloads: int) -> Cluster:
        cluster = Cluster(epoch=time.time())
        for number in range(workloads):
            spec = Spec(Template(start_s=1.5, stop_s=0.5), replicas=3, progress_deadline_s=4.0)
            cluster.create(f"team-{number % 4}/app-{number}", spec, running=True)
        cluster.run(DaemonSet, "team-0/log", nodes=2)
        return cluster

    def story(self) -> None:
        """What surveys must not lose: who moves, who fails, how many there are."""
        said = self.wall.said()
        self.assertEqual(said["all"]["workloads_total"], WORKLOADS + 1)
        self.assertEqual(said["all"]["workloads"], [])
        self.assertIn(f"all {WORKLOADS + 1} workloads are stable", said["all"]["why"])

        with self.live.now() as cluster:
            for number in (0, 7, 8):
                cluster.rollout(f"team-{number % 4}/app-{number}")
        said = self.wall.expect(all="progressing", one="progressing")
        self.assertLess(said["all"]["progress"], 1)
        self.wall.expect(all="stable", one="stable")
        self.assertEqual(self.wall.transitions("all"), ["stable", "progressing", "stable"])

        with self.live.now() as cluster:
            cluster.rollout("team-1/app-9", fault=Fault.IMAGE_PULL)
            cluster.delete("team-2/app-10")
        said = self.wall.expect(all="failed", one="stable")
        self.assertEqual([each["name"] for each in said["all"]["workloads"]], ["app-9"])
        self.assertEqual(said["all"]["workloads_total"], WORKLOADS)

    def test_by_expressions(self):
        self.start({})
        self.story()

    def test_by_several_questions(self):
        """Of all kinds, so that no two surveys have room in one question."""
        teams = [f"team-{number}" for number in range(4)]
        every = ["Deployment", "StatefulSet", "DaemonSet", "Rollout"]
        long = "|".join(f"{'nowhere' * 4}-{number}" for number in range(2))
        rollouts = [{"name": team, "namespace": f"{team}|{long}", "kinds": every} for team in teams]
        self.start({}, rollouts=rollouts)
        for number, team in enumerate(teams):
            said = self.wall.said()[team]
            self.assertEqual(said["workloads"], [], "it is surveyed")
            self.assertEqual(said["workloads_total"], WORKLOADS // 4 + (number == 0))
        with self.live.now() as cluster:
            cluster.rollout("team-0/app-0", fault=Fault.IMAGE_PULL)
            cluster.rollout("team-3/app-3", fault=Fault.IMAGE_PULL)
        said = self.wall.expect(**dict.fromkeys(teams, "stable") | {"team-0": "failed", "team-3": "failed"})
        self.assertEqual([each["name"] for each in said["team-3"]["workloads"]], ["app-3"])

    def test_by_recording_rules(self):
        self.start(RULES, recording_rules=True)
        self.story()
        self.assertLess(self.answered_bytes(), 4000)

    def test_with_rules_a_poll_does_not_grow_with_the_cluster(self):
        sizes = {}
        for workloads in (WORKLOADS, WORKLOADS * 10):
            self.start(RULES, workloads, recording_rules=True)
            counted = self.polled()
            self.assertLess(counted["connections"], counted["answers"] / 2, "beside this look's")
            sizes[workloads] = counted["bytes"] / counted["answers"]
            self.assertIn(f"all {workloads + 1} workloads", self.wall.said()["all"]["why"])
            self.wall.stop()
            self.prometheus.stop()
        self.assertLess(sizes[WORKLOADS * 10], sizes[WORKLOADS] + 100, sizes)

    def test_rules_that_are_not_loaded(self):
        self.start({})
        self.wall.config.write_text(config(self.prometheus.url, "frames", ROLLOUTS, recording_rules=True))
        done = self.wall.ask("once", "-c", self.wall.config)
        self.assertEqual(done.returncode, 5, done.stdout)
        self.assertRegex(done.stdout, "note: .*load amberbar.rules.yml, then wait for one evaluation_interval")

    def test_an_exporter_that_stops_is_unknown(self):
        self.start({})
        self.live.metrics = lambda: ""
        said = self.wall.expect(all="unknown", one="unknown")
        self.assertIn("is its exporter", said["all"]["why"])

    def answered_bytes(self) -> float:
        """Of an answer, in the mean of all that Prometheus has given."""
        reported = self.reported()
        return reported["bytes"] / reported["answers"]

    def reported(self) -> dict[str, float]:
        """What Prometheus counts, asked on a connection of its own."""
        with urllib.request.urlopen(self.prometheus.url + "/metrics", timeout=10) as answer:
            text = answer.read().decode()
        return {
            what: float(re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)[1])
            for what, name in COUNTERS.items()
        }

    def polled(self) -> dict[str, float]:
        """What at least POLLS answers add to the counters, while the cluster stands still."""
        before, until = self.reported(), time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            time.sleep(POLLS)
            after = self.reported()
            if after["answers"] >= before["answers"] + POLLS:
                return {what: after[what] - before[what] for what in after}
            before["connections"] += 1  # this look's own
        self.fail(f"fewer than {POLLS} answers in {PATIENCE_S:.0f} s")


if __name__ == "__main__":
    sys.exit(suite.main(prometheus.program))
