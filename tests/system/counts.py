"""Counts must add up, through a real Prometheus: with a recording rule that is missing or fails, or
an exporter that is not there any more, what is not known to be stable is unknown, and the words name
what to look for."""

import os
import pathlib
import re
import signal
import sys
import tempfile
import time
import unittest

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path[:0] = [str(TOP / "tools"), str(TOP / "tests")]

from cluster.cluster import Cluster, Fault, Spec, Template  # noqa: E402
from cluster.server import LiveCluster, Server  # noqa: E402
from lib import prometheus  # noqa: E402
from lib.daemon import config  # noqa: E402
from lib.prometheus import RealPrometheus  # noqa: E402
from peers import suite  # noqa: E402
from peers.wall import Wall  # noqa: E402

RULES = (TOP / "tools/prometheus/amberbar.rules.yml").read_text()
WORKLOADS = 30
SMALL = "120KiB"  # of an answer: 24 workloads
NAMES = ("count", "oldest", "rows", "settled", "unsettled")
FAILS = "kube_deployment_created * on (namespace) kube_deployment_created"  # many to many
CHANGED, MORE = "team-1/app-9", "team-1/more"
PATIENCE_S = 30.0


def split(rules: str) -> list[str]:
    """The start of the file, and each rule."""
    return re.split(r"(?=      - record: )", rules)


def is_rule(part: str, name: str) -> bool:
    return f"workloads:{name}\n" in part and "{kind: Deployment}" in part


def without(name: str) -> str:
    parts = split(RULES)
    left = [part for part in parts if not is_rule(part, name)]
    assert len(left) == len(parts) - 1, name
    return "".join(left)


def failing(name: str) -> str:
    expression = re.compile(r"        expr: .*", re.DOTALL)
    parts = [expression.sub(f"        expr: {FAILS}\n", part) if is_rule(part, name) else part
             for part in split(RULES)]
    assert sum(FAILS in part for part in parts) == 1, name
    return "".join(parts)


def as_before() -> str:
    """The rules of a file that does not count rows yet."""
    return "".join(part for part in split(RULES)
                   if not re.search(r"workloads:(rows|settled)\n", part))


def cast(deadline_s: float = 60.0) -> LiveCluster:
    cluster = Cluster(epoch=time.time())
    for number in range(WORKLOADS):
        spec = Spec(Template(start_s=0.5, stop_s=0.2), replicas=2, progress_deadline_s=deadline_s)
        cluster.create(f"team-{number % 4}/app-{number}", spec, running=True)
    return LiveCluster(cluster)


class Counts(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="amberbar-test-")
        self.addCleanup(directory.cleanup)
        self.place = pathlib.Path(directory.name)
        self.rules = self.place / "amberbar.rules.yml"

    def export(self, live: LiveCluster) -> str:
        server = Server(live)
        self.addCleanup(server.close)
        return f"127.0.0.1:{server.port}"

    def watch(self, targets: list[str], counted: str, flags=(), rules: str | None = None,
              **sections) -> None:
        if rules is not None:
            self.rules.write_text(rules)
            sections["rule_files"] = [str(self.rules)]
        self.prometheus = RealPrometheus(self.place, targets, flags=flags, **sections)
        self.addCleanup(self.prometheus.stop)
        self.prometheus.start()
        self.prometheus.wait_for(counted)
        rollout = {"name": "all", "namespace": "team-.*", "max_age": "10s"}
        text = config(self.prometheus.url, "frames", [rollout], max_response_size=SMALL,
                      recording_rules=rules is not None)
        self.wall = Wall(text)
        self.addCleanup(self.wall.close)
        self.wall.start()

    def load(self, rules: str) -> None:
        self.rules.write_text(rules)
        os.kill(self.prometheus.child.pid, signal.SIGHUP)

    def record(self, rules: str = RULES, flags=(), **spec) -> None:
        self.live = cast(**spec)
        self.watch([self.export(self.live)], f"sum(amberbar:workloads:count) == {WORKLOADS}",
                   flags, rules)

    def expect_unknown(self, words: str) -> None:
        """With these words; others may come first, while one evaluation says nothing yet."""
        self.wall.wait(f"saying {words!r}", lambda: words in self.wall.expect(all="unknown")["all"]["why"],
                       PATIENCE_S, 0.1)

    def spoil(self, rules: str, name: str) -> None:
        """Unknown while these are loaded, once anything is other than it was; then stable again."""
        self.load(rules)
        with self.live.now() as cluster:
            if name == "unsettled":  # while all is settled, that all is settled is counted
                cluster.rollout(CHANGED, fault=Fault.IMAGE_PULL)
            if name == "rows":  # while they are as many as are settled, they are no others
                cluster.create(MORE, Spec(Template(), replicas=1), running=True)
        self.expect_unknown("" if name == "oldest" else f"amberbar:workloads:{name} ")
        with self.live.now() as cluster:
            if name == "unsettled":
                cluster.rollout(CHANGED, fault=Fault.NONE)
            if name == "rows":
                cluster.delete(MORE)
        self.load(RULES)
        self.wall.expect(all="stable")

    def test_a_rule_that_is_missing_is_named(self):
        self.record()
        self.wall.expect(all="stable")
        for name in NAMES:
            with self.subTest(name):
                self.spoil(without(name), name)

    def test_a_rule_that_fails_is_named(self):
        self.record()
        self.wall.expect(all="stable")
        for name in NAMES:
            with self.subTest(name):
                self.spoil(failing(name), name)

    def test_what_is_listed_is_told_whichever_rule_is_missing(self):
        self.record(without("rows"), deadline_s=2.0)
        self.expect_unknown("amberbar:workloads:rows ")
        with self.live.now() as cluster:
            cluster.rollout(CHANGED, fault=Fault.IMAGE_PULL)
        self.wall.expect(all="failed")

    def test_a_server_that_has_no_room_for_the_heavy_rule(self):
        self.record(flags=[f"--query.max-samples={WORKLOADS * 5}"])
        self.expect_unknown("amberbar:workloads:settled ")
        self.assertNotIn("stable", self.wall.transitions("all"))

    def test_a_file_that_is_older_than_amberbar(self):
        self.record(as_before())
        self.expect_unknown("amberbar:workloads:rows ")
        self.assertNotIn("stable", self.wall.transitions("all"))
        done = self.wall.ask("once", "-c", self.wall.config)
        self.assertRegex(done.stdout, "note: .*workloads:rows.* older than this amberbar")

    def lose_a_cluster(self, rules: str | None) -> None:
        """And it comes back."""
        clusters = {"eu": cast(), "us": cast()}
        targets = {name: self.export(live) for name, live in clusters.items()}
        scrape = {"job_name": "ksm", "honor_labels": True,
                  "static_configs": [{"targets": [target], "labels": {"cluster": name}}
                                     for name, target in targets.items()]}
        counted = "amberbar:workloads:count" if rules else "kube_deployment_created"
        both = f"sum({counted}) == {2 * WORKLOADS}" if rules else f"count({counted}) == 60"
        self.watch([], both, rules=rules, scrape_configs=[scrape])
        self.wall.expect(all="stable")
        with clusters["us"].now() as cluster:
            cluster.rollout(CHANGED, fault=Fault.IMAGE_PULL)
        self.wall.expect(all="progressing")
        metrics = clusters["us"].metrics
        clusters["us"].metrics = lambda: ""
        self.expect_unknown("gone from Prometheus")
        time.sleep(5)  # several evaluations and polls: it stays so
        self.expect_unknown("gone from Prometheus")
        clusters["us"].metrics = metrics
        self.wall.expect(all="progressing")
        with clusters["us"].now() as cluster:
            cluster.rollout(CHANGED, fault=Fault.NONE)
        self.wall.expect(all="stable")
        clusters["us"].metrics = lambda: ""  # now nothing of it is unsettled
        self.expect_unknown(f"exporter {targets['us']} is gone from Prometheus")

    def test_a_cluster_that_goes_by_expressions(self):
        self.lose_a_cluster(None)

    def test_a_cluster_that_goes_by_recording_rules(self):
        self.lose_a_cluster(RULES)


if __name__ == "__main__":
    sys.exit(suite.main(prometheus.program))
