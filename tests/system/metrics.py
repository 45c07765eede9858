#!/usr/bin/env python3
"""What the daemon tells of itself: the metrics file, as Prometheus's own tool reads it."""
import os
import re
import stat
import subprocess
import sys
import tempfile
import threading
import time
import unittest

TOP = os.environ["AMBERBAR_SOURCE"]
sys.path[:0] = [os.path.join(TOP, "tools"), os.path.join(TOP, "tests")]

from lib import prometheus  # noqa: E402
from lib.process import Failure  # noqa: E402
from peers.observed import is_green  # noqa: E402
from peers.prometheus import Prometheus, numbers_answer, stable_answer  # noqa: E402
from peers.wall import Wall, about_web  # noqa: E402

SAMPLE = re.compile(r'^(\w+)(?:\{(.*)\})? (\S+)$', re.M)


INDICATORS = [{"name": "ttfb", "query": "ttfb", "warning": 1, "critical": 2}]
STARVED = """title: A strip with a weak supply, which is not there
outputs:
  - {name: frames, chip: frames, pixels: 8, bus: stdout}
  - {name: strip, chip: apa102, pixels: 8, max_ma: 12, bus: {spi: /nowhere/spidev0.0}}
"""


def promtool():
    try:
        return prometheus.promtool()
    except Failure as reason:
        raise unittest.SkipTest(str(reason))


class Metrics(unittest.TestCase):
    def start(self, server, board=None, **more):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = os.path.join(self.folder.name, "amberbar.prom")
        self.server = server
        self.addCleanup(self.server.close)
        if board:
            more["board"] = os.path.join(self.folder.name, "board.yaml")
            with open(more["board"], "w", encoding="utf-8") as file:
                file.write(board)
        self.wall = Wall(about_web(server.url, **{"metrics_file": self.path} | more))
        self.addCleanup(self.wall.close)
        self.wall.start()

    def read(self):
        """Every sample: (name, labels) -> value."""
        with open(self.path, encoding="utf-8") as file:
            self.text = file.read()
        return {(name, labels): float(value) for name, labels, value in SAMPLE.findall(self.text)}

    def wait_for(self, condition):
        return self.wall.wait("counting so", lambda: os.path.exists(self.path)
                              and condition(samples := self.read()) and samples)

    def test_a_good_poll(self):
        self.start(Prometheus(stable_answer()))
        self.wall.see(is_green)
        samples = self.wait_for(lambda seen: seen[("amberbar_polls_total", "")] >= 2)
        version = self.wall.ask("--version").stdout.split()[1]
        for name, labels, value in (
                ("build_info", f'version="{version}"', 1),
                ("config_last_reload_successful", "", 1),
                ("poll_failures_total", 'reason="transport"', 0),
                ("state", 'state="stable"', 1), ("state", 'state="unknown"', 0),
                ("rollout_state", 'rollout="web",state="stable"', 1),
                ("rollout_workloads", 'rollout="web"', 1),
                ("output_up", 'output="frames"', 1), ("output_errors_total", 'output="frames"', 0)):
            self.assertEqual(samples.get(("amberbar_" + name, labels)), value, name + self.text)
        self.assertGreater(samples[("amberbar_output_frames_total", 'output="frames"')], 0)
        for name, labels in (("last_good_poll", ""), ("rollout_samples", 'rollout="web"')):
            at = samples[(f"amberbar_{name}_timestamp_seconds", labels)]
            self.assertLess(abs(time.time() - at), 30, name)
        self.assertEqual(os.stat(self.path).st_mode & 0o777, 0o644)
        self.assertEqual(os.listdir(self.folder.name), ["amberbar.prom"])
        self.wall.stop()
        self.assertFalse(os.path.exists(self.path), "old numbers are left behind")

    def test_the_source_and_what_proves_nothing(self):
        repeating = threading.Event()
        answer, kept = stable_answer(), []

        def repeat(query):
            kept.append(answer(query))
            return kept[-1] if not repeating.is_set() else kept[0]
        self.start(Prometheus(repeat))
        self.wait_for(lambda seen: seen[("amberbar_polls_total", "")] >= 1)
        kinds = {name: labels for name, labels in self.read() if "evidence_source" in name}
        for name in ("up", "last_seen_timestamp_seconds"):
            self.assertRegex(kinds[f"amberbar_evidence_source_{name}"],
                             r'^source="[^"]+",kind="Deployment"$')
        samples = self.read()
        self.assertEqual(samples[("amberbar_evidence_source_up",
                                  kinds["amberbar_evidence_source_up"])], 1)
        self.assertLess(samples[("amberbar_evidence_clock_lag_seconds", "")], 2)
        refused = ("amberbar_evidence_answers_refused_total", 'reason="repeated"')
        self.assertEqual(samples[refused], 0)
        repeating.set()
        self.wait_for(lambda seen: seen[refused] >= 1)

    def test_indicators_and_a_supply_that_is_too_weak(self):
        server = Prometheus(lambda query:
                        (numbers_answer(3) if "ttfb" in query else stable_answer())(query))
        self.start(server, STARVED, indicators=INDICATORS)
        samples = self.wait_for(
            lambda seen: seen[("amberbar_indicator_state", 'indicator="ttfb",state="critical"')])
        self.assertEqual(samples[("amberbar_indicator_state", 'indicator="ttfb",state="ok"')], 0)
        self.assertEqual(samples[("amberbar_indicator_explained", 'indicator="ttfb"')], 0)
        self.assertEqual(samples[("amberbar_output_limited", 'output="frames"')], 0)
        self.assertEqual(samples[("amberbar_output_limited", 'output="strip"')], 1)
        self.assertEqual(samples[("amberbar_output_up", 'output="strip"')], 0)

    def test_promtool_has_nothing_to_remark(self):
        self.start(Prometheus(stable_answer()), indicators=INDICATORS)
        self.wait_for(lambda seen: seen[("amberbar_polls_total", "")] >= 1)
        result = subprocess.run([promtool(), "check", "metrics"], input=self.text, text=True,
                                capture_output=True, timeout=30, check=False)
        self.assertEqual((result.returncode, result.stdout + result.stderr), (0, ""), self.text)

    def test_the_kinds_of_failure(self):
        def refusal(line, body=b"no"):
            return b"HTTP/1.1 %s\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s" % (
                line, len(body), body)
        for reason, answer in (("transport", None), ("authentication", b"401 Unauthorized"),
                               ("query", b"422 Unprocessable Entity"),
                               ("answer", b"500 Internal Server Error")):
            server = Prometheus(stable_answer())
            server.serve = lambda connection, answer=answer: (
                connection.recv(65536), answer and connection.sendall(refusal(answer)),
                connection.close())
            with self.subTest(reason):
                self.start(server)
                label = ("amberbar_poll_failures_total", f'reason="{reason}"')
                samples = self.wait_for(lambda seen, label=label: seen[label] >= 1)
                self.assertEqual(samples[("amberbar_state", 'state="unknown"')], 1)
                self.assertNotIn(("amberbar_last_good_poll_timestamp_seconds", ""), samples)
                others = sum(value for (name, _), value in samples.items()
                             if name == label[0]) - samples[label]
                self.assertEqual(others, 0, self.text)
                self.wall.close()

    def test_an_own_query_fails_in_its_kind(self):
        self.start(Prometheus(lambda query: b"{" if query == "ttfb" else stable_answer()(query)),
                   indicators=INDICATORS)
        failures = "amberbar_poll_failures_total"
        samples = self.wait_for(lambda seen: seen[(failures, 'reason="answer"')] >= 1)
        self.assertEqual(samples[(failures, 'reason="transport"')], 0, self.text)
        self.assertEqual(samples[("amberbar_rollout_state", 'rollout="web",state="stable"')], 1)

    def test_a_place_that_cannot_be_written_is_told_once(self):
        self.start(Prometheus(stable_answer()), metrics_file="/nowhere/amberbar.prom")
        self.wall.see(is_green)
        self.wall.watch(3)
        reported = self.wall.messages().count("cannot write /nowhere/amberbar.prom")
        self.assertEqual(reported, 1, self.wall.messages())

    def test_what_it_has_not_written_stays(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = os.path.join(folder.name, "another.prom")
        os.mkdir(path + ".new")  # in the way
        with open(path, "w", encoding="utf-8") as file:
            file.write("precious 1\n")
        self.start(Prometheus(stable_answer()), metrics_file=path)
        self.wall.see(is_green)
        self.wall.close()
        with open(path, encoding="utf-8") as file:
            self.assertEqual(file.read(), "precious 1\n")

    def test_what_is_no_file_stays(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = os.path.join(folder.name, "another.prom")
        for make in (os.mkfifo, lambda place: os.symlink("target", place),
                     lambda place: os.symlink("/dev/null", place)):
            make(path)
            before = os.lstat(path)
            self.start(Prometheus(stable_answer()), metrics_file=path)
            self.wall.see(is_green)
            self.wall.watch(2)
            told = self.wall.messages().count(f"cannot write {path}: it is ")
            self.assertEqual(told, 1, self.wall.messages())
            self.wall.close()
            after = os.lstat(path)
            self.assertEqual((after.st_ino, after.st_mode), (before.st_ino, before.st_mode))
            self.assertEqual(os.listdir(folder.name), ["another.prom"])
            os.unlink(path)

    def test_what_is_put_in_its_place_stays(self):
        self.start(Prometheus(stable_answer()))
        self.wait_for(lambda seen: seen[("amberbar_polls_total", "")] >= 1)
        os.mkfifo(self.path + ".pipe")
        os.rename(self.path + ".pipe", self.path)
        self.wall.wait("telling of it", lambda: f"cannot write {self.path}: it is a named pipe"
                       in self.wall.messages())
        self.wall.close()
        self.assertTrue(stat.S_ISFIFO(os.lstat(self.path).st_mode))

    def test_the_example_of_alerts_is_fine(self):
        rules = os.path.join(TOP, "firmware", "examples", "alerts.yaml")
        result = subprocess.run([promtool(), "check", "rules", rules], capture_output=True,
                                text=True, timeout=30, check=False)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        with open(rules, encoding="utf-8") as file:
            names = set(re.findall(r"amberbar_\w+", file.read()))
        self.start(Prometheus(stable_answer()))
        self.wait_for(lambda seen: seen[("amberbar_polls_total", "")] >= 1)
        for name in names:
            self.assertIn(f"# TYPE {name} ", self.text)


if __name__ == "__main__":
    sys.exit(0 if unittest.main(exit=False, verbosity=2).result.wasSuccessful() else 1)
