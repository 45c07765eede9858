"""What the tests of `amberbar setup` share: a real Prometheus, a place for a config, and somebody who
answers questions."""

import os
import pathlib
import signal
import subprocess
import tempfile
import time
import unittest

from cluster.cluster import Cluster, Spec
from cluster.daemonset import DaemonSet
from cluster.server import LiveCluster, Server
from cluster.statefulset import StatefulSet
from cluster.traffic import Traffic
from lib.prometheus import RealPrometheus
from peers.gate import Gate
from peers.terminal import Terminal

AMBERBAR = os.environ["AMBERBAR"]
ANSWERS_MOST = 9
CTRL_C, CTRL_D, CTRL_Z, CTRL_BACKSLASH = "\x03", "\x04", "\x1a", "\x1c"
# The exit status after each.
ENDS = {CTRL_C: 1, CTRL_D: 1, CTRL_Z: 128 + signal.SIGTSTP, CTRL_BACKSLASH: 128 + signal.SIGQUIT}

# What is asked on the common path, in its order, by words that no other question has.
PATH = ("Where is Prometheus", "Which lights?", "What shall the bar be about?", "Which indicator",
        "How bright", "dimmed for the night", "Write this to")


class World:
    """One real Prometheus, for all tests."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="amberbar-setup-")
        self.folder = pathlib.Path(self._folder.name)
        cluster = Cluster(epoch=time.time())
        cluster.create("shop/web", Spec(replicas=4), running=True)
        cluster.create("shop/api", Spec(replicas=2), running=True)
        cluster.create("cms/cms", Spec(replicas=3), running=True)
        cluster.run(StatefulSet, "shop/db", replicas=2)
        cluster.run(DaemonSet, "kube-system/proxy", nodes=3)
        cluster.traffic["shop/web"] = Traffic()
        self._server = Server(LiveCluster(cluster))
        self.prometheus = RealPrometheus(self.folder, [f"127.0.0.1:{self._server.port}"])
        self.prometheus.start()
        # Thresholds come of what it was like, every 15 seconds of it.
        self.prometheus.wait_for("max_over_time((sum(rate(http_ttfb_seconds_count[5m])) > 0)"
                                 "[10m:15s])", 120)

    def close(self):
        self.prometheus.stop()
        self._server.close()
        self._folder.cleanup()


def begin() -> None:
    """The setUpModule() of a program of tests."""
    world = World()
    unittest.addModuleCleanup(world.close)
    Newcomer.prometheus, Newcomer.folder = world.prometheus, world.folder


class Newcomer(unittest.TestCase):
    prometheus: RealPrometheus
    folder: pathlib.Path

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="amberbar-setup-", dir=self.folder)
        self.addCleanup(folder.cleanup)
        self.place = pathlib.Path(folder.name)
        self.config = self.place / "amberbar.yaml"

    def gate(self, **terms):
        """What may stand before that Prometheus."""
        gate = Gate(self.prometheus.port, **terms)
        self.addCleanup(gate.close)
        return gate

    def setup_in_terminal(self, *options, columns=0):
        terminal = Talk("setup", "-c", self.config, *options, columns=columns, HOME=str(self.place))
        self.addCleanup(terminal.close)
        return terminal

    def by_options(self, *options):
        return subprocess.run([AMBERBAR, "setup", "-c", self.config, *map(str, options)],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=90)

    def files(self):
        return sorted(path.name for path in self.place.iterdir())

    def check(self, path):
        done = subprocess.run([AMBERBAR, "check", "-c", path], capture_output=True, text=True,
                              timeout=60)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def once(self, path):
        done = subprocess.run([AMBERBAR, "once", "-c", path], capture_output=True, text=True,
                              timeout=60)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


class Talk(Terminal):
    """Questions are answered one after the other. Sentences are heard whole, where the terminal does not say how
    wide it is."""

    def __init__(self, *arguments, before=(), columns=0, **environment):
        super().__init__(*arguments, before=before, columns=columns, **environment)
        self.at = 0
        self.answers = 0

    def hear(self, words):
        self.at = self.wait_for(words, self.at) + len(words)

    def answer(self, words, text=""):
        self.hear(words)
        self.type(text + "\n")
        self.answers += 1

    def accept_the_rest(self, since):
        """Enter to all further questions of the common path."""
        for words in PATH[PATH.index(since):]:
            self.answer(words)
