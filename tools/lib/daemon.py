"""The amberbar daemon as a child, and what it shows."""

import json
import os
import shlex
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .process import Child

TOP = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Frame:
    """One line of the `frames` board."""

    at: float  # time.monotonic() when it was read
    pixels: tuple[tuple[int, int, int], ...]  # sRGB
    text: str

    @staticmethod
    def parse(line: str, at: float) -> "Frame":
        fields = json.loads(line)
        pixels = tuple(tuple(bytes.fromhex(pixel.removeprefix("#"))) for pixel in fields["pixels"])
        return Frame(at, pixels, fields.get("text", ""))


def environment() -> dict[str, str]:
    return {"AMBERBAR_BOARDS": str(TOP / "boards")} | os.environ


def ask(program: Path, *arguments: str, env=None) -> subprocess.CompletedProcess:
    """A command that ends by itself, and what it prints."""
    return subprocess.run(
        [program, *arguments],
        env=env or environment(),
        capture_output=True,
        text=True,
        timeout=30,
    )


class Amberbar:
    """`amberbar run` with a configuration of its own in `directory`, which is the caller's to
    remove. The boards are the checkout's, unless AMBERBAR_BOARDS names others."""

    def __init__(self, program: Path, directory: Path, config: str):
        self.program = program
        self.directory = Path(directory)
        self.config = self.directory / "amberbar.yaml"
        self.child: Child | None = None
        self._environment = environment() | {"RUNTIME_DIRECTORY": str(self.directory)}
        self.config.write_text(config)

    def start(self, **popen) -> None:
        command = [self.program, "run", "-c", self.config]
        self.child = Child("amberbar", command, env=self._environment, **popen)

    def stop(self) -> int | None:
        return self.child.stop() if self.child else None

    def ask(self, *arguments: str) -> subprocess.CompletedProcess:
        """Another command of the same program, about this daemon: `status --json`."""
        return ask(self.program, *arguments, env=self._environment)

    def spelled(self, *arguments: str) -> str:
        """The same for a shell."""
        return f"RUNTIME_DIRECTORY={shlex.join([str(self.directory)])} " + shlex.join(
            [str(self.program), *arguments]
        )


class FrameRecorder(Amberbar):
    """Keeps every frame of a `frames` board, with the time it came."""

    def __init__(self, program: Path, directory: Path, config: str):
        super().__init__(program, directory, config)
        self.frames: list[Frame] = []
        self.log = self.directory / "amberbar.log"
        self._reader: threading.Thread | None = None

    def start(self) -> None:
        with open(self.log, "ab") as log:
            super().start(stdout=subprocess.PIPE, stderr=log, text=True)
        self.child.log = self.log
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def stop(self) -> int | None:
        status = super().stop()
        if self._reader:
            self._reader.join(10)
            self.child.process.stdout.close()
        return status

    def _read(self) -> None:
        for line in self.child.process.stdout:
            self.frames.append(Frame.parse(line, time.monotonic()))


def config(
    prometheus_url: str,
    board: str,
    rollouts: list[dict[str, str]],
    poll_interval: str = "1s",
    indicators: Sequence[dict] = (),
    **terms,
) -> str:
    """A configuration file, for a board on a screen. `terms` are more of its section prometheus.
    Strings are quoted as in JSON, which is YAML too."""
    lines = [
        f"board: {json.dumps(board)}",
        "prometheus:",
        f"  url: {json.dumps(prometheus_url)}",
        f"  poll_interval: {poll_interval}",
        *(f"  {term}: {json.dumps(value)}" for term, value in terms.items()),
        "rollouts:",
        *(f"  - {json.dumps(rollout)}" for rollout in rollouts),
        "indicators:",
        *(f"  - {json.dumps(indicator)}" for indicator in indicators),
        "display:",
        "  brightness: 100%",
    ]
    return "\n".join(lines) + "\n"
