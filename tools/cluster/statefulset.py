"""The StatefulSet controller (Kubernetes pkg/controller/statefulset: stateful_set_control.go,
stateful_set_status_updater.go, stateful_set.go). A sync counts the pods that it found, does one
thing (with podManagementPolicy Parallel: all that it can), and writes what it counted."""

from dataclasses import dataclass, replace

from .chance import Chance
from .pod import Pod
from .spec import NEVER, Template
from .workload import Family, Workload


@dataclass(frozen=True)
class Status:
    """Terminating pods count among `replicas`, and while they are ready among `ready` and
    `available`; never among `current` and `updated` (computeReplicaStatus)."""

    observed_generation: int = 0
    replicas: int = 0
    ready: int = 0
    available: int = 0
    current: int = 0  # of current_revision
    updated: int = 0  # of update_revision
    current_revision: int = 1
    update_revision: int = 1


class StatefulSet(Workload):
    kind = "StatefulSet"
    name_label = "statefulset"
    since = {"kube_statefulset_status_replicas_available": (2, 2)}

    def __init__(
        self,
        namespace: str,
        name: str,
        template: Template,
        now: float,
        replicas: int = 3,
        partition: int = 0,
        strategy: str = "RollingUpdate",
        min_ready_s: float = 0.0,
        ordered: bool = True,
    ):
        """`ordered`: podManagementPolicy OrderedReady, else Parallel."""
        super().__init__(namespace, name, template, now, Status())
        self.replicas = replicas
        self.partition = partition
        self.strategy = strategy
        self.min_ready_s = min_ready_s
        self.ordered = ordered
        self._look_at = NEVER  # enqueueSSAfter

    def scale(self, now: float, lag_s: float, replicas: int) -> None:
        self.replicas = replicas
        self.changed(now, lag_s)

    def move_partition(self, now: float, lag_s: float, partition: int) -> None:
        self.partition = partition
        self.changed(now, lag_s)

    # --- the controller

    def sync(self, now: float, chance: Chance) -> bool:
        status = self._counted(now)
        before = self._shape()
        if self._keep(now, chance) and self._shrink(now) and self.strategy == "RollingUpdate":
            # Whatever their revision; but the API server refuses a count below 0.
            status = replace(status, current=max(0, status.current - self._renew(now)))
        status = self._completed(status)
        if now >= self._look_at:
            self._look_at = NEVER
        if self.min_ready_s and status.ready == self.replicas != status.available:
            self._look_at = min(self._look_at, now + self.min_ready_s)
        return self.write(status) or self._shape() != before

    def alarm(self, now: float) -> float:
        """Once all are ready: until all are available."""
        return self._look_at

    def pod_event(self, pod: Pod, now: float) -> float:
        """That it has been ready for long enough is no event: see alarm() and is_available()."""
        return pod.next_event(now, 0.0)

    def is_available(self, pod: Pod, now: float) -> bool:
        """For more than minReadySeconds, so that a look after just that time comes too early, and
        the next one is as long again after it."""
        if not self.min_ready_s:
            return pod.ready
        return pod.ready and now > pod.ready_since + self.min_ready_s

    def _shape(self) -> list[tuple[int, bool]]:
        return [(id(pod), pod.terminating) for pod in self.pods]

    def _counted(self, now: float) -> Status:
        running, current = self.running, self.status.current_revision
        return Status(
            observed_generation=self.generation,
            replicas=len(self.pods),
            ready=sum(pod.ready for pod in self.pods),
            available=sum(self.is_available(pod, now) for pod in self.pods),
            current=sum(pod.revision == current for pod in running),
            updated=len(self.of_newest(running)),
            current_revision=current,
            update_revision=self.revision,
        )

    def _completed(self, status: Status) -> Status:
        """completeRollingUpdate, which asks for ready pods, not for available ones."""
        whole = status.updated == status.ready == status.replicas == self.replicas
        if self.strategy != "RollingUpdate" or not whole:
            return status
        return replace(status, current=status.updated, current_revision=status.update_revision)

    def _keep(self, now: float, chance: Chance) -> bool:
        """One pod for each ordinal. False: what comes after it must wait."""
        at = {pod.place: pod for pod in self.pods}
        for ordinal in range(self.replicas):
            pod = at.get(ordinal)
            if not pod:
                self._give_birth(ordinal, now, chance)
            if self.ordered and not (pod and self._is_healthy(pod, now)):
                return False
        return True

    def _give_birth(self, ordinal: int, now: float, chance: Chance) -> None:
        """newVersionedStatefulSetPod: below the partition, pods stay what they were."""
        held = self.strategy == "RollingUpdate" and ordinal < self.partition
        pod = self.born(now, chance, self.status.current_revision if held else self.revision)
        if pod:
            pod.place = ordinal

    def _shrink(self, now: float) -> bool:
        """Pods above the last ordinal go, the highest first, each when the one above is gone."""
        condemned = [pod for pod in self.pods if pod.place >= self.replicas]
        condemned.sort(key=lambda pod: -pod.place)
        for pod in condemned[:1] if self.ordered else condemned:
            pod.terminate(now)
        return not condemned

    def _renew(self, now: float) -> int:
        """From the highest ordinal down to the partition, while all others serve. How many go."""
        mine = sorted(self.pods, key=lambda pod: -pod.place)
        if len(mine) < self.replicas or not all(self._is_healthy(pod, now) for pod in mine):
            return 0
        old = [p for p in mine if p.place >= self.partition and p.revision != self.revision]
        for pod in old[:1]:
            pod.terminate(now)
        return len(old[:1])

    def _is_healthy(self, pod: Pod, now: float) -> bool:
        return not pod.terminating and self.is_available(pod, now)

    # --- its exposition

    def families(self, now: float, epoch: float) -> Family:
        prefix = "kube_statefulset"
        yield from self.common(prefix, epoch)
        yield f"{prefix}_replicas", {}, self.replicas
        yield f"{prefix}_status_replicas", {}, self.status.replicas
        yield f"{prefix}_status_replicas_ready", {}, self.status.ready
        yield f"{prefix}_status_replicas_available", {}, self.status.available
        yield f"{prefix}_status_replicas_current", {}, self.status.current
        yield f"{prefix}_status_replicas_updated", {}, self.status.updated
        revisions = {"current": self.status.current_revision, "update": self.status.update_revision}
        for what, revision in revisions.items():
            yield f"{prefix}_status_{what}_revision", {"revision": f"{self.name}-{revision:x}"}, 1
