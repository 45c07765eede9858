"""A Prometheus on a port of the kernel's, as tests want it: one connection in one thread, HTTP by hand,
so that a test decides when which byte is sent. servers.py has one that notes headers and refuses."""

import json
import socket
import threading
import time

from peers.question import query_of, vector
from peers.servers import stable_rows


class Listener(threading.Thread):
    """Listens from its making on: serve() has each connection, in a thread of its own."""

    def __init__(self):
        super().__init__(daemon=True)
        self.connections = 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.start()

    def run(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def close(self):
        self.socket.close()


class Prometheus(Listener):
    """Treats each request as told: stall, or answer."""

    def __init__(self, body=None):
        self.body = body  # or a function of the query; None: take it and never answer
        self.requests = 0
        self.was_asked = threading.Event()
        super().__init__()

    def answer(self, query, connection):
        """The status and the body; None for no answer. A test may have its own."""
        body = self.body(query) if callable(self.body) else self.body
        return None if body is None else (200, body)

    def serve(self, connection):
        with connection, connection.makefile("rb") as lines:
            while request := read_request(lines):
                self.requests += 1
                self.was_asked.set()
                if not (answer := self.answer(query_of(request), connection)):
                    continue
                status, body = answer
                connection.sendall(b"HTTP/1.1 %d .\r\nContent-Type: application/json\r\n"
                                   b"Content-Length: %d\r\n\r\n%s" % (status, len(body), body))


def read_request(lines):
    """The next whole request on a connection; b"" when there is none any more."""
    request, length = b"", 0
    try:
        while not request.endswith(b"\r\n\r\n"):
            if not (line := lines.readline()):
                return b""
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
            request += line
        return request + lines.read(length)
    except OSError:
        return b""


def encoded(query, rows, now=None):
    """The body of the answer that finds these rows: (labels, value)."""
    return json.dumps(vector(query, rows, now)).encode()


def numbers_answer(*numbers):
    """What a Prometheus says to a query that yields these, without labels."""
    return lambda query: encoded(query, [({}, number) for number in numbers])


def stable_answer(name="web"):
    """What a Prometheus says of one Deployment that is as it should be, whenever it is asked."""
    def answer(query):
        now = time.time()
        return encoded(query, stable_rows(now, name), now)
    return answer
