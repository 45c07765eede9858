"""The real Prometheus as the demo and the system tests use it: found, started, killed, started again."""

import pathlib
import socket
import sys
import tempfile
import unittest
from unittest import mock

sys.dont_write_bytecode = True
TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP / "tools"), str(TOP / "tests")]

from cluster.cluster import Cluster  # noqa: E402
from cluster.server import LiveCluster, Server  # noqa: E402
from lib import prometheus  # noqa: E402
from lib.process import Failure  # noqa: E402
from lib.prometheus import RealPrometheus  # noqa: E402
from lib.story import cast  # noqa: E402
from peers import suite  # noqa: E402



class Prometheus(unittest.TestCase):
    def setUp(self):
        cluster = Cluster()
        cast(cluster)
        server = Server(LiveCluster(cluster))
        self.addCleanup(server.close)
        self.target = f"127.0.0.1:{server.port}"

    def prometheus(self, scrape_interval: str = "1s") -> RealPrometheus:
        directory = tempfile.TemporaryDirectory(prefix="amberbar-test-")
        self.addCleanup(directory.cleanup)
        one = RealPrometheus(pathlib.Path(directory.name), [self.target], scrape_interval)
        self.addCleanup(one.stop)
        return one

    def test_killed_it_comes_back_on_its_port_with_its_data(self):
        one = self.prometheus()
        one.start()
        one.wait_for("kube_deployment_metadata_generation")
        url, first = one.url, self.oldest_sample(one)
        one.kill()
        one.start()
        self.assertEqual(one.url, url)
        self.assertEqual(self.oldest_sample(one), first)

    def oldest_sample(self, one: RealPrometheus) -> float:
        return min(series["values"][0][0] for series in one.query("kube_deployment_created[1h]"))

    def test_a_taken_port_is_left_to_who_has_it(self):
        other = self.prometheus()
        other.start()
        with socket.create_server(("127.0.0.1", 0)) as silent:
            taken = [other.port, silent.getsockname()[1]]
            ports = iter([*taken, prometheus.free_port()])
            one = self.prometheus()
            with mock.patch.object(prometheus, "free_port", lambda: next(ports)):
                one.start()
        self.assertNotIn(one.port, taken)
        other.child.expect_alive()

    def test_a_config_that_it_refuses_is_shown_with_its_log(self):
        with self.assertRaisesRegex(Failure, "(?s)Prometheus ended with status.*duration"):
            self.prometheus(scrape_interval="soon").start()


if __name__ == "__main__":
    sys.exit(suite.main(prometheus.program))
