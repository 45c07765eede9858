"""What StatefulSets, DaemonSets and Argo Rollouts have in common: revisions of a template, a
controller that hears of changes a little later, and pods. Each controller's file says what it does
in a sync of its own, and what its exporter says of it: kube-state-metrics (its docs/metrics/
workload), or Argo Rollouts' controller (controller/metrics/rollouts.go). settle() syncs until
nothing changes."""

from collections.abc import Iterator
from dataclasses import replace

from .chance import Chance
from .pod import Pod, survivors
from .resource import Refused, Resource
from .spec import NEVER, Template

Sample = tuple[dict[str, str], float]
Family = Iterator[tuple[str, dict[str, str], float]]

SYNCS_MAX = 10_000  # far above what any of them needs; more is a defect of the model


class Workload(Resource):
    min_ready_s = 0.0  # minReadySeconds
    name_label = ""  # the label that has its name
    since: dict[str, tuple[int, int]] = {}  # of what not every kube-state-metrics exports

    def __init__(self, namespace: str, name: str, template: Template, now: float, status=None):
        super().__init__(namespace, name, now, status)
        self.revisions = [template]
        self.revision = 1  # the place in `revisions`, from 1
        self.previous = 1  # what an undo returns to
        self.pods: list[Pod] = []  # terminating ones too, the oldest first

    @property
    def template(self) -> Template:
        return self.revisions[self.revision - 1]

    # --- what kubectl does

    def rollout(self, now: float, lag_s: float, **template) -> None:
        """A new template; with no image given, the next version."""
        template.setdefault("image", f"v{len(self.revisions) + 1}")
        newest = replace(self.template, **template)
        if newest not in self.revisions:
            self.revisions.append(newest)
        self._return_to(self.revisions.index(newest) + 1, now, lag_s)

    def undo(self, now: float, lag_s: float) -> None:
        self._return_to(self.previous, now, lag_s)

    def _return_to(self, revision: int, now: float, lag_s: float) -> None:
        self.revision, self.previous = revision, self.revision
        self.changed(now, lag_s)

    # --- what befalls its pods

    def lose(self, now: float, pods: int = 1, seconds: float = 30.0) -> None:
        """So many serving pods stop being ready, for so long."""
        for pod in [pod for pod in self.pods if pod.serving][:pods]:
            pod.lose(now, seconds)
        self.wake = now

    def delete_pod(self, now: float, place: int) -> None:
        """What somebody does by hand, under OnDelete or because the pod hangs."""
        for pod in self.running:
            if pod.place == place:
                pod.terminate(now)
        self.wake = now

    def live(self, now: float) -> None:
        self.pods = survivors(self.pods, now)

    def pod_event(self, pod: Pod, now: float) -> float:
        return pod.next_event(now, self.min_ready_s)

    # --- the controller

    def settle(self, now: float, chance: Chance) -> None:
        for _ in range(SYNCS_MAX):
            self.live(now)
            if now < self.synced_from or not self.sync(now, chance):
                break
        else:
            raise AssertionError(f"{self.kind} {self.key} does not settle")
        self.wake = min(self.next_event(now), self.alarm(now))

    def sync(self, now: float, chance: Chance) -> bool:
        """One decision of the controller; True when it did something."""
        raise NotImplementedError

    def alarm(self, now: float) -> float:
        """When the controller wants to look again by itself, after `now`."""
        return NEVER

    def born(self, now: float, chance: Chance, revision: int | None = None) -> Pod | None:
        """A new pod, of the present template where no other revision is asked for."""
        revision = revision or self.revision
        pod = self.make_pod(self.revisions[revision - 1], now, chance)
        if pod:
            pod.revision = revision
            self.pods.append(pod)
        return pod

    def serve_at_once(self, now: float) -> None:
        """It has been there for a day, and all its pods serve."""
        self.created = now - 86_400
        for pod in self.pods:
            if not pod.ready:
                pod.ready_at, self.wake = now - self.min_ready_s - 1.0, now

    # --- what is counted

    @property
    def running(self) -> list[Pod]:
        return [pod for pod in self.pods if not pod.terminating]

    def is_available(self, pod: Pod, now: float) -> bool:
        """Terminating pods too, while they are ready."""
        return pod.available(now, self.min_ready_s)

    def of_newest(self, pods: list[Pod]) -> list[Pod]:
        return [pod for pod in pods if pod.revision == self.revision]

    # --- its exposition

    def samples(self, now: float, epoch: float) -> Iterator[tuple[str, Sample]]:
        """(metric, (labels, value)) of it."""
        labels = {"namespace": self.namespace, self.name_label: self.name}
        for metric, extra, value in self.families(now, epoch):
            yield metric, (labels | extra, value)

    def families(self, now: float, epoch: float) -> Family:
        """(metric, its own labels, value); times of the cluster begin at `epoch`."""
        raise NotImplementedError

    def common(self, prefix: str, epoch: float) -> Family:
        yield f"{prefix}_created", {}, int(epoch + self.created)
        yield f"{prefix}_metadata_generation", {}, self.generation
        yield f"{prefix}_status_observed_generation", {}, self.status.observed_generation


__all__ = ["Refused", "Workload"]
