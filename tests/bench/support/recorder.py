"""A proxy on a loopback port that notes what a daemon asks Prometheus, round by round."""

import http.client
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from lib.process import Failure

ROUND_GAP_S = 0.5  # the requests of one round follow one another at once
PASSED_ON = ("Content-Type", "Accept-Encoding", "User-Agent")


@dataclass(frozen=True)
class Request:
    path: str
    headers: dict[str, str]
    body: bytes

    def ask(self, port: int, **headers: str) -> bytes:
        """The whole body of the answer, as it came."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        try:
            connection.request("POST", self.path, self.body, self.headers | headers)
            answer = connection.getresponse()
            if answer.status != 200:
                raise Failure(f"{answer.status} for {self.body!r}: {answer.read()!r}")
            return answer.read()
        finally:
            connection.close()


class Recorder(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, upstream_port: int):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.upstream_port = upstream_port
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.connections = 0
        self._rounds: list[list[Request]] = []
        self._idle_since = 0.0
        self._lock = threading.Lock()
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def rounds(self) -> list[list[Request]]:
        """Those that are over."""
        with self._lock:
            over = time.monotonic() - self._idle_since > ROUND_GAP_S
            return list(self._rounds if over else self._rounds[:-1])

    def note(self, request: Request) -> None:
        with self._lock:
            if not self._rounds or time.monotonic() - self._idle_since > ROUND_GAP_S:
                self._rounds.append([])
            self._rounds[-1].append(request)
            self._idle_since = float("inf")

    def answered(self) -> None:
        with self._lock:
            self._idle_since = time.monotonic()

    def close(self) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, *_):
        pass  # a daemon that was stopped


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self):
        super().setup()
        self.server.connections += 1
        self.upstream = http.client.HTTPConnection("127.0.0.1", self.server.upstream_port)

    def finish(self):
        self.upstream.close()
        super().finish()

    def do_POST(self):
        headers = {name: self.headers[name] for name in PASSED_ON if name in self.headers}
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.note(Request(self.path, headers, body))
        self.upstream.request("POST", self.path, body, headers)
        answer = self.upstream.getresponse()
        content = answer.read()
        self.send_response(answer.status)
        for name in ("Content-Type", "Content-Encoding"):
            if answer.headers[name]:
                self.send_header(name, answer.headers[name])
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        self.server.answered()

    def log_message(self, *_):
        pass
