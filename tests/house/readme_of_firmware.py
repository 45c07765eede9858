#!/usr/bin/env python3
"""firmware/README.md keeps its word: the files it names are there, every room is, and the value that it
follows comes out at the other end. And every file says what it is."""
import http.server
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.parse

TOP = os.environ["AMBERBAR_SOURCE"]
AMBERBAR = os.environ["AMBERBAR"]
FIRMWARE = os.path.join(TOP, "firmware")

with open(os.path.join(FIRMWARE, "README.md"), encoding="utf-8") as file:
    README = file.read()

# The Deployment that the value is of: four replicas, one of surge, three new, two of them available.
COUNTS = {
    "kube_deployment_metadata_generation": 3,
    "kube_deployment_status_observed_generation": 3,
    "kube_deployment_spec_replicas": 4,
    "kube_deployment_status_replicas": 5,
    "kube_deployment_status_replicas_updated": 3,
    "kube_deployment_status_replicas_ready": 4,
    "kube_deployment_status_replicas_available": 4,
    "kube_deployment_spec_paused": 0,
    "kube_deployment_created": 1700000000,
}


class Prometheus(http.server.BaseHTTPRequestHandler):
    """Answers each question with these counts, and with the question's own number."""

    def do_POST(self):
        form = self.rfile.read(int(self.headers["Content-Length"])).decode()
        now = time.time()
        labels = {"deployment": "checkout", "namespace": "shop", "instance": "10.1.2.3:8080"}
        series = [({"__name__": name, **labels}, count) for name, count in COUNTS.items()]
        series.append(({"m": "sample_ts", **labels}, now - 2))
        series.append(({"amberbar_ask": urllib.parse.parse_qs(form)["amberbar_ask"][0]}, 1))
        result = [{"metric": metric, "value": [now, str(value)]} for metric, value in series]
        body = json.dumps({"status": "success",
                           "data": {"resultType": "vector", "result": result}}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Readme(unittest.TestCase):
    def test_the_value_that_it_follows_comes_out_at_the_other_end(self):
        self.assertIn('"__name__":"kube_deployment_status_replicas_updated"', README)
        value = int(re.search(r'"value":\[\d+,"(\d+)"\]', README)[1])
        self.assertEqual(value, COUNTS["kube_deployment_status_replicas_updated"])
        colour = re.search(r"the sixth is `(#[0-9a-f]{6})`", README)[1]
        wire = re.search(r"`((?:[0-9a-f]{2} ){3}[0-9a-f]{2})`: brightness", README)[1]
        frame = self.once()
        self.assertEqual((frame["rollouts"][0]["state"], frame["rollouts"][0]["progress"]),
                         ("progressing", 0.5))
        self.assertEqual(frame["frame"]["pixels"][5], colour)
        sent = self.amberbar("encode", "-b", "pimoroni-blinkt", "--pixels", ",".join(["#000000"] * 5 + [colour]))
        led = sent.split(":")[1].split()[4 + 5 * 4:][:4]
        self.assertEqual(" ".join(led), wire)

    def once(self):
        server = http.server.HTTPServer(("127.0.0.1", 0), Prometheus)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        self.addCleanup(server.server_close)
        self.addCleanup(thread.join)
        self.addCleanup(server.shutdown)
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "amberbar.yaml")
            with open(path, "w", encoding="utf-8") as config:
                json.dump({"board": "pimoroni-blinkt",
                           "prometheus": {"url": f"http://127.0.0.1:{server.server_port}"},
                           "rollouts": [{"name": "checkout", "namespace": "shop",
                                         "deployment": "checkout"}],
                           "display": {"motion": "off"}}, config)
            return json.loads(self.amberbar("once", "--json", "-c", path, status=3))

    def amberbar(self, *words, status=0):
        done = subprocess.run([AMBERBAR, *words], capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout

    def test_every_file_that_it_names_is_there(self):
        named = set(re.findall(r"`((?:[a-z_0-9]+/)+[a-z_0-9]+\.[a-z]+)`", README))
        self.assertGreater(len(named), 15)
        for name in sorted(named):
            self.assertTrue(os.path.exists(os.path.join(FIRMWARE, name)) or
                            os.path.exists(os.path.join(TOP, name)), name)
        for link in re.findall(r"\]\(([^)#:]+)\)", README):
            self.assertTrue(os.path.exists(os.path.join(FIRMWARE, link)), link)

    def test_every_room_is_named(self):
        for name in sorted(os.listdir(FIRMWARE)):
            if os.path.isdir(os.path.join(FIRMWARE, name)):
                self.assertRegex(README, rf"`{name}/`")

    def test_every_file_says_what_it_is(self):
        """A header does, or the .c that has none; with a comment before anything else."""
        for folder, _, names in os.walk(FIRMWARE):
            for name in names:
                if name.endswith(".h") or (name.endswith(".c") and name[:-1] + "h" not in names):
                    with open(os.path.join(folder, name), encoding="utf-8") as text:
                        self.assertEqual(text.read(2), "/*", os.path.join(folder, name))

    def test_every_goal_has_its_number(self):
        sys.path.insert(0, os.path.join(TOP, "tests", "lib"))
        import reliability  # noqa: E402
        for kind in "ER":
            last = max(int(goal[1:]) for goal in reliability.GOALS if goal[0] == kind)
            self.assertIn(f"{kind}1-{kind}{last}", README)
        measured = set()
        measures = os.path.join(TOP, "tests", "bench", "measures")
        for name in os.listdir(measures):
            if name.endswith(".py"):
                with open(os.path.join(measures, name), encoding="utf-8") as text:
                    measured.update(re.findall(r'"(P\d+)"', text.read()))
        self.assertTrue(measured)
        for goal in measured:
            self.assertRegex(README, rf"\b{goal}\b")


if __name__ == "__main__":
    sys.exit(0 if unittest.main(exit=False, verbosity=2).result.wasSuccessful() else 1)
