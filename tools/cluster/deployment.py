"""The Deployment object, and what kubectl does to it."""

from dataclasses import dataclass, field, replace

from .pod import Pod
from .replicaset import ReplicaSet
from .resource import Refused, Resource
from .spec import Spec, Template


@dataclass(frozen=True)
class Condition:
    status: str  # "True", "False", "Unknown"
    reason: str
    updated: float  # lastUpdateTime
    transitioned: float  # lastTransitionTime


@dataclass(frozen=True)
class Status:
    observed_generation: int = 0
    replicas: int = 0
    updated: int = 0
    ready: int = 0
    available: int = 0
    unavailable: int = 0
    terminating: int = 0
    conditions: dict[str, Condition] = field(default_factory=dict)


class Deployment(Resource):
    kind = "Deployment"

    def __init__(self, namespace: str, name: str, spec: Spec, now: float):
        super().__init__(namespace, name, now, Status())
        self.spec = spec
        self.replicasets: list[ReplicaSet] = []  # oldest first
        self.deleting_since: float | None = None

    @property
    def pods(self) -> list[Pod]:
        return [pod for rs in self.replicasets for pod in rs.pods]

    @property
    def complete(self) -> bool:
        """deployment_util.go DeploymentComplete; with `status` this is `kubectl rollout status`."""
        wanted, got = self.spec.replicas, self.status
        return (
            got.observed_generation >= self.generation
            and got.updated == got.replicas == got.available == wanted
        )

    def live(self, now: float) -> None:
        for rs in self.replicasets:
            rs.live(now)

    def pod_event(self, pod: Pod, now: float) -> float:
        return pod.next_event(now, self.spec.min_ready_s)

    def new_replicaset(self) -> ReplicaSet | None:
        """The one whose template is the spec's (deployment_util.go FindNewReplicaSet)."""
        return next((rs for rs in self.replicasets if rs.template == self.spec.template), None)

    def old_replicasets(self) -> list[ReplicaSet]:
        new = self.new_replicaset()
        return [rs for rs in self.replicasets if rs is not new]

    def change(self, now: float, lag_s: float, **changes) -> bool:
        """Changes spec fields; a real change is a new generation, as the API server counts."""
        if self.deleting_since is not None:
            raise Refused(f"{self.key} is being deleted")
        spec = replace(self.spec, **changes)
        if spec == self.spec:
            return False
        self.spec = spec
        self.changed(now, lag_s)
        return True

    def next_template(self, **changes) -> Template:
        """The template of a rollout: with no image given, the next version of the present one."""
        if "image" not in changes:
            newest = max((rs.revision for rs in self.replicasets), default=1)
            changes["image"] = f"v{newest + 1}"
        return replace(self.spec.template, **changes)

    def previous_template(self) -> Template:
        """What `kubectl rollout undo` returns to: the newest revision but the present one."""
        if self.spec.paused:
            raise Refused(f"{self.key} is paused: resume it before an undo")
        old = sorted(self.old_replicasets(), key=lambda rs: rs.revision)
        if not old:
            raise Refused(f"{self.key} has no earlier revision to return to")
        return old[-1].template


__all__ = ["Condition", "Deployment", "Refused", "Status"]
