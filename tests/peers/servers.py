"""Servers on loopback ports of the kernel's, that note what they were sent: Prometheus with one
stable Deployment, a proxy, a token server."""

import base64
import json
import select
import socket
import threading
import time
import urllib.parse
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from peers import question


@dataclass
class Request:
    line: str
    headers: dict[str, list[str]]  # names in lower case
    form: dict[str, list[str]]

    def header(self, name: str) -> str | None:
        values = self.headers.get(name.lower())
        return values[0] if values else None

    @property
    def query(self) -> str:
        return self.form.get("query", [""])[0]


class Noting(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def note(self) -> Request:
        headers: dict[str, list[str]] = {}
        for name, value in self.headers.items():
            headers.setdefault(name.lower(), []).append(value)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        request = Request(self.requestline, headers, urllib.parse.parse_qs(body))
        self.server.requests.append(request)
        return request

    def answer(self, status: int, body: object) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, handler):
        super().__init__(("127.0.0.1", 0), handler)
        self.requests: list[Request] = []
        self.place = f"127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def handle_error(self, *_):
        pass  # a client that went away

    @property
    def last(self) -> Request:
        return self.requests[-1]

    def close(self) -> None:
        self.shutdown()
        self.server_close()


class Prometheus(Server):
    """Answers 401 to who does not send one of `admitted`; with none in it, to nobody."""

    def __init__(self):
        super().__init__(PrometheusHandler)
        self.admitted: set[str] = set()

    def admit(self, *authorizations: str) -> None:
        self.admitted = set(authorizations)


class PrometheusHandler(Noting):
    def do_POST(self):
        request = self.note()
        admitted = self.server.admitted
        if admitted and request.header("Authorization") not in admitted:
            self.answer(401, {"status": "error"})
            return
        self.answer(200, stable_answer(request.query))


def stable_rows(now: float, name: str = "web", **counters: float) -> list[tuple[dict, float]]:
    """One Deployment of two pods, all well but for `counters`; scraped at `now`."""
    labels = {"namespace": "shop", "deployment": name, "instance": "ksm:8080", "job": "ksm"}
    values = {"created": 1600000000, "metadata_generation": 3, "status_observed_generation": 3,
              "spec_replicas": 2, "spec_paused": 0, "status_replicas": 2,
              "status_replicas_updated": 2, "status_replicas_ready": 2,
              "status_replicas_available": 2, **counters}
    rows = [({**labels, "__name__": "kube_deployment_" + name}, v) for name, v in values.items()]
    return [*rows, ({**labels, "m": "sample_ts"}, now)]


def stable_answer(query: str, age_s: float = 0.0, **counters: float) -> dict:
    """What a Prometheus says that scraped it `age_s` ago."""
    now = time.time()
    return question.vector(query, stable_rows(now - age_s, **counters), now)


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


@dataclass
class Grant:
    """What a token server gives."""

    token: str = "token-1"
    expires_in: object = 3600
    secret: str = "client secret/1"  # what is expected
    takes_basic: bool = True
    extra: dict = field(default_factory=dict)


class TokenServer(Server):
    def __init__(self):
        super().__init__(TokenHandler)
        self.grant = Grant()


class TokenHandler(Noting):
    def do_POST(self):
        request, grant = self.note(), self.server.grant
        in_header = basic("wall", urllib.parse.quote(grant.secret, safe=""))
        known = (request.header("Authorization") == in_header if grant.takes_basic
                 else request.form.get("client_secret") == [grant.secret])
        if not known:
            self.answer(401, {"error": "invalid_client", "error_description": "who are you?"})
            return
        self.answer(200, {"access_token": grant.token, "token_type": "bearer",
                          "expires_in": grant.expires_in, **grant.extra})


class Proxy(Server):
    """CONNECT, and plain http. `authorization`: what it wants to see; else it says 407."""

    def __init__(self):
        super().__init__(ProxyHandler)
        self.authorization: str | None = None


class ProxyHandler(Noting):
    def do_CONNECT(self):
        self.note()
        if not self.admits():
            return
        host, port = self.path.rsplit(":", 1)
        with socket.create_connection((host, int(port))) as upstream:
            self.send_response(200)
            self.end_headers()
            relay(self.connection, upstream)
        self.close_connection = True

    def do_POST(self):
        request = self.note()
        if self.admits():
            self.answer(200, stable_answer(request.query))

    def admits(self) -> bool:
        wanted = self.server.authorization
        admitted = wanted is None or self.server.last.header("Proxy-Authorization") == wanted
        if not admitted:
            self.answer(407, {})
        return admitted


def relay(a: socket.socket, b: socket.socket) -> None:
    while True:
        for one in select.select([a, b], [], [])[0]:
            block = one.recv(65536)
            if not block:
                return
            (b if one is a else a).sendall(block)
