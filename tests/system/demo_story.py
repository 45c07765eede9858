"""The demo's whole story through a real Prometheus, read from the `frames` board: what the light
said, at every moment, against what was true of the cluster at that moment."""

import json
import pathlib
import sys
import time
import unittest
from dataclasses import dataclass, field

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path[:0] = [str(TOP / "tools"), str(TOP / "tests")]

from lib import prometheus  # noqa: E402
from lib.daemon import config  # noqa: E402
from lib.story import ROLLOUTS, STORIES, WORKLOAD, Stage, play, unreported, logged  # noqa: E402
from peers import suite  # noqa: E402
from peers.picture import (  # noqa: E402
    Frame, is_amber, is_dark, is_green, is_red, is_unknown, shows, words,
)
from peers.wall import Wall  # noqa: E402

SPEED = 2.5  # of the cluster: the story takes under a minute
POLL_S = SCRAPE_S = 1.0
SLACK_S = 1.0  # for a busy machine; no assertion needs less time than this to come out
NOTICE_S = SCRAPE_S + POLL_S + SLACK_S  # from a change in the cluster to another picture
CONFIRM_S = NOTICE_S + SCRAPE_S + POLL_S  # done is believed when a second sample agrees
GLINT_S = 2.1  # a little more than one period of the progressing picture


@dataclass
class Recording:
    """One performance. Times are time.monotonic()'s."""

    frames: list[Frame] = field(default_factory=list)
    begun: dict[str, float] = field(default_factory=dict)  # scene: just before its act
    acted: dict[str, float] = field(default_factory=dict)  # scene: just after its act
    status: dict[str, tuple[int, dict, dict]] = field(default_factory=dict)
    true_at: dict[tuple[str, int], float] = field(default_factory=dict)  # (what, nth time)
    log: str = ""
    stopped_after_s: float = 0.0
    exit_status: int | None = None
    stopped_at: float = 0.0

    def between(self, start: float, end: float) -> list[Frame]:
        """What was shown: also the frame that was there when it began."""
        before = [frame for frame in self.frames if frame.at <= start]
        return before[-1:] + [frame for frame in self.frames if start < frame.at < end]


def perform() -> Recording:
    recording = Recording()
    with Stage(SPEED) as stage:
        settings = config(stage.prometheus.url, "frames", ROLLOUTS, f"{POLL_S:.0f}s")
        wall = Wall(settings, stage.directory)
        scenes = []

        def announce(scene):
            if scenes:
                recording.status[scenes[-1]] = ask_status(wall)
            scenes.append(scene.name)
            recording.begun[scene.name] = time.monotonic()

        def look():
            recording.acted.setdefault(scenes[-1], time.monotonic())
            wall.child.expect_alive()
            middle = recording.begun[scenes[-1]] + NOTICE_S
            if scenes[-1] == "rollout" and "midway" not in recording.status:
                if time.monotonic() > middle:
                    recording.status["midway"] = ask_status(wall)

        wall.start()
        try:
            play(stage, announce, look)
            recording.status[scenes[-1]] = ask_status(wall)
        finally:
            recording.stopped_at = time.monotonic()
            recording.exit_status = wall.stop()
            recording.stopped_after_s = time.monotonic() - recording.stopped_at
            recording.log = wall.messages()
        recording.frames = wall.frames
        note_truth(recording, stage)
    return recording


def ask_status(wall: Wall) -> tuple[int, dict, dict]:
    """The exit status of `amberbar status --json`, what it says, and the file that it reads."""
    answer = wall.ask("status", "--json")
    return answer.returncode, json.loads(answer.stdout), wall.status()


def note_truth(recording: Recording, stage: Stage) -> None:
    with stage.live.now() as cluster:
        for entry in cluster.journal:
            if entry.key == WORKLOAD:
                nth = sum(what == entry.what for what, _ in recording.true_at)
                recording.true_at[entry.what, nth] = stage.live.clock_of(entry.at)


class DemoStory(unittest.TestCase):
    recording: Recording

    @classmethod
    def setUpClass(cls):
        cls.recording = perform()
        # The first "complete" is from before the story.
        cls.rolled_out = cls.recording.true_at["complete", 1]
        cls.gave_up = cls.recording.true_at["Progressing: ProgressDeadlineExceeded", 0]
        cls.rolled_back = cls.recording.true_at["complete", 2]

    def assert_never(self, start: float, end: float, is_wrong, what: str):
        wrong = [frame for frame in self.recording.between(start, end) if is_wrong(frame)]
        self.assertFalse(wrong, f"{what}:\n{self.reported(wrong)}")

    def assert_becomes(self, start: float, within_s: float, is_right, what: str) -> float:
        """The time at which it became so."""
        for frame in self.recording.between(start, start + within_s):
            if is_right(frame):
                return max(start, frame.at)
        frames = self.recording.between(start, start + within_s)
        return self.fail(f"{what} is not shown within {within_s} s:\n{self.reported(frames)}")

    def reported(self, frames: list[Frame]) -> str:
        """Frames in words, with the scene in which they came."""
        begun = self.recording.begun
        lines = []
        for frame in frames[:3] + frames[3:][-5:]:
            scene = max((n for n in begun if begun[n] <= frame.at), key=begun.get, default="before")
            since = frame.at - begun.get(scene, frame.at)
            lines.append(f"  {scene} +{since:.2f} s: {words(frame)}")
        return "\n".join(lines)

    def assert_steady_green(self, scene: str):
        end = self.recording.begun[scene] + 0.01
        self.assertTrue(all(map(is_green, self.recording.between(end, end)[-1].pixels)),
                        f"not green before {scene}:\n{self.reported(self.recording.between(end, end))}")

    def test_it_begins_dark_and_then_shows_that_nothing_is_known_yet(self):
        first = self.recording.frames[0]
        self.assertTrue(all(map(is_dark, first.pixels)), self.reported([first]))
        self.assertTrue(any(map(is_unknown, self.recording.frames[1:100])),
                        self.reported(self.recording.frames[:8]))

    def test_stable_is_all_green(self):
        for scene in ("rollout", "stuck", "blind"):
            with self.subTest(before=scene):
                self.assert_steady_green(scene)
        last = self.recording.between(self.recording.stopped_at, self.recording.stopped_at)
        self.assertTrue(all(map(is_green, last[-1].pixels)), self.reported(last))

    def test_never_green_between_start_and_end_of_a_rollout(self):
        start = self.recording.acted["rollout"]
        seen = self.assert_becomes(
            start, NOTICE_S, lambda frame: not shows(frame, is_green), "the rollout"
        )
        self.assert_never(
            seen, self.rolled_out, lambda frame: shows(frame, is_green), "green in the rollout"
        )
        self.assert_becomes(
            self.rolled_out, CONFIRM_S, lambda frame: all(map(is_green, frame.pixels)), "done"
        )

    def test_progress_never_falls_and_is_full_only_when_done(self):
        rolling = self.recording.between(self.recording.acted["rollout"], self.rolled_out)
        rolling = [frame for frame in rolling if shows(frame, is_amber)]
        percent = [int(frame.text) for frame in rolling if frame.text.strip().isdigit()]
        self.assertEqual(percent, sorted(percent), "the number falls")
        self.assertGreater(len(set(percent)), 3, "hardly any progress is seen")
        self.assertLess(max(percent), 100)
        lengths = bar_lengths(rolling)
        self.assertEqual(lengths, sorted(lengths), "the bar shrinks")
        self.assertLess(lengths[0], lengths[-1], f"the bar does not grow: {lengths}")
        self.assert_never(
            rolling[0].at, self.rolled_out, is_full, "full, and the rollout is not done"
        )

    def test_the_time_that_is_left_is_told_while_it_rolls_and_not_while_it_is_stuck(self):
        start, stuck = self.recording.acted["rollout"], self.recording.begun["stuck"]
        self.assert_becomes(start, self.rolled_out - start, lambda frame: frame.text == "1m",
                            "the time that is left")
        self.assert_never(self.rolled_out + CONFIRM_S, stuck, lambda frame: "m" in frame.text,
                          "a time, and all is done")
        self.assert_never(stuck + NOTICE_S, self.recording.begun["rollback"],
                          lambda frame: "m" in frame.text, "a time, and it is stuck")

    def test_a_stuck_rollout_is_never_green_and_fails_after_its_deadline(self):
        seen = self.assert_becomes(
            self.recording.acted["stuck"],
            NOTICE_S,
            lambda frame: not shows(frame, is_green),
            "the second rollout",
        )
        self.assert_never(
            seen, self.rolled_back, lambda frame: shows(frame, is_green), "green before the undo"
        )
        self.assert_never(seen, self.gave_up, has_failed, "failed before Kubernetes said so")
        failed = self.assert_becomes(self.gave_up, NOTICE_S, has_failed, "the failure")
        undone = self.recording.begun["rollback"]
        self.assert_never(failed, undone, lambda frame: not has_failed(frame), "not failed")

    def test_after_the_undo_it_is_green_again(self):
        self.assert_becomes(
            self.rolled_back, CONFIRM_S, lambda frame: all(map(is_green, frame.pixels)), "green"
        )

    def test_unknown_within_a_poll_of_prometheus_death(self):
        killed, back = self.recording.acted["blind"], self.recording.begun["sighted"]
        bright = max(max(pixel) for pixel in self.recording.between(killed, killed)[0].pixels)
        # One poll may be all but over; the first that fails may leave a dimmed picture for one.
        noticed = killed + POLL_S + SLACK_S
        self.assert_never(
            noticed,
            noticed + POLL_S,
            lambda frame: not is_unknown(frame) and max(map(max, frame.pixels)) > 0.8 * bright,
            "neither dimmed nor unknown",
        )
        unknown = self.assert_becomes(
            killed, 2 * POLL_S + SLACK_S, is_unknown, "that nothing is known"
        )
        self.assert_never(unknown, back, lambda frame: not is_unknown(frame), "known, but how")

    def test_the_truth_comes_back_with_prometheus(self):
        self.assert_becomes(
            self.recording.acted["sighted"],
            # A back-off of up to 8 s may be under way after 6 s of failures.
            8 + NOTICE_S,
            lambda frame: all(map(is_green, frame.pixels)),
            "green",
        )

    def test_status_agrees_with_its_file_and_with_the_story(self):
        rows = (
            ("stable", 0, "stable"),
            ("midway", 3, "progressing"),
            ("done", 0, "stable"),
            ("failed", 4, "failed"),
            ("calm", 0, "stable"),
            ("blind", 5, "unknown"),
            ("end", 0, "stable"),
        )
        for scene, code, state in rows:
            with self.subTest(scene):
                returned, said, file = self.recording.status[scene]
                self.assertEqual([rollout["state"] for rollout in said["rollouts"]], [state])
                self.assertEqual([rollout["state"] for rollout in file["rollouts"]], [state])
                self.assertEqual(returned, code)

    def test_the_log_and_the_history_have_the_story_and_nothing_else(self):
        newest_first = self.recording.status["end"][1]["history"]
        history = [(entry["name"], entry["from"], entry["to"]) for entry in newest_first[::-1]]
        for what, said in (("log", logged(self.recording.log)), ("history", history)):
            with self.subTest(what):
                self.assertEqual(unreported(STORIES["rollout"], said), "", self.recording.log)

    def test_sigterm_ends_it_dark_and_at_once(self):
        last = self.recording.frames[-1]
        self.assertTrue(all(pixel == (0, 0, 0) for pixel in last.pixels), self.reported([last]))
        self.assertEqual(self.recording.exit_status, 0)
        self.assertLess(self.recording.stopped_after_s, 2.0)


def has_failed(frame: Frame) -> bool:
    return frame.text == "FAIL" and shows(frame, is_red) and not shows(frame, is_amber)


def is_full(frame: Frame) -> bool:
    """Every pixel as bright as the first."""
    levels = [max(pixel) for pixel in frame.pixels]
    return min(levels) >= 0.97 * max(levels)


def bar_lengths(frames: list[Frame]) -> list[int]:
    """How many pixels from the start are bright, at each moment. A glint runs over the bar once in
    GLINT_S and only ever adds light, so the least of each pixel in that time is the bar itself."""
    bright = 0.7 * max(frames[-1].pixels[0])
    lengths = []
    for first in frames:
        if first.at > frames[-1].at - GLINT_S:
            break
        time_of_one = [f for f in frames if first.at <= f.at <= first.at + GLINT_S]
        pixels = zip(*(map(max, frame.pixels) for frame in time_of_one))
        least = [min(levels) for levels in pixels]
        lengths.append(next((i for i, level in enumerate(least) if level < bright), len(least)))
    return lengths


if __name__ == "__main__":
    sys.exit(suite.main(prometheus.program))
