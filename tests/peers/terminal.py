"""The program in a terminal of its own, as somebody uses it who types."""

import os
import pty
import select
import subprocess
import termios
import time

PATIENCE_S = 60.0


class Terminal:
    """What it prints is in `said`. The child is a session leader, so that Ctrl-C reaches it alone.
    `before`: a command that runs it. `columns`: how wide it is; 0: it does not say."""

    def __init__(self, *arguments, before=(), columns=100, **environment):
        self.ours, self.theirs = pty.openpty()
        termios.tcsetwinsize(self.theirs, (24, columns))
        names = os.environ | {"TERM": "xterm", "COLORTERM": "truecolor"} | environment
        names.pop("NO_COLOR", None)
        self.process = subprocess.Popen(
            [*before, os.environ["AMBERBAR"], *map(str, arguments)], stdin=self.theirs, stdout=self.theirs,
            stderr=self.theirs, env=names, preexec_fn=self._take_terminal)
        self.said = ""

    def _take_terminal(self):
        os.setsid()
        os.close(os.open(os.ttyname(self.theirs), os.O_RDWR))  # the first becomes the controlling one

    def read(self, seconds):
        if select.select([self.ours], [], [], seconds)[0]:
            self.said += os.read(self.ours, 65536).decode(errors="replace")

    def wait_for(self, words, start=0):
        """Where they stand, from `start` on."""
        until = time.monotonic() + PATIENCE_S
        while words not in self.said[start:]:
            if time.monotonic() > until or (self.process.poll() is not None and not self._left()):
                raise AssertionError(f"{words!r} never came:\n{self.said}")
            self.read(0.1)
        return self.said.index(words, start)

    def _left(self):
        return select.select([self.ours], [], [], 0)[0]

    def type(self, text):
        os.write(self.ours, text.encode())

    def press_enter(self):
        self.type("\n")

    def echoes(self):
        return bool(termios.tcgetattr(self.theirs)[3] & termios.ECHO)

    def end(self):
        until = time.monotonic() + PATIENCE_S
        while self.process.poll() is None and time.monotonic() < until:
            self.read(0.05)
        while self._left():
            self.read(0.05)
        return self.process.poll()

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.ours)
        os.close(self.theirs)
