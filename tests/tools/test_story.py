"""The demo's story is true: what each scene says is what the simulated cluster does by then."""

import pathlib
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools"))

from cluster.cluster import Cluster  # noqa: E402
from lib.story import EXPLAINED, SCENES, STORIES, WORKLOAD, cast, unreported, logged  # noqa: E402


class ClusterOnly:
    """A stage in virtual time, without a Prometheus."""

    def __init__(self):
        self.cluster = Cluster(jitter=0.5, seed=3)
        self.prometheus = self
        cast(self.cluster)

    def order(self, verb, **options):
        verb(self.cluster, WORKLOAD, **options)

    def kill(self):
        pass

    def start(self):
        pass


def at_the_end_of(name: str, scenes=SCENES) -> str:
    stage = ClusterOnly()
    for scene in scenes:
        scene.act(stage)
        stage.cluster.step(scene.cluster_s)
        if scene.name == name:
            break
    d = stage.cluster.get(WORKLOAD)
    return f"{d.complete} {d.status.conditions['Progressing'].reason}"


class Story(unittest.TestCase):
    def test_what_is_true_at_the_end_of_each_scene(self):
        whole, failed = "True NewReplicaSetAvailable", "False ProgressDeadlineExceeded"
        rows = (
            ("stable", whole),
            ("rollout", whole),
            ("done", whole),
            ("stuck", failed),
            ("failed", failed),
            ("rollback", whole),
            ("calm", whole),
            ("blind", whole),
            ("sighted", whole),
            ("end", whole),
        )
        self.assertEqual([scene.name for scene in SCENES], [name for name, _ in rows])
        for name, expected in rows:
            with self.subTest(name):
                self.assertEqual(at_the_end_of(name), expected)

    def test_what_is_explained_is_a_rollout_that_ends_well(self):
        for scene in EXPLAINED:
            with self.subTest(scene.name):
                expected = "False" if scene.name == "hotfix" else "True"
                self.assertTrue(at_the_end_of(scene.name, EXPLAINED).startswith(expected))

    def test_a_state_that_is_not_told_is_found_in_the_log(self):
        rows = (
            ("all that is reported", [], ""),
            ("one between", [("cms", "stable", "unknown"), ("cms", "unknown", "stable")], "tells"),
            ("one that does not follow", [("cms", "paused", "stable")], "leave paused"),
            ("of something else", [("web", "unknown", "stable")], "web: unknown -> stable"),
        )
        states = STORIES["rollout"].states["cms"].replace("(progressing )?", "progressing ").split()
        reported = [("cms", before, after) for before, after in zip(states, states[1:])]
        for sentence, more, said in rows:
            with self.subTest(sentence):
                log = "Prometheus answers again\n"
                log += "".join(f"{n}: {a} -> {b}: why\n" for n, a, b in reported + more)
                found = unreported(STORIES["rollout"], logged(log))
                self.assertTrue(said in found if said else not found, found)
        self.assertIn("cms: nothing", unreported(STORIES["rollout"], []))

    def test_each_takes_about_90_seconds(self):
        for name, story in STORIES.items():
            seconds = sum(scene.cluster_s + scene.notice_s for scene in story.scenes)
            self.assertTrue(80 <= seconds <= 100, f"{name}: {seconds}")

    def test_captions_fit_a_terminal(self):
        for story in STORIES.values():
            for scene in story.scenes:
                self.assertLessEqual(len(scene.caption), 100, scene.name)


if __name__ == "__main__":
    unittest.main()
