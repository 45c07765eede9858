"""A Prometheus that answers at once and always the same but for the time and the nonce, and so always
as many bytes: the first time that a query comes it is passed on to a real one, and from then on its
answer is given again from memory."""

import re
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from lib.prometheus import ANSWER_S, DIRECTLY
from peers.question import nonce_of, with_nonce

PATIENCE_S = 120.0  # for a program under callgrind on a small machine
NOBODY = "0" * 16  # the nonce by which answers are kept
SERIES = re.compile(rb'\{"metric":\{(.*?)\},"value":\[([\d.]+),"([^"]*)"\]\}')


class Kept:
    """An answer, and where in it times and the nonce stand."""

    def __init__(self, body: bytes):
        self.evaluated = 0.0
        self._pieces: list[bytes | float] = []
        done = 0
        for series in SERIES.finditer(body):
            self.evaluated = float(series[2])
            groups = (2, 3) if b'"m":"sample_ts' in series[1] else (2,)
            for group in groups:
                self._pieces += [body[done:series.start(group)], float(series[group])]
                done = series.end(group)
        self._pieces.append(body[done:])

    def __len__(self) -> int:
        return len(self.given(NOBODY, self.evaluated))

    def series(self) -> int:
        return sum(isinstance(piece, bytes) and b'"metric"' in piece for piece in self._pieces)

    def given(self, nonce: str | None, now: float) -> bytes:
        """As a Prometheus would say it now that has just scraped."""
        spelled = {piece: b"%.3f" % (piece + now - self.evaluated)
                   for piece in self._pieces if isinstance(piece, float)}
        body = b"".join(spelled.get(piece, piece) for piece in self._pieces)
        return body if nonce is None else body.replace(NOBODY.encode(), nonce.encode())


class Replay(ThreadingHTTPServer):
    """On a loopback port, from a thread of its own. Answers as many requests as it is reported to, and
    holds the next one back until it is reported again: so a program can be stopped between two polls."""

    daemon_threads = True

    def __init__(self, answers: dict[str, Kept], upstream: str | None = None):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers = answers  # by query, with nobody's nonce; several may share them
        self.upstream = upstream  # None: nothing new can be answered
        self.queries: list[str] = []  # as they came
        self.connections = 0
        self.answered = 0
        self.place = f"127.0.0.1:{self.server_address[1]}"
        self.url = f"http://{self.place}"
        self._changed = threading.Condition()
        self._left: int | None = None
        self._held = False
        self._turn = 0  # what was held back in one before is not answered
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def allow(self, count: int | None) -> None:
        """Answers so many requests from now on; None: all."""
        with self._changed:
            self._left, self._held = count, False
            self._turn += 1
            self.queries.clear()
            self.answered = 0
            self._changed.notify_all()

    def wait_for(self, count: int, is_alive) -> bool:
        """True when so many have been asked, and all that is allowed is answered."""
        with self._changed:
            until = PATIENCE_S
            while len(self.queries) < count or (self._left is not None and not self._held):
                self._changed.wait(0.2)
                until -= 0.2
                if until < 0 or not is_alive():
                    return False
        return True

    def take(self, query: str) -> bytes:
        """The answer, once it may be given."""
        with self._changed:
            self.queries.append(query)
            self._held = self._left == 0
            self._changed.notify_all()
            turn = self._turn
            while self._left == 0 and turn == self._turn:
                self._changed.wait()
            if turn != self._turn:
                raise ConnectionAbortedError
            if self._left is not None:
                self._left -= 1
        kept = with_nonce(query, NOBODY)
        if kept not in self.answers:
            self.answers[kept] = Kept(self._fetch(kept))
        return self.answers[kept].given(nonce_of(query), time.time())

    def _fetch(self, query: str) -> bytes:
        if self.upstream is None:
            return b'{"status":"error","errorType":"bad_data","error":"not known here"}'
        form = urllib.parse.urlencode({"query": query}).encode()
        with DIRECTLY.open(f"{self.upstream}/api/v1/query", form, timeout=10 * ANSWER_S) as answer:
            return answer.read()

    def handle_error(self, *_):
        pass  # a client that went away

    def close(self) -> None:
        self.allow(None)
        self.shutdown()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet, as Prometheus sends a small answer
    disable_nagle_algorithm = True
    server: Replay

    def setup(self):
        super().setup()
        self.server.connections += 1

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        answer = self.server.take(urllib.parse.parse_qs(body)["query"][0])
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.server.answered += 1  # before: who reads on can see it
        self.wfile.write(answer)

    def log_message(self, *_):
        pass
