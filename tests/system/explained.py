"""What the project exists for, through a real Prometheus: an indicator that turns orange because of a
rollout is shown as explained; one that has no explanation is not. The demo's story `explained`, read
from the `frames` board, the status file and the history."""

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
from lib.story import ROLLOUTS, STORIES, Stage, play, unreported, logged  # noqa: E402
from peers import suite  # noqa: E402
from peers.picture import Frame, is_amber, is_green, is_red  # noqa: E402
from peers.wall import Wall  # noqa: E402

STORY = STORIES["explained"]
SPEED = 2.5  # of the cluster: the rate in the query covers 4 s, whatever the speed
LAMP = 7  # of eight pixels the last: the indicator; before it a gap, and the bar


@dataclass
class Recording:
    frames: list[Frame] = field(default_factory=list)
    begun: dict[str, float] = field(default_factory=dict)
    ended: dict[str, float] = field(default_factory=dict)
    seen: dict[str, list[dict]] = field(default_factory=dict)  # scene: the status file, often
    last: tuple[int, dict] = (0, {})
    text: str = ""
    log: str = ""

    def frames_of(self, scene: str) -> list[Frame]:
        start, end = self.begun[scene], self.ended[scene]
        before = [frame for frame in self.frames if frame.at <= start]
        return before[-1:] + [frame for frame in self.frames if start < frame.at < end]

    def at_the_end_of(self, scene: str) -> list[Frame]:
        """The last two seconds: a whole period of whatever moves."""
        until = self.ended[scene]
        before = [frame for frame in self.frames if frame.at <= until - 2.0]
        return before[-1:] + [frame for frame in self.frames if until - 2.0 < frame.at < until]


def perform() -> Recording:
    recording = Recording()
    with Stage(SPEED) as stage:
        settings = config(stage.prometheus.url, "frames", ROLLOUTS, "1s", STORY.indicators)
        wall = Wall(settings, stage.directory)
        scenes = []

        def announce(scene):
            if scenes:
                recording.ended[scenes[-1]] = time.monotonic()
            scenes.append(scene.name)
            recording.begun[scene.name] = time.monotonic()

        def look():
            wall.child.expect_alive()
            status = wall.status()
            seen = recording.seen.setdefault(scenes[-1], [])
            if not seen or seen[-1]["updated"] != status["updated"]:
                seen.append(status)

        wall.start()
        try:
            wall.wait("writing its status", wall.status)  # it is there when the daemon is
            play(stage, announce, look, STORY.scenes)
            recording.ended[scenes[-1]] = time.monotonic()
            answer = wall.ask("status", "--json")
            recording.last = (answer.returncode, json.loads(answer.stdout))
            recording.text = wall.ask("status").stdout
        finally:
            wall.stop()
            recording.log = wall.messages()
        recording.frames = wall.frames
    return recording


class Explained(unittest.TestCase):
    recording: Recording

    @classmethod
    def setUpClass(cls):
        cls.recording = perform()
        cls.history = cls.recording.last[1]["history"][::-1]

    def assert_ends(self, scene: str, kind, what: str):
        frames = self.recording.at_the_end_of(scene)
        wrong = [frame.pixels[LAMP] for frame in frames if not kind(frame.pixels[LAMP])]
        self.assertFalse(wrong, f"{scene}: {what} is not all that is shown at its end: {wrong[:5]}")

    def levels(self, frames: list[Frame]) -> list[int]:
        return [max(frame.pixels[LAMP]) for frame in frames]

    def test_green_while_all_is_well(self):
        self.assert_ends("calm", is_green, "green")

    def test_amber_and_never_red_while_the_rollout_explains_it(self):
        frames = self.recording.frames_of("rollout")
        amber = [frame for frame in frames if is_amber(frame.pixels[LAMP])]
        self.assertTrue(amber, "the rollout never made it orange")
        self.assertFalse([frame for frame in frames if is_red(frame.pixels[LAMP])], "red")
        self.assertNotIn("ALrt", {frame.text for frame in frames})

    def test_what_is_explained_is_calm_and_moves_with_the_bar(self):
        frames = [f for f in self.recording.frames_of("rollout") if is_amber(f.pixels[LAMP])]
        levels = self.levels(frames)
        self.assertLess(min(levels), 0.75 * max(levels), "it does not swell")
        bar = max(max(pixel) for frame in frames for pixel in frame.pixels[:6])
        self.assertLess(max(levels), bar, "it is brighter than the bar that explains it")

    def test_green_again_by_itself(self):
        self.assert_ends("warm", is_green, "green")

    def test_red_when_nothing_explains_it(self):
        self.assert_ends("slow", is_red, "red")
        frames = self.recording.at_the_end_of("slow")
        self.assertTrue(all(is_green(frame.pixels[0]) for frame in frames), "the bar is not green")
        self.assertEqual({frame.text for frame in frames}, {"ALrt"})
        levels = self.levels(frames)
        self.assertLess(min(levels), 0.6 * max(levels), "it does not beat")

    def test_a_rollout_in_the_middle_of_an_alarm_excuses_nothing(self):
        frames = self.recording.frames_of("hotfix")
        self.assertTrue(any(is_amber(frame.pixels[0]) for frame in frames), "no rollout is seen")
        wrong = [frame for frame in frames if not is_red(frame.pixels[LAMP])]
        self.assertFalse(wrong, "not red all the time")
        whys = [s["indicators"][0] for s in self.recording.seen["hotfix"]]
        self.assertEqual({why["explained_by"] for why in whys}, {None})
        self.assertTrue(any("already orange before the rollout of cms began" in why["why"]
                            for why in whys), [why["why"] for why in whys])

    def test_green_in_the_end(self):
        self.assert_ends("fixed", is_green, "green")

    def test_the_status_file_says_what_explains_it(self):
        explained = [s["indicators"][0] for s in self.recording.seen["rollout"]
                     if s["indicators"][0]["explained_by"]]
        self.assertTrue(explained)
        for indicator in explained:
            self.assertEqual(indicator["explained_by"], "cms")
            self.assertEqual(indicator["name"], "ttfb")
            self.assertIn(indicator["state"], ("warning", "critical"))
            self.assertGreaterEqual(indicator["value"], 0.4)
            self.assertIn("explained by the rollout of cms", indicator["why"])

    def test_the_log_and_the_history_have_the_story_and_nothing_else(self):
        history = [(entry["name"], entry["from"], entry["to"]) for entry in self.history]
        for what, said in (("log", logged(self.recording.log)), ("history", history)):
            with self.subTest(what):
                self.assertEqual(unreported(STORY, said), "", self.recording.log)

    def test_the_history_has_the_reasons(self):
        reasons = {entry["to"]: entry["why"] for entry in self.history if entry["name"] == "ttfb"}
        explained = next(why for to, why in reasons.items() if to.startswith("explained"))
        self.assertIn("explained by the rollout of cms", explained)
        self.assertIn("nothing is rolling out that would explain it", reasons["critical"])

    def test_status_in_words_and_exits_by_rollouts_alone(self):
        status, said = self.recording.last
        self.assertEqual(status, 0)
        self.assertEqual(said["indicators"][0]["state"], "ok")
        self.assertRegex(self.recording.text, r"(?m)^ttfb +ok ")
        self.assertIn("ttfb: ok -> explained warning", self.recording.text)


if __name__ == "__main__":
    sys.exit(suite.main(prometheus.program))
