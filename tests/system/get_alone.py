"""A real Prometheus behind a proxy that lets GET through alone, in lines of at most 8 KiB: every style
of question, both channels, and a survey whose rows do not all fit into an address."""

import http.server
import pathlib
import sys
import threading
import urllib.error
import urllib.request

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path[:0] = [str(TOP / "tools"), str(TOP / "tests")]

from cluster.cluster import Fault  # noqa: E402
from lib import prometheus  # noqa: E402
from peers import suite  # noqa: E402
from peers.fronts import LINE_MAX  # noqa: E402
from peers.picture import shows_green  # noqa: E402
from peers.world import World  # noqa: E402

LONG = "-with-a-name-as-long-as-they-are-in-a-real-cluster"
MANY = 60


class GetAlone(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posts += 1
        self.reply(405, b"<html>405 Not Allowed</html>", "text/html")

    def do_GET(self):
        self.server.longest = max(self.server.longest, len(self.requestline))
        if len(self.requestline) > LINE_MAX:
            self.server.too_long += 1
            self.reply(414, b"<html>414 Request-URI Too Large</html>", "text/html")
            return
        try:
            with urllib.request.urlopen(self.server.behind + self.path, timeout=10) as answer:
                self.reply(answer.status, answer.read(), "application/json")
        except urllib.error.HTTPError as refusal:
            self.reply(refusal.code, refusal.read(), "application/json")

    def reply(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Get(World):
    def front(self, behind: str) -> http.server.ThreadingHTTPServer:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), GetAlone)
        server.daemon_threads, server.block_on_close = True, False
        server.behind, server.posts, server.longest, server.too_long = behind, 0, 0, 0
        server.url = f"http://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return server

    def test_every_style_and_a_survey(self):
        live = self.cluster("shop/web", *(f"cms/{number}{LONG}" for number in range(MANY)))
        one = self.prometheus("one", {"static_configs": [{"targets": [self.exporter(live).target]}]})
        one.wait_for(f"count(kube_deployment_metadata_generation) == {MANY + 1}")
        shop = [{"name": "web", "namespace": "shop"}]
        cms = [{"name": "cms", "namespace": "cms"}]
        own = [{"name": "own", "query": "kube_deployment_status_replicas_available / "
                                        "(kube_deployment_spec_replicas + 0)"}]
        walls = {}
        for name, rollouts, terms in (
                ("compact", shop + own, {}), ("named", shop + own, {"query_style": "named"}),
                ("no nonce", shop, {"query_nonce": False}),
                ("get", shop, {"http_method": "GET"}),
                ("survey", cms, {"max_response_size": "200KiB"})):
            front = self.front(one.url)
            walls[name] = (self.wall(front.url, rollouts, **terms), front)
        for name, (wall, front) in walls.items():
            with self.subTest(name):
                wall.expect(**{"cms" if name == "survey" else "web": "stable"})
                self.wait_shown(wall, shows_green, "green")
                self.assertEqual(front.posts > 0, name != "get")
        for name in ("compact", "named"):
            walls[name][0].expect(own="stable")

        wall, front = walls["survey"]
        with live.now() as cluster:
            for number in range(MANY):
                cluster.rollout(f"cms/{number}{LONG}", fault=Fault.IMAGE_PULL)
        said = wall.expect(cms="failed")
        self.assertGreater(len(said["cms"]["workloads"]), 5)
        self.assertEqual(front.too_long, 0)
        self.assertGreater(front.longest, LINE_MAX / 4)
        self.assertIn("the server refuses POST (HTTP 405) and answers GET", wall.messages())
        self.assertEqual(wall.messages().count("refuses POST"), 1)


if __name__ == "__main__":
    sys.exit(suite.main(prometheus.program))
