#!/usr/bin/env python3
"""Every Prometheus that people can reach: behind the Kubernetes API server, OpenShift's tenancy port,
Grafana, Amazon's signatures, and proxies that take GET alone. Each lights the wall; each refusal is
told in the server's own words, and never with a secret."""

import json
import pathlib
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from peers import sigv4  # noqa: E402
from peers.fronts import Amazon, ApiServer, Front, Grafana, Short, TenancyPort  # noqa: E402
from peers.picture import Frame, is_all_green  # noqa: E402
from peers.wall import Wall  # noqa: E402


class Reach(unittest.TestCase):
    def setUp(self):
        self.wall = Wall()
        self.secrets: list[str] = []
        self.addCleanup(self.close_wall)

    def close_wall(self):
        self.wall.close()
        for secret in self.secrets:
            self.assertNotIn(secret, "".join(self.wall.heard))

    def front(self, kind, *arguments):
        one = kind(*arguments)
        self.addCleanup(one.close)
        if one.token:
            self.secrets.append(one.token)
        return one

    def credentials(self, front: Front) -> dict:
        self.wall.write("token", front.token)
        return {"authorization": {"credentials_file": "token"}}

    def expect_green(self, **prometheus) -> str:
        """Once, and by the daemon: its status, and every pixel of its picture."""
        said = self.wall.once(**prometheus)
        self.assertRegex(said, "^0: ", said)
        self.assertRegex(said, r"web +stable")
        self.wall.run(**prometheus)
        self.wall.wait_for_good()
        self.wall.wait("green", lambda: is_all_green(Frame.of(self.wall.status()["frame"])))
        return self.wall.messages()

    def expect_fault(self, words: str, **prometheus) -> None:
        said = self.wall.once(**prometheus)
        self.assertRegex(said, "^5: ", said)
        self.assertIn(words, said)


class Get(Reach):
    def test_the_api_server_lets_get_through_and_it_is_kept(self):
        front = self.front(ApiServer)
        messages = self.expect_green(url=front.url, **self.credentials(front))
        self.assertEqual(front.asked_by[:2], ["POST", "GET"])
        at = len(front.asked_by)
        self.wall.wait("asked again", lambda: len(front.asked_by) >= at + 3)
        self.assertEqual(set(front.asked_by[4:]), {"GET"})  # two processes, a POST each
        self.assertEqual(messages.count(
            "the server refuses POST (HTTP 403) and answers GET: GET is used from now on; "
            "http_method: GET does so from the start"), 1)

    def test_doctor_says_it_too(self):
        front = self.front(ApiServer)
        said = self.wall.tool("doctor", url=front.url, **self.credentials(front))
        self.assertIn("the server refuses POST (HTTP 403) and answers GET: ", said)
        self.assertRegex(said, "(?m)^ *-> http_method: GET$")
        said = self.wall.tool("doctor", url=front.url, http_method="GET", **self.credentials(front))
        self.assertNotIn("refuses POST", said)

    def test_get_from_the_start(self):
        front = self.front(ApiServer)
        messages = self.expect_green(url=front.url, http_method="GET", **self.credentials(front))
        self.assertEqual(set(front.asked_by), {"GET"})
        self.assertNotIn("refuses POST", messages)

    def test_a_proxy_that_knows_no_post(self):
        front = self.front(Front, "GET")
        self.assertIn("(HTTP 405)", self.expect_green(url=front.url))

    def test_who_may_neither_is_told_by_the_server_itself(self):
        front = self.front(ApiServer, "PUT")
        self.expect_fault(
            'access is forbidden (HTTP 403): "services "prometheus:9090" is '
            'forbidden: User "system:serviceaccount:it:wall" cannot get resource "services/proxy" '
            'in API group "" in the namespace "monitoring""; check what these credentials may read',
            url=front.url, **self.credentials(front))
        self.assertEqual(front.asked_by, ["POST", "GET"])

    def test_who_is_unknown_is_told_so_and_asks_once(self):
        front = self.front(ApiServer)
        self.expect_fault('authentication failed (HTTP 401): "Unauthorized"; check basic_auth',
                          url=front.url, authorization={"credentials": "wr0ng-t0ken"})
        self.assertEqual(front.asked_by, ["POST"])

    def test_an_address_that_is_too_long_says_what_to_do(self):
        front = self.front(Short)
        self.expect_green(url=front.url)
        rollouts = [{"name": f"r{i}", "namespace": f"namespace-{i}", "deployment": "web"}
                    for i in range(12)]
        said = self.wall.ask("once", "-c", self.wall.configure({"url": front.url}, rollouts=rollouts)).stdout
        self.assertIn("the question is in the address (GET), which is too long for it (HTTP 414); "
                      "let the server take POST, raise its limit for addresses, or select fewer "
                      "names", said)


class Signed(Reach):
    """By the checker of peers/sigv4.py, which knows the published algorithm and nothing of ours."""

    def setUp(self):
        super().setUp()
        self.amazon = self.front(Amazon)
        self.secrets += [self.amazon.secret_key, "an0ther/secret"]
        self.sigv4 = {"region": self.amazon.region, "access_key": self.amazon.access_key,
                      "secret_key_file": "secret"}
        self.wall.write("secret", self.amazon.secret_key + "\n")

    def test_the_checker_knows_amazons_own_examples(self):
        """AWS General Reference's ListUsers, and get-vanilla of its test suite."""
        secret, date = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "20150830T123600Z"
        form = "application/x-www-form-urlencoded; charset=utf-8"
        rows = [
            ("iam", "/?Version=2010-05-08&Action=ListUsers",
             {"host": ["iam.amazonaws.com"], "content-type": [form]},
             "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"),
            ("service", "/", {"host": ["example.amazonaws.com"]},
             "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        ]
        for service, target, headers, good in rows:
            headers["x-amz-date"] = [date]
            text = sigv4.canonical_request("GET", target, headers, list(headers), "")
            self.assertEqual(
                sigv4.signature(secret, date[:8], "us-east-1", service, date, text), good)

    def test_post_and_get_with_parameters_in_the_address(self):
        # In the order of their encoded names and values, whatever the config's is.
        params = {"z": "last", "dedup[]": ["b c", "a/b", "~-._*"], "a-b": "1", "a": ["2", ""]}
        for method in ("POST", "GET"):
            with self.subTest(method):
                before = len(self.amazon.requests)
                self.expect_green(url=self.amazon.url, http_method=method, sigv4=self.sigv4,
                                  extra_params=params)
                self.assertEqual(set(self.amazon.asked_by[before:]), {method})
                self.wall.close()
                self.wall = Wall()
                self.wall.write("secret", self.amazon.secret_key)

    def test_a_question_of_every_character(self):
        """Two handles that post and get by turns; a plus sign is signed rightly by POST alone."""
        everything = "".join(map(chr, range(32, 127))) + "\u00e4\u20ac"
        own = [{"name": f"own {index}", "query": f"up{{a={json.dumps(text)}}}", "warning": 0.5,
                "critical": 0.8} for index, text in enumerate((everything, everything.replace("+", "")))]
        config = self.wall.configure({"url": self.amazon.url, "http_method": "GET", "sigv4": self.sigv4},
                                     indicators=own)
        said = self.wall.ask("once", "-c", config).stdout
        self.assertNotIn("HTTP 403", said)
        asked = {request.value("query"): request.method for request in self.amazon.requests}
        self.assertEqual([asked[one["query"]] for one in own], ["POST", "GET"])

    def test_a_secret_replaced_while_it_runs(self):
        self.amazon.also = "an0ther/secret"
        self.wall.run(url=self.amazon.url, sigv4=self.sigv4)
        self.wall.wait_for_good()
        self.assertEqual(set(self.amazon.signed_with), {self.amazon.secret_key})
        self.wall.write("secret", "an0ther/secret")
        self.wall.wait("signed anew", lambda: self.amazon.signed_with[-1] == self.amazon.also)
        self.assertTrue(self.wall.poll()["ok"])

    def test_faults_say_what_to_do(self):
        token = {"type": "Bearer", "credentials": "s0mething"}
        signed = "this is Amazon's, which wants requests signed with SigV4 (HTTP 403): "
        write = "; write sigv4: {region: ..., access_key: ..., secret_key_file: ...}"
        rows = [
            ({}, signed + '"Missing Authentication Token"' + write),
            ({"authorization": token}, signed + '"Authorization header requires \'Credential\' '
             'parameter."' + write),
            ({"sigv4": self.sigv4 | {"access_key": "AKIDOTHER"}},
             'the access key is not accepted (HTTP 403): "The security token included in the request '
             'is invalid."; check access_key of sigv4'),
            ({"sigv4": self.sigv4 | {"region": "us-east-1"}},
             'the signature is for another place (HTTP 403): "Credential should be scoped to a valid '
             'region, not \'us-east-1\'."; check region of sigv4'),
        ]
        for terms, words in rows:
            with self.subTest(words):
                self.expect_fault(words, url=self.amazon.url, **terms)
        self.wall.write("secret", "an0ther/secret")
        self.amazon.requests.clear()
        self.expect_fault('the signature is not accepted (HTTP 403): "The request signature we '
                          'calculated does not match the signature you provided. ',
                          url=self.amazon.url, sigv4=self.sigv4)
        self.assertEqual(self.amazon.asked_by, ["POST"])  # GET would be no better

    def test_what_is_not_supported_is_refused_in_words(self):
        for more, words in (
                ({"profile": "default"}, "sigv4: profile is not supported; write access_key and "
                 "secret_key_file, or let a sigv4 proxy sign"),
                ({"role_arn": "arn:aws:iam::1:role/a"}, "sigv4: role_arn is not supported"),
                ({"region": ""}, "sigv4: region is missing; write that of the workspace")):
            said = self.wall.tool("check", url=self.amazon.url, sigv4=self.sigv4 | more)
            self.assertIn(words, said)


class Addresses(Reach):
    def test_grafanas_data_source_proxy(self):
        front = self.front(Grafana)
        self.expect_green(url=front.url, **self.credentials(front))
        self.assertEqual(set(front.asked_by), {"POST"})

    def test_one_that_takes_get_alone(self):
        front = self.front(Grafana, "GET")
        self.expect_green(url=front.url + "/", **self.credentials(front))

    def test_a_token_that_grafana_does_not_know(self):
        front = self.front(Grafana)
        self.expect_fault('(HTTP 401): "Invalid API key"', url=front.url,
                          authorization={"credentials": "glsa_another"})

    def test_openshifts_tenancy_port(self):
        for methods in (("GET",), ("GET", "POST")):
            with self.subTest(methods):
                front = self.front(TenancyPort, *methods)
                said = self.wall.once(url=front.url, extra_params={"namespace": "shop"},
                                      **self.credentials(front))
                self.assertRegex(said, "^0: ", said)
                self.assertRegex(said, r"web +stable")
                self.assertEqual(front.last.parameters["namespace"], ["shop"])
                self.assertNotIn("namespace", front.last.form)

    def test_another_namespace_there(self):
        front = self.front(TenancyPort)
        self.expect_fault("the proxy wants a namespace in the address (HTTP 400)", url=front.url,
                          **self.credentials(front))
        self.expect_fault('"Forbidden (user=system:serviceaccount:it:wall, verb=get, resource=pods, '
                          'subresource=)"', url=front.url, extra_params={"namespace": "other"},
                          **self.credentials(front))

    def test_pasted_addresses(self):
        rows = [
            ("http://p:9090/graph?g0.expr=up&g0.tab=1",
             "url: http://p:9090/graph is a page of the web interface; write http://p:9090"),
            ("http://p:9090/prom/query",
             "url: http://p:9090/prom/query is a page of the web interface; write "
             "http://p:9090/prom, or a slash at its end where that is a prefix"),
            ("http://p:9090/api/v1/query",
             "url: leave out /api/v1/query, it is added by itself; write http://p:9090"),
        ]
        for url, words in rows:
            self.assertIn(words, self.wall.tool("check", url=url))


if __name__ == "__main__":
    sys.exit(not unittest.main(exit=False, verbosity=2).result.wasSuccessful())
