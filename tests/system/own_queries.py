#!/usr/bin/env python3
"""Twenty slow indicators beside one rollout: the workloads are asked as if these were not there, what is
late is unknown alone, and wall and status file say the same at each change."""
import pathlib
import select
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from peers import prometheus  # noqa: E402
from peers.picture import Frame  # noqa: E402
from peers.prometheus import encoded  # noqa: E402
from peers.servers import stable_rows  # noqa: E402
from peers.wall import Wall, about_web  # noqa: E402

COUNT = 20
INTERVAL_S, TIMEOUT_S = 2.5, 2.0
SLOW_S = 0.8 * TIMEOUT_S  # for each own query
LATE = 7  # the one that is never answered
BAR = 4   # pixels of the rollout; each indicator has one after them
SLACK_S = 2.0  # for a sanitized build on a shared machine
# What was read is on the wall after a glide, and a failure after one dimmed picture.
APART_S = 1.0  # between writing a frame and the status file
SHOWN_S = INTERVAL_S + 0.6 + SLACK_S
PATIENCE_S = 2 * COUNT * (SLOW_S + SLACK_S)

BOARD = f"""title: A pixel for each
outputs:
  - {{name: frames, chip: frames, pixels: {BAR + COUNT}, bus: stdout}}
"""


class Prometheus(prometheus.Prometheus):
    """Answers about workloads at once, and each own query in its time."""

    def __init__(self):
        self.degraded = False
        self.late = {f"slow_{LATE}"}  # own queries that are never answered
        self.polls = []  # when the workloads were asked about
        self.asked = []  # (when, own query)
        self.open = self.most_open = 0
        self.changed = threading.Condition()
        super().__init__()

    def count(self, step):
        """One that is closed may be seen a moment later than the one that takes its place."""
        with self.changed:
            self.open += step
            self.changed.notify_all()
            if step > 0:
                self.changed.wait_for(lambda: self.open <= 2, SLACK_S)
                self.most_open = max(self.most_open, self.open)

    def serve(self, connection):
        self.count(1)
        super().serve(connection)
        self.count(-1)

    def answer(self, query, connection):
        """None: the client has gone."""
        now = time.time()
        if not query.startswith("slow_"):
            self.polls.append(time.monotonic())
            lost = {"status_replicas_available": 1, "status_replicas_ready": 1}
            return 200, encoded(query, stable_rows(now, **(lost if self.degraded else {})), now)
        self.asked.append((time.monotonic(), query))
        if select.select([connection], [], [], PATIENCE_S if query in self.late else SLOW_S)[0]:
            return None
        return 200, encoded(query, [({}, self.value(query))], now)

    def value(self, query):
        """Every other time critical: each answer changes the picture."""
        return 1 if sum(asked == query for _, asked in self.asked) % 2 else 9


def colour(pixel):
    red, green, blue = pixel
    if green > red and green > blue:
        return "green"
    return "red" if red > 3 * max(green, blue) else "other"


class Observer:
    """Each change of the status file, with the wall's frame of that time, and how long each state has
    stood; `faults` are contradictions."""

    # A bar is not green all over; what is degraded but now is still, and a critical lamp beats.
    COLOURS = {"ok": {"green"}, "critical": {"red", "other"}, "unknown": {"other"},
               "degraded": {"green", "other", "red"}}

    def __init__(self, wall):
        self.wall = wall
        self.status = {}
        self.since = {}  # name: (state, when it was seen first)
        self.changes = 0
        self.faults = []
        self.suspects = {}  # words: since when

    def state(self, name):
        return self.since.get(name, (None, 0))[0]

    def look(self):
        if not (status := self.wall.status()):
            return
        now = time.monotonic()
        self.changes += status != self.status
        self.status = status
        for entry in self.status["rollouts"] + self.status["indicators"]:
            if self.state(entry["name"]) != entry["state"]:
                self.since[entry["name"]] = (entry["state"], now)
        self.faults += self.contradictions("status file's picture", Frame.of(status["frame"]).pixels, now)
        if self.wall.frames:
            self.compare_wall(self.wall.frames[-1].pixels, now)

    def compare_wall(self, pixels, now):
        """Its frame may be newer than the status file by a moment."""
        found = self.contradictions("wall", pixels, now)
        self.suspects = {words: self.suspects.get(words, now) for words in found}
        self.faults += [words for words, since in self.suspects.items() if now - since > APART_S]

    def contradictions(self, where, pixels, now):
        found = []
        for name, (state, since) in self.since.items():
            first = 0 if name == "web" else BAR + int(name[1:])
            shown = {colour(pixel) for pixel in pixels[first:first + (BAR if name == "web" else 1)]}
            good = "green" in shown if state == "stable" else shown <= self.COLOURS[state]
            if now - since > SHOWN_S and not good:
                found.append(f"{name} is {state} since {since:.1f}, and the {where} is {shown}")
        return found


class OwnQueries(unittest.TestCase):
    def setUp(self):
        self.server = Prometheus()
        self.addCleanup(self.server.close)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.board = pathlib.Path(folder.name,
                                  "board.yaml")
        self.board.write_text(BOARD, encoding="utf-8")
        indicators = [{"name": f"i{i}", "query": f"slow_{i}", "warning": 5, "critical": 8}
                      for i in range(COUNT)]
        segments = [{"pixels": f"0-{BAR - 1}", "show": "rollout web"}] + [
            {"pixels": BAR + i, "show": f"indicator i{i}"} for i in range(COUNT)]
        times = {"poll_interval": f"{INTERVAL_S * 1000:.0f}ms", "timeout": f"{TIMEOUT_S * 1000:.0f}ms"}
        self.wall = Wall(about_web(self.server.url, str(self.board), times, indicators=indicators,
                                   display={"brightness": "100%", "segments": segments}))
        self.addCleanup(self.wall.close)
        self.wall.start()
        self.seen = Observer(self.wall)

    def wait(self, what, holds, seconds=PATIENCE_S):
        self.wall.wait(what, lambda: self.seen.look() or holds(), seconds, 0.05)

    def known(self):
        return {f"i{i}" for i in range(COUNT) if self.seen.state(f"i{i}") in ("ok", "critical")}

    def test_the_workloads_do_not_wait_and_what_is_late_is_unknown_alone(self):
        self.wait("the rollout is stable", lambda: self.seen.state("web") == "stable")
        self.assertLessEqual(len(self.known()), 1, "it waited for the indicators")
        self.wait("each is asked", lambda: len({query for _, query in self.server.asked}) == COUNT)
        self.wait("all but the late one are known", lambda: len(self.known()) == COUNT - 1)
        self.assertEqual(self.seen.state(f"i{LATE}"), "unknown")
        self.assertEqual(self.seen.state("web"), "stable")
        self.assertIn(f"indicator i{LATE}: timed out", self.seen.status["poll"]["error"])

        self.server.degraded = True
        begun = time.monotonic()
        self.wait("the lost pod is seen", lambda: self.seen.state("web") == "degraded",
                  INTERVAL_S + TIMEOUT_S + SLACK_S)
        print(f"degraded {time.monotonic() - begun:.1f} s after it was so")
        self.server.degraded = False
        self.wait("all is well again", lambda: self.seen.state("web") == "stable")

        self.server.late = {"slow_3"}
        self.wait("the late one is known", lambda: self.seen.state(f"i{LATE}") in ("ok", "critical"))
        self.wait("another is late", lambda: self.seen.state("i3") == "unknown")
        self.wait("it alone", lambda: len(self.known()) == COUNT - 1)
        self.wait("it is shown", lambda: time.monotonic() > self.seen.since["i3"][1] + SHOWN_S + 1)
        self.judge()

    def judge(self):
        polls = self.server.polls
        gaps = [b - a for a, b in zip(polls, polls[1:])]
        lasted = polls[-1] - polls[0]
        print(f"{len(polls)} polls in {lasted:.1f} s, at most {max(gaps):.2f} s apart, beside "
              f"{len(self.server.asked)} own queries; {self.seen.changes} changes of the status file")
        self.assertLess(max(gaps), INTERVAL_S + SLACK_S)
        self.assertGreater(len(polls), 0.8 * lasted / INTERVAL_S)
        between = [b - a for (a, _), (b, _) in zip(self.server.asked, self.server.asked[1:])]
        self.assertGreater(min(between), 0.9 * SLOW_S, "two own queries at once")
        self.assertLessEqual(self.server.most_open, 2)
        self.assertGreater(self.seen.changes, COUNT)
        self.assertEqual(self.seen.faults, [])


if __name__ == "__main__":
    sys.exit(0 if unittest.main(exit=False, verbosity=2).result.wasSuccessful() else 1)
