"""The amberbar daemon as a child."""

import json
import os
import shlex
import subprocess
from collections.abc import Sequence
from pathlib import Path

from .process import Child

TOP = Path(__file__).resolve().parents[2]


def environment() -> dict[str, str]:
    return {"AMBERBAR_BOARDS": str(TOP / "boards")} | os.environ


def ask(program: Path, *arguments: str, env=None) -> subprocess.CompletedProcess:
    """A command that ends by itself, and what it prints."""
    return subprocess.run(
        [program, *arguments],
        env=env or environment(),
        capture_output=True,
        text=True,
        timeout=60,
    )


class Amberbar:
    """`amberbar run` with a configuration of its own in `directory`, which is the caller's to
    remove; None for one that is there already. The boards are the checkout's, unless AMBERBAR_BOARDS
    names others."""

    def __init__(self, program: Path, directory: Path, config: str | None):
        self.program = program
        self.directory = Path(directory)
        self.config = self.directory / "amberbar.yaml"
        self.child: Child | None = None
        self.environment = environment() | {"RUNTIME_DIRECTORY": str(self.directory)}
        if config is not None:
            self.config.write_text(config)

    def command(self) -> list[str | Path]:
        return [self.program, "run", "-c", self.config]

    def start(self, **popen) -> None:
        self.child = Child("amberbar", self.command(), env=self.environment, **popen)

    def stop(self) -> int | None:
        return self.child.stop() if self.child else None

    def ask(self, *arguments: str) -> subprocess.CompletedProcess:
        """Another command of the same program, about this daemon: `status --json`."""
        return ask(self.program, *arguments, env=self.environment)

    def spelled(self, *arguments: str) -> str:
        """The same for a shell."""
        return f"RUNTIME_DIRECTORY={shlex.join([str(self.directory)])} " + shlex.join(
            [str(self.program), *arguments]
        )


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
