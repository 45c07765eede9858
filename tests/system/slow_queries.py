"""Twenty queries of one's own that a back end is slow to answer, beside workloads that it answers
at once, through a real Prometheus: what is read of the workloads is shown in time, and what is
shown, written and told is one truth at each moment (evidence T1 to T3)."""

import http.client
import http.server
import pathlib
import sys
import threading
import time
import urllib.parse

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path[:0] = [str(TOP / "tools"), str(TOP / "tests")]

from cluster.cluster import Cluster, Fault  # noqa: E402
from lib import prometheus  # noqa: E402
from peers import suite  # noqa: E402
from peers.picture import is_green, stretches  # noqa: E402
from peers.world import PATIENCE_S, SLACK_S, World  # noqa: E402

SLOW = 20
DELAY_S = 0.6  # all of them, one after the other, take 12 s
POLL_S = 2.0
TIMEOUT_S = 1.5
OWN_POLL_S = 16.0  # of each
SCRAPE_S = 1.0
# From a change in the cluster to its picture, whatever else is asked for. What is read stays good
# for far longer: who shows it late would show what was true once.
NOTICE_S = 2 * SCRAPE_S + POLL_S + TIMEOUT_S
TERMS = {"max_age": "60s"}
TOGETHER_S = 1.0  # between a frame and the file of its moment, as seen on a busy machine
WATCHED_S = 4.0
TURNS, TURN_S = 6, 3.5  # changes in the cluster, through more than a round of slow queries
BAR = 10  # of the strip's pixels the first: the bar has these, whatever room the indicators take
BOARD = """title: A long strip
outputs: [{name: frames, chip: frames, pixels: 60, digits: 4, bus: stdout}]
"""
WELL = ("stable", "scaled_to_zero")


class SlowProxy(http.server.BaseHTTPRequestHandler):
    """Passes on; a query that names `slow` is kept for a while, or until the client has gone."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        query = urllib.parse.parse_qs(body.decode())["query"][0]
        self.server.asked.append((time.monotonic(), query))
        if "never" in query:
            time.sleep(2 * TIMEOUT_S)
        elif "slow" in query:
            time.sleep(DELAY_S)
        upstream = http.client.HTTPConnection("127.0.0.1", self.server.upstream, timeout=10)
        try:
            headers = {"Content-Type": self.headers["Content-Type"]}
            upstream.request("POST", self.path, body, headers)
            answer = upstream.getresponse()
            payload = answer.read()
        finally:
            upstream.close()
        self.send_response(answer.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, *_):
        pass


class Proxy(http.server.ThreadingHTTPServer):
    daemon_threads, block_on_close = True, False

    def __init__(self, upstream: int):
        super().__init__(("127.0.0.1", 0), SlowProxy)
        self.upstream = upstream
        self.asked: list[tuple[float, str]] = []
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def handle_error(self, *_):
        pass  # a client that has lost its patience

    def close(self) -> None:
        self.shutdown()
        self.server_close()


class Reader(threading.Thread):
    """The status file, many times a second: (when, the rollout's state)."""

    def __init__(self, wall):
        super().__init__(daemon=True)
        self.seen: list[tuple[float, str]] = []
        self.of_indicators: dict[str, set[str]] = {}  # by name, all that was said
        self._wall = wall
        self._ends = threading.Event()
        self.start()

    def run(self):
        while not self._ends.wait(0.05):
            if file := self._wall.status():
                self.seen.append((time.monotonic(), file["rollouts"][0]["state"]))
                for one in file["indicators"]:
                    self.of_indicators.setdefault(one["name"], set()).add(one["state"])

    def close(self) -> None:
        self._ends.set()
        self.join()

    def spans(self, is_well: bool):
        """When the file went on saying so, but for the time in which frame and file may differ."""
        begun = last = None
        for at, state in [*self.seen, (time.monotonic(), "")]:
            if state and (state in WELL) == is_well:
                begun, last = (at if begun is None else begun), at
            elif begun is not None:
                if last - TOGETHER_S > begun + TOGETHER_S:
                    yield begun + TOGETHER_S, last - TOGETHER_S
                begun = None


def bar_is_green(frame) -> bool:
    return any(map(is_green, frame.pixels[:BAR]))


def bar_is_all_green(frame) -> bool:
    return all(map(is_green, frame.pixels[:BAR]))


def bar_is_not_green(frame) -> bool:
    return not bar_is_all_green(frame)


class SlowQueries(World):
    def setUp(self):
        super().setUp()
        self.live = self.cluster("shop/web")
        exporter = self.exporter(self.live)
        one = self.prometheus("one", {"static_configs": [{"targets": [exporter.target]}]})
        one.wait_for("kube_deployment_metadata_generation")
        self.proxy = Proxy(one.port)
        self.addCleanup(self.proxy.close)
        board = self.place / "strip.yaml"
        board.write_text(BOARD)
        queries = {f"slow-{n}": f"vector({n}) unless slow_{n}" for n in range(SLOW - 1)}
        queries["never"] = "vector(1) unless never"
        levels = {"warning": 50, "critical": 90, "poll_interval": f"{OWN_POLL_S:.0f}s"}
        indicators = [{"name": n, "query": query} | levels for n, query in queries.items()]
        rollouts = [{"name": "shop", "namespace": "shop"} | TERMS]
        self.wall_ = self.wall(self.proxy.url, rollouts, str(board), indicators=indicators,
                               poll_interval="2s", timeout="1500ms")
        self.reader = Reader(self.wall_)
        self.addCleanup(self.reader.close)

    def order(self, verb, **options) -> float:
        with self.live.now() as cluster:
            verb(cluster, "shop/web", **options)
        return time.monotonic()

    def wait_for_a_round(self) -> None:
        """Until the slow queries begin, where these stand in the way of what comes next."""
        count = len(self.proxy.asked)
        self.wall_.wait("asking the slow queries", lambda: any(
            "slow_0" in query for _, query in self.proxy.asked[count:]), OWN_POLL_S + PATIENCE_S)

    def test_the_workloads_are_shown_in_time(self):
        wall = self.wall_
        self.wait_shown(wall, bar_is_all_green, "a green bar")
        self.wait_for_a_round()
        broken = self.order(Cluster.rollout, fault=Fault.IMAGE_PULL)
        self.watch(wall, broken + NOTICE_S + SLACK_S + WATCHED_S)
        with self.subTest("a rollout is shown in time"):
            self.assert_never(wall, bar_is_green, broken + NOTICE_S + SLACK_S, "green in a rollout")
        for turn in range(TURNS):
            begun = self.order(*((Cluster.undo,) if turn % 2 == 0 else (Cluster.rollout,)))
            self.watch(wall, begun + TURN_S)
        self.wait_shown(wall, bar_is_all_green, "a green bar again")
        self.watch(wall, time.monotonic() + 4 * TOGETHER_S)
        with self.subTest("the workloads are asked for at their pace"):
            asked = [at for at, query in self.proxy.asked if "kube_deployment" in query]
            gaps = [b - a for a, b in zip(asked, asked[1:])]
            self.assertLess(max(gaps[2:]), TIMEOUT_S + POLL_S + SLACK_S)
        with self.subTest("what answers late is known, what never answers is unknown alone"):
            self.assertNotIn("ok", self.reader.of_indicators.pop("never"))
            never_ok = [n for n, states in self.reader.of_indicators.items() if "ok" not in states]
            self.assertEqual(never_ok, [])
        self.check_one_truth(wall)

    def check_one_truth(self, wall) -> None:
        rows = ((False, bar_is_green, "well"), (True, bar_is_not_green, "not well"))
        for is_well, kind, what in rows:
            spans = list(self.reader.spans(is_well))
            self.assertTrue(spans, "nothing to compare")
            for begun, ended in spans:
                with self.subTest(f"frames say {what}, the status file does not"):
                    found = list(stretches(wall.frames, kind, begun, ended))
                    self.assertEqual(found, [], wall.reported())


if __name__ == "__main__":
    sys.exit(suite.main(prometheus.program))
