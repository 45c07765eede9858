#!/usr/bin/env python3
"""Indicators as a server meets them: which queries come, how often, on how many connections, and
what becomes of one whose query fails."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

from daemon import AMBERBAR
from peers import prometheus
from peers.prometheus import encoded
from peers.servers import stable_rows

OWN_AGAIN_S = 30.0  # QUERY_LIST_REFUSED_MS in firmware/daemon/query_list.h
SLACK_S = 20.0  # patience, never an expectation: the build is sanitized and the machine is shared


class Prometheus(prometheus.Prometheus):
    """Answers by the query's text: a list of samples, or an HTTP status."""

    def __init__(self, answers):
        self.answers = answers  # query: [(labels, value), ...] or a status
        self.asked = []  # (time, query)
        super().__init__()

    def answer(self, query, connection):
        self.asked.append((time.monotonic(), query))
        now = time.time()
        answer = self.answers.get(query, stable_rows(now))
        if isinstance(answer, int):
            return answer, json.dumps({"status": "error", "errorType": "bad_data",
                                       "error": "parse error: unexpected end of input"}).encode()
        return 200, encoded(query, answer, now)

    def count(self, query):
        return sum(asked == query for _, asked in self.asked)


class Daemon:
    def __init__(self, url, indicators):
        self.folder = tempfile.TemporaryDirectory()
        self.config = os.path.join(self.folder.name, "amberbar.yaml")
        pathlib.Path(self.config).write_text(
            f"board: frames\nprometheus: {{url: '{url}', poll_interval: 200ms}}\n"
            "rollouts: [{name: web, namespace: shop, deployment: web}]\n"
            f"indicators: {json.dumps(indicators)}\n", encoding="utf-8")
        self.environment = {**os.environ, "RUNTIME_DIRECTORY": self.folder.name}
        self.process = subprocess.Popen([AMBERBAR, "run", "-c", self.config],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        env=self.environment)

    def status(self):
        try:
            return json.loads(pathlib.Path(self.folder.name, "status.json").read_text())
        except OSError:
            return None

    def indicator(self, name):
        status = self.status() or {"indicators": []}
        return next((i for i in status["indicators"] if i["name"] == name), None)

    def run(self, *arguments):
        return subprocess.run([AMBERBAR, *arguments], env=self.environment, capture_output=True,
                              text=True, timeout=60, check=False)

    def close(self):
        self.process.terminate()
        self.process.wait(30)
        self.folder.cleanup()


class Indicators(unittest.TestCase):
    def begin(self, answers, indicators):
        server = Prometheus(answers)
        self.addCleanup(server.close)
        daemon = Daemon(server.url, indicators)
        self.addCleanup(daemon.close)
        return server, daemon

    def wait(self, what, holds, seconds=SLACK_S):
        until = time.monotonic() + seconds
        while not holds():
            self.assertLess(time.monotonic(), until, f"{what} never came true")
            time.sleep(0.05)

    def test_each_is_asked_as_often_as_the_workloads_on_at_most_two_connections(self):
        server, daemon = self.begin(
            {"good": [({}, 1)], "bad": [({"service": "cart"}, 9), ({"service": "pay"}, 2)]},
            [{"name": "a", "query": "good", "warning": 5, "critical": 8},
             {"name": "b", "query": "bad", "warning": 5, "critical": 8}])
        self.wait("five times", lambda: server.count("bad") >= 5)
        self.assertLessEqual(server.connections, 2)
        self.assertLessEqual(abs(server.count("good") - server.count("bad")), 1)
        self.wait("critical", lambda: (daemon.indicator("b") or {})["state"] == "critical")
        self.assertEqual(daemon.indicator("a")["state"], "ok")
        self.assertEqual(daemon.indicator("a")["value"], 1)
        self.assertIsNone(daemon.indicator("b")["explained_by"])
        self.assertIn('{service="cart"}', daemon.indicator("b")["why"])
        answer = daemon.run("once", "-c", daemon.config)
        self.assertEqual(answer.returncode, 0, answer.stdout)  # the rollout is stable
        self.assertRegex(answer.stdout, r"(?m)^b +critical +9 for ")

    def test_of_several_clusters_one_counts(self):
        answer = [({"cluster": "eu-1"}, 1), ({"cluster": "us"}, 9), ({}, 99)]
        _, daemon = self.begin(
            {"errors": answer},
            [{"name": name, "query": "errors", "warning": 5, "critical": 8} | chosen
             for name, chosen in (("all", {}), ("eu", {"cluster": "eu-1"}),
                                  ("us", {"cluster": "us"}), ("none", {"cluster": "eu"}))])
        self.wait("an answer", lambda: (daemon.indicator("us") or {}).get("state") == "critical")
        values = {name: (daemon.indicator(name)["state"], daemon.indicator(name)["value"])
                  for name in ("all", "eu", "us", "none")}
        self.assertEqual(values, {"all": ("critical", 99), "eu": ("ok", 1), "us": ("critical", 9),
                                  "none": ("unknown", None)})

    def test_a_dear_query_is_asked_less_often(self):
        server, daemon = self.begin(
            {"cheap": [({}, 1)], "dear": [({}, 1)]},
            [{"name": "a", "query": "cheap", "warning": 5, "critical": 8},
             {"name": "b", "query": "dear", "warning": 5, "critical": 8, "poll_interval": "1h"}])
        self.wait("ten rounds", lambda: server.count("cheap") >= 10)
        self.assertEqual(server.count("dear"), 1)
        self.assertEqual(daemon.indicator("b")["state"], "ok")

    def test_what_a_dear_query_said_stands_until_it_is_due_again(self):
        server, daemon = self.begin(
            {"dear": [({}, 1)]},
            [{"name": "b", "query": "dear", "warning": 5, "critical": 8, "poll_interval": "1h"}])
        self.wait("an answer", lambda: (daemon.indicator("b") or {}).get("state") == "ok")
        answers = server.answers
        server.answers = type("Down", (), {"get": lambda self, query, default: 503})()
        self.wait("unknown", lambda: daemon.status()["rollouts"][0]["state"] == "unknown")
        self.assertEqual(daemon.indicator("b")["state"], "ok")
        server.answers = answers
        self.wait("known again", lambda: daemon.status()["rollouts"][0]["state"] == "stable")
        self.assertEqual(server.count("dear"), 1)

    def test_a_dear_query_that_failed_is_asked_again_soon(self):
        server, daemon = self.begin(
            {"dear": 503},
            [{"name": "b", "query": "dear", "warning": 5, "critical": 8, "poll_interval": "1h"}])
        self.wait("a question", lambda: server.count("dear") >= 1)
        server.answers = {"dear": [({}, 1)]}
        self.wait("known", lambda: (daemon.indicator("b") or {}).get("state") == "ok",
                  OWN_AGAIN_S + SLACK_S)
        self.assertEqual(server.count("dear"), 2)

    def test_a_query_that_is_wrong_is_unknown_and_harms_nobody(self):
        server, daemon = self.begin(
            {"good": [({}, 1)], "no_such_function(up)": 400},
            [{"name": "wrong", "query": "no_such_function(up)", "warning": 5, "critical": 8},
             {"name": "right", "query": "good", "warning": 5, "critical": 8}])
        self.wait("ok", lambda: (daemon.indicator("right") or {}).get("state") == "ok")
        self.assertEqual(daemon.indicator("wrong")["state"], "unknown")
        self.assertIsNone(daemon.indicator("wrong")["value"])
        status = daemon.status()
        self.assertEqual(status["rollouts"][0]["state"], "stable")
        self.assertIn("indicator wrong", status["poll"]["error"])
        self.assertIn("parse error", status["poll"]["error"])
        rounds = server.count("good")
        self.wait("five more rounds", lambda: server.count("good") >= rounds + 5)
        self.assertEqual(server.count("no_such_function(up)"), 1)  # not again for 30 s
        self.assertIn("indicator wrong", daemon.status()["poll"]["error"])

    def test_no_series_and_no_number(self):
        _, daemon = self.begin(
            {"none": [], "nan": [({}, "NaN")], "inf": [({}, "+Inf")]},
            [{"name": name, "query": name, "warning": 5, "critical": 8}
             for name in ("none", "nan", "inf")])
        self.wait("an answer", lambda: (daemon.indicator("inf") or {}).get("state") == "critical")
        self.assertIsNone(daemon.indicator("inf")["value"])  # JSON has no infinity
        self.assertEqual(daemon.indicator("none")["why"], "the query finds no series")
        self.assertEqual(daemon.indicator("nan")["state"], "unknown")
        self.assertIn("NaN", daemon.indicator("nan")["why"])


if __name__ == "__main__":
    sys.exit(0 if unittest.main(exit=False, verbosity=2).result.wasSuccessful() else 1)
