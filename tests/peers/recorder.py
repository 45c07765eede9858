"""What a running daemon shows and says, kept for tests: every frame of a `frames` board, and the
status file of its rollouts."""

import json
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from lib.daemon import Amberbar
from lib.process import Failure

PATIENCE_S = 30.0  # for one state to follow another; on a quiet machine it takes three seconds


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


class FrameRecorder(Amberbar):
    """Keeps every frame of a `frames` board, with the time it came."""

    def __init__(self, program: Path, directory: Path, config: str):
        super().__init__(program, directory, config)
        self.frames: list[Frame] = []
        self.log = self.directory / "amberbar.log"
        self._reader: threading.Thread | None = None

    def start(self, **popen) -> None:
        with open(self.log, "ab") as log:
            super().start(**popen, stdout=subprocess.PIPE, stderr=log, text=True)
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


class Wall(FrameRecorder):
    """Also waits for what its status file says."""

    def said(self) -> dict[str, dict]:
        """By name: what the status file has of each rollout. Empty while there is no file."""
        answer = self.ask("status", "--json")
        if not answer.stdout:
            return {}
        return {rollout["name"]: rollout for rollout in json.loads(answer.stdout)["rollouts"]}

    def expect(self, patience_s: float = PATIENCE_S, **states: str) -> dict[str, dict]:
        """Waits until the rollouts are in these states, and returns what is said of all."""
        until = time.monotonic() + patience_s
        while True:
            self.child.expect_alive()
            said = self.said()
            if said and all(said[name]["state"] == state for name, state in states.items()):
                return said
            if time.monotonic() > until:
                reported = {name: (one["state"], one["why"]) for name, one in said.items()}
                raise Failure(f"not {states} after {patience_s:.0f} s but {reported}")
            time.sleep(0.1)

    def transitions(self, name: str) -> list[str]:
        """The states that a rollout went through, oldest first."""
        history = json.loads(self.ask("status", "--json").stdout)["history"]
        return [entry["to"] for entry in reversed(history) if entry["name"] == name]

    def messages(self) -> str:
        return self.log.read_text(errors="replace")
