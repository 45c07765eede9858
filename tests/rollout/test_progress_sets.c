/*
 * What p promises of StatefulSets and DaemonSets, whose counters count terminating pods: never too
 * much, and never backwards while as many new pods serve. Updates are simulated pod by pod, as the
 * controllers do them (kubernetes pkg/controller/statefulset, pkg/controller/daemon), with pods
 * that take their time to start and to end, ready or not while they end; polls come at random
 * moments.
 */
#include "rollout/counts.h"
#include "rollout/kubectl.h"
#include "rollout/random.h"
#include "rollout/story.h"

#include <stdio.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define PODS_MAX 8
#define UPDATES 4000
#define SECONDS_MAX 4000

enum phase { POD_NONE, POD_STARTS, POD_READY, POD_ENDS };

struct pod {
    enum phase phase;
    bool is_new;
    bool ready; /* also while it ends, in some updates */
};

struct set {
    enum workload_kind kind;
    struct pod pods[PODS_MAX]; /* a place each: an ordinal, or a node */
    size_t size;
    int64_t unavailable; /* so many at a time, at most */
    bool ends_ready;     /* pods that end stay ready until they are gone */
};

static int64_t count_new_ready(const struct set *set)
{
    int64_t count = 0;
    for (size_t i = 0; i < set->size; i++)
        count += set->pods[i].is_new && set->pods[i].phase == POD_READY;
    return count;
}

/* One pass of a controller: from the highest place down. What is not there is made anew. */
static void control(struct set *set)
{
    int64_t away = 0;
    for (size_t i = 0; i < set->size; i++) {
        struct pod *pod = &set->pods[i];
        if (pod->phase == POD_NONE)
            *pod = (struct pod){.phase = POD_STARTS, .is_new = true};
        away += pod->phase != POD_READY;
    }
    for (size_t i = set->size; i > 0 && away < set->unavailable; i--) {
        struct pod *pod = &set->pods[i - 1];
        if (pod->is_new || pod->phase != POD_READY)
            continue;
        pod->phase = POD_ENDS;
        pod->ready = set->ends_ready;
        away++;
    }
}

/* What kubelets do; `breaks`: a new pod that was ready is not any more. */
static void run(struct set *set, bool breaks, uint64_t *seed)
{
    for (size_t i = 0; i < set->size; i++) {
        struct pod *pod = &set->pods[i];
        if (random_in(seed, 0, 5) > 0)
            continue;
        if (pod->phase == POD_STARTS) {
            pod->phase = POD_READY;
            pod->ready = true;
        } else if (pod->phase == POD_ENDS && pod->ready && random_in(seed, 0, 1) == 0) {
            pod->ready = false; /* near its end */
        } else if (pod->phase == POD_ENDS) {
            *pod = (struct pod){.phase = POD_NONE};
        } else if (breaks && pod->is_new && random_in(seed, 0, 3) == 0) {
            pod->phase = POD_STARTS;
            pod->ready = false;
        }
    }
}

static struct row row_of(const struct set *set, bool tells_current)
{
    struct row row = story_row(set->kind, 0, "2/2 0 0/0/0/0 a>b");
    int64_t standing = 0;
    row.spec = (int64_t)set->size;
    for (size_t i = 0; i < set->size; i++) {
        const struct pod *pod = &set->pods[i];
        bool counts = pod->phase != POD_NONE;
        bool ends = pod->phase == POD_ENDS;
        row.replicas += counts;
        row.updated += counts && !ends && pod->is_new;
        row.available += pod->ready;
        standing += counts && !ends && !pod->is_new;
    }
    row.ready = row.available;
    row.current = tells_current ? standing : ROW_MISSING;
    return row;
}

static struct set begin(enum workload_kind kind, uint64_t *seed)
{
    struct set set = {.kind = kind,
                      .size = (size_t)random_in(seed, 1, PODS_MAX),
                      .unavailable = random_in(seed, 1, 3),
                      .ends_ready = random_in(seed, 0, 1) == 0};
    for (size_t i = 0; i < set.size; i++)
        set.pods[i] = (struct pod){.phase = POD_READY, .ready = true};
    return set;
}

struct watcher {
    struct workload_memory memory;
    double p;        /* of the poll before */
    int64_t serving; /* at the poll before */
    bool breaks;     /* new pods break now and then */
    bool saw_begin;  /* a poll at which old pods were taken away and none was updated */
};

static struct verdict judge(struct watcher *watcher, const struct row *row)
{
    const struct sight sight = {.kind = SIGHT_ROWS,
                                .rows = row,
                                .count = 1,
                                .eval_ms = row->sample_ms,
                                .now_ms = row->sample_ms};
    return workload_judge(&watcher->memory, &limits_default, &sight);
}

/* One at a time, and `current` is scraped from the beginning: nothing is left to guess. */
static bool is_exact(struct watcher *watcher, const struct set *set, const struct row *row)
{
    watcher->saw_begin |= row->current >= 0 && row->updated == 0 && row->current < row->spec;
    return set->kind == KIND_STATEFULSET && set->unavailable == 1 && !watcher->breaks &&
           watcher->saw_begin;
}

/* The sentence that does not hold, or NULL. */
static const char *poll(struct watcher *watcher, const struct set *set, struct row row)
{
    const int64_t serving = count_new_ready(set);
    const struct verdict verdict = judge(watcher, &row);
    const char *fault = NULL;
    bool nobody_ends = row.current >= 0 && row.current + row.updated == row.replicas;
    bool certain = !watcher->breaks || nobody_ends;
    if (certain && verdict.p * (double)row.spec > (double)serving + 1e-9)
        fault = "p is above what serves";
    if (!watcher->breaks && serving >= watcher->serving && verdict.p < watcher->p - 1e-9)
        fault = "p falls, and as many serve";
    if ((verdict.state == STATE_STABLE) != (serving == row.spec))
        fault = "stable is not when all new pods serve";
    if (verdict.state == STATE_STABLE && !kubectl_done(&row, &limits_default))
        fault = "stable, and kubectl says it is not done";
    if (is_exact(watcher, set, &row) && verdict.new_available < serving)
        fault = "p is below what serves";
    watcher->p = verdict.p;
    watcher->serving = serving;
    return fault;
}

static const char *watch_update(enum workload_kind kind, bool tells_current, bool breaks,
                                uint64_t *seed)
{
    struct set set = begin(kind, seed);
    struct watcher watcher = {.breaks = breaks};
    const int64_t pace = random_in(seed, 0, 9);
    struct row settled = row_of(&set, tells_current);
    settled.generation = settled.observed = 1;
    settled.updated = settled.spec;
    settled.current = tells_current ? settled.spec : ROW_MISSING;
    settled.update_revision = settled.current_revision;
    settled.sample_ms = STORY_ZERO_MS;
    if (judge(&watcher, &settled).state != STATE_STABLE)
        return "it is not stable before it begins";
    control(&set);
    for (int64_t t = 1; t < SECONDS_MAX; t++) {
        run(&set, breaks, seed);
        control(&set);
        if (random_in(seed, 0, pace) > 0)
            continue;
        struct row row = row_of(&set, tells_current);
        row.sample_ms = STORY_ZERO_MS + t * 1000;
        const char *fault = poll(&watcher, &set, row);
        if (fault != NULL || watcher.memory.last.state == STATE_STABLE)
            return fault;
    }
    return breaks ? NULL : "it never ends";
}

static void updates_hold(enum workload_kind kind, bool tells_current, bool breaks, uint64_t seed)
{
    printf("seed %llu\n", (unsigned long long)seed);
    for (int i = 0; i < UPDATES; i++) {
        const uint64_t here = seed;
        const char *fault = watch_update(kind, tells_current, breaks, &seed);
        if (fault != NULL)
            fail_msg("%s: %s, update %d, seed %llu", fault, kind_name(kind), i,
                     (unsigned long long)here);
    }
}

static void p_of_statefulsets_never_falls_and_never_overstates(void **unused)
{
    (void)unused;
    updates_hold(KIND_STATEFULSET, true, false, 20264);
}

static void nor_where_current_is_not_scraped(void **unused)
{
    (void)unused;
    updates_hold(KIND_STATEFULSET, false, false, 20265);
}

static void p_of_daemonsets_never_falls_and_never_overstates(void **unused)
{
    (void)unused;
    updates_hold(KIND_DAEMONSET, false, false, 20266);
}

/* Whether a new pod broke or an old one ends cannot be known while one ends. */
static void new_pods_that_break_are_not_counted_when_nobody_ends(void **unused)
{
    (void)unused;
    updates_hold(KIND_STATEFULSET, true, true, 20267);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(p_of_statefulsets_never_falls_and_never_overstates),
        cmocka_unit_test(nor_where_current_is_not_scraped),
        cmocka_unit_test(p_of_daemonsets_never_falls_and_never_overstates),
        cmocka_unit_test(new_pods_that_break_are_not_counted_when_nobody_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
