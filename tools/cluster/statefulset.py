"""The StatefulSet controller (Kubernetes pkg/controller/statefulset/stateful_set_control.go) with
podManagementPolicy OrderedReady: pods come and go one by one, by their ordinals."""

import random

from .spec import Template
from .workload import Workload


class StatefulSet(Workload):
    kind = "StatefulSet"

    def __init__(
        self,
        namespace: str,
        name: str,
        template: Template,
        now: float,
        replicas: int = 3,
        partition: int = 0,
        strategy: str = "RollingUpdate",
    ):
        super().__init__(namespace, name, template, now)
        self.replicas = replicas
        self.partition = partition
        self.strategy = strategy
        self.current_revision = 1

    def scale(self, now: float, lag_s: float, replicas: int) -> None:
        self.replicas = replicas
        self.changed(now, lag_s)

    def move_partition(self, now: float, lag_s: float, partition: int) -> None:
        self.partition = partition
        self.changed(now, lag_s)

    def delete_pod(self, now: float, ordinal: int) -> None:
        """What somebody does by hand under OnDelete."""
        for pod in self.running:
            if pod.ordinal == ordinal:
                pod.terminate(now)
        self.wake = now

    def step(self, now: float, rng: random.Random, jitter: float) -> bool:
        by_ordinal = {pod.ordinal: pod for pod in self.pods}
        for ordinal in range(self.replicas):
            if ordinal not in by_ordinal:
                pod = self.born(now, rng, jitter)
                pod.ordinal = ordinal
                if ordinal < self.partition and self.strategy == "RollingUpdate":
                    pod.revision = self.current_revision
                return True
            if not by_ordinal[ordinal].ready:
                return False  # the next one waits for it
        surplus = [pod for pod in self.pods if pod.ordinal >= self.replicas]
        if surplus:
            return self._terminate(max(surplus, key=lambda pod: pod.ordinal), now)
        return self._update(by_ordinal, now)

    def _update(self, by_ordinal: dict, now: float) -> bool:
        """From the highest ordinal down to the partition, each after the one above is ready."""
        if self.strategy == "OnDelete":
            return False
        for ordinal in reversed(range(self.partition, self.replicas)):
            if by_ordinal[ordinal].revision != self.revision:
                return self._terminate(by_ordinal[ordinal], now)
        if self.partition == 0 and self.current_revision != self.revision:
            self.current_revision = self.revision  # all are of it: completeRollingUpdate
            return True
        return False

    @staticmethod
    def _terminate(pod, now: float) -> bool:
        if pod.terminating:
            return False
        pod.terminate(now)
        return True
