#!/usr/bin/env python3
"""`amberbar setup` as somebody who has nothing yet uses it: in a terminal, against a real Prometheus and
what may stand before one; and by options alone. What is asked is answered, tried and asked again."""

import os
import pathlib
import re
import shutil
import socket
import stat
import subprocess
import sys
import time

sys.dont_write_bytecode = True
TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP / "tools"), str(TOP / "tests")]

from lib import prometheus  # noqa: E402
from lib.process import free_port  # noqa: E402
from lib.prometheus import RealPrometheus  # noqa: E402
from peers import newcomer, suite  # noqa: E402
from peers.authority import Authority, find_openssl  # noqa: E402
from peers.gate import Gate  # noqa: E402
from peers.newcomer import (  # noqa: E402
    AMBERBAR, ANSWERS_MOST, CTRL_BACKSLASH, CTRL_C, CTRL_D, CTRL_Z, ENDS, PATH, Newcomer, Talk)
from peers.servers import basic  # noqa: E402
from peers.wall import UNSHARE, can_mount  # noqa: E402

TOKEN = "t0ken-0f-the-wall"


def setUpModule():
    newcomer.begin()


class CommonPath(Newcomer):
    def test_from_nothing_to_a_wall_that_shows_something(self):
        begun = time.monotonic()
        talk = self.setup_in_terminal()
        talk.answer(PATH[0], self.prometheus.url)
        talk.hear("knows 5 workloads in 3 namespaces")
        talk.answer(PATH[1])
        talk.hear("1  cms: 1 Deployment")
        talk.hear("2  shop: 2 Deployments, 1 StatefulSet")
        talk.hear("3  kube-system: 1 DaemonSet")
        talk.accept_the_rest(PATH[2])
        self.assertEqual(talk.end(), 0, talk.said)
        print(f"{talk.answers} answers, {time.monotonic() - begun:.1f} s without those of a person")
        self.assertLessEqual(talk.answers, ANSWERS_MOST)
        self.assertEqual(len(re.findall(r"(?m)^\d+\. ", talk.said)), talk.answers)
        self.assertTrue(talk.echoes())
        self.assertIn("all 3 workloads are stable", talk.said)
        self.assertIn(f"amberbar run -c {self.config}", talk.said)
        self.assertEqual(self.files(), ["amberbar.yaml"])
        text = self.config.read_text()
        for line in ("board: terminal", f"  url: {self.prometheus.url}\n",
                     "  - {name: cms, namespace: cms}\n",
                     "  - {name: shop, namespace: shop, kinds: [Deployment, StatefulSet]}\n",
                     "  - name: http_ttfb\n", "(http_ttfb_seconds_bucket{namespace=~\"cms|shop\"}[5m])",
                     "explained_by: [cms, shop]", "  brightness: 50%",
                     '  night: {from: "19:00", to: "07:30", brightness: 3%}\n'):
            self.assertIn(line, text)
        self.assertLessEqual(max(map(len, text.splitlines())), 120, text)
        self.check(self.config)

    def test_thresholds_are_above_what_was_usual(self):
        talk = self.setup_in_terminal("--url", self.prometheus.url, "--board", "terminal",
                                      "--rollouts", "shop")
        talk.answer("Which indicator")
        talk.accept_the_rest("How bright")
        self.assertEqual(talk.end(), 0, talk.said)
        text = self.config.read_text()
        warning, critical = (float(re.search(rf"{key}: ([\d.]+)", text)[1])
                             for key in ("warning", "critical"))
        usual = float(re.search(r"mostly at most ([\d.]+)", text)[1])
        query = re.search(r"query: (.*)", text)[1]
        now = float(self.prometheus.query(query)[0]["value"][1])
        self.assertLess(now, warning, text)
        self.assertLessEqual(usual * 1.5, warning * 1.001, text)
        self.assertLessEqual(warning * 2, critical * 1.001, text)
        self.assertIn('{namespace="shop"}', query)

    def test_single_workloads_and_thresholds_of_one_s_own(self):
        talk = self.setup_in_terminal("--url", self.prometheus.url, "--board", "terminal")
        talk.answer("What shall the bar be about?", "shop/web, cms shop/db")
        talk.answer("Which indicator", "1 0.7 1.5")
        talk.answer("How bright", "30")
        talk.answer("dimmed for the night", "none")
        talk.answer("Write this to", "y")
        self.assertEqual(talk.end(), 0, talk.said)
        text = self.config.read_text()
        for line in ('  - {name: "shop/web", namespace: shop, deployment: web}\n',
                     '  - {name: "shop/db", namespace: shop, statefulset: db}\n',
                     "    warning: 0.7 ", "    critical: 1.5 ", "  brightness: 30% "):
            self.assertIn(line, text)
        self.assertNotIn("night", text)
        self.check(self.config)


class ByOptions(Newcomer):
    def test_no_terminal_is_needed(self):
        done = self.by_options("--url", self.prometheus.url, "--board", "terminal", "--yes")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("all 3 workloads are stable", done.stdout)
        self.check(self.config)

    def test_every_question_has_an_option(self):
        done = self.by_options(
            "--url", self.prometheus.url, "--board", "terminal", "--rollouts", "shop/web",
            "--indicator", "sum(rate(http_ttfb_seconds_count[1m]))", "--warning", 9000,
            "--critical", 9999, "--brightness", "20%", "--night", "none", "--enable", "no", "--yes")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        text = self.config.read_text()
        for words in ("deployment: web", "query: sum(rate(http_ttfb_seconds_count[1m]))",
                      "warning: 9000", "critical: 9999", "brightness: 20%"):
            self.assertIn(words, text)
        self.check(self.config)

    def test_what_is_missing_is_named(self):
        for words, options in (("give --url and a value", ()),
                               ("the board; give --board", ("--url", self.prometheus.url))):
            done = self.by_options(*options)
            self.assertEqual((done.returncode, self.files()), (2, []), done.stderr)
            self.assertIn(words, done.stderr)
            self.assertIn("nothing was written", done.stderr)

    def test_a_wrong_value_ends_it(self):
        good = ("--url", self.prometheus.url, "--board", "terminal", "--yes")
        for words, options in (
                ("nothing listens on", ("--url", f"http://127.0.0.1:{free_port()}", "--yes")),
                ("--board: x: there is no board", ("--url", self.prometheus.url, "--board", "x", "--yes")),
                ("--rollouts: Prometheus knows no namespace shp; did you mean shop?",
                 (*good, "--rollouts", "shp")),
                ("--brightness: 'bright' is no brightness; answer 1% to 100%",
                 (*good, "--brightness", "bright")),
                ("--night: '19' is no night", (*good, "--night", "19")),
                ("htp:// leads to no Prometheus; did you mean http://127.0.0.1:9?",
                 ("--url", "htp://127.0.0.1:9", "--yes")),
                ("--enable: 'maybe' is neither yes nor no", (*good, "--enable", "maybe")),
                ("--username has no password; give --password-file", (*good, "--username", "bob")),
                ("--password-file is some user's; give --username", (*good, "--password-file", "x")),
                ("--username and --token-file exclude each other",
                 (*good, "--username", "bob", "--token-file", "x")),
                ("--controller out", (*good, "--controller", "127.0.0.1")),
                ("an address is named with --url: amberbar setup --url http://127.0.0.1:9",
                 ("http://127.0.0.1:9",)),
                ("parse error", (*good, "--indicator", "rate(")),
                ("critical", (*good, "--indicator", "vector(1)", "--warning", 1, "--critical", 1)),
                ("--order: order cannot be", (*good[:2], "--board", "apa102-spi", "--order", "xyz", "--yes")),
                ("leave --order out", (*good, "--order", "rgb")),
                ("unknown option", ("--bord", "x"))):
            with self.subTest(words):
                done = self.by_options(*options)
                self.assertEqual((done.returncode, self.files()), (2, []), done.stdout + done.stderr)
                self.assertIn(words, done.stderr)

    def test_thresholds_are_a_pair_and_agree_with_what_is_bad(self):
        """One that is given and one that is proposed could say that the good is bad."""
        terms = ("--url", self.prometheus.url, "--board", "terminal", "--yes")
        for words, options in (
                ("--warning alone does not say what is bad; give --critical", ("--warning", 5)),
                ("--critical alone does not say what is bad; give --warning", ("--critical", 5)),
                ("of http_ttfb more is worse", ("--warning", 5, "--critical", 1.5)),
                ("--warning: 'x' is no number", ("--warning", "x", "--critical", 1.5)),
                ("--critical: 'nan' is no number", ("--warning", 1, "--critical", "nan")),
                ("is orange is not known and cannot be found; give --warning", ("--indicator", "up")),
                ("there is none; leave it out", ("--indicator", "none", "--warning", 1, "--critical", 2))):
            with self.subTest(words):
                done = self.by_options(*terms, *options)
                self.assertEqual((done.returncode, self.files()), (2, []), done.stdout + done.stderr)
                self.assertIn(words, done.stderr)
        done = self.by_options(*terms, "--indicator", "up", "--warning", 0.9, "--critical", 0.5)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("warning from 0.9 down", done.stdout)
        self.assertNotIn("mostly", self.config.read_text())

    def test_what_is_taken_is_said_and_why_not_the_rest(self):
        done = self.by_options("--url", self.prometheus.url, "--board", "terminal", "--yes")
        for words in ("what the bar is about: cms, shop (else: --rollouts)",
                      "Not proposed: kube-system, of which the cluster itself consists",
                      "the brightness: 50% (else: --brightness)"):
            self.assertIn(words, done.stdout)

    def test_a_folder_is_no_file(self):
        done = subprocess.run([AMBERBAR, "setup", "-c", self.place, "--yes"], capture_output=True,
                              text=True, timeout=30, stdin=subprocess.DEVNULL)
        self.assertEqual((done.returncode, done.stdout, self.files()), (2, "", []), done.stderr)
        self.assertIn(f"is a folder; name the file in it: -c {self.place}/amberbar.yaml", done.stderr)

    def test_a_program_without_its_boards_says_so_and_blames_nobody(self):
        done = subprocess.run([AMBERBAR, "setup", "-c", self.config, "--url", self.prometheus.url, "--yes"],
                              env=os.environ | {"AMBERBAR_BOARDS": str(self.place / "none")},
                              capture_output=True, text=True, timeout=30, stdin=subprocess.DEVNULL)
        self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
        self.assertIn("there are no boards in", done.stderr)
        self.assertNotIn("--url", done.stderr)

    def test_a_service_that_is_wanted_and_cannot_be_is_told(self):
        done = self.by_options("--url", self.prometheus.url, "--board", "terminal", "--enable", "yes",
                               "--night", "19-7 2%", "--yes")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("The service was not started: it reads /etc/amberbar/amberbar.yaml alone", done.stdout)
        self.assertIn('night: {from: "19:00", to: "07:00", brightness: 2%}', self.config.read_text())

    def test_who_cannot_write_is_told_before_all_questions(self):
        done = subprocess.run([AMBERBAR, "setup", "-c", "/nowhere/at/all/amberbar.yaml"],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("sudo amberbar setup", done.stderr)


class Secrets(Newcomer):
    def test_a_token_that_is_typed_is_never_seen(self):
        gate = self.gate(admitted=[f"Bearer {TOKEN}"])
        talk = self.setup_in_terminal("--url", gate.url, "--board", "terminal")
        talk.hear("credentials are wanted (HTTP 401)")
        talk.answer("Who asks?")
        talk.hear("The token (it is not shown)")
        self.assertFalse(talk.echoes())
        talk.type("wrong-t0ken\n")
        talk.hear("authentication failed")
        talk.answer("The token (it is not shown)", TOKEN)
        talk.hear("Prometheus answers")
        talk.accept_the_rest(PATH[2])
        self.assertEqual(talk.end(), 0, talk.said)
        self.assertTrue(talk.echoes())
        for secret in (TOKEN, "wrong-t0ken"):
            self.assertNotIn(secret, talk.said)
            self.assertNotIn(secret, self.config.read_text())
        self.assertEqual(self.files(), ["amberbar.yaml", "prometheus.token"])
        token = self.place / "prometheus.token"
        self.assertEqual(token.read_text(), TOKEN + "\n")
        self.assertIn(stat.S_IMODE(token.stat().st_mode), (0o640, 0o600))
        self.assertIn('authorization: {credentials_file: "prometheus.token"}', self.config.read_text())
        self.once(self.config)

    def test_a_user_and_a_password(self):
        gate = self.gate(admitted=[basic("wall", "pa55 word")])
        talk = self.setup_in_terminal("--url", gate.url, "--board", "terminal", "--rollouts", "shop")
        talk.answer("Who asks?", "wall")
        talk.answer("The password of wall", "pa55 word")
        talk.accept_the_rest(PATH[3])
        self.assertEqual(talk.end(), 0, talk.said)
        self.assertNotIn("pa55", talk.said + self.config.read_text())
        self.assertEqual((self.place / "prometheus.password").read_text(), "pa55 word\n")
        self.once(self.config)

    def test_a_file_that_is_there_is_named_where_it_is(self):
        gate = self.gate(admitted=[f"Bearer {TOKEN}"])
        file = self.place / "mine"
        file.write_text(TOKEN)
        talk = self.setup_in_terminal("--url", gate.url, "--board", "terminal", "--rollouts", "shop")
        talk.answer("Who asks?")
        talk.answer("The token (it is not shown)", str(file))
        talk.accept_the_rest(PATH[3])
        self.assertEqual(talk.end(), 0, talk.said)
        self.assertIn(f'credentials_file: "{file}"', self.config.read_text())
        self.assertEqual(self.files(), ["amberbar.yaml", "mine"])

    def test_by_options(self):
        gate = self.gate(admitted=[f"Bearer {TOKEN}"])
        file = self.place / "mine"
        file.write_text(TOKEN)
        done = self.by_options("--url", gate.url, "--token-file", file, "--yes")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.once(self.config)
        self.config.unlink()
        done = self.by_options("--url", gate.url, "--yes")
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        self.assertIn("give --token-file", done.stderr)
        file.write_text("another")
        done = self.by_options("--url", gate.url, "--token-file", file, "--yes")
        self.assertEqual((done.returncode, self.files()), (2, ["mine"]), done.stdout + done.stderr)
        self.assertIn("--token-file: 127.0.0.1:", done.stderr)

    def test_another_address_does_not_get_the_secret_of_the_first(self):
        first, second = self.gate(admitted=["Bearer of-nobody"]), self.gate()
        empty = RealPrometheus(self.place / "empty", [])
        (self.place / "empty").mkdir()
        self.addCleanup(empty.stop)
        empty.start()
        first.behind = empty.port
        first.admitted = {f"Bearer {TOKEN}"}
        talk = self.setup_in_terminal()
        talk.answer(PATH[0], first.url)
        talk.answer("Who asks?")
        talk.answer("The token (it is not shown)", TOKEN)
        talk.hear("let this Prometheus scrape kube-state-metrics")
        talk.answer(PATH[0], second.url)
        talk.hear("Prometheus answers")
        self.assertIn(f"Bearer {TOKEN}", first.seen)
        self.assertEqual(set(second.seen), {None})


class Tls(Newcomer):
    def test_a_certificate_of_an_unknown_authority(self):
        ours, theirs = Authority(self.place, "ours"), Authority(self.place, "theirs")
        gate = self.gate(certificate=ours.sign("good", "IP:127.0.0.1"))
        talk = self.setup_in_terminal("--board", "terminal", "--rollouts", "shop")
        talk.answer(PATH[0], gate.place)  # without a scheme: https is tried as well
        talk.hear("signed by nobody this machine trusts")
        talk.answer("The file with the certificate", str(self.place / "none"))
        talk.hear("there is no file")
        talk.answer("The file with the certificate", str(self.place / "ours" / "serial"))
        talk.hear("holds no certificate")
        talk.answer("The file with the certificate", str(theirs.certificate))
        talk.hear("signed by nobody this machine trusts")
        talk.answer("The file with the certificate", str(ours.certificate))
        talk.hear("Prometheus answers")
        talk.accept_the_rest(PATH[3])
        self.assertEqual(talk.end(), 0, talk.said)
        self.assertIn(f'tls_config: {{ca_file: "{ours.certificate}"}}', self.config.read_text())
        self.assertIn(f"url: {gate.url}\n", self.config.read_text())
        self.once(self.config)

    def test_by_option(self):
        ours = Authority(self.place, "ours")
        gate = self.gate(certificate=ours.sign("good", "IP:127.0.0.1"))
        done = self.by_options("--url", gate.url, "--ca-file", ours.certificate, "--yes")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.config.unlink()
        done = self.by_options("--url", gate.url, "--yes")
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        self.assertIn("the certificate to trust is not known and cannot be found; give --ca-file",
                      done.stderr)


class LeavesNothing(Newcomer):
    def test_what_is_there_is_never_written_over(self):
        terms = ("--url", self.prometheus.url, "--board", "terminal", "--indicator", "none", "--yes")
        self.config.write_text("mine\n")
        for ending, night in ((".new", "none"), (".new-2", "19-7"), (".new", "none")):
            done = self.by_options(*terms, "--night", night)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertIn(f"Compare: diff {self.config} {self.config}{ending}", done.stdout)
            self.check(f"{self.config}{ending}")
        self.assertEqual(self.config.read_text(), "mine\n")
        self.assertEqual(self.files(), ["amberbar.yaml", "amberbar.yaml.new", "amberbar.yaml.new-2"])

    def test_enter_keeps_what_was_chosen_before(self):
        kept = ("rollouts:\n  # but for its db\n  - {name: front, namespace: shop, deployment: web}\n"
                "  - {name: cms, namespace: cms}\n",
                "indicators:\n- name: errors\n  query: vector(0)\n  warning: 1\n  critical: 2\n"
                "  explained_by: [front]\n")
        self.config.write_text(f"board: ./mine.yaml\nprometheus: {{url: {self.prometheus.url}}}\n"
                               f"# mine\n{kept[0]}\n# mine, too\n{kept[1]}"
                               "display: {brightness: 60%}\n")
        shutil.copy(TOP / "boards" / "terminal.yaml", self.place / "mine.yaml")
        before = self.config.read_text()
        talk = self.setup_in_terminal()
        talk.accept_the_rest(PATH[0])
        self.assertEqual(talk.end(), 0, talk.said)
        self.assertIn("front, cms; `as before` keeps them", talk.said)
        text = pathlib.Path(f"{self.config}.new").read_text()
        for words in (*kept, "brightness: 60%", f"board: {self.place}/mine.yaml"):
            self.assertIn(words, text)
        self.assertNotIn("night", text)
        self.assertEqual(self.config.read_text(), before)
        pathlib.Path(f"{self.config}.new").rename(self.config)
        done = self.by_options("--yes")  # and then there is nothing new
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("says just this already", done.stdout)
        self.assertEqual(self.files(), ["amberbar.yaml", "mine.yaml"])
        done = self.by_options("--rollouts", "shop", "--yes")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn(f"Those of {self.config} cannot be kept: ", done.stdout)
        self.assertNotIn("vector(0)", pathlib.Path(f"{self.config}.new").read_text())

    def test_the_server_of_before_gets_its_secret_again(self):
        gate = self.gate(admitted=[basic("wall", "pa55 word")])
        (self.place / "secret").write_text("pa55 word")
        self.config.write_text("board: terminal\nrollouts: [{name: cms, namespace: cms}]\nprometheus:\n"
                               f"  url: {gate.url}\n"
                               "  basic_auth: {username: wall, password_file: secret}\n")
        done = self.by_options("--yes")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        text = pathlib.Path(f"{self.config}.new").read_text()
        self.assertIn("rollouts: [{name: cms, namespace: cms}]\n", text)
        self.assertIn(f'{{username: "wall", password_file: "{self.place}/secret"}}', text)
        self.once(f"{self.config}.new")

    def test_it_can_be_ended_at_each_question(self):
        gate = self.gate(admitted=[f"Bearer {TOKEN}"])
        questions = [(PATH[0], gate.url), ("Who asks?", ""), ("The token (it is not shown)", TOKEN),
                     *((words, "") for words in PATH[1:])]
        for key, count in [*((CTRL_C, count) for count in range(len(questions))), (CTRL_D, 2), (CTRL_D, 8),
                           (CTRL_Z, 2), (CTRL_BACKSLASH, 2), (CTRL_BACKSLASH, 8)]:
            with self.subTest(f"{key!r} at {questions[count][0]}"):
                talk = self.setup_in_terminal()
                for words, text in questions[:count]:
                    talk.answer(words, text)
                talk.hear(questions[count][0])
                talk.type(key)
                self.assertEqual(talk.end(), ENDS[key], talk.said)
                self.assertIn("nothing was written", talk.said)
                self.assertEqual(self.files(), [])
                self.assertTrue(talk.echoes())

    def test_it_can_be_ended_while_nobody_answers(self):
        silent = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(silent.close)
        talk = self.setup_in_terminal()
        talk.answer(PATH[0], f"http://127.0.0.1:{silent.getsockname()[1]}")
        connection, _ = silent.accept()
        self.addCleanup(connection.close)
        talk.type(CTRL_C)
        self.assertEqual(talk.end(), 1, talk.said)
        self.assertEqual(self.files(), [])

    def test_a_full_folder_takes_nothing(self):
        """Whatever cannot be written whole is taken away again, also what was written before it."""
        gate = self.gate(admitted=[f"Bearer {TOKEN}"])
        talk = self.setup_in_terminal("--url", gate.url, "--board", "terminal", "--rollouts", "shop")
        talk.answer("Who asks?")
        talk.answer("The token (it is not shown)", TOKEN)
        for words in PATH[3:6]:
            talk.answer(words)
        talk.hear(PATH[6])
        (self.place / "amberbar.yaml.part").mkdir()
        talk.type("y\n")
        self.assertEqual(talk.end(), 1, talk.said)
        self.assertIn("remove it", talk.said)
        self.assertEqual(self.files(), ["amberbar.yaml.part"])


class Service(Newcomer):
    """The standard place, on a machine with systemd: /etc, /run and the commands are the test's own."""

    def machine(self):
        """The command that runs another one there; `log` has what was run of systemd's."""
        etc, run, tools = (self.place / name for name in ("etc", "run", "tools"))
        (etc / "systemd" / "system").mkdir(parents=True)
        (run / "systemd" / "system").mkdir(parents=True)
        tools.mkdir()
        for name in ("passwd", "nsswitch.conf", "hosts", "ld.so.cache", "localtime"):
            if pathlib.Path("/etc", name).exists():
                shutil.copy(pathlib.Path("/etc", name), etc / name)
        (etc / "group").write_text("root:x:0:\n")
        (etc / "systemd" / "system" / "amberbar.service").touch()
        self.log = self.place / "log"
        for name in ("systemd-sysusers", "systemctl", "udevadm"):
            script = f'#!/bin/sh\necho {name} "$@" >> {self.log}\n'
            if name == "systemd-sysusers":  # no more than one group is known in there
                script += "echo amberbar:x:0: > /etc/group\n"
            (tools / name).write_text(script)
            (tools / name).chmod(0o755)
        script = 'mount --bind "$0" /etc && mount --bind "$1" /run && shift && exec "$@"'
        self.etc = etc
        return ([*UNSHARE, "sh", "-c", script, etc, run], {"PATH": f"{tools}:{os.environ['PATH']}"})

    def setUp(self):
        super().setUp()
        if not can_mount():
            self.skipTest("a process cannot have a view of the files of its own here")
        self.door = self.gate(admitted=[f"Bearer {TOKEN}"])
        self.board = self.place / "strip.yaml"
        self.board.write_text("title: A strip\noutputs:\n  - name: strip\n    chip: ddp\n    pixels: 8\n"
                              "    bus: {udp: 127.0.0.1, port: 9}\n")

    def talk(self, *options):
        before, environment = self.machine()
        talk = Talk("setup", "--url", self.door.url, "--board", self.board, "--rollouts", "shop",
                    "--night", "none", *options, before=before, **environment)
        self.addCleanup(talk.close)
        talk.answer("Who asks?")
        talk.answer("The token (it is not shown)", TOKEN)
        talk.answer("those between blue", "y")
        talk.answer("Which indicator")
        talk.answer("How bright")
        talk.answer("Write this to /etc/amberbar/amberbar.yaml?")
        return talk

    def test_the_service_is_started(self):
        talk = self.talk()
        talk.answer("Let the service start now, and at every boot? [y]")
        self.assertEqual(talk.end(), 0, talk.said)
        self.assertLessEqual(talk.answers, ANSWERS_MOST)
        self.assertEqual(self.log.read_text().splitlines()[-1], "systemctl enable --now amberbar")
        self.assertIn("systemctl daemon-reload\n", self.log.read_text())
        self.assertIn("The service runs", talk.said)
        place = self.etc / "amberbar"
        self.assertEqual(sorted(path.name for path in place.iterdir()),
                         ["amberbar.yaml", "my-strip.yaml", "prometheus.token"])
        self.assertEqual(stat.S_IMODE((place / "prometheus.token").stat().st_mode), 0o640)
        self.assertEqual(stat.S_IMODE((place / "amberbar.yaml").stat().st_mode), 0o644)
        self.assertEqual(stat.S_IMODE(place.stat().st_mode), 0o755)

    def test_what_the_service_cannot_read_where_it_is_is_copied(self):
        """It sees neither /tmp nor anybody's home."""
        ours = Authority(self.place, "ours")
        gate = Gate(self.prometheus.port, [f"Bearer {TOKEN}"], ours.sign("good", "IP:127.0.0.1"))
        self.addCleanup(gate.close)
        token, both = self.place / "token", self.place / "both.pem"
        token.write_text(TOKEN + "\n")
        both.write_text((self.place / "ours" / "ca.key").read_text() + ours.certificate.read_text())
        both.chmod(0o600)
        before, environment = self.machine()
        done = subprocess.run(
            [*before, AMBERBAR, "setup", "--url", gate.url, "--ca-file", both,
             "--token-file", token, "--board", self.board, "--rollouts", "shop", "--yes"],
            env=os.environ | environment, capture_output=True, text=True, timeout=90,
            stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        place = self.etc / "amberbar"
        text = (place / "amberbar.yaml").read_text()
        self.assertNotIn("/tmp/", text)
        self.assertEqual((place / "prometheus-ca.pem").read_text(), ours.certificate.read_text())
        self.assertIn("its certificates alone are copied", done.stdout)
        self.assertIn("prometheus-ca.pem: written; anybody may read it", done.stdout)
        self.assertEqual((place / "prometheus.token").read_text(), TOKEN + "\n")
        self.assertEqual((place / "my-strip.yaml").read_text(), self.board.read_text())
        self.assertIn("all 3 workloads are stable", done.stdout)

    def test_a_service_that_does_not_start_is_told(self):
        talk = self.talk()
        talk.hear("Let the service start now")
        with open(self.place / "tools" / "systemctl", "a", encoding="utf-8") as script:
            script.write("exit 1\n")
        talk.type("y\n")
        self.assertEqual(talk.end(), 1, talk.said)
        self.assertIn("`systemctl enable` failed", talk.said)
        self.assertTrue((self.etc / "amberbar" / "amberbar.yaml").exists())

    def test_no_service_when_it_is_not_wanted(self):
        talk = self.talk("--enable", "no")
        self.assertEqual(talk.end(), 0, talk.said)
        self.assertNotIn("systemctl", self.log.read_text())
        self.assertIn("sudo systemctl enable --now amberbar", talk.said)


if __name__ == "__main__":
    sys.exit(suite.main(prometheus.program, find_openssl))
