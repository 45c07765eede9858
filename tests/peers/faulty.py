"""A Prometheus that misbehaves as told: FAULTS has every way, each a function that treats one
request; STATES are what it says of its one Deployment while it behaves."""

import copy
import json
import random
import socket
import ssl
import struct
import threading
import time
import zlib

from peers.question import query_of, vector, with_nonce
from peers.servers import stable_answer, stable_rows

STATES = {
    "stable": {},
    "progressing": {"status_replicas_updated": 1, "status_replicas": 3},
    "degraded": {"status_replicas_ready": 1, "status_replicas_available": 1},
}
GB = 1 << 30
CROWD = 5000
PAD = 70000  # bytes; after an answer of 64 kB the daemon asks for compression
OPEN = b'{"status":"success","data":{"resultType":"vector","result":['
ROW = (b'{"metric":{"__name__":"kube_deployment_spec_replicas","namespace":"shop","deployment":"web",'
       b'"instance":"ksm:8080","job":"ksm"},"value":[1795377760.497,"1"]},')


class Hangup(Exception):
    """This connection is over."""


class Talk:
    """One connection, within one request."""

    def __init__(self, server: "Faulty", connection: socket.socket):
        self.server = server
        self.connection = connection
        self.compressed = False  # it was asked for
        self.query = ""

    def greenish(self) -> bytes:
        """What a torn or disguised answer would claim: that all is well, by the question's nonce."""
        return json.dumps(stable_answer(self.query)).encode()

    def send(self, *pieces: bytes) -> None:
        for piece in pieces:
            self.connection.sendall(piece)

    def head(self, length: int | None, code: str = "200 OK", extra: str = "") -> None:
        size = "" if length is None else f"Content-Length: {length}\r\n"
        self.send(f"HTTP/1.1 {code}\r\nContent-Type: application/json\r\n{extra}{size}\r\n".encode())

    def body(self, body: bytes, code: str = "200 OK", extra: str = "") -> None:
        self.head(len(body), code, extra)
        self.send(body)

    def pause(self, seconds: float) -> None:
        """Until the server changes its ways, or the client goes."""
        until = time.monotonic() + seconds
        self.connection.settimeout(0.05)
        while time.monotonic() < until and not self.server.is_over(self):
            try:
                if not self.connection.recv(1):
                    raise Hangup
            except (socket.timeout, ssl.SSLWantReadError):
                pass
        self.connection.settimeout(10)

    def again(self, piece: bytes, times: int, pause_s: float = 0.0) -> None:
        for _ in range(times):
            if self.server.is_over(self):
                raise Hangup
            self.send(piece)
            if pause_s:
                self.pause(pause_s)


def reset(talk: Talk) -> None:
    talk.send(b"HTTP/1.1 200 OK\r\nContent-Le")
    talk.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    raise Hangup


def half(talk: Talk) -> None:
    greenish = talk.greenish()
    talk.head(len(greenish))
    talk.send(greenish[:-2])
    raise Hangup


def stall(talk: Talk) -> None:
    talk.pause(3600)
    raise Hangup


def slow_body(talk: Talk) -> None:
    talk.head(len(talk.greenish()) * 2)
    talk.again(b" ", 3600, 1.0)


def slow_head(talk: Talk) -> None:
    talk.send(b"HTTP/1.1 200 OK\r\n")
    talk.again(b"X", 3600, 1.0)


def headers(talk: Talk) -> None:
    talk.send(b"HTTP/1.1 200 OK\r\n")
    talk.again(b"".join(b"X-Filler-%d: %s\r\n" % (i, b"y" * 200) for i in range(1000)), 1000)
    greenish = talk.greenish()
    talk.send(b"Content-Length: %d\r\n\r\n" % len(greenish), greenish)


def big(talk: Talk) -> None:
    block = ROW * 7000
    talk.head(None, extra="Connection: close\r\n")
    talk.send(OPEN)
    talk.again(block, GB // len(block) + 1)
    talk.send(ROW[:-1] + b"]}}")
    raise Hangup


def make_bomb() -> tuple[bytes, bytes, int]:
    """A gzip of 1 GB: its start, a block, and how often that comes; whole but for its checksum,
    which nobody should get to."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    start = packer.compress(OPEN) + packer.flush(zlib.Z_FULL_FLUSH)
    block = ROW * 7000
    packed = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    return start, packed, GB // len(block) + 1


BOMB = make_bomb()


def bomb(talk: Talk) -> None:
    start, block, times = BOMB
    talk.server.armed += talk.compressed
    end = zlib.compress(ROW[:-1] + b"]}}", 9)[2:-4] + struct.pack("<II", 0, 0)
    talk.head(len(start) + len(block) * times + len(end), extra="Content-Encoding: gzip\r\n")
    talk.send(start)
    talk.again(block, times)
    talk.send(end)


def deep(talk: Talk) -> None:
    talk.body(b"[" * 1_000_000)


def redirect(talk: Talk) -> None:
    """To itself, for ever: 10,000 of them and more, for who follows."""
    talk.body(b"", "307 Temporary Redirect", "Location: /api/v1/query?again=1\r\n")


def html(talk: Talk) -> None:
    talk.body(b"<html>Sign in to the guest network</html>", extra="X-Portal: yes\r\n")


def unavailable(talk: Talk) -> None:
    talk.body(b"no\n", "503 Service Unavailable")


def api_error(talk: Talk) -> None:
    talk.body(b'{"status":"error","errorType":"timeout","error":"query timed out"}',
              "422 Unprocessable Entity")


def nulls(talk: Talk) -> None:
    talk.body(OPEN + b'{"metric":null,"value":null},{"value":[]},{"value":[1,2]},7]}}')


def bad_utf8(talk: Talk) -> None:
    odd = talk.greenish().replace(b'"job"', b'"uid": "\xff\xfe\xc0", "job"')
    talk.body(odd.replace(b'"2"', b'"\xff"'))


def bad_chunk(talk: Talk) -> None:
    talk.head(None, extra="Transfer-Encoding: chunked\r\n")
    talk.send(b"zz\r\nxx\r\n")
    raise Hangup


def nothing(talk: Talk) -> None:
    talk.body(json.dumps(vector(talk.query, [])).encode())


def old_data(talk: Talk) -> None:
    """The pods were well an hour ago: whoever saw that has not looked since."""
    talk.body(json.dumps(stable_answer(talk.query, age_s=3600)).encode())


def not_numbers(talk: Talk) -> None:
    talk.body(json.dumps(stable_answer(talk.query, status_replicas_available="NaN")).encode())


def refuse(talk: Talk) -> None:
    raise Hangup  # nobody gets so far


REPLACEMENTS = (None, [], {}, "", 0, {"a": ["a", {}]}, [{"a": []}], True)


def nodes_of(root: object) -> list[tuple]:
    """Each node but the outermost, as its parent and its place there."""
    found, whole = [], [root]
    for node in whole:
        places = list(node) if isinstance(node, dict) else \
            range(len(node)) if isinstance(node, list) else ()
        found += [(node, place) for place in places]
        whole += [node[place] for place in places]
    return found


def mutant(talk: Talk) -> None:
    """What is bad in two ways, with one node changed: no change makes it good."""
    answer = stable_answer(talk.query, status_replicas_updated=1, **STATES["degraded"])
    chance = random.Random(talk.server.requests)
    nodes = nodes_of(answer)
    parent, place = chance.choice(nodes)
    change = chance.choice(("replace", "replace", "remove", "double", "shape"))
    if change == "shape":
        other, there = chance.choice(nodes)
        parent[place] = [parent[place]] if chance.random() < 0.5 else copy.deepcopy(other[there])
    elif change == "replace" or (isinstance(parent, list) and parent is answer["data"]["result"]):
        parent[place] = chance.choice(REPLACEMENTS)
    elif change == "remove":
        del parent[place]
    elif isinstance(parent, list):
        parent.append(parent[place])
    else:
        parent["a"] = parent[place]
    talk.body(json.dumps(answer).encode())


def repeat(talk: Talk) -> None:
    """A good answer to an older question, as a cache repeats it."""
    older = with_nonce(talk.query, "0123456789abcdef")
    talk.body(json.dumps(stable_answer(older)).encode())


def of_others(talk: Talk) -> None:
    """Good news of a workload that nobody asked for, by the question's own nonce."""
    now = time.time()
    talk.body(json.dumps(vector(talk.query, stable_rows(now, "other"), now)).encode())


def aged(talk: Talk) -> None:
    """Good, and as its header says an hour old: what a cache has kept by the question's own text."""
    talk.body(talk.greenish(), extra="Age: 3600\r\n")


def not_200(talk: Talk) -> None:
    """Good, from somebody in between (RFC 9110: 203 Non-Authoritative Information)."""
    talk.body(talk.greenish(), "203 Non-Authoritative Information")


def past(talk: Talk) -> None:
    """Evaluated an hour ago, of samples that were new then."""
    then = time.time() - 3600
    talk.body(json.dumps(vector(talk.query, stable_rows(then), then)).encode())


def crowd(talk: Talk) -> None:
    """Thousands of workloads that nobody asked for, from as many sources, and none that somebody did."""
    now = time.time()
    rows = [({"__name__": "kube_deployment_spec_replicas", "namespace": "shop", "deployment": f"w{i}",
              "instance": f"ksm{i}:8080", "job": "ksm"}, 1) for i in range(CROWD)]
    talk.body(json.dumps(vector(talk.query, rows, now)).encode())


FAULTS = {
    "refuse": refuse, "rst": reset, "half": half, "stall": stall, "slow": slow_body,
    "slowhead": slow_head, "headers": headers, "big": big, "bomb": bomb, "deep": deep,
    "redirect": redirect, "html": html, "err503": unavailable, "apierr": api_error, "null": nulls,
    "badutf8": bad_utf8, "badchunk": bad_chunk,
    "nothing": nothing, "old": old_data, "nan": not_numbers, "mutant": mutant, "repeat": repeat,
    "others": of_others, "aged": aged, "not200": not_200, "past": past, "crowd": crowd,
}


class Faulty:
    """`answers` notes each good answer that was sent: (monotonic, state)."""

    def __init__(self, address: str = "127.0.0.1", contexts: dict | None = None):
        self.address = address
        self.contexts = contexts or {}  # of TLS, by name; with any, it speaks https
        self.context = "good"
        self.padding = b""
        self.armed = 0  # bombs that somebody asked for
        self.requests = 0
        self.answers: list[tuple[float, str]] = []
        self._way = "stable"
        self._age = 0  # of the ways; what began under an older one ends
        self._lock = threading.Lock()
        self._connections: dict[socket.socket, int] = {}
        self._closed = False
        self.port = 0  # the kernel's choice
        self._bind()
        self.port = self._listener.getsockname()[1]
        self._listen()

    @property
    def url(self) -> str:
        return f"http{'s' if self.contexts else ''}://{self.address}:{self.port}"

    @property
    def way(self) -> str:
        return self._way

    def behave(self, way: str = "stable", context: str = "good") -> None:
        """From now on as this state or fault says. What is under way, and all connections, end."""
        refused = self._way == "refuse"
        with self._lock:
            self._way, self.context = way, context
            self._age += 1
            old = list(self._connections)
        if way == "refuse" and not refused:
            self._hold_port()
        elif way != "refuse" and refused:
            self._listen()
        for connection in old:
            hang_up(connection)

    def is_over(self, talk: Talk) -> bool:
        return self._closed or self._connections.get(talk.connection) != self._age

    def close(self) -> None:
        self._closed = True
        self._hold_port()
        self._listener.close()
        for connection in list(self._connections):
            hang_up(connection)

    def _hold_port(self) -> None:
        """Bound and not listening: the kernel refuses, and gives the port to nobody else."""
        hang_up(self._listener)
        self._listener.close()
        self._bind()

    def _bind(self) -> None:
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind((self.address, self.port))

    def _listen(self) -> None:
        self._listener.listen(16)
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                connection = listener.accept()[0]
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with self._lock:
            age, context = self._age, self.context
        raw = connection
        try:
            connection.settimeout(10)
            if self.contexts:
                self._connections[raw] = age
                connection = self.contexts[context].wrap_socket(connection, server_side=True)
            self._connections[connection] = age
            while self._connections[connection] == self._age:
                self._treat(Talk(self, connection))
        except (OSError, Hangup, ValueError):
            pass
        finally:
            self._connections.pop(raw, None)
            self._connections.pop(connection, None)
            connection.close()

    def _treat(self, talk: Talk) -> None:
        request = self._read(talk.connection)
        talk.compressed = b"\r\naccept-encoding: gzip" in request.lower()
        talk.query = query_of(request)
        way = self._way
        if self.is_over(talk):
            raise Hangup
        self.requests += 1
        if way in FAULTS:
            FAULTS[way](talk)
            return
        talk.body(json.dumps(stable_answer(talk.query, **STATES[way])).encode() + self.padding)
        self.answers.append((time.monotonic(), way))

    @staticmethod
    def _read(connection: socket.socket) -> bytes:
        request = b""
        while b"\r\n\r\n" not in request:
            request += more(connection)
        head, body = request.split(b"\r\n\r\n", 1)
        length = 0
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        while len(body) < length:
            body += more(connection)
        return head + b"\r\n\r\n" + body


def more(connection: socket.socket) -> bytes:
    block = connection.recv(65536)
    if not block:
        raise Hangup
    return block


def hang_up(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # it is gone, or was never there
