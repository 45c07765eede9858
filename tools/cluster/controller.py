"""The Deployment controller (Kubernetes pkg/controller/deployment: deployment_controller.go,
rolling.go, recreate.go, sync.go). settle() lets it and the ReplicaSet controller run until neither
has anything to do: in a real cluster that takes milliseconds, here no time at all. What takes time
is set in the model: hearing of a new spec, starting pods, stopping them."""

from collections.abc import Callable, Iterable

from . import status
from .chance import Chance
from .deployment import Deployment
from .pod import Pod
from .replicaset import ReplicaSet
from .spec import Template

ROUNDS_MAX = 10_000  # far above what any Deployment needs; more is a defect of this model


def settle(d: Deployment, now: float, chance: Chance) -> None:
    """Runs both controllers at `now`, and notes when there is something to do again."""

    def make_pod(template: Template) -> Pod | None:
        return d.make_pod(template, now, chance)

    def keep(rs: ReplicaSet) -> Callable[[], None]:
        return lambda: rs.reconcile(now, d.spec.min_ready_s, make_pod, chance.some)

    for _ in range(ROUNDS_MAX):
        before = _snapshot(d)
        sync = [lambda: _sync(d, now)] if now >= d.synced_from else []
        for step in chance.order(sync + [keep(rs) for rs in d.replicasets]):
            step()
        if _snapshot(d) == before:
            break
    else:
        raise AssertionError(f"{d.key} does not settle")
    times = [d.next_event(now), status.deadline(d)]
    d.wake = min(at for at in times if at > now)


def _snapshot(d: Deployment) -> tuple:
    return d.status, [(rs.replicas, rs.desired, rs.counts, rs.failing) for rs in d.replicasets]


def _sync(d: Deployment, now: float) -> None:
    if d.deleting_since is not None:
        for rs in d.replicasets:
            rs.replicas = 0
        d.write(status.calculated(d, now))
        return
    status.check_paused(d, now)
    if d.spec.paused or _is_scaling(d):
        _scale(d)
        d.write(status.calculated(d, now))
    elif d.spec.rolling:
        _roll(d, now)
    else:
        _recreate(d, now)


# --- rolling.go


def _roll(d: Deployment, now: float) -> None:
    is_first = not d.new_replicaset()
    new = _ensure_new(d, now)
    if not _grow_new(d, new):
        _shrink_old(d, new)
    if not is_first:  # else the condition was written just now, and this would be a conflict
        _finish(d, now)


def _grow_new(d: Deployment, new: ReplicaSet) -> bool:
    wanted = d.spec.replicas
    return _resize(d, new, wanted if new.replicas > wanted else _new_size(d, new))


def _shrink_old(d: Deployment, new: ReplicaSet) -> None:
    """First old pods that do not serve anyway, then as many of the others as may be missing."""
    wanted_available = d.spec.replicas - d.spec.unavailable()
    budget = _total(d.replicasets) - wanted_available - (new.replicas - new.counts.available)
    if budget <= 0:
        return
    oldest_first = [rs for rs in d.old_replicasets() if rs.replicas]
    for rs in oldest_first:
        count = min(budget, max(0, rs.replicas - rs.counts.available))
        _resize(d, rs, rs.replicas - count)
        budget -= count
    spare = sum(rs.counts.available for rs in d.replicasets) - wanted_available
    for rs in oldest_first:
        count = max(0, min(rs.replicas, spare))
        _resize(d, rs, rs.replicas - count)
        spare -= count


# --- recreate.go


def _recreate(d: Deployment, now: float) -> None:
    """The new pods come when the last old one is gone, terminating ones included."""
    old = d.old_replicasets()
    for rs in old:
        _resize(d, rs, 0)
    if not any(rs.pods for rs in old):
        _resize(d, _ensure_new(d, now), d.spec.replicas)
    _finish(d, now)


# --- sync.go


def _finish(d: Deployment, now: float) -> None:
    """cleanupDeployment once complete, then the status."""
    if d.complete:
        idle = [rs for rs in d.old_replicasets() if not rs.replicas and not rs.pods]
        idle.sort(key=lambda rs: rs.revision)
        for rs in idle[: max(0, len(idle) - d.spec.history_limit)]:
            d.replicasets.remove(rs)
    status.sync_rollout_status(d, now)


def _ensure_new(d: Deployment, now: float) -> ReplicaSet:
    """getNewReplicaSet: an undo finds the old ReplicaSet, which then has the newest revision."""
    revision = max((rs.revision for rs in d.replicasets), default=0)
    new = d.new_replicaset()
    if new:
        if new.revision < revision:
            new.revision = revision + 1
        if status.PROGRESSING not in d.status.conditions:
            status.progressing(d, "True", status.FOUND, now)
        return new
    new = ReplicaSet(d.spec.template, revision + 1, now)
    d.replicasets.append(new)
    _resize(d, new, _new_size(d, new))
    status.progressing(d, "True", status.CREATED, now)
    return new


def _new_size(d: Deployment, new: ReplicaSet) -> int:
    """NewRSNewReplicas: what the surge leaves room for."""
    if not d.spec.rolling:
        return d.spec.replicas
    room = d.spec.replicas + d.spec.surge() - _total(d.replicasets)
    return new.replicas + max(0, min(room, d.spec.replicas - new.replicas))


def _is_scaling(d: Deployment) -> bool:
    return any(rs.replicas and rs.desired != d.spec.replicas for rs in d.replicasets)


def _scale(d: Deployment) -> None:
    """A new size in mid-rollout is shared out in proportion; otherwise one ReplicaSet takes it."""
    new, old = d.new_replicaset(), d.old_replicasets()
    active = [rs for rs in d.replicasets if rs.replicas]
    if len(active) <= 1:
        newest = [new] if new else old[-1:]
        for rs in active or newest:
            _resize(d, rs, d.spec.replicas)
    elif new and new.replicas == new.desired == new.counts.available == d.spec.replicas:
        for rs in old:
            _resize(d, rs, 0)
    elif d.spec.rolling:
        _scale_in_proportion(d, active)


def _scale_in_proportion(d: Deployment, active: list[ReplicaSet]) -> None:
    allowed = d.spec.replicas + d.spec.surge() if d.spec.replicas else 0
    to_add = allowed - _total(active)
    # The larger first; of equals the newer when growing, the older when shrinking.
    newer = 1 if to_add < 0 else -1
    active.sort(key=lambda rs: (-rs.replicas, newer * rs.created))
    sizes, added = [], 0
    for rs in active:
        share = _proportion(d, rs, to_add, added)
        sizes.append(rs.replicas + share)
        added += share
    sizes[0] = max(0, sizes[0] + to_add - added)
    for rs, size in zip(active, sizes):
        _resize(d, rs, size)


def _proportion(d: Deployment, rs: ReplicaSet, to_add: int, added: int) -> int:
    """deployment_util.go GetReplicaSetProportion."""
    left = to_add - added
    if not left:
        return 0
    if not d.spec.replicas:
        return -rs.replicas
    # integer.RoundToInt32 rounds halves away from zero, unlike round().
    size = int(rs.replicas * (d.spec.replicas + d.spec.surge()) / rs.max_replicas + 0.5)
    change = size - rs.replicas
    return min(change, left) if to_add > 0 else max(change, left)


def _resize(d: Deployment, rs: ReplicaSet, replicas: int) -> bool:
    """scaleReplicaSet: the size and the annotations that tell a later scaling from a rollout."""
    changed = rs.replicas != replicas
    rs.replicas = replicas
    rs.desired = d.spec.replicas
    rs.max_replicas = d.spec.replicas + d.spec.surge()
    return changed


def _total(sets: Iterable[ReplicaSet]) -> int:
    return sum(rs.replicas for rs in sets)
