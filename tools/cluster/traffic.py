"""Requests to a Deployment, and how long its pods take to answer them: the histogram that an
application would export. A pod that has just become ready is cold, and slower for a while."""

import math
from statistics import NormalDist

from .deployment import Deployment

BUCKETS = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 1.5, 2.5, 5.0, math.inf)
SLICE_S = 0.25  # warmth changes; within a slice it does not
# Ten requests stand for all: the middles of ten equal parts of a lognormal distribution.
SPREAD = tuple(math.exp(0.4 * NormalDist().inv_cdf((i + 0.5) / 10)) for i in range(10))


class Traffic:
    """`rate` requests a second, spread evenly over the pods that are ready. A warm pod answers
    half of its requests within `median_s`, one that has just become ready takes `cold` times as
    long, and the difference is down to a third every `warming_s`."""

    def __init__(
        self, rate: float = 40.0, median_s: float = 0.1, cold: float = 6.0, warming_s: float = 3.0
    ):
        self.rate = rate
        self.median_s = median_s
        self.cold = cold
        self.warming_s = warming_s
        self.warm_before = -math.inf  # pods that were ready by then are warm
        self.factor = 1.0  # how many times as long everything takes: a slow database, say
        self.counts = [0.0] * len(BUCKETS)  # cumulative, as in the exposition
        self.sum_s = 0.0

    def serve(self, d: Deployment, start: float, end: float) -> None:
        """Everything from `start` to `end`, while which the same pods are ready."""
        slices = max(1, math.ceil((end - start) / SLICE_S))
        for i in range(slices):
            self._serve(d, start + (i + 0.5) * (end - start) / slices, (end - start) / slices)

    def text(self, d: Deployment) -> str:
        labels = f'namespace="{d.namespace}",deployment="{d.name}"'
        lines = [
            "# HELP http_ttfb_seconds Time to the first byte of an answer.",
            "# TYPE http_ttfb_seconds histogram",
        ]
        for bound, count in zip(BUCKETS, self.counts):
            le = "+Inf" if bound == math.inf else f"{bound:g}"
            lines.append(f'http_ttfb_seconds_bucket{{{labels},le="{le}"}} {count:.3f}')
        lines.append(f"http_ttfb_seconds_sum{{{labels}}} {self.sum_s:.3f}")
        lines.append(f"http_ttfb_seconds_count{{{labels}}} {self.counts[-1]:.3f}")
        return "\n".join(lines) + "\n"

    def _serve(self, d: Deployment, now: float, seconds: float) -> None:
        ready = [pod for pod in d.pods if pod.serving]
        for pod in ready:
            chill = 1.0
            if pod.ready_since > self.warm_before:
                age = max(0.0, now - pod.ready_since)
                chill += (self.cold - 1) * math.exp(-age / self.warming_s)
            requests = self.rate * seconds / len(ready) / len(SPREAD)
            for share in SPREAD:
                self._count(self.median_s * chill * self.factor * share, requests)

    def _count(self, took_s: float, requests: float) -> None:
        self.sum_s += took_s * requests
        for i, bound in enumerate(BUCKETS):
            if took_s <= bound:
                self.counts[i] += requests
