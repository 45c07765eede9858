"""One pod's life."""

from .spec import NEVER, Fault, Template

# kubelet's CrashLoopBackOff: 10 s, doubling to 300 s (pkg/kubelet MaxContainerBackOff).
BACKOFF_S = 10.0
BACKOFF_MAX_S = 300.0


class Pod:
    """Times are the cluster's virtual seconds; NEVER where nothing will happen by itself."""

    def __init__(self, template: Template, fault: Fault, now: float, start_s: float):
        self.template = template
        self.fault = fault
        self.start_s = start_s
        self.created = now
        self.revision = 0  # of the template, where the kind counts revisions
        self.place = 0  # a StatefulSet's ordinal, a DaemonSet's node
        self.ready_since: float | None = None
        self.ready_at = NEVER
        self.crash_at = NEVER
        self.gone_at: float | None = None  # set: terminating
        self.unready_at = NEVER  # while terminating: its last containers are stopped
        self.restarts = 0
        self.served = False  # was ready at least once
        if fault in (Fault.NONE, Fault.CRASH_LOOP):
            self.ready_at = now + start_s

    @property
    def terminating(self) -> bool:
        return self.gone_at is not None

    @property
    def ready(self) -> bool:
        """Its condition Ready, which a terminating pod keeps until its containers are stopped."""
        return self.ready_since is not None

    @property
    def serving(self) -> bool:
        """In the endpoints of its Service, which a terminating pod leaves at once."""
        return self.ready and not self.terminating

    def available(self, now: float, min_ready_s: float) -> bool:
        return self.ready and now >= self.ready_since + min_ready_s

    def advance(self, now: float) -> None:
        """Lives through everything due until `now`."""
        if self.terminating:
            if self.unready_at <= now:
                self.ready_since = None
            return
        while min(self.ready_at, self.crash_at) <= now:
            if self.ready_at <= now:
                self._start_serving()
            else:
                self._crash()

    def next_event(self, now: float, min_ready_s: float) -> float:
        """When something about this pod changes next, after `now`."""
        if self.terminating:
            times = [self.unready_at, self.gone_at]
        else:
            times = [self.ready_at, self.crash_at]
        if self.ready_since is not None:
            times.append(self.ready_since + min_ready_s)
        return min((t for t in times if t > now), default=NEVER)

    def terminate(self, now: float) -> None:
        """Once is enough: a second deletion changes nothing."""
        if not self.terminating:
            self.gone_at = now + self.template.stop_s
            self.unready_at = now + min(self.template.drain_s, self.template.stop_s)

    def lose(self, now: float, seconds: float) -> None:
        """Its readiness probe fails for a while."""
        self.ready_since = None
        self.crash_at = NEVER
        self.ready_at = now + seconds

    def heal(self, now: float) -> None:
        """What held it up is gone: it starts now."""
        if self.fault is not Fault.NONE:
            self.fault = Fault.NONE
            self.lose(now, self.start_s)

    def deletion_rank(self) -> tuple:
        """Which pod a ReplicaSet gives up first (controller_utils.go ActivePods): without a node,
        still starting, not ready, then the youngest."""
        return (self.fault is not Fault.UNSCHEDULABLE, self.served, self.ready, -self.created)

    def _start_serving(self) -> None:
        self.served = True
        self.ready_since, self.ready_at = self.ready_at, NEVER
        if self.fault is Fault.CRASH_LOOP:
            self.crash_at = self.ready_since + self.template.crash_after_s

    def _crash(self) -> None:
        backoff = min(BACKOFF_S * 2**self.restarts, BACKOFF_MAX_S)
        self.restarts += 1
        self.ready_since = None
        self.ready_at, self.crash_at = self.crash_at + backoff + self.start_s, NEVER


def survivors(pods: list[Pod], now: float) -> list[Pod]:
    """Those that are left after everything due until `now`."""
    for pod in pods:
        pod.advance(now)
    return [pod for pod in pods if not (pod.terminating and pod.gone_at <= now)]
