"""P11: https through a real nginx, and what a handshake takes that fails."""

import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import ExitStack
from signal import SIGTERM

from peers.authority import Authority, Nginx
from peers.servers import relay
from support.callgrind import CALLGRIND, collected
from support.fixture import CONFIGS, Fixture
from support.programs import SETTLE_S, Program, ours, reference
from support.replay import PATIENCE_S, Replay
from support.table import Row

HERE = "IP:127.0.0.1,DNS:localhost"
POLLS, INTERVAL_MS = (2, 6), 4000  # a handshake takes long under callgrind
FAILURES = (2, 4)
WATCHED_S = 14.0
MOST = 10e6  # instructions of a handshake that fails


class Gate(socketserver.ThreadingTCPServer):
    """Passes connections on, up to `left`, and keeps when they came."""

    daemon_threads = True

    def __init__(self, target: str):
        super().__init__(("127.0.0.1", 0), GateHandler)
        self.target = target
        self.url = f"https://127.0.0.1:{self.server_address[1]}"
        self.times: list[float] = []
        self.connections = 0
        self.left = 1 << 30
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def handle_error(self, *_):
        pass  # a client that went away

    def close(self) -> None:
        self.shutdown()
        self.server_close()


class GateHandler(socketserver.BaseRequestHandler):
    server: Gate

    def handle(self):
        self.server.times.append(time.monotonic())
        self.server.connections += 1
        if len(self.server.times) > self.server.left:
            self.request.recv(1 << 16)  # held until it goes away
            self.request.recv(1 << 16)
            return
        host, port = self.server.target.split(":")
        with socket.create_connection((host, int(port))) as upstream:
            relay(self.request, upstream)


class Sites:
    """nginx before the answers: with a certificate of our authority, and one of an unknown one."""

    def __init__(self, made: Fixture, stack: ExitStack):
        folder = made.place / "nginx"
        folder.mkdir()
        self.authority, unknown = Authority(folder, "ours"), Authority(folder, "theirs")
        self.server = Replay(made.answers)
        nginx = Nginx(folder)
        stack.callback(nginx.stop)
        block = (f"location / {{ proxy_pass http://{self.server.place}; proxy_http_version 1.1; "
                 'proxy_set_header Connection ""; }')
        self.places = {}
        for name, authority in (("good", self.authority), ("unknown", unknown)):
            keys = "ssl_certificate {}; ssl_certificate_key {};".format(*authority.sign(name, HERE))
            self.places[name] = nginx.site(name, keys + block)
        nginx.start()


def program(made: Fixture, url: str, server: Replay, tls: dict) -> Program:
    prometheus = {"url": url, "poll_interval": f"{INTERVAL_MS}ms",
                  "timeout": f"{INTERVAL_MS - 50}ms",
                  "connect_timeout": f"{INTERVAL_MS - 100}ms", "tls_config": tls}
    return ours(made.build, server, made.place, INTERVAL_MS,
                CONFIGS["few"] | {"prometheus": prometheus})


def failing_instructions(one: Program, gate: Gate, failures: int) -> int:
    gate.times.clear()
    gate.left = failures
    with one:
        one.start(CALLGRIND)
        until = time.monotonic() + PATIENCE_S
        while len(gate.times) <= failures:
            one.child.expect_alive()
            if time.monotonic() > until:
                raise one.child.failure(f"did not connect {failures} times")
            time.sleep(0.05)
        time.sleep(SETTLE_S)
        one.child.process.send_signal(SIGTERM)
        one.child.process.wait(60)
        return collected(one.said())


def handshake(one: Program, gate: Gate, ends: tuple[int, int]) -> float:
    few, many = (failing_instructions(one, gate, failures) for failures in ends)
    return (many - few) / (ends[1] - ends[0])


def rows(made: Fixture, pool: Executor) -> Iterator[Row]:
    with ExitStack() as stack:
        sites = Sites(made, stack)
        yield from _rows(made, sites, stack, pool)


def _rows(made: Fixture, sites: Sites, stack: ExitStack, pool: Executor) -> Iterator[Row]:
    def gate(name: str) -> Gate:
        opened = Gate(sites.places[name])
        stack.callback(opened.close)
        return opened

    good = gate("good")
    tls = program(made, good.url, sites.server, {"ca_file": str(sites.authority.certificate)})
    tls.door = good
    secure = pool.submit(tls.instructions_a_round, *POLLS)
    plain = pool.submit(made.ours("few", 200).instructions_a_round, *POLLS).result()
    yield Row("P11", "instructions a poll, https kept alive, beside http", plain, secure.result(),
              "1.2x", secure.result() <= 1.2 * plain)
    gates = gate("unknown"), gate("unknown")
    none = Replay(made.answers)
    plain_program = reference(made.build, none, made.queries["few"], 3000, gates[0].url)
    theirs = pool.submit(handshake, plain_program, gates[0], (1, 2))
    mine = handshake(program(made, gates[1].url, none, {}), gates[1], FAILURES)
    yield Row("P11", "instructions a handshake that fails, the system's authorities",
              theirs.result(), mine, f"{MOST / 1e6:.0f} M", mine <= MOST)
    watched = gate("unknown")
    with program(made, watched.url, none, {}) as one:
        one.start()
        time.sleep(WATCHED_S)
    gaps = [b - a for a, b in zip(watched.times, watched.times[1:])]
    due = [min(2**i, INTERVAL_MS / 1000) for i in range(len(gaps))]
    yield Row("P11", f"seconds between tries that fail, polled each {INTERVAL_MS / 1000:.0f} s", None,
              " ".join(f"{gap:.1f}" for gap in gaps), "1 s, doubling to a poll's interval",
              all(0.7 < gap / ideal < 1.4 for gap, ideal in zip(gaps, due)) and len(gaps) >= 3)
