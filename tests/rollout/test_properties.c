/*
 * What holds for any rows, of any kind, in any order: random ones, the same in every run.
 */
#include "rollout/kubectl.h"
#include "rollout/random.h"
#include "rollout/story.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define SEED 4711
#define STORIES 24000 /* x STEPS x 2 rows: more than a million */
#define STEPS 24
#define SOURCES 3

/* Small counts, so that complete, equal and lagging rows are all frequent. */
static struct row random_row(enum workload_kind kind, int64_t t_ms, uint64_t *seed)
{
    struct row row = story_row(kind, t_ms - random_in(seed, 0, 6) * 20000,
                               kind == KIND_ROLLOUT ? "Completed 0 0/0/0" : "0/0 0 0/0/0/0");
    int64_t *const numbers[] = {&row.spec,      &row.replicas,    &row.updated, &row.ready,
                                &row.available, &row.unavailable, &row.paused};
    int64_t whole = random_in(seed, 0, 3);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        *numbers[i] = random_in(seed, 0, 3) > 0 ? whole : random_in(seed, -1, 4);
    row.paused = random_in(seed, 0, 9) == 0;
    row.generation = random_in(seed, 4, 6);
    row.observed = random_in(seed, 0, 3) > 0 ? row.generation : random_in(seed, 3, 6);
    row.created = random_in(seed, 0, 9) > 0 ? 1000 : random_in(seed, -1, 1001);
    row.progressing = (enum condition_status)random_in(seed, CONDITION_ABSENT, CONDITION_UNKNOWN);
    row.reason = (enum progress_reason)random_in(seed, REASON_NONE, REASON_DEPLOYMENT_RESUMED);
    row.phase = (enum rollout_phase)random_in(seed, PHASE_NONE, PHASE_ABORT);
    row.replica_failure = random_in(seed, 0, 9) == 0;
    row.deleting = random_in(seed, 0, 19) == 0;
    row.update_revision = (uint64_t)random_in(seed, 0, 2);
    row.current_revision = (uint64_t)random_in(seed, 0, 2);
    row.current = random_in(seed, -1, 4);
    return row;
}

static struct sight random_sight(struct row rows[static SOURCES], enum workload_kind kind,
                                 int64_t t_ms, uint64_t *seed)
{
    struct sight sight = {.kind = SIGHT_ROWS, .eval_ms = t_ms, .now_ms = t_ms};
    if (random_in(seed, 0, 7) == 0) {
        sight.kind = (enum sight_kind)random_in(seed, SIGHT_FETCH_FAILED, SIGHT_PARTIAL);
        return sight;
    }
    sight.rows = rows;
    sight.count = (size_t)random_in(seed, 1, SOURCES);
    for (size_t i = 0; i < sight.count; i++) {
        rows[i] = random_row(kind, t_ms, seed);
        rows[i].source = i;
    }
    return sight;
}

static bool same(const struct verdict *a, const struct verdict *b)
{
    return a->state == b->state && a->why == b->why &&
           ((isnan(a->p) && isnan(b->p)) || (a->p >= b->p && a->p <= b->p)) &&
           a->updated == b->updated && a->available == b->available && a->spec == b->spec;
}

static bool some_source_is_done(const struct sight *sight, const struct limits *limits)
{
    for (size_t i = 0; i < sight->count; i++)
        if (kubectl_done(&sight->rows[i], limits))
            return true;
    return false;
}

/* The sentence that does not hold, or NULL. */
static const char *broken_promise(const struct verdict *verdict, const struct verdict *before,
                                  const struct sight *sight, const struct limits *limits)
{
    bool none = verdict->state == STATE_UNKNOWN || verdict->state == STATE_SCALED_TO_ZERO;
    bool repeated = verdict->why == WHY_CONFIRMING || verdict->why == WHY_LAGGING;
    if (none != (isnan(verdict->p) != 0))
        return "p is none exactly when unknown or scaled to zero";
    if (!none && !(verdict->p >= 0.0 && verdict->p <= verdict->q && verdict->q <= 1.0))
        return "0 <= p <= q <= 1";
    if (verdict->p >= 1.0 && verdict->state != STATE_STABLE && verdict->state != STATE_PAUSED)
        return "p is 1 only when stable or paused";
    if (sight->kind != SIGHT_ROWS && verdict->state != STATE_UNKNOWN)
        return "without rows nothing is known";
    if (verdict->calm && verdict->state != STATE_DEGRADED)
        return "calm only when degraded";
    if (verdict->why == WHY_DRAINING && !repeated && verdict->state != STATE_PROGRESSING)
        return "who drains progresses, however long";
    if (repeated && (verdict->state != before->state))
        return "a repeated verdict is the one before";
    if (verdict->state == STATE_STABLE && !repeated && !some_source_is_done(sight, limits))
        return "stable implies that kubectl says done";
    return NULL;
}

/* The same rows from the last to the first. */
static struct verdict judge_backwards(struct workload_memory memory, const struct limits *limits,
                                      struct sight sight)
{
    struct row reversed[SOURCES];
    for (size_t i = 0; i < sight.count; i++)
        reversed[i] = sight.rows[sight.count - 1 - i];
    if (sight.count > 0)
        sight.rows = reversed;
    return workload_judge(&memory, limits, &sight);
}

/* A failed request in between, at the same moment. */
static struct verdict judge_after_failure(struct workload_memory memory,
                                          const struct limits *limits, const struct sight *sight)
{
    struct sight failure = {.kind = SIGHT_FETCH_FAILED, .now_ms = sight->now_ms};
    workload_judge(&memory, limits, &failure);
    return workload_judge(&memory, limits, sight);
}

static void story(enum workload_kind kind, uint64_t *seed)
{
    struct workload_memory memory = {0};
    struct limits limits = limits_default;
    struct verdict before = verdict_unknown(WHY_NOT_ASKED); /* from an accepted row */
    uint64_t here = *seed;
    int64_t t_ms = 0;
    limits.partition = kind == KIND_STATEFULSET ? random_in(seed, 0, 4) : 0;
    limits.on_delete = random_in(seed, 0, 3) == 0;
    for (int i = 0; i < STEPS; i++) {
        struct row rows[SOURCES];
        t_ms += random_in(seed, 1, 20) * (random_in(seed, 0, 9) == 0 ? 60000 : 1000);
        struct sight sight = random_sight(rows, kind, t_ms, seed);
        struct verdict backwards = judge_backwards(memory, &limits, sight);
        struct verdict after_failure = judge_after_failure(memory, &limits, &sight);
        struct verdict verdict = workload_judge(&memory, &limits, &sight);
        const char *broken = broken_promise(&verdict, &before, &sight, &limits);
        if (broken == NULL && !same(&verdict, &backwards))
            broken = "the order of sources is irrelevant";
        if (broken == NULL && !same(&verdict, &after_failure))
            broken = "a failed request changes nothing";
        if (broken != NULL)
            fail_msg("%s: kind %d, seed %llu, step %d: %s %.6f %s", broken, kind,
                     (unsigned long long)here, i, state_name(verdict.state), verdict.p,
                     why_name(verdict.why));
        if (verdict.state != STATE_UNKNOWN)
            before = verdict;
    }
}

static void promises_hold_for_any_rows(void **unused)
{
    (void)unused;
    uint64_t seed = SEED;
    printf("seed %d\n", SEED);
    for (int i = 0; i < STORIES; i++)
        story((enum workload_kind)(i % KIND_COUNT), &seed);
}

/* ---- every required field, taken away */

static void a_missing_field_is_unknown(void **unused)
{
    (void)unused;
    static const struct {
        const char *sentence;
        enum workload_kind kind;
        const char *row, *why;
    } table[] = {
        {"whole", KIND_DEPLOYMENT, "5/5 4 4/4/4/4", "complete"},
        {"no generation", KIND_DEPLOYMENT, "?/5 4 4/4/4/4", "partial"},
        {"no observed generation", KIND_DEPLOYMENT, "5/? 4 4/4/4/4", "partial"},
        {"no spec", KIND_DEPLOYMENT, "5/5 ? 4/4/4/4", "partial"},
        {"no replicas", KIND_DEPLOYMENT, "5/5 4 ?/4/4/4", "partial"},
        {"no updated", KIND_DEPLOYMENT, "5/5 4 4/?/4/4", "partial"},
        {"ready may be missing", KIND_DEPLOYMENT, "5/5 4 4/4/?/4", "complete"},
        {"no available", KIND_DEPLOYMENT, "5/5 4 4/4/4/?", "partial"},
        {"a negative count is none", KIND_DEPLOYMENT, "5/5 4 4/-7/4/4", "partial"},
        {"a count beyond int32 is none", KIND_DEPLOYMENT, "5/5 4 4/4/4/3000000000", "partial"},
        {"a generation beyond int32 is one", KIND_DEPLOYMENT, "3000000000/3000000000 4 4/4/4/4",
         "complete"},
        {"whole", KIND_STATEFULSET, "5/5 4 4/4/4/4", "complete"},
        {"a set needs ready", KIND_STATEFULSET, "5/5 4 4/4/?/4", "partial"},
        {"a set needs available", KIND_STATEFULSET, "5/5 4 4/4/4/?", "partial"},
        {"a set needs no revisions", KIND_STATEFULSET, "5/5 4 4/4/4/4", "complete"},
        {"whole", KIND_DAEMONSET, "5/5 4 4/4/4/4", "complete"},
        {"no desired", KIND_DAEMONSET, "5/5 ? 4/4/4/4", "partial"},
        {"no current", KIND_DAEMONSET, "5/5 4 ?/4/4/4", "partial"},
        {"ready may be missing", KIND_DAEMONSET, "5/5 4 4/4/?/4", "complete"},
        {"whole", KIND_ROLLOUT, "Completed 4 4/4/0", "complete"},
        {"no phase that is known", KIND_ROLLOUT, "? 4 4/4/0", "partial"},
        {"no desired", KIND_ROLLOUT, "Completed ? 4/4/0", "partial"},
        {"no updated", KIND_ROLLOUT, "Completed 4 ?/4/0", "partial"},
        {"no available", KIND_ROLLOUT, "Completed 4 4/?/0", "partial"},
        {"no unavailable", KIND_ROLLOUT, "Completed 4 4/4/?", "partial"},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct workload_memory memory = {0};
        struct row row = story_row(table[i].kind, STORY_ZERO_MS, table[i].row);
        struct sight sight = {
            .kind = SIGHT_ROWS, .rows = &row, .count = 1, .eval_ms = STORY_ZERO_MS};
        struct verdict verdict = workload_judge(&memory, &limits_default, &sight);
        if (strcmp(why_name(verdict.why), table[i].why) != 0)
            fail_msg("%s (%s): %s", table[i].sentence, table[i].row, why_name(verdict.why));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(promises_hold_for_any_rows),
        cmocka_unit_test(a_missing_field_is_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
