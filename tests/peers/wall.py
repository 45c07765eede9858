"""amberbar as these tests run it: a config of JSON, and everything that it ever said or wrote."""

import json
import os
import subprocess
import tempfile
import time
from pathlib import Path

AMBERBAR = os.environ["AMBERBAR"]
PATIENCE_S = 25.0
UNSHARE = ["unshare", "--map-root-user", "--mount"]


def can_mount() -> bool:
    """True when a process can have a view of the files of its own."""
    try:
        return not subprocess.run([*UNSHARE, "mount", "--bind", "/tmp", "/tmp"],
                                  capture_output=True).returncode
    except FileNotFoundError:
        return False


class Wall:
    """One folder with a config file and the secrets beside it. `said` is all that came out of it."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="amberbar-tls-")
        self.folder = Path(self._folder.name)
        self.said = ""
        self._process: subprocess.Popen | None = None
        self._log = self.folder / "log"
        self._output = self.folder / "output"
        self._before: list[str] = []

    def write(self, name: str, text: str) -> str:
        """Replaces the file as a careful writer does; its relative name."""
        new = self.folder / f"{name}.new"
        new.touch(0o600)
        new.write_text(text)
        new.rename(self.folder / name)
        return name

    def mount(self, folder: Path, place: str) -> None:
        """`once` sees the folder there, from now on."""
        script = 'mount --bind "$0" "$1" && shift && exec "$@"'
        self._before = [*UNSHARE, "sh", "-c", script, str(folder), place]

    def configure(self, prometheus: dict) -> Path:
        config = self.folder / "amberbar.yaml"
        everything = {
            "board": "frames",
            "prometheus": {"poll_interval": "20s", "timeout": "10s"} | prometheus,
            "rollouts": [{"name": "web", "namespace": "shop", "deployment": "web"}],
        }
        config.write_text(json.dumps(everything))
        config.chmod(0o600)
        return config

    def once(self, environment: dict | None = None, **prometheus) -> str:
        """What `amberbar once` says; its exit status stands before it."""
        return self.once_as_it_is(self.configure(prometheus), environment)

    def once_as_it_is(self, config: Path, environment: dict | None = None) -> str:
        result = subprocess.run([*self._before, AMBERBAR, "once", "-c", config], timeout=60,
                                capture_output=True, text=True,
                                env=os.environ | (environment or {}))
        words = f"{result.returncode}: {result.stdout}{result.stderr}"
        self.said += words
        return words

    def check(self, **prometheus) -> str:
        return self.tool("check", **prometheus)

    def tool(self, command: str, **prometheus) -> str:
        """What another command says of such a config."""
        result = subprocess.run([AMBERBAR, command, "-c", self.configure(prometheus)],
                                capture_output=True, text=True, timeout=60)
        self.said += result.stdout + result.stderr
        return result.stdout + result.stderr

    RUNS_IN: list[str] = []  # a command that `amberbar run` is the end of

    def run(self, **prometheus) -> None:
        """`amberbar run`, with a poll each second."""
        config = self.configure({"poll_interval": "1s", "timeout": "900ms"} | prometheus)
        environment = os.environ | {"RUNTIME_DIRECTORY": str(self.folder)}
        with open(self._log, "ab") as log, open(self._output, "ab") as output:
            self._process = subprocess.Popen([*self.RUNS_IN, AMBERBAR, "run", "-c", config],
                                             stdout=output, stderr=log, env=environment)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def messages(self) -> str:
        return self._log.read_text() if self._log.exists() else ""

    def poll(self) -> dict:
        """What the status file says of the last poll."""
        try:
            text = (self.folder / "status.json").read_text()
        except FileNotFoundError:
            return {}
        if text not in self.said:
            self.said += text
        return json.loads(text)["poll"]

    def wait(self, what: str, is_true) -> None:
        until = time.monotonic() + PATIENCE_S
        while not is_true():
            if time.monotonic() > until or self._process.poll() is not None:
                raise AssertionError(f"not {what}; {self.poll()}\n{self.messages}")
            time.sleep(0.05)

    def wait_for_good(self) -> None:
        self.wait("good", lambda: self.poll().get("ok"))

    def wait_for_fault(self, words: str) -> None:
        self.wait(f"saying '{words}'", lambda: words in (self.poll().get("error") or ""))

    def close(self) -> None:
        """All that was said, at last, is in `said`."""
        if self._process:
            command = Path(f"/proc/{self.pid}/cmdline")
            self.said += command.read_text() if command.exists() else ""
            self._process.terminate()
            self._process.wait(20)
            self.said += self.messages + self._output.read_text()
        self._folder.cleanup()
