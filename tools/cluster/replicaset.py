"""A ReplicaSet: so many pods of one template."""

from collections.abc import Callable
from dataclasses import dataclass

from .pod import Pod, survivors
from .spec import Template


@dataclass(frozen=True)
class Counts:
    """status of a ReplicaSet. Terminating pods count nowhere else, as in apps/v1."""

    replicas: int = 0
    ready: int = 0
    available: int = 0
    terminating: int = 0


class ReplicaSet:
    def __init__(self, template: Template, revision: int, created: float):
        self.template = template
        self.revision = revision
        self.created = created
        self.replicas = 0  # spec.replicas
        self.desired = 0  # annotation deployment.kubernetes.io/desired-replicas
        self.max_replicas = 0  # annotation deployment.kubernetes.io/max-replicas
        self.pods: list[Pod] = []
        self.counts = Counts()
        self.failing = False  # condition ReplicaFailure

    @property
    def running(self) -> list[Pod]:
        return [pod for pod in self.pods if not pod.terminating]

    def live(self, now: float) -> None:
        self.pods = survivors(self.pods, now)

    def reconcile(
        self,
        now: float,
        min_ready_s: float,
        make_pod: Callable[[Template], Pod | None],
        some: Callable[[int], int],
    ) -> None:
        """Moves pods towards `replicas`, `some` of those that are missing or too many at a time,
        and counts them."""
        self.live(now)
        running = self.running
        self.failing = False
        for _ in range(some(max(0, self.replicas - len(running)))):
            pod = make_pod(self.template)
            if not pod:
                self.failing = True
                break
            self.pods.append(pod)
        surplus = some(max(0, len(running) - self.replicas))
        for pod in sorted(running, key=Pod.deletion_rank)[:surplus]:
            pod.terminate(now)
        self._count(now, min_ready_s)

    def _count(self, now: float, min_ready_s: float) -> None:
        running = self.running
        self.counts = Counts(
            replicas=len(running),
            ready=sum(pod.ready for pod in running),
            available=sum(pod.available(now, min_ready_s) for pod in running),
            terminating=len(self.pods) - len(running),
        )
