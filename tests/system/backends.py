"""What stands between exporters and us: two exporters of one cluster, one of which lags; clusters in
one store; relabelled namespaces; a balancer before two Prometheuses; a tenant's header."""

import http.server
import itertools
import json
import pathlib
import sys
import threading
import time
import urllib.parse
import urllib.request

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path[:0] = [str(TOP / "tools"), str(TOP / "tests")]

from cluster.cluster import Fault  # noqa: E402
from cluster.server import LiveCluster  # noqa: E402
from lib import prometheus  # noqa: E402
from lib.prometheus import RealPrometheus  # noqa: E402
from peers import suite  # noqa: E402
from peers.world import World  # noqa: E402


class Frozen:
    """An exporter that has lost its watch: what it tells is old, and scraped anew."""

    def __init__(self, live: LiveCluster):
        self._live = live
        self._kept: str | None = None

    def metrics(self) -> str:
        return self._kept or self._live.metrics()

    def freeze(self) -> None:
        self._kept = self._live.metrics()

    def thaw(self) -> None:
        self._kept = None


class Balancer(http.server.BaseHTTPRequestHandler):
    """Hands each request to the next back end, and notes a header."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.passed_on(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.tenants.add(self.headers["X-Scope-OrgID"])
        request = urllib.request.Request(next(self.server.backends) + self.path, body)
        request.add_header("Content-Type", self.headers["Content-Type"])
        with urllib.request.urlopen(request, timeout=10) as answer:
            payload = answer.read()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def passed_on(self, body: bytes) -> bytes:
        return body

    def log_message(self, *_):
        pass


class Enforcer(Balancer):
    """Writes each question anew, as a proxy does that enforces a label: parsed (by Prometheus itself),
    printed, and with one more matcher in each selector."""

    def passed_on(self, body: bytes) -> bytes:
        form = dict(urllib.parse.parse_qsl(body.decode()))
        asked = urllib.parse.urlencode({"query": form["query"]}).encode()
        url = f"{next(self.server.backends)}/api/v1/format_query"
        with urllib.request.urlopen(url, asked, timeout=10) as answer:
            form["query"] = json.load(answer)["data"].replace("{", f"{{{self.server.matcher},")
        self.server.rewritten += 1
        return urllib.parse.urlencode(form).encode()


class Backends(World):
    def target(self, live) -> str:
        return self.exporter(live).target

    def scraping(self, name: str, *jobs: dict, interval: str = "1s") -> RealPrometheus:
        one = self.prometheus(name, *jobs, interval=interval)
        one.wait_for("kube_deployment_metadata_generation")
        return one

    def test_two_exporters_are_one_workload_and_the_newest_generation_counts(self):
        others = [f"shop/other-{number}" for number in range(4)]
        live = self.cluster("shop/web", *others)
        lagging = Frozen(live)
        targets = [self.target(live), self.target(lagging)]
        one = self.scraping("one", {"static_configs": [{"targets": targets}]})
        one.wait_for("count(kube_deployment_metadata_generation) == 10")
        rollouts = [{"name": "shop", "namespace": "shop"}]
        wall = self.wall(one.url, rollouts)
        survey = self.wall(one.url, rollouts, max_response_size="16KiB")  # room for three
        for each in (wall, survey):
            said = each.expect(shop="stable")
            self.assertEqual(said["shop"]["workloads_total"], 5)
        self.assertEqual(said["shop"]["workloads"], [])
        lagging.freeze()
        with live.now() as cluster:
            cluster.rollout("shop/web")
        for each in (wall, survey):
            said = each.expect(shop="progressing")
            self.assertLess(said["shop"]["progress"], 1)
        with live.now() as cluster:
            cluster.rollout("shop/web", fault=Fault.IMAGE_PULL)
        for each in (wall, survey):
            each.expect(shop="failed")
        lagging.thaw()
        time.sleep(2)
        for each in (wall, survey):
            each.expect(shop="failed")
            self.assertNotIn("stable", each.transitions("shop")[1:])

    def test_two_clusters_and_a_relabelled_one_are_told_apart(self):
        clusters = {"eu": self.cluster("shop/web"), "us": self.cluster("shop/web", age_s=99)}
        jobs = [
            {"static_configs": [{"targets": [self.target(live)], "labels": {"cluster": name}}]}
            for name, live in clusters.items()
        ]
        hidden = {"targets": [self.target(self.cluster("cms/web"))]}
        hidden["labels"] = {"namespace": "monitoring"}
        jobs.append({"honor_labels": False, "static_configs": [hidden]})
        one = self.scraping("one", *jobs)
        one.wait_for("count(kube_deployment_metadata_generation) == 3")
        web = [{"name": "web", "namespace": "shop", "deployment": "web"}]
        wall = self.wall(one.url, web)
        mixed = self.wall(one.url, web, cluster_label="region")
        cms = [{"name": "cms", "namespace": "cms"}]
        found = self.wall(one.url, cms, namespace_label="exported_namespace")
        hinted = self.wall(one.url, [{"name": "it", "namespace": "monitoring"}])

        wall.expect(web="stable")
        mixed.expect(web="unknown")  # two objects of one name: which is meant?
        self.assertEqual(found.expect(cms="stable")["cms"]["workloads_total"], 1)
        hinted.expect(it="stable")
        self.assertIn("namespace_label: exported_namespace", hinted.messages())
        with clusters["us"].now() as cluster:
            cluster.rollout("shop/web", fault=Fault.IMAGE_PULL)
        said = wall.expect(web="failed")
        states = {each["cluster"]: each["state"] for each in said["web"]["workloads"]}
        self.assertEqual(states, {"eu": "stable", "us": "failed"})
        self.assertIn("web in us", said["web"]["why"])

    def test_one_of_two_clusters_is_chosen(self):
        others = [f"shop/other-{number}" for number in range(4)]
        clusters = {name: self.cluster("shop/web", *others) for name in ("eu-1", "us")}
        jobs = [
            {"static_configs": [{"targets": [self.target(live)], "labels": {"region": name}}]}
            for name, live in clusters.items()
        ]
        one = self.prometheus("one", *jobs)
        one.wait_for("count(kube_deployment_metadata_generation) == 10")
        ratio = "kube_deployment_status_replicas_available / kube_deployment_spec_replicas"
        rollouts = [
            {"name": "eu", "cluster": "eu-1", "namespace": "shop"},
            {"name": "us", "cluster": "us", "namespace": "shop"},
            {"name": "both", "cluster": "eu-.*|us", "namespace": "shop", "deployment": "web"},
            {"name": "nowhere", "cluster": "eu", "namespace": "shop"},
            {"name": "eu ratio", "cluster": "eu-1", "query": ratio},
            {"name": "us ratio", "cluster": "us", "query": ratio},
            {"name": "no ratio", "cluster": "eu", "query": ratio},
        ]
        whole = self.wall(one.url, rollouts, cluster_label="region")
        survey = self.wall(one.url, rollouts, cluster_label="region", max_response_size="16KiB")
        still = {"eu": "stable", "eu ratio": "stable", "nowhere": "unknown", "no ratio": "unknown"}
        for wall in (whole, survey):
            said = wall.expect(us="stable", both="stable", **{"us ratio": "stable"}, **still)
            self.assertEqual(said["eu"]["workloads_total"], 5)
            self.assertEqual(said["eu ratio"]["workloads_total"], 5)
        with clusters["us"].now() as cluster:
            cluster.rollout("shop/web", fault=Fault.IMAGE_PULL)
            cluster.scale("shop/other-1", 9)
        for wall in (whole, survey):
            wall.expect(us="failed", both="failed", **still)
            for name, state in still.items():
                self.assertEqual(set(wall.transitions(name)) - {"unknown"}, {state} - {"unknown"})

    def between(self, handler, *backends: RealPrometheus):
        """A server that stands before others."""
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        server.daemon_threads, server.block_on_close = True, False
        server.backends, server.tenants = itertools.cycle(one.url for one in backends), set()
        server.url = f"http://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return server

    def test_a_proxy_that_writes_questions_anew_keeps_their_nonces(self):
        ours, others = self.cluster("shop/web"), self.cluster("shop/secret")
        jobs = [{"static_configs": [{"targets": [self.target(live)], "labels": {"team": team}}]}
                for team, live in (("ours", ours), ("others", others))]
        one = self.scraping("one", {"static_configs": jobs[0]["static_configs"]
                                    + jobs[1]["static_configs"]})
        one.wait_for("count(kube_deployment_metadata_generation) == 2")
        server = self.between(Enforcer, one)
        server.matcher, server.rewritten = 'team="ours"', 0
        rollouts = [{"name": "shop", "namespace": "shop"}]
        walls = [self.wall(server.url, rollouts, **terms)
                 for terms in ({}, {"query_style": "named"}, {"max_response_size": "16KiB"})]
        for wall in walls:
            self.assertEqual(wall.expect(shop="stable")["shop"]["workloads_total"], 1)
        with ours.now() as cluster:
            cluster.rollout("shop/web", fault=Fault.IMAGE_PULL)
        for wall in walls:
            wall.expect(shop="failed")
        self.assertGreater(server.rewritten, 3)

    def test_a_balancer_before_two_prometheuses_never_turns_back_time(self):
        live = self.cluster("shop/web")
        job = {"static_configs": [{"targets": [self.target(live)]}]}
        pair = [
            self.scraping("fast", job),
            self.scraping("slow", job, interval="3s"),  # up to three seconds behind
        ]
        server = self.between(Balancer, *pair)
        wall = self.wall(
            server.url,
            [{"name": "shop", "namespace": "shop"}],
            http_headers={"X-Scope-OrgID": "wall"},
        )
        wall.expect(shop="stable")
        with live.now() as cluster:
            cluster.rollout("shop/web")
        wall.expect(shop="progressing")
        shown = []
        while (said := wall.said()["shop"])["state"] == "progressing":
            shown.append(said["progress"])
            time.sleep(0.1)
        self.assertEqual(said["state"], "stable")
        self.assertEqual(shown, sorted(shown))
        time.sleep(3)
        self.assertEqual(wall.transitions("shop"), ["stable", "progressing", "stable"])
        self.assertEqual(server.tenants, {"wall"})


if __name__ == "__main__":
    sys.exit(suite.main(prometheus.program))
