#!/usr/bin/env python3
"""A strip behind a controller in the network: the pictures of the real program, taken by a receiver
that is written from the published format of DDP (3waylabs), and what is said when they are lost, refused,
or there is nobody; and by one of E1.31 (ANSI E1.31-2018). The program listens on nothing."""
import os
import pathlib
import re
import select
import signal
import socket
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from peers.prometheus import Prometheus, stable_answer  # noqa: E402
from peers.wall import Wall, about_web  # noqa: E402

PIXELS = 500  # two datagrams
PATIENCE_S = 40


class Receiver:
    """A port that takes datagrams; `lose` says which of them get lost, by their number."""

    def __init__(self, port=0):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", port))
        self.port = self.socket.getsockname()[1]
        self.numbers = []
        self.shown = None
        self.lose = lambda number: False

    def close(self):
        self.socket.close()

    def take(self, seconds):
        """One datagram, unless it is lost; False: none came."""
        if not select.select([self.socket], [], [], seconds)[0]:
            return False
        self.receive(self.socket.recv(65536))
        return True

    def wait(self, true):
        """Takes what comes until it is true."""
        end = time.monotonic() + PATIENCE_S
        while not true():
            if time.monotonic() > end:
                return False
            self.take(0.1)
        return True

    def is_green(self):
        """All of it: red and blue are less in each light."""
        return self.shown is not None and all(
            self.shown[i + 1] > max(self.shown[i], self.shown[i + 2])
            for i in range(0, len(self.shown), 3))

    def is_dark(self):
        return self.shown is not None and not any(self.shown)


class Controller(Receiver):
    """Keeps each datagram's bytes at their place and shows all of them at a push."""

    def __init__(self, port=0):
        super().__init__(port)
        self.buffer = bytearray(3 * PIXELS)

    def receive(self, datagram):
        flags, number, kind, target = datagram[:4]
        offset, length = int.from_bytes(datagram[4:8], "big"), int.from_bytes(datagram[8:10], "big")
        assert flags & ~0x01 == 0x40, f"flags {flags:#x}"
        assert 1 <= number <= 15, f"sequence {number}"
        assert kind == 0x0B and target == 1, f"type {kind:#x} for {target}"
        assert length == len(datagram) - 10 <= 1440, f"length {length} of {len(datagram)}"
        assert offset % 3 == 0 and offset + length <= 3 * PIXELS, f"offset {offset}"
        assert flags & 1 == (offset + length == 3 * PIXELS), "push is the last of a picture's"
        self.numbers.append(number)
        if self.lose(len(self.numbers)):
            return
        self.buffer[offset:offset + length] = datagram[10:]
        if flags & 1:
            self.shown = bytes(self.buffer)


class Universes(Receiver):
    """E1.31: universes from 7 on, 170 lights each; what comes late is dropped, an ended stream is dark."""

    FIRST, COUNT = 7, 3

    def __init__(self, port=0):
        super().__init__(port)
        self.buffers = {}
        self.last = {}
        self.steps = set()
        self.senders = set()
        self.ended = dict.fromkeys(range(self.FIRST, self.FIRST + self.COUNT), 0)

    def receive(self, datagram):
        def number(at, count):
            return int.from_bytes(datagram[at:at + count], "big")

        length, universe, sequence = len(datagram), number(113, 2), datagram[111]
        assert datagram[:16] == b"\x00\x10\x00\x00ASC-E1.17\x00\x00\x00", datagram[:16]
        for at in (16, 38, 115):
            assert number(at, 2) == 0x7000 | (length - at), f"the length at {at}"
        assert (number(18, 4), number(40, 4), datagram[117]) == (4, 2, 2), "vectors"
        assert datagram[44:108] == b"amberbar".ljust(64, b"\0") and datagram[108] == 150, "source, priority"
        assert number(109, 2) == 0 and datagram[112] & ~0x40 == 0, "synchronization, options"
        assert datagram[118:123] == b"\xa1\x00\x00\x00\x01" and datagram[125] == 0, "values"
        assert number(123, 2) == length - 125, f"count of {length}"
        assert length - 126 == 3 * min(170, PIXELS - 170 * (universe - self.FIRST)), f"universe {universe}"
        self.numbers.append(sequence)
        self.senders.add(datagram[22:38])
        if universe in self.last:
            self.steps.add((sequence - self.last[universe]) % 256)
        self.last[universe] = sequence
        if self.lose(len(self.numbers)):
            return
        if datagram[112] & 0x40:
            self.ended[universe] += 1
            return
        self.buffers[universe] = datagram[126:]
        if len(self.buffers) == self.COUNT:
            self.shown = b"".join(self.buffers[universe] for universe in sorted(self.buffers))


def sockets_of(pid):
    """{inode: "udp 01"}: of each socket that the process has, its kind and state (proc(5))."""
    names = (os.readlink(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd"))
    inodes = {match.group(1) for name in names if (match := re.fullmatch(r"socket:\[(\d+)\]", name))}
    found = {}
    for kind in ("tcp", "udp", "tcp6", "udp6"):
        with open(f"/proc/{pid}/net/{kind}", encoding="ascii") as file:
            for line in list(file)[1:]:
                words = line.split()
                if words[9] in inodes:
                    found[words[9]] = f"{kind} {words[3]}"
    return found


class Light(unittest.TestCase):
    """The program, which sends to a controller."""

    RECEIVER, CHIP = Controller, "ddp"

    def setUp(self):
        self.server = Prometheus(stable_answer())
        self.addCleanup(self.server.close)
        self.controller = self.RECEIVER()
        self.addCleanup(lambda: self.controller.close())
        self.wall = Wall(about_web(self.server.url, "./strip.yaml", display={"heartbeat": 0}))
        self.addCleanup(self.wall.close)
        (self.wall.directory / "strip.yaml").write_text(
            f"title: A controller\noutputs:\n  - {{name: strip, chip: {self.CHIP}, pixels: {PIXELS},"
            f" bus: {{udp: 127.0.0.1, port: {self.controller.port}}}}}\n")

    def start_green(self, what="green"):
        self.wall.start()
        self.expect(self.controller.is_green, what)

    def ask(self, command):
        answer = self.wall.ask(command, *([] if command == "status" else ["-c", self.wall.config]))
        return answer.returncode, answer.stdout + answer.stderr

    def expect(self, true, what):
        self.assertTrue(self.controller.wait(true), f"not {what}\n{self.wall.messages()}")


class Killed:
    """What holds of every light in the network."""

    def test_killed_daemon_leaves_what_blank_darkens(self):
        self.start_green()
        self.wall.child.kill()
        status, reported = self.ask("blank")
        self.assertEqual(status, 0, reported)
        self.expect(self.controller.is_dark, "dark")


class NetworkLight(Killed, Light):
    def test_pictures_come_whole_and_in_order_and_the_end_is_dark(self):
        self.start_green()
        numbers = self.controller.numbers
        steps = {(later - earlier) % 15 for earlier, later in zip(numbers, numbers[1:])}
        self.assertEqual(steps, {1}, f"numbers {numbers}")
        kinds = sorted(sockets_of(self.wall.child.pid).values())
        self.assertIn("udp 01", kinds, "the controller's is connected")
        for kind in kinds:
            self.assertNotIn(kind, ("udp 07", "udp6 07", "tcp 0A", "tcp6 0A"), "it listens")
        self.wall.send(signal.SIGTERM)
        self.expect(self.controller.is_dark, "dark")
        self.assertEqual(self.wall.child.process.wait(20), 0)

    def test_lost_datagrams_come_again_while_the_picture_stands_still(self):
        self.controller.lose = lambda count: count % 3 != 0
        self.start_green("green though two of three are lost")
        self.controller.lose = lambda count: True
        while self.controller.take(0):
            pass
        before = len(self.controller.numbers)
        self.expect(lambda: len(self.controller.numbers) >= before + 6, "sent again and again")
        self.controller.lose = lambda count: False
        self.controller.shown = None
        begin = time.monotonic()
        self.expect(self.controller.is_green, "green again")
        # WLED darkens after 2.5 s; a busy machine may be late.
        self.assertLess(time.monotonic() - begin, 2.5)

    def test_refused_port_is_a_fault_until_somebody_is_there(self):
        port = self.controller.port
        self.controller.close()
        self.wall.start()
        words = f"127.0.0.1 takes no pictures at port {port}: the machine is there and has no such port"
        self.wall.wait_for_message(words)
        self.wall.wait_for_message("-> stable")
        time.sleep(5)  # it is opened anew and refused again, twice
        self.assertNotIn("lit again", self.wall.messages())
        self.assertEqual(self.wall.messages().count(words), 1, "said once")
        self.assertIn(words, self.ask("status")[1])
        self.controller = Controller(port)
        self.expect(self.controller.is_green, "green")
        end = time.monotonic() + PATIENCE_S
        while "lit again" not in self.wall.messages() and time.monotonic() < end:
            self.controller.take(0.1)
        self.assertIn("output strip: lit again", self.wall.messages())

    def test_controller_that_went_away_is_reported(self):
        self.start_green()
        port = self.controller.port
        self.controller.close()
        self.wall.wait_for_message(f"127.0.0.1 takes no pictures at port {port}")
        self.controller = Controller(port)
        self.expect(self.controller.is_green, "green")

    def test_doctor_and_check(self):
        status, reported = self.ask("check")
        self.assertEqual(status, 0, reported)
        reported = self.ask("doctor")[1]
        self.assertIn(f"strip: there is a way to 127.0.0.1; whether port {self.controller.port} takes "
                      "pictures is reported when they are sent", reported)
        self.assertFalse(self.controller.take(0.2), "doctor changes no light")


class UniverseLight(Killed, Light):
    RECEIVER, CHIP = Universes, "e131, universe: 7, priority: 150"

    def test_pictures_come_in_order_and_the_end_is_dark_and_told(self):
        self.start_green()
        self.wall.send(signal.SIGTERM)
        self.expect(self.controller.is_dark, "dark")
        self.expect(lambda: set(self.controller.ended.values()) == {3}, "ended thrice in each universe")
        self.assertEqual(self.wall.child.process.wait(20), 0)
        self.assertEqual(self.controller.steps, {1})
        self.assertEqual(len(self.controller.senders), 1)

    def test_lost_datagrams_come_again(self):
        self.controller.lose = lambda count: count % 4 != 0
        self.start_green("green though three of four are lost")


if __name__ == "__main__":
    sys.exit(0 if unittest.main(exit=False, verbosity=2).result.wasSuccessful() else 1)
