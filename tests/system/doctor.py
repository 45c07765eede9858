#!/usr/bin/env python3
"""`amberbar doctor` on machines whose files stand in tests/commands/doctor, and before servers that
are ill in one way each."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

from daemon import ALONE, AMBERBAR, can_be_alone
from peers.prometheus import Prometheus, numbers_answer
from peers.question import without_nonce

TOP = os.environ["AMBERBAR_SOURCE"]
MACHINES = os.path.join(TOP, "tests", "commands", "doctor")
CLOSED = "http://127.0.0.1:1"  # nothing listens on port 1

SIX_LAMPS = """title: Lamps on lines of SPI and I2C
outputs:
  - name: lamps
    chip: lamps
    lamps: [{colour: red}, {colour: amber}, {colour: green}]
    bus: {gpio: {gpiochip: [pinctrl-bcm2711, pinctrl-bcm2835, pinctrl-rp1], lines: [GPIO2, GPIO8, GPIO17]}}
"""
LONG_STRIP = """title: Long strip
outputs:
  - {name: strip, chip: ws2812, pixels: 400, max_ma: 8000, bus: {spi: /dev/spidev0.0}}
"""

# What is seen, the machine, the board, and the faults: check, words of it, words of what fixes it.
ROWS = (
    ("a Pi 4 with a Blinkt! that runs has an ailing supply alone", "pi4", "pimoroni-blinkt",
     (("power", "5 V of this Pi have fallen too low", None),)),
    ("a Pi 4 holds the clock of SPI", "pi4", "ws2812-spi",
     (("power", "5 V", None),)),
    ("a line that somebody else holds is reported with its holder", "pi3", "pimoroni-blinkt",
     (("lines", 'in use by "button"', None),)),
    ("a Pi 3 lets the clock of SPI fall", "pi3", "ws2812-spi",
     (("core clock", "the clock of SPI falls with the core's, from 400 to 250 MHz",
       r"printf '\n[all]\ncore_freq=250\n' | sudo tee -a /boot/firmware/config.txt"),)),
    ("a Pi 3 without I2C", "pi3", "ht16k33",
     (("devices", "there is no /dev/i2c-1", r"\n[all]\ndtparam=i2c_arm=on\n'"),)),
    ("a Pi 5 with a Blinkt! is well", "pi5", "pimoroni-blinkt", ()),
    ("a section of another Pi does not count: SPI is off", "pi5", "ws2812-spi",
     (("devices", "there is no /dev/spidev0.0", r"\n[all]\ndtparam=spi=on\n'"),)),
    ("a Pi 5 without the overlay", "pi5", "ws2812-pio",
     (("devices", "there is no /dev/leds0",
       r"\ndtoverlay=ws2812-pio,gpio=18,num_leds=8\n' | sudo tee -a"),)),
    ("a Pi 4 is not told to enable what it has no driver for", "pi4", "ws2812-pio",
     (("devices", "is for a Raspberry Pi 5: use one, or wire the strip to SPI", None),
      ("power", "5 V", None))),
    ("a Debian without our rules: neither user may, nor is there a service's user", "debian",
     "pimoroni-blinkt",
     (("access", "user pi may not use /dev/gpiochip0: owner root, group root, mode 0600",
       "udev rules"),
      ("service", "user amberbar does not exist", "sudo systemd-sysusers"))),
    ("lines of enabled buses are not taken silently", "pi4", SIX_LAMPS,
     (("lines", 'in use by "spi0 CS0"', None),
      ("pins", "GPIO2 belongs to I2C 1", "dtparam=i2c_arm=off"),
      ("pins", "GPIO8 belongs to SPI 0", "dtparam=spi=off"), ("power", "5 V", None))),
    ("a strip too long for SPI's buffer", "pi3", LONG_STRIP,
     (("core clock", "the clock of SPI falls", "core_freq=250"),
      ("devices", "does not fit into SPI's buffer of 4096", "spidev.bufsiz=32768"))),
)


class Doctor(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def config(self, board, url, extra=""):
        if "\n" in board:
            path = os.path.join(self.folder.name, "board.yaml")
            with open(path, "w", encoding="utf-8") as file:
                file.write(board)
            board = path
        path = os.path.join(self.folder.name, "amberbar.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"board: {board}\nprometheus: {{url: '{url}'{extra}}}\n"
                       "rollouts: [{name: web, namespace: shop, deployment: web}]\n")
        return path

    def run_doctor(self, *arguments):
        return subprocess.run([AMBERBAR, "doctor", *arguments], capture_output=True, text=True,
                              timeout=60, check=False)

    def findings(self, *arguments):
        result = self.run_doctor("--json", *arguments)
        self.assertEqual(result.stderr, "")
        reported = json.loads(result.stdout)
        faults = [finding for finding in reported["findings"] if finding["result"] == "fault"]
        self.assertEqual(len(faults), reported["faults"])
        self.assertEqual(result.returncode, 1 if faults else 0)
        return reported["findings"], faults

    def test_machines(self):
        for sentence, machine, board, expected in ROWS:
            with self.subTest(sentence):
                _, faults = self.findings("--root", os.path.join(MACHINES, machine),
                                          "-c", self.config(board, CLOSED))
                faults = [fault for fault in faults if fault["check"] != "connection"]
                shown = json.dumps(faults, indent=1)
                self.assertEqual([fault["check"] for fault in faults],
                                 [check for check, _, _ in expected], shown)
                for fault, (_, words, fix) in zip(faults, expected):
                    self.assertIn(words, fault["text"])
                    self.assertTrue(fix is None or fix in fault["fix"], shown)

    def test_what_fixes_config_txt_does_fix_it(self):
        """The file ends within another model's section, and without a newline."""
        root = os.path.join(self.folder.name, "pi3")
        shutil.copytree(os.path.join(MACHINES, "pi3"), root)
        boot = os.path.join(root, "boot/firmware/config.txt")
        with open(boot, "w", encoding="utf-8") as file:
            file.write("dtparam=spi=on\n[pi4]\narm_boost=1")
        arguments = ("--root", root, "-c", self.config("ws2812-spi", CLOSED))
        _, faults = self.findings(*arguments)
        self.assertEqual([fault["check"] for fault in faults], ["core clock", "connection"])
        line = faults[0]["fix"].split(" | sudo tee")[0]
        subprocess.run(f"{line} >>'{boot}'", shell=True, check=True)
        _, faults = self.findings(*arguments)
        self.assertEqual([fault["check"] for fault in faults], ["connection"], faults)

    def test_the_kernels_line_stands_beside_config_txt(self):
        """In /boot, as it did before Debian 12."""
        root = os.path.join(self.folder.name, "older")
        shutil.copytree(os.path.join(MACHINES, "pi3"), root)
        os.rename(os.path.join(root, "boot/firmware/config.txt"),
                  os.path.join(root, "boot/config.txt"))
        _, faults = self.findings("--root", root, "-c", self.config(LONG_STRIP, CLOSED))
        fixes = [fault["fix"] for fault in faults if fault["check"] == "devices"]
        self.assertEqual(len(fixes), 1, faults)
        self.assertIn(" /boot/cmdline.txt ", fixes[0])

    def test_rules_that_are_there_need_their_groups_first(self):
        root = os.path.join(self.folder.name, "debian")
        shutil.copytree(os.path.join(MACHINES, "debian"), root)
        os.makedirs(os.path.join(root, "usr/lib/udev/rules.d"))
        shutil.copy(os.path.join(TOP, "firmware/udev/60-amberbar.rules"),
                    os.path.join(root, "usr/lib/udev/rules.d"))
        _, faults = self.findings("--root", root, "-c", self.config("pimoroni-blinkt", CLOSED))
        self.assertEqual([fault["fix"] for fault in faults if fault["check"] == "access"],
                         ["sudo systemd-sysusers && sudo systemctl restart systemd-udevd && sudo "
                          "udevadm trigger && sudo usermod -aG gpio pi"])

    def test_a_framebuffer_is_found_by_its_name(self):
        """The Sense HAT's: what brings it, who it is, and who may use it."""
        root = os.path.join(self.folder.name, "pi4")
        shutil.copytree(os.path.join(MACHINES, "pi4"), root)
        arguments = ("--root", root, "-c", self.config("raspberry-pi-sense-hat", CLOSED))
        boot = os.path.join(root, "boot/firmware/config.txt")

        def device_faults():
            findings, faults = self.findings(*arguments)
            return findings, [fault for fault in faults if fault["check"] in ("devices", "access", "service")]

        _, (fault,) = device_faults()
        self.assertIn("matrix: no framebuffer has the name 'RPi-Sense FB': the Pi did not find the Sense HAT",
                      fault["text"])
        line = fault["fix"].split(" | sudo tee")[0]
        self.assertIn("dtoverlay=rpi-sense\\n'", line)
        subprocess.run(f"{line} >>'{boot}'", shell=True, check=True)
        _, (fault,) = device_faults()
        self.assertIn("though dtoverlay=rpi-sense is in /boot/firmware/config.txt: restart", fault["text"])
        for number, name in ((0, "vc4drmfb"), (1, "RPi-Sense FB")):
            folder = os.path.join(root, f"sys/class/graphics/fb{number}")
            os.makedirs(folder)
            with open(os.path.join(folder, "name"), "w", encoding="ascii") as file:
                file.write(f"{name}\n")
        with open(os.path.join(root, "ls-dev"), "a", encoding="ascii") as file:
            file.write("crw-rw---- 1 root video 29, 1 Nov 22 10:00 /dev/fb1\n")
        findings, faults = device_faults()
        self.assertEqual(faults, [])
        texts = [finding["text"] for finding in findings]
        self.assertIn("matrix: the framebuffer RPi-Sense FB is /dev/fb1", texts)
        self.assertIn("user pi may use /dev/fb1", texts)
        self.assertIn("user amberbar may use /dev/fb1", texts)
        with open(os.path.join(root, "etc/group"), encoding="ascii") as file:
            groups = file.read().replace("video:x:44:pi", "video:x:44:")
        with open(os.path.join(root, "etc/group"), "w", encoding="ascii") as file:
            file.write(groups)
        _, (fault,) = device_faults()
        self.assertEqual((fault["check"], fault["fix"]), ("access", "sudo usermod -aG video pi"))

    def test_a_service_may_what_its_groups_may(self):
        findings, _ = self.findings("--root", os.path.join(MACHINES, "pi4"), "-c",
                                    self.config("ws2812-spi", CLOSED))
        texts = [finding["text"] for finding in findings]
        for user in ("pi", "amberbar"):
            self.assertIn(f"user {user} may use /dev/spidev0.0", texts)
        self.assertIn("Raspberry Pi 4 Model B Rev 1.4, Debian GNU/Linux 12 (bookworm), kernel "
                      "6.12.25+rpt-rpi-v8", texts[0])

    def service_faults(self, board, *steps, config=""):
        """Of a machine with the service, where `steps` have made /etc/amberbar and more. As the user
        1000 of a namespace with an /etc of its own."""
        if not can_be_alone("/etc"):
            self.skipTest("this machine lets nobody make a namespace")
        text = json.dumps({"board": board, "prometheus": {"url": CLOSED, "http_headers": {
            "X-Wall": {"files": ["headers/wall"]}}, "tls_config": {"ca_file": "ca/ca.pem"}},
            "rollouts": [{"name": "web", "namespace": "shop"}]})
        script = "; ".join((
            "mount -t tmpfs none /etc", "mount -t tmpfs none /home",
            "mkdir -p /etc/systemd/system /etc/amberbar/headers /etc/amberbar/ca /home/pi",
            "touch /etc/systemd/system/amberbar.service /etc/amberbar/headers/wall "
            "/etc/amberbar/ca/ca.pem",
            "printf '%s\n' pi:x:1000:1000::/:/bin/sh amberbar:x:994:994::/:/bin/sh >/etc/passwd",
            "printf '%s\n' root:x:0: pi:x:1000: gpio:x:9: spi:x:8: i2c:x:7: video:x:44: "
            "amberbar:x:994: >/etc/group", "printf %s \"$1\" >/etc/amberbar/amberbar.yaml", *steps,
            f"{AMBERBAR} doctor --json {config and '-c ' + config} || true"))
        result = subprocess.run([*ALONE, script, "sh", text], capture_output=True, text=True,
                                timeout=60, check=False)
        self.assertEqual(result.returncode, 0, result.stderr)
        return [finding for finding in json.loads(result.stdout)["findings"]
                if finding["check"] == "service"]

    def test_the_service_must_get_to_every_file_that_the_config_names(self):
        mine = "/etc/amberbar/boards/mine.yaml"
        copy = f"mkdir /etc/amberbar/boards; cp {TOP}/boards/frames.yaml {mine}"
        self.assertEqual(self.service_faults(mine, copy), [])
        for step, words, fix in (
                ("chmod 0700 /etc/amberbar", "may not enter /etc/amberbar, on the way to "
                 "/etc/amberbar/amberbar.yaml, the config: owner pi, group pi, mode 0700",
                 "sudo chmod o+x '/etc/amberbar'"),
                ("chmod 0700 /etc/amberbar/boards", "may not enter /etc/amberbar/boards, on the "
                 f"way to {mine}, the board file", "sudo chmod o+x '/etc/amberbar/boards'"),
                ("chmod 0710 /etc/amberbar/ca", "may not enter /etc/amberbar/ca, on the way to "
                 "/etc/amberbar/ca/ca.pem, tls_config: ca_file",
                 "sudo usermod -aG pi amberbar && sudo systemctl restart amberbar"),
                ("chmod 0600 /etc/amberbar/headers/wall",
                 "may not read /etc/amberbar/headers/wall, http_headers: ", "chmod g+r"),
                ("mkdir -m 0700 /etc/secret; mv /etc/amberbar/ca/ca.pem /etc/secret/; "
                 "ln -s /etc/secret/ca.pem /etc/amberbar/ca/",
                 "may not enter /etc/secret, on the way to /etc/secret/ca.pem", "'/etc/secret'")):
            with self.subTest(step):
                findings = self.service_faults(mine, copy, step)
                self.assertIn(words, findings[0]["text"] if findings else "nothing")
                self.assertIn(fix, findings[0]["fix"])

    def test_the_service_must_be_let_at_the_machine_s_own_lights(self):
        lights = "/sys/class/leds/"
        steps = ["mount -t tmpfs none /sys", f"mkdir -p {lights}ACT {lights}led1"]
        steps += [f"touch {lights}{light}/{file}" for light in ("ACT", "led1")
                  for file in ("brightness", "trigger")]
        findings = self.service_faults("raspberry-pi-leds", *steps, f"chmod 0666 {lights}ACT/*")
        reported = [(finding["result"], finding["text"].split(":")[0]) for finding in findings
                if lights in finding["text"]]
        self.assertEqual(reported, [("ok", f"user amberbar may use {lights}ACT/brightness"),
                                ("ok", f"user amberbar may use {lights}ACT/trigger"),
                                ("fault", f"user amberbar may not use {lights}led1/brightness"),
                                ("fault", f"user amberbar may not use {lights}led1/trigger")])

    def test_the_service_sees_no_home(self):
        mine = "/home/pi/mine.yaml"
        copy = f"cp {TOP}/boards/frames.yaml {mine}"
        findings = self.service_faults(mine, copy)
        self.assertEqual([finding["result"] for finding in findings], ["fault"])
        self.assertIn(f"sees nothing of /home, where {mine}, the board file, is",
                      findings[0]["text"])
        self.assertEqual(findings[0]["fix"],
                         f"sudo install -m 0640 -g amberbar '{mine}' /etc/amberbar/")
        edited = "mkdir /etc/systemd/system/amberbar.service.d"
        findings = self.service_faults(mine, copy, edited)
        self.assertEqual([finding["result"] for finding in findings], ["note"])

    def test_what_the_service_does_not_read_is_no_fault_of_its(self):
        """A config that is tried, in a home that nobody else may enter."""
        tried = "/home/pi/tried.yaml"
        findings = self.service_faults("frames", "mkdir -p /home/pi", "chmod 0700 /home/pi",
                                       f"cp /etc/amberbar/amberbar.yaml {tried}", config=tried)
        self.assertEqual([finding["result"] for finding in findings], ["note"], findings)
        self.assertIn(f"the service reads /etc/amberbar/amberbar.yaml, and not {tried}",
                      findings[0]["text"])

    def test_where_the_service_may_write_its_metrics(self):
        wanted = "/var/lib/prometheus/node-exporter/amberbar.prom"
        for path, reported in (("/run/amberbar/amberbar.prom", False), (wanted, True)):
            add = (f"printf '{{\"metrics_file\": \"{path}\", %s' \"${{1#?}}\" "
                   ">/etc/amberbar/amberbar.yaml")
            findings = [finding for finding in self.service_faults("frames", add)
                        if "metrics_file" in finding["text"]]
            self.assertEqual(len(findings), reported, findings)
        self.assertIn(f"metrics_file is {wanted}", findings[0]["text"])
        self.assertEqual(findings[0]["fix"], "metrics_file: /run/amberbar/amberbar.prom; sudo ln "
                         f"-sf /run/amberbar/amberbar.prom '{wanted}'")

    def far_end(self, server, extra=""):
        """What is said of Prometheus: check -> sentence, of facts and of faults."""
        self.addCleanup(server.close)
        findings, _ = self.findings("-c", self.config("frames", server.url, extra))
        return {(finding["check"], finding["result"]): finding["text"] for finding in findings}

    def test_nobody_listens(self):
        _, faults = self.findings("-c", self.config("frames", CLOSED))
        self.assertEqual([fault["check"] for fault in faults], ["connection"])
        self.assertIn("Connection refused", faults[0]["text"])

    def test_a_name_without_an_address(self):
        findings, faults = self.findings("-c", self.config("frames", "http://nowhere.invalid"))
        self.assertEqual([fault["check"] for fault in faults], ["name"], findings)
        self.assertIn("getent hosts 'nowhere.invalid'", faults[0]["fix"])

    def test_behind_a_proxy_its_name_is_not_looked_up_here(self):
        extra = f", proxy_url: '{CLOSED}'"
        findings, faults = self.findings(
            "-c", self.config("frames", "http://nowhere.invalid", extra))
        self.assertEqual([fault["check"] for fault in faults], ["answer"], findings)
        server = Prometheus(numbers_answer())
        reported = self.far_end(server, f", proxy_url: '{server.url}'")
        self.assertIn(("answer", "ok"), reported)

    def test_a_password_that_is_refused(self):
        server = Prometheus()
        server.serve = lambda connection: (
            connection.recv(65536), connection.sendall(
                b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"), connection.close())
        reported = self.far_end(server, ", basic_auth: {username: wall, password: wrong}")
        self.assertIn("authentication failed", reported[("answer", "fault")])
        self.assertNotIn(("metrics", "fault"), reported)

    def test_no_tls_there(self):
        server = Prometheus()
        server.serve = lambda connection: (  # as to anything that is no line of HTTP
            connection.recv(65536), connection.sendall(
                b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"),
            connection.close())
        server.url = server.url.replace("http:", "https:")
        reported = self.far_end(server)
        self.assertIn(("connection", "ok"), reported)
        self.assertIn("TLS", reported[("answer", "fault")])

    def test_a_redirect_is_named(self):
        there = Prometheus(numbers_answer(1))
        self.addCleanup(there.close)
        here = Prometheus()
        here.serve = lambda connection: (
            connection.recv(65536), connection.sendall(
                b"HTTP/1.1 307 Temporary Redirect\r\nConnection: close\r\nContent-Length: 0\r\n"
                b"Location: %s/prometheus/api/v1/query\r\n\r\n" % there.url.encode()),
            connection.close())
        self.addCleanup(here.close)
        findings, _ = self.findings("-c", self.config("frames", here.url))
        reported = [(finding["text"], finding["fix"]) for finding in findings
                if finding["check"] == "answer" and finding["result"] == "note"]
        self.assertEqual(reported, [(f"{here.url} redirects to {there.url}/prometheus: each poll asks "
                                 "twice; let url name the latter",
                                 f"url: {there.url}/prometheus")], findings)

    def test_whoever_refuses_is_told_with_the_url(self):
        server = Prometheus()
        server.serve = lambda connection: (
            connection.recv(65536), connection.sendall(
                b"HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"),
            connection.close())
        reported = self.far_end(server)
        self.assertTrue(reported[("answer", "fault")].endswith(f" (url: {server.url})"), reported)

    def test_a_clock_that_is_wrong(self):
        server = Prometheus(json.dumps({"status": "success", "data": {
            "resultType": "scalar", "result": [time.time(), str(time.time() - 3600)]}}).encode())
        reported = self.far_end(server)
        self.assertIn("before that of Prometheus", reported[("clock", "fault")])

    def test_no_metrics_there(self):
        server = Prometheus(numbers_answer())
        reported = self.far_end(server)
        self.assertIn("there is no metric kube_deployment_", reported[("metrics", "fault")])
        self.assertIn("kube-state-metrics", reported[("metrics", "fault")])
        self.assertIn("it looks for web in namespace shop", reported[("rollouts", "fault")])
        path = os.path.join(self.folder.name, "amberbar.yaml")
        self.assertIn(f"amberbar discover -c '{path}'", self.run_doctor("-c", path).stdout)

    def numbers(self, answers):
        """A server that answers a query by the words found in it, with their numbers."""
        server = Prometheus(lambda query: numbers_answer(
            *(number for word, number in answers.items() if word in query))(query))
        self.addCleanup(server.close)
        return server

    def test_whether_answers_prove_to_be_new(self):
        kept = []

        def without(query):  # the row of the nonce gets lost
            number = re.match(r"vector\((\d+)\)", query)
            return numbers_answer(*(number.groups() if number else ()))(without_nonce(query))

        def stale(query):  # by the address alone; what stands between was filled by somebody else
            kept.append(kept[0] if kept else numbers_answer(1)("vector(1)"))
            return kept[0]

        def second(query):  # it has heard one question with a nonce, and repeats its answer
            if "amberbar_ask" not in query:
                return numbers_answer(1)(query)
            kept.append(numbers_answer(2)(query))
            return kept[0]

        def refusing(query):
            return numbers_answer(1)(query) if "label_replace" not in query else json.dumps(
                {"status": "error", "errorType": "bad_data", "error": "no such function"}).encode()
        off = ", query_nonce: false"
        for answer, extra, result, words, fix in (
                (numbers_answer(1), "", "ok", "each answer proves to be new", None),
                (numbers_answer(1), off, "note", "need not be", "query_nonce: true"),
                (without, "", "fault", "without the row", "query_nonce: false"),
                (without, off, "note", "found out only after max_age", None),
                (refusing, "", "fault", "no such function", "query_nonce: false"),
                (stale, "", "fault", "a cache stands between", None),
                (second, "", "fault", "a cache stands between", None),
                (second, off, "fault", "a cache stands between", None)):
            with self.subTest(answer=answer.__name__, extra=extra):
                kept.clear()
                server = Prometheus(answer)
                self.addCleanup(server.close)
                findings, _ = self.findings("-c", self.config("frames", server.url, extra))
                reported = [finding for finding in findings if finding["check"] == "proof"]
                self.assertEqual([finding["result"] for finding in reported], [result], findings)
                self.assertIn(words, reported[0]["text"])
                self.assertEqual(reported[0].get("fix"), fix)

    def test_a_ratio_that_is_none(self):
        server = self.numbers({"wild": "1.5"})
        path = self.config("frames", server.url)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        with open(path, "w", encoding="utf-8") as file:
            file.write(re.sub(r"\{name: web.*?\}", "{name: web, query: wild}", text))
        findings, _ = self.findings("-c", path)
        reported = [finding for finding in findings if finding["check"] == "rollouts"]
        self.assertEqual([finding["result"] for finding in reported], ["fault"], findings)
        self.assertIn("the query yields 1.5, which is no ratio from 0 to 1: divide it by what 1 shall mean, "
                      "or show it as an indicator", reported[0]["text"])

    def test_indicators(self):
        """The first finds a number, the second nothing."""
        server = self.numbers({"good": "0.3"})
        path = self.config("frames", server.url)
        with open(path, "a", encoding="utf-8") as file:
            file.write("indicators:\n  - {name: a, query: good, warning: 1, critical: 2}\n"
                       "  - {name: b, query: bad, warning: 1, critical: 2}\n")
        findings, _ = self.findings("-c", path)
        reported = [(finding["result"], finding["text"]) for finding in findings
                if finding["text"].startswith("indicator")]
        self.assertEqual([result for result, _ in reported], ["ok", "fault"], findings)
        self.assertIn("indicator a: ok: ", reported[0][1])
        self.assertIn(f"try its query in {server.url}/graph", reported[1][1])

    def test_a_folder_that_is_not_there_is_no_machine(self):
        result = self.run_doctor("--root", os.path.join(self.folder.name, "gone"))
        self.assertEqual((result.returncode, result.stdout), (2, ""))
        self.assertIn("gone: No such file or directory", result.stderr)

    def test_plain_words(self):
        result = self.run_doctor("-c", self.config("frames", CLOSED))
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stdout, r"(?m)^FAULT +connection +127\.0\.0\.1 port 1 cannot")
        self.assertRegex(result.stdout, r"(?m)^ +-> nc -vz '127\.0\.0\.1' 1$")

    def test_a_config_that_is_wrong_is_a_fault_of_its_own(self):
        path = self.config("nowhere", CLOSED)
        _, faults = self.findings("-c", path)
        self.assertEqual([fault["check"] for fault in faults], ["config"])
        self.assertIn(f"{path}:1:", faults[0]["text"])


if __name__ == "__main__":
    sys.exit(0 if unittest.main(exit=False, verbosity=2).result.wasSuccessful() else 1)
