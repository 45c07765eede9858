"""A network of our own: two namespaces joined by a wire that can be cut, and a name server that can
fall silent. It needs a process in network and mount namespaces of its own, and ends with it."""

import socket
import struct
import subprocess
import threading
from pathlib import Path

from lib.process import Child

OURS, THEIRS = "10.99.0.1", "10.99.0.2"
NAME = "prometheus.soak.test"
NXDOMAIN, SERVFAIL = 3, 2


def ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True)


class Network:
    """Ours is where the servers are; `inside` starts a program in theirs."""

    def __init__(self, folder: Path):
        ip("link", "set", "lo", "up")
        self._holder = Child("namespace", ["unshare", "--net", "sleep", "infinity"])
        self.inside = ["nsenter", f"--net=/proc/{self._holder.pid}/ns/net", "--"]
        self._wait_for_namespace()
        ip("link", "add", "ours", "type", "veth", "peer", "name", "theirs")
        ip("link", "set", "theirs", "netns", str(self._holder.pid))
        ip("addr", "add", f"{OURS}/24", "dev", "ours")
        ip("link", "set", "ours", "up")
        for command in (["link", "set", "lo", "up"],
                        ["addr", "add", f"{THEIRS}/24", "dev", "theirs"],
                        ["link", "set", "theirs", "up"]):
            self._theirs(*command)
        resolver = folder / "resolv.conf"
        resolver.write_text(f"nameserver {OURS}\n")
        subprocess.run(["mount", "--bind", resolver, "/etc/resolv.conf"], check=True)
        self.names = NameServer()

    def plug(self, end: str, up: bool) -> None:
        """The wire at our end or at theirs."""
        word = "up" if up else "down"
        if end == "ours":
            ip("link", "set", "ours", word)
        else:
            self._theirs("link", "set", "theirs", word)

    def close(self) -> None:
        self.names.close()
        self._holder.stop()

    def _theirs(self, *arguments: str) -> None:
        subprocess.run([*self.inside, "ip", *arguments], check=True)

    def _wait_for_namespace(self) -> None:
        ours = Path("/proc/self/ns/net").readlink()
        while Path(f"/proc/{self._holder.pid}/ns/net").readlink() == ours:
            self._holder.expect_alive()


class NameServer(threading.Thread):
    """`way`: answers, silent, servfail or nxdomain."""

    def __init__(self):
        super().__init__(daemon=True)
        self.way = "answers"
        self.ignored = 0  # questions that got no answer
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((OURS, 53))
        self.start()

    def run(self) -> None:
        while True:
            try:
                question, asker = self._socket.recvfrom(512)
                if self.way == "silent":
                    self.ignored += 1
                elif len(question) > 12:
                    self._socket.sendto(self._answer(question), asker)
            except OSError:
                if self._socket.fileno() < 0:
                    return  # else: the wire is cut

    def _answer(self, question: bytes) -> bytes:
        end = question.index(b"\0", 12) + 5
        wants_ipv4 = question[end - 4:end - 2] == b"\0\1"
        code = {"servfail": SERVFAIL, "nxdomain": NXDOMAIN}.get(self.way, 0)
        answers = int(code == 0 and wants_ipv4)
        head = question[:2] + struct.pack(">HHHHH", 0x8180 | code, 1, answers, 0, 0)
        record = b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 1, 4) + socket.inet_aton(OURS)
        return head + question[12:end] + record * answers

    def close(self) -> None:
        self._socket.close()
