"""What a running daemon says of its rollouts, for tests that wait for it."""

import json
import time

from .daemon import FrameRecorder
from .process import Failure

PATIENCE_S = 30.0  # for one state to follow another; on a quiet machine it takes three seconds


class Wall(FrameRecorder):
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
                told = {name: (one["state"], one["why"]) for name, one in said.items()}
                raise Failure(f"not {states} after {patience_s:.0f} s but {told}")
            time.sleep(0.1)

    def transitions(self, name: str) -> list[str]:
        """The states that a rollout went through, oldest first."""
        history = json.loads(self.ask("status", "--json").stdout)["history"]
        return [entry["to"] for entry in reversed(history) if entry["name"] == name]

    def messages(self) -> str:
        return self.log.read_text(errors="replace")
