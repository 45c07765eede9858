"""Argo Rollouts' controller (argoproj/argo-rollouts, rollout/): a canary that pauses at its steps,
or a blue-green pair. Phases are those that its metrics have."""

import math

from .chance import Chance
from .pod import Pod
from .spec import NEVER, Template
from .workload import Family, Workload


class Rollout(Workload):
    kind = "Rollout"
    name_label = "name"
    scale_down_delay_s = 30.0  # blueGreen's default

    def __init__(
        self,
        namespace: str,
        name: str,
        template: Template,
        now: float,
        replicas: int = 5,
        strategy: str = "canary",
        steps: tuple[int, ...] = (20,),
    ):
        """`steps`: the canary's weights in per cent; it pauses after each until promote()."""
        super().__init__(namespace, name, template, now)
        self.replicas = replicas
        self.strategy = strategy
        self.steps = steps
        self.stable_revision = 1
        self.aborted = False
        self.done_steps = 0
        self.old_until = now  # blueGreen: the old stack stays so long

    def rollout(self, now: float, lag_s: float, **template) -> None:
        super().rollout(now, lag_s, **template)
        self.aborted = False
        self.done_steps = 0

    def promote(self, now: float) -> None:
        self.done_steps += 1
        self.wake = now

    def abort(self, now: float) -> None:
        self.aborted = True
        self.wake = now

    def phase(self, now: float) -> str:
        if self.aborted:
            return "Abort"
        if self.stable_revision == self.revision:
            return "Completed"
        weight = self._weight()
        if weight < 100 and self._arrived(now, weight):
            return "Paused"
        return "Progressing"

    def sync(self, now: float, chance: Chance) -> bool:
        weight = self._weight()
        wanted_new = math.ceil(self.replicas * weight / 100)
        if self.stable_revision == self.revision:
            wanted_new = self.replicas
        new = self.of_newest(self.running)
        old = [pod for pod in self.running if pod not in new]
        if len(new) < wanted_new and self.born(now, chance):
            return True
        if self._finished(now, weight):
            self.stable_revision = self.revision
            self.old_until = now + (self.scale_down_delay_s if self._is_blue_green else 0)
            return True
        surplus = new[wanted_new:] + self._surplus_of(old, new, now)
        for pod in surplus:
            pod.terminate(now)
        if self.aborted and len(old) < self.replicas:
            return bool(self.born(now, chance, self.stable_revision))
        return bool(surplus)

    def alarm(self, now: float) -> float:
        return self.old_until if self.old_until > now else NEVER

    def available(self, now: float) -> list[Pod]:
        """As its ReplicaSets count them."""
        return [pod for pod in self.running if self.is_available(pod, now)]

    @property
    def _is_blue_green(self) -> bool:
        return self.strategy == "blueGreen"

    def _weight(self) -> int:
        if self.aborted:
            return 0
        if self._is_blue_green or self.done_steps >= len(self.steps):
            return 100
        return self.steps[self.done_steps]

    def _arrived(self, now: float, weight: int) -> bool:
        serving = self.of_newest(self.available(now))
        return len(serving) >= math.ceil(self.replicas * weight / 100)

    def _finished(self, now: float, weight: int) -> bool:
        return (
            self.stable_revision != self.revision and weight == 100 and self._arrived(now, weight)
        )

    def _surplus_of(self, old: list, new: list, now: float) -> list:
        """A canary's old pods go as its new ones serve; a blue stack goes after its delay."""
        if self._is_blue_green:
            promoted = self.stable_revision == self.revision
            return old if promoted and now >= self.old_until else []
        serving = [pod for pod in new if pod.available(now, self.min_ready_s)]
        return old[max(0, self.replicas - len(serving)) :]

    # --- its exposition

    def families(self, now: float, epoch: float) -> Family:
        available = len(self.available(now))
        info = {"phase": self.phase(now), "strategy": self.strategy, "traffic_router": ""}
        yield "rollout_info", info, 1
        yield "rollout_info_replicas_desired", {}, self.replicas
        yield "rollout_info_replicas_updated", {}, len(self.of_newest(self.running))
        yield "rollout_info_replicas_available", {}, available
        yield "rollout_info_replicas_unavailable", {}, len(self.running) - available
