"""A rollout, a failure and an outage as VictoriaMetrics tells them. By default it answers as of 30
seconds ago (-search.latencyOffset): `nocache=1` makes it answer as of now, and late or not, nothing
is reported that was not true."""

import pathlib
import sys
import tempfile
import time
import unittest

sys.dont_write_bytecode = True
TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP / "tools"), str(TOP / "tests")]

from cluster.cluster import Cluster, Fault, Spec, Template  # noqa: E402
from cluster.server import LiveCluster, Server  # noqa: E402
from lib.daemon import config  # noqa: E402
from peers import suite, victoria  # noqa: E402
from peers.wall import Wall  # noqa: E402

OFFSET_S = 30.0
PATIENCE_S = 20.0
ROLLOUTS = [{"name": "cms", "namespace": "cms"}]


class Victoria(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="amberbar-test-")
        self.addCleanup(directory.cleanup)
        self.place = pathlib.Path(directory.name)
        cluster = Cluster(epoch=time.time())
        web = Spec(Template(start_s=2.0), replicas=6, progress_deadline_s=5.0)
        cluster.create("cms/web", web, running=True)
        cluster.create("cms/api", Spec(replicas=2), running=True)
        self.live = LiveCluster(cluster)
        server = Server(self.live)
        self.addCleanup(server.close)
        self.victoria = victoria.VictoriaMetrics(self.place, [f"127.0.0.1:{server.port}"])
        self.addCleanup(self.victoria.stop)
        self.victoria.start()

    def wall(self, **terms) -> Wall:
        wall = Wall(config(self.victoria.url, "frames", ROLLOUTS, **terms))
        self.addCleanup(wall.close)
        wall.start()
        return wall

    def test_the_story(self):
        now = self.wall(extra_params={"nocache": "1"})
        named = self.wall(extra_params={"nocache": "1"}, query_style="named")
        # Room for one workload where there are two: surveyed.
        survey = self.wall(extra_params={"nocache": "1"}, max_response_size="9KiB")
        late = self.wall()
        now.expect(cms="stable")
        begun = time.monotonic()
        with self.live.now() as cluster:
            cluster.rollout("cms/web")
        for wall in (now, named, survey):
            wall.expect(PATIENCE_S, cms="progressing")
        for wall in (now, named, survey):
            wall.expect(PATIENCE_S, cms="stable")
        self.assertLess(len(survey.said()["cms"]["workloads"]), 2)  # of two
        with self.live.now() as cluster:
            cluster.rollout("cms/web", fault=Fault.IMAGE_PULL)
        for wall in (now, named, survey):
            wall.expect(PATIENCE_S, cms="failed")
        late.expect(OFFSET_S, cms="progressing")
        self.assertGreater(time.monotonic() - begun, OFFSET_S / 2)
        self.victoria.kill()
        for wall in (now, named, survey):
            wall.expect(PATIENCE_S, cms="unknown")
        for wall in (now, named, survey):
            reported = wall.transitions("cms")
            self.assertEqual(reported[0], "stable")
            self.assertEqual([state for state in reported if state != "unknown"][-1], "failed")
            self.assertLessEqual(set(reported), {"stable", "progressing", "failed", "unknown"})


if __name__ == "__main__":
    sys.exit(suite.main(victoria.program))
