#!/usr/bin/env python3
"""What the program says, word for word: each command in good and bad cases, and all of its lines in
tests/golden/COMMAND.txt, to be read aloud. `cmake --build build/test --target golden` writes them anew; what
comes of it is in the difference that git shows."""

import difflib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import unittest

sys.dont_write_bytecode = True
TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP / "tools"), str(TOP / "tests")]

from cluster.cluster import Cluster, Fault, Spec, Template  # noqa: E402
from cluster.daemonset import DaemonSet  # noqa: E402
from cluster.server import LiveCluster  # noqa: E402
from cluster.server import Server as Exporter  # noqa: E402
from lib import prometheus  # noqa: E402
from lib.prometheus import RealPrometheus  # noqa: E402
from peers import question, suite  # noqa: E402
from peers.servers import Noting, Server, stable_rows  # noqa: E402
from peers.wall import Wall  # noqa: E402

AMBERBAR = os.environ["AMBERBAR"]
BOARDS = os.environ["AMBERBAR_BOARDS"]
GOLDEN = TOP / "tests" / "golden"
RENEW = bool(os.environ.get("AMBERBAR_GOLDEN_RENEW"))
PATIENCE_S = 40.0

# What another machine, another minute and another port would say otherwise.
SAME = (
    (re.compile(r"127\.0\.0\.1:\d{4,5}"), "127.0.0.1:PORT"),
    (re.compile(r"127\.0\.0\.1 port \d{4,5}"), "127.0.0.1 port PORT"),
    (re.compile(r"'127\.0\.0\.1' \d{4,5}"), "'127.0.0.1' PORT"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"), "TIME"),
    (re.compile(r"\b\d\d:\d\d:\d\d\b"), "CLOCK"),
    (re.compile(r"\b\d+(\.\d+)? ?(ms|s) ago"), "AGO"),
    (re.compile(r"\b\d+(\.\d+)? ?(ms|s) old"), "OLD"),
    (re.compile(r'"t_ms":\d+'), '"t_ms":NOW'),
    (re.compile(r"time zone: .*"), "time zone: ZONE"),
    (re.compile(r"picture:( [·░▒▓█])+"), "picture: PIXELS"),
    (re.compile(r"after \d+ ms"), "after N ms"),
    (re.compile(r"\d{4}-\d\d-\d\d CLOCK \+0000"), "DAY CLOCK"),
    (re.compile(r"/usr(/local)?/share"), "SHARE"),
    (re.compile(r"pid \d+"), "pid PID"),
)
# Of doctor what is the machine's own, or depends on how long the exporter was scraped.
MACHINE = re.compile(r"^(ok|note|warn|FAULT) +(system|clock|zone|power|lines|devices|user|scrapes)\b.*\n( +->.*\n| {19}.*\n)*", re.M)


class Scripted(Server):
    """Says to every question what `say` makes of it: status, headers, body (bytes, text or an object)."""

    def __init__(self, say):
        super().__init__(ScriptedHandler)
        self.say = say


class ScriptedHandler(Noting):
    def do_POST(self):
        request = self.note()
        status, headers, body = self.server.say(request)
        content = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_GET(self):
        self.do_POST()


def fixed(status: int, body: object = "", **headers: str):
    return lambda request: (status, {name.replace("_", "-"): value for name, value in headers.items()}, body)


def vector(*rows, age_s: float = 1.0, **counters):
    def say(request):
        now = time.time()
        found = [*rows] if rows else stable_rows(now - age_s, **counters)
        return 200, {}, question.vector(request.query, found, now)
    return say


HTML = {"Content_Type": "text/html"}
SERVERS = {
    "stable": vector(),
    "progressing": vector(status_replicas_updated=1, status_replicas=3),
    "degraded": vector(status_replicas_available=0, status_replicas_ready=0),
    "old": vector(age_s=600),
    "nobody": lambda request: (200, {}, question.vector(request.query, [])),
    "login": fixed(200, "<html>Log in</html>", **HTML),
    "elsewhere": fixed(302, "", Location="https://login.invalid/"),
    "no-api": fixed(404, "<html>404</html>", **HTML),
    "unknown-user": fixed(401, "Unauthorized", Content_Type="text/plain"),
    "forbidden": fixed(403, {"kind": "Status", "status": "Failure", "code": 403, "message":
                             'services "prometheus" is forbidden: User "wall" cannot create'}),
    "bad-query": fixed(400, {"status": "error", "errorType": "bad_data", "error": "1:3: parse error: unexpected ,"}),
    "nested-error": fixed(500, {"error": {"code": 13, "message": "the ingester is gone", "status": "INTERNAL"}}),
    "no-json": fixed(200, "{\"status\":\"succ"),
    "not-ready": fixed(503, "Service Unavailable", Content_Type="text/plain"),
    "no-post": fixed(405, "Method Not Allowed", Content_Type="text/plain"),
}

ANSWERING = list(SERVERS).index("nobody")

GOOD = {"board": "frames", "prometheus": {"url": "http://127.0.0.1:9"}, "rollouts": [{"name": "shop", "namespace": "shop"}]}


def yaml(**more) -> str:
    return "".join(f"{key}: {json.dumps(value)}\n" for key, value in (GOOD | more).items() if value is not None)


def rollout(**keys) -> str:
    return yaml(rollouts=[{"name": "shop", "namespace": "shop"} | keys])


def indicator(**keys) -> str:
    return yaml(indicators=[{"name": "ttfb", "query": "up", "warning": 1, "critical": 2} | keys])


def raw(text: str) -> str:
    return text


# --- the cases of the config: `check` names every mistake

QUERY = "board: frames\nprometheus: {url: http://127.0.0.1:9}\nrollouts:\n"
CHECKED = (
    ("a good file", yaml()),
    ("an empty file", ""),
    ("only a comment", "# nothing\n"),
    ("a list", "- a\n"),
    ("a tab", "board: frames\n\tprometheus: x\n"),
    ("a key that is misspelt", yaml(borad="frames")),
    ("no board", yaml(board=None)),
    ("no Prometheus", yaml(prometheus=None)),
    ("no rollouts", yaml(rollouts=None)),
    ("rollouts without one", yaml(rollouts=[])),
    ("a board that is misspelt", yaml(board="pimoroni-blinkd")),
    ("a board file that is not there", yaml(board="./mine.yaml")),
    ("an address without http", yaml(prometheus={"url": "localhost:9090"})),
    ("an address with a secret", yaml(prometheus={"url": "http://wall:secret@localhost:9090"})),
    ("an address that ends in the API", yaml(prometheus={"url": "http://localhost:9090/api/v1/query"})),
    ("lights in the network without their address", yaml(board="wled")),
    ("a secret beside its map", yaml(prometheus=GOOD["prometheus"] | {"password": "x"})),
    ("another word for a key", yaml(prometheus=GOOD["prometheus"] | {"token": "x"})),
    ("a key like none of many", yaml(prometheus=GOOD["prometheus"] | {"colour": "x"})),
    ("a duration without a unit", yaml(prometheus=GOOD["prometheus"] | {"poll_interval": 10})),
    ("a time-out longer than the interval", yaml(prometheus=GOOD["prometheus"] | {"poll_interval": "2s", "timeout": "10s"})),
    ("two ways to authenticate", yaml(prometheus=GOOD["prometheus"] | {
        "basic_auth": {"username": "a", "password": "b"}, "authorization": {"credentials": "c"}})),
    ("a secret's file that is not there", yaml(prometheus=GOOD["prometheus"] | {
        "basic_auth": {"username": "a", "password_file": "wall.password"}})),
    ("a folder where a secret's file belongs", yaml(prometheus=GOOD["prometheus"] | {
        "basic_auth": {"username": "a", "password_file": "."}})),
    ("a secret and its file", yaml(prometheus=GOOD["prometheus"] | {
        "basic_auth": {"username": "a", "password": "b", "password_file": "c"}})),
    ("tls for http", yaml(prometheus=GOOD["prometheus"] | {"tls_config": {"ca_file": "ca.pem"}})),
    ("sigv4 without a region", yaml(prometheus=GOOD["prometheus"] | {"sigv4": {"access_key": "a", "secret_key": "b"}})),
    ("a profile of sigv4", yaml(prometheus=GOOD["prometheus"] | {"sigv4": {"region": "r", "profile": "p"}})),
    ("recording rules with labels a kind", yaml(
        prometheus=GOOD["prometheus"] | {"recording_rules": True, "labels": {"rollout": {"namespace": "exported_namespace"}}},
        rollouts=[{"name": "all", "namespace": "shop", "kinds": ["Deployment", "Rollout"]}])),
    ("a rollout without a namespace", yaml(rollouts=[{"name": "shop"}])),
    ("a rollout with a query and a namespace", rollout(query="up")),
    ("two names and two kinds", rollout(deployment="web", statefulset="db")),
    ("a kind that is none", rollout(kinds=["Deploymnet"])),
    ("a pattern that is none", rollout(deployment="web(")),
    ("two rollouts of one name", yaml(rollouts=[GOOD["rollouts"][0], GOOD["rollouts"][0]])),
    ("a cluster without its label", rollout(cluster="")),
    ("a bracket in a query that nothing closes", indicator(query="sum(up")),
    ("thresholds that are equal", indicator(warning=1, critical=1)),
    ("a threshold that is no number", indicator(warning="4OO")),
    ("no threshold", indicator(warning=None, critical=None)),
    ("explained by nobody", indicator(explained_by=["cms"])),
    ("an indicator without a query", indicator(query=None)),
    ("brightness of 200 %", yaml(display={"brightness": "200%"})),
    ("a night without an end", yaml(display={"night": {"from": "19:00"}})),
    ("a time of 25:00", yaml(display={"night": {"from": "25:00", "to": "07:00"}})),
    ("a segment behind the end", yaml(display={"segments": [{"pixels": "6-9", "show": "summary"}]})),
    ("a segment of nobody", yaml(display={"segments": [{"pixels": "0-3", "show": "rollout cms"}]})),
    ("two segments on one pixel", yaml(display={"segments": [
        {"pixels": "0-3", "show": "summary"}, {"pixels": "3-7", "show": "rollouts"}]})),
    ("a colour that is none", yaml(display={"colours": {"stable": "green"}})),
    ("quotes in quotes", QUERY + '  - {name: a, query: "sum(up{job="x"})"}\n'),
    ("quotes in single quotes", QUERY + "  - {name: a, query: 'sum(up{job='x'})'}\n"),
    ("quotes in quotes, a line each", QUERY + '  - name: a\n    query: "sum(up{job="x"})"\n'),
    ("quotes in single quotes, a line each", QUERY + "  - name: a\n    query: 'sum(up{job='x'})'\n"),
    ("quotes that end too early", QUERY + '  - name: a\n    query: "up" / "down"\n'),
    ("a query in braces without quotes", QUERY + '  - {name: a, query: sum(up{job="x"}) by (le)}\n'),
    ("a query with a colon and a blank", QUERY + "  - name: a\n    query: a: b\n"),
    ("a quote that is never closed", QUERY + '  - {name: a, query: "sum(up)}\n'),
    ("a bracket that is never closed", QUERY + "  - {name: a, query: up\n"),
    ("a line too far in", "board: frames\n  prometheus: {url: x}\n"),
)
# Board files.
BOARDED = (
    ("current with a unit", "title: mine\noutputs:\n  - {name: strip, chip: apa102, pixels: 8, max_ma: 3A, bus: {gpio: {data: 23, clock: 24}}}\n"),
    ("a chip that is misspelt", "title: mine\noutputs:\n  - {name: strip, chip: apa103, bus: {gpio: {data: 23, clock: 24}}}\n"),
    ("nothing in it", "title: mine\noutputs: []\n"),
    ("a map for a list", "title: mine\noutputs: {strip: {chip: apa102}}\n"),
)


class Said:
    """One file of tests/golden: cases, each with all that was printed."""

    def __init__(self, test: "Golden"):
        self.test, self.text = test, ""

    def add(self, sentence: str, *words: str, shown: str = "", environment=None, keep=lambda text: text) -> None:
        done = subprocess.run([AMBERBAR, *words], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL,
                              cwd=self.test.folder, env=self.test.environment | (environment or {}), check=False)
        out = keep(done.stdout) + "".join(f"! {line}\n" for line in done.stderr.splitlines())
        for place, name in ((str(self.test.folder), "FOLDER"), (BOARDS, "BOARDS")):
            out = out.replace(place, name)
        for pattern, same in SAME:
            out = pattern.sub(same, out)
        command = " ".join(words)
        for pattern, same in SAME:
            command = pattern.sub(same, command)
        given = "".join(f"| {line}\n" for line in shown.splitlines())
        self.text += f"## {sentence}\n{given}$ amberbar {command}\n{out}[{done.returncode}]\n\n"

    def compare(self, name: str) -> None:
        path = GOLDEN / f"{name}.txt"
        head = f"What `{name if name == 'amberbar' else f'amberbar {name}'}` says. | a file that it reads; ! standard error; [exit status].\n\n"
        if RENEW:
            path.write_text(head + self.text, encoding="utf-8")
            return
        self.test.assertTrue(path.exists(), f"what `{name}` says is in no file of tests/golden; "
                             "`cmake --build build/test --target golden` writes it, to be read")
        known = path.read_text(encoding="utf-8")
        lines = difflib.unified_diff(known.splitlines(), (head + self.text).splitlines(), str(path), "said now", lineterm="")
        self.test.assertEqual(known, head + self.text, "\n".join(
            ["other words; read them, then: cmake --build build/test --target golden", *lines]))


class Golden(unittest.TestCase):
    maxDiff = 0

    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="amberbar-golden-")
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        self.environment |= {"RUNTIME_DIRECTORY": str(self.folder / "run"), "HOME": str(self.folder), "NO_COLOR": "1",
                             "TZ": "UTC", "LC_ALL": "C.UTF-8"}
        (self.folder / "run").mkdir()
        self.said = Said(self)

    def write(self, name: str, text: str) -> str:
        (self.folder / name).write_text(text, encoding="utf-8")
        return name

    def serve(self, name: str) -> str:
        server = Scripted(SERVERS[name])
        self.addCleanup(server.close)
        return f"http://{server.place}"

    def asks(self, url: str, **more) -> str:
        """A config that asks there."""
        section = {"url": url, "poll_interval": "20s", "timeout": "15s"} | more.pop("prometheus", {})
        return self.write("amberbar.yaml", yaml(prometheus=section, **more))

    def real(self, labels: dict | None = None, honor_labels: bool = True) -> str:
        """A Prometheus with two namespaces: one failed, one paused, one stable."""
        cluster = Cluster(epoch=time.time() - 60)
        cluster.create("shop/web", Spec(replicas=4), running=True)
        cluster.create("shop/api", Spec(replicas=0), running=True)
        cluster.create("cms/cms", Spec(Template(), replicas=3, progress_deadline_s=2.0), running=True)
        cluster.run(DaemonSet, "infra/log", nodes=3)
        cluster.pause("shop/web")
        cluster.rollout("cms/cms", fault=Fault.IMAGE_PULL)
        cluster.step(59)
        exporter = Exporter(LiveCluster(cluster))
        self.addCleanup(exporter.close)
        static = {"targets": [f"127.0.0.1:{exporter.port}"], "labels": labels or {}}
        one = RealPrometheus(self.folder / f"prometheus-{exporter.port}", [], scrape_configs=[
            {"job_name": "ksm", "honor_labels": honor_labels, "static_configs": [static]}])
        self.addCleanup(one.stop)
        one.start()
        one.wait_for('kube_deployment_status_condition{reason="ProgressDeadlineExceeded"} == 1')
        return one.url

    # --- a test a command

    def test_commands_that_have_none(self):
        """Of a command without a test of its own here, what is said of each."""
        help_text = subprocess.run([AMBERBAR, "--help"], capture_output=True, text=True, timeout=60, check=True).stdout
        commands = re.findall(r"^  ([a-z]\w*) ", help_text, re.M)
        self.assertIn("run", commands)
        for name in commands:
            if not hasattr(self, f"test_{name}"):
                self.said = Said(self)
                self.helped(name)
                self.said.compare(name)
        files = {path.stem for path in GOLDEN.glob("*.txt")}
        self.assertFalse(files - {*commands, "amberbar"}, "tests/golden has files of what is no command")

    def helped(self, command: str) -> None:
        self.said.add("its help", command, "--help")
        self.said.add("an option that is none", command, "--nothing")
        self.said.add("what is no option", command, "nothing")

    def test_setup(self):
        said = self.said
        self.helped("setup")
        for words in (["--warning", "high", "--indicator", "up"], ["--critical", "3"], ["--enable", "perhaps"],
                      ["--password-file", "wall.password"], ["--username", "wall"], ["--username", "wall", "--token-file", "token"]):
            said.add("a mistake", "setup", "-c", "amberbar.yaml", "--yes", *words)
        said.add("nobody to ask", "setup", "-c", "amberbar.yaml")
        said.compare("setup")

    def test_card(self):
        said = self.said
        self.helped("card")
        for name in ("card", "system"):
            (self.folder / name).mkdir()
        at = ("--from", "card", "--root", "system", "--run", "run")
        said.add("nothing on it", "card", *at)
        said.add("nothing on it, and it should have", "card", *at, "--needed")
        for sentence, name, text in (
                ("a network without its name", "wifi.txt", "password=secret secret\n"),
                ("a country that is none", "wifi.txt", "ssid=shop\npassword=secret secret\ncountry=Germany\n"),
                ("a name that is none", "hostname.txt", "the wall\n"),
                ("a zone that is none", "timezone.txt", "Berlin\n"),
                ("a config with a mistake", "amberbar.yaml", yaml(borad="x"))):
            self.write(f"card/{name}", text)
            said.add(sentence, "card", *at, shown=text)
            (self.folder / "card" / name).unlink()
        said.compare("card")

    def test_check(self):
        said = self.said
        said.add("its help", "check", "--help")
        said.add("no such file", "check", "-c", "none.yaml")
        said.add("a folder", "check", "-c", "run")
        said.add("an option that is none", "check", "--conifg", "a.yaml")
        said.add("a file without -c", "check", "amberbar.yaml")
        for sentence, text in CHECKED:
            self.write("amberbar.yaml", text)
            said.add(sentence, "check", "-c", "amberbar.yaml", shown=text)
        for sentence, text in BOARDED:
            self.write("mine.yaml", text)
            self.write("amberbar.yaml", yaml(board="./mine.yaml"))
            said.add(sentence, "check", "-c", "amberbar.yaml", shown=text)
        said.compare("check")

    def asked(self, command: str, keep=lambda text: text) -> None:
        """Of the commands that ask Prometheus."""
        said, real = self.said, self.real()
        said.add("its help", command, "--help")
        said.add("no such file", command, "-c", "none.yaml", keep=keep)
        said.add("a file without -c", command, "amberbar.yaml")
        said.add("nobody listens", command, "-c", self.asks("http://127.0.0.1:9"), keep=keep)
        if command != "doctor":  # which says what the resolver says, and that is each machine's own
            said.add("no such host", command, "-c", self.asks("http://prometheus.invalid"), keep=keep)
        # What answers, and is no Prometheus, is for `once` alone: it asks one question.
        for name in list(SERVERS) if command == "once" else list(SERVERS)[ANSWERING:]:
            said.add(f"a server: {name}", command, "-c", self.asks(self.serve(name)), keep=keep)
        for sentence, more in () if command == "discover" else (
                ("a real cluster", {"rollouts": [{"name": name, "namespace": name} for name in ("shop", "cms")]}),
                ("a name that is mistyped", {"rollouts": [{"name": "shop", "namespace": "shop", "deployment": "wbe"}]}),
                ("a namespace that is mistyped", {"rollouts": [{"name": "shop", "namespace": "shpo"}]}),
                ("another kind", {"rollouts": [{"name": "log", "namespace": "infra"}]}),
                ("recording rules that are not there", {"prometheus": {"recording_rules": True}}),
                ("a secret's file that is not there", {"prometheus": {
                    "basic_auth": {"username": "a", "password_file": "/nowhere/wall.password"}}}),
                ("a folder where a secret's file belongs", {"prometheus": {
                    "basic_auth": {"username": "a", "password_file": "/usr"}}}),
                ("a query of one's own that fails", {"rollouts": [{"name": "own", "query": "sum(nothing) by"}]}),
                ("a query of one's own that finds nothing", {"rollouts": [{"name": "own", "query": "nothing"}]}),
                ("indicators", {"indicators": [
                    {"name": "fine", "query": "vector(1)", "warning": 2, "critical": 3},
                    {"name": "bad", "query": "vector(3)", "warning": 2, "critical": 3},
                    {"name": "none", "query": "nothing", "warning": 2, "critical": 3},
                    {"name": "many", "query": "kube_deployment_spec_replicas", "warning": 2, "critical": 3}]})):
            said.add(sentence, command, "-c", self.asks(real, **more), keep=keep)
        if command == "discover":
            said.add("a real cluster", command, "--url", real)
        said.add("a target's label hides the workloads' own", command, "-c", self.asks(
            self.real({"deployment": "ksm"}, honor_labels=False),
            rollouts=[{"name": "shop", "namespace": "shop", "deployment": "web"}]), keep=keep)
        said.compare(command)

    def test_once(self):
        self.asked("once")

    def test_doctor(self):
        self.asked("doctor", keep=lambda text: MACHINE.sub("", text))

    def test_discover(self):
        for words in (["http://prometheus:9090"], ["prometheus:9090"]):
            self.said.add("an address without --url", "discover", *words)
        self.said.add("an address without a scheme", "discover", "--url", "127.0.0.1:9")
        self.said.add("a scheme that is none of Prometheus's", "discover", "--url", "htp://127.0.0.1:9")
        self.asked("discover")

    def test_status(self):
        said = self.said
        said.add("its help", "status", "--help")
        said.add("no daemon", "status")
        for name in ("stable", "progressing", "degraded", "old", "login"):
            self.beside_a_daemon(name, f"a server: {name}", "status")
        said.add("its daemon has ended", "status")
        self.write("run/status.json", "{}")
        said.add("no status file", "status")
        said.compare("status")

    def beside_a_daemon(self, name: str, sentence: str, *words: str) -> None:
        self.asks(self.serve(name))
        wall = Wall(folder=self.folder)
        wall.environment = self.environment
        wall.start()
        try:
            wall.wait("done with a poll", lambda: (poll := wall.poll()) and (poll["ok"] or poll["error"]))
            self.said.add(sentence, *words)
        finally:
            wall.stop()

    def test_run(self):
        said = self.said
        said.add("its help", "run", "--help")
        said.add("no such file", "run", "-c", "none.yaml")
        said.add("a file without -c", "run", "amberbar.yaml")
        said.add("a mistake", "run", "-c", self.write("amberbar.yaml", yaml(borad="x")), shown=yaml(borad="x"))
        said.compare("run")

    def test_boards(self):
        said = self.said
        said.add("its help", "boards", "--help")
        for name in ("pimoroni-blinkt", "blinkt", "pimoroni-blinkd", "neopixel", "nothing", "./mine.yaml", "frames"):
            said.add(name, "boards", name)
        said.compare("boards")

    def test_identify(self):
        said = self.said
        said.add("its help", "identify", "--help")
        said.add("a board of its own", "identify", "--board", "frames", "--seconds", "0.001",
                 keep=lambda text: re.sub(r"^\{.*\n", "", text, flags=re.M))
        for words in (["--board", "frame"], ["--board", "frames", "--order", "rbb"], ["--board", "frames", "--count", "0"],
                      ["--board", "frames", "--seconds", "0"], ["--board", "frames", "--seconds", "soon"], ["-c", "none.yaml"]):
            said.add("a mistake", "identify", *words)
        said.compare("identify")

    def drawn(self, command: str, *words: str) -> None:
        said = self.said
        said.add("its help", command, "--help")
        said.add("one state", command, "--board", "frames", "--state", "scaled_to_zero", *words)
        said.add("a state without --state", command, "failed")
        said.add("a board without --board", command, "terminal")
        for more in (["--state", "stabel"], ["--state", ""], ["--progress", "2"], ["--progress", "half"],
                     ["--board", "frame"], ["-c", "none.yaml"]):
            said.add("a mistake", command, *more)

    def test_preview(self):
        self.drawn("preview")
        self.said.add("a picture that cannot be written", "preview", "--svg", "no/where.svg")
        self.said.compare("preview")

    def test_try(self):
        self.drawn("try", "--seconds", "0.001")
        self.beside_a_daemon("stable", "beside a daemon", "try", "--board", "pimoroni-blinkt", "--state", "failed")
        self.said.add("no time at all", "try", "--board", "frames", "--seconds", "0")
        self.said.compare("try")

    def test_encode(self):
        said = self.said
        said.add("its help", "encode", "--help")
        said.add("a picture", "encode", "--board", "pimoroni-blinkt", "--pixels", "#ff0000")
        for words in ([], ["--board", "blinkt"], ["--board", "pimoroni-blinkt", "--pixels", "red"],
                      ["--board", "pimoroni-blinkt", "--pixels", "#12345"], ["--board", "pimoroni-blinkt", "--text", "88"],
                      ["--board", "tm1637", "--text", "WXYZ12345"], ["--board", "tm1637", "--pixels", "#fff000"]):
            said.add("another", "encode", *words)
        said.compare("encode")

    def test_blank(self):
        said = self.said
        said.add("its help", "blank", "--help")
        said.add("no such file", "blank", "-c", "none.yaml")
        said.add("a board", "blank", "-c", self.write("amberbar.yaml", yaml(display={"brightness": "x"})))
        said.compare("blank")

    def test_amberbar(self):
        said = self.said
        for words in ([], ["--help"], ["onec"], ["--version", "x"], ["-c", "amberbar.yaml"], ["help"]):
            said.add("the program by itself", *words)
        said.compare("amberbar")


if __name__ == "__main__":
    sys.exit(suite.main(prometheus.program))
