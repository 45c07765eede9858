"""The recording rules, loaded in part, or failing in part because Prometheus may not load so many
samples (--query.max-samples): counts that do not add up are no reason for green (evidence W3)."""

import datetime
import pathlib
import re
import sys
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path[:0] = [str(TOP / "tools"), str(TOP / "tests")]

from cluster.cluster import Fault, Spec  # noqa: E402
from cluster.statefulset import StatefulSet  # noqa: E402
from lib import prometheus  # noqa: E402
from peers import suite  # noqa: E402
from peers.picture import is_all_green, shows_green  # noqa: E402
from peers.world import PATIENCE_S, SLACK_S, TERMS, World  # noqa: E402

RULES = (TOP / "tools/prometheus/amberbar.rules.yml").read_text()
WATCHED_S = 5.0
WORKLOADS = 100
NOTICE_S = 2.0  # from a rule's row of a failure to the picture
PREFIX = "amberbar:workloads:"  # of each rule's name
UNSETTLED = f"{PREFIX}unsettled"
SHOP = {"name": "shop", "namespace": "shop"}
DATA = {"name": "shop", "namespace": "data", "kinds": ["Deployment", "StatefulSet"]}


# What shows in the exporter's rows that both are broken.
SEEN = ('kube_deployment_status_condition{deployment="app-7",condition="Progressing",'
        'status="false"} == 1',
        'kube_statefulset_metadata_generation{statefulset="database"} > 1')
EVALUATION_S = 1.0  # one may have begun before


def evaluated_s(group: dict) -> float:
    return datetime.datetime.fromisoformat(group["lastEvaluation"]).timestamp()


def rules() -> list[str]:
    """Each rule's text."""
    return re.split(r"(?m)^(?=      - record: )", RULES)[1:]


def name_of(rule: str) -> str:
    return re.search(r"record: (\S+)", rule).group(1)


def is_of(rule: str, kind: str) -> bool:
    return f"kind: {kind}" in rule


def file_of(chosen: list[str]) -> str:
    head = re.split(r"(?m)^(?=      - record: )", RULES)[0]
    return head + "".join(chosen)


class BrokenRules(World):
    def setUp(self):
        super().setUp()
        self.stores = []
        keys = [f"shop/app-{number}" for number in range(WORKLOADS)]
        self.live = self.cluster()
        with self.live.now() as cluster:
            for key in keys:
                cluster.create(key, Spec(replicas=2, progress_deadline_s=2.0), running=True)
            cluster.create("data/app", running=True)
            self.database = cluster.run(StatefulSet, "data/database")
        self.target = self.exporter(self.live).target

    def store(self, name: str, text: str = RULES, *flags: str):
        path = self.place / f"{name}.rules.yml"
        path.write_text(text)
        job = {"static_configs": [{"targets": [self.target]}]}
        one = self.prometheus(name, job, flags=flags, rule_files=[str(path)])
        one.wait_for(f"count(kube_deployment_metadata_generation) == {WORKLOADS + 1}")
        self.stores.append(one)
        return one

    def wall_of(self, one, rollout=SHOP):
        return self.wall(one.url, [rollout | TERMS], recording_rules=True)

    def break_one(self) -> float:
        """When the rules of each store had seen it."""
        with self.live.now() as cluster:
            cluster.rollout("shop/app-7", fault=Fault.IMAGE_PULL)
            self.database.rollout(cluster.now, cluster.lag_s, fault=Fault.IMAGE_PULL)
        for one in self.stores:
            for seen in SEEN:
                one.wait_for(seen, PATIENCE_S)
        seen_s = time.time()
        for one in self.stores:
            self.wait_evaluated(one, seen_s + EVALUATION_S)
        return time.monotonic()

    def wait_evaluated(self, one, since: float) -> None:
        """Until all of its rules were evaluated after that time."""
        until = time.monotonic() + PATIENCE_S
        while min(map(evaluated_s, one.api("rules")["groups"])) < since:
            self.assertLess(time.monotonic(), until, f"{one.name} does not evaluate its rules")
            time.sleep(0.2)

    def failing(self, one) -> set[str]:
        """The names of a Deployment's rules that fail, as soon as one does."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            found = [rule for group in one.api("rules")["groups"] for rule in group["rules"]]
            ours = [rule for rule in found if rule["labels"].get("kind") == "Deployment"]
            if names := {rule["name"] for rule in ours if rule["health"] == "err"}:
                return names
            time.sleep(0.2)
        return set()

    def check(self, walls: dict, since: float) -> None:
        for wall in walls.values():
            self.watch(wall, since + NOTICE_S + SLACK_S + WATCHED_S)
        for name, wall in walls.items():
            with self.subTest(name):
                self.assert_never_green(wall, since + NOTICE_S + SLACK_S, "one has failed")
                self.wait_told(wall)

    def wait_told(self, wall) -> None:
        """It says what has failed, or which rule is missing."""
        def is_told() -> bool:
            state = wall.said()["shop"]["state"]
            self.assertIn(state, ("failed", "unknown"), wall.reported())
            return state == "failed" or PREFIX in wall.why()
        wall.wait("telling what has failed", is_told, PATIENCE_S, 0.1)

    def test_no_part_of_the_rules_makes_it_green(self):
        """Each rule of a Deployment is missing once, the heaviest fails once, once all are there."""
        names = {name_of(rule) for rule in rules() if is_of(rule, "Deployment")}
        self.assertIn(UNSETTLED, names)
        walls = {}
        for missing in sorted(names):
            chosen = [rule for rule in rules() if name_of(rule) != missing]
            one = self.store(missing.removeprefix(PREFIX), file_of(chosen))
            walls[f"without {missing}"] = self.wall_of(one)
        walls["too heavy"] = self.wall_of(self.limited())
        ours = [rule for rule in rules() if is_of(rule, "Deployment")]
        walls["without those of a kind"] = self.wall_of(self.store("ours", file_of(ours)), DATA)
        one = self.store("whole")
        whole = self.wall_of(one), self.wall_of(one, DATA)
        for wall in whole:
            self.wait_shown(wall, is_all_green, "green of all rules")
        self.check(walls, self.break_one())
        whole[0].expect(shop="failed")
        for wall in whole:
            self.assertFalse(shows_green(wall.frames[-1]), wall.reported())
        # Nobody says of a workload that it is not settled: that is no word that it is.
        for name in (f"without {UNSETTLED}", "too heavy", "without those of a kind"):
            with self.subTest(name):
                state = walls[name].said()["shop"]["state"]
                self.assertEqual(state, "unknown", walls[name].reported())

    def limited(self):
        """A Prometheus in which the heaviest rule fails, and that which counts does not."""
        most = self.limit()
        one = self.store("limited", RULES, f"--query.max-samples={most}")
        failing = self.failing(one)
        self.assertTrue(failing, f"with --query.max-samples={most} no rule fails")
        self.assertNotIn(f"{PREFIX}count", failing)
        return one

    def limit(self) -> int:
        """Half-way between what the rules of one count need and what the heaviest rule needs."""
        one = self.store("unlimited")
        needs = {}
        for rule in (rule for rule in rules() if is_of(rule, "Deployment")):
            needs[name_of(rule)] = self.samples(one, rule)
        self.stores.remove(one)
        one.stop()
        return (needs[f"{PREFIX}count"] + max(needs.values())) // 2

    def samples(self, one, rule: str) -> int:
        """As Prometheus itself tells: the most that were in memory at once."""
        lines = rule.split("expr:")[1].strip().removeprefix(">-").splitlines()
        query = " ".join(line.strip() for line in lines)
        return one.api("query", query=query, stats="all")["stats"]["samples"]["peakSamples"]


if __name__ == "__main__":
    sys.exit(suite.main(prometheus.program))
