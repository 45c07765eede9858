"""The simulated histogram: what a query over it says while pods are cold, warm, or slow."""

import pathlib
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools"))

from cluster.cluster import Cluster, Refused, Spec, Template  # noqa: E402
from cluster.command import run_line  # noqa: E402
from cluster.server import LiveCluster  # noqa: E402
from cluster.traffic import BUCKETS  # noqa: E402

KEY = "cms/web"
WINDOW_S = 4


def quantile(q: float, counts: list[float]) -> float:
    """Prometheus's histogram_quantile()."""
    rank = q * counts[-1]
    i = next(i for i, count in enumerate(counts) if count >= rank)
    if i == len(BUCKETS) - 1:
        return BUCKETS[-2]
    low, below = (BUCKETS[i - 1], counts[i - 1]) if i else (0.0, 0.0)
    return low + (BUCKETS[i] - low) * (rank - below) / (counts[i] - below)


class Watched:
    """A cluster, and the 95th percentile of each second over the last WINDOW_S."""

    def __init__(self):
        self.cluster = Cluster(jitter=0.5, seed=3)
        web = Spec(Template(start_s=3.4), replicas=12, max_surge=2, max_unavailable=1)
        self.cluster.create(KEY, web, running=True)
        self.cluster.serve(KEY)
        self._scrapes = [[0.0] * len(BUCKETS)]

    def run(self, seconds: int) -> list[float]:
        values = []
        for _ in range(seconds):
            self.cluster.step(1.0)
            self._scrapes.append(list(self.cluster.traffic[KEY].counts))
            before = self._scrapes[max(0, len(self._scrapes) - 1 - WINDOW_S)]
            values.append(quantile(0.95, [a - b for a, b in zip(self._scrapes[-1], before)]))
        return values


class Response(unittest.TestCase):
    def test_warm_pods_are_quick(self):
        self.assertLess(max(Watched().run(10)), 0.25)

    def test_cold_pods_of_a_rollout_are_orange_and_then_it_falls(self):
        watched = Watched()
        watched.run(5)
        watched.cluster.rollout(KEY)
        during = watched.run(20)
        self.assertTrue(watched.cluster.get(KEY).complete)
        self.assertGreater(max(during), 0.4)
        self.assertLess(max(during), 0.8)
        self.assertLess(max(watched.run(20)[-10:]), 0.25)

    def test_a_burden_is_red_until_it_is_lifted(self):
        watched = Watched()
        watched.run(5)
        watched.cluster.burden(KEY, 8.0)
        self.assertGreater(min(watched.run(10)[4:]), 0.8)
        watched.cluster.burden(KEY, 1.0)
        self.assertLess(max(watched.run(10)[5:]), 0.25)


class Counters(unittest.TestCase):
    def test_they_count_every_request_once_whatever_the_steps(self):
        one, many = Watched().cluster, Watched().cluster
        one.rollout(KEY)
        many.rollout(KEY)
        one.step(30.0)
        for _ in range(3000):
            many.step(0.01)
        for cluster in (one, many):
            self.assertAlmostEqual(cluster.traffic[KEY].counts[-1], 30 * 40.0, 3)
        for a, b in zip(one.traffic[KEY].counts, many.traffic[KEY].counts):
            self.assertAlmostEqual(a, b, delta=0.02 * 30 * 40.0)

    def test_they_rise_and_are_cumulative(self):
        watched = Watched()
        last = [0.0] * len(BUCKETS)
        watched.cluster.rollout(KEY)
        for _ in range(40):
            watched.cluster.step(0.5)
            counts = list(watched.cluster.traffic[KEY].counts)
            self.assertEqual(counts, sorted(counts))
            self.assertTrue(all(now >= before for now, before in zip(counts, last)))
            last = counts

    def test_nobody_answers_when_no_pod_is_ready(self):
        watched = Watched()
        watched.cluster.scale(KEY, 0)
        watched.cluster.step(10.0)
        before = watched.cluster.traffic[KEY].counts[-1]
        watched.cluster.step(10.0)
        self.assertEqual(watched.cluster.traffic[KEY].counts[-1], before)


class Exposition(unittest.TestCase):
    def test_it_stands_beside_the_metrics_of_the_cluster(self):
        cluster = Watched().cluster
        text = LiveCluster(cluster, clock=lambda: 0.0).metrics()
        self.assertIn("kube_deployment_created", text)
        self.assertIn('http_ttfb_seconds_bucket{namespace="cms",deployment="web",le="0.05"}', text)
        self.assertIn('http_ttfb_seconds_bucket{namespace="cms",deployment="web",le="+Inf"}', text)
        self.assertTrue(text.endswith("\n"))
        cluster.delete(KEY)
        self.assertNotIn("http_ttfb", LiveCluster(cluster, clock=lambda: 0.0).metrics())

    def test_commands(self):
        cluster = Cluster()
        cluster.create(KEY, running=True)
        with self.assertRaises(Refused):
            run_line(cluster, "burden cms/web factor=3")
        run_line(cluster, "serve cms/web rate=10 median=0.2 cold=2")
        run_line(cluster, "burden cms/web factor=3")
        cluster.step(10.0)
        traffic = cluster.traffic[KEY]
        self.assertEqual((traffic.rate, traffic.median_s, traffic.factor), (10.0, 0.2, 3.0))
        self.assertAlmostEqual(traffic.counts[-1], 100.0, 3)


if __name__ == "__main__":
    unittest.main()
