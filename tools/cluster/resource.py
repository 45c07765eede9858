"""An object of the API server that has a spec, a status and pods, whatever its kind: what
Deployments and the other workloads have in common."""

from collections.abc import Callable

from .chance import Chance
from .pod import Pod
from .spec import NEVER, Fault, Template


class Refused(Exception):
    """What kubectl would refuse, in words."""


class Resource:
    kind = ""  # as Kubernetes has it

    def __init__(self, namespace: str, name: str, now: float, status):
        self.namespace = namespace
        self.name = name
        self.created = now
        self.generation = 1
        self.status = status  # as its controller wrote it last
        self.hindrance = Fault.NONE  # befalls every pod created from now on, whatever its template
        self.synced_from = now  # the controller has not heard of the newest spec before this
        self.wake = now  # when something happens next
        self.watch: Callable[["Resource"], None] = lambda _: None  # called after every write

    @property
    def key(self) -> str:
        return f"{self.namespace}/{self.name}"

    def changed(self, now: float, lag_s: float) -> None:
        """Its spec did. The controller hears of it, and writes the status, only later."""
        self.generation += 1
        self.synced_from = self.wake = now + lag_s
        self.watch(self)

    def write(self, status) -> bool:
        """True when that is another one than before."""
        if status == self.status:
            return False
        self.status = status
        self.watch(self)
        return True

    def make_pod(self, template: Template, now: float, chance: Chance) -> Pod | None:
        """None where even creating it is refused."""
        fault = template.fault if self.hindrance is Fault.NONE else self.hindrance
        if fault is Fault.QUOTA:
            return None
        return Pod(template, fault, now, chance.start_s(template))

    def next_event(self, now: float) -> float:
        """When something happens to it next, after `now`, without any controller."""
        times = [self.pod_event(pod, now) for pod in self.pods]
        times += [self.synced_from] if self.synced_from > now else []
        return min(times, default=NEVER)

    # --- what each kind says of itself; and each has `pods`, the terminating ones too

    def live(self, now: float) -> None:
        """What becomes of its pods until `now`, without any controller."""
        raise NotImplementedError

    def pod_event(self, pod: Pod, now: float) -> float:
        """When something about one of its pods changes next, after `now`, as far as it matters."""
        raise NotImplementedError
