"""amberbar as the tests run it: the one way to start `amberbar run`, to watch it, to ask and to end it."""

import json
import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from lib.daemon import Amberbar, ask
from lib.process import Failure, wait_until

from peers.picture import Frame, words

PATIENCE_S = 30.0  # for one state to follow another; on a quiet machine it takes three seconds
UNSHARE = ["unshare", "--map-root-user", "--mount"]
WEB = {"name": "web", "namespace": "shop", "deployment": "web"}  # as servers.stable_rows() has it


def can_mount() -> bool:
    """True when a process can have a view of the files of its own."""
    try:
        return not subprocess.run([*UNSHARE, "mount", "--bind", "/tmp", "/tmp"],
                                  capture_output=True).returncode
    except FileNotFoundError:
        return False


def seeing(places: dict[Path, str]) -> list[str]:
    """What stands before a command that shall see these files and folders in those places."""
    script = 'until [ "$1" = -- ]; do mount --bind "$1" "$2" && shift 2 || exit; done; shift; exec "$@"'
    pairs = [str(word) for pair in places.items() for word in pair]
    return [*UNSHARE, "sh", "-c", script, "sh", *pairs, "--"]


def about_web(url: str, board: str = "frames", terms: dict | None = None, **more) -> str:
    """A config about one Deployment. `terms` are more of its section prometheus, `more` are sections."""
    everything = {"board": board, "prometheus": {"url": url, "poll_interval": "1s"} | (terms or {}),
                  "rollouts": [WEB]} | more
    return "".join(f"{key}: {json.dumps(value)}\n" for key, value in everything.items())


class Wall(Amberbar):
    """One daemon with its folder, which is its own where none is given. Every frame of a `frames` board
    is kept with the time it came, and all that was said. `before` is a command that amberbar is the end
    of; AMBERBAR names the program unless `program` does. Without a config it is there already, or
    run() writes it."""

    def __init__(self, config: str | None = None, folder: Path | None = None, program: Path | None = None,
                 before: Sequence[str | Path] = (), **environment: str):
        self._own = None if folder else tempfile.TemporaryDirectory(prefix="amberbar-wall-")
        super().__init__(program or Path(os.environ["AMBERBAR"]), folder or self._own.name, config)
        self.environment |= environment
        self.before = before
        self.patience_s = PATIENCE_S
        self.frames: list[Frame] = []
        self.output = bytearray()  # all of its standard output
        self.heard: set[str] = set()  # whatever it or a command has said or written
        self.log = self.directory / "amberbar.log"
        self._reader: threading.Thread | None = None

    # --- starting and ending

    def command(self) -> list[str | Path]:
        return [*self.before, *super().command()]

    def start(self, **popen) -> None:
        with open(self.log, "ab") as log:
            super().start(**{"stdout": subprocess.PIPE, "stderr": log} | popen)
        self.child.log = self.log
        if self.child.process.stdout:
            self._reader = threading.Thread(target=self._read, args=(self.child.process.stdout,), daemon=True)
            self._reader.start()

    def send(self, number: int) -> None:
        self.child.process.send_signal(number)

    def stop(self, number: int = signal.SIGTERM) -> int | None:
        """Ends it by that signal, and returns its exit status once all that it has said is here."""
        if not self.child:
            return None
        if self.child.ended is None:
            self.heard.add(Path(f"/proc/{self.child.pid}/cmdline").read_text(errors="replace"))
        status = self.child.stop(self.patience_s, number)
        if self._reader:
            self._reader.join(10)
            self.child.process.stdout.close()
            self._reader = None
        self.heard |= {self.messages(), self.output.decode(errors="replace")}
        return status

    def close(self) -> None:
        """Its folder goes too, if that is its own."""
        self.stop()
        if self._own:
            self._own.cleanup()

    def _read(self, lines) -> None:
        for line in lines:
            now = time.monotonic()
            self.output += line
            if line.startswith(b"{"):
                self.frames.append(Frame.of(json.loads(line), now))

    # --- asking

    def ask(self, *arguments: str | Path, **environment: str) -> subprocess.CompletedProcess:
        done = ask(*self.before, self.program, *arguments, env=self.environment | environment)
        self.heard |= {done.stdout, done.stderr}
        return done

    def status(self) -> dict:
        """The status file; {} when there is none."""
        try:
            text = Path(self.environment["RUNTIME_DIRECTORY"], "status.json").read_text()
        except FileNotFoundError:
            return {}
        self.heard.add(text)
        return json.loads(text)

    def poll(self) -> dict:
        """What the status file says of the last poll."""
        return self.status().get("poll", {})

    def said(self) -> dict[str, dict]:
        """By name: what `status` says of each rollout. Empty while there is no file."""
        answer = self.ask("status", "--json").stdout
        return {rollout["name"]: rollout for rollout in json.loads(answer)["rollouts"]} if answer else {}

    def transitions(self, name: str) -> list[str]:
        """The states that a rollout went through, oldest first."""
        history = json.loads(self.ask("status", "--json").stdout)["history"]
        return [entry["to"] for entry in reversed(history) if entry["name"] == name]

    def messages(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    @property
    def word(self) -> str:
        """What the digits say now."""
        return self.frames[-1].text.strip() if self.frames else ""

    def why(self) -> str:
        """All that a person is told of why it shows what it shows."""
        parts = [self.poll().get("error")]
        parts += [rollout.get("why") for rollout in self.status().get("rollouts", [])]
        return "; ".join(part for part in parts if part)

    def reported(self) -> str:
        """For who must find out why a test has failed."""
        file = self.status()
        states = {one["name"]: one["state"] for one in file.get("rollouts", [])}
        history = [(entry["name"], entry["to"]) for entry in file.get("history", [])]
        frames = "\n".join(words(frame) for frame in self.frames[-3:])
        return f"{states}: {self.why()}\npoll: {json.dumps(file.get('poll'))}\nhistory: {history}\n{frames}"

    # --- waiting

    def wait(self, what: str, is_true: Callable[[], object], patience_s: float | None = None,
             pause_s: float = 0.02):
        """Until it is true, and returns what is. A Failure when the daemon ends instead."""
        try:
            return wait_until(what, is_true, patience_s or self.patience_s, self.child, pause_s)
        except Failure as failure:
            raise Failure(f"{failure}\n{self.reported()}") from None

    def watch(self, seconds: float) -> None:
        """Lets it run for so long."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.child.expect_alive()
            time.sleep(min(left, 0.1))

    def see(self, kind: Callable[[Frame], object], since: int = 0, patience_s: float | None = None) -> Frame:
        """The first frame of a kind, of those from number `since` on."""
        return self.wait("showing it", lambda: next(filter(kind, self.frames[since:]), None), patience_s)

    def wait_for_message(self, message: str) -> None:
        self.wait(f"saying '{message}'", lambda: message in self.messages())

    def wait_for_word(self, word: str) -> None:
        self.wait(f"showing '{word}'", lambda: self.word == word)

    def wait_for_good(self) -> None:
        self.wait("good", lambda: self.poll().get("ok"))

    def wait_for_fault(self, fault: str) -> None:
        self.wait(f"reporting '{fault}'", lambda: fault in (self.poll().get("error") or ""))

    def expect(self, patience_s: float | None = None, **states: str) -> dict[str, dict]:
        """Waits until the rollouts are in these states, and returns what is said of all."""
        def are_so():
            said = self.said()
            return said and all(said[name]["state"] == state for name, state in states.items()) and said
        return self.wait(f"{states}", are_so, patience_s, 0.1)

    # --- with a config of the test's own section prometheus, about one Deployment

    def write(self, name: str, text: str) -> str:
        """Replaces a file as a careful writer does; its relative name."""
        new = self.directory / f"{name}.new"
        new.touch(0o600)
        new.write_text(text)
        new.rename(self.directory / name)
        return name

    def configure(self, terms: dict, **more) -> Path:
        times = {"poll_interval": "20s", "timeout": "10s"}
        self.config.write_text(about_web(terms["url"], terms=times | terms, **more))
        self.config.chmod(0o600)
        return self.config

    def run(self, **terms) -> None:
        """`amberbar run`, with a poll each second."""
        self.configure({"poll_interval": "1s", "timeout": "900ms"} | terms)
        self.start()

    def tool(self, command: str, *options: str, environment: dict | None = None, **terms) -> str:
        """What another command says; its exit status stands before it."""
        done = self.ask(command, "-c", self.configure(terms), *options, **(environment or {}))
        return f"{done.returncode}: {done.stdout}{done.stderr}"

    def once(self, environment: dict | None = None, **terms) -> str:
        return self.tool("once", environment=environment, **terms)
