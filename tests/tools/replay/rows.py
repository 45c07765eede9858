"""Rows, as a recording has them and as the cluster exports them, and whether both tell the same."""

import re
from dataclasses import dataclass

from cluster.spec import NEVER

SCRAPE_S = 1.0  # the recording's
TOLERANCE_S = 2.0  # how exactly is known how long the recording's pods took

FIELDS = "gen obs spec replicas updated ready available current same cond reason failure".split()
Row = tuple

COUNTERS = {
    "Deployment": {
        "gen": "kube_deployment_metadata_generation",
        "obs": "kube_deployment_status_observed_generation",
        "spec": "kube_deployment_spec_replicas",
        "replicas": "kube_deployment_status_replicas",
        "updated": "kube_deployment_status_replicas_updated",
        "ready": "kube_deployment_status_replicas_ready",
        "available": "kube_deployment_status_replicas_available",
    },
    "StatefulSet": {
        "gen": "kube_statefulset_metadata_generation",
        "obs": "kube_statefulset_status_observed_generation",
        "spec": "kube_statefulset_replicas",
        "replicas": "kube_statefulset_status_replicas",
        "updated": "kube_statefulset_status_replicas_updated",
        "ready": "kube_statefulset_status_replicas_ready",
        "available": "kube_statefulset_status_replicas_available",
        "current": "kube_statefulset_status_replicas_current",
    },
    "DaemonSet": {
        "gen": "kube_daemonset_metadata_generation",
        "obs": "kube_daemonset_status_observed_generation",
        "spec": "kube_daemonset_status_desired_number_scheduled",
        "current": "kube_daemonset_status_current_number_scheduled",
        "updated": "kube_daemonset_status_updated_number_scheduled",
        "ready": "kube_daemonset_status_number_ready",
        "available": "kube_daemonset_status_number_available",
    },
}
SAMPLE = re.compile(r"^(\w+)\{(.*)\} (\S+)$", re.MULTILINE)
LABEL = re.compile(r'(\w+)="([^"]*)"')


def _recorded_row(row: dict) -> Row:
    found = row | {"spec": row.get("spec", row.get("desired"))}
    if "cur_rev" in row:
        found["same"] = row["cur_rev"] == row["upd_rev"]
    found["failure"] = row.get("replica_failure", False)
    return tuple(found.get(name) for name in FIELDS)


def exported_row(kind: str, text: str) -> Row:
    values, found, revisions = {}, {"failure": False}, set()
    for metric, joined, value in SAMPLE.findall(text):
        values[metric] = int(float(value))
        labels = dict(LABEL.findall(joined))
        revisions |= {labels["revision"]} if "revision" in labels else set()
        if float(value) == 1 and labels.get("condition") == "Progressing":
            found |= {"cond": labels["status"], "reason": labels["reason"]}
        if float(value) == 1 and labels.get("condition") == "ReplicaFailure":
            found["failure"] = labels["status"] == "true"
    found |= {name: values[metric] for name, metric in COUNTERS[kind].items()}
    if kind == "StatefulSet":
        found["same"] = len(revisions) == 1
    return tuple(found.get(name) for name in FIELDS)


def reported(row: Row) -> str:
    return " ".join(f"{name}={value}" for name, value in zip(FIELDS, row) if value is not None)


@dataclass
class State:
    row: Row
    since: float
    until: float = NEVER

    @property
    def lasts(self) -> bool:
        """A scrape must have seen it."""
        return self.until - self.since > SCRAPE_S

    def may_be_seen_at(self, at: float) -> bool:
        return self.since - TOLERANCE_S <= at <= self.until + SCRAPE_S + TOLERANCE_S

    def __str__(self) -> str:
        return f"{self.since:7.2f} s: {reported(self.row)}"


def append(states: list[State], row: Row, now: float) -> None:
    """Unless it is what the last one was."""
    if states and states[-1].row == row:
        return
    if states:
        states[-1].until = now
    states.append(State(row, now))


def recorded_states(timeline: dict) -> list[State]:
    states: list[State] = []
    for row in timeline["rows"]:
        append(states, _recorded_row(row), row["t"])
    return states


@dataclass
class Comparison:
    matched: int  # recorded states that were found, from the first
    recorded: list[State]
    simulated: list[State]
    at: int  # the last simulated state that was one of them

    @property
    def is_whole(self) -> bool:
        return self.matched == len(self.recorded) and self.at == len(self.simulated) - 1

    def report(self) -> str:
        def some(states: list[State]) -> list[str]:
            return [f"  {state}" for state in states] or ["  (nothing more)"]

        lines = ["after the same up to", *some(self.recorded[: self.matched][-1:])]
        lines += ["recorded:", *some(self.recorded[self.matched :][:1])]
        return "\n".join([*lines, "simulated:", *some(self.simulated[self.at + 1 :][:8])])


def compare(recorded: list[State], simulated: list[State]) -> Comparison:
    """Finds each recorded state among the simulated ones, in order, leaving out none that lasts."""
    ends = {0} if simulated[0].row == recorded[0].row else set()  # where those so far may end
    best = Comparison(0, recorded, simulated, -1)
    for i, state in enumerate(recorded):
        if i:
            found = {j for end in ends for j in _reached(state.row, simulated, end)}
            ends = {j for j in found if simulated[j].may_be_seen_at(state.since)}
        for end in range(len(simulated)):  # it may come again, unseen what came between
            ends |= set(_reached(state.row, simulated, end)) if end in ends else set()
        if not ends:
            return best
        best = Comparison(i + 1, recorded, simulated, max(ends))
    return best


def _reached(row: Row, states: list[State], end: int) -> list[int]:
    """Where the row is found after `end`, before a state that lasts is passed over."""
    found = []
    for j in range(end + 1, len(states)):
        if states[j].row == row:
            found.append(j)
        if states[j].lasts:
            break
    return found
