#!/usr/bin/env python3
"""Passwords, tokens, headers and oauth2: what is sent where, renewed while the daemon runs, and never
seen in anything that it says or writes."""

import os
import pathlib
import sys
import unittest
import urllib.parse

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from peers.servers import Grant, Prometheus, TokenServer, basic  # noqa: E402
from peers.wall import Wall  # noqa: E402

SECRETS = ["pa55word-1", "pa55word-2", "t0ken-1", "t0ken-2", "cl1ent/secret", "header-s3cret",
           "cl1ent%2Fsecret"]
ENCODED = [basic("wall", secret).split()[1] for secret in SECRETS]


class Case(unittest.TestCase):
    def setUp(self):
        self.prometheus = Prometheus()
        self.addCleanup(self.prometheus.close)
        self.url = f"http://{self.prometheus.place}"
        self.wall = Wall()
        self.addCleanup(self.close_wall)

    def close_wall(self):
        self.wall.close()
        for secret in SECRETS + ENCODED:
            self.assertNotIn(secret, "".join(self.wall.heard))

    def expect_good(self, **prometheus) -> None:
        said = self.wall.once(url=self.url, **prometheus)
        self.assertRegex(said, "^0: .*", said)
        self.assertIn("stable", said)

    def expect_fault(self, words: str, **prometheus) -> None:
        said = self.wall.once(url=self.url, **prometheus)
        self.assertRegex(said, "^5: ")
        self.assertIn(words, said)

    def polls(self, count: int) -> None:
        before = len(self.prometheus.requests)
        self.wall.wait("polled", lambda: len(self.prometheus.requests) >= before + count)


class Files(Case):
    def test_name_and_password(self):
        self.prometheus.admit(basic("wall", "pa55word-1"))
        self.wall.write("name", " wall\n")
        self.wall.write("password", "pa55word-1\n")
        self.expect_good(basic_auth={"username_file": "name", "password_file": "password"})
        self.expect_good(basic_auth={"username": "wall", "password": "pa55word-1"})
        self.expect_fault("HTTP 401", basic_auth={"username": "wall", "password": "pa55word-2"})

    def test_the_old_word_for_a_token_is_said_to_be_old(self):
        self.prometheus.admit("Bearer t0ken-1")
        self.wall.write("token", "t0ken-1")
        self.expect_good(bearer_token="t0ken-1")
        self.expect_good(bearer_token_file="token")
        self.wall.run(url=self.url, bearer_token_file="token")
        self.wall.wait_for_good()
        self.assertIn("write authorization: {credentials_file: ...}", self.wall.messages())

    def test_another_scheme(self):
        self.prometheus.admit("Api-Key t0ken-1")
        self.expect_good(authorization={"type": "Api-Key", "credentials": "t0ken-1"})

    def test_what_lies_about_for_curl_is_not_taken(self):
        """Neither the environment's proxy, which would see the token, nor a .netrc's password."""
        self.wall.write(".netrc", "machine 127.0.0.1 login wall password pa55word-1\n")
        nowhere = dict.fromkeys(("http_proxy", "all_proxy", "ALL_PROXY"), "http://127.0.0.1:1")
        said = self.wall.once(nowhere | {"HOME": str(self.wall.directory), "no_proxy": ""},
                              url=self.url)
        self.assertRegex(said, "^0: ")
        self.assertIsNone(self.prometheus.last.header("Authorization"))

    def test_headers_and_parameters(self):
        self.wall.write("header", "header-s3cret\n")
        self.expect_good(
            http_headers={"X-Scope-OrgID": "a|b",
                          "X-Many": {"values": ["1", ""], "secrets": ["header-s3cret"],
                                     "files": ["header"]}},
            extra_params={"dedup": True, "extra_label[]": ["a=b", "c=d e"]})
        headers = self.prometheus.last.headers
        address = urllib.parse.urlsplit(self.prometheus.last.line.split()[1])
        form = urllib.parse.parse_qs(address.query)
        self.assertEqual(headers["x-scope-orgid"], ["a|b"])
        self.assertEqual(headers["x-many"], ["1", "", "header-s3cret", "header-s3cret"])
        self.assertEqual(form["dedup"], ["true"])
        self.assertEqual(form["extra_label[]"], ["a=b", "c=d e"])

    def test_a_password_replaced_while_it_runs(self):
        before, after = (basic("wall", word) for word in ("pa55word-1", "pa55word-2"))
        self.prometheus.admit(before, after)
        self.wall.write("password", "pa55word-1")
        self.wall.run(url=self.url,
                      basic_auth={"username": "wall", "password_file": "password"})
        self.wall.wait_for_good()
        self.assertEqual(self.prometheus.last.header("Authorization"), before)
        (self.wall.directory / "password").unlink()
        self.wall.wait_for_fault("cannot read basic_auth: password_file")
        self.wall.write("password", "pa55word-2")
        self.wall.wait_for_good()
        self.assertEqual(self.prometheus.last.header("Authorization"), after)

    @unittest.skipIf(os.geteuid() == 0, "root owns all of /proc in any case")
    def test_others_of_its_user_cannot_look_into_it(self):
        owners = []
        for credentials in ({}, {"authorization": {"credentials": "t0ken-1"}}):
            wall = Wall()
            self.addCleanup(wall.close)
            wall.run(url=self.url, **credentials)
            wall.wait_for_good()
            owners.append(os.stat(f"/proc/{wall.child.pid}/mem").st_uid)
        self.assertEqual(owners, [os.geteuid(), 0])


class Tokens(Case):
    def setUp(self):
        super().setUp()
        self.server = TokenServer()
        self.addCleanup(self.server.close)
        self.server.grant = Grant(token="t0ken-1", secret="cl1ent/secret")
        self.prometheus.admit("Bearer t0ken-1")
        self.wall.write("secret", "cl1ent/secret\n")
        self.oauth2 = {"client_id": "wall", "client_secret_file": "secret",
                       "token_url": f"http://{self.server.place}/token"}

    def test_what_is_asked(self):
        self.expect_good(oauth2=self.oauth2 | {"scopes": ["read", "b c"],
                                               "endpoint_params": {"audience": "p&q"}})
        self.assertEqual(self.server.last.form, {"grant_type": ["client_credentials"],
                                                 "scope": ["read b c"], "audience": ["p&q"]})
        self.assertIn("kube_deployment", self.prometheus.last.form["query"][0])
        self.assertEqual(len(self.server.requests), 1)

    def test_a_server_that_wants_the_secret_in_the_form(self):
        self.server.grant.takes_basic = False
        self.expect_good(oauth2=self.oauth2)
        self.assertEqual(self.server.last.form["client_id"], ["wall"])
        self.assertIsNone(self.server.last.header("Authorization"))

    def test_one_token_for_many_polls(self):
        self.wall.run(url=self.url, oauth2=self.oauth2)
        self.polls(3)
        self.assertEqual(len(self.server.requests), 1)
        self.assertTrue(self.wall.poll()["ok"])

    def test_one_that_expires_within_half_a_minute_is_used_once(self):
        self.server.grant.expires_in = "29"
        self.wall.run(url=self.url, oauth2=self.oauth2)
        self.polls(3)
        self.assertGreaterEqual(len(self.server.requests), 3)

    def test_one_that_is_revoked_is_replaced_at_once(self):
        self.wall.run(url=self.url, oauth2=self.oauth2)
        self.wall.wait_for_good()
        self.server.grant.token = "t0ken-2"
        self.prometheus.admit("Bearer t0ken-2")
        self.polls(2)
        self.polls(1)
        self.assertNotIn("401", self.wall.messages())
        self.assertEqual(len(self.server.requests), 2)

    def test_a_secret_replaced_while_it_runs_brings_a_new_token(self):
        self.prometheus.admit("Bearer t0ken-1", "Bearer t0ken-2")
        self.wall.run(url=self.url, oauth2=self.oauth2)
        self.wall.wait_for_good()
        self.server.grant = Grant(token="t0ken-2", secret="pa55word-2")
        self.wall.write("secret", "pa55word-2")
        self.wall.wait("sending another token", lambda: "Bearer t0ken-2" ==
                       self.prometheus.last.header("Authorization"))

    def test_faults_say_what_to_do(self):
        rows = [
            (Grant(secret="another"), {}, "gives no token (HTTP 401): who are you?"),
            (Grant(secret="cl1ent/secret", token=""), {}, "gives no token (HTTP 200)"),
            (Grant(secret="cl1ent/secret", token="a\r\nX: b"), {}, "cannot go into a header"),
            (Grant(secret="cl1ent/secret", extra={"token_type": "mac"}), {},
             "not of the type Bearer"),
            (Grant(), {"token_url": "http://127.0.0.1:1/"},
             "nothing listens on 127.0.0.1:1; see whether the token server runs, or correct "
             "oauth2: token_url"),
            (Grant(), {"client_secret_file": "none"}, "cannot read oauth2: client_secret_file"),
        ]
        for grant, changes, words in rows:
            with self.subTest(words):
                self.server.grant = grant
                self.expect_fault(words, oauth2=self.oauth2 | changes)
        self.assertEqual(self.prometheus.requests, [])

    def test_a_token_that_prometheus_refuses_is_not_fetched_again_and_again(self):
        self.prometheus.admit("Bearer nobody has it")
        self.expect_fault("HTTP 401", oauth2=self.oauth2)
        self.assertEqual(len(self.server.requests), 1)


if __name__ == "__main__":
    sys.exit(not unittest.main(exit=False, verbosity=2).result.wasSuccessful())
