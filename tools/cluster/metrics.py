"""kube-state-metrics' exposition of the cluster: its names, labels, help texts and order
(kube-state-metrics docs/metrics/workload/deployment-metrics.md, internal/store/deployment.go)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .cluster import Cluster
from .deployment import Deployment
from .spec import Spec, resolved

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Version = tuple[int, int]
NEWEST: Version = (2, 18)
REASON_LABEL_SINCE: Version = (2, 17)

# Any other reason is exported as "unknown" (allowedDeploymentReasons).
REASONS = frozenset(
    """
    ReplicaSetUpdated ReplicaSetCreateError NewReplicaSetCreated FoundNewReplicaSet
    NewReplicaSetAvailable ProgressDeadlineExceeded DeploymentPaused DeploymentResumed
    MinimumReplicasAvailable MinimumReplicasUnavailable
    """.split()
)


@dataclass(frozen=True)
class Exporter:
    """Which kube-state-metrics this is, and whether the API server reports terminating pods (the
    feature gate DeploymentReplicaSetTerminatingReplicas)."""

    version: Version = NEWEST
    terminating: bool = False

    def text(self, cluster: Cluster) -> str:
        deployments = list(cluster.deployments.values())
        lines = []
        for family in FAMILIES:
            if self.version < family.since:
                continue
            lines.append(f"# HELP {family.name} [{family.stability}] {family.help}")
            lines.append(f"# TYPE {family.name} gauge")
            for d in deployments:
                for labels, value in family.samples(self, cluster, d):
                    lines.append(f"{family.name}{{{_labels(d, labels)}}} {_number(value)}")
        lines += self._others(cluster)
        return "\n".join(lines) + "\n"

    def _others(self, cluster: Cluster) -> Iterator[str]:
        """The other kinds: the samples of one metric stand together."""
        families: dict[str, list[str]] = {}
        for other in cluster.others:
            for name, (labels, value) in other.samples(cluster.now, cluster.epoch):
                if self.version < other.since.get(name, self.version):
                    continue
                line = f"{name}{{{_joined(labels)}}} {_number(value)}"
                families.setdefault(name, []).append(line)
        for name, lines in families.items():
            yield f"# TYPE {name} gauge"
            yield from lines


Samples = Iterator[tuple[dict[str, str], float]]


@dataclass(frozen=True)
class Family:
    name: str
    help: str
    samples: Callable[[Exporter, Cluster, Deployment], Samples]
    since: Version = (2, 0)
    stability: str = "STABLE"


def _one(value: Callable[[Deployment], float]) -> Callable:
    """One sample a Deployment."""
    return lambda exporter, cluster, d: iter([({}, value(d))])


def _created(_exporter: Exporter, cluster: Cluster, d: Deployment) -> Samples:
    yield {}, int(cluster.epoch + d.created)


def _deleted(_exporter: Exporter, cluster: Cluster, d: Deployment) -> Samples:
    if d.deleting_since is not None:
        yield {}, int(cluster.epoch + d.deleting_since)


def _terminating(exporter: Exporter, _cluster: Cluster, d: Deployment) -> Samples:
    if exporter.terminating:
        yield {}, d.status.terminating


def _conditions(exporter: Exporter, _cluster: Cluster, d: Deployment) -> Samples:
    for kind, condition in d.status.conditions.items():
        reason = condition.reason if condition.reason in REASONS else "unknown"
        labels = {"reason": reason} if exporter.version >= REASON_LABEL_SINCE else {}
        for status in ("true", "false", "unknown"):
            value = condition.status.lower() == status
            yield labels | {"condition": kind, "status": status}, value


def _rolling(value: Callable[[Spec], int]) -> Callable:
    """Absent with the Recreate strategy."""
    return lambda exporter, cluster, d: iter([({}, value(d.spec))] if d.spec.rolling else [])


def _status(name: str) -> Callable:
    return _one(lambda d: getattr(d.status, name))


FAMILIES = (
    Family("kube_deployment_created", "Unix creation timestamp", _created),
    Family(
        "kube_deployment_deletion_timestamp",
        "Unix deletion timestamp",
        _deleted,
        since=(2, 17),
        stability="ALPHA",
    ),
    Family(
        "kube_deployment_status_replicas",
        "The number of replicas per deployment.",
        _status("replicas"),
    ),
    Family(
        "kube_deployment_status_replicas_ready",
        "The number of ready replicas per deployment.",
        _status("ready"),
        since=(2, 2),
    ),
    Family(
        "kube_deployment_status_replicas_available",
        "The number of available replicas per deployment.",
        _status("available"),
    ),
    Family(
        "kube_deployment_status_replicas_unavailable",
        "The number of unavailable replicas per deployment.",
        _status("unavailable"),
    ),
    Family(
        "kube_deployment_status_replicas_updated",
        "The number of updated replicas per deployment.",
        _status("updated"),
    ),
    Family(
        "kube_deployment_status_terminating_replicas",
        "The number of terminating replicas per deployment.",
        _terminating,
        since=(2, 18),
        stability="ALPHA",
    ),
    Family(
        "kube_deployment_status_observed_generation",
        "The generation observed by the deployment controller.",
        _status("observed_generation"),
    ),
    Family(
        "kube_deployment_status_condition",
        "The current status conditions of a deployment.",
        _conditions,
    ),
    Family(
        "kube_deployment_spec_replicas",
        "Number of desired pods for a deployment.",
        _one(lambda d: d.spec.replicas),
    ),
    Family(
        "kube_deployment_spec_paused",
        "Whether the deployment is paused and will not be processed by the deployment controller.",
        _one(lambda d: d.spec.paused),
    ),
    Family(
        "kube_deployment_spec_strategy_rollingupdate_max_unavailable",
        "Maximum number of unavailable replicas during a rolling update of a deployment.",
        _rolling(lambda s: resolved(s.max_unavailable, s.replicas, round_up=False)),
    ),
    Family(
        "kube_deployment_spec_strategy_rollingupdate_max_surge",
        "Maximum number of replicas that can be scheduled above the desired number of replicas "
        "during a rolling update of a deployment.",
        _rolling(lambda s: resolved(s.max_surge, s.replicas, round_up=True)),
    ),
    Family(
        "kube_deployment_metadata_generation",
        "Sequence number representing a specific generation of the desired state.",
        _one(lambda d: d.generation),
    ),
)


def _labels(d: Deployment, labels: dict[str, str]) -> str:
    return _joined({"namespace": d.namespace, "deployment": d.name} | labels)


def _joined(labels: dict[str, str]) -> str:
    return ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")


def _number(value: float) -> str:
    """A whole number as Go's strconv prints it: 3, but 1.7e+09."""
    text = str(int(value))
    if len(text) <= 6:
        return text
    digits = text.rstrip("0")
    mantissa = digits[0] + ("." + digits[1:] if len(digits) > 1 else "")
    return f"{mantissa}e+{len(text) - 1:02d}"
