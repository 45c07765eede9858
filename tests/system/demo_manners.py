"""tools/demo as a guest: it tells its story, ends by itself, and leaves nothing behind however it
ends."""

import json
import os
import pathlib
import pty
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.request

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path[:0] = [str(TOP / "tools"), str(TOP / "tests")]

from lib import prometheus  # noqa: E402
from lib.story import SCENES  # noqa: E402
from peers import suite  # noqa: E402

PATIENCE_S = 120.0


class Demo:
    """A running tools/demo whose temporary files are in `scratch`."""

    def __init__(self, *arguments: str, terminal: bool = False, unread: bool = False):
        self.scratch = tempfile.TemporaryDirectory(prefix="amberbar-test-")
        self._errors = tempfile.TemporaryFile()
        environment = os.environ | {"TMPDIR": self.scratch.name, "TERM": "xterm"}
        ours, theirs = pty.openpty() if terminal else os.pipe()
        self.process = subprocess.Popen(
            [TOP / "tools/demo", *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=theirs,
            stderr=theirs if terminal else self._errors,
            start_new_session=True,
        )
        os.close(theirs)
        self._output = bytearray()
        self._reader = threading.Thread(target=self._read, args=(ours,), daemon=True)
        if not unread:
            self._reader.start()
        else:
            os.close(ours)

    @property
    def output(self) -> str:
        return self._output.decode(errors="replace")

    @property
    def errors(self) -> str:
        return os.pread(self._errors.fileno(), 1 << 20, 0).decode(errors="replace")

    def said(self) -> str:
        return f"{self.output}\n{self.errors}"

    def wait_for(self, text: str) -> None:
        until = time.monotonic() + PATIENCE_S
        while text not in self.said():
            if self.process.poll() is not None or time.monotonic() > until:
                raise AssertionError(f"{text!r} never came:\n{self.said()}")
            time.sleep(0.02)

    def end(self) -> int:
        status = self.process.wait(PATIENCE_S)
        if self._reader.ident:
            self._reader.join(PATIENCE_S)
        return status

    def left_behind(self) -> list[str]:
        """Files, and processes that know our directory."""
        until = time.monotonic() + 10
        while (processes := self.processes()) and time.monotonic() < until:
            time.sleep(0.05)
        return os.listdir(self.scratch.name) + processes

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.scratch.cleanup()
        self._errors.close()

    def processes(self) -> list[str]:
        found = []
        for command in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
            try:
                words = command.read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue
            if self.scratch.name in words:
                found.append(words)
        return found

    def _read(self, end: int) -> None:
        while True:
            try:
                piece = os.read(end, 65536)
            except OSError:  # EIO: a terminal without anybody at the other end
                piece = b""
            if not piece:
                os.close(end)
                return
            self._output += piece


class Manners(unittest.TestCase):
    def demo(self, *arguments: str, terminal: bool = False) -> Demo:
        demo = Demo(*arguments, terminal=terminal)
        self.addCleanup(demo.close)
        return demo

    def assert_ends(self, demo: Demo, status: int) -> None:
        self.assertEqual(demo.end(), status, demo.said())
        self.assertEqual(demo.left_behind(), [])
        self.assertNotIn("Traceback", demo.said())

    def test_two_at_once_tell_the_whole_story(self):
        plain = self.demo("--speed", "100")
        kept = self.demo("--speed", "100", "--keep", terminal=True)
        self.assert_ends(plain, 0)
        for scene in SCENES:
            self.assertIn(f"== {scene.caption}\n", plain.output)
        self.assertNotIn("\033", plain.said())
        self.assertRegex(plain.output, "(?m)^For a light of your own: .*`sudo amberbar setup`")
        kept.wait_for("curl '")
        url = re.search(r"curl '(http[^']+)'", kept.output).group(1)
        with urllib.request.urlopen(url, timeout=PATIENCE_S) as answer:
            self.assertEqual(answer.read(), b"done\n")
        kept.process.send_signal(signal.SIGINT)
        self.assert_ends(kept, 0)
        shown = re.sub(r"\033\[[0-9;?]*[A-Za-z]", "", kept.output)
        # In 80 columns: a command that is to be copied is one line, and nothing but itself.
        self.assertRegex(shown, r"(?m)^RUNTIME_DIRECTORY=\S+ \S+ status\r*$")
        self.assertRegex(shown, r"(?m)^curl '\S+'\r*$")
        words = re.sub(r"\s+", " ", shown)
        for scene in SCENES:
            self.assertIn(scene.caption, words)

    def test_a_board_of_frames_has_standard_output_to_itself(self):
        demo = self.demo("--board", "frames")
        demo.wait_for(SCENES[1].caption)
        demo.process.send_signal(signal.SIGTERM)
        self.assert_ends(demo, 143)
        for line in demo.output.splitlines():
            self.assertIn("pixels", json.loads(line))

    def test_a_signal_ends_it_in_order(self):
        rows = ((signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129))
        demos = [self.demo() for _ in rows]
        for demo, (number, status) in zip(demos, rows):
            with self.subTest(number):
                demo.wait_for(SCENES[1].caption)
                self.assertEqual(len(demo.processes()), 2, "Prometheus and amberbar")
                demo.process.send_signal(number)
                self.assert_ends(demo, status)

    def test_signals_at_any_moment_leave_nothing(self):
        for delay_s in (0.05, 0.15, 0.3, 0.6):
            with self.subTest(delay_s):
                demo = self.demo()
                time.sleep(delay_s)
                demo.process.send_signal(signal.SIGTERM)
                time.sleep(0.1)
                demo.process.send_signal(signal.SIGTERM)
                # Before it can heed signals, the signal itself ends it.
                self.assertIn(demo.end(), (143, -signal.SIGTERM), demo.said())
                self.assertEqual(demo.left_behind(), [], demo.said())
                self.assertNotIn("Traceback", demo.said())

    def test_its_children_do_not_outlive_a_killed_demo(self):
        demo = self.demo()
        demo.wait_for(SCENES[0].caption)
        demo.process.kill()
        demo.end()
        self.assertEqual([left for left in demo.left_behind() if "/" in left], [])

    def test_a_board_that_does_not_exist_is_said(self):
        demo = self.demo("--board", "nonesuch")
        self.assert_ends(demo, 1)
        self.assertIn("tools/demo: --board nonesuch: there is no board 'nonesuch'", demo.errors)
        self.assertEqual(demo.output, "", "nothing was told")
        self.assertNotIn(demo.scratch.name, demo.errors)

    def test_a_speed_that_cannot_be_is_said(self):
        for word in ("x", "0", "nan", "101"):
            with self.subTest(word):
                demo = self.demo("--speed", word)
                self.assert_ends(demo, 2)
                self.assertIn(f"--speed: it cannot be '{word}'; write a number from 0.1 to 100",
                              demo.errors)

    def test_nobody_reads_any_more(self):
        demo = Demo(unread=True)
        self.addCleanup(demo.close)
        self.assert_ends(demo, 141)
        self.assertEqual(demo.errors, "")

    def test_it_can_be_asked_while_it_plays(self):
        demo = self.demo()
        demo.wait_for(SCENES[1].caption)
        url = re.search(r"Its Prometheus, for a browser: (http\S+)$", demo.output, re.M).group(1)
        with urllib.request.urlopen(f"{url}/-/ready", timeout=PATIENCE_S) as answer:
            self.assertEqual(answer.status, 200)
        command = re.search(r"RUNTIME_DIRECTORY=.* status$", demo.output, re.MULTILINE).group(0)
        answer = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=30)
        self.assertIn("cms", answer.stdout, answer.stderr)
        demo.process.send_signal(signal.SIGTERM)
        self.assert_ends(demo, 143)
        self.assertEqual(demo.errors, "", "amberbar's log is for what goes wrong")


if __name__ == "__main__":
    sys.exit(suite.main(prometheus.program))
