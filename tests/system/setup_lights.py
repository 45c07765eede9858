#!/usr/bin/env python3
"""`amberbar setup` before real lights: what somebody says to see corrects the board, and whatever ends it
leaves them dark. They are a strip behind a controller that takes DDP."""

import pathlib
import select
import signal
import socket
import sys
import time

sys.dont_write_bytecode = True
TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP / "tools"), str(TOP / "tests")]

from lib import prometheus  # noqa: E402
from peers import newcomer, suite  # noqa: E402
from peers.newcomer import (  # noqa: E402
    ANSWERS_MOST, CTRL_BACKSLASH, CTRL_C, CTRL_Z, ENDS, PATH, Newcomer)
from peers.wall import Wall, about_web  # noqa: E402


def setUpModule():
    newcomer.begin()


class Strip:
    """A controller that takes DDP, and drives a strip wired in another order than it is said to have:
    what a person would see."""

    def __init__(self, order, pixels):
        self.order, self.pixels = order, pixels
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]

    def seen(self):
        """The names of the colours, by what came last."""
        bytes_ = b""
        while select.select([self.socket], [], [], 0)[0]:
            bytes_ = self.socket.recv(65536)[10:] or bytes_
        places = [bytes_[i:i + 3] for i in range(0, len(bytes_), 3)][:self.pixels]
        names = {"r": "red", "g": "green", "b": "blue"}
        return [names[self.order[light.index(max(light))]] if any(light) else "dark" for light in places]

    def wait(self, kind):
        until = time.monotonic() + 30
        seen = []
        while time.monotonic() < until:
            seen = self.seen() or seen
            if seen and kind(seen):
                return seen
            time.sleep(0.02)
        raise AssertionError(f"never seen; last {seen}")


class Lights(Newcomer):
    """What the eye says corrects the board. The strip has 12 lights in the order gbr."""

    def strip(self):
        strip = Strip("gbr", 12)
        self.addCleanup(strip.socket.close)
        self.board = self.place / "strip.yaml"
        self.board.write_text("title: A strip\noutputs:\n  - name: strip\n    chip: ddp\n"
                              "    pixels: 8               # of them\n"
                              f"    bus: {{udp: 127.0.0.1, port: {strip.port}}}\n")
        return strip

    def test_order_and_count_are_corrected(self):
        strip = self.strip()
        talk = self.setup_in_terminal("--url", self.prometheus.url, "--rollouts", "shop",
                                      "--indicator", "none", "--night", "none")
        talk.answer("Which lights?", str(self.board))
        talk.hear("Of 8 lights the first is red")
        strip.wait(lambda seen: seen[0] != seen[1])
        talk.type("n\n")
        self.answer_by_eye(talk, strip, "red")
        self.answer_by_eye(talk, strip, "green")
        talk.answer("how many lights are there?", "12")
        talk.hear("The first of 12 is red")
        strip.wait(lambda seen: seen == ["red", *["blue"] * 10, "green"])
        talk.type("\n")
        talk.hear("How bright?")
        strip.wait(lambda seen: seen == ["green"] * 12)
        talk.type("\n")
        talk.answer("Write this to")
        self.assertEqual(talk.end(), 0, talk.said)
        strip.wait(lambda seen: seen == ["dark"] * 12)
        self.assertIn("board: ./my-strip.yaml", self.config.read_text())
        text = (self.place / "my-strip.yaml").read_text()
        self.assertIn("    order: gbr\n", text)
        self.assertIn("    pixels: 12\n", text)
        self.check(self.config)
        self.once(self.config)

    def answer_by_eye(self, talk, strip, colour):
        """y when all that is lit has that colour, else n until it has."""
        for _ in range(4):
            talk.hear(f"Do you see {colour}")
            seen = strip.wait(lambda seen: len(set(seen[:8])) == 1 and seen[0] != "dark")
            right = set(seen[:8]) == {colour}
            talk.type("y\n" if right else "n\n")
            if right:
                return
        self.fail(f"never {colour}: {talk.said}")

    def test_right_at_once_on_at_most_nine_answers(self):
        strip = self.strip()
        self.board.write_text(self.board.read_text().replace("pixels: 8 ", "pixels: 12")
                              + "    order: gbr\n")
        talk = self.setup_in_terminal()
        talk.answer(PATH[0], self.prometheus.url)
        talk.answer("Which lights?", str(self.board))
        talk.answer("Of 12 lights the first is red", "y")
        talk.accept_the_rest(PATH[2])
        self.assertEqual(talk.end(), 0, talk.said)
        self.assertLessEqual(talk.answers + 1, ANSWERS_MOST, "with the service")
        strip.wait(lambda seen: seen == ["dark"] * 12)
        self.assertIn(f"board: {self.board}", self.config.read_text())

    def test_keys_that_end_it_leave_the_lights_dark(self):
        for key in (CTRL_C, CTRL_Z, CTRL_BACKSLASH):
            with self.subTest(repr(key)):
                strip = self.strip()
                talk = self.setup_in_terminal("--url", self.prometheus.url, "--board", self.board)
                talk.hear("Of 8 lights the first is red")
                strip.wait(lambda seen: "dark" not in seen[:8])
                talk.type(key)
                self.assertEqual(talk.end(), ENDS[key], talk.said)
                strip.wait(lambda seen: set(seen) == {"dark"})

    def test_signals_leave_them_dark_where_they_are_all_green(self):
        for number in (signal.SIGUSR1, signal.SIGALRM):
            with self.subTest(number.name):
                strip = self.strip()
                talk = self.setup_in_terminal("--url", self.prometheus.url, "--board", self.board, "--rollouts",
                                              "shop", "--indicator", "none")
                talk.answer("Of 8 lights the first is red", "y")
                talk.hear("How bright? The lights show it")
                strip.wait(lambda seen: len(set(seen[:8])) == 1 and seen[0] != "dark")
                talk.process.send_signal(number)
                self.assertEqual(talk.end(), 128 + number, talk.said)
                strip.wait(lambda seen: set(seen) == {"dark"})
                self.assertTrue(talk.echoes())

    def test_a_daemon_that_lights_them_keeps_them(self):
        """It hears of nothing, so that they are never all of one colour and lit."""
        strip = self.strip()
        nobody = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(nobody.close)
        wall = Wall(about_web(f"http://127.0.0.1:{nobody.getsockname()[1]}", str(self.board)))
        self.addCleanup(wall.close)
        wall.start()
        strip.wait(lambda seen: set(seen) != {"dark"})
        talk = self.setup_in_terminal("--url", self.prometheus.url, "--board", self.board, "--rollouts", "shop",
                                      "--indicator", "none")
        talk.hear("The lights cannot be lit now: "
                  f"another amberbar (process {wall.child.pid}) lights 127.0.0.1 now")
        talk.hear("sudo systemctl stop amberbar")
        talk.hear("How bright shall it be by day?")
        for _ in range(10):
            seen = strip.wait(lambda seen: True)
            self.assertFalse(len(set(seen)) == 1 and seen[0] != "dark", f"setup lights them: {seen}")
        talk.type("\n")
        talk.accept_the_rest(PATH[5])
        self.assertEqual(talk.end(), 0, talk.said)
        self.assertIsNone(wall.child.ended)

    def test_lights_that_cannot_be_lit_are_said_and_left_for_later(self):
        talk = self.setup_in_terminal("--url", self.prometheus.url, "--board", "apa102-spi")
        talk.hear("The lights cannot be lit now: ")
        talk.hear("amberbar identify")
        talk.accept_the_rest(PATH[2])
        self.assertEqual(talk.end(), 0, talk.said)
        self.assertIn("board: apa102-spi", self.config.read_text())

    def test_lights_in_the_network_are_where_somebody_says(self):
        """A board's file has an example of an address, and of a number, which is nobody's."""
        terms = ("--url", self.prometheus.url, "--rollouts", "shop", "--indicator", "none", "--yes")
        for board in ("wled", "e131"):
            for words, options in (
                    ("the address of the controller is not known and cannot be found; give --controller", ()),
                    ("how many lights there are is not known and cannot be found; give --count",
                     ("--controller", "127.0.0.1")),
                    ("'wled.local' is no address", ("--controller", "wled.local"))):
                with self.subTest(f"{board}: {words}"):
                    done = self.by_options("--board", board, *terms, *options)
                    self.assertEqual((done.returncode, self.files()), (2, []), done.stderr)
                    self.assertIn(words, done.stderr)
            done = self.by_options("--board", board, *terms, "--controller", "127.0.0.1", "--count", 9)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            text = (self.place / f"my-{board}.yaml").read_text()
            self.assertIn('{udp: "127.0.0.1", port: ', text)
            self.assertIn("pixels: 9\n", text)
            self.check(self.config)
            for name in self.files():
                (self.place / name).unlink()

    def test_enter_confirms_no_lights_in_the_network(self):
        talk = self.setup_in_terminal("--url", self.prometheus.url, "--rollouts", "shop",
                                      "--indicator", "none")
        talk.answer("Which lights?", "wled")
        talk.answer("Which address has the controller", "127.0.0.1")
        talk.answer("How many lights hang on it?", "0")
        talk.hear("'0' is no number of lights")
        talk.answer("How many lights hang on it?", "9")
        talk.answer("Of 9 lights the first is red")
        talk.hear("There is nothing to propose here")
        talk.type("y\n")
        talk.accept_the_rest(PATH[4])
        self.assertEqual(talk.end(), 0, talk.said)

    def test_lights_that_cannot_be_lit_are_said_without_a_terminal_as_well(self):
        for board in ("pimoroni-blinkt", "apa102-spi"):
            done = self.by_options("--url", self.prometheus.url, "--board", board, "--yes")
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertIn("The lights cannot be lit now: ", done.stdout)
            self.assertIn("would show now, if its lights could be lit", done.stdout)
            self.config.unlink()

    def test_order_and_count_by_options(self):
        done = self.by_options("--url", self.prometheus.url, "--board", "apa102-spi", "--order", "rgb",
                               "--count", 10, "--yes")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        text = (self.place / "my-apa102-spi.yaml").read_text()
        self.assertIn("order: rgb\n", text)
        self.assertIn("pixels: 10\n", text)
        self.check(self.config)


if __name__ == "__main__":
    sys.exit(suite.main(prometheus.program))
