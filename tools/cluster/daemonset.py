"""The DaemonSet controller (Kubernetes pkg/controller/daemon: daemon_controller.go, update.go): one
pod a node, of which maxUnavailable may be missing while they are renewed; or, with maxSurge, so
many nodes have both the old and the new one. A sync counts the nodes as it found them, does what is
to be done, and writes what it counted."""

from dataclasses import dataclass

from .chance import Chance
from .pod import Pod
from .spec import Template
from .workload import Family, Workload


@dataclass(frozen=True)
class Status:
    """A node counts by its oldest pod, also when that one terminates (updateDaemonSetStatus)."""

    observed_generation: int = 0
    desired: int = 0
    current: int = 0
    updated: int = 0
    ready: int = 0
    available: int = 0


class DaemonSet(Workload):
    kind = "DaemonSet"
    name_label = "daemonset"

    def __init__(
        self,
        namespace: str,
        name: str,
        template: Template,
        now: float,
        nodes: int = 3,
        max_unavailable: int = 1,
        max_surge: int = 0,
        strategy: str = "RollingUpdate",
        min_ready_s: float = 0.0,
    ):
        super().__init__(namespace, name, template, now, Status())
        self.nodes = nodes
        self.max_unavailable = max_unavailable
        self.max_surge = max_surge
        self.strategy = strategy
        self.min_ready_s = min_ready_s

    def resize(self, now: float, nodes: int) -> None:
        """Nodes come and go: that is no new generation."""
        self.nodes = nodes
        self.wake = now

    # --- the controller

    def sync(self, now: float, chance: Chance) -> bool:
        at = self._at()
        status = self._counted(at, now)
        acted = self._manage(at, now, chance)
        if not acted and self.strategy == "RollingUpdate":
            acted = self._surge(at, now, chance) if self.max_surge else self._renew(at, now)
        return self.write(status) or acted

    def _at(self) -> list[list[Pod]]:
        """The pods of each node, the oldest first."""
        return [[pod for pod in self.pods if pod.place == node] for node in range(self.nodes)]

    def _counted(self, at: list[list[Pod]], now: float) -> Status:
        oldest = [pods[0] for pods in at if pods]
        return Status(
            observed_generation=self.generation,
            desired=self.nodes,
            current=len(oldest),
            updated=len(self.of_newest(oldest)),
            ready=sum(pod.ready for pod in oldest),
            available=sum(self.is_available(pod, now) for pod in oldest),
        )

    def _manage(self, at: list[list[Pod]], now: float, chance: Chance) -> bool:
        """manage(): a pod on each node, none where there is no node any more."""
        born = [self._born_on(node, now, chance) for node, pods in enumerate(at) if not pods]
        gone = [pod for pod in self.running if pod.place >= self.nodes]
        for pod in gone:
            pod.terminate(now)
        return any(born) or bool(gone)

    def _renew(self, at: list[list[Pod]], now: float) -> bool:
        """rollingUpdate() with maxSurge 0: old pods that do not serve go at once, others as far as
        may be missing. A node whose pod terminates is missing."""
        running = [next((pod for pod in pods if not pod.terminating), None) for pods in at]
        old = [pod for pod in running if pod and pod.revision != self.revision]
        serving = [pod for pod in running if pod and self.is_available(pod, now)]
        broken = [pod for pod in old if pod not in serving]
        room = max(0, self.max_unavailable - (self.nodes - len(serving)))
        condemned = broken + [pod for pod in old if pod in serving][:room]
        for pod in condemned:
            pod.terminate(now)
        return bool(condemned)

    def _surge(self, at: list[list[Pod]], now: float, chance: Chance) -> bool:
        """rollingUpdate() with maxSurge: the new pod first, the old one goes when it serves."""
        acted, surging, wanting = False, 0, []
        for node, pods in enumerate(at):
            running = [pod for pod in pods if not pod.terminating]
            new = self.of_newest(running)
            old = [pod for pod in running if pod not in new]
            if old and not new:
                wanting.append((self.is_available(old[0], now), node))
            elif old and self.is_available(new[0], now):
                old[0].terminate(now)
                acted = True
            elif old:
                surging += 1
        broken = [node for serves, node in wanting if not serves]
        others = [node for serves, node in wanting if serves]
        for node in broken + others[: max(0, self.max_surge - surging)]:
            acted |= self._born_on(node, now, chance)
        return acted

    def _born_on(self, node: int, now: float, chance: Chance) -> bool:
        pod = self.born(now, chance)
        if pod:
            pod.place = node
        return bool(pod)

    # --- its exposition

    def families(self, now: float, epoch: float) -> Family:
        prefix = "kube_daemonset"
        yield from self.common(prefix, epoch)
        yield f"{prefix}_status_desired_number_scheduled", {}, self.status.desired
        yield f"{prefix}_status_current_number_scheduled", {}, self.status.current
        yield f"{prefix}_status_updated_number_scheduled", {}, self.status.updated
        yield f"{prefix}_status_number_ready", {}, self.status.ready
        yield f"{prefix}_status_number_available", {}, self.status.available
