"""The DaemonSet controller (Kubernetes pkg/controller/daemon: daemon_controller.go, update.go) with
maxSurge 0: one pod a node, of which some may be missing while they are renewed."""

import random

from .spec import Template
from .workload import Workload


class DaemonSet(Workload):
    kind = "DaemonSet"

    def __init__(
        self,
        namespace: str,
        name: str,
        template: Template,
        now: float,
        nodes: int = 3,
        max_unavailable: int = 1,
        strategy: str = "RollingUpdate",
    ):
        super().__init__(namespace, name, template, now)
        self.nodes = nodes
        self.max_unavailable = max_unavailable
        self.strategy = strategy

    def resize(self, now: float, nodes: int) -> None:
        """Nodes come and go: that is no new generation."""
        self.nodes = nodes
        self.wake = now

    def step(self, now: float, rng: random.Random, jitter: float) -> bool:
        at = {pod.node: pod for pod in self.pods}
        for node in range(self.nodes):
            if node not in at:
                self.born(now, rng, jitter).node = node
                return True
        gone = [pod for pod in self.running if pod.node >= self.nodes]
        for pod in gone:
            pod.terminate(now)
        return bool(gone) or self._update(now)

    def _update(self, now: float) -> bool:
        """Old pods that do not serve go at once, others as far as may be missing."""
        if self.strategy == "OnDelete":
            return False
        old = [pod for pod in self.running if pod.revision != self.revision]
        room = self.max_unavailable - (self.nodes - len(self.available(now)))
        serving = [pod for pod in old if pod.available(now, self.min_ready_s)]
        condemned = [pod for pod in old if pod not in serving] + serving[: max(0, room)]
        for pod in condemned:
            pod.terminate(now)
        return bool(condemned)
