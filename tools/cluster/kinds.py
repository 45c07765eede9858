"""The exposition of the kinds that are no Deployments: kube-state-metrics' (its docs/metrics/
workload) and that of Argo Rollouts' controller (controller/metrics/rollouts.go)."""

from collections.abc import Callable, Iterator

from .argo import Rollout
from .daemonset import DaemonSet
from .statefulset import StatefulSet
from .workload import Workload

Sample = tuple[dict[str, str], float]
# Of what not every kube-state-metrics exports: since which it does.
SINCE = {"kube_statefulset_status_replicas_available": (2, 2)}
NAME_LABEL = {"StatefulSet": "statefulset", "DaemonSet": "daemonset", "Rollout": "name"}


def samples(w: Workload, now: float, epoch: float) -> Iterator[tuple[str, Sample]]:
    """(metric, (labels, value)) of one workload."""
    labels = {"namespace": w.namespace, NAME_LABEL[w.kind]: w.name}
    for metric, extra, value in FAMILIES[w.kind](w, now, epoch):
        yield metric, (labels | extra, value)


Family = Iterator[tuple[str, dict[str, str], float]]


def _common(prefix: str, w: Workload, epoch: float) -> Family:
    yield f"{prefix}_created", {}, int(epoch + w.created)
    yield f"{prefix}_metadata_generation", {}, w.generation
    yield f"{prefix}_status_observed_generation", {}, w.status.observed_generation


def _statefulset(w: StatefulSet, _now: float, epoch: float) -> Family:
    prefix = "kube_statefulset"
    yield from _common(prefix, w, epoch)
    yield f"{prefix}_replicas", {}, w.replicas
    yield f"{prefix}_status_replicas", {}, w.status.replicas
    yield f"{prefix}_status_replicas_ready", {}, w.status.ready
    yield f"{prefix}_status_replicas_available", {}, w.status.available
    yield f"{prefix}_status_replicas_current", {}, w.status.current
    yield f"{prefix}_status_replicas_updated", {}, w.status.updated
    revisions = {"current": w.status.current_revision, "update": w.status.update_revision}
    for what, revision in revisions.items():
        yield f"{prefix}_status_{what}_revision", {"revision": f"{w.name}-{revision:x}"}, 1


def _daemonset(w: DaemonSet, _now: float, epoch: float) -> Family:
    prefix = "kube_daemonset"
    yield from _common(prefix, w, epoch)
    yield f"{prefix}_status_desired_number_scheduled", {}, w.status.desired
    yield f"{prefix}_status_current_number_scheduled", {}, w.status.current
    yield f"{prefix}_status_updated_number_scheduled", {}, w.status.updated
    yield f"{prefix}_status_number_ready", {}, w.status.ready
    yield f"{prefix}_status_number_available", {}, w.status.available


def _rollout(w: Rollout, now: float, _epoch: float) -> Family:
    available = len(w.available(now))
    info = {"phase": w.phase(now), "strategy": w.strategy, "traffic_router": ""}
    yield "rollout_info", info, 1
    yield "rollout_info_replicas_desired", {}, w.replicas
    yield "rollout_info_replicas_updated", {}, len(w.of_newest(w.running))
    yield "rollout_info_replicas_available", {}, available
    yield "rollout_info_replicas_unavailable", {}, len(w.running) - available


FAMILIES: dict[str, Callable[[Workload, float, float], Family]] = {
    "StatefulSet": _statefulset,
    "DaemonSet": _daemonset,
    "Rollout": _rollout,
}
