#!/usr/bin/env python3
"""`amberbar setup` when an answer is wrong, or was: it is asked again, with a sentence that says why, and
`back` goes to the question before."""

import pathlib
import sys

sys.dont_write_bytecode = True
TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP / "tools"), str(TOP / "tests")]

from lib import prometheus  # noqa: E402
from lib.process import free_port  # noqa: E402
from lib.prometheus import RealPrometheus  # noqa: E402
from peers import newcomer, suite  # noqa: E402
from peers.gate import LoginPage  # noqa: E402
from peers.newcomer import PATH, Newcomer  # noqa: E402
from peers.servers import basic  # noqa: E402


def setUpModule():
    newcomer.begin()


class WrongAnswers(Newcomer):
    def test_they_are_asked_again_with_a_sentence(self):
        talk = self.setup_in_terminal()
        talk.answer(PATH[0], f"127.0.0.1:{free_port()}")
        talk.hear("nothing listens on")
        talk.answer(PATH[0], f"{self.prometheus.url}/graph?g0.expr=up")
        talk.hear("Prometheus answers")
        talk.answer(PATH[1], "blinkt?")
        talk.hear("there is no board")
        talk.answer(PATH[1], "list")
        talk.hear("pimoroni-blinkt")
        talk.answer(PATH[1], "1")
        talk.answer(PATH[2], "shop/wob")
        talk.hear("there is no workload wob in shop; there are")
        talk.answer(PATH[2], ",")
        talk.hear("name at least one namespace")
        talk.answer(PATH[2], "2")
        talk.answer(PATH[3], "7 x")
        talk.hear("answer a number of the list")
        talk.answer(PATH[3], "1 2 1 0")
        talk.hear("answer a number of the list")
        talk.answer(PATH[3], "none")
        talk.answer(PATH[4], "101")
        talk.hear("answer 1% to 100%")
        talk.answer(PATH[4], "x" * 4090)
        talk.hear("answer 1% to 100%")
        talk.answer(PATH[4], "40%")
        talk.answer(PATH[5], "19:00-19:00")
        talk.hear("the night ends when it begins")
        talk.answer(PATH[5], "19-25")
        talk.hear("'25'; write a time such as")
        talk.answer(PATH[5], "19:00-25:00")
        talk.hear("write a time such as")
        talk.answer(PATH[5], "none")
        talk.answer(PATH[6], "perhaps")
        talk.hear("answer y or n")
        talk.answer(PATH[6], "y")
        self.assertEqual(talk.end(), 0, talk.said)
        self.assertIn("shop, namespace: shop", self.config.read_text())
        self.assertNotIn("indicators", self.config.read_text())

    def test_a_login_page_is_no_prometheus(self):
        page = LoginPage()
        self.addCleanup(page.close)
        talk = self.setup_in_terminal()
        talk.answer(PATH[0], page.url)
        talk.hear("a login page, or something else than Prometheus?")
        talk.answer(PATH[0], self.prometheus.url)
        talk.hear("Prometheus answers")

    def test_an_address_that_has_moved_is_followed(self):
        gate = self.gate(moved=True)
        talk = self.setup_in_terminal()
        talk.answer(PATH[0], gate.place)
        talk.hear(f"That redirects to {gate.url}/prom, which is taken instead")
        talk.accept_the_rest(PATH[1])
        self.assertEqual(talk.end(), 0, talk.said)
        self.assertIn(f"url: {gate.url}/prom\n", self.config.read_text())

    def test_a_server_that_refuses_post(self):
        gate = self.gate(get_only=True)
        talk = self.setup_in_terminal("--board", "terminal", "--rollouts", "shop")
        talk.answer(PATH[0], gate.url)
        talk.accept_the_rest(PATH[3])
        self.assertEqual(talk.end(), 0, talk.said)
        self.assertIn("  http_method: GET ", self.config.read_text())
        self.once(self.config)

    def test_a_server_whose_answers_cannot_prove_that_they_are_new(self):
        gate = self.gate(refuses="label_replace(vector")
        done = self.by_options("--url", gate.url, "--board", "terminal", "--indicator", "none", "--yes")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("  query_nonce: false ", self.config.read_text())
        self.once(self.config)

    def test_no_workloads_are_no_use(self):
        empty = RealPrometheus(self.place / "empty", [])
        (self.place / "empty").mkdir()
        self.addCleanup(empty.stop)
        empty.start()
        talk = self.setup_in_terminal()
        talk.answer(PATH[0], empty.url)
        talk.hear("let this Prometheus scrape kube-state-metrics")
        talk.hear(PATH[0])

    def test_no_is_no(self):
        talk = self.setup_in_terminal("--url", self.prometheus.url, "--board", "terminal",
                                      "--rollouts", "all", "--indicator", "none")
        talk.answer("How bright")
        talk.answer("dimmed for the night")
        talk.answer("Write this to", "n")
        self.assertEqual(talk.end(), 0, talk.said)
        self.assertIn("Nothing was written", talk.said)
        self.assertEqual(self.files(), [])


class Indicators(Newcomer):
    def talk(self):
        return self.setup_in_terminal("--url", self.prometheus.url, "--board", "terminal",
                                      "--rollouts", "shop", "--brightness", "50%", "--night", "none")

    def test_who_names_a_query_names_its_thresholds(self):
        talk = self.talk()
        talk.answer(PATH[3], "up")
        talk.hear("Which values are bad is for you to say")
        talk.answer("From which value on is indicator orange?")
        talk.hear("There is nothing to propose here")
        talk.type("soon\n")
        talk.hear("'soon' is no number")
        talk.answer("From which value on is indicator orange?", "0.9")
        talk.answer("Orange from 0.9; and from which on is it red?", "0.9")
        talk.answer("Orange from 0.9; and from which on is it red?", "0.5")
        talk.answer(PATH[6])
        self.assertEqual(talk.end(), 0, talk.said)
        self.assertIn("    warning: 0.9\n    critical: 0.5 ", self.config.read_text())

    def test_thresholds_typed_with_a_number_go_up(self):
        talk = self.talk()
        talk.answer(PATH[3], "1 0.8 0.4")
        talk.hear("of http_ttfb more is worse")
        talk.answer(PATH[3], "1 0.4 0.8")
        talk.answer(PATH[6])
        self.assertEqual(talk.end(), 0, talk.said)

    def test_a_query_that_finds_nothing_on_a_good_day(self):
        talk = self.talk()
        talk.answer(PATH[3], "sum(rate(errors_total[5m]))")
        talk.hear("it yields nothing now")
        talk.answer("From which value on is indicator orange?", "1")
        talk.answer("and from which on is it red?", "2")
        talk.answer(PATH[6])
        self.assertEqual(talk.end(), 0, talk.said)
        self.assertIn("the query finds no series", talk.said)
        self.check(self.config)


class Lines(Newcomer):
    COLUMNS = 40

    def test_they_break_between_words(self):
        talk = self.setup_in_terminal("--url", self.prometheus.url, "--board", "terminal", columns=self.COLUMNS)
        talk.answer("shop] ", "sohp")  # a complaint, too
        talk.answer("shop] ", "shop")
        talk.answer("[1] ")
        talk.hear("[50%] ")
        lines = talk.said.split("\r\n")
        self.assertGreater(len(lines), 12, lines)
        for line in lines:
            self.assertTrue(len(line) <= self.COLUMNS or len(line.split()) == 1, line)
        whole = " ".join(talk.said.split())
        self.assertIn("Enter takes what stands in [ ]. `back` goes back to the question before. Ctrl-C ends it, and "
                      "leaves nothing behind.", whole)


class Back(Newcomer):
    def test_from_each_question_to_the_one_before(self):
        talk = self.setup_in_terminal("--night", "none")
        talk.answer(PATH[0], "back")
        talk.hear("There is no question before this one")
        talk.answer("1. " + PATH[0], self.prometheus.url)
        talk.answer("2. " + PATH[1], "pimoroni-blinkt")
        talk.answer("3. " + PATH[2], "back")
        talk.answer("2. " + PATH[1], "terminal")
        talk.answer("3. " + PATH[2], "cms")
        talk.answer("4. " + PATH[3], "up")
        talk.answer("5. From which value on", "back")
        talk.answer("4. " + PATH[3], "back")
        talk.answer("3. " + PATH[2], "shop")
        talk.answer("4. " + PATH[3], "none")
        talk.answer("5. " + PATH[4], "40")
        talk.answer("6. " + PATH[6], "back")  # an option has answered what is between
        talk.answer("5. " + PATH[4], "30")
        talk.answer("6. " + PATH[6])
        self.assertEqual(talk.end(), 0, talk.said)
        text = self.config.read_text()
        for line in ("board: terminal ", "namespace: shop", "brightness: 30%"):
            self.assertIn(line, text)
        for words in ("namespace: cms", "indicators", "night"):
            self.assertNotIn(words, text)

    def test_what_was_answered_is_proposed_again(self):
        talk = self.setup_in_terminal("--url", self.prometheus.url)
        talk.answer(PATH[1], "terminal")
        talk.answer(PATH[2], "cms")
        talk.answer(PATH[3], "up")
        talk.answer("From which value on", "1")
        talk.answer("and from which on is it red?", "2")
        talk.answer(PATH[4], "40%")
        for words in ("dimmed for the night", PATH[4], "red?", "From which value on", PATH[3]):
            talk.answer(words, "back")
        talk.answer("`all` [cms]", "back")
        talk.answer("a board's file [terminal]")
        talk.answer("`all` [cms]", "shop")
        for words in (PATH[3], "From which value on", "red?"):
            talk.hear(words)
            if words == PATH[3]:
                talk.hear("[up]")
                talk.type("\n")
            else:  # a number is about what was answered before, which is another now
                talk.type("3\n" if words == "red?" else "1\n")
        talk.answer("[40%]")
        talk.answer(PATH[5])
        talk.answer(PATH[6])
        self.assertEqual(talk.end(), 0, talk.said)
        text = self.config.read_text()
        for line in ("board: terminal ", "namespace: shop", "query: up", "critical: 3", "brightness: 40%"):
            self.assertIn(line, text)

    def test_a_secret_is_not_proposed_again(self):
        gate = self.gate(admitted=[basic("bob", "pa55 word")])
        talk = self.setup_in_terminal("--board", "terminal")
        talk.answer(PATH[0], gate.url)
        talk.answer("Who asks?", "bob")
        talk.answer("The password of bob", "pa55 word")
        talk.answer("4. " + PATH[2], "back")  # who asks is known by now, and not asked again
        talk.answer(f"1. {PATH[0]} (its address, such as prometheus.example.org:9090)? [{gate.url}]")
        talk.answer("[bob]")
        talk.answer("The password of bob", "pa55 word")
        talk.accept_the_rest(PATH[2])
        self.assertEqual(talk.end(), 0, talk.said)
        self.assertNotIn("pa55 word", talk.said)

    def test_a_name_that_was_mistyped(self):
        gate = self.gate(admitted=[basic("bob", "pa55 word")])
        talk = self.setup_in_terminal("--url", gate.url, "--board", "terminal", "--rollouts", "shop")
        talk.answer("Who asks?", "bib")
        talk.answer("The password of bib", "pa55 word")
        talk.hear("the name bib may be wrong as well: `back` asks for it anew")
        talk.answer("The password of bib", "back")
        talk.answer("Who asks?", "bob")
        talk.answer("The password of bob", "pa55 word")
        talk.accept_the_rest(PATH[3])
        self.assertEqual(talk.end(), 0, talk.said)
        self.once(self.config)


if __name__ == "__main__":
    sys.exit(suite.main(prometheus.program))
