/*
 * Which of several rows of one workload is believed: the newest truth, one object (W4).
 */
#include "evidence/rows.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ROWS_MAX 3
/* One of several rows; `source` 0: there are no more. */
struct one_of {
    uint64_t source;
    enum rollout_phase phase; /* of a Rollout, instead of Completed */
    bool left_behind, deleting;
    struct edit edits[EDITS_MAX];
};

static const struct {
    const char *sentence;
    enum workload_kind kind;
    struct one_of rows[ROWS_MAX];
    enum doubt doubt;
    uint64_t source; /* of the row that is believed */
} choices[] = {
    {"the higher generation, whatever its sample's age",
     KIND_DEPLOYMENT,
     {{1, .edits = {SET(generation, 6), SET(created, ZERO_S - 500), SET(sample_ms, ZERO - 50 * S)}},
      {2, .edits = {SET(created, ZERO_S - 500)}}},
     DOUBT_NONE,
     1},
    {"also when it comes last",
     KIND_DEPLOYMENT,
     {{2, .edits = {SET(created, ZERO_S - 500)}},
      {1, .edits = {SET(created, ZERO_S - 500), SET(generation, 6), SET(observed, 2)}}},
     DOUBT_NONE,
     1},
    {"W4: but where nothing says that they are one object",
     KIND_DEPLOYMENT,
     {{1, .edits = {SET(generation, 6), SET(observed, 6)}}, {2, .edits = {{0}}}},
     DOUBT_AMBIGUOUS,
     0},
    {"of one generation the higher observed one, whatever its sample's age",
     KIND_DEPLOYMENT,
     {{1, .edits = {SET(created, ZERO_S - 500), SET(observed, 4)}},
      {2, .edits = {SET(created, ZERO_S - 500), SET(sample_ms, ZERO - 50 * S)}}},
     DOUBT_NONE,
     2},
    {"of equal ones that are not done the newer sample, also where it shows more",
     KIND_DEPLOYMENT,
     {{1, .edits = {SET(sample_ms, ZERO - 1), SET(available, 0)}},
      {2, .edits = {SET(available, 2)}}},
     DOUBT_NONE,
     2},
    {"W4: one that is done does not count before another that is not, whatever its sample's age",
     KIND_DEPLOYMENT,
     {{1, .edits = {SET(sample_ms, ZERO - 1), SET(available, 0)}}, {2, .edits = {{0}}}},
     DOUBT_NONE,
     1},
    {"W4: an old pod is left to do",
     KIND_DEPLOYMENT,
     {{1, .edits = {SET(sample_ms, ZERO - 1), SET(replicas, 4), SET(available, 4)}},
      {2, .edits = {{0}}}},
     DOUBT_NONE,
     1},
    {"W4: of a set, too, however large the other one is",
     KIND_STATEFULSET,
     {{1, .edits = {SET(sample_ms, ZERO - 1), SET(replicas, 4), SET(available, 4)}},
      {2, .edits = {SET(spec, 6), SET(replicas, 6), SET(updated, 6), SET(available, 6)}}},
     DOUBT_NONE,
     1},
    {"W4: of ten pods five are less than two of two",
     KIND_DEPLOYMENT,
     {{1, .edits = {SET(spec, 10), SET(replicas, 10), SET(updated, 10), SET(available, 5)}},
      {2, .edits = {SET(spec, 2), SET(replicas, 2), SET(updated, 2), SET(available, 2)}}},
     DOUBT_NONE,
     1},
    {"of equal ones the newer sample",
     KIND_DEPLOYMENT,
     {{1, .edits = {SET(sample_ms, ZERO - 1)}}, {2, .edits = {{0}}}},
     DOUBT_NONE,
     2},
    {"of equally new ones the more modest",
     KIND_DEPLOYMENT,
     {{1, .edits = {{0}}}, {2, .edits = {SET(available, 2)}}},
     DOUBT_NONE,
     2},
    {"old pods that are available are not new ones",
     KIND_DEPLOYMENT,
     {{1, .edits = {SET(available, 3)}}, {2, .edits = {SET(replicas, 5), SET(available, 4)}}},
     DOUBT_NONE,
     2},
    {"but no more than there are",
     KIND_DEPLOYMENT,
     {{1, .edits = {SET(replicas, 5), SET(available, 4)}}, {2, .edits = {SET(available, 1)}}},
     DOUBT_NONE,
     2},
    {"old pods that are not are none to count off",
     KIND_DEPLOYMENT,
     {{1, .edits = {SET(available, 2)}}, {2, .edits = {SET(replicas, 2), SET(available, 3)}}},
     DOUBT_NONE,
     1},
    {"more pods than are updated are no more modest",
     KIND_DEPLOYMENT,
     {{1, .edits = {SET(source, 2)}}, {2, .edits = {SET(available, 9), SET(source, 1)}}},
     DOUBT_NONE,
     2},
    {"between equals the first by its labels",
     KIND_DEPLOYMENT,
     {{1, .edits = {SET(source, 9)}},
      {2, .edits = {SET(source, 4)}},
      {3, .edits = {SET(source, 7)}}},
     DOUBT_NONE,
     2},
    {"W4: without a generation the worse phase, whatever its sample's age",
     KIND_ROLLOUT,
     {{1, PHASE_COMPLETED, .edits = {{0}}},
      {2, PHASE_ABORT, .edits = {SET(sample_ms, ZERO - 80 * S)}}},
     DOUBT_NONE,
     2},
    {"W4: also when it comes first",
     KIND_ROLLOUT,
     {{1, PHASE_PROGRESSING, .edits = {SET(sample_ms, ZERO - 80 * S)}},
      {2, PHASE_COMPLETED, .edits = {{0}}}},
     DOUBT_NONE,
     1},
    {"W4: of one phase the one with fewer new pods, whatever its sample's age",
     KIND_ROLLOUT,
     {{1, PHASE_PROGRESSING, .edits = {{0}}},
      {2, PHASE_PROGRESSING, .edits = {SET(updated, 1), SET(sample_ms, ZERO - 80 * S)}}},
     DOUBT_NONE,
     2},
    {"W4: its pods are those that are available and those that are not",
     KIND_ROLLOUT,
     {{1, PHASE_PROGRESSING, .edits = {SET(updated, 2), SET(unavailable, 0)}},
      {2, PHASE_PROGRESSING, .edits = {SET(updated, 2), SET(unavailable, 1)}}},
     DOUBT_NONE,
     2},
    {"W4: ten pods of which five are there are worse than two of two",
     KIND_ROLLOUT,
     {{1, PHASE_COMPLETED, .edits = {SET(spec, 2), SET(updated, 2), SET(available, 2)}},
      {2, PHASE_COMPLETED, .edits = {SET(spec, 10), SET(updated, 10), SET(available, 5)}}},
     DOUBT_NONE,
     2},
    {"W4: what is held back by a partition is less than a pod that is lost",
     KIND_STATEFULSET,
     {{1, .edits = {SET(updated, 1)}}, {2, .edits = {SET(sample_ms, ZERO - 1), SET(available, 2)}}},
     DOUBT_NONE,
     2},
    {"W4: a stale one does not disagree",
     KIND_ROLLOUT,
     {{1, PHASE_COMPLETED, .edits = {{0}}},
      {2, PHASE_ABORT, .edits = {SET(sample_ms, ZERO - 91 * S)}}},
     DOUBT_NONE,
     1},
    {"a Deployment's phase says nothing",
     KIND_DEPLOYMENT,
     {{1, PHASE_ABORT, .edits = {SET(created, ZERO_S - 500), SET(generation, 4)}},
      {2, PHASE_NONE, .edits = {SET(created, ZERO_S - 500)}}},
     DOUBT_NONE,
     2},
    {"W4: two objects of one name, both new",
     KIND_DEPLOYMENT,
     {{1, .edits = {SET(created, ZERO_S - 500)}}, {2, .edits = {SET(created, ZERO_S - 400)}}},
     DOUBT_AMBIGUOUS,
     0},
    {"W4: in whatever order",
     KIND_DEPLOYMENT,
     {{1, .edits = {SET(created, ZERO_S - 400)}}, {2, .edits = {SET(created, ZERO_S - 500)}}},
     DOUBT_AMBIGUOUS,
     0},
    {"W4: a sample of before the newest object was created shows the one before",
     KIND_DEPLOYMENT,
     {{1, .edits = {SET(created, ZERO_S - 500), SET(sample_ms, ZERO - 21 * S), SET(generation, 9)}},
      {2, .edits = {SET(created, ZERO_S - 20)}}},
     DOUBT_NONE,
     2},
    {"W4: also a sample of that very second",
     KIND_DEPLOYMENT,
     {{1, .edits = {SET(created, ZERO_S - 500), SET(sample_ms, ZERO - 19001), SET(generation, 9)}},
      {2, .edits = {SET(created, ZERO_S - 20)}}},
     DOUBT_NONE,
     2},
    {"W4: an object's own sample of the second in which it was created shows it",
     KIND_DEPLOYMENT,
     {{1, .edits = {SET(created, ZERO_S)}}},
     DOUBT_NONE,
     1},
    {"W4: an object of 1970 was there before as well",
     KIND_DEPLOYMENT,
     {{1, .edits = {SET(created, 0), SET(sample_ms, ZERO - 30 * S)}},
      {2, .edits = {SET(created, ZERO_S - 20)}}},
     DOUBT_NONE,
     2},
    {"W4: a sample of a second later shows that both are there",
     KIND_DEPLOYMENT,
     {{1, .edits = {SET(created, ZERO_S - 500), SET(sample_ms, ZERO - 19 * S)}},
      {2, .edits = {SET(created, ZERO_S - 20)}}},
     DOUBT_AMBIGUOUS,
     0},
    {"W4: a sample that does not say when its object was created predates nothing, and may differ",
     KIND_DEPLOYMENT,
     {{1, .edits = {SET(sample_ms, ZERO - 30 * S), SET(generation, 9), SET(observed, 9)}},
      {2, .edits = {SET(created, ZERO_S - 20)}}},
     DOUBT_AMBIGUOUS,
     0},
    {"W4: the start of 1970 is a time of creation",
     KIND_DEPLOYMENT,
     {{1, .edits = {SET(created, 0)}}, {2, .edits = {SET(created, ZERO_S - 400)}}},
     DOUBT_AMBIGUOUS,
     0},
    {"W4: one object, as two show it",
     KIND_DEPLOYMENT,
     {{1, .edits = {SET(created, ZERO_S - 500)}},
      {2, .edits = {SET(created, ZERO_S - 500), SET(generation, 6)}}},
     DOUBT_NONE,
     2},
    {"W4: an object whose row is stale is none",
     KIND_DEPLOYMENT,
     {{1, .edits = {SET(created, ZERO_S - 500)}},
      {2, .edits = {SET(created, ZERO_S - 400), SET(sample_ms, ZERO - 91 * S)}}},
     DOUBT_NONE,
     1},
    {"W4: nor one that is exported no more",
     KIND_DEPLOYMENT,
     {{1, .edits = {SET(created, ZERO_S - 500)}},
      {2, .left_behind = true, .edits = {SET(created, ZERO_S - 400)}}},
     DOUBT_NONE,
     1},
    {"what is left behind does not count, whatever it says",
     KIND_DEPLOYMENT,
     {{1, .edits = {{0}}}, {2, .left_behind = true, .edits = {SET(generation, 9)}}},
     DOUBT_NONE,
     1},
    {"nothing but what is left behind",
     KIND_DEPLOYMENT,
     {{1, .left_behind = true, .edits = {{0}}}},
     DOUBT_STALE,
     0},
    {"a deletion is under way",
     KIND_DEPLOYMENT,
     {{1, .deleting = true, .edits = {{0}}}},
     DOUBT_DELETING,
     0},
    {"as the newer one of two says",
     KIND_DEPLOYMENT,
     {{1, .edits = {SET(created, ZERO_S - 500)}},
      {2, .deleting = true, .edits = {SET(created, ZERO_S - 500), SET(generation, 6)}}},
     DOUBT_DELETING,
     0},
    {"the older one's word does not count",
     KIND_DEPLOYMENT,
     {{1, .deleting = true, .edits = {SET(created, ZERO_S - 500)}},
      {2, .edits = {SET(created, ZERO_S - 500), SET(generation, 6)}}},
     DOUBT_NONE,
     2},
    {"a row in doubt is no better than one that is believed, however high",
     KIND_DEPLOYMENT,
     {{1, .edits = {{0}}}, {2, .edits = {SET(generation, 9), SET(spec, ROW_MISSING)}}},
     DOUBT_NONE,
     1},
    {"of several doubts the one that says most",
     KIND_DEPLOYMENT,
     {{1, .edits = {SET(spec, ROW_MISSING)}}, {2, .edits = {SET(sample_ms, ROW_MISSING)}}},
     DOUBT_PARTIAL,
     0},
    {"in whatever order",
     KIND_DEPLOYMENT,
     {{1, .edits = {SET(sample_ms, ROW_MISSING)}}, {2, .edits = {SET(spec, ROW_MISSING)}}},
     DOUBT_PARTIAL,
     0},
};

static void one_of_several_rows_is_chosen(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof choices / sizeof choices[0]; i++) {
        struct row rows[ROWS_MAX];
        size_t count = 0;
        for (; count < ROWS_MAX && choices[i].rows[count].source != 0; count++) {
            const struct one_of *one = &choices[i].rows[count];
            rows[count] = rows_whole(choices[i].kind);
            rows[count].source_id = one->source;
            rows[count].left_behind = one->left_behind;
            rows[count].deleting = one->deleting;
            if (one->phase != PHASE_NONE)
                rows[count].phase = one->phase;
            rows_apply(&rows[count], one->edits);
        }
        const struct sight sight = {
            .kind = SIGHT_ROWS, .rows = rows, .count = count, .eval_ms = ZERO};
        struct proof proof = {.accepted = true,
                              .created = ROW_MISSING,
                              .generation = ROW_MISSING,
                              .observed = ROW_MISSING};
        struct belief belief = proof_weigh(&proof, &rows_limits, &sight);
        uint64_t source = belief.row == NULL ? 0 : belief.row->source_id;
        if (belief.doubt != choices[i].doubt || source != choices[i].source)
            fail_msg("%s: doubt '%s', source %" PRIu64, choices[i].sentence,
                     rows_doubt(belief.doubt), source);
    }
}

/* Beside one of 10 s ago: another object of the name, by a source that is scraped each minute. */
static const struct {
    const char *sentence;
    int64_t age_ms, lag_ms;
    enum doubt doubt;
} others[] = {
    {"young", 80 * S, 0, DOUBT_AMBIGUOUS},
    {"too old by what the answer lags", 90 * S - 500, 1000, DOUBT_AMBIGUOUS},
    {"too old by itself", 100 * S, 0, DOUBT_AMBIGUOUS},
    {"not scraped twice", 140 * S, 0, DOUBT_NONE},
};

static void one_that_is_slow_is_not_forgotten(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct row rows[] = {rows_whole(KIND_DEPLOYMENT), rows_whole(KIND_DEPLOYMENT)};
        rows[0].source_id = 1;
        rows[0].sample_ms = ZERO - 10 * S;
        rows[0].created = ZERO_S - 500;
        rows[1].source_id = 2;
        rows[1].sample_ms = ZERO - others[i].age_ms;
        rows[1].created = ZERO_S - 900;
        const struct pace paces[] = {
            {.sample_ms = rows[0].sample_ms, .step_ms = 10 * S, .before_ms = 10 * S},
            {.sample_ms = rows[1].sample_ms, .step_ms = 60 * S, .before_ms = 60 * S}};
        struct proof proof = {.accepted = true,
                              .created = ZERO_S - 500,
                              .generation = ROW_MISSING,
                              .observed = ROW_MISSING,
                              .exporters = {1, 2},
                              .paces = {paces[0], paces[1]}};
        const struct sight sight = {.kind = SIGHT_ROWS,
                                    .rows = rows,
                                    .count = 2,
                                    .eval_ms = ZERO,
                                    .lag_ms = others[i].lag_ms};
        const struct belief belief = proof_weigh(&proof, &rows_limits, &sight);
        if (belief.doubt != others[i].doubt)
            fail_msg("%s: doubt '%s'", others[i].sentence, rows_doubt(belief.doubt));
    }
}

/* Of three sources that all have a part of it: of the newest sample, or of the oldest. */
static void what_is_done_is_as_old_as_who_might_object(void **unused)
{
    (void)unused;
    static const struct {
        const char *sentence;
        int64_t ages_ms[ROWS_MAX], available, age_ms;
    } ages[] = {
        {"done, by the oldest", {5 * S, 20 * S, 10 * S}, 3, 20 * S},
        {"whichever comes first", {20 * S, 5 * S, 10 * S}, 3, 20 * S},
        {"and last", {10 * S, 5 * S, 20 * S}, 3, 20 * S},
        {"undone, by the newest", {5 * S, 20 * S, 10 * S}, 2, 5 * S},
        {"who is too old says nothing", {5 * S, 100 * S, 10 * S}, 3, 10 * S},
    };
    for (size_t i = 0; i < sizeof ages / sizeof ages[0]; i++) {
        struct row rows[ROWS_MAX];
        for (size_t k = 0; k < ROWS_MAX; k++) {
            rows[k] = rows_whole(KIND_DEPLOYMENT);
            rows[k].source_id = k + 1;
            rows[k].sample_ms = ZERO - ages[i].ages_ms[k];
            rows[k].available = ages[i].available;
        }
        const struct sight sight = {
            .kind = SIGHT_ROWS, .rows = rows, .count = ROWS_MAX, .eval_ms = ZERO};
        struct proof proof = {.accepted = false};
        const struct belief belief = proof_weigh(&proof, &rows_limits, &sight);
        if (belief.row == NULL || belief.age_ms != ages[i].age_ms)
            fail_msg("%s: %" PRId64 " ms", ages[i].sentence, belief.age_ms);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_of_several_rows_is_chosen),
        cmocka_unit_test(what_is_done_is_as_old_as_who_might_object),
        cmocka_unit_test(one_that_is_slow_is_not_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
