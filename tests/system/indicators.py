#!/usr/bin/env python3
"""Indicators as a server meets them: which queries come, how often, on how many connections, and
what becomes of one whose query fails."""
import json
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from peers import prometheus  # noqa: E402
from peers.prometheus import encoded  # noqa: E402
from peers.servers import stable_rows  # noqa: E402
from peers.wall import Wall, about_web  # noqa: E402

OWN_AGAIN_S = 30.0  # QUERY_LIST_REFUSED_MS in firmware/wall/query_list.h
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


class IndicatorWall(Wall):
    def indicator(self, name):
        """{} while the status file does not have it."""
        return next((i for i in self.status().get("indicators", []) if i["name"] == name), {})


class Indicators(unittest.TestCase):
    def begin(self, answers, indicators):
        server = Prometheus(answers)
        self.addCleanup(server.close)
        self.wall = IndicatorWall(about_web(server.url, terms={"poll_interval": "200ms"},
                                            indicators=indicators))
        self.addCleanup(self.wall.close)
        self.wall.start()
        return server, self.wall

    def test_each_is_asked_as_often_as_the_workloads_on_at_most_two_connections(self):
        server, wall = self.begin(
            {"good": [({}, 1)], "bad": [({"service": "cart"}, 9), ({"service": "pay"}, 2)]},
            [{"name": "a", "query": "good", "warning": 5, "critical": 8},
             {"name": "b", "query": "bad", "warning": 5, "critical": 8}])
        self.wall.wait("five times", lambda: server.count("bad") >= 5)
        self.assertLessEqual(server.connections, 2)
        self.assertLessEqual(abs(server.count("good") - server.count("bad")), 1)
        self.wall.wait("critical", lambda: wall.indicator("b").get("state") == "critical")
        self.assertEqual(wall.indicator("a")["state"], "ok")
        self.assertEqual(wall.indicator("a")["value"], 1)
        self.assertIsNone(wall.indicator("b")["explained_by"])
        self.assertIn('{service="cart"}', wall.indicator("b")["why"])
        answer = wall.ask("once", "-c", wall.config)
        self.assertEqual(answer.returncode, 0, answer.stdout)  # the rollout is stable
        self.assertRegex(answer.stdout, r"(?m)^b +critical +9, critical from 8 up; .*its series: {service=\"cart\"}")

    def test_of_several_clusters_one_counts(self):
        answer = [({"cluster": "eu-1"}, 1), ({"cluster": "us"}, 9), ({}, 99)]
        _, wall = self.begin(
            {"errors": answer},
            [{"name": name, "query": "errors", "warning": 5, "critical": 8} | chosen
             for name, chosen in (("all", {}), ("eu", {"cluster": "eu-1"}),
                                  ("us", {"cluster": "us"}), ("none", {"cluster": "eu"}))])
        self.wall.wait("an answer", lambda: wall.indicator("us").get("state") == "critical")
        values = {name: (wall.indicator(name)["state"], wall.indicator(name)["value"])
                  for name in ("all", "eu", "us", "none")}
        self.assertEqual(values, {"all": ("critical", 99), "eu": ("ok", 1), "us": ("critical", 9),
                                  "none": ("unknown", None)})

    def test_a_dear_query_is_asked_less_often(self):
        server, wall = self.begin(
            {"cheap": [({}, 1)], "dear": [({}, 1)]},
            [{"name": "a", "query": "cheap", "warning": 5, "critical": 8},
             {"name": "b", "query": "dear", "warning": 5, "critical": 8, "poll_interval": "1h"}])
        self.wall.wait("ten rounds", lambda: server.count("cheap") >= 10)
        self.assertEqual(server.count("dear"), 1)
        self.assertEqual(wall.indicator("b")["state"], "ok")

    def test_what_a_dear_query_said_stands_until_it_is_due_again(self):
        server, wall = self.begin(
            {"dear": [({}, 1)]},
            [{"name": "b", "query": "dear", "warning": 5, "critical": 8, "poll_interval": "1h"}])
        self.wall.wait("an answer", lambda: wall.indicator("b").get("state") == "ok")
        answers = server.answers
        server.answers = type("Down", (), {"get": lambda self, query, default: 503})()
        self.wall.wait("unknown", lambda: wall.status()["rollouts"][0]["state"] == "unknown")
        self.assertEqual(wall.indicator("b")["state"], "ok")
        server.answers = answers
        self.wall.wait("known again", lambda: wall.status()["rollouts"][0]["state"] == "stable")
        self.assertEqual(server.count("dear"), 1)

    def test_a_dear_query_that_failed_is_asked_again_soon(self):
        server, wall = self.begin(
            {"dear": 503},
            [{"name": "b", "query": "dear", "warning": 5, "critical": 8, "poll_interval": "1h"}])
        self.wall.wait("a question", lambda: server.count("dear") >= 1)
        server.answers = {"dear": [({}, 1)]}
        self.wall.wait("known", lambda: wall.indicator("b").get("state") == "ok",
                  OWN_AGAIN_S + SLACK_S)
        self.assertEqual(server.count("dear"), 2)

    def test_a_query_that_is_wrong_is_unknown_and_harms_nobody(self):
        server, wall = self.begin(
            {"good": [({}, 1)], "no_such_function(up)": 400},
            [{"name": "wrong", "query": "no_such_function(up)", "warning": 5, "critical": 8},
             {"name": "right", "query": "good", "warning": 5, "critical": 8}])
        self.wall.wait("ok", lambda: wall.indicator("right").get("state") == "ok")
        self.assertEqual(wall.indicator("wrong")["state"], "unknown")
        self.assertIsNone(wall.indicator("wrong")["value"])
        status = wall.status()
        self.assertEqual(status["rollouts"][0]["state"], "stable")
        self.assertIn("indicator wrong", status["poll"]["error"])
        self.assertIn("parse error", status["poll"]["error"])
        rounds = server.count("good")
        self.wall.wait("five more rounds", lambda: server.count("good") >= rounds + 5)
        self.assertEqual(server.count("no_such_function(up)"), 1)  # not again for 30 s
        self.assertIn("indicator wrong", wall.status()["poll"]["error"])

    def test_no_series_and_no_number(self):
        _, wall = self.begin(
            {"none": [], "nan": [({}, "NaN")], "inf": [({}, "+Inf")]},
            [{"name": name, "query": name, "warning": 5, "critical": 8}
             for name in ("none", "nan", "inf")])
        self.wall.wait("an answer", lambda: wall.indicator("inf").get("state") == "critical")
        self.assertIsNone(wall.indicator("inf")["value"])  # JSON has no infinity
        self.assertEqual(wall.indicator("none")["why"], "the query finds no series")
        self.assertEqual(wall.indicator("nan")["state"], "unknown")
        self.assertIn("NaN", wall.indicator("nan")["why"])


if __name__ == "__main__":
    sys.exit(0 if unittest.main(exit=False, verbosity=2).result.wasSuccessful() else 1)
