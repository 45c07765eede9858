"""What all figures of one run share: a real Prometheus's answers about a simulated cluster."""

import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from cluster.cluster import Cluster, Spec
from cluster.server import LiveCluster, Server
from lib.prometheus import RealPrometheus
from peers.question import with_nonce, without_nonce

from .programs import Program, ours, reference
from .replay import NOBODY, Kept, Replay

FEW, MANY, MOST = 1, 90, 600  # Deployments in the namespaces few, many and most
TEAMS = 16  # namespaces of three Deployments each
INDICATORS = 8
RATIO = ('kube_deployment_status_replicas_updated{{namespace=~"{0}"}} / '
         'kube_deployment_spec_replicas{{namespace=~"{0}"}}')
SUM = 'sum(kube_deployment_spec_replicas{{namespace="team-{0}"}})'


def cast() -> Cluster:
    cluster = Cluster(epoch=time.time())
    for namespace, count in (("few", FEW), ("many", MANY), ("most", MOST)):
        for number in range(count):
            cluster.create(f"{namespace}/app-{number}", Spec(replicas=3), running=True)
    for number in range(TEAMS * 3):
        cluster.create(f"team-{number % TEAMS}/app-{number}", Spec(replicas=3), running=True)
    return cluster


def namespace(name: str) -> dict:
    return {"rollouts": [{"name": name, "namespace": name}]}


def ratio(pattern: str) -> dict:
    return {"rollouts": [{"name": "ratio", "query": RATIO.format(pattern)}]}


def wall() -> dict:
    """A whole company's: sixteen rollouts and eight indicators."""
    rollouts = [{"name": f"team-{i}", "namespace": f"team-{i}"} for i in range(TEAMS)]
    indicators = [
        {"name": f"i{i}", "query": SUM.format(i), "warning": 100, "critical": 200}
        for i in range(INDICATORS)]
    return {"rollouts": rollouts, "indicators": indicators}


CONFIGS = {
    "few": namespace("few"),
    "many": namespace("many"),
    "most": namespace("most"),
    "ratio-few": ratio("team-[012]"),  # 9 series
    "ratio-many": ratio("most|many|team-.*"),  # 738
    "wall": wall(),
    "team": namespace("team-0"),
    "sum": {"rollouts": [{"name": "sum", "query": SUM.format(0)}]},
}


@dataclass
class Fixture:
    build: Path
    place: Path  # a scratch folder
    answers: dict[str, Kept]  # by query
    queries: dict[str, str]  # of CONFIGS: what the daemon asks again and again

    def ours(self, name: str, interval_ms: int = 100, **config) -> Program:
        """The daemon with one of CONFIGS, before a server of its own."""
        config = CONFIGS[name] | config
        return ours(self.build, Replay(self.answers), self.place, interval_ms, config)

    def reference(self, name: str, interval_ms: int = 100) -> Program:
        """Asks the same, and so gets the same answers."""
        return reference(self.build, Replay(self.answers), self.queries[name], interval_ms)

    def bytes(self, name: str) -> int:
        return len(self.answers[self.queries[name]])

    def series(self, name: str) -> int:
        return self.answers[self.queries[name]].series()

    @staticmethod
    def requests(name: str) -> int:
        """Up to the first picture: before a query of one's own, another asks for the time; after
        that once a minute."""
        return 1 if "namespace" in CONFIGS[name]["rollouts"][0] else 2


def capture(made: Fixture, upstream: str) -> None:
    """What each config asks, until it asks nothing new."""
    for name, config in CONFIGS.items():
        server = Replay(made.answers, upstream)
        with ours(made.build, server, made.place, 400, config) as program:
            program.start(allowed=3 * (1 + len(config.get("indicators", []))) * made.requests(name))
            program.wait_for(1)
            asked = [with_nonce(query, NOBODY) for query in server.queries if without_nonce(query)]
            made.queries[name] = asked[-1]


def fixture(build: Path, place: Path) -> Fixture:
    """When it returns, neither cluster nor Prometheus runs any more."""
    made = Fixture(build, place, {}, {})
    with ExitStack() as stack:
        exporter = stack.enter_context(Server(LiveCluster(cast())))
        prometheus = RealPrometheus(place, [f"127.0.0.1:{exporter.port}"], "5s")
        stack.callback(prometheus.stop)
        prometheus.start()
        prometheus.wait_for("kube_deployment_created")
        capture(made, prometheus.url)
    return made
