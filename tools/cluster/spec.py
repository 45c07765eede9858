"""What a user asks for, as in apps/v1: pod templates, strategies, how percentages become pods."""

import enum
import math
from dataclasses import dataclass


class Fault(enum.Enum):
    """What keeps a pod from serving."""

    NONE = "none"
    IMAGE_PULL = "image_pull"  # scheduled, never starts
    UNSCHEDULABLE = "unschedulable"  # never gets a node
    CRASH_LOOP = "crash_loop"  # ready for crash_after_s, then restarts with back-off
    NEVER_READY = "never_ready"  # runs, its readiness probe never passes
    QUOTA = "quota"  # the pod cannot even be created: ReplicaFailure


@dataclass(frozen=True)
class Template:
    """A pod template, and how pods made from it behave. Two equal ones are the same revision."""

    image: str = "v1"
    start_s: float = 3.0  # from creation to ready
    stop_s: float = 2.0  # from deletion to gone
    drain_s: float = 1.0  # from deletion to no longer ready; stop_s, if that is less
    fault: Fault = Fault.NONE
    crash_after_s: float = 5.0


@dataclass(frozen=True)
class Spec:
    """spec of a Deployment. max_surge and max_unavailable are pods (2, "2") or percent ("25%")."""

    template: Template = Template()
    replicas: int = 3
    strategy: str = "RollingUpdate"  # or "Recreate"
    max_surge: int | str = "25%"
    max_unavailable: int | str = "25%"
    min_ready_s: float = 0.0
    progress_deadline_s: float | None = 600.0  # None: no Progressing condition at all
    paused: bool = False
    history_limit: int = 10  # revisionHistoryLimit

    def __post_init__(self):
        if self.replicas < 0:
            raise ValueError(f"{self.replicas} replicas: must be 0 or more")
        if self.strategy not in ("RollingUpdate", "Recreate"):
            raise ValueError(f"strategy {self.strategy}: must be RollingUpdate or Recreate")
        resolved(self.max_surge, self.replicas, round_up=True)
        resolved(self.max_unavailable, self.replicas, round_up=False)

    @property
    def rolling(self) -> bool:
        return self.strategy == "RollingUpdate"

    def surge(self) -> int:
        """Pods allowed above `replicas` in a rolling update."""
        return fenceposts(self)[0] if self.rolling else 0

    def unavailable(self) -> int:
        """Pods that may be missing in a rolling update."""
        return min(fenceposts(self)[1], self.replicas) if self.rolling else 0


def resolved(value: int | str, replicas: int, round_up: bool) -> int:
    """intstr.GetScaledValueFromIntOrPercent: surge rounds up, unavailable rounds down."""
    text = str(value)
    number = text.removesuffix("%")
    if not number.isdecimal():
        raise ValueError(f"{value}: must be pods, as 2, or a share of them, as 25%")
    if number == text:
        return int(number)
    share = int(number) * replicas
    return -(-share // 100) if round_up else share // 100


def fenceposts(spec: Spec) -> tuple[int, int]:
    """deployment_util.go ResolveFenceposts: both 0 would never move, so one may be unavailable."""
    surge = resolved(spec.max_surge, spec.replicas, round_up=True)
    unavailable = resolved(spec.max_unavailable, spec.replicas, round_up=False)
    return (surge, unavailable) if surge or unavailable else (0, 1)


NEVER = math.inf
