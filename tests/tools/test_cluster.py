"""The simulated cluster against the rules of the Deployment controller it stands for."""

import pathlib
import random
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools"))

from cluster.cluster import Cluster, Fault, Refused, Spec, Template  # noqa: E402
from cluster.deployment import Deployment  # noqa: E402
from cluster.spec import fenceposts, resolved  # noqa: E402

KEY = "shop/api"


def running(lag_s: float = 0.0, **spec) -> tuple[Cluster, Deployment]:
    cluster = Cluster(lag_s=lag_s)
    return cluster, cluster.create(KEY, Spec(**spec), running=True)


def counts(d: Deployment) -> str:
    """replicas/updated/ready/available"""
    return "{0.replicas}/{0.updated}/{0.ready}/{0.available}".format(d.status)


def reason(d: Deployment, kind: str = "Progressing") -> str | None:
    condition = d.status.conditions.get(kind)
    return f"{condition.status} {condition.reason}" if condition else None


class Rounding(unittest.TestCase):
    def test_percentages_become_pods(self):
        rows = (
            ("a quarter of 10 surges to 3", "25%", 10, True, 3),
            ("a quarter of 10 leaves 2 unavailable", "25%", 10, False, 2),
            ("a quarter of 1 surges to 1", "25%", 1, True, 1),
            ("a quarter of 1 leaves none unavailable", "25%", 1, False, 0),
            ("a number is itself", 2, 10, True, 2),
            ("a number may be text", "2", 10, False, 2),
            ("more than all is allowed", "150%", 3, True, 5),
            ("nothing of nothing", "100%", 0, True, 0),
        )
        for sentence, value, replicas, up, pods in rows:
            with self.subTest(sentence):
                self.assertEqual(resolved(value, replicas, up), pods)

    def test_both_zero_would_never_move(self):
        self.assertEqual(fenceposts(Spec(max_surge=0, max_unavailable=0)), (0, 1))

    def test_more_than_all_cannot_be_missing(self):
        self.assertEqual(Spec(replicas=3, max_unavailable=10).unavailable(), 3)


class RollingUpdate(unittest.TestCase):
    def test_first_step(self):
        rows = (
            ("10 with 25%/25%: 3 surge, 2 go, 2 more come", 10, "25%", "25%", "13/5/8/8"),
            ("4 with surge only: one comes, none goes", 4, 1, 0, "5/1/4/4"),
            ("1 with 25%/25%: the old one stays", 1, "25%", "25%", "2/1/1/1"),
            ("3 without surge: one goes, one comes", 3, 0, 1, "3/1/2/2"),
            ("3 with 0/0: as without surge", 3, 0, 0, "3/1/2/2"),
            ("2 with 100% unavailable: all at once", 2, 0, "100%", "2/2/0/0"),
        )
        for sentence, replicas, surge, unavailable, expected in rows:
            with self.subTest(sentence):
                cluster, d = running(
                    replicas=replicas, max_surge=surge, max_unavailable=unavailable
                )
                cluster.rollout(KEY)
                cluster.step(1)
                self.assertEqual(counts(d), expected)

    def test_a_surge_only_rollout_step_by_step(self):
        cluster, d = running(replicas=2, max_surge=1, max_unavailable=0)
        cluster.rollout(KEY)
        seen = []
        for _ in range(9):
            cluster.step(1)
            seen.append(f"{counts(d)} {reason(d)}")
        updated, done = "True ReplicaSetUpdated", "True NewReplicaSetAvailable"
        expected = 2 * [f"3/1/2/2 {updated}"] + 3 * [f"3/2/2/2 {updated}"] + 4 * [f"2/2/2/2 {done}"]
        self.assertEqual(seen, expected)

    def test_limits_hold_at_every_moment(self):
        seed = random.randrange(1 << 32)
        rng = random.Random(seed)
        for _ in range(60):
            spec = Spec(
                Template(start_s=rng.uniform(0, 9), stop_s=rng.uniform(0, 9)),
                replicas=rng.randint(1, 12),
                max_surge=rng.choice([0, 1, 3, "10%", "25%", "100%"]),
                max_unavailable=rng.choice([0, 1, 2, "25%", "100%"]),
                min_ready_s=rng.choice([0, 0, 4]),
            )
            with self.subTest(seed=seed, spec=spec):
                self._roll_within_limits(spec, rng)

    def _roll_within_limits(self, spec: Spec, rng: random.Random):
        cluster = Cluster(jitter=0.5, seed=rng.randrange(1000))
        d = cluster.create(KEY, spec, running=True)
        cluster.rollout(KEY)
        proven = 0
        for _ in range(1000):
            cluster.step(0.25)
            got = d.status
            self.assertLessEqual(got.replicas, spec.replicas + spec.surge())
            self.assertGreaterEqual(got.available, spec.replicas - spec.unavailable())
            old = got.replicas - got.updated
            now_proven = max(0, min(got.available - old, got.updated))
            if got.observed_generation == d.generation:
                self.assertGreaterEqual(now_proven, proven, "new pods proven available fell")
                proven = now_proven
            if d.complete:
                break
        self.assertTrue(d.complete, f"not complete after {cluster.now} s: {counts(d)}")

    def test_min_ready_seconds_part_ready_from_available(self):
        cluster, d = running(replicas=1, max_surge=1, min_ready_s=5)
        cluster.rollout(KEY)
        cluster.step(4)
        self.assertEqual(counts(d), "2/1/2/1")
        cluster.step(4)
        self.assertEqual(counts(d), "1/1/1/1")

    def test_the_controller_hears_of_a_spec_later(self):
        cluster, d = running(lag_s=2, replicas=3)
        cluster.rollout(KEY)
        cluster.step(1.9)
        self.assertEqual((d.generation, d.status.observed_generation), (2, 1))
        self.assertEqual(counts(d), "3/3/3/3")
        self.assertFalse(d.complete)
        cluster.step(0.2)
        self.assertEqual((d.generation, d.status.observed_generation), (2, 2))
        self.assertEqual(counts(d), "4/1/3/3")

    def test_the_same_spec_again_is_no_change(self):
        cluster, d = running(replicas=3)
        cluster.scale(KEY, 3)
        self.assertEqual(d.generation, 1)

    def test_old_revisions_are_forgotten_beyond_ten(self):
        cluster, d = running(replicas=1)
        for _ in range(15):
            cluster.rollout(KEY)
            cluster.step(20)
        self.assertEqual(len(d.replicasets), 11)


class Recreate(unittest.TestCase):
    def test_new_pods_wait_until_the_last_old_one_is_gone(self):
        cluster, d = running(replicas=3, strategy="Recreate")
        cluster.rollout(KEY)
        cluster.step(1)
        self.assertEqual(counts(d), "0/0/0/0")
        self.assertEqual(d.status.terminating, 3)
        self.assertEqual(reason(d), "True NewReplicaSetAvailable")
        cluster.step(1.5)
        self.assertEqual(counts(d), "3/3/0/0")
        cluster.step(3)
        self.assertEqual(counts(d), "3/3/3/3")
        self.assertTrue(d.complete)


class Trouble(unittest.TestCase):
    def test_a_stuck_rollout_fails_one_second_after_its_deadline(self):
        for fault in (Fault.IMAGE_PULL, Fault.UNSCHEDULABLE, Fault.NEVER_READY):
            with self.subTest(fault):
                cluster, d = running(replicas=10, progress_deadline_s=60)
                cluster.rollout(KEY, fault=fault)
                cluster.step(60.9)
                self.assertEqual(counts(d), "13/5/8/8")
                self.assertEqual(reason(d), "True ReplicaSetUpdated")
                cluster.step(0.2)
                self.assertEqual(reason(d), "False ProgressDeadlineExceeded")
                self.assertEqual(reason(d, "Available"), "True MinimumReplicasAvailable")

    def test_an_undo_reuses_the_old_replicaset(self):
        cluster, d = running(replicas=10, progress_deadline_s=60)
        first = d.replicasets[0]
        cluster.rollout(KEY, fault=Fault.IMAGE_PULL)
        cluster.step(100)
        cluster.undo(KEY)
        cluster.step(0.1)
        self.assertIs(d.new_replicaset(), first)
        self.assertEqual((first.revision, len(d.replicasets), d.generation), (3, 2, 3))
        self.assertEqual(counts(d), "10/10/8/8")
        cluster.step(5)
        self.assertEqual(f"{counts(d)} {reason(d)}", "10/10/10/10 True NewReplicaSetAvailable")

    def test_without_a_deadline_there_is_no_progressing_condition(self):
        cluster, d = running(replicas=2, progress_deadline_s=None)
        cluster.rollout(KEY, fault=Fault.IMAGE_PULL)
        cluster.step(10_000)
        self.assertIsNone(reason(d))

    def test_a_scale_up_that_never_comes_meets_no_deadline(self):
        cluster, d = running(replicas=3, progress_deadline_s=60)
        cluster.hinder(KEY, Fault.UNSCHEDULABLE)
        cluster.scale(KEY, 5)
        cluster.step(3600)
        self.assertEqual(f"{counts(d)} {reason(d)}", "5/5/3/3 True NewReplicaSetAvailable")
        cluster.heal(KEY)
        cluster.step(4)
        self.assertEqual(counts(d), "5/5/5/5")

    def test_pods_lost_after_completion_change_counters_only(self):
        cluster, d = running(replicas=3, progress_deadline_s=60)
        cluster.lose(KEY, pods=2, seconds=500)
        cluster.step(400)
        self.assertEqual(f"{counts(d)} {reason(d)}", "3/3/1/1 True NewReplicaSetAvailable")
        self.assertEqual(reason(d, "Available"), "False MinimumReplicasUnavailable")
        self.assertEqual(d.generation, 1)
        cluster.step(101)
        self.assertEqual(counts(d), "3/3/3/3")

    def test_a_crash_loop_backs_off_twice_as_long_each_time(self):
        cluster, d = running(replicas=1, max_surge=1, min_ready_s=30)
        cluster.rollout(KEY, fault=Fault.CRASH_LOOP, start_s=1, crash_after_s=4)
        ready = []
        for second in range(1, 70):
            cluster.step(1)
            if d.status.ready == 2:
                ready.append(second)
        # Up at 1, 4 s of life, 10 s and 1 s to start, 4 s of life, 20 s and 1 s, ...
        self.assertEqual(ready, [*range(1, 5), *range(16, 20), *range(41, 45)])

    def test_each_rise_of_a_crash_loop_puts_the_deadline_off(self):
        cluster, d = running(replicas=2, max_surge=1, max_unavailable=0, progress_deadline_s=60)
        cluster.change(KEY, min_ready_s=9)
        cluster.rollout(KEY, fault=Fault.CRASH_LOOP, crash_after_s=5)
        cluster.step(100)
        self.assertEqual(reason(d), "True ReplicaSetUpdated")

    def test_an_exhausted_quota_is_a_replica_failure(self):
        cluster, d = running(replicas=4)
        cluster.hinder(KEY, Fault.QUOTA)
        cluster.rollout(KEY)
        cluster.step(5)
        self.assertEqual(reason(d, "ReplicaFailure"), "True FailedCreate")
        self.assertEqual(counts(d), "3/0/3/3")
        cluster.heal(KEY)
        cluster.step(20)
        self.assertIsNone(reason(d, "ReplicaFailure"))
        self.assertTrue(d.complete)


class Scaling(unittest.TestCase):
    def test_up_down_and_to_zero(self):
        cluster, d = running(replicas=3)
        rows = (
            ("up: the new pods are not yet there", 6, 1, "6/6/3/3"),
            ("up: done", 6, 9, "6/6/6/6"),
            ("down: at once, for the terminating do not count", 2, 1, "2/2/2/2"),
            ("to zero", 0, 1, "0/0/0/0"),
            ("and back", 2, 9, "2/2/2/2"),
        )
        for sentence, replicas, seconds, expected in rows:
            with self.subTest(sentence):
                cluster.scale(KEY, replicas)
                cluster.step(seconds)
                self.assertEqual(counts(d), expected)
                self.assertEqual(reason(d), "True NewReplicaSetAvailable")

    def test_in_mid_rollout_both_replicasets_share(self):
        # The example of the Kubernetes manual, "Proportional scaling": 8 old and 5 new of 10,
        # scaled to 15, become 11 old and 7 new.
        cluster, d = running(replicas=10, max_surge=3, max_unavailable=2)
        cluster.rollout(KEY, fault=Fault.IMAGE_PULL)
        cluster.step(5)
        self.assertEqual([rs.replicas for rs in d.replicasets], [8, 5])
        cluster.scale(KEY, 15)
        cluster.step(5)
        self.assertEqual([rs.replicas for rs in d.replicasets], [11, 7])

    def test_of_two_equals_the_newer_grows_more_and_the_older_shrinks_more(self):
        rows = (("growing", 5, [2, 3]), ("shrinking", 3, [1, 2]))
        for sentence, replicas, expected in rows:
            with self.subTest(sentence):
                cluster, d = running(replicas=4, max_surge=0, max_unavailable=2)
                cluster.step(1)
                cluster.rollout(KEY, fault=Fault.IMAGE_PULL)
                cluster.step(5)
                self.assertEqual([rs.replicas for rs in d.replicasets], [2, 2])
                cluster.scale(KEY, replicas)
                cluster.step(0.1)
                self.assertEqual([rs.replicas for rs in d.replicasets], expected)

    def test_pods_that_do_not_serve_go_first(self):
        cluster, d = running(replicas=6)
        cluster.lose(KEY, pods=2, seconds=1000)
        cluster.hinder(KEY, Fault.UNSCHEDULABLE)
        cluster.scale(KEY, 8)
        cluster.step(1)
        self.assertEqual(counts(d), "8/8/4/4")
        for replicas in (6, 4):
            cluster.scale(KEY, replicas)
            cluster.step(1)
            self.assertEqual(counts(d), f"{replicas}/{replicas}/4/4")

    def test_to_zero_in_mid_rollout(self):
        cluster, d = running(replicas=10)
        cluster.rollout(KEY, fault=Fault.IMAGE_PULL)
        cluster.step(5)
        cluster.scale(KEY, 0)
        cluster.step(5)
        self.assertEqual(counts(d), "0/0/0/0")


class Pausing(unittest.TestCase):
    def test_a_paused_rollout_stands_still_until_resumed(self):
        cluster, d = running(replicas=4, max_surge=1, max_unavailable=0)
        cluster.rollout(KEY)
        cluster.step(4)
        cluster.pause(KEY)
        cluster.step(1000)
        self.assertEqual(f"{counts(d)} {reason(d)}", "5/2/5/5 Unknown DeploymentPaused")
        self.assertEqual(d.status.observed_generation, d.generation)
        cluster.resume(KEY)
        cluster.step(60)
        self.assertEqual(f"{counts(d)} {reason(d)}", "4/4/4/4 True NewReplicaSetAvailable")

    def test_a_template_changed_while_paused_has_no_pods(self):
        cluster, d = running(replicas=3)
        cluster.pause(KEY)
        cluster.rollout(KEY)
        cluster.step(100)
        self.assertEqual(counts(d), "3/0/3/3")

    def test_a_passed_deadline_stays_passed_while_paused(self):
        cluster, d = running(replicas=3, progress_deadline_s=10)
        cluster.rollout(KEY, fault=Fault.IMAGE_PULL)
        cluster.step(20)
        cluster.pause(KEY)
        cluster.step(5)
        self.assertEqual(reason(d), "False ProgressDeadlineExceeded")

    def test_no_undo_while_paused(self):
        cluster, _ = running(replicas=3)
        cluster.rollout(KEY)
        cluster.pause(KEY)
        with self.assertRaisesRegex(Refused, "resume it"):
            cluster.undo(KEY)


class LifeAndDeath(unittest.TestCase):
    def test_a_new_deployment_begins_without_a_status(self):
        cluster = Cluster(lag_s=1)
        d = cluster.create(KEY, Spec(replicas=3))
        self.assertEqual((d.generation, d.status.observed_generation), (1, 0))
        self.assertEqual((counts(d), d.status.conditions), ("0/0/0/0", {}))
        cluster.step(2)
        self.assertEqual(counts(d), "3/3/0/0")
        cluster.step(3)
        self.assertEqual(f"{counts(d)} {reason(d)}", "3/3/3/3 True NewReplicaSetAvailable")

    def test_deleted_in_the_background_it_is_gone_at_once(self):
        cluster, _ = running(replicas=3)
        cluster.delete(KEY)
        self.assertEqual(cluster.deployments, {})

    def test_deleted_in_the_foreground_its_pods_go_first(self):
        cluster, d = running(replicas=3)
        cluster.delete(KEY, foreground=True)
        cluster.step(1)
        self.assertIn(KEY, cluster.deployments)
        self.assertEqual(d.generation, 2)
        cluster.step(1.5)
        self.assertNotIn(KEY, cluster.deployments)

    def test_made_again_it_is_another_object(self):
        cluster, first = running(replicas=3)
        cluster.rollout(KEY)
        cluster.step(5)
        cluster.delete(KEY)
        second = cluster.create(KEY)
        self.assertEqual(second.generation, 1)
        self.assertGreater(second.created, first.created)


class Time(unittest.TestCase):
    def test_the_size_of_steps_changes_nothing(self):
        journals = []
        for seconds, steps in ((0.1, 1200), (7.5, 16), (120, 1)):
            cluster = Cluster(jitter=0.5, seed=7)
            cluster.create(KEY, Spec(replicas=9, progress_deadline_s=20), running=True)
            cluster.at(3.21, lambda c=cluster: c.rollout(KEY))
            cluster.at(40.5, lambda c=cluster: c.rollout(KEY, fault=Fault.IMAGE_PULL))
            cluster.at(90.5, lambda c=cluster: c.undo(KEY))
            for _ in range(steps):
                cluster.step(seconds)
            journals.append(cluster.journal)
        self.assertEqual(journals[0], journals[1])
        self.assertEqual(journals[0], journals[2])
        self.assertTrue(cluster.get(KEY).complete)


if __name__ == "__main__":
    unittest.main()
