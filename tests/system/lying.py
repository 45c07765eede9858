#!/usr/bin/env python3
"""Whatever lies where a file is read: a FIFO, a terminal, a device without an end, a socket, a folder, a
file too long, a link to itself. No command waits for it, none crashes, each says one clear sentence."""

import json
import os
import pathlib
import pty
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest
from collections.abc import Callable

AMBERBAR = os.environ["AMBERBAR"]
REPLAY = os.environ["AMBERBAR_REPLAY"]
BOARDS = os.environ["AMBERBAR_BOARDS"]
WAIT_S = 30.0  # a command that waits for ever is ended after so long; a pipe that was handed over has 5
LONG = 2 << 20
ROLLOUTS = [{"name": "a", "namespace": "b"}]


def fifo(path: pathlib.Path) -> None:
    os.mkfifo(path)


def long(path: pathlib.Path) -> None:
    with open(path, "wb") as file:
        file.truncate(LONG)


def bound(path: pathlib.Path) -> None:
    here = os.getcwd()
    os.chdir(path.parent)  # its name has to be short
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(path.name)
    os.chdir(here)


KINDS: dict[str, Callable[[pathlib.Path], object]] = {
    "a FIFO": fifo,
    "a folder": pathlib.Path.mkdir,
    "a socket": bound,
    "/dev/zero": lambda path: path.symlink_to("/dev/zero"),
    "/dev/full": lambda path: path.symlink_to("/dev/full"),
    "a terminal": lambda path: path.symlink_to(os.ttyname(SIDE)),
    "a new terminal": lambda path: path.symlink_to("/dev/ptmx"),
    "a file too long": long,
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a link to nowhere": lambda path: path.symlink_to("/nowhere/x"),
    "nothing": lambda path: None,
}
MASTER, SIDE = pty.openpty()


class Lying(unittest.TestCase):
    tried = 0

    def setUp(self):
        self._folder = tempfile.TemporaryDirectory(prefix="amberbar-lying-")
        self.addCleanup(self._folder.cleanup)
        self.folder = pathlib.Path(self._folder.name)
        self.place = self.folder / "place"

    def ask(self, *arguments, program=AMBERBAR, **more) -> tuple[int, str]:
        done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True,
                              timeout=WAIT_S, env=os.environ | {"RUNTIME_DIRECTORY": str(self.folder)},
                              **({"stdin": subprocess.DEVNULL} | more))
        self.assertGreaterEqual(done.returncode, 0, done.stderr)
        return done.returncode, done.stdout + done.stderr

    def config(self, **more) -> pathlib.Path:
        path = self.folder / "amberbar.yaml"
        path.write_text(json.dumps({"board": "frames", "rollouts": ROLLOUTS,
                                    "prometheus": {"url": "http://127.0.0.1:1"}} | more))
        return path

    def each(self, place: pathlib.Path, *commands, good=(0,)) -> None:
        """Runs each command with each kind at the place; refused unless `good` is empty."""
        for kind, make in KINDS.items():
            make(place)
            for command in commands:
                with self.subTest(f"{kind}: {command}"):
                    Lying.tried += 1
                    begun = time.monotonic()
                    program = REPLAY if command[0] == "replay" else AMBERBAR
                    words = command[1:] if program == REPLAY else command
                    status, said = self.ask(*words, program=program)
                    self.assertNotIn(status, good, said)
                    self.assertIn(str(place.name) if good else "", said)
                    self.assertLess(time.monotonic() - begun, WAIT_S)
            if place.is_symlink() or not place.is_dir():
                place.unlink(missing_ok=True)
            else:
                place.rmdir()

    def test_a_config(self):
        self.each(self.place, *([command, "-c", self.place] for command in
                                ("check", "run", "once", "doctor", "discover", "blank", "identify",
                                 "preview")))

    def test_a_board(self):
        self.each(self.folder / "place.yaml", ["check", "-c", self.config(board="./place.yaml")],
                  ["boards", self.folder / "place.yaml"],
                  ["encode", "--board", self.folder / "place.yaml"],
                  ["preview", "--board", self.folder / "place.yaml"])

    def test_timelines(self):
        self.each(self.place, ["replay", self.place])

    def test_a_status_file(self):
        self.each(self.folder / "status.json", ["status"], ["status", "--json"], good=(0, 3, 4))

    def test_secrets(self):
        for key in ("basic_auth: {username: a, password_file: place}", "bearer_token_file: place",
                    "tls_config: {ca_file: place}", "http_headers: {X-A: {files: place}}",
                    "tls_config: {cert_file: place, key_file: place}",
                    "oauth2: {client_id: a, token_url: 'http://127.0.0.1:1', client_secret_file: place}"):
            path = self.folder / "amberbar.yaml"
            path.write_text("board: frames\nrollouts: [{name: a, namespace: b}]\nprometheus: {url: "
                            f"'http://127.0.0.1:1', {key}}}\n")
            self.each(self.place, ["once", "-c", path], ["doctor", "-c", path], good=())
            self.assertIn("cannot read", self.ask("once", "-c", path)[1])

    def test_a_machine(self):
        root = self.folder / "root"
        for name in ("proc/device-tree/model", "boot/firmware/config.txt", "etc/passwd", "etc/group",
                     "ls-dev"):
            shutil.rmtree(root, ignore_errors=True)
            (root / "proc/device-tree").mkdir(parents=True)
            (root / "proc/device-tree/model").write_text("Raspberry Pi 4 Model B\0")
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).unlink(missing_ok=True)
            self.each(root / name, ["doctor", "--root", root, "-c",
                                    self.config(board="pimoroni-blinkt")], good=())

    def test_a_pipe_that_is_handed_over(self):
        text = self.config().read_text()
        self.assertEqual(self.ask("check", "-c", "/dev/stdin", input=text, stdin=None)[0], 0)
        missing = self.config(prometheus={"url": "http://127.0.0.1:1", "bearer_token_file": "/nowhere/x"})
        status, said = self.ask("check", "-c", "/dev/stdin", input=missing.read_text(), stdin=None)
        self.assertEqual((status, said.splitlines()[0]), (
            2, "/dev/stdin: prometheus: bearer_token_file: there is no such file, nor its folder; create "
            "them, or correct the path"))
        self.config()
        done = subprocess.run(["bash", "-c", f"'{AMBERBAR}' check -c <(cat '{self.folder}/amberbar.yaml')"],
                              capture_output=True, text=True, timeout=WAIT_S)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_a_pipe_that_does_not_end(self):
        reader, writer = os.pipe()
        self.addCleanup(os.close, writer)
        os.write(writer, b"board: frames\n")
        with os.fdopen(reader) as stdin:
            status, said = self.ask("check", "-c", "/dev/stdin", stdin=stdin)
        self.assertEqual((status, said.splitlines()[0]), (
            2, "/dev/stdin: what comes from it does not end within 5 s; write it to a file"))

    def test_a_pipe_without_an_end(self):
        with subprocess.Popen(["yes"], stdout=subprocess.PIPE) as endless:
            status, said = self.ask("check", "-c", "/dev/stdin", stdin=endless.stdout)
            endless.kill()
        self.assertEqual((status, said.splitlines()[0]), (
            2, "/dev/stdin: the file is longer than 1024 KiB; is it really the one you meant?"))


if __name__ == "__main__":
    result = unittest.main(exit=False, verbosity=2).result
    failed = len(result.failures) + len(result.errors)
    print(f"{Lying.tried} times something else lay where a file is read")
    print(f"{Lying.tried - failed} passed, {failed} failed")
    sys.exit(not result.wasSuccessful())
