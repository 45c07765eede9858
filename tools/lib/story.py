"""The stories that tools/demo tells and tests/system checks (demo_story.py, explained.py): a stage (a
simulated cluster and a real Prometheus) and the scenes that are played on it."""

import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from cluster.cluster import Cluster, Fault, Spec, Template
from cluster.metrics import Exporter
from cluster.server import LiveCluster, Server

from .prometheus import RealPrometheus

WORKLOAD = "cms/web"
ROLLOUTS = [{"name": "cms", "namespace": "cms"}]
INDICATORS = (
    {
        "name": "ttfb",
        "query": "histogram_quantile(0.95, sum by (le) (rate(http_ttfb_seconds_bucket[4s])))",
        "warning": 0.4,
        "critical": 0.8,
        "explained_by": ["cms"],
        "grace": "15s",
    },
)
DEADLINE_S = 10.0  # progressDeadlineSeconds; Kubernetes' default of 600 would be a long story


def cast(cluster: Cluster) -> None:
    """What the bar is about, and others that it must not be misled by."""
    web = Spec(
        Template(start_s=3.4),
        replicas=12,
        max_surge=2,
        max_unavailable=1,
        progress_deadline_s=DEADLINE_S,
    )
    cluster.create(WORKLOAD, web, running=True)
    cluster.create("cms/worker", Spec(replicas=2), running=True)
    cluster.create("shop/cart", Spec(replicas=3, strategy="Recreate"), running=True)
    cluster.create("shop/checkout", Spec(replicas=4, max_surge=1, max_unavailable=0), running=True)
    cluster.create("kube-system/coredns", Spec(replicas=2), running=True)
    cluster.serve(WORKLOAD)


class Stage:
    """A cluster and its Prometheus, in a temporary directory. Leaving it leaves nothing behind."""

    def __init__(self, speed: float = 1.0):
        self.speed = speed

    def __enter__(self):
        with ExitStack() as stack:
            scratch = tempfile.mkdtemp(prefix="amberbar-")
            stack.callback(shutil.rmtree, scratch, ignore_errors=True)
            self.directory = Path(scratch)
            cluster = Cluster(epoch=time.time(), jitter=0.5, seed=3)
            cast(cluster)
            self.live = LiveCluster(cluster, self.speed, Exporter(terminating=True))
            self.server = stack.enter_context(Server(self.live))
            self.prometheus = RealPrometheus(self.directory, [f"127.0.0.1:{self.server.port}"])
            stack.callback(self.prometheus.stop)
            self.prometheus.start()
            self.prometheus.wait_for("kube_deployment_metadata_generation")
            self._leave = stack.pop_all()
        return self

    def __exit__(self, *_):
        self._leave.close()

    def order(self, verb: Callable[..., None], **options) -> None:
        """Does something to the workload, now: order(Cluster.rollout, image="v2")."""
        with self.live.now() as cluster:
            verb(cluster, WORKLOAD, **options)


@dataclass(frozen=True)
class Scene:
    name: str
    caption: str
    cluster_s: float  # how long the cluster needs, in its own time, which --speed shortens
    notice_s: float  # how long Prometheus and amberbar need to notice, which --speed does not
    act: Callable[[Stage], None] = lambda stage: None


SCENES = (
    Scene("stable", "All is well: steady green.", 3, 3),
    Scene(
        "rollout",
        "A new version of cms/web is rolled out: the bar counts new pods that really serve.",
        18,
        4,
        lambda stage: stage.order(Cluster.rollout),
    ),
    Scene("done", "Done: every old pod is gone, every new one serves.", 4, 3),
    Scene(
        "stuck",
        "The next version's image cannot be pulled: the rollout begins, and gets stuck.",
        DEADLINE_S + 2,
        3,
        lambda stage: stage.order(Cluster.rollout, fault=Fault.IMAGE_PULL),
    ),
    Scene("failed", "Kubernetes gave up on it: progress deadline exceeded.", 6, 2),
    Scene(
        "rollback",
        "Somebody says `kubectl rollout undo`.",
        7,
        4,
        lambda stage: stage.order(Cluster.undo),
    ),
    Scene("calm", "The old version serves again: green.", 3, 2),
    Scene(
        "blind",
        "Prometheus is killed. Nothing is known, so nothing is green.",
        0,
        6,
        lambda stage: stage.prometheus.kill(),
    ),
    Scene(
        "sighted",
        "Prometheus is back, and so is the truth.",
        0,
        5,
        lambda stage: stage.prometheus.start(),
    ),
    Scene("end", "Stable again. That was the story.", 2, 2),
)


EXPLAINED = (
    Scene("calm", "All is well: the bar is green, and so is the last light, the response time.", 3, 4),
    Scene(
        "rollout",
        "A new version. Its pods are cold, answers get slow: amber, for the rollout explains it.",
        18,
        5,
        lambda stage: stage.order(Cluster.rollout),
    ),
    Scene("warm", "Done. The pods get warm, the light is green again, and nobody had to look.", 9, 7),
    Scene(
        "slow",
        "Now the database is slow, and nothing is rolled out. Red: nothing explains it.",
        3,
        8,
        lambda stage: stage.order(Cluster.burden, factor=8.0),
    ),
    Scene(
        "hotfix",
        "Somebody rolls out in the middle of it. It was red before: that excuses nothing.",
        14,
        5,
        lambda stage: stage.order(Cluster.rollout),
    ),
    Scene(
        "fixed",
        "The database is fixed, the rollout is done: green.",
        12,
        7,
        lambda stage: stage.order(Cluster.burden, factor=1.0),
    ),
)


@dataclass(frozen=True)
class Story:
    about: str
    scenes: tuple[Scene, ...]
    states: dict[str, str]  # name: all its states in order, as a regular expression
    indicators: tuple[dict, ...] = ()


STORIES = {
    "rollout": Story(
        "a rollout, a failure, an undo, an outage of Prometheus",
        SCENES,
        {  # an undo takes seconds, and a busy machine may scrape none of them
            "cms": "unknown stable progressing stable progressing failed (progressing )?stable "
            "unknown stable"
        },
    ),
    "explained": Story(
        "why an orange light is no alarm, and when it is",
        EXPLAINED,
        {
            "cms": "unknown stable progressing stable progressing stable",
            # A rate rises and falls over some seconds, so a level in between may be met or not.
            "ttfb": "unknown ok( explained_(warning|critical))+ ok( warning)? critical"
            "( warning)? ok",
        },
        INDICATORS,
    ),
}

Transition = tuple[str, str, str]  # name, from, to
LOGGED = re.compile(r"^(\S+): ([\w ]+) -> ([\w ]+): ", re.MULTILINE)


def logged(log: str) -> list[Transition]:
    """States by their names, of which the log has words."""
    return [(name, before.replace(" ", "_"), after.replace(" ", "_"))
            for name, before, after in LOGGED.findall(log)]


def unreported(story: Story, transitions: Iterable[Transition]) -> str:
    """What came, oldest first, and the story does not tell: in words, "" when there is nothing."""
    paths: dict[str, list[str]] = {name: [] for name in story.states}
    for name, before, after in transitions:
        path = paths.setdefault(name, [])
        if path and path[-1] != before:
            return f"{name} is said to leave {before}, and was {path[-1]}"
        path += [after] if path else [before, after]
    for name, path in paths.items():
        reported = story.states.get(name, "nothing")
        if not re.fullmatch(reported, " ".join(path)):
            return f"{name}: {' -> '.join(path) or 'nothing'}; the story tells of {reported}"
    return ""


def play(
    stage: Stage,
    announce: Callable[[Scene], None],
    look: Callable[[], None],
    scenes: tuple[Scene, ...] = SCENES,
) -> None:
    """Plays every scene; `look` is called many times a second, and may raise to end it all."""
    for scene in scenes:
        announce(scene)
        scene.act(stage)
        until = time.monotonic() + scene.cluster_s / stage.speed + scene.notice_s
        while time.monotonic() < until:
            look()
            time.sleep(0.05)
