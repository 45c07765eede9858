"""The cluster on a loopback port: /metrics, and /control?do=...&deployment=... The only file here
that reads a clock: virtual time is caught up whenever somebody looks."""

import sys
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from .cluster import Cluster, Refused
from .command import run_query
from .metrics import CONTENT_TYPE, Exporter


class LiveCluster:
    """A cluster whose virtual time runs `speed` times as fast as the clock."""

    def __init__(
        self,
        cluster: Cluster,
        speed: float = 1.0,
        exporter: Exporter = Exporter(),
        clock: Callable[[], float] = time.monotonic,
    ):
        self._cluster = cluster
        self._exporter = exporter
        self._speed = speed
        self._clock = clock
        self._started = clock() - cluster.now / speed
        self._lock = threading.Lock()

    @contextmanager
    def now(self):
        """The cluster as it is at this moment; nobody else touches it meanwhile."""
        with self._lock:
            elapsed = (self._clock() - self._started) * self._speed
            self._cluster.step(max(0.0, elapsed - self._cluster.now))
            yield self._cluster

    def clock_of(self, virtual: float) -> float:
        """The clock's time at which virtual time was `virtual`."""
        return self._started + virtual / self._speed

    def metrics(self) -> str:
        """kube-state-metrics', and those of the applications."""
        with self.now() as cluster:
            texts = [self._exporter.text(cluster)]
            for key, traffic in cluster.traffic.items():
                if key in cluster.deployments:
                    texts.append(traffic.text(cluster.deployments[key]))
            return "".join(texts)


class Server:
    """Serves a LiveCluster from a thread of its own until close()."""

    def __init__(self, live: LiveCluster, port: int = 0):
        handler = type("Handler", (_Handler,), {"live": live})
        self._http = _HTTPServer(("127.0.0.1", port), handler)
        self.port = self._http.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class _HTTPServer(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # kept-alive connections would hold close() up

    def handle_error(self, request, client_address):
        """Who is stopped in the middle of a scrape takes no answer; all else is ours."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    live: LiveCluster

    def do_GET(self):
        url = urlsplit(self.path)
        if url.path == "/metrics":
            self._answer(200, CONTENT_TYPE, self.live.metrics())
        elif url.path == "/control":
            self._control(url.query)
        else:
            self._answer(404, "text/plain", "there is /metrics and /control\n")

    do_POST = do_GET

    def log_message(self, *_):
        pass

    def _control(self, query: str) -> None:
        try:
            with self.live.now() as cluster:
                run_query(cluster, query)
        except Refused as error:
            self._answer(400, "text/plain", f"{error}\n")
        else:
            self._answer(200, "text/plain", "done\n")

    def _answer(self, status: int, content_type: str, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
