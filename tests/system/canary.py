#!/usr/bin/env python3
"""A secret is never repeated. A canary stands under each key that may hold a secret, in each form that
a mistake has, and is looked for in all that the commands print and write. Still each mistake is told by
its place."""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
from collections.abc import Iterator

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from peers.servers import Noting, Server  # noqa: E402
from peers.wall import Wall  # noqa: E402

AMBERBAR = os.environ["AMBERBAR"]
SETTINGS = pathlib.Path(os.environ["AMBERBAR_SOURCE"], "firmware/prometheus/settings/settings.c")
CANARY = "c4nary-Yellow.0123"
# The program is started a thousand times and more, for what it prints: LeakSanitizer, a third of each start,
# looks where the same commands are run once each (system/golden, torture).
os.environ["ASAN_OPTIONS"] = "detect_leaks=0"

# Strings that are no secret: a scheme, names, labels, a list of hosts.
OPEN = {"type", "server_name", "client_id", "no_proxy", "namespace_label", "cluster_label",
        "namespace", "name", "region", "profile", "role_arn", "access_key", "access_key_file"}
URLS = {"url", "token_url", "proxy_url"}
WAY = {"basic_auth_fields": "basic_auth", "authorization_fields": "authorization",
       "tls_config_fields": "tls_config", "oauth2_fields": "oauth2", "proxy_fields": "",
       "sigv4_fields": "sigv4", "kind_labels_fields": "labels", "prometheus_fields": ""}


def keys() -> Iterator[tuple[str, str]]:
    """(map, key) of each text and file in the tables that config files are read by."""
    for table, body in re.findall(r"struct field (\w+)\[\] = \{(.*?)\n\};", SETTINGS.read_text(), re.S):
        for kind, key in re.findall(r"TEXT\(FIELD_(STRING|PATH), \w+, (\w+)\)", body):
            yield WAY[table], key
        for key in re.findall(r'\bKEY\("(\w+)", FIELD_(?:STRING|PATH)', body):
            yield WAY[table], key


# What a person writes instead of KEY: VALUE, in YAML within braces.
FORMS = {
    "a plain value": "{key}: {canary}",
    "quoted": "{key}: \"{canary}\"",
    "with a line break": "{key}: \"{canary}\\n{canary}\"",
    "with a control character": "{key}: \"{canary}\\x01\"",
    "with a space": "{key}: \"{canary} {canary}\"",
    "with an invisible character": "{key}: \"{canary}\\u200b\"",
    "too long": "{key}: \"" + "{canary}" * 600 + "\"",
    "a list": "{key}: [{canary}]",
    "a map": "{key}: {{{canary}: {canary}}}",
    "no space after the colon": "{key}:{canary}",
    "an equals sign": "{key}={canary}",
    "no colon": "{key} {canary}",
    "a key beside it": "{canary}: {canary}",
    "a key alone": "{canary}",
    "the key twice": "{key}: {canary}, {key}: {canary}",
    "the canary twice as a key": "{canary}: 1, {canary}: 2",
    "an anchor": "{key}: &{canary} x",
    "an alias": "{key}: *{canary}",
    "a tag": "{key}: !{canary} x",
    "a quote that is not closed": "{key}: \"{canary}",
    "another quote": "{key}: '{canary}'{canary}'",
    "a second colon": "{key}: {canary}: {canary}",
    "a directory that is not there": "{key}: /nowhere/{canary}",
    "a parent that is not there": "{key}: ./{canary}/x",
    "an address": "{key}: http://{canary}",
}
ADDRESSES = ("http://me:{canary}@127.0.0.1:1", "me:{canary}@127.0.0.1:1", "ftp://127.0.0.1/{canary}",
             "gopher://127.0.0.1:1/?token={canary}", "127.0.0.1:1/{canary}", "http://127.0.0.1:{canary}",
             "http://127.0.0.1:1/?token={canary}", "http://127.0.0.1:1/#{canary}",
             "http://me:{canary}@127.0.0.1:99999", "http://me:{canary}@[::1", "http://me:{canary}@",
             "socks9://me:{canary}@127.0.0.1:1", "http://me:{canary}@127.0.0.1:1 x", "{canary}",
             "http://{canary}@127.0.0.1:1", "http://me:{canary}@nowhere.invalid:1", "://{canary}",
             "socks5h://me:{canary}@127.0.0.1:1", "http://me:{canary}%@127.0.0.1:1")
HEADERS = (
    "http_headers: {{X-A: {canary}}}", "http_headers: {{X-A: {{secrets: [{canary}]}}}}",
    "http_headers: {{X-A: {{files: [{canary}]}}}}", "http_headers: {{X-A: {{files: /nowhere/{canary}}}}}",
    "http_headers: {{X-A: {{{canary}: x}}}}", "http_headers: {{X-A: {{values: {{{canary}: x}}}}}}",
    "http_headers: {{Authorization: {canary}}}", "http_headers: {{'X-A: {canary}': x}}",
    "http_headers: {{'X A {canary}': x}}", "http_headers: {{X-A: \"{canary}\\x01\"}}",
    "http_headers: {{X-A: \"a\\n{canary}\"}}", "http_headers: {canary}", "http_headers: [{canary}]",
    "http_headers: {{'{canary}:': }}", "http_headers: {{'{canary}!(': {{}}}}",
    "http_headers: {{X-A: {canary}, x-a: {canary}}}", "http_headers: {{X-A:{canary}}}",
    "proxy_url: http://127.0.0.1:1, proxy_connect_header: {{'P: {canary}': x}}",
    "proxy_url: http://127.0.0.1:1, proxy_connect_header: {{P: \"{canary}\\x01\"}}",
    "proxy_url: http://127.0.0.1:1, proxy_connect_header: {{P: {{{canary}: x}}}}",
    "proxy_connect_header: {{P: {canary}}}", "basic_auth: {canary}", "authorization: {canary}",
    "authorization: {{type: Basic, credentials: {canary}}}", "authorization: {{type: {canary}}}",
    "authorization: {{type: \"Bearer {canary}\"}}", "oauth2: {canary}", "tls_config: {canary}",
    "tls_config: {{insecure_skip_verify: true, key: {canary}, cert: {canary}}}",
    "tls_config: {{key_file: {canary}, cert_file: {canary}}}",
    "sigv4: {{secret_key: {canary}}}", "sigv4: {canary}",
    "sigv4: {{secret_key: {canary}, secret_key_file: {canary}}}",
    "basic_auth: {{username: \"a:{canary}\", password: {canary}}}",
    "basic_auth: {{password: {canary}, password_file: {canary}, username: x}}",
)
OAUTH2 = "client_id: a, token_url: 'http://127.0.0.1:1/'"


def within(way: str, text: str, key: str) -> str:
    """`text` in its map, with what else must be there."""
    if way == "":
        return text
    other = "secret_key" if key.startswith("access") else "access_key"
    more = {"sigv4": f"region: eu-1, {other}: a, ",
            "basic_auth": "" if key.startswith("username") else "username: a, ",
            "oauth2": "client_id: a, " + ("" if key == "token_url" else "token_url: 'http://127.0.0.1:1/', ")}
    return f"{way}: {{{more.get(way, '')}{text}}}"


def mistakes() -> Iterator[tuple[str, str]]:
    """(sentence, what stands in the section prometheus) of each."""
    for way, key in keys():
        if key in OPEN:
            continue
        place = f"{way}: {key}" if way else key
        if key in URLS:
            for address in ADDRESSES:
                text = json.dumps(address.format(canary=CANARY))
                yield f"{place}: {address}", within(way, f"{key}: {text}", key)
            continue
        for sentence, form in FORMS.items():
            text = form.format(key=key, canary=CANARY)
            yield f"{place}: {sentence}", within(way, text, key)
            if way == "tls_config":
                yield f"oauth2: {place}: {sentence}", f"oauth2: {{{OAUTH2}, tls_config: {{{text}}}}}"
    for address in ADDRESSES:
        text = json.dumps(address.format(canary=CANARY))
        yield f"oauth2: proxy_url: {address}", f"oauth2: {{{OAUTH2}, proxy_url: {text}}}"
    for header in HEADERS:
        yield header, header.format(canary=CANARY)


class Echo(Server):
    """A token server that repeats what it was sent; and a Prometheus that refuses everybody."""

    def __init__(self):
        super().__init__(EchoHandler)


class EchoHandler(Noting):
    def do_POST(self):
        request = self.note()
        if self.path.startswith("/token"):
            self.answer(401, {"error": "invalid_client", "error_description":
                              f"{request.headers} {request.form} no such client: {CANARY}"})
        else:
            self.answer(401, {"status": "error", "errorType": CANARY, "error": CANARY})


class Canary(unittest.TestCase):
    looked = 0
    planted = 0

    def setUp(self):
        self._folder = tempfile.TemporaryDirectory(prefix="amberbar-birds-")
        self.addCleanup(self._folder.cleanup)
        self.folder = pathlib.Path(self._folder.name)
        self.config = self.folder / "amberbar.yaml"

    def look(self, where: str, *outputs: bytes) -> None:
        for output in outputs:
            Canary.looked += len(output)
            self.assertNotIn(CANARY.encode(), output, where)
            self.assertNotIn(b"Yellow.0123", output, where)

    def write(self, section: str) -> None:
        """The canary stands in the config file alone."""
        Canary.planted += 1
        url = "" if section.startswith("url:") else "url: 'http://127.0.0.1:1', "
        self.config.write_text("board: frames\nrollouts: [{name: a, namespace: b}]\n"
                               f"prometheus: {{{url}poll_interval: 1s, {section}}}\n")
        self.config.chmod(0o600)

    def ask(self, *arguments: str, environment=None) -> tuple[int, str]:
        done = subprocess.run([AMBERBAR, *arguments], capture_output=True, timeout=60,
                              env=os.environ | {"RUNTIME_DIRECTORY": str(self.folder)} |
                              (environment or {}))
        self.look(f"{arguments}", done.stdout, done.stderr)
        return done.returncode, (done.stdout + done.stderr).decode()

    def run_daemon(self, environment=None) -> None:
        """Until it has said in its status file why it has no answer, or has refused its config."""
        wall, status = Wall(folder=self.folder, **(environment or {})), self.folder / "status.json"
        for file in (status, wall.log):
            file.unlink(missing_ok=True)
        wall.start()
        try:
            wall.wait("refused, or without an answer",
                      lambda: wall.child.ended is not None or wall.poll().get("error"))
            if wall.child.ended is None:
                self.ask("status")
                self.look("status.json", status.read_bytes())
        finally:
            wall.stop()
        self.look("run", wall.log.read_bytes(), bytes(wall.output))

    def test_each_key_in_each_wrong_form(self):
        accepted = 0
        for sentence, section in mistakes():
            with self.subTest(sentence):
                self.write(section)
                status, said = self.ask("check", "-c", str(self.config))
                self.assertIn(status, (0, 2))
                self.assertTrue(status == 0 or re.search(r"amberbar\.yaml:\d+:\d+: ", said), said)
                if status == 0:  # it shows when it is used
                    accepted += 1
                    self.ask("once", "-c", str(self.config))
                    self.run_daemon()
        self.assertGreater(accepted, 50)
        self.assertGreater(Canary.planted, 400)

    def test_other_commands(self):
        for sentence, section in list(mistakes())[::9]:
            with self.subTest(sentence):
                self.write(section)
                for command in ("doctor", "discover", "run --help", "blank"):
                    self.ask(*command.split(), "-c", str(self.config))
                self.ask("doctor", "--json", "-c", str(self.config))
                self.run_daemon()

    def test_on_the_command_line(self):
        for address in ADDRESSES:
            Canary.planted += 1
            self.ask("discover", "--url", address.format(canary=CANARY))

    def test_proxies_of_the_environment(self):
        for address in ADDRESSES:
            self.write("proxy_from_environment: true")
            environment = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"),
                                        address.format(canary=CANARY)) | {"no_proxy": ""}
            self.ask("once", "-c", str(self.config), environment=environment)
            self.ask("doctor", "-c", str(self.config), environment=environment)
            self.run_daemon(environment)

    def test_what_is_sent_and_comes_back(self):
        server = Echo()
        self.addCleanup(server.close)
        for section in (f"oauth2: {{client_id: a, client_secret: '{CANARY}', "
                        f"token_url: 'http://{server.place}/token'}}",
                        f"basic_auth: {{username: a, password: '{CANARY}'}}",
                        f"authorization: {{credentials: '{CANARY}'}}"):
            self.write(f"url: 'http://{server.place}', {section}")
            for command in ("once", "doctor", "discover"):
                self.ask(command, "-c", str(self.config))
            self.run_daemon()
        self.assertGreater(len(server.requests), 5)

    def test_a_file_that_is_there_is_named(self):
        """So that the rule does not hide what helps."""
        (self.folder / "empty").write_text("")
        self.write("basic_auth: {username: a, password_file: empty}")
        self.assertIn(f"password_file {self.folder}/empty: it is empty", self.ask("once", "-c", str(self.config))[1])


if __name__ == "__main__":
    result = unittest.main(exit=False, verbosity=2).result
    failed = len(result.failures) + len(result.errors)
    print(f"{Canary.planted} canaries were planted, and looked for in {Canary.looked} bytes")
    print(f"{Canary.planted - failed} passed, {failed} failed")
    sys.exit(not result.wasSuccessful())
