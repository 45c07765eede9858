"""All of it in virtual time."""

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass

from . import controller
from .chance import Chance
from .deployment import Deployment
from .resource import Refused, Resource
from .spec import NEVER, Fault, Spec, Template
from .traffic import Traffic
from .workload import Workload


@dataclass(frozen=True)
class Entry:
    """One line of the cluster's journal: what became true of a Deployment, and when."""

    at: float
    key: str
    what: str  # "generation 2", "complete", "Progressing: ReplicaSetUpdated", "deleted", ...


class Cluster:
    """`epoch` is the Unix time of virtual second 0; `lag_s` is how long the controller takes to
    hear of a new spec (observedGeneration lags that long); `jitter`, `seed` and `shuffled` are
    Chance's."""

    def __init__(
        self,
        epoch: float = 1.7e9,
        lag_s: float = 0.5,
        jitter: float = 0.0,
        seed: int = 1,
        shuffled: bool = False,
    ):
        self.epoch = epoch
        self.lag_s = lag_s
        self.now = 0.0
        self.deployments: dict[str, Deployment] = {}
        self.others: list[Workload] = []  # StatefulSets, DaemonSets, Argo Rollouts
        self.traffic: dict[str, Traffic] = {}
        self.journal: list[Entry] = []
        self.watchers: list[Callable[[Resource], None]] = []  # called after each write
        self.controlled = True  # the controller manager runs
        self._chance = Chance(seed, jitter, shuffled)
        self._script: list[tuple[float, int, Callable[[], object]]] = []
        self._order = itertools.count()

    # --- time

    def step(self, seconds: float) -> None:
        """Moves time on, through every event in order."""
        until = self.now + seconds
        while (at := self._next_event()) <= until:
            self._pass(max(self.now, at))
            while self._script and self._script[0][0] <= self.now:
                heapq.heappop(self._script)[2]()
            for resource in self._resources():
                if resource.wake <= self.now:
                    self._settle(resource)
        self._pass(until)

    def at(self, when: float, action: Callable[[], object]) -> None:
        """Runs `action` when virtual time reaches `when`."""
        heapq.heappush(self._script, (when, next(self._order), action))

    # --- what kubectl does; `key` is namespace/name

    def create(self, key: str, spec: Spec | None = None, running: bool = False) -> Deployment:
        """`running`: it has been there for a day, and all its pods serve."""
        namespace, slash, name = key.partition("/")
        if not slash or not namespace or not name:
            raise Refused(f"{key}: a Deployment is named as namespace/name")
        if key in self.deployments:
            raise Refused(f"{key} exists already")
        d = self.deployments[key] = Deployment(namespace, name, spec or Spec(), self.now)
        d.watch = self._tell
        self._note(d, "generation 1")
        if running:
            d.created = self.now - 86_400
            self._settle(d)
            for pod in d.pods:
                pod.ready_at = self.now - d.spec.min_ready_s
        else:
            d.synced_from = self.now + self.lag_s
        self._settle(d)
        return d

    def run(self, kind: type[Workload], key: str, template: Template = Template(), **spec):
        """A workload of another kind, that has been there for a day."""
        namespace, _, name = key.partition("/")
        workload = kind(namespace, name, template, self.now, **spec)
        workload.watch = self._tell
        self.others.append(workload)
        while workload.wake <= self.now:
            self._settle(workload)
            workload.serve_at_once(self.now)
        return workload

    def rollout(self, key: str, **template) -> None:
        d = self.get(key)
        self._change(d, template=d.next_template(**template))

    def undo(self, key: str) -> None:
        d = self.get(key)
        self._change(d, template=d.previous_template())

    def scale(self, key: str, replicas: int) -> None:
        self._change(self.get(key), replicas=replicas)

    def pause(self, key: str) -> None:
        self._change(self.get(key), paused=True)

    def resume(self, key: str) -> None:
        self._change(self.get(key), paused=False)

    def change(self, key: str, **spec) -> None:
        self._change(self.get(key), **spec)

    def delete(self, key: str, foreground: bool = False) -> None:
        """In the background the object is gone at once; in the foreground its pods go first."""
        d = self.get(key)
        if foreground:
            d.deleting_since = self.now
            d.changed(self.now, 0.0)  # the API server counts a deletion timestamp as one
        else:
            self._forget(d)

    # --- what befalls a cluster

    def serve(self, key: str, **traffic) -> None:
        """From now on it gets requests; the pods that it has are warm."""
        self.get(key)
        self.traffic[key] = Traffic(**traffic)
        self.traffic[key].warm_before = self.now

    def lose(self, key: str, pods: int = 1, seconds: float = 30.0) -> None:
        """So many serving pods stop being ready, for so long."""
        d = self.get(key)
        for pod in [pod for pod in d.pods if pod.serving][:pods]:
            pod.lose(self.now, seconds)
        d.wake = self.now

    def delete_pods(self, key: str, pods: int = 1) -> None:
        """What somebody does by hand, or a node that is drained."""
        d = self.get(key)
        for pod in [pod for pod in d.pods if not pod.terminating][:pods]:
            pod.terminate(self.now)
        d.wake = self.now

    def stop_controllers(self) -> None:
        """The controller manager is down: pods live on, and nobody looks."""
        self.controlled = False

    def start_controllers(self) -> None:
        self.controlled = True
        for resource in self._resources():
            resource.wake = self.now

    def hinder(self, key: str, fault: Fault) -> None:
        """Befalls every pod created from now on (a full cluster, an exhausted quota)."""
        self.get(key).hindrance = fault

    def heal(self, key: str) -> None:
        """Ends hinder(), also for the pods that were waiting."""
        d = self.get(key)
        d.hindrance = Fault.NONE
        for pod in d.pods:
            if pod.template.fault is Fault.NONE:
                pod.heal(self.now)
        d.wake = self.now

    def burden(self, key: str, factor: float) -> None:
        """From now on every answer takes so many times as long: what all pods depend on is slow."""
        self.get(key)
        if key not in self.traffic:
            raise Refused(f"{key} has no traffic")
        self.traffic[key].factor = factor

    def get(self, key: str) -> Deployment:
        if key not in self.deployments:
            known = ", ".join(sorted(self.deployments)) or "none"
            raise Refused(f"there is no Deployment {key} (there are: {known})")
        return self.deployments[key]

    def last(self, key: str, what: str) -> float | None:
        """When `what` was last noted of `key`."""
        times = [entry.at for entry in self.journal if (entry.key, entry.what) == (key, what)]
        return times[-1] if times else None

    # ---

    def _pass(self, until: float) -> None:
        for key, traffic in self.traffic.items():
            if key in self.deployments:
                traffic.serve(self.deployments[key], self.now, until)
        self.now = until

    def _next_event(self) -> float:
        script = self._script[0][0] if self._script else NEVER
        return min([script, *(resource.wake for resource in self._resources())])

    def _resources(self) -> list[Resource]:
        return [*self.deployments.values(), *self.others]

    def _tell(self, resource: Resource) -> None:
        for watcher in self.watchers:
            watcher(resource)

    def _change(self, d: Deployment, **spec) -> None:
        was_complete = d.complete
        if d.change(self.now, self.lag_s, **spec):
            self._note(d, f"generation {d.generation}")
            self._note_completion(d, was_complete)

    def _settle(self, resource: Resource) -> None:
        if not self.controlled:
            resource.live(self.now)
            resource.wake = resource.next_event(self.now)
        elif isinstance(resource, Deployment):
            self._settle_deployment(resource)
        else:
            resource.settle(self.now, self._chance)

    def _settle_deployment(self, d: Deployment) -> None:
        was_complete, before = d.complete, d.status.conditions
        controller.settle(d, self.now, self._chance)
        for kind, condition in d.status.conditions.items():
            if kind not in before or before[kind].reason != condition.reason:
                self._note(d, f"{kind}: {condition.reason}")
        self._note_completion(d, was_complete)
        if d.deleting_since is not None and not d.pods:
            self._forget(d)

    def _note_completion(self, d: Deployment, was_complete: bool) -> None:
        if d.complete != was_complete:
            self._note(d, "complete" if d.complete else "incomplete")

    def _forget(self, d: Deployment) -> None:
        del self.deployments[d.key]
        self._note(d, "deleted")

    def _note(self, d: Deployment, what: str) -> None:
        self.journal.append(Entry(self.now, d.key, what))


__all__ = ["Cluster", "Entry", "Fault", "Refused", "Spec", "Template", "Traffic"]
