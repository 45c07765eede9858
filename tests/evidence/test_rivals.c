/*
 * Two sources that show one workload otherwise than each other, and one of them goes: it may have
 * taken another object along (W4).
 */
#include "evidence/rows.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ROWS_MAX 3
#define POLLS_MAX 9
#define STEP_S 10

/* What a source shows: it has a sample of each poll. */
struct view {
    uint64_t source; /* 0: there are no more */
    int64_t generation, available;
    int64_t created; /* as in struct shown */
};

static const struct {
    const char *sentence;
    enum workload_kind kind;
    int64_t early_s; /* samples of the first one are so much older than those of the others */
    struct {
        int64_t polls; /* so often; 0: there are no more */
        struct view views[ROWS_MAX];
        enum doubt doubt; /* at last */
        bool old;         /* the sample of the last one stays as it was */
    } acts[POLLS_MAX];
} stories[] = {
    {"the one that was worse goes: the other one does not speak for it",
     KIND_STATEFULSET,
     0,
     {{2, {{1, 5, 3, 0}, {2, 5, 3, 0}}, DOUBT_NONE, false},
      {2, {{1, 5, 3, 0}, {2, 5, 2, 0}}, DOUBT_NONE, false},
      {99, {{1, 5, 3, 0}}, DOUBT_SOURCE_GONE, false},
      {2, {{1, 5, 3, 0}, {2, 5, 2, 0}}, DOUBT_NONE, false},
      {2, {{1, 5, 3, 0}, {2, 5, 3, 0}}, DOUBT_NONE, false},
      {2, {{1, 5, 3, 0}}, DOUBT_NONE, false}}},
    {"what is bad stands, also when the better one has gone",
     KIND_DEPLOYMENT,
     0,
     {{2, {{1, 5, 3, 0}, {2, 5, 2, 0}}, DOUBT_NONE, false},
      {2, {{2, 5, 2, 0}}, DOUBT_NONE, false},
      {2, {{2, 5, 3, 0}}, DOUBT_SOURCE_GONE, false}}},
    {"it is as good as gone when its samples stop",
     KIND_DEPLOYMENT,
     0,
     {{3, {{1, 5, 3, 0}, {2, 5, 2, 0}}, DOUBT_NONE, false},
      {4, {{1, 5, 3, 0}, {2, 5, 2, 0}}, DOUBT_SOURCE_GONE, true}}},
    {"two that agree: either may go",
     KIND_DEPLOYMENT,
     0,
     {{2, {{1, 5, 3, 0}, {2, 5, 3, 0}}, DOUBT_NONE, false},
      {2, {{2, 5, 3, 0}}, DOUBT_NONE, false}}},
    {"the time of creation of one alone tells nothing: either may go",
     KIND_DEPLOYMENT,
     0,
     {{2, {{1, 5, 3, 9}, {2, 5, 3, 0}}, DOUBT_NONE, false},
      {2, {{1, 5, 3, 9}}, DOUBT_NONE, false}}},
    {"of a pair in mid-rollout one hears of its end first: either may go",
     KIND_DEPLOYMENT,
     0,
     {{2, {{1, 5, 2, 0}, {2, 5, 2, 0}}, DOUBT_NONE, false},
      {1, {{1, 5, 3, 0}, {2, 5, 2, 0}}, DOUBT_NONE, false},
      {2, {{1, 5, 3, 0}}, DOUBT_NONE, false}}},
    {"also when both had been at their end before",
     KIND_DEPLOYMENT,
     0,
     {{3, {{1, 5, 3, 0}, {2, 5, 3, 0}}, DOUBT_NONE, false},
      {1, {{1, 5, 2, 0}, {2, 5, 2, 0}}, DOUBT_NONE, false},
      {1, {{1, 5, 3, 0}, {2, 5, 2, 0}}, DOUBT_NONE, false},
      {2, {{1, 5, 3, 0}}, DOUBT_NONE, false}}},
    {"two scrapes after that end it is no mere delay",
     KIND_DEPLOYMENT,
     0,
     {{2, {{1, 5, 2, 0}, {2, 5, 2, 0}}, DOUBT_NONE, false},
      {3, {{1, 5, 3, 0}, {2, 5, 2, 0}}, DOUBT_NONE, false},
      {2, {{1, 5, 3, 0}}, DOUBT_SOURCE_GONE, false}}},
    {"whose sample is of before that end says nothing against it",
     KIND_DEPLOYMENT,
     0,
     {{2, {{1, 5, 2, 0}, {2, 5, 2, 0}}, DOUBT_NONE, false},
      {2, {{1, 5, 3, 0}, {2, 5, 2, 0}}, DOUBT_NONE, true},
      {2, {{1, 5, 3, 0}}, DOUBT_NONE, false}}},
    {"of one object, by its creation, one hears of the end late: either may go",
     KIND_DEPLOYMENT,
     0,
     {{2, {{1, 5, 2, 9}, {2, 5, 2, 9}}, DOUBT_NONE, false},
      {1, {{1, 5, 3, 9}, {2, 5, 2, 9}}, DOUBT_NONE, false},
      {2, {{1, 5, 3, 9}}, DOUBT_NONE, false}}},
    {"but one of them stands still, where they differ for long: neither may",
     KIND_DEPLOYMENT,
     0,
     {{3, {{1, 5, 3, 9}, {2, 5, 2, 9}}, DOUBT_NONE, false},
      {2, {{1, 5, 3, 9}}, DOUBT_SOURCE_GONE, false}}},
    {"also two objects of which one was created at the start of 1970",
     KIND_DEPLOYMENT,
     0,
     {{2, {{1, 5, 3, 9}, {2, 5, 3, OF_1970}}, DOUBT_AMBIGUOUS, false},
      {2, {{1, 5, 3, 9}}, DOUBT_SOURCE_GONE, false}}},
    {"an exporter hears of the end five seconds after the other one: either may go",
     KIND_DEPLOYMENT,
     5,
     {{2, {{1, 5, 2, 0}, {2, 5, 2, 0}}, DOUBT_NONE, false},
      {1, {{1, 5, 3, 0}, {2, 5, 2, 0}}, DOUBT_NONE, false},
      {2, {{1, 5, 3, 0}}, DOUBT_NONE, false}}},
    {"and not six",
     KIND_DEPLOYMENT,
     6,
     {{2, {{1, 5, 2, 0}, {2, 5, 2, 0}}, DOUBT_NONE, false},
      {1, {{1, 5, 3, 0}, {2, 5, 2, 0}}, DOUBT_NONE, false},
      {2, {{1, 5, 3, 0}}, DOUBT_SOURCE_GONE, false}}},
    {"a newcomer that is listed before them changes nothing between two that disagree",
     KIND_DEPLOYMENT,
     0,
     {{30, {{1, 5, 3, 0}, {2, 5, 3, 0}}, DOUBT_NONE, false},
      {2, {{3, 5, 3, 0}, {1, 5, 3, 0}, {2, 5, 2, 0}}, DOUBT_NONE, false},
      {2, {{3, 5, 3, 0}, {1, 5, 3, 0}}, DOUBT_SOURCE_GONE, false}}},
    {"one that is gone is not forgotten while two others differ",
     KIND_DEPLOYMENT,
     0,
     {{30, {{1, 5, 3, 0}, {2, 5, 3, 0}, {3, 5, 2, 0}}, DOUBT_NONE, false},
      {3, {{1, 5, 3, 0}, {2, 5, 3, 0}}, DOUBT_SOURCE_GONE, false},
      {2, {{1, 5, 3, 0}, {2, 5, 2, 0}}, DOUBT_NONE, false},
      {3, {{1, 5, 3, 0}, {2, 5, 3, 0}}, DOUBT_SOURCE_GONE, false},
      {2, {{1, 5, 3, 0}, {2, 5, 3, 0}, {3, 5, 3, 0}}, DOUBT_NONE, false},
      {2, {{1, 5, 3, 0}, {2, 5, 3, 0}}, DOUBT_NONE, false}}},
    {"two objects, by their creation: neither may",
     KIND_DEPLOYMENT,
     0,
     {{2, {{1, 5, 3, 9}, {2, 5, 3, 8}}, DOUBT_AMBIGUOUS, false},
      {2, {{1, 5, 3, 9}}, DOUBT_SOURCE_GONE, false},
      {2, {{1, 5, 3, 9}, {2, 5, 3, 8}}, DOUBT_AMBIGUOUS, false},
      {2, {{2, 5, 3, 8}}, DOUBT_SOURCE_GONE, false}}},
    {"without a generation",
     KIND_ROLLOUT,
     0,
     {{2, {{1, 0, 3, 0}, {2, 0, 2, 0}}, DOUBT_NONE, false},
      {2, {{1, 0, 3, 0}}, DOUBT_SOURCE_GONE, false}}},
    {"by their generations",
     KIND_DEPLOYMENT,
     0,
     {{2, {{1, 5, 3, 0}, {2, 9, 3, 0}}, DOUBT_AMBIGUOUS, false},
      {2, {{1, 5, 3, 0}}, DOUBT_SOURCE_GONE, false},
      {2, {{1, 5, 3, 0}, {2, 9, 3, 0}}, DOUBT_AMBIGUOUS, false},
      {2, {{2, 9, 3, 0}}, DOUBT_SOURCE_GONE, false}}},
    {"a third one that agrees does not speak for it either",
     KIND_DEPLOYMENT,
     0,
     {{2, {{1, 5, 3, 0}, {2, 5, 2, 0}, {3, 5, 3, 0}}, DOUBT_NONE, false},
      {99, {{1, 5, 3, 0}, {3, 5, 3, 0}}, DOUBT_SOURCE_GONE, false}}},
    {"one that comes may be the successor of the one that stays, until both have stood for long",
     KIND_DEPLOYMENT,
     0,
     {{2, {{1, 5, 3, 0}, {2, 5, 2, 0}}, DOUBT_NONE, false},
      {2, {{1, 5, 3, 0}}, DOUBT_SOURCE_GONE, false},
      {19, {{1, 5, 3, 0}, {3, 5, 3, 0}}, DOUBT_SOURCE_GONE, false},
      {1, {{1, 5, 3, 0}, {3, 5, 3, 0}}, DOUBT_NONE, false}}},
    {"one that shows another object of the name a scrape later: what was known stands",
     KIND_DEPLOYMENT,
     0,
     {{3, {{1, 5, 3, 0}, {2, 5, 3, 0}}, DOUBT_NONE, false},
      {1, {{1, 5, 3, 0}, {2, 1, 2, 0}}, DOUBT_NONE, false}}},
    {"long after it showed it last, nothing says how long it has been so",
     KIND_DEPLOYMENT,
     0,
     {{3, {{1, 5, 3, 0}, {2, 5, 3, 0}}, DOUBT_NONE, false},
      {9, {{1, 5, 3, 0}}, DOUBT_NONE, false},
      {1, {{1, 5, 3, 0}, {2, 1, 2, 0}}, DOUBT_AMBIGUOUS, false}}},
    {"an exporter and its successor are none, whatever they show beside each other",
     KIND_DEPLOYMENT,
     0,
     {{30, {{1, 5, 3, 0}}, DOUBT_NONE, false},
      {2, {{1, 5, 3, 0}, {2, 5, 2, 0}}, DOUBT_NONE, false},
      {2, {{2, 5, 3, 0}}, DOUBT_NONE, false}}},
    {"nor is the successor of one of a pair",
     KIND_DEPLOYMENT,
     0,
     {{30, {{1, 5, 3, 0}, {2, 5, 3, 0}}, DOUBT_NONE, false},
      {2, {{1, 5, 3, 0}, {2, 5, 3, 0}, {3, 5, 2, 0}}, DOUBT_NONE, false},
      {2, {{2, 5, 3, 0}, {3, 5, 3, 0}}, DOUBT_NONE, false}}},
    {"of a pair both of which are succeeded while they disagree, until their successors are known",
     KIND_DEPLOYMENT,
     0,
     {{30, {{1, 5, 3, 0}, {2, 5, 3, 0}}, DOUBT_NONE, false},
      {1, {{1, 5, 3, 0}, {2, 5, 2, 0}, {3, 5, 2, 0}}, DOUBT_NONE, false},
      {2, {{2, 5, 3, 0}, {3, 5, 3, 0}}, DOUBT_SOURCE_GONE, false},
      {20, {{3, 5, 3, 0}, {4, 5, 3, 0}}, DOUBT_NONE, false}}},
    {"and if it is",
     KIND_DEPLOYMENT,
     0,
     {{2, {{1, 5, 3, 0}, {2, 5, 2, 0}}, DOUBT_NONE, false},
      {2, {{1, 5, 3, 0}}, DOUBT_SOURCE_GONE, false},
      {2, {{1, 5, 3, 0}, {3, 5, 3, 0}}, DOUBT_SOURCE_GONE, false},
      {99, {{3, 5, 3, 0}}, DOUBT_SOURCE_GONE, false}}},
};

static struct row row_of(enum workload_kind kind, const struct view *view, int64_t now_s)
{
    struct row row = rows_whole(kind);
    row.source_id = view->source;
    row.sample_ms = ZERO + now_s * S;
    row.created = view->created == 0 ? ROW_MISSING : view->created;
    if (view->created == OF_1970)
        row.created = 0;
    row.available = view->available;
    if (kind != KIND_ROLLOUT)
        row.generation = row.observed = view->generation;
    return row;
}

static void take(struct proof *proof, const struct belief *belief, const struct sight *sight)
{
    if (belief->another)
        proof_forget(proof);
    if (belief->doubt == DOUBT_NONE && belief->row != NULL)
        proof_accept(proof, belief, sight, false);
}

static void who_is_gone_may_have_taken_an_object_along(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof stories / sizeof stories[0]; i++) {
        struct proof proof = {.accepted = false};
        struct row rows[ROWS_MAX];
        int64_t now_s = 0;
        for (size_t act = 0; act < POLLS_MAX && stories[i].acts[act].polls > 0; act++) {
            struct belief belief = {.doubt = DOUBT_NONE};
            for (int64_t poll = 0; poll < stories[i].acts[act].polls; poll++, now_s += STEP_S) {
                const struct view *views = stories[i].acts[act].views;
                size_t count = 0;
                while (count < ROWS_MAX && views[count].source != 0)
                    count++;
                for (size_t k = 0; k < count - stories[i].acts[act].old; k++)
                    rows[k] = row_of(stories[i].kind, &views[k],
                                     now_s - (k == 0 ? stories[i].early_s : 0));
                const struct sight sight = {.kind = SIGHT_ROWS,
                                            .rows = rows,
                                            .count = count,
                                            .now_ms = now_s * S,
                                            .eval_ms = ZERO + now_s * S};
                belief = proof_weigh(&proof, &rows_limits, &sight);
                take(&proof, &belief, &sight);
            }
            if (belief.doubt != stories[i].acts[act].doubt)
                fail_msg("%s: act %zu, at %" PRId64 " s: %s, not %s", stories[i].sentence, act,
                         now_s, rows_doubt(belief.doubt), rows_doubt(stories[i].acts[act].doubt));
        }
    }
}

#define MANY 12

/* However many show it, no other one speaks for the one that had it undone; and while all have it
   done it is believed, of as many as are kept apart. */
static void of_many_that_show_it_none_speaks_for_another(void **unused)
{
    (void)unused;
    for (size_t count = 2; count <= MANY; count++)
        for (int undone = 0; undone < 2; undone++) {
            struct proof proof = {.accepted = false};
            for (int64_t now_s = 0; now_s <= 400; now_s += STEP_S) {
                const bool gone = now_s > 300;
                struct row rows[MANY];
                for (size_t k = 0; k < count; k++)
                    rows[k] = row_of(
                        KIND_DEPLOYMENT,
                        &(struct view){MANY + k, 5, k + 1 < count || !undone ? 3 : 2, 0}, now_s);
                const struct sight sight = {.kind = SIGHT_ROWS,
                                            .rows = rows,
                                            .count = count - gone,
                                            .now_ms = now_s * S,
                                            .eval_ms = ZERO + now_s * S};
                const struct belief belief = proof_weigh(&proof, &rows_limits, &sight);
                const bool is_good = belief.doubt == DOUBT_NONE &&
                                     (belief.row == NULL || belief.row->available == 3);
                const bool may = !undone && count <= PROOF_EXPORTERS_MAX;
                if (is_good != may)
                    fail_msg("of %zu one is %s: at %" PRId64 " s: %s", count,
                             undone ? "undone, and goes" : "done", now_s, rows_doubt(belief.doubt));
                take(&proof, &belief, &sight);
            }
        }
}

/* By name it is the one that is gone, and no longer than that. */
static void the_one_that_is_gone_is_named(void **unused)
{
    (void)unused;
    struct proof proof = {.accepted = false};
    for (int64_t now_s = 0; now_s <= 50; now_s += STEP_S) {
        const struct row rows[] = {row_of(KIND_DEPLOYMENT, &(struct view){7, 5, 3, 0}, now_s),
                                   row_of(KIND_DEPLOYMENT, &(struct view){8, 5, 2, 0}, now_s)};
        const bool gone = now_s == 20 || now_s == 30;
        const struct sight sight = {.kind = SIGHT_ROWS,
                                    .rows = rows,
                                    .count = gone ? 1 : 2,
                                    .now_ms = now_s * S,
                                    .eval_ms = ZERO + now_s * S};
        const struct belief belief = proof_weigh(&proof, &rows_limits, &sight);
        take(&proof, &belief, &sight);
        if (gone)
            assert_int_equal(proof_missed_source(&proof), 8);
        else
            assert_int_equal(proof.lost, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_is_gone_may_have_taken_an_object_along),
        cmocka_unit_test(of_many_that_show_it_none_speaks_for_another),
        cmocka_unit_test(the_one_that_is_gone_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
