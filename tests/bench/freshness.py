"""From "a sample is visible to a query" to "the light has changed", and what that costs in questions.

    tools/bench freshness                 this checkout, some eleven minutes
    tools/bench freshness OTHER [...]     beside it, in the same run, other programs: OTHER/amberbar

A real Prometheus scrapes four simulated clusters, each 1, 5, 15 and 30 s. In each a rollout begins
after a rest, and its counters change with every scrape. When a sample is visible is asked every 15 ms
around the moment when it can be; the light is the first frame that moves after that. No light can
be earlier than the scrape: its interval is the floor, and not part of the figures. `first` is the
light that turns from rest to motion: until then a board asks each poll_interval (10 s, the default).
"""

import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from cluster.cluster import Cluster, Spec
from cluster.server import LiveCluster, Server
from cluster.spec import Template
from lib.daemon import TOP, config
from lib.process import Failure
from lib.prometheus import RealPrometheus
from peers.wall import Wall

STEPS_S = (1, 5, 15, 30)
POLL_S = 10
REST_S, MOVING_S = 150.0, 480.0
PIXELS = 144  # each pod moves some of them
STILL_S = 0.15  # between frames of one motion there is less
LOOK_S = 0.015  # between looks for a sample
EARLY_S = 0.1  # before it can be visible, the looking begins
WAIT_S = 0.4  # the last light may still be on its way
MEDIAN_S, MOST_S, QUESTIONS = 0.3, 1.0, 1.5  # the goals; more questions where silences are shorter than steps


@dataclass
class Seen:
    """A sample that says something new."""

    before: float  # time.monotonic(): it was not visible yet
    visible: float


@dataclass
class Watch:
    """When the samples of one exporter become visible."""

    prometheus: RealPrometheus
    step_s: int
    samples: list[Seen] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        query = f'kube_deployment_status_replicas_updated{{namespace="step-{self.step_s}"}}'
        last_time, last_value, before = 0.0, None, time.monotonic()
        while not self.over.is_set():
            asked = time.monotonic()
            try:
                newest = float(self.prometheus.query(f"timestamp({query})")[0]["value"][1])
                if newest == last_time:
                    before = asked
                    self.over.wait(LOOK_S)
                    continue
                value = self.prometheus.query(query)[0]["value"][1]
            except (OSError, IndexError, ValueError):
                self.over.wait(LOOK_S)
                continue
            if last_value not in (None, value):
                self.samples.append(Seen(before, asked))
            last_time, last_value = newest, value
            left = self.step_s - (time.time() - newest) - EARLY_S
            self.over.wait(max(LOOK_S, left))
            before = time.monotonic()


class Still(Wall):
    """One daemon about one Deployment, with a still picture while nothing is new."""

    def __init__(self, program: Path, place: Path, url: str, step_s: int):
        place.mkdir()
        board = (TOP / "boards/frames.yaml").read_text().replace("pixels: 8", f"pixels: {PIXELS}")
        (place / "long.yaml").write_text(board)
        self.numbers = place / "board.prom"
        rollouts = [{"name": "web", "namespace": f"step-{step_s}", "deployment": "web"}]
        text = config(url, str(place / "long.yaml"), rollouts, poll_interval=f"{POLL_S}s")
        text += f"  heartbeat: 0\n  motion: off\nmetrics_file: {self.numbers}\n"
        super().__init__(text, place, program)

    def polls(self) -> int:
        for line in self.numbers.read_text().splitlines():
            if line.startswith("amberbar_polls_total "):
                return int(line.split()[1])
        raise Failure(f"{self.numbers} has no count of polls")

    def lights(self, since: float) -> list[float]:
        """When the picture began to move."""
        times = [frame.at for frame in self.frames]
        return [at for before, at in zip([since - 1, *times], times)
                if at >= since and at - before > STILL_S]


@dataclass(frozen=True)
class Figures:
    first_s: float
    delays_s: list[float]
    moving: float  # questions a scrape
    rest: float  # questions a minute


def deployment(step_s: int) -> Spec:
    """One pod after the other, so that each scrape shows some more."""
    start_s = 0.4 * step_s
    return Spec(replicas=int(MOVING_S * 1.1 / start_s), template=Template(start_s=start_s, stop_s=0.1,
                                                                          drain_s=0.05),
                max_surge=1, max_unavailable=0)


def delays(samples: list[Seen], lights: list[float], since: float) -> list[float]:
    """Each until the first light that can be its own."""
    found = []
    for sample in samples:
        after = [at for at in lights if at >= sample.before]
        if sample.before >= since and after:
            found.append(max(0.0, after[0] - sample.visible))
    return found


def measure(programs: list[Path]) -> dict[tuple[int, int], Figures]:
    """By step, and by the program's number."""
    with ExitStack() as stack:
        place = Path(stack.enter_context(TemporaryDirectory(prefix="amberbar-bench-")))
        clusters = {step: Cluster(epoch=time.time(), lag_s=0.0) for step in STEPS_S}
        jobs = []
        lives = {}
        for step, cluster in clusters.items():
            cluster.create(f"step-{step}/web", deployment(step), running=True)
            lives[step] = LiveCluster(cluster)
            server = stack.enter_context(Server(lives[step]))
            jobs.append({"job_name": f"cluster-{step}", "honor_labels": True,
                         "scrape_interval": f"{step}s", "scrape_timeout": f"{min(step, 10)}s",
                         "static_configs": [{"targets": [f"127.0.0.1:{server.port}"]}]})
        prometheus = RealPrometheus(place, [], scrape_configs=jobs)
        stack.callback(prometheus.stop)
        prometheus.start()
        prometheus.wait_for(f"count(kube_deployment_created) == {len(STEPS_S)}", 2 * STEPS_S[-1])
        walls = {(step, number): Still(program, place / f"wall-{step}-{number}", prometheus.url, step)
                 for step in STEPS_S for number, program in enumerate(programs)}
        watches = {step: Watch(prometheus, step) for step in STEPS_S}
        for wall in walls.values():
            stack.callback(wall.stop)
            wall.start()
        for watch in watches.values():
            stack.callback(watch.over.set)
            threading.Thread(target=watch.run, daemon=True).start()
        time.sleep(REST_S / 3)
        counts = {key: [wall.polls()] for key, wall in walls.items()}
        time.sleep(REST_S / 3 * 2)
        for key, wall in walls.items():
            counts[key].append(wall.polls())
        began = time.monotonic()
        for step, live in lives.items():
            with live.now() as cluster:
                cluster.rollout(f"step-{step}/web")
        time.sleep(MOVING_S)
        for key, wall in walls.items():
            wall.child.expect_alive()
            counts[key].append(wall.polls())
        ended = time.monotonic()
        time.sleep(WAIT_S)
        return {key: figures(key[0], wall, watches[key[0]], counts[key], (began, ended))
                for key, wall in walls.items()}


def figures(step: int, wall: Still, watch: Watch, counts: list[int], span: tuple[float, float]) -> Figures:
    began, ended = span
    samples = [sample for sample in watch.samples if began <= sample.visible < ended - 2]
    lights = wall.lights(began)
    if not samples or not lights:
        raise Failure(f"nothing changed at scrapes of {step} s; {wall.messages()[-2000:]}")
    since = lights[0]
    return Figures(first_s=max(0.0, since - samples[0].visible),
                   delays_s=delays(samples, lights, since),
                   moving=(counts[2] - counts[1]) / ((ended - began) / step),
                   rest=(counts[1] - counts[0]) / (REST_S / 3 * 2) * 60)


def quantile(figures_s: list[float], share: float) -> float:
    ordered = sorted(figures_s)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def is_met(step: int, one: Figures) -> bool:
    most = max(QUESTIONS, 1.05 * (step // POLL_S + (step % POLL_S > 0)))
    return (median(one.delays_s) <= MEDIAN_S and quantile(one.delays_s, 0.95) <= MOST_S
            and one.moving <= most)


def main(build: Path, arguments: list[str]) -> int:
    programs = [Path(other).resolve() / "amberbar" for other in arguments] + [build / "amberbar"]
    if missing := [program for program in programs if not program.is_file()]:
        raise Failure(f"there is no program {missing[0]}")
    found = measure(programs)
    print("seconds from a sample's being visible to the light; questions a scrape while something moves, "
          "and a minute at rest")
    print(f"{'scraped every':14}{'program':34}{'samples':>8}{'median':>8}{'95 %':>8}{'first':>8}"
          f"{'moving':>8}{'rest':>8}")
    for step in STEPS_S:
        for number, program in enumerate(programs):
            one = found[step, number]
            name = "this checkout" if number == len(programs) - 1 else str(program.parent)
            print(f"{step:>11} s  {name[-33:]:34}{len(one.delays_s):>8}{median(one.delays_s):>8.2f}"
                  f"{quantile(one.delays_s, 0.95):>8.2f}{one.first_s:>8.2f}{one.moving:>8.2f}"
                  f"{one.rest:>8.1f}  {'met' if is_met(step, one) else 'MISSED'}")
    print(f"goal P14: median {MEDIAN_S} s, 95 % {MOST_S} s, {QUESTIONS} questions a scrape while something moves, "
          f"or one each poll_interval ({POLL_S} s), whichever is more")
    return 0
