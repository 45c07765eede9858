#!/usr/bin/env python3
"""https as it is met: certificates good and bad, replaced while the daemon runs, asked for by the
server; redirects, TLS versions, proxies. The server is Debian's nginx."""

import pathlib
import shutil
import socket
import ssl
import sys
import tempfile
import unittest
import warnings

sys.dont_write_bytecode = True
TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP / "tools"), str(TOP / "tests")]

from peers import suite  # noqa: E402
from peers.authority import PAST, Authority, Nginx, find_openssl, openssl, program  # noqa: E402
from peers.servers import Prometheus, Proxy, basic  # noqa: E402
from peers.wall import Wall, can_mount, seeing  # noqa: E402


HERE = "IP:127.0.0.1,DNS:localhost"
SECRETS = ["t0ken-of-wall", "t0ken-the-next", "pa55-of-proxy", "header-s3cret", "PRIVATE KEY",
           basic("me", "pa55-of-proxy").split()[1]]


class Peers:
    """Two authorities, their certificates, and nginx before a Prometheus."""

    def __init__(self, folder: pathlib.Path):
        self.prometheus, self.other = Prometheus(), Prometheus()
        self.ours, self.theirs = Authority(folder, "ours"), Authority(folder, "theirs")
        self.good = self.ours.sign("good", HERE)
        self.wall, self.next_wall = self.ours.sign("wall"), self.ours.sign("next-wall")
        self.strange_wall = self.theirs.sign("strange-wall")
        self.nginx = Nginx(folder)
        self.place = {}
        self._add_sites()
        self.nginx.start()

    def _add_sites(self) -> None:
        expired = self.ours.sign("expired", HERE, PAST)
        named = self.ours.sign("named", "DNS:prometheus.test")
        client = f"ssl_client_certificate {self.ours.certificate}; ssl_verify_client on;"
        old = "ssl_protocols TLSv1 TLSv1.1; ssl_ciphers ALL:@SECLEVEL=0;"
        go_to = "location / {{ return {} {}; }}".format
        sites = {
            "good": (self.good, self.pass_on()),
            "expired": (expired, self.pass_on()),
            "unknown": (self.theirs.sign("unknown", HERE), self.pass_on()),
            "named": (named, self.pass_on()),
            "client": (self.good, client + self.pass_on()),
            "old": (self.good, old + self.pass_on()),
            "tls12": (self.good, "ssl_protocols TLSv1.2;" + self.pass_on()),
            "tls13": (self.good, "ssl_protocols TLSv1.3;" + self.pass_on()),
            "other": (self.good, client.replace(" on;", " optional;") + self.pass_on(self.other)),
            "away": (self.good, client + go_to(307, "https://localhost:{port:other}$request_uri")),
            "moved": (self.good, "location /old/ { return 301 /api/v1/query; }" + self.pass_on()),
            "down": (self.good, go_to(302, f"http://{self.prometheus.place}$request_uri")),
        }
        for name, (pair, block) in sites.items():
            keys = "ssl_certificate {}; ssl_certificate_key {};".format(*pair)
            listen = "ssl http2" if name == "good" else "ssl"
            self.place[name] = self.nginx.site(name, keys + block, listen)
        up = go_to(308, "https://127.0.0.1:{port:good}$request_uri")
        self.place["up"] = self.nginx.site("up", up, listen="")

    def pass_on(self, to: Prometheus | None = None) -> str:
        """With what the handshake was like."""
        notes = {"Host": "$http_host", "X-Client": "$ssl_client_s_dn", "X-Sni": "$ssl_server_name",
                 "X-Protocol": "$server_protocol", "X-Tls": "$ssl_protocol",
                 "X-Connection": "$connection"}
        lines = [f"proxy_pass http://{(to or self.prometheus).place};"]
        lines += [f"proxy_set_header {name} {value};" for name, value in notes.items()]
        return "location / {" + " ".join(lines) + "}"

    def show(self, name: str, pair: tuple) -> None:
        """From now on the site shows another certificate."""
        block = self.nginx.sites[name]
        rest = block.split(";", 2)[2]
        self.nginx.sites[name] = "ssl_certificate {}; ssl_certificate_key {};".format(*pair) + rest
        self.nginx.stop()
        self.nginx.start()

    def close(self) -> None:
        self.nginx.stop()
        self.prometheus.close()
        self.other.close()


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="amberbar-peers-")
        cls.addClassCleanup(folder.cleanup)
        cls.peers = Peers(pathlib.Path(folder.name))
        cls.addClassCleanup(cls.peers.close)

    def setUp(self):
        self.wall = Wall()
        self.addCleanup(self.close_wall)
        for server in (self.peers.prometheus, self.peers.other):
            server.requests.clear()
            server.admit()
        self.ca = {"ca_file": str(self.peers.ours.certificate)}

    def close_wall(self):
        self.wall.close()
        for secret in SECRETS:
            self.assertNotIn(secret, "".join(self.wall.heard))

    def url(self, site: str) -> str:
        return f"https://{self.peers.place[site]}"

    def expect_good(self, said: str) -> None:
        self.assertRegex(said, "^0: ")
        self.assertIn("stable", said)

    def expect_fault(self, said: str, words: str) -> None:
        self.assertRegex(said, "^5: ")
        self.assertIn(words, said)


class Certificates(Case):
    def test_one_that_is_good(self):
        self.expect_good(self.wall.once(url=self.url("good"), tls_config=self.ca))
        request = self.peers.prometheus.last
        self.assertEqual(request.header("X-Protocol"), "HTTP/1.1")  # our default
        self.assertEqual(request.header("X-Tls"), "TLSv1.3")

    def test_the_authority_may_stand_in_the_config(self):
        ca = {"ca": self.peers.ours.certificate.read_text()}
        self.expect_good(self.wall.once(url=self.url("good"), tls_config=ca))

    @unittest.skipUnless(can_mount(), "no mount namespace of our own can be had")
    def test_the_systems_authorities_count_until_others_are_named(self):
        """Ours stand in /etc/ssl/certs, for one process."""
        folder = self.wall.directory / "certs"
        folder.mkdir()
        for name in ("ca-certificates.crt", "ours.pem"):
            shutil.copy(self.peers.ours.certificate, folder / name)
        openssl("rehash", folder)
        self.wall.before = seeing({folder: "/etc/ssl/certs"})
        self.expect_good(self.wall.once(url=self.url("good")))
        theirs = {"ca_file": str(self.peers.theirs.certificate)}
        self.expect_fault(self.wall.once(url=self.url("good"), tls_config=theirs),
                          "signed by nobody this machine trusts")

    def test_http2_where_it_is_wanted(self):
        self.expect_good(
            self.wall.once(url=self.url("good"), tls_config=self.ca, enable_http2=True))
        self.assertEqual(self.peers.prometheus.last.header("X-Protocol"), "HTTP/2.0")

    def test_faults_say_what_to_do(self):
        ours, theirs = self.ca, {"ca_file": str(self.peers.theirs.certificate)}
        no_pem = {"ca_file": self.wall.write("no.pem", "not PEM at all\n")}
        rows = [
            ("expired", ours, "has expired; renew it"),
            ("named", ours, "is for another name; correct url, or set tls_config: server_name"),
            ("unknown", ours, "signed by nobody this machine trusts; set tls_config: ca_file"),
            ("good", theirs, "signed by nobody this machine trusts"),
            ("good", {}, "signed by nobody this machine trusts"),
            ("good", no_pem, "tls_config: ca or ca_file holds no certificate"),
            ("good", {"ca_file": "none.pem"}, "cannot read tls_config: ca_file"),
            ("client", ours, "HTTP 400"),
            ("old", ours, "no TLS with 127.0.0.1"),
            ("tls12", ours | {"min_version": "TLS13"}, "no TLS with 127.0.0.1"),
            ("tls13", ours | {"max_version": "TLS12"}, "no TLS with 127.0.0.1"),
        ]
        for site, tls, words in rows:
            with self.subTest(words, site=site):
                self.expect_fault(self.wall.once(url=self.url(site), tls_config=tls), words)
        self.assertEqual(self.peers.prometheus.requests, [])

    def test_each_version_is_spoken_where_it_is_allowed(self):
        for site, tls in (("tls12", {}), ("tls13", {}), ("tls12", {"max_version": "TLS12"}),
                          ("tls13", {"min_version": "TLS13"})):
            self.expect_good(self.wall.once(url=self.url(site), tls_config=self.ca | tls))

    def test_the_old_server_speaks_tls_1_1_with_who_wants_it(self):
        context = ssl._create_unverified_context()
        context.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
            context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
        host, port = self.peers.place["old"].split(":")
        with socket.create_connection((host, int(port)), 10) as plain:
            with context.wrap_socket(plain) as secure:
                self.assertEqual(secure.version(), "TLSv1.1")

    def test_server_name(self):
        tls = self.ca | {"server_name": "prometheus.test"}
        self.expect_good(self.wall.once(url=self.url("named"), tls_config=tls))
        request = self.peers.prometheus.last
        self.assertEqual(request.header("X-Sni"), "prometheus.test")
        self.assertEqual(request.header("Host"), self.peers.place["named"])
        tls["server_name"] = "another.test"
        self.expect_fault(self.wall.once(url=self.url("named"), tls_config=tls), "another name")

    def test_insecure_skip_verify_is_said_aloud(self):
        self.wall.run(url=self.url("expired"), tls_config={"insecure_skip_verify": True})
        self.wall.wait_for_good()
        self.assertIn("INSECURE: insecure_skip_verify", self.wall.messages())

    def test_a_client_certificate(self):
        certificate, key = map(str, self.peers.wall)
        files = self.ca | {"cert_file": certificate, "key_file": key}
        texts = self.ca | {"cert": self.peers.wall[0].read_text(),
                           "key": self.peers.wall[1].read_text()}
        for tls in (files, texts):
            self.expect_good(self.wall.once(url=self.url("client"), tls_config=tls))
            self.assertEqual(self.peers.prometheus.last.header("X-Client"), "CN=wall")
        strange = self.ca | dict(zip(("cert_file", "key_file"), map(str, self.peers.strange_wall)))
        self.expect_fault(self.wall.once(url=self.url("client"), tls_config=strange), "HTTP 400")
        mixed = files | {"key_file": str(self.peers.next_wall[1])}
        self.expect_fault(self.wall.once(url=self.url("client"), tls_config=mixed),
                          "tls_config: cert and key cannot be used together")


class Rotation(Case):
    """Nothing is restarted."""

    def test_the_authority(self):
        self.wall.write("ca.pem", self.peers.ours.certificate.read_text())
        self.wall.run(url=self.url("good"), tls_config={"ca_file": "ca.pem"})
        self.wall.wait_for_good()
        self.peers.show("good", self.peers.theirs.sign("good", HERE))
        try:
            self.wall.wait_for_fault("signed by nobody")
            self.wall.write("ca.pem", self.peers.theirs.certificate.read_text())
            self.wall.wait_for_good()
            self.wall.write("ca.pem", self.peers.ours.certificate.read_text())
            self.wall.wait_for_fault("signed by nobody")  # on the connection that was kept, too
        finally:
            self.peers.show("good", self.peers.good)

    def test_the_clients_certificate_and_key(self):
        for name, file in zip(("cert", "key"), self.peers.wall):
            self.wall.write(name, file.read_text())
        tls = self.ca | {"cert_file": "cert", "key_file": "key"}
        self.wall.run(url=self.url("client"), tls_config=tls)
        self.wall.wait_for_good()
        self.wall.write("cert", self.peers.next_wall[0].read_text())
        self.wall.wait_for_fault("cert and key cannot be used together")
        self.wall.write("key", self.peers.next_wall[1].read_text())
        self.wall.wait_for_good()
        self.assertEqual(self.peers.prometheus.last.header("X-Client"), "CN=next-wall")

    def test_the_token_and_one_connection_for_all(self):
        self.wall.write("token", "t0ken-of-wall\n")
        self.peers.prometheus.admit("Bearer t0ken-of-wall", "Bearer t0ken-the-next")
        self.wall.run(url=self.url("tls13"), tls_config=self.ca,
                      authorization={"credentials_file": "token"})
        self.wall.wait_for_good()
        self.wall.write("token", "t0ken-the-next\n")
        self.wall.wait("sending the next token", lambda: "Bearer t0ken-the-next" ==
                       self.peers.prometheus.last.header("Authorization"))
        connections = {r.header("X-Connection") for r in self.peers.prometheus.requests}
        self.assertEqual(len(connections), 1)


class Redirects(Case):
    def ask(self, site: str, path: str = "", **prometheus) -> str:
        self.wall.write("token", "t0ken-of-wall\n")
        return self.wall.once(url=f"https://{self.peers.place[site]}{path}", tls_config=self.ca,
                              **prometheus)

    def credentials(self) -> dict:
        certificate, key = map(str, self.peers.wall)
        return {"tls_config": self.ca | {"cert_file": certificate, "key_file": key},
                "authorization": {"credentials": "t0ken-of-wall"},
                "http_headers": {"X-Secret": {"secrets": ["header-s3cret"]}}}

    def test_another_host_gets_the_question_and_no_credentials(self):
        self.expect_good(self.wall.once(url=self.url("away"), **self.credentials()))
        request = self.peers.other.last
        self.assertIn("kube_deployment", request.form["query"][0])
        self.assertIsNone(request.header("Authorization"))
        self.assertIsNone(request.header("X-Secret"))
        self.assertFalse(request.header("X-Client"))
        self.peers.other.admit("Bearer t0ken-of-wall")
        self.expect_fault(self.wall.once(url=self.url("away"), **self.credentials()),
                          "where credentials are not sent; set url to where Prometheus is")

    def test_the_same_host_gets_them_again(self):
        self.peers.prometheus.admit("Bearer t0ken-of-wall")
        self.expect_good(self.ask("moved", "/old",
                                  authorization={"credentials_file": "token"}))
        self.assertEqual(self.peers.prometheus.last.line, "POST /api/v1/query HTTP/1.0")

    def test_from_http_to_https(self):
        self.expect_good(self.wall.once(url=f"http://{self.peers.place['up']}", tls_config=self.ca,
                                        authorization={"credentials": "t0ken-of-wall"}))
        self.assertIsNone(self.peers.prometheus.last.header("Authorization"))

    def test_from_https_to_http_is_refused(self):
        self.expect_fault(self.ask("down"), "which would be plain http and is not followed")
        self.assertEqual(self.peers.prometheus.requests, [])

    def test_none_where_none_is_wanted(self):
        self.expect_fault(self.ask("moved", "/old", follow_redirects=False),
                          "which follow_redirects forbids")


class Proxies(Case):
    def setUp(self):
        super().setUp()
        self.proxy = Proxy()
        self.addCleanup(self.proxy.close)

    def ask(self, environment: dict | None = None, **prometheus) -> str:
        return self.wall.once(environment, url=self.url("good"), tls_config=self.ca, **prometheus)

    def test_what_is_for_the_proxy_and_what_is_for_prometheus(self):
        self.peers.prometheus.admit("Bearer t0ken-of-wall")
        self.proxy.authorization = basic("me", "pa55-of-proxy")
        self.expect_good(self.ask(proxy_url=f"http://me:pa55-of-proxy@{self.proxy.place}",
                                  proxy_connect_header={"X-Through": ["header-s3cret"]},
                                  authorization={"credentials": "t0ken-of-wall"}))
        self.assertEqual(self.proxy.last.line, f"CONNECT {self.peers.place['good']} HTTP/1.1")
        self.assertEqual(self.proxy.last.header("X-Through"), "header-s3cret")
        self.assertIsNone(self.proxy.last.header("Authorization"))
        self.assertIsNone(self.peers.prometheus.last.header("X-Through"))
        self.assertIsNone(self.peers.prometheus.last.header("Proxy-Authorization"))

    def test_a_proxy_that_refuses_or_is_not_there(self):
        self.proxy.authorization = basic("me", "another")
        url = f"http://me:pa55-of-proxy@{self.proxy.place}"
        self.expect_fault(self.ask(proxy_url=url), "407")
        self.proxy.close()
        self.expect_fault(self.ask(proxy_url=url), "cannot connect to")
        self.expect_fault(self.ask(proxy_url=url), "; check proxy_url, url and the network")
        by_environment = {"https_proxy": f"http://{self.proxy.place}", "no_proxy": ""}
        self.expect_fault(self.ask(by_environment, proxy_from_environment=True),
                          "check proxy_from_environment, url and the network")
        by_environment["https_proxy"] = "http://nowhere.invalid:3128"
        self.expect_fault(self.ask(by_environment, proxy_from_environment=True),
                          "does not resolve; check proxy_from_environment")

    def test_no_proxy(self):
        nowhere = "http://127.0.0.1:1"
        for exempt in ("127.0.0.1", "10.0.0.0/8,127.0.0.0/8", "*"):
            self.expect_good(self.ask(proxy_url=nowhere, no_proxy=exempt))
        self.expect_fault(self.ask(proxy_url=nowhere, no_proxy="example.org"), "cannot connect")

    def test_the_environment_counts_only_when_it_is_asked(self):
        elsewhere = {"https_proxy": "http://127.0.0.1:1", "no_proxy": ""}
        self.expect_good(self.ask(elsewhere))
        through = {"https_proxy": f"http://{self.proxy.place}", "no_proxy": ""}
        self.expect_good(self.ask(through, proxy_from_environment=True))
        self.assertEqual(len(self.proxy.requests), 1)
        exempt = through | {"no_proxy": "127.0.0.1"}
        self.expect_good(self.ask(exempt, proxy_from_environment=True))
        self.expect_good(self.ask(exempt, proxy_url=f"http://{self.proxy.place}"))
        self.assertEqual(len(self.proxy.requests), 2)

    def test_plain_http_goes_through_it_with_its_whole_address(self):
        self.expect_good(self.wall.once(url="http://prometheus.test:9090/p",
                                        proxy_url=f"http://{self.proxy.place}",
                                        proxy_connect_header={"X-Through": "header-s3cret"}))
        self.assertEqual(self.proxy.last.line,
                         "POST http://prometheus.test:9090/p/api/v1/query HTTP/1.1")
        self.assertIsNone(self.proxy.last.header("X-Through"))

    def test_server_name_through_the_proxy(self):
        tls = self.ca | {"server_name": "prometheus.test"}
        self.expect_good(self.wall.once(url=self.url("named"), tls_config=tls,
                                        proxy_url=f"http://{self.proxy.place}"))
        self.assertEqual(self.proxy.last.line, f"CONNECT {self.peers.place['named']} HTTP/1.1")


if __name__ == "__main__":
    sys.exit(suite.main(program, find_openssl))
