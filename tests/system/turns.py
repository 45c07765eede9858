"""Two real Prometheuses that answer in turn behind nginx, as a highly available pair does. One of them
has lost an exporter that the other still shows. What that exporter told of is not deleted: what one
server shows does not witness for what the other lacks (evidence W2). What is deleted, is."""

import pathlib
import sys
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path[:0] = [str(TOP / "tools"), str(TOP / "tests")]

from cluster.cluster import Fault  # noqa: E402
from lib import prometheus  # noqa: E402
from peers import suite  # noqa: E402
from peers.authority import Nginx, program  # noqa: E402
from peers.picture import is_all_green, is_red, shows  # noqa: E402
from peers.world import TERMS, World  # noqa: E402

WATCHED_S = 10.0  # some turns
ROLLED = "kube_deployment_status_observed_generation{deployment='web'} == 2"
POOL = "upstream {} {{ server 127.0.0.1:{}; server 127.0.0.1:{}; }}"  # one after the other
SITE = """client_body_buffer_size 1m; client_body_in_single_buffer on;
    location / {{ proxy_pass http://{}; proxy_http_version 1.1; proxy_connect_timeout 500ms; }}"""
ASKED = {
    "selector": [{"name": "shop", "namespace": "shop"} | TERMS],
    "names": [{"name": "shop", "namespace": "shop", "deployment": "web"} | TERMS,
              {"name": "api", "namespace": "shop", "deployment": "api"} | TERMS],
}


class Turns(World):
    def setUp(self):
        super().setUp()
        self.live = self.cluster("shop/web", "pay/till")  # what tells of one tells of others
        self.targets = [self.exporter(live).target for live in (self.live, self.cluster("shop/api"))]

    def server(self, name: str, *targets: str, workloads: int):
        one = self.prometheus(name, {"static_configs": [{"targets": list(targets)}]})
        one.wait_for(f"count(kube_deployment_metadata_generation) == {workloads}")
        return one

    def take_turns(self, *servers) -> dict:
        """A wall for each way to ask: none disturbs the others' turns."""
        folder = self.place / "nginx"
        folder.mkdir()
        ports = [server.port for server in servers]
        nginx = Nginx(folder, "\n".join(POOL.format(name, *ports) for name in ASKED))
        places = {name: nginx.site(name, SITE.format(name), "") for name in ASKED}
        self.addCleanup(nginx.stop)
        nginx.start()
        return {name: self.wall(f"http://{places[name]}", rollouts)
                for name, rollouts in ASKED.items()}

    def test_what_one_of_them_does_not_scrape_is_not_deleted(self):
        whole = self.server("whole", *self.targets, workloads=3)
        with self.live.now() as cluster:
            cluster.rollout("shop/web", fault=Fault.IMAGE_PULL)
        whole.wait_for(ROLLED)
        walls = self.take_turns(whole, self.server("lost", self.targets[1], workloads=1))
        # The other wall may be answered by the one that has lost it whenever it asks, and never know.
        self.wait_shown(walls["selector"], lambda frame: shows(frame, is_red), "the failure")
        seen = time.monotonic()
        for name, wall in walls.items():
            self.watch(wall, seen + WATCHED_S)
            with self.subTest(asked=name):
                # Who has asked the one that has lost it alone so far knows of nothing else.
                self.assertNotIn("stable", wall.transitions("shop")[1:])
                self.assert_never(wall, is_all_green, seen, "all is well, though one has failed")
                self.assertIn(wall.said()["shop"]["state"], ("unknown", "failed"))

    def test_what_neither_of_them_shows_any_more_is_deleted(self):
        walls = self.take_turns(*(self.server(name, *self.targets, workloads=3)
                                  for name in ("one", "another")))
        for wall in walls.values():
            self.wait_shown(wall, is_all_green, "what is well in both")
        with self.live.now() as cluster:
            cluster.rollout("shop/web", fault=Fault.IMAGE_PULL)
        for wall in walls.values():
            wall.expect(shop="failed")
        with self.live.now() as cluster:
            cluster.delete("shop/web")
        self.wait_shown(walls["selector"], is_all_green, "what is left")
        self.assert_says(walls["names"], "no Deployment web in shop")


if __name__ == "__main__":
    sys.exit(suite.main(prometheus.program, program))
