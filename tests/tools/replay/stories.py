"""What was done in each recorded story, and how its pods behaved: told from its rows."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from cluster.cluster import Cluster, Fault, Spec, Template
from cluster.daemonset import DaemonSet
from cluster.metrics import Exporter
from cluster.spec import NEVER
from cluster.statefulset import StatefulSet

from .rows import State, append, exported_row

KEY = "recorded/app"
LAG_S = 0.1  # until the controller hears of a change
BEFORE_S = 0.5  # a change was made about so long before the first row that shows it
JITTER = 0.02  # pods that are created together are ready one after the other


class Play:
    """One performance of a story."""

    def __init__(self, kind: str, story: "Story", seed: int):
        self.kind = kind
        self.cluster = Cluster(lag_s=LAG_S, jitter=JITTER, seed=seed, shuffled=True)
        self.states: list[State] = []
        self._exporter = Exporter()
        self.workload = self._begin(story)
        self.cluster.watchers.append(self._see)
        self._see(self.workload)

    def _begin(self, story: "Story"):
        template = Template(start_s=story.start, stop_s=story.stop, drain_s=story.drain)
        if self.kind == "Deployment":
            return self.cluster.create(KEY, Spec(template, **story.spec), running=True)
        kind = {"StatefulSet": StatefulSet, "DaemonSet": DaemonSet}[self.kind]
        return self.cluster.run(kind, KEY, template, **story.spec)

    def _see(self, _) -> None:
        row = exported_row(self.kind, self._exporter.text(self.cluster))
        append(self.states, row, self.cluster.now)

    def change(self, verb: str, *arguments, **options) -> None:
        """What changes the spec, of whichever kind."""
        if self.kind == "Deployment":
            getattr(self.cluster, verb)(KEY, *arguments, **options)
        else:
            getattr(self.workload, verb)(self.cluster.now, LAG_S, *arguments, **options)

    def befall(self, verb: str, *arguments, **options) -> None:
        """What happens to it without one."""
        if self.kind == "Deployment":
            getattr(self.cluster, verb)(KEY, *arguments, **options)
        else:
            getattr(self.workload, verb)(self.cluster.now, *arguments, **options)


Act = Callable[[Play], None]


def change(verb: str, *arguments, **options) -> Act:
    return lambda play: play.change(verb, *arguments, **options)


def befall(verb: str, *arguments, **options) -> Act:
    return lambda play: play.befall(verb, *arguments, **options)


ROLLOUT, UNDO = change("rollout", fault=Fault.NONE), change("undo")
STUCK = change("rollout", fault=Fault.IMAGE_PULL)


@dataclass(frozen=True)
class Story:
    """`spec` as it began. `acts`: what made each generation, where it was neither a new size (the
    rows tell) nor a new template; `also`: (time, what else happened). `start`, `stop` and `drain`
    are Template's."""

    spec: dict = field(default_factory=dict)
    acts: dict[int, Act] = field(default_factory=dict)
    also: tuple[tuple[float, Act], ...] = ()
    start: float = 3.0
    stop: float = 1.0
    drain: float = 0.5


STORIES = {
    "K-a-healthy10": Story(),
    "K-a-one": Story(start=5.0),
    "K-a-nosurge": Story({"max_surge": 0, "max_unavailable": 1}),
    "K-a-recreate": Story({"strategy": "Recreate"}, start=4.0, stop=5.5),
    "K-a-stuckundo": Story({"progress_deadline_s": 18}, {2: STUCK, 3: UNDO}, start=2.0),
    "K-a-stuckover": Story({"progress_deadline_s": 18}, {2: STUCK, 4: STUCK}, start=2.0),
    "K-a-scaleonly": Story(),
    "K-a-hpa": Story(acts={10: change("rollout", start_s=3.1)}, start=2.5),
    "K-a-zero": Story(start=2.5),
    "K-a-dying": Story(
        also=((31.5, befall("lose", 3, NEVER)), (33.5, befall("lose", 5, NEVER))), start=2.0
    ),
    "K-b-killed": Story(
        also=((8.5, befall("lose", 2, 15.0)), (33.5, befall("delete_pods", 5))), start=2.0
    ),
    "K-b-quota": Story(
        {"max_unavailable": 0},
        also=((5.0, befall("hinder", Fault.QUOTA)), (53.5, befall("heal"))),
    ),
    "K-b-minready": Story({"min_ready_s": 13}),
    "K-b-slowterm": Story(start=2.0, stop=30.0),
    "K-b-env": Story(start=2.0),
    "K-b-hist0": Story({"history_limit": 0}),
    # What its second generation changed is not told, but that it was not the template.
    "K-b-annot": Story(acts={2: change("change", progress_deadline_s=601)}, start=2.0),
    "K-b-surge100": Story({"max_surge": "100%", "max_unavailable": 0}),
    "K-b-unavail100": Story({"max_surge": 0, "max_unavailable": "100%"}, start=4.0),
    "K-k-kcmdown": Story(
        also=(
            (5.0, lambda play: play.cluster.stop_controllers()),
            (23.5, lambda play: play.cluster.start_controllers()),
        )
    ),
    "K-g-healthy10": Story(),
    "K-g-recreate": Story({"strategy": "Recreate"}, start=4.0, stop=5.5),
    "K-s-sroll": Story(),
    "K-s-spart": Story({"partition": 3}, {3: change("move_partition", 0)}, start=2.0),
    "K-s-spart-partition": Story({"partition": 3}, {3: change("move_partition", 0)}, start=2.0),
    "K-s-sondelete": Story(
        {"strategy": "OnDelete"},
        also=(
            (18.2, befall("delete_pod", 2)),
            (25.2, befall("delete_pod", 1)),
            (32.2, befall("delete_pod", 0)),
        ),
        start=2.0,
    ),
    "K-s-sstuck": Story(acts={2: STUCK, 3: UNDO}, also=((48.5, befall("delete_pod", 2)),)),
    "K-s-sscale": Story(),
    "K-s-sminready": Story({"min_ready_s": 7.0}, start=2.0),
    "K-s-szero": Story(start=2.0),
    "K-s-skilled": Story(
        also=((8.5, befall("lose", 1, 15.0)), (34.2, befall("delete_pod", 2))), start=2.0
    ),
    "K-s-sundo": Story(acts={3: UNDO}),
    "K-s-sslow": Story(stop=7.0, drain=6.0),
    "K-s-sdrain": Story(stop=6.5, drain=0.0),
    "K-n-nslow": Story(stop=7.0, drain=6.0),
    "K-n-ndrain": Story(stop=6.5, drain=0.0),
    "K-n-nroll": Story(),
    "K-n-nmaxun": Story({"max_unavailable": 2}),
    "K-n-nsurge": Story({"max_unavailable": 0, "max_surge": 1}),
    "K-n-nondelete": Story(
        {"strategy": "OnDelete"},
        also=(
            (16.2, befall("delete_pod", 0)),
            (22.2, befall("delete_pod", 1)),
            (28.2, befall("delete_pod", 2)),
        ),
        start=2.0,
    ),
    "K-n-nstuck": Story(acts={2: STUCK}, start=2.0),
    "K-n-nzero": Story(also=((13.2, befall("resize", 1)), (33.2, befall("resize", 0))), start=2.0),
    "K-n-nminready": Story({"min_ready_s": 8.0}, start=2.0),
    "K-n-nkilled": Story(also=((8.5, befall("lose", 1, 15.0)),)),
}


def acts_of(story: Story, timeline: dict) -> list[tuple[float, Act]]:
    acts, before = list(story.also), timeline["rows"][0]
    for row in timeline["rows"]:
        if row["gen"] != before["gen"]:
            act = story.acts.get(row["gen"])
            if not act:
                resized = row.get("spec") != before.get("spec")
                act = change("scale", row["spec"]) if resized else ROLLOUT
            acts.append((row["t"] - BEFORE_S, act))
        before = row
    return sorted(acts, key=lambda act: act[0])


def perform(story: Story, timeline: dict, seed: int) -> list[State]:
    first = timeline["rows"][0]
    size = {"DaemonSet": "nodes"}.get(timeline["kind"], "replicas")
    spec = {size: first.get("spec", first.get("desired"))} | story.spec
    play = Play(timeline["kind"], Story(**vars(story) | {"spec": spec}), seed)
    for at, act in acts_of(story, timeline):
        play.cluster.at(at, partial(act, play))
    play.cluster.step(timeline["rows"][-1]["t"])
    return play.states
