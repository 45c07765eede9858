"""The recording rules, by `promtool test rules`: every row of the timelines is a workload, and the
rules list it as unsettled when the tables call it anything but stable or scaled to zero."""

import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path[:0] = [str(TOP / "tools"), str(TOP / "tests")]

from lib import prometheus  # noqa: E402
from peers import suite  # noqa: E402

RULES = TOP / "tools/prometheus/amberbar.rules.yml"
TIMELINES = json.loads((TOP / "tests/rollout/timelines.json").read_text())["timelines"]

# Of each kind: the label of its name, its prefix, and the metric of each field of a timeline's row.
KINDS = {
    "Deployment": (
        "deployment",
        "kube_deployment_",
        {
            "gen": "metadata_generation",
            "obs": "status_observed_generation",
            "spec": "spec_replicas",
            "replicas": "status_replicas",
            "updated": "status_replicas_updated",
            "available": "status_replicas_available",
            "paused": "spec_paused",
        },
    ),
    "StatefulSet": (
        "statefulset",
        "kube_statefulset_",
        {
            "gen": "metadata_generation",
            "obs": "status_observed_generation",
            "spec": "replicas",
            "replicas": "status_replicas",
            "updated": "status_replicas_updated",
            "ready": "status_replicas_ready",
            "available": "status_replicas_available",
        },
    ),
    "DaemonSet": (
        "daemonset",
        "kube_daemonset_",
        {
            "gen": "metadata_generation",
            "obs": "status_observed_generation",
            "desired": "status_desired_number_scheduled",
            "current": "status_current_number_scheduled",
            "updated": "status_updated_number_scheduled",
            "available": "status_number_available",
        },
    ),
    "Rollout": (
        "name",
        "rollout_info_replicas_",
        {
            "desired": "desired",
            "updated": "updated",
            "available": "available",
            "unavailable": "unavailable",
        },
    ),
}

# Verdicts that rest on more than the row itself: memory, age, the request, the config's partition.
ELSEWHERE = {"confirming", "lagging", "stale", "fetch", "no_data", "absent", "gone", "ambiguous"}


# Rows that no timeline has, and whether they are unsettled.
DONE = {"gen": 1, "obs": 1, "spec": 3, "replicas": 3, "updated": 3, "ready": 3, "available": 3}
NODES = {"gen": 1, "obs": 1, "desired": 0, "current": 0, "updated": 0, "available": 0}
ARGO = {"phase": "Completed", "desired": 0, "updated": 0, "available": 0, "unavailable": 0}
MORE = (
    ("Deployment", "complete", DONE, False),
    ("Deployment", "complete-but-paused", DONE | {"paused": 1}, True),
    ("Deployment", "complete-but-going", DONE | {"deleting": True}, True),
    ("Deployment", "a-series-is-missing", DONE | {"updated": None}, True),
    ("StatefulSet", "complete", DONE, False),
    ("StatefulSet", "complete-but-going", DONE | {"deleting": True}, True),
    ("StatefulSet", "not-ready", DONE | {"ready": 2}, True),
    ("DaemonSet", "on-no-node", NODES, False),
    ("DaemonSet", "on-a-node-too-many", NODES | {"current": 1}, True),
    ("DaemonSet", "going", NODES | {"deleting": True}, True),
    ("Rollout", "at-zero", ARGO, False),
    ("Rollout", "at-zero-with-pods-left", ARGO | {"available": 1}, True),
    ("Rollout", "at-zero-with-bad-pods-left", ARGO | {"unavailable": 1}, True),
    ("Rollout", "a-series-is-missing", ARGO | {"unavailable": None}, True),
)


def series(metric: str, labels: dict[str, str], value: float) -> dict:
    text = ",".join(f'{name}="{word}"' for name, word in labels.items())
    return {"series": f"{metric}{{{text}}}", "values": f"{value} {value}"}


def of_row(kind: str, name: str, row: dict, **more: str) -> list[dict]:
    """The series of one workload, as its exporter has them."""
    name_label, prefix, fields = KINDS[kind]
    labels = {"namespace": "shop", name_label: name} | more
    found = [
        series(prefix + metric, labels, row[field])
        for field, metric in fields.items()
        if row.get(field) is not None
    ]
    if row.get("cond"):
        condition = {"condition": "Progressing", "reason": row.get("reason", "unknown")}
        for status in ("true", "false", "unknown"):
            value = int(status == row["cond"])
            more_labels = labels | condition | {"status": status}
            found.append(series(prefix + "status_condition", more_labels, value))
    if row.get("deleting"):
        found.append(series(prefix + "deletion_timestamp", labels, 1700000000))
    if row.get("phase"):
        info = {"phase": row["phase"], "strategy": "canary", "traffic_router": ""}
        found.append(series("rollout_info", labels | info, 1))
    return found


def told_by_row(timeline: dict, row: dict) -> bool:
    plain = "sources" not in row and "fetch" not in row and row.get("present", True)
    counts = [value for value in row.values() if isinstance(value, (int, float))]
    usable = all(value >= 0 and value == int(value) for value in counts)
    visible = row.get("gen") is not None or row.get("desired") is not None
    return plain and usable and visible and row["expect"].get("why") not in ELSEWHERE


class Rules(unittest.TestCase):
    def promtool(self, *tests: dict) -> None:
        program = prometheus.promtool()
        with tempfile.TemporaryDirectory(prefix="amberbar-test-") as directory:
            file = pathlib.Path(directory) / "rules.json"  # JSON is YAML too
            everything = {"evaluation_interval": "1m", "tests": list(tests)}
            file.write_text(json.dumps({"rule_files": [str(RULES)]} | everything))
            done = subprocess.run(
                [program, "test", "rules", file], capture_output=True, text=True, timeout=120
            )
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def expects(self, inputs: list[dict], expression: str, samples: dict[str, float]) -> None:
        expected = [{"labels": labels, "value": value} for labels, value in samples.items()]
        asked = {"expr": expression, "eval_time": "1m", "exp_samples": expected}
        self.promtool({"interval": "1m", "input_series": inputs, "promql_expr_test": [asked]})

    def test_what_the_tables_do_not_call_settled_is_listed(self):
        for kind, (name_label, _, _) in KINDS.items():
            inputs, unsettled, rows = [], [], 0
            for timeline in TIMELINES:
                for number, row in enumerate(timeline["rows"]):
                    if timeline["kind"] != kind or not told_by_row(timeline, row):
                        continue
                    name = f"{timeline['id'].lower()}-{number}"
                    inputs += of_row(kind, name, row)
                    rows += 1
                    settled = row["expect"]["state"] in ("stable", "scaled_to_zero")
                    partition = timeline.get("config", {}).get("partition")
                    if not settled or (partition and row["updated"] < row["spec"]):
                        unsettled.append(name)
            for _, name, row, is_unsettled in (more for more in MORE if more[0] == kind):
                inputs += of_row(kind, name, row)
                rows += 1
                unsettled += [name] if is_unsettled else []
            with self.subTest(kind, rows=rows):
                self.assertGreater(rows, len(unsettled))
                self.expects(
                    inputs,
                    f'group by ({name_label}) (amberbar:workloads:unsettled{{kind="{kind}"}})',
                    {f'{{{name_label}="{name}"}}': 1 for name in unsettled},
                )
                of_kind = f'{{kind="{kind}"}}'
                self.expects(inputs, f"sum(amberbar:workloads:rows{of_kind})", {"{}": rows})
                self.expects(inputs, f"sum(amberbar:workloads:settled{of_kind})",
                             {"{}": rows - len(unsettled)})

    def test_several_exporters_count_once_and_clusters_apart(self):
        row = {"gen": 1, "obs": 1, "spec": 3, "replicas": 3, "updated": 3, "available": 3}
        inputs = []
        for name, cluster, instance in (
            ("web", "eu", "a:8080"),
            ("web", "eu", "b:8080"),
            ("api", "eu", "a:8080"),
            ("web", "us", "c:8080"),
        ):
            inputs += of_row("Deployment", name, row, cluster=cluster, instance=instance)
        labels = 'amberbar:workloads:{0}{{cluster="{1}",kind="Deployment",namespace="shop"}}'
        for what, eu, us in (("count", 2, 1), ("oldest", 60, 60)):
            self.expects(
                inputs,
                f"amberbar:workloads:{what}",
                {labels.format(what, "eu"): eu, labels.format(what, "us"): us},
            )

    def test_rows_are_counted_for_each_exporter(self):
        """With all labels of its own, whatever a scrape made of the workload's."""
        row = {"gen": 1, "obs": 1, "spec": 3, "replicas": 3, "updated": 3, "available": 3}
        inputs = []
        for name, instance, changes in (
            ("web", "a:8080", {}),
            ("web", "b:8080", {"available": 2}),
            ("api", "a:8080", {}),
            ("db", "a:8080", {"updated": None}),
        ):
            inputs += of_row("Deployment", name, row | changes, cluster="eu", instance=instance,
                             exported_deployment=f"{name}-1")
        labels = ('amberbar:workloads:{0}{{cluster="eu",instance="{1}",kind="Deployment",'
                  'namespace="shop"}}')
        for what, a, b in (("rows", 3, 1), ("settled", 2, None)):
            samples = {labels.format(what, "a:8080"): a, labels.format(what, "b:8080"): b}
            self.expects(inputs, f"amberbar:workloads:{what}",
                         {key: value for key, value in samples.items() if value is not None})

    def test_the_rules_of_a_kind_follow_one_another(self):
        """What is counted last is of the newest scrape: amberbar tells an evaluation by the first."""
        names = re.findall(r"workloads:(\w+)\n +labels: \{kind: (\w+)\}", RULES.read_text())
        order = ("count", "oldest", "rows", "settled", "unsettled")
        self.assertEqual(names, [(name, kind) for kind in KINDS for name in order])
        self.assertEqual(RULES.read_text().count("- name: "), 1)

    def test_without_exporters_there_is_nothing(self):
        self.expects([], '{__name__=~"amberbar:.*"}', {})


if __name__ == "__main__":
    sys.exit(suite.main(prometheus.promtool))
