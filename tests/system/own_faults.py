#!/usr/bin/env python3
"""What is wrong on this side of the wire has a picture and a sentence of its own: no network, a clock
that is not set. Nobody else is blamed for it: a Prometheus on this very machine needs no network."""
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP / "tools"), str(TOP / "tests")]

from peers import suite  # noqa: E402
from peers.authority import Authority, find_openssl  # noqa: E402
from peers.wall import Wall  # noqa: E402

ALONE = ["unshare", "--map-root-user", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
TOMORROW = ["-startdate", "20990101000000Z", "-enddate", "20990102000000Z"]


def can_be_alone():
    return shutil.which("unshare") and not subprocess.run([*ALONE, "true"], capture_output=True).returncode


class Network(unittest.TestCase):
    def setUp(self):
        if not can_be_alone():
            self.skipTest("this machine has no network namespaces to be alone in")

    def test_none_is_said_and_shown(self):
        for url in ("http://prometheus.example.org:9090", "http://192.0.2.1:9090", "http://[2001:db8::1]:9090"):
            with self.subTest(url):
                wall = Wall(before=ALONE)
                wall.run(url=url)
                try:
                    wall.wait_for_word("nonE")
                    wall.wait_for_fault("this machine has no network")
                finally:
                    wall.close()

    def test_a_prometheus_on_this_machine_needs_none(self):
        wall = Wall(before=ALONE)
        self.addCleanup(wall.close)
        wall.run(url="http://127.0.0.1:9")
        wall.wait_for_word("----")
        wall.wait("asked", lambda: wall.poll().get("error"))
        self.assertNotIn("network", wall.poll()["error"].replace("the network", ""))
        self.assertEqual(wall.word, "----")


class Shy:
    """A server that shows a certificate and never gets to speak."""

    def __init__(self, certificate, key):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate, key)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                peer, _ = self.socket.accept()
            except OSError:
                return
            try:
                peer.settimeout(5)
                self.context.wrap_socket(peer, server_side=True).close()
            except OSError:
                peer.close()

    def close(self):
        self.socket.close()


class Clock(unittest.TestCase):
    def test_a_certificate_of_tomorrow_is_the_clocks_fault(self):
        for days, word in ((TOMORROW, "cLoc"), (["-startdate", "20200101000000Z", "-enddate", "20200102000000Z"],
                                                "----")):
            with self.subTest(word), tempfile.TemporaryDirectory() as folder:
                authority = Authority(Path(folder), "ours")
                server = Shy(*authority.sign("server", "IP:127.0.0.1", days))
                wall = Wall()
                wall.run(url=f"https://127.0.0.1:{server.port}",
                         tls_config={"ca_file": str(authority.certificate)})
                try:
                    wall.wait_for_fault("the certificate of")
                    wall.wait_for_word(word)
                finally:
                    wall.close()
                    server.close()


if __name__ == "__main__":
    sys.exit(suite.main(find_openssl))
