"""A ReplicaSet: so many pods of one template."""

from collections.abc import Callable
from dataclasses import dataclass

from .pod import Pod
from .spec import NEVER, Fault, Template


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

    def reconcile(
        self, now: float, min_ready_s: float, make_pod: Callable[[Template], Pod]
    ) -> None:
        """Lives through what is due, and moves pods towards `replicas`."""
        for pod in self.pods:
            pod.advance(now)
        self.pods = [pod for pod in self.pods if not (pod.terminating and pod.gone_at <= now)]
        running = self.running
        self.failing = False
        for _ in range(self.replicas - len(running)):
            pod = make_pod(self.template)
            if pod.fault is Fault.QUOTA:
                self.failing = True
                break
            self.pods.append(pod)
        surplus = max(0, len(running) - self.replicas)
        for pod in sorted(running, key=Pod.deletion_rank)[:surplus]:
            pod.terminate(now)
        self._count(now, min_ready_s)

    def next_event(self, now: float, min_ready_s: float) -> float:
        return min((pod.next_event(now, min_ready_s) for pod in self.pods), default=NEVER)

    def _count(self, now: float, min_ready_s: float) -> None:
        running = self.running
        self.counts = Counts(
            replicas=len(running),
            ready=sum(pod.ready for pod in running),
            available=sum(pod.available(now, min_ready_s) for pod in running),
            terminating=len(self.pods) - len(running),
        )
