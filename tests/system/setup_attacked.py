#!/usr/bin/env python3
"""`amberbar setup` where somebody else decides what it hears: servers on the way that would like to see
a secret, names in Prometheus that are written to become something else."""

import pathlib
import sys
import time

sys.dont_write_bytecode = True
TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP / "tools"), str(TOP / "tests")]

from lib import prometheus  # noqa: E402
from peers import newcomer, suite  # noqa: E402
from peers.gate import Gate  # noqa: E402
from peers.newcomer import PATH, Newcomer  # noqa: E402
from peers.question import vector  # noqa: E402
from peers.servers import Noting, Server  # noqa: E402

TOKEN = "t0ken-0f-the-wall"
BEARER = f"Bearer {TOKEN}"
LINE = "\u2028"  # YAML begins a new line there
HOSTILE_METRIC = LINE.join([
    "http_ttfb_request_latency_response_duration_ingress_server_x[1m])))#", "    warning:", "     8",
    "    critical:", "     9", "  - name:", "     q", "    query:", "     vector(0)#"])


def setUpModule():
    newcomer.begin()


class Redirecting(Noting):
    def do_POST(self):
        self.note()
        self.send_response(308)
        self.send_header("Location", self.server.leads_to + self.path)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST


class Named(Noting):
    """A Prometheus of one stable Deployment in each of the server's namespaces, and its metrics."""

    def do_POST(self):
        query, now, rows = self.note().query, time.time(), []
        if "count by (__name__)" in query:
            rows = [({"metric": name}, 1) for name in self.server.metrics if "_seconds_bucket" in query]
        elif "kube_" in query:
            for namespace in self.server.namespaces:
                rows += self.deployment(namespace, now)
        elif "count_over_time" in query:
            rows = [({}, 144)]
        elif "_over_time" in query:
            rows = [({}, 0.1)]
        elif query.startswith("vector"):
            rows = [({}, 1)]
        self.answer(200, vector(query, rows, now))

    do_GET = do_POST

    @staticmethod
    def deployment(namespace, now):
        labels = {"namespace": namespace, "deployment": "web", "instance": "ksm:8080", "job": "ksm"}
        values = {"created": 1600000000, "metadata_generation": 3, "status_observed_generation": 3,
                  "spec_replicas": 2, "spec_paused": 0, "status_replicas": 2,
                  "status_replicas_updated": 2, "status_replicas_ready": 2,
                  "status_replicas_available": 2}
        rows = [({**labels, "__name__": "kube_deployment_" + name}, value) for name, value in values.items()]
        return [*rows, ({**labels, "m": "sample_ts"}, now)]


class Case(Newcomer):
    def server(self, handler, **terms):
        server = Server(handler)
        vars(server).update(terms)
        self.addCleanup(server.close)
        return server

    def gate(self):
        gate = Gate(self.prometheus.port, admitted=[BEARER])
        self.addCleanup(gate.close)
        return gate

    def token_file(self):
        file = self.place / "mine"
        file.write_text(TOKEN)
        return file


class Secrets(Case):
    def test_a_guessed_scheme_gets_no_token(self):
        gate = self.gate()
        done = self.by_options("--url", gate.place, "--token-file", self.token_file(), "--board", "terminal",
                               "--yes")
        self.assertEqual((done.returncode, self.files()), (2, ["mine"]), done.stdout + done.stderr)
        self.assertIn("where a secret goes, plain http:// has to be typed", done.stderr)
        self.assertNotIn(BEARER, gate.seen)

    def test_http_has_to_be_typed_where_a_secret_goes(self):
        gate = self.gate()
        talk = self.setup_in_terminal("--board", "terminal", "--rollouts", "shop")
        talk.answer(PATH[0], gate.place)
        talk.hear(f"type http://{gate.place} if that is meant")
        talk.answer(PATH[0], gate.url)
        talk.answer("Who asks?")
        self.assertEqual(set(gate.seen), {None})
        talk.answer("The token (it is not shown)", TOKEN)
        talk.hear("Prometheus answers")
        self.assertIn(BEARER, gate.seen)

    def test_whoever_redirects_gets_no_token(self):
        gate = self.gate()
        first = self.server(Redirecting, leads_to=gate.url)
        talk = self.setup_in_terminal("--board", "terminal", "--rollouts", "shop")
        talk.answer(PATH[0], first.place)
        talk.hear(f"that redirects to {gate.url}: is this the one to be trusted with a secret?")
        talk.answer(f"[{gate.url}]")
        talk.answer("Who asks?")
        talk.answer("The token (it is not shown)", TOKEN)
        talk.accept_the_rest(PATH[3])
        self.assertEqual(talk.end(), 0, talk.said)
        self.assertIn(f"url: {gate.url}\n", self.config.read_text())
        self.assertEqual({request.header("authorization") for request in first.requests}, {None})
        self.assertIn(BEARER, gate.seen)

    def test_a_token_of_an_option_does_not_follow(self):
        gate = self.gate()
        first = self.server(Redirecting, leads_to=gate.url)
        done = self.by_options("--url", f"http://{first.place}", "--token-file", self.token_file(), "--yes",
                               "--board", "terminal")
        self.assertEqual((done.returncode, self.files()), (2, ["mine"]), done.stdout + done.stderr)
        self.assertIn(f"that redirects to {gate.url}; name this one, if it is to be trusted", done.stderr)
        self.assertEqual({request.header("authorization") for request in first.requests}, {None})
        self.assertNotIn(BEARER, gate.seen)


class Names(Case):
    def written(self, namespaces, *options, metrics=()):
        server = self.server(Named, namespaces=namespaces, metrics=metrics)
        done = self.by_options("--url", f"http://{server.place}", "--board", "terminal", "--yes", *options)
        text = self.config.read_text() if self.config.exists() else ""
        self.config.unlink(missing_ok=True)
        return done, text

    def test_a_metric_is_never_more_than_a_name(self):
        done, text = self.written(["shop"], metrics=[HOSTILE_METRIC, "http_ttfb_seconds_bucket"])
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("sum by (le) (rate(http_ttfb_seconds_bucket", text)
        done, text = self.written(["shop"], metrics=[HOSTILE_METRIC])
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertNotIn("indicators", text)
        self.assertTrue(text.isascii(), text)

    def test_a_namespace_is_never_more_than_a_name(self):
        done, text = self.written([f"x{LINE}prometheus: {{url: http://evil}}"], "--indicator", "none")
        self.assertNotIn(LINE, text)
        self.assertNotIn("\nprometheus: {", text)
        self.assertEqual(done.returncode, 0 if text else 2, done.stdout + done.stderr)

    def test_a_name_goes_before_a_number(self):
        for namespaces, options, chosen in (
                (["2", "aaa", "zzz"], ("--rollouts", "2"), ["2"]),
                (["2", "kube-system"], (), ["2"]),
                (["all", "shop"], ("--rollouts", "all"), ["all"]),
                (["aaa", "shop"], ("--rollouts", "all"), ["aaa", "shop"]),
                (["aaa", "shop"], ("--rollouts", "2"), None)):
            with self.subTest(f"{options} of {namespaces}"):
                done, text = self.written(namespaces, "--indicator", "none", *options)
                if chosen is None:
                    self.assertEqual((done.returncode, text), (2, ""), done.stdout)
                    self.assertIn("Prometheus knows no namespace 2", done.stderr)
                    continue
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                found = [line.split("namespace: ")[1].strip('"}') for line in text.splitlines()
                         if line.startswith("  - {name:")]
                self.assertEqual(found, chosen, text)


if __name__ == "__main__":
    sys.exit(suite.main(prometheus.program))
