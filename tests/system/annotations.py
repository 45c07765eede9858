"""What a real Prometheus remarks on queries: annotations, since 2.48 and before 3.0 among the
warnings. `PromQL info: ` and `PromQL warning: ` say nothing of missing data, and make nothing
unknown (evidence W0). An older Prometheus has nothing to remark, and the same is shown."""

import pathlib
import sys
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path[:0] = [str(TOP / "tools"), str(TOP / "tests")]

from lib import prometheus  # noqa: E402
from peers import suite  # noqa: E402
from peers.picture import is_green, shows  # noqa: E402
from peers.world import SLACK_S, World  # noqa: E402

ANNOTATES = (2, 48)
WATCHED_S = 15.0
SPEC = "kube_deployment_spec_replicas"
LEVELS = {"warning": 0.8, "critical": 0.9}
INFO = f"max(rate({SPEC}[5s]))"  # no counter by its name
WARNING = f"clamp_max(quantile(1.5, {SPEC}), 0.5)"  # there is no such quantile
TTFB = "histogram_quantile(0.95, sum by (le) (rate(http_ttfb_seconds_bucket[4s])))"  # the README's
SHARE = f"1 + 0 * {INFO}"


class Annotations(World):
    def test_a_remark_makes_nothing_unknown(self):
        live = self.cluster("shop/web")
        with live.now() as cluster:
            cluster.serve("shop/web")
        target = self.exporter(live).target
        one = self.prometheus("one", {"static_configs": [{"targets": [target]}]})
        for query in (INFO, WARNING, TTFB):
            one.wait_for(query)
        if version_of(one) >= ANNOTATES:
            self.assertIn("PromQL info: ", one.remarks(INFO)[0])
            self.assertIn("PromQL info: ", one.remarks(SHARE)[0])
            self.assertIn("PromQL warning: ", one.remarks(WARNING)[0])
        indicators = [{"name": "info", "query": INFO} | LEVELS,
                      {"name": "warned", "query": WARNING} | LEVELS,
                      {"name": "ttfb", "query": TTFB, "warning": 5, "critical": 8}]
        rollouts = [{"name": "share", "query": SHARE}, {"name": "shop", "namespace": "shop"}]
        wall = self.wall(one.url, rollouts, indicators=indicators)
        wall.wait("ok", lambda: (states := self.states(wall)) and "unknown" not in states.values())
        begun, seen = time.monotonic(), set()
        self.wait_shown(wall, lambda frame: is_green(frame.pixels[0]), "green")
        while time.monotonic() < begun + WATCHED_S:
            wall.child.expect_alive()
            seen.update(self.states(wall).items())
            time.sleep(0.1)
        expected = {"info": "ok", "warned": "ok", "ttfb": "ok", "share": "stable", "shop": "stable"}
        self.assertEqual(sorted(seen), sorted(expected.items()), wall.reported())
        self.assert_never(wall, lambda frame: not shows(frame, is_green) or frame.text == "----",
                          begun + SLACK_S, "not known, for a remark")
        if version_of(one) >= ANNOTATES:
            said = {each["name"]: each["why"] for each in wall.status()["indicators"]}
            self.assertIn("quantile", said["warned"])

    def states(self, wall) -> dict[str, str]:
        file = wall.status()
        reported = file.get("rollouts", []) + file.get("indicators", [])
        return {one["name"]: one["state"] for one in reported}


def version_of(one) -> tuple[int, int]:
    major, minor = one.api("status/buildinfo")["version"].split(".")[:2]
    return int(major), int(minor)


if __name__ == "__main__":
    sys.exit(suite.main(prometheus.program))
