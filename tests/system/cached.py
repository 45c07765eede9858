"""nginx as a cache before a real Prometheus, as found before many a dashboard: it answers from what
it keeps whenever what is behind it fails. Everything behind it is killed, and the wall must not go
on telling of a world that nobody sees any more (evidence N1)."""

import pathlib
import sys
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path[:0] = [str(TOP / "tools"), str(TOP / "tests")]

from lib import prometheus  # noqa: E402
from peers import suite  # noqa: E402
from peers.authority import Nginx, program  # noqa: E402
from peers.picture import is_all_green  # noqa: E402
from peers.world import MAX_AGE_S, SLACK_S, TERMS, World  # noqa: E402

POLL_S = 2.0  # the cache's shortest life is a second: a live Prometheus is asked in each poll
TIMEOUT_S = 1.0
BOUND_S = MAX_AGE_S + POLL_S + TIMEOUT_S  # how old what a green wall speaks of may be
WATCHED_S = 8.0

# Of each site: by what the cache tells questions apart, and for how long it repeats unasked.
KEYS = {
    "address": ("$request_uri", "1s"),  # all questions are one
    "question": ("$request_uri$request_body", "1s"),
    "get": ("$uri$is_args$args", "1s"),  # POST is refused; by GET the question is in the address
    "path": ("$uri", "1s"),  # POST is refused, and all questions are one
    "eager": ("$request_uri", "1h"),  # repeats while all behind it is well
}
GET_ONLY = {"get", "path"}
SAME_FOR_ALL = {"address", "path"}

SITE = """
    client_body_buffer_size 1m; client_body_in_single_buffer on; proxy_buffer_size 64k;
    proxy_buffers 8 64k; large_client_header_buffers 4 64k;
    location / {{
        {refuse}
        proxy_pass http://127.0.0.1:{port}; proxy_http_version 1.1; proxy_connect_timeout 500ms;
        proxy_cache answers; proxy_cache_methods GET HEAD POST; proxy_cache_key "{name}{key}";
        proxy_cache_valid 200 {life};
        proxy_cache_use_stale error timeout invalid_header updating
            http_500 http_502 http_503 http_504;
        add_header X-Cache $upstream_cache_status;
    }}
"""


class Cached(World):
    def setUp(self):
        super().setUp()
        self.behind = self.exporter(self.cluster("shop/web"))
        self.one = self.prometheus("one", {"static_configs": [{"targets": [self.behind.target]}]})
        self.one.wait_for("count(kube_deployment_metadata_generation) == 1")
        folder = self.place / "nginx"
        folder.mkdir()
        nginx = Nginx(folder, "proxy_cache_path cache keys_zone=answers:1m inactive=1h;")
        places = {}
        for name, (key, life) in KEYS.items():
            refuse = "if ($request_method = POST) { return 405; }" if name in GET_ONLY else ""
            block = SITE.format(refuse=refuse, port=self.one.port, name=name, key=key,
                                life=life)
            places[name] = nginx.site(name, block, "")
        self.addCleanup(nginx.stop)
        nginx.start()
        self.begun = time.monotonic()
        terms = {"poll_interval": f"{POLL_S:.0f}s", "timeout": f"{TIMEOUT_S:.0f}s"}
        # One name is one question a poll: no two are taken for each other while all is well.
        rollouts = [{"name": "shop", "namespace": "shop", "deployment": "web"} | TERMS]
        self.walls = {
            name: self.wall(f"http://{place}", rollouts, **terms) for name, place in places.items()
        }

    def test_what_is_behind_a_cache_dies_and_comes_back(self):
        eager = self.walls.pop("eager")
        for name, wall in self.walls.items():
            self.wait_shown(wall, is_all_green, f"green, while all is well behind {name},")
        self.assert_says(eager, "cache")
        killed = time.monotonic()
        self.behind.kill()
        self.one.kill()
        for wall in self.walls.values():
            self.watch(wall, killed + BOUND_S + SLACK_S + WATCHED_S)
        for name, wall in self.walls.items():
            with self.subTest("killed", key=name):
                since = killed + BOUND_S + SLACK_S
                self.assert_never_green(wall, since, f"all behind the cache of {name} is dead")
                self.assertEqual(wall.said()["shop"]["state"], "unknown")
                # The others' questions were never asked before: nothing to repeat, an error.
                self.assert_says(wall, "cache" if name in SAME_FOR_ALL else "50")
        with self.subTest("repeats while all is well"):
            # Of the one answer that was new, green may have been right while it was.
            since = self.begun + SLACK_S + BOUND_S + SLACK_S
            self.assert_never_green(eager, since, "the cache repeats one answer")
        self.behind.revive()
        self.one.start()
        self.one.wait_for("count(kube_deployment_metadata_generation) == 1")
        for name, wall in self.walls.items():
            with self.subTest("back", key=name):
                self.wait_shown(wall, is_all_green, f"green, with all back behind {name},")


if __name__ == "__main__":
    sys.exit(suite.main(prometheus.program, program))
