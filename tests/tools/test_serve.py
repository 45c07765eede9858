"""What the simulated cluster tells the world: its metrics, its commands, its program."""

import pathlib
import re
import signal
import subprocess
import sys
import unittest
import urllib.error
import urllib.request

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(TOP / "tools"))

from cluster.cluster import Cluster, Fault, Refused, Spec  # noqa: E402
from cluster.command import run_line  # noqa: E402
from cluster.metrics import Exporter  # noqa: E402
from cluster.server import LiveCluster, Server  # noqa: E402
from cluster.stories import STORIES, quiet  # noqa: E402

SAMPLE = re.compile(r'([a-z_]+)\{((?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)+)\} ([0-9.e+]+)')
LABEL = re.compile(r'([a-z_]+)="((?:[^"\\\n]|\\["\\n])*)"')


def parsed(text: str) -> dict[tuple, float]:
    """{(name, frozenset of labels): value}; fails on a line that is no sample, or one twice."""
    samples = {}
    for line in text.splitlines():
        if line.startswith(("# HELP ", "# TYPE ")):
            continue
        name, labels, value = SAMPLE.fullmatch(line).groups()
        key = name, frozenset(LABEL.findall(labels))
        assert key not in samples, f"twice: {line}"
        samples[key] = float(value)
    return samples


def a_cluster() -> Cluster:
    cluster = Cluster()
    quiet(cluster)
    cluster.rollout("cms/web", fault=Fault.IMAGE_PULL)
    cluster.delete("shop/checkout", foreground=True)
    cluster.step(1)
    return cluster


class Metrics(unittest.TestCase):
    def value(self, text: str, name: str, **labels) -> float | None:
        labels = {"namespace": "cms", "deployment": "web"} | labels
        return parsed(text).get((name, frozenset(labels.items())))

    def test_values(self):
        text = Exporter().text(a_cluster())
        rows = (
            ("kube_deployment_metadata_generation", {}, 2),
            ("kube_deployment_status_observed_generation", {}, 2),
            ("kube_deployment_spec_replicas", {}, 8),
            ("kube_deployment_spec_paused", {}, 0),
            ("kube_deployment_status_replicas", {}, 10),
            ("kube_deployment_status_replicas_updated", {}, 4),
            ("kube_deployment_status_replicas_ready", {}, 6),
            ("kube_deployment_status_replicas_available", {}, 6),
            ("kube_deployment_status_replicas_unavailable", {}, 4),
            ("kube_deployment_spec_strategy_rollingupdate_max_surge", {}, 2),
            ("kube_deployment_spec_strategy_rollingupdate_max_unavailable", {}, 2),
            ("kube_deployment_created", {}, 1.7e9 - 86_400),
            ("kube_deployment_deletion_timestamp", {}, None),
            ("kube_deployment_deletion_timestamp",
             {"namespace": "shop", "deployment": "checkout"}, 1.7e9),
            ("kube_deployment_spec_strategy_rollingupdate_max_surge",
             {"namespace": "shop", "deployment": "cart"}, None),
            ("kube_deployment_status_condition",
             {"condition": "Progressing", "status": "true", "reason": "ReplicaSetUpdated"}, 1),
            ("kube_deployment_status_condition",
             {"condition": "Progressing", "status": "false", "reason": "ReplicaSetUpdated"}, 0),
            ("kube_deployment_status_condition",
             {"condition": "Available", "status": "true", "reason": "MinimumReplicasAvailable"}, 1),
        )
        for name, labels, expected in rows:
            with self.subTest(name, **labels):
                self.assertEqual(self.value(text, name, **labels), expected)

    def test_exactly_one_status_of_a_condition_is_true(self):
        sums = {}
        for (name, labels), value in parsed(Exporter().text(a_cluster())).items():
            if name == "kube_deployment_status_condition":
                labels = {k: v for k, v in labels if k != "status"}
                key = tuple(sorted(labels.items()))
                sums[key] = sums.get(key, 0) + value
        self.assertEqual(set(sums.values()), {1})

    def test_what_older_versions_lack(self):
        rows = (
            ("2.18 has the reason", (2, 18), "reason=", True),
            ("2.16 has no reason", (2, 16), "reason=", False),
            ("2.17 has the deletion", (2, 17), "deletion_timestamp", True),
            ("2.16 has no deletion", (2, 16), "deletion_timestamp", False),
            ("2.18 has the terminating", (2, 18), "terminating_replicas{", True),
            ("2.17 has no terminating", (2, 17), "terminating_replicas", False),
            ("2.1 has no ready", (2, 1), "replicas_ready", False),
        )
        for sentence, version, word, present in rows:
            with self.subTest(sentence):
                text = Exporter(version, terminating=True).text(a_cluster())
                self.assertEqual(word in text, present)

    def test_names_are_escaped(self):
        cluster = Cluster()
        cluster.create('odd/a"b\\c\nd', Spec())
        self.assertIn(r'deployment="a\"b\\c\nd"', Exporter().text(cluster))

    def test_promtool_agrees(self):
        from lib import debian

        promtool = debian.at_hand("prometheus", "usr/bin/promtool")
        if not promtool:
            self.skipTest("no promtool: Debian's prometheus is not in the cache yet")
        text = Exporter(terminating=True).text(a_cluster())
        run = subprocess.run(
            [promtool, "check", "metrics"], input=text, text=True, capture_output=True, timeout=60
        )
        self.assertEqual((run.returncode, run.stderr), (0, ""), run.stdout)


class Commands(unittest.TestCase):
    def test_verbs(self):
        cluster = Cluster()
        quiet(cluster)
        rows = (
            ("rollout cms/web image=v9 start=1", lambda d: d.spec.template.image == "v9"),
            ("break cms/web", lambda d: d.spec.template.fault is Fault.IMAGE_PULL),
            ("undo cms/web", lambda d: d.spec.template.image == "v9"),
            ("scale cms/web replicas=3", lambda d: d.spec.replicas == 3),
            ("change cms/web surge=50% deadline=none", lambda d: d.spec.max_surge == "50%"),
            ("pause cms/web", lambda d: d.spec.paused),
            ("resume cms/web", lambda d: not d.spec.paused),
            ("lose cms/web pods=2", lambda d: d.status.available == 1),
            ("hinder cms/web fault=quota", lambda d: d.hindrance is Fault.QUOTA),
            ("heal cms/web", lambda d: d.hindrance is Fault.NONE),
        )
        for line, holds in rows:
            with self.subTest(line):
                run_line(cluster, line)
                cluster.step(0 if line.startswith("lose") else 60)
                self.assertTrue(holds(cluster.get("cms/web")))
        run_line(cluster, "delete cms/web")
        run_line(cluster, "create cms/web replicas=2 strategy=Recreate running=yes")
        self.assertEqual(cluster.get("cms/web").status.available, 2)

    def test_what_is_refused_and_how(self):
        rows = (
            ("", "must be one of"),
            ("dance cms/web", "dance: must be one of"),
            ("rollout", "there is no Deployment"),
            ("rollout cms/nothing", "there are: cms/web"),
            ("rollout cms/web colour=red", "rollout takes image, start"),
            ("rollout cms/web start=soon", "start=soon"),
            ("break cms/web fault=gremlins", "must be one of none, image_pull"),
            ("scale cms/web", "needs replicas="),
            ("scale cms/web replicas=-1", "must be 0 or more"),
            ("change cms/web surge=lots", "lots: must be pods"),
            ("create web", "namespace/name"),
            ("create cms/web", "exists already"),
            ("undo cms/worker", "no earlier revision"),
        )
        for line, words in rows:
            with self.subTest(line):
                cluster = Cluster()
                quiet(cluster)
                with self.assertRaises(Refused) as refused:
                    run_line(cluster, line)
                self.assertIn(words, str(refused.exception))

    def test_every_story_plays(self):
        for name, story in STORIES.items():
            with self.subTest(name):
                cluster = Cluster(jitter=0.3)
                story(cluster)
                cluster.step(300)
                parsed(Exporter().text(cluster))


class Serving(unittest.TestCase):
    def setUp(self):
        self.time = 0.0
        cluster = Cluster()
        quiet(cluster)
        live = LiveCluster(cluster, speed=2.0, clock=lambda: self.time)
        self.server = Server(live)
        self.addCleanup(self.server.close)

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(self.server.url + path, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def test_metrics_follow_the_clock(self):
        self.assertEqual(self.get("/control?do=rollout&deployment=cms/web"), (200, "done\n"))
        wanted = 'kube_deployment_status_replicas_updated{namespace="cms",deployment="web"}'
        self.assertIn(f"{wanted} 8\n", self.get("/metrics")[1])
        self.time = 1.0  # two virtual seconds
        self.assertIn(f"{wanted} 4\n", self.get("/metrics")[1])

    def test_refusals(self):
        self.assertEqual(self.get("/")[0], 404)
        status, words = self.get("/control?do=rollout&deployment=no/one")
        self.assertEqual(status, 400)
        self.assertIn("no Deployment no/one", words)


class Program(unittest.TestCase):
    def test_it_prints_its_port_obeys_and_ends(self):
        program = subprocess.Popen(
            [sys.executable, TOP / "tools/cluster/serve", "--story", "rollout"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.addCleanup(program.stdin.close)
        self.addCleanup(program.stdout.close)
        self.addCleanup(program.stderr.close)
        self.addCleanup(program.wait, 30)
        self.addCleanup(program.kill)
        port = int(program.stdout.readline())
        program.stdin.write("scale cms/web replicas=77\nscale cms/nothing replicas=1\n")
        program.stdin.flush()
        self.assertIn("no Deployment cms/nothing", program.stderr.readline())
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as answer:
            text = answer.read().decode()
        self.assertIn('spec_replicas{namespace="cms",deployment="web"} 77\n', text)
        program.send_signal(signal.SIGTERM)
        self.assertEqual(program.wait(30), 0)


if __name__ == "__main__":
    unittest.main()
