"""The simulated cluster against real controllers: tests/rollout/recorded/kubernetes.json has rows
that a real kube-controller-manager wrote and a Prometheus scraped, once a second, from a real
kube-state-metrics. Each of its stories is done again here: the same changes of the spec at the same
times, the same pods lost or deleted, pods that take as long to start and to stop as they did there.

What must come out is the same, as far as a scrape a second can tell. Real controllers write many
states within a scrape, in an order that is theirs (their loops run side by side, so an order is
drawn from a seed here); a scrape sees one of them. So a story is reproduced when, in some order of
the controllers' steps,
- every recorded row is a state that the simulated API server had, and in the order of the
  recording: (generation, observedGeneration, spec, replicas, updated, ready, available, current,
  whether the revisions are the same, condition, reason, ReplicaFailure), all of it;
- it was so at the time of the recording, within the two seconds to which is known when a pod was
  ready there;
- every simulated state that stood for longer than a scrape is a row of the recording, at its place;
- both begin and end with the same state.
Rows and states that repeat the one before count once."""

import json
import pathlib
import sys
import unittest
from collections.abc import Iterator
from dataclasses import replace

sys.dont_write_bytecode = True
TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS.parent / "tools"))

from replay.rows import Comparison, State, compare, recorded_states  # noqa: E402
from replay.stories import STORIES, perform  # noqa: E402

ORDERS = 200  # of the controllers' steps, that are tried


def replayed(timeline: dict, recorded: list[State]) -> Comparison:
    """The first performance that is the recording's; where there is none, the one nearest to it."""
    found = []
    for seed in range(ORDERS):
        found.append(compare(recorded, perform(STORIES[timeline["id"]], timeline, seed)))
        if found[-1].is_whole:
            return found[-1]
    return max(found, key=lambda one: (one.matched, one.at))


def counters(recorded: list[State]) -> Iterator[tuple[int, int]]:
    """The place of each: which state, which field."""
    for i, state in enumerate(recorded):
        yield from ((i, j) for j, value in enumerate(state.row) if type(value) is int)


class Recorded(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        text = (TESTS / "rollout" / "recorded" / "kubernetes.json").read_text()
        cls.timelines = {timeline["id"]: timeline for timeline in json.loads(text)["timelines"]}

    def test_every_recorded_story_is_done_again(self):
        self.assertEqual(sorted(STORIES), sorted(self.timelines))

    def test_the_counters_are_those_of_real_controllers(self):
        for name, timeline in self.timelines.items():
            with self.subTest(name):
                found = replayed(timeline, recorded_states(timeline))
                self.assertTrue(found.is_whole, f"{name} differs {found.report()}")

    def test_one_counter_another_by_one_is_found_out(self):
        timeline = self.timelines["K-s-sroll"]
        recorded = recorded_states(timeline)
        simulated = perform(STORIES["K-s-sroll"], timeline, 0)
        self.assertTrue(compare(recorded, simulated).is_whole)
        for i, j in counters(recorded):
            row = list(recorded[i].row)
            row[j] += 1
            other = recorded[:i] + [replace(recorded[i], row=tuple(row))] + recorded[i + 1 :]
            with self.subTest(state=i, field=j):
                self.assertFalse(compare(other, simulated).is_whole)

    def test_a_state_that_lasts_and_was_not_recorded_is_found_out(self):
        timeline = self.timelines["K-s-sroll"]
        recorded = recorded_states(timeline)
        simulated = perform(STORIES["K-s-sroll"], timeline, 0)
        lasting = {state.row for state in simulated if state.lasts}
        places = [i for i, state in enumerate(recorded) if state.row in lasting]
        self.assertGreater(len(places), 5)
        for i in places:
            with self.subTest(without=i):
                self.assertFalse(compare(recorded[:i] + recorded[i + 1 :], simulated).is_whole)

    def test_a_fault_is_reported_by_the_first_row_that_differs(self):
        timeline = self.timelines["K-a-one"]
        recorded = recorded_states(timeline)
        row = recorded[1].row
        recorded[1].row = (*row[:3], 7, *row[4:])
        said = replayed(timeline, recorded).report()
        self.assertRegex(said, r"recorded:\n +9.83 s: gen=2 obs=1 spec=1 replicas=7")
        self.assertRegex(said, r"simulated:\n +9.33 s: gen=2 obs=1 spec=1 replicas=1")


if __name__ == "__main__":
    unittest.main()
