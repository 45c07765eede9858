#!/usr/bin/env python3
"""Nothing foreign speaks: every kind of control, hidden and broken character goes through every command,
from a hostile Prometheus, hostile files and their names, arguments and the environment; every byte that
comes out is looked at."""

import fcntl
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from peers.hostile import ATTACKS, EVERYTHING, HIDDEN, INVALID, MODES, Eye, Hostile  # noqa: E402
from peers.wall import Wall  # noqa: E402

AMBERBAR = os.environ["AMBERBAR"]
REPLAY = os.environ["AMBERBAR_REPLAY"]
BOARDS = os.environ["AMBERBAR_BOARDS"]
EYE = Eye()
# The program is started a thousand times and more, for what it prints: LeakSanitizer, a third of each start,
# looks where the same commands are run once each (system/golden, torture).
os.environ["ASAN_OPTIONS"] = "detect_leaks=0"

FILE_NAME = "a\x1b[2J\nFORGED\u202e\u200b\x07b"  # no slash, no NUL: the system takes the rest


class Case(unittest.TestCase):
    def setUp(self):
        self._folder = tempfile.TemporaryDirectory(prefix="amberbar-words-")
        self.addCleanup(self._folder.cleanup)
        self.folder = pathlib.Path(self._folder.name)
        self.before = len(EYE.faults)
        self.prometheus = Hostile()
        self.addCleanup(self.prometheus.close)

    def tearDown(self):
        self.assertEqual(EYE.faults[self.before:], [])

    def run_one(self, *arguments, program=AMBERBAR, screen=False, environment=None) -> int:
        done = subprocess.run([program, *arguments], capture_output=True, timeout=60,
                              stdin=subprocess.DEVNULL,
                              env=os.environ | {"RUNTIME_DIRECTORY": str(self.folder)} |
                              (environment or {}))
        what = ascii(" ".join(os.fsdecode(word) for word in arguments))[:160]
        EYE.look(f"{what}: stdout", done.stdout, screen)
        EYE.look(f"{what}: stderr", done.stderr, screen)
        self.assertNotIn(done.returncode, (-6, -11), done.stderr)
        return done.returncode

    def config(self, name: str = "amberbar.yaml", **more) -> str:
        path = self.folder / name
        everything = {
            "board": "frames",
            "prometheus": {"url": f"http://{self.prometheus.place}", "poll_interval": "1s",
                           "timeout": "900ms", "query_nonce": False},
            "rollouts": [{"name": "web", "namespace": "shop", "max_workloads": 400}],
            "indicators": [{"name": "own", "query": "my_own", "warning": 0.5, "critical": 0.8}],
            "metrics_file": str(self.folder / "metrics.prom"),
        } | more
        path.write_text(json.dumps(everything))
        return str(path)


class Answers(Case):
    def test_a_hostile_prometheus(self):
        config = self.config()
        for mode in MODES:
            self.prometheus.mode = mode
            with self.subTest(mode):
                self.run_one("once", "-c", config)
                self.run_one("once", "--json", "-c", config)
                self.run_one("discover", "-c", config)
                self.run_one("doctor", "-c", config)
                self.run_one("doctor", "--json", "-c", config)
        self.assertGreater(len(self.prometheus.requests), 2 * len(MODES))

    def run_daemon(self, board: str, screen: bool) -> None:
        """From good to trouble to a failing server; then all that it wrote and said."""
        self.config(board=board)
        wall = Wall(folder=self.folder, JOURNAL_STREAM="1:1", NOTIFY_SOCKET=str(self.folder / "notify"))
        self.addCleanup(wall.close)
        reported = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(reported.close)
        reported.bind(str(self.folder / "notify"))
        reported.setblocking(False)
        self.prometheus.mode = "all available"
        wall.start()
        wall.wait_for_good()
        for mode, is_seen in (
                ("none available", lambda: wall.status()["rollouts"][0]["state"] != "stable"),
                ("raw bytes", lambda: not wall.poll()["ok"])):
            self.prometheus.mode = mode
            wall.wait(mode, is_seen)
            for command in (["status"], ["status", "--json"]):
                self.run_one(*command)
            for name in ("status.json", "metrics.prom"):
                EYE.look(name, (self.folder / name).read_bytes())
        wall.stop()
        EYE.look("the log", wall.log.read_bytes())
        EYE.look("the board", bytes(wall.output), screen)
        try:
            while True:
                EYE.look("what systemd is reported", reported.recv(65536))
        except BlockingIOError:
            pass

    def test_the_daemon_and_all_that_it_writes(self):
        self.run_daemon("frames", False)

    def test_the_daemon_on_a_terminal(self):
        self.run_daemon("terminal", True)


class Files(Case):
    def test_a_hostile_status_file(self):
        reported = 0
        folder = os.open(self.folder, os.O_RDONLY)
        self.addCleanup(os.close, folder)
        fcntl.flock(folder, fcntl.LOCK_EX)  # as a daemon that runs
        basic = "".join(character for character in EVERYTHING if ord(character) < 0x10000)
        for text in (*ATTACKS, basic, basic[::-1], EVERYTHING):
            said = {"name": text, "state": text, "progress": text, "why": text, "since": text,
                    "value": text, "explained_by": text}
            status = {"version": 1, "updated": text, "valid_until": "2999-01-01T00:00:00.000Z",
                      "poll": {"ok": False, "age_s": 1, "error": text, "remark": text},
                      "rollouts": [said | {"state": "failed", "workloads": [said | {"spec": 3, "updated": text,
                                                                 "available": text}] * 2}],
                      "indicators": [said], "output_fault": text, "reload_fault": text,
                      "frame": {"pixels": [text, "#ff0000"], "text": text},
                      "history": [{"at": text, "name": text, "from": text, "to": text, "why": text}]}
            raw = json.dumps(status, ensure_ascii=False).encode("utf-8", "surrogatepass")
            for body in (json.dumps(status).encode(), raw,
                         *(raw.replace(b"error", b"error" + bad) for bad in INVALID)):
                (self.folder / "status.json").write_bytes(body)
                reported += self.run_one("status") != 5  # unknown; or no status file at all
                self.run_one("status", "--json")

        self.assertGreater(reported, len(ATTACKS))

    def test_names_of_files(self):
        for name in (FILE_NAME, FILE_NAME + ".yaml"):
            config = self.config(name)
            shutil.copy(f"{BOARDS}/terminal.yaml", self.folder / "board.yaml")
            for command in ("check", "once", "doctor", "discover"):
                self.run_one(command, "-c", config)
                self.run_one(command, "-c", config + "none")
            (self.folder / name).write_text("board: [\x1b\n" + name)
            for command in ("check", "run", "blank", "identify", "once", "discover", "doctor", "preview"):
                self.run_one(command, "-c", config)
            self.run_one(config, program=REPLAY)
        self.run_one("check", "-c", self.config(
            prometheus={"url": "http://a", "bearer_token_file": f"/tmp/{FILE_NAME}"}))

    def test_boards(self):
        boards = self.folder / FILE_NAME
        boards.mkdir()
        text = pathlib.Path(BOARDS, "terminal.yaml").read_text()
        for name in (FILE_NAME, "b\x9b", *(f"c{bad!r}" for bad in INVALID)):
            (boards / f"{name}.yaml").write_text("# " + EVERYTHING + "\n" + text)
        for index, attack in enumerate([*ATTACKS, EVERYTHING]):
            title = json.dumps(attack)
            (boards / f"t{index}.yaml").write_text(f"#{attack}\n" + text.replace(
                "title: ", f"title: {title} #", 1))
            (boards / f"n{index}.yaml").write_text(text.replace("name: ", f"name: {title} #", 1))
            (boards / f"r{index}.yaml").write_bytes(b"# " + INVALID[index % len(INVALID)] + b"\n")
        environment = {"AMBERBAR_BOARDS": str(boards)}
        self.run_one("boards", environment=environment)
        for board in [FILE_NAME, *(f"{kind}{index}" for kind in "tnr" for index in range(13))]:
            self.run_one("boards", board, environment=environment)
            self.run_one("encode", "--board", board, environment=environment)
            self.run_one("preview", "--state", "failed", "--board", board, screen=True,
                         environment=environment)
        self.run_one("boards", environment={"AMBERBAR_BOARDS": str(boards / FILE_NAME)})
        self.run_one("check", "-c", self.config(board=FILE_NAME), environment=environment)

    def test_what_stands_in_a_config(self):
        for text in (*ATTACKS, *HIDDEN[::7], EVERYTHING):
            word = json.dumps(text)
            prometheus = {"url": f"http://{self.prometheus.place}"}
            for more in ({"board": text}, {text: 1}, {"prometheus": {"url": text}},
                         {"prometheus": prometheus | {"poll_interval": text}},
                         {"prometheus": prometheus | {"http_headers": {text: text}}},
                         {"prometheus": prometheus | {"query_style": text, text: text}},
                         {"rollouts": [{"name": text, "namespace": text}]},
                         {"rollouts": [{"name": "a", "namespace": "x" + text + "-*", text: word}]},
                         {"rollouts": [{"name": "a", "namespace": "b", "kinds": [text]}]},
                         {"display": {"brightness": text, "motion": text, "night": text,
                                      "colours": {text: text}, "segments": [
                                          {"pixels": text, "show": text}]}},
                         {"indicators": [{"name": text, "query": text, "warning": text}]}):
                self.run_one("check", "-c", self.config(**more))
        for bad in (*INVALID, b"\x00", b"\x1b[2J", "\u0085\u2028\ufeff".encode()):
            path = self.folder / "raw.yaml"
            path.write_bytes(b"board: " + bad + b"\nprometheus: {url: \"" + bad + b"\"}\n" + bad + b": 1")
            self.run_one("check", "-c", str(path))

    def test_a_hostile_machine(self):
        root = self.folder / "root"
        for path, text in (("proc/device-tree/model", "Raspberry Pi 4\x1b[2J" + EVERYTHING),
                           ("boot/firmware/config.txt", "dtparam=spi=\x1b[2J\n[all]\n" + EVERYTHING),
                           ("etc/passwd", "amberbar\x1b:x:1:1::/:/\n" + EVERYTHING),
                           ("etc/group", "gpio\u202e:x:1:amberbar\n"),
                           ("ls-dev", "crw-rw---- 1 \x1b[2J gpio\x9b 254, 0 Nov 22 10:00 /dev/gpiochip0\n")):
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, errors="surrogatepass")
        config = self.config(board="pimoroni-blinkt")
        for more in ([], ["--json"]):
            self.run_one("doctor", "--root", str(root), "-c", config, *more)
            self.run_one("doctor", "--root", str(root / FILE_NAME), "-c", config, *more)

    def test_timelines(self):
        reported = 0
        source = os.environ["AMBERBAR_SOURCE"]
        good = json.loads(pathlib.Path(source, "tests/rollout/timelines.json").read_text())
        for text in (*ATTACKS, EVERYTHING):
            path = self.folder / "t.json"
            good["timelines"] = [good["timelines"][0] | {"id": text}]
            path.write_text(json.dumps(good, ensure_ascii=text == EVERYTHING))
            reported += self.run_one(str(path), program=REPLAY) == 0
            path.write_text(json.dumps({"schema": "rollout-timelines/1", "timelines": [
                {"id": text, "kind": text, "rows": [{"t": 0, text: text}]}], text: text}))
            self.run_one(str(path), program=REPLAY)
        self.assertGreater(reported, 3)


class Words(Case):
    def test_arguments(self):
        commands = ("run", "check", "once", "status", "doctor", "discover", "boards", "preview",
                    "identify", "encode", "blank", "setup")
        attacks = [*(attack.encode() for attack in ATTACKS), EVERYTHING.encode(), *INVALID]
        for attack in attacks:
            self.run_one(attack)
            self.run_one(b"--" + attack)
            self.run_one(attack, program=REPLAY)
        for attack in (EVERYTHING.encode(), b"".join(INVALID), ATTACKS[3].encode()):
            for command in commands:
                self.run_one(command, b"--" + attack)
                if command != "boards":
                    self.run_one(command, b"--help" + attack)
                    self.run_one(command, attack, attack)
        for attack in attacks:
            for words in (["boards", attack], ["discover", "--url", attack], ["preview", "--state", attack],
                          ["preview", "--progress", attack], ["preview", "--board", attack],
                          ["preview", "--state", "failed", "--svg", b"/nowhere/" + attack],
                          ["encode", "--board", attack], ["encode", "--board", "terminal", "--text", attack],
                          ["encode", "--board", "terminal", "--pixels", attack], ["doctor", "--root", attack],
                          ["identify", "--board", attack], ["check", "-c", attack], ["blank", "-c", attack],
                          ["setup", "-c", self.folder / "none", "--yes", "--url", attack],
                          ["setup", "-c", b"/nowhere/at/all/" + attack]):
                self.run_one(*words)

    def test_the_environment(self):
        for text in (*ATTACKS[::3], EVERYTHING):
            for name in ("RUNTIME_DIRECTORY", "AMBERBAR_BOARDS", "CREDENTIALS_DIRECTORY", "http_proxy"):
                value = "/tmp/" + text
                for command in ("status", "boards", "check", "once"):
                    more = [] if command in ("status", "boards") else ["-c", self.config()]
                    self.run_one(command, *more, environment={name: value})

    def test_pictures(self):
        for board in ("terminal", "frames", "pimoroni-blinkt"):
            svg = self.folder / "x.svg"
            self.run_one("preview", "--board", board, "--svg", str(svg))
            EYE.look("an SVG", svg.read_bytes())


if __name__ == "__main__":
    result = unittest.main(exit=False, verbosity=2).result
    print(f"{EYE.bytes} bytes of {EYE.outputs} outputs were looked at")
    print(f"{EYE.bytes - len(EYE.faults)} passed, {len(EYE.faults)} failed")
    sys.exit(not (result.wasSuccessful() and EYE.bytes > 100000))
