"""What StatefulSets, DaemonSets and Argo Rollouts have in common: an object with a template, a
controller that hears of changes a little later, and pods. Each controller's file says what it does
in a step of its own; settle() takes steps until nothing changes."""

import random

from .deployment import Refused
from .pod import Pod
from .spec import NEVER, Fault, Template

STEPS_MAX = 10_000  # far above what any of them needs; more is a defect of the model


class Workload:
    kind = ""  # as Kubernetes has it

    def __init__(self, namespace: str, name: str, template: Template, now: float):
        self.namespace = namespace
        self.name = name
        self.template = template
        self.created = now
        self.generation = 1
        self.observed_generation = 0
        self.revision = 1
        self.updated_at = 0  # the last revision that was rolled out in full
        self.min_ready_s = 0.0
        self.hindrance = Fault.NONE  # befalls every pod created from now on
        self.pods: list[Pod] = []  # terminating ones too
        self.synced_from = now  # the controller has not heard of the newest spec before this
        self.wake = now

    @property
    def key(self) -> str:
        return f"{self.namespace}/{self.name}"

    # --- what kubectl does

    def rollout(self, now: float, lag_s: float, **template) -> None:
        """A new template; with no image given, the next version."""
        template.setdefault("image", f"v{self.revision + 1}")
        self.template = Template(**vars(self.template) | template)
        self.revision += 1
        self.changed(now, lag_s)

    def changed(self, now: float, lag_s: float) -> None:
        self.generation += 1
        self.synced_from = self.wake = now + lag_s

    def lose(self, now: float, pods: int = 1, seconds: float = 30.0) -> None:
        """So many serving pods stop being ready, for so long."""
        for pod in [pod for pod in self.pods if pod.ready][:pods]:
            pod.lose(now, seconds)
        self.wake = now

    # --- the controller

    def settle(self, now: float, rng: random.Random, jitter: float) -> None:
        for _ in range(STEPS_MAX):
            for pod in self.pods:
                pod.advance(now)
            left = [pod for pod in self.pods if not (pod.terminating and pod.gone_at <= now)]
            moved = len(left) != len(self.pods)
            self.pods = left
            if now >= self.synced_from:
                self.observed_generation = self.generation
                moved |= self.step(now, rng, jitter)
            if not moved:
                break
        else:
            raise AssertionError(f"{self.kind} {self.key} does not settle")
        times = [self.alarm(now), *(pod.next_event(now, self.min_ready_s) for pod in self.pods)]
        self.wake = min(times + [self.synced_from] if self.synced_from > now else times)

    def step(self, now: float, rng: random.Random, jitter: float) -> bool:
        """One decision of the controller; True when it did something."""
        raise NotImplementedError

    def alarm(self, now: float) -> float:
        """When the controller wants to look again by itself."""
        return NEVER

    def born(self, now: float, rng: random.Random, jitter: float) -> Pod:
        """A new pod of the present template; `revision` is that of the template."""
        fault = self.template.fault if self.hindrance is Fault.NONE else self.hindrance
        start_s = self.template.start_s * rng.uniform(1 - jitter, 1 + jitter)
        pod = Pod(self.template, fault, now, start_s)
        pod.revision = self.revision
        self.pods.append(pod)
        return pod

    def serve_at_once(self, now: float) -> None:
        """It has been there for a day, and all its pods serve."""
        self.created = now - 86_400
        for pod in self.pods:
            if not pod.ready:
                pod.ready_at, self.wake = now - self.min_ready_s, now

    # --- what is counted

    @property
    def running(self) -> list[Pod]:
        return [pod for pod in self.pods if not pod.terminating]

    def available(self, now: float) -> list[Pod]:
        return [pod for pod in self.running if pod.available(now, self.min_ready_s)]

    def of_newest(self, pods: list[Pod]) -> list[Pod]:
        return [pod for pod in pods if pod.revision == self.revision]


__all__ = ["Refused", "Workload"]
