/*
 * Stable implies that `kubectl rollout status` says done: for every row of a grid, as the first row
 * of all and after each of two rows that were settled, and for a million random rows; with and
 * without the object's creation time.
 */
#include "base/hash.h"
#include "rollout/kubectl.h"
#include "rollout/random.h"
#include "rollout/story.h"

#include <stdio.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define SPEC_MAX 3
#define PODS_MAX 4
#define RANDOM_ROWS 1000000
#define STORY_ROWS 50
#define SEED 20263

static size_t judged, stable; /* a test that never sees stable would show nothing */

static struct verdict judge(struct workload_memory *memory, const struct limits *limits,
                            const struct row *row)
{
    const struct sight sight = {.kind = SIGHT_ROWS,
                                .rows = row,
                                .count = 1,
                                .eval_ms = row->sample_ms,
                                .now_ms = row->sample_ms};
    return workload_judge(memory, limits, &sight);
}

static void check(struct workload_memory *memory, const struct limits *limits,
                  const struct row *row)
{
    const struct verdict verdict = judge(memory, limits, row);
    judged++;
    if (verdict.state != STATE_STABLE || verdict.why == WHY_LAGGING)
        return;
    stable++;
    if (!kubectl_done(row, limits))
        fail_msg("%s of %d/%d %d %d/%d/%d/%d current %d, partition %d: stable (%s)",
                 kind_name(row->key.kind), (int)row->generation, (int)row->observed, (int)row->spec,
                 (int)row->replicas, (int)row->updated, (int)row->ready, (int)row->available,
                 (int)row->current, (int)limits->partition, why_name(verdict.why));
}

/* First of all; after a settled row of the generation before; after one of the same. */
static void check_after_each(const struct row *row, const struct limits *limits)
{
    struct row before = story_row(row->key.kind, row->sample_ms - 15000, "1/1 3 3/3/3/3 a>a cur3");
    before.created = row->created;
    struct workload_memory fresh = {0}, older = {0}, same = {0};
    assert_int_equal(judge(&older, limits, &before).state, STATE_STABLE);
    before.generation = before.observed = row->generation;
    if (row->generation > 0)
        assert_int_equal(judge(&same, limits, &before).state, STATE_STABLE);
    check(&fresh, limits, row);
    check(&older, limits, row);
    check(&same, limits, row);
}

static void with_limits(struct row *row)
{
    struct limits limits = limits_default;
    const bool is_set = row->key.kind == KIND_STATEFULSET;
    for (row->created = -1; row->created <= 1000; row->created += 1001)
        for (limits.partition = 0; limits.partition <= (is_set ? 2 : 0); limits.partition++)
            check_after_each(row, &limits);
}

/* Reasons for a Deployment; revisions and `current` for a StatefulSet. */
static void with_details(struct row *row)
{
    static const enum progress_reason reasons[] = {REASON_NONE, REASON_NEW_REPLICA_SET_AVAILABLE,
                                                   REASON_REPLICA_SET_UPDATED,
                                                   REASON_PROGRESS_DEADLINE_EXCEEDED};
    const enum workload_kind kind = row->key.kind;
    row->current_revision = row->update_revision = hash_of("a");
    if (kind == KIND_DAEMONSET)
        with_limits(row);
    for (size_t i = 0; kind == KIND_DEPLOYMENT && i < 4; i++) {
        row->reason = reasons[i];
        with_limits(row);
    }
    for (row->current = -1; kind == KIND_STATEFULSET && row->current <= row->replicas;
         row->current += 2) {
        row->update_revision = hash_of("a");
        with_limits(row);
        row->update_revision = hash_of("b");
        with_limits(row);
    }
}

static void with_counts(struct row *row)
{
    for (row->spec = 0; row->spec <= SPEC_MAX; row->spec++)
        for (row->replicas = 0; row->replicas <= PODS_MAX; row->replicas++)
            for (row->updated = 0; row->updated <= PODS_MAX; row->updated++)
                for (row->available = 0; row->available <= PODS_MAX; row->available++)
                    for (row->ready = row->available; row->ready <= row->available + 1;
                         row->ready++)
                        with_details(row);
}

static void stable_implies_done_on_the_whole_grid(void **unused)
{
    (void)unused;
    static const enum workload_kind kinds[] = {KIND_DEPLOYMENT, KIND_STATEFULSET, KIND_DAEMONSET};
    static const char *const generations[] = {"2/2 0 0/0/0/0", "2/1 0 0/0/0/0", "0/0 0 0/0/0/0"};
    judged = stable = 0;
    for (size_t i = 0; i < 3; i++)
        for (size_t k = 0; k < 3; k++) {
            struct row row = story_row(kinds[i], 100000, generations[k]);
            with_counts(&row);
        }
    printf("%zu rows, %zu of them stable\n", judged, stable);
    assert_true(stable > 1000);
}

/* A row that is near the one before, as a cluster's would be: some counts move by one. */
static void move(struct row *row, uint64_t *seed)
{
    int64_t *const counts[] = {&row->spec,      &row->replicas, &row->updated,
                               &row->available, &row->ready,    &row->current};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        *counts[i] += random_in(seed, 0, 3) == 0 ? random_in(seed, -1, 1) : 0;
        *counts[i] = *counts[i] < 0 ? 0 : *counts[i] > PODS_MAX ? PODS_MAX : *counts[i];
    }
    if (random_in(seed, 0, 2) == 0) /* all is well */
        row->replicas = row->updated = row->available = row->ready = row->current = row->spec;
    row->generation += random_in(seed, 0, 5) == 0;
    row->observed = row->generation - (random_in(seed, 0, 7) == 0);
    if (random_in(seed, 0, 9) == 0)
        row->update_revision = (uint64_t)random_in(seed, 1, 3);
    if (random_in(seed, 0, 4) == 0)
        row->current_revision = row->update_revision;
    row->reason =
        (enum progress_reason)random_in(seed, REASON_NONE, REASON_PROGRESS_DEADLINE_EXCEEDED);
    row->sample_ms += random_in(seed, 0, 2) * 15000;
}

static void stable_implies_done_for_a_million_random_rows(void **unused)
{
    (void)unused;
    static const enum workload_kind kinds[] = {KIND_DEPLOYMENT, KIND_STATEFULSET, KIND_DAEMONSET};
    uint64_t seed = SEED;
    judged = stable = 0;
    for (size_t i = 0; judged < RANDOM_ROWS; i++) {
        struct workload_memory memory = {0};
        struct limits limits = limits_default;
        struct row row = story_row(kinds[i % 3], 100000, "1/1 3 3/3/3/3 a>a cur3");
        row.created = i % 2 == 0 ? 1000 : ROW_MISSING;
        limits.partition = kinds[i % 3] == KIND_STATEFULSET ? random_in(&seed, 0, 2) : 0;
        for (int k = 0; k < STORY_ROWS; k++) {
            move(&row, &seed);
            check(&memory, &limits, &row);
        }
    }
    printf("seed %d: %zu rows, %zu of them stable\n", SEED, judged, stable);
    assert_true(stable > RANDOM_ROWS / 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stable_implies_done_on_the_whole_grid),
        cmocka_unit_test(stable_implies_done_for_a_million_random_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
