"""The Deployment controller's counters, conditions and deadline (Kubernetes
pkg/controller/deployment: sync.go, progress.go, util/deployment_util.go)."""

from dataclasses import replace

from .deployment import Condition, Deployment, Status
from .spec import NEVER

PROGRESSING, AVAILABLE, REPLICA_FAILURE = "Progressing", "Available", "ReplicaFailure"
COMPLETED = "NewReplicaSetAvailable"
TIMED_OUT = "ProgressDeadlineExceeded"
CREATED = "NewReplicaSetCreated"
FOUND = "FoundNewReplicaSet"
UPDATED = "ReplicaSetUpdated"
PAUSED, RESUMED = "DeploymentPaused", "DeploymentResumed"


def with_condition(status: Status, kind: str, value: str, reason: str, now: float) -> Status:
    """SetDeploymentCondition: the same status and reason change nothing, not even `updated`."""
    old = status.conditions.get(kind)
    if old and (old.status, old.reason) == (value, reason):
        return status
    since = old.transitioned if old and old.status == value else now
    conditions = status.conditions | {kind: Condition(value, reason, now, since)}
    return replace(status, conditions=conditions)


def without_condition(status: Status, kind: str) -> Status:
    return replace(status, conditions={k: c for k, c in status.conditions.items() if k != kind})


def progressing(d: Deployment, value: str, reason: str, now: float) -> None:
    """Written at once, apart from the counters, as the controller does."""
    if d.spec.progress_deadline_s is not None:
        d.write(with_condition(d.status, PROGRESSING, value, reason, now))


def calculated(d: Deployment, now: float) -> Status:
    sets, new = d.replicasets, d.new_replicaset()
    available = sum(rs.counts.available for rs in sets)
    status = Status(
        observed_generation=d.generation,
        replicas=sum(rs.counts.replicas for rs in sets),
        updated=new.counts.replicas if new else 0,
        ready=sum(rs.counts.ready for rs in sets),
        available=available,
        unavailable=max(0, sum(rs.replicas for rs in sets) - available),
        terminating=sum(rs.counts.terminating for rs in sets),
        conditions=d.status.conditions,
    )
    enough = available >= d.spec.replicas - d.spec.unavailable()
    reason = "MinimumReplicasAvailable" if enough else "MinimumReplicasUnavailable"
    return with_condition(status, AVAILABLE, "True" if enough else "False", reason, now)


def sync_rollout_status(d: Deployment, now: float) -> None:
    status = calculated(d, now)
    if d.spec.progress_deadline_s is None:
        status = without_condition(status, PROGRESSING)
    else:
        status = _judged(d, status, now)
    if any(rs.failing for rs in d.replicasets):
        status = with_condition(status, REPLICA_FAILURE, "True", "FailedCreate", now)
    else:
        status = without_condition(status, REPLICA_FAILURE)
    d.write(status)


def check_paused(d: Deployment, now: float) -> None:
    """checkPausedConditions: a deadline that has passed stays passed, paused or not."""
    current = d.status.conditions.get(PROGRESSING)
    reason = current.reason if current else None
    if reason == TIMED_OUT:
        return
    if d.spec.paused and reason != PAUSED:
        progressing(d, "Unknown", PAUSED, now)
    elif not d.spec.paused and reason == PAUSED:
        progressing(d, "Unknown", RESUMED, now)


def deadline(d: Deployment) -> float:
    """When the controller looks whether time is up (requeueStuckDeployment adds the second)."""
    current = d.status.conditions.get(PROGRESSING)
    if d.spec.progress_deadline_s is None or d.spec.paused or not current:
        return NEVER
    if current.reason in (COMPLETED, TIMED_OUT):
        return NEVER
    return current.updated + d.spec.progress_deadline_s + 1


def _judged(d: Deployment, status: Status, now: float) -> Status:
    """Completed, then moving on, then timed out. Once completed, a Deployment with one live
    ReplicaSet is not judged again: pods lost later, or a scale-up that never comes, start no
    deadline."""
    current = d.status.conditions.get(PROGRESSING)
    if current and current.reason == COMPLETED and status.replicas == status.updated:
        return status
    if status.updated == status.replicas == status.available == d.spec.replicas:
        return with_condition(status, PROGRESSING, "True", COMPLETED, now)
    if _moved_on(d.status, status):
        since = current.transitioned if current and current.status == "True" else now
        condition = Condition("True", UPDATED, now, since)
        return replace(status, conditions=status.conditions | {PROGRESSING: condition})
    if _timed_out(d, current, now):
        return with_condition(status, PROGRESSING, "False", TIMED_OUT, now)
    return status


def _moved_on(old: Status, new: Status) -> bool:
    return (
        new.updated > old.updated
        or new.replicas - new.updated < old.replicas - old.updated
        or new.ready > old.ready
        or new.available > old.available
    )


def _timed_out(d: Deployment, current: Condition | None, now: float) -> bool:
    if not current or current.reason == COMPLETED:
        return False
    return current.reason == TIMED_OUT or now - current.updated > d.spec.progress_deadline_s
