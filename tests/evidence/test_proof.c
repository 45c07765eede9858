/*
 * What is believed of one workload: every doubt of a row, ages (N2), absence (W2), and what is
 * remembered.
 */
#include "evidence/rows.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    const char *sentence;
    int64_t eval_ms, lag_ms;
    struct edit edits[EDITS_MAX];
    enum doubt doubt;
    int64_t age_ms; /* when there is no doubt */
} singles[] = {
    {"a sample of now", ZERO, 0, {{0}}, DOUBT_NONE, 0},
    {"a sample of a millisecond ago", ZERO + 1, 0, {{0}}, DOUBT_NONE, 1},
    {"a sample without a time", ZERO, 0, {SET(sample_ms, ROW_MISSING)}, DOUBT_STALE, 0},
    {"as old as it may be", ZERO + MAX_AGE, 0, {{0}}, DOUBT_NONE, MAX_AGE},
    {"older", ZERO + MAX_AGE + 1, 0, {{0}}, DOUBT_STALE, 0},
    {"the answer lags: so does the sample", ZERO + 10 * S, 20 * S, {{0}}, DOUBT_NONE, 30 * S},
    {"as much as it may be", ZERO + 10 * S, 80 * S, {{0}}, DOUBT_NONE, MAX_AGE},
    {"too old by the lag alone: the clock is to blame",
     ZERO + 10 * S,
     80 * S + 1,
     {{0}},
     DOUBT_CLOCK,
     0},
    {"too old by itself, and lagging", ZERO + MAX_AGE + 1, 10 * S, {{0}}, DOUBT_STALE, 0},
    {"as old as it may be, and lagging: the clock is to blame",
     ZERO + MAX_AGE,
     1,
     {{0}},
     DOUBT_CLOCK,
     0},
    {"evaluated at no time", 0, 0, {SET(sample_ms, 0)}, DOUBT_CLOCK, 0},
    {"evaluated before 1970", -1, 0, {SET(sample_ms, 0)}, DOUBT_CLOCK, 0},
    {"evaluated in 1970", 1, 0, {SET(sample_ms, 1)}, DOUBT_NONE, 0},
    {"a sample of after its evaluation, rounded to seconds", ZERO - 1000, 0, {{0}}, DOUBT_NONE, 0},
    {"which makes nothing younger", ZERO - 1000, 5 * S, {{0}}, DOUBT_NONE, 5 * S},
    {"a sample of the future", ZERO - 1001, 0, {{0}}, DOUBT_CLOCK, 0},
    {"too many pods", ZERO, 0, {SET(spec, INT64_C(1) << 31)}, DOUBT_PARTIAL, 0},
    {"as many as there can be", ZERO, 0, {SET(spec, INT32_MAX)}, DOUBT_NONE, 0},
    {"a generation that is as large as can be",
     ZERO,
     0,
     {SET(generation, INT64_MAX), SET(observed, INT64_MAX)},
     DOUBT_NONE,
     0},
    {"nothing at all is 0", ZERO, 0, {SET(updated, 0), SET(available, 0)}, DOUBT_NONE, 0},
};

static void one_row_is_believed_or_doubted(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof singles / sizeof singles[0]; i++) {
        struct proof proof = {.accepted = false};
        struct row row = rows_whole(KIND_DEPLOYMENT);
        rows_apply(&row, singles[i].edits);
        const struct sight sight = {.kind = SIGHT_ROWS,
                                    .rows = &row,
                                    .count = 1,
                                    .eval_ms = singles[i].eval_ms,
                                    .lag_ms = singles[i].lag_ms};
        struct belief belief = proof_weigh(&proof, &rows_limits, &sight);
        if (belief.doubt != singles[i].doubt || belief.age_ms != singles[i].age_ms ||
            (belief.row == &row) != (singles[i].doubt == DOUBT_NONE))
            fail_msg("%s: doubt '%s', %" PRId64 " ms old", singles[i].sentence,
                     rows_doubt(belief.doubt), belief.age_ms);
        if (belief.another || belief.unconfirmed)
            fail_msg("%s: nothing was known before", singles[i].sentence);
    }
}

/* Which counts each kind must have; all others may be missing. A kind of which nothing else is said
   here needs what kube-state-metrics has of all. */
static void a_row_is_whole_by_the_counts_of_its_kind(void **unused)
{
    (void)unused;
    static const struct {
        struct edit edit;
        unsigned kinds; /* that need it */
    } counts[] = {
#define T KIND_BIT(KIND_STATEFULSET)
#define R KIND_BIT(KIND_ROLLOUT)
        {SET(generation, 0), KINDS_ALL & ~R},
        {SET(observed, 0), KINDS_ALL & ~R},
        {SET(spec, 0), KINDS_ALL},
        {SET(replicas, 0), KINDS_ALL & ~R},
        {SET(updated, 0), KINDS_ALL},
        {SET(available, 0), KINDS_ALL},
        {SET(ready, 0), T},
        {SET(unavailable, 0), R},
        {SET(current, 0), 0},
        {SET(terminating, 0), 0},
        {SET(paused, 0), 0},
        {SET(created, 0), 0},
#undef T
#undef R
    };
    static const int64_t broken[] = {ROW_MISSING, INT64_MIN};
    for (unsigned kind = 0; kind < KIND_COUNT; kind++)
        for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
            for (size_t b = 0; b < 2; b++) {
                struct proof proof = {.accepted = false};
                struct row row = rows_whole((enum workload_kind)kind);
                struct edit edits[EDITS_MAX] = {counts[i].edit};
                edits[0].value = broken[b];
                rows_apply(&row, edits);
                const struct sight sight = {
                    .kind = SIGHT_ROWS, .rows = &row, .count = 1, .eval_ms = ZERO};
                bool needed = (counts[i].kinds & KIND_BIT(kind)) != 0;
                enum doubt doubt = proof_weigh(&proof, &rows_limits, &sight).doubt;
                if (doubt != (needed ? DOUBT_PARTIAL : DOUBT_NONE))
                    fail_msg("a %s with %s %" PRId64 ": doubt '%s'",
                             kind_name((enum workload_kind)kind), edits[0].name, broken[b],
                             rows_doubt(doubt));
                if ((proof.lacks != 0) != needed)
                    fail_msg("a %s with %s %" PRId64 ": the series that is missing is not named",
                             kind_name((enum workload_kind)kind), edits[0].name, broken[b]);
            }
}

static void a_rollout_without_a_phase_is_not_whole(void **unused)
{
    (void)unused;
    struct proof proof = {.accepted = false};
    struct row row = rows_whole(KIND_ROLLOUT);
    row.phase = PHASE_NONE;
    const struct sight sight = {.kind = SIGHT_ROWS, .rows = &row, .count = 1, .eval_ms = ZERO};
    assert_int_equal(proof_weigh(&proof, &rows_limits, &sight).doubt, DOUBT_PARTIAL);
}

/* A sample before a horizon (clock.h) is as old as that. */
static void a_horizon_makes_samples_older(void **unused)
{
    (void)unused;
    const struct evidence_clock clock = {.horizons = {{ZERO + 10 * S, 40 * S}}, .horizon_count = 1};
    static const struct {
        const char *sentence;
        int64_t sample_s, now_s;
        enum doubt doubt;
        int64_t age_s;
    } rows[] = {
        {"before it", 10, 100, DOUBT_NONE, 60},
        {"at most as old as it may be", 10, 130, DOUBT_NONE, 90},
        {"older: nothing lags", 10, 131, DOUBT_STALE, 0},
        {"after it", 11, 131, DOUBT_NONE, 9},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct proof proof = {.accepted = false};
        const struct row row = rows_shown(&(struct shown){1, rows[i].sample_s, 5, 5, 0});
        const struct sight sight = {.kind = SIGHT_ROWS,
                                    .rows = &row,
                                    .count = 1,
                                    .eval_ms = ZERO + 20 * S,
                                    .now_ms = rows[i].now_s * S,
                                    .clock = &clock};
        const struct belief belief = proof_weigh(&proof, &rows_limits, &sight);
        if (belief.doubt != rows[i].doubt || belief.age_ms != rows[i].age_s * S)
            fail_msg("%s: doubt '%s', %" PRId64 " ms old", rows[i].sentence,
                     rows_doubt(belief.doubt), belief.age_ms);
    }
}

/* One poll after the other of a workload whose forget_after is 300 s. */
static const struct {
    const char *sentence;
    struct {
        int64_t now_s;
        enum sight_kind kind; /* SIGHT_FETCH_FAILED ends the list, but for the first */
        int64_t witness_s;    /* -1: not said */
        enum doubt doubt;
        unsigned misses;
    } polls[6];
} absences[] = {
    {"a failed request says nothing", {{5, SIGHT_FETCH_FAILED, -1, DOUBT_FETCH, 0}}},
    {"nor does a partial answer", {{5, SIGHT_PARTIAL, -1, DOUBT_PARTIAL, 0}}},
    {"nothing of its kind anywhere", {{5, SIGHT_NO_DATA, -1, DOUBT_NO_DATA, 0}}},
    {"its source is gone", {{5, SIGHT_SOURCE_GONE, -1, DOUBT_SOURCE_GONE, 0}}},
    {"one scrape that lacks it counts once, however often it is asked about",
     {{5, SIGHT_ABSENT, 1, DOUBT_ABSENT, 1},
      {7, SIGHT_ABSENT, 1, DOUBT_ABSENT, 1},
      {9, SIGHT_ABSENT, 0, DOUBT_ABSENT, 1},
      {20, SIGHT_ABSENT, 16, DOUBT_ABSENT, 2},
      {22, SIGHT_ABSENT, 16, DOUBT_ABSENT, 2}}},
    {"without a witness's time each answer is another",
     {{5, SIGHT_ABSENT, -1, DOUBT_ABSENT, 1},
      {7, SIGHT_ABSENT, -1, DOUBT_ABSENT, 2},
      {9, SIGHT_ABSENT, -1, DOUBT_ABSENT, 3}}},
    {"it is gone when forget_after has passed since the first",
     {{5, SIGHT_ABSENT, 1, DOUBT_ABSENT, 1},
      {304, SIGHT_ABSENT, 300, DOUBT_ABSENT, 2},
      {305, SIGHT_ABSENT, 300, DOUBT_GONE, 2},
      {306, SIGHT_ABSENT, 302, DOUBT_GONE, 3}}},
    {"not by time alone: another scrape has to lack it as well",
     {{5, SIGHT_ABSENT, 1, DOUBT_ABSENT, 1},
      {900, SIGHT_ABSENT, 1, DOUBT_ABSENT, 1},
      {905, SIGHT_ABSENT, 902, DOUBT_GONE, 2}}},
    {"a partial answer between changes nothing",
     {{5, SIGHT_ABSENT, 1, DOUBT_ABSENT, 1},
      {9, SIGHT_PARTIAL, -1, DOUBT_PARTIAL, 1},
      {305, SIGHT_ABSENT, 1, DOUBT_ABSENT, 1},
      {310, SIGHT_ABSENT, 306, DOUBT_GONE, 2}}},
    {"nobody of its kind between: the patience begins anew",
     {{5, SIGHT_ABSENT, 1, DOUBT_ABSENT, 1},
      {100, SIGHT_NO_DATA, -1, DOUBT_NO_DATA, 0},
      {110, SIGHT_ABSENT, 1, DOUBT_ABSENT, 1},
      {409, SIGHT_ABSENT, 401, DOUBT_ABSENT, 2},
      {410, SIGHT_ABSENT, 401, DOUBT_GONE, 2}}},
    {"its source gone between: as well",
     {{5, SIGHT_ABSENT, 1, DOUBT_ABSENT, 1},
      {100, SIGHT_SOURCE_GONE, -1, DOUBT_SOURCE_GONE, 0},
      {110, SIGHT_ABSENT, 1, DOUBT_ABSENT, 1},
      {409, SIGHT_ABSENT, 401, DOUBT_ABSENT, 2},
      {410, SIGHT_ABSENT, 401, DOUBT_GONE, 2}}},
    {"seen between: as well",
     {{5, SIGHT_ABSENT, 1, DOUBT_ABSENT, 1},
      {100, SIGHT_ROWS, -1, DOUBT_NONE, 0},
      {110, SIGHT_ABSENT, 1, DOUBT_ABSENT, 1},
      {409, SIGHT_ABSENT, 401, DOUBT_ABSENT, 2},
      {410, SIGHT_ABSENT, 401, DOUBT_GONE, 2}}},
};

static void absence_is_counted_by_scrapes_and_time(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof absences / sizeof absences[0]; i++) {
        struct proof proof = {.accepted = false};
        for (size_t k = 0; k < 6 && absences[i].polls[k].now_s != 0; k++) {
            const int64_t now_s = absences[i].polls[k].now_s;
            const int64_t witness_s = absences[i].polls[k].witness_s;
            const struct row row = rows_shown(&(struct shown){1, now_s, 5, 5, 0});
            const struct sight sight = {.kind = absences[i].polls[k].kind,
                                        .rows = &row,
                                        .count = 1,
                                        .now_ms = now_s * S,
                                        .eval_ms = ZERO + now_s * S,
                                        .witness_ms =
                                            witness_s < 0 ? ROW_MISSING : ZERO + witness_s * S};
            const struct belief belief = proof_weigh(&proof, &rows_limits, &sight);
            if (belief.doubt != absences[i].polls[k].doubt ||
                proof.misses != absences[i].polls[k].misses)
                fail_msg("%s: at %" PRId64 " s doubt '%s', %u misses", absences[i].sentence, now_s,
                         rows_doubt(belief.doubt), proof.misses);
            if (belief.another != (belief.doubt == DOUBT_GONE))
                fail_msg("%s: at %" PRId64 " s it is %sforgotten", absences[i].sentence, now_s,
                         belief.another ? "" : "not ");
        }
    }
}

/* Its witness's scrape must be newer than the one that showed it. */
static void what_was_scraped_before_is_no_news(void **unused)
{
    (void)unused;
    for (int64_t later_ms = -1; later_ms <= 1; later_ms++) {
        struct proof proof = {.accepted = true, .sample_ms = ZERO};
        const struct sight sight = {
            .kind = SIGHT_ABSENT, .eval_ms = ZERO + 5 * S, .witness_ms = ZERO + later_ms};
        assert_int_equal(proof_weigh(&proof, &rows_limits, &sight).doubt, DOUBT_ABSENT);
        assert_int_equal(proof.misses, later_ms > 0);
    }
}

/* Who showed it otherwise than each other may show another object still. */
static void rivals_outlive_the_object(void **unused)
{
    (void)unused;
    struct proof proof = {.accepted = true,
                          .rivals = {3, 4},
                          .rival_count = 2,
                          .misses = 2,
                          .exporters = {3, 4},
                          .paces = {{.step_ms = 10000}, {.step_ms = 30000}}};
    proof_forget(&proof);
    assert_int_equal(proof_step_ms(&proof, 3), 10 * S);
    assert_int_equal(proof_step_ms(&proof, 4), 30 * S);
    assert_false(proof.accepted);
    assert_true(proof.rivals[0] == 3 && proof.rivals[1] == 4);
    assert_int_equal(proof.rival_count, 2);
    assert_int_equal(proof.misses, 2);
    proof_forget_rivals(&proof);
    assert_true(proof.rivals[0] == 0 && proof.rivals[1] == 0);
    assert_int_equal(proof.rival_count, 0);
}

/* What one of two rows has is not what their exporters lack. */
static void what_no_row_has_is_lacking(void **unused)
{
    (void)unused;
    struct row rows[] = {rows_whole(KIND_DEPLOYMENT), rows_whole(KIND_DEPLOYMENT)};
    const struct sight sight = {.kind = SIGHT_ROWS, .rows = rows, .count = 2, .eval_ms = ZERO};
    struct proof proof = {.accepted = false};
    rows[1].source_id = 2;
    rows[0].available = rows[1].spec = ROW_MISSING;
    assert_int_equal(proof_weigh(&proof, &rows_limits, &sight).doubt, DOUBT_PARTIAL);
    assert_int_equal(proof.lacks, 0);
    rows[1].available = ROW_MISSING;
    assert_int_equal(proof_weigh(&proof, &rows_limits, &sight).doubt, DOUBT_PARTIAL);
    assert_int_equal(proof.lacks & (proof.lacks - 1), 0); /* one alone */
    assert_int_not_equal(proof.lacks, 0);
}

/* The newest first, each once, and no more than there is room for; what was seen in the meantime
   moves to the front. */
static void those_that_have_shown_it_are_remembered(void **unused)
{
    (void)unused;
    static const uint64_t sources[] = {1, 1, 2, 3, 1, 4, 2,  5, 0,  5, 2, 6,
                                       7, 8, 3, 9, 1, 4, 10, 0, 11, 2, 11};
    uint64_t then[PROOF_EXPORTERS_MAX + 1] = {0}; /* one more: who is pushed out */
    struct proof proof = {.accepted = false};
    assert_false(proof_was_shown_by(&proof, 0));
    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        struct row row = rows_shown(&(struct shown){sources[i], 0, 5, 5, 0});
        row.left_behind = i % 2 == 1; /* also what is exported no more */
        const struct sight sight = {.kind = SIGHT_ROWS, .rows = &row, .count = 1, .eval_ms = ZERO};
        size_t place = 0;
        while (sources[i] != 0 && place < PROOF_EXPORTERS_MAX && then[place] != sources[i])
            place++;
        memmove(&then[1], &then[0], place * sizeof then[0]);
        then[0] = sources[i] != 0 ? sources[i] : then[0];
        proof_weigh(&proof, &rows_limits, &sight);
        for (size_t k = 0; k < PROOF_EXPORTERS_MAX; k++)
            if (proof.exporters[k] != then[k])
                fail_msg("row %zu: place %zu has %" PRIu64, i, k, proof.exporters[k]);
        for (uint64_t source = 0; source <= 12; source++) {
            bool is = false;
            for (size_t k = 0; k < PROOF_EXPORTERS_MAX; k++)
                is |= source != 0 && then[k] == source;
            assert_int_equal(proof_was_shown_by(&proof, source), is);
        }
    }
}

static void all_that_show_it_at_once_are_remembered(void **unused)
{
    (void)unused;
    struct proof proof = {.accepted = false};
    const struct row rows[] = {rows_shown(&(struct shown){1, 0, 5, 5, 0}),
                               rows_shown(&(struct shown){2, 0, 5, 5, 0}),
                               rows_shown(&(struct shown){3, 0, 5, 5, 0})};
    const struct sight sight = {.kind = SIGHT_ROWS, .rows = rows, .count = 3, .eval_ms = ZERO};
    proof_weigh(&proof, &rows_limits, &sight);
    for (uint64_t source = 1; source <= 3; source++)
        assert_true(proof_was_shown_by(&proof, source));
}

static void what_is_accepted_is_remembered(void **unused)
{
    (void)unused;
    struct proof proof = {.accepted = false};
    struct row row = rows_shown(&(struct shown){7, -20, 5, 4, 100});
    struct belief belief = {.doubt = DOUBT_NONE, .row = &row, .age_ms = 20 * S};
    struct sight sight = {.kind = SIGHT_ROWS, .rows = &row, .count = 1, .now_ms = 50 * S};
    proof_accept(&proof, &belief, &sight, false);
    assert_true(proof.accepted);
    assert_false(proof.holding);
    assert_int_equal(proof.created, 100);
    assert_int_equal(proof.generation, 5);
    assert_int_equal(proof.observed, 4);
    assert_int_equal(proof.sample_ms, ZERO - 20 * S);
    assert_int_equal(proof.source, 7);
    assert_int_equal(proof.known_ms, 50 * S);
    assert_int_equal(proof.accepted_ms, 50 * S);
    assert_int_equal(proof.truth_ms, 30 * S);
    row.generation = 6; /* the same sample, held: known since then, and true no later */
    proof.lower = proof.lags = true;
    sight.now_ms = 60 * S;
    proof_accept(&proof, &belief, &sight, true);
    assert_true(proof.holding);
    assert_false(proof.lower || proof.lags);
    assert_int_equal(proof.generation, 6);
    assert_int_equal(proof.known_ms, 50 * S);
    assert_int_equal(proof.accepted_ms, 60 * S);
    assert_int_equal(proof.truth_ms, 30 * S);
}

/* Whoever showed it last is listed first, and each keeps its own pace. */
static void each_source_has_its_own_pace(void **unused)
{
    (void)unused;
    struct proof proof = {0};
    for (int64_t t_s = 0; t_s <= 240; t_s += 30) {
        const bool both = t_s % 120 == 0;
        const struct row rows[] = {rows_shown(&(struct shown){1, t_s, 1, 1, 0}),
                                   rows_shown(&(struct shown){2, t_s, 1, 1, 0})};
        const struct sight sight = {.kind = SIGHT_ROWS,
                                    .rows = rows,
                                    .count = both ? 2 : 1,
                                    .eval_ms = ZERO + t_s * S,
                                    .now_ms = t_s * S};
        proof_weigh(&proof, &rows_limits, &sight);
    }
    assert_int_equal(proof_step_ms(&proof, 1), 30 * S);
    assert_int_equal(proof_step_ms(&proof, 2), 120 * S);
    assert_int_equal(proof_step_ms(&proof, 3), 0);
}

/* One scrape that came late, or one that came early, does not hurry what waits for the next. */
static void a_pace_is_the_longer_one_of_two_steps(void **unused)
{
    (void)unused;
    static const struct {
        int64_t sample_s, step_s;
    } polls[] = {{0, 0}, {60, 60}, {70, 60}, {80, 10}, {110, 30}, {110, 30}, {105, 30}};
    struct proof proof = {0};
    for (size_t i = 0; i < sizeof polls / sizeof polls[0]; i++) {
        const struct row row = rows_shown(&(struct shown){1, polls[i].sample_s, 1, 1, 0});
        const struct sight sight = {
            .kind = SIGHT_ROWS, .rows = &row, .count = 1, .eval_ms = ZERO + 110 * S};
        proof_weigh(&proof, &rows_limits, &sight);
        if (proof_step_ms(&proof, 1) != polls[i].step_s * S)
            fail_msg("poll %zu: %" PRId64 " ms", i, proof_step_ms(&proof, 1));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_source_has_its_own_pace),
        cmocka_unit_test(a_pace_is_the_longer_one_of_two_steps),
        cmocka_unit_test(one_row_is_believed_or_doubted),
        cmocka_unit_test(a_row_is_whole_by_the_counts_of_its_kind),
        cmocka_unit_test(a_rollout_without_a_phase_is_not_whole),
        cmocka_unit_test(a_horizon_makes_samples_older),
        cmocka_unit_test(absence_is_counted_by_scrapes_and_time),
        cmocka_unit_test(what_was_scraped_before_is_no_news),
        cmocka_unit_test(rivals_outlive_the_object),
        cmocka_unit_test(what_no_row_has_is_lacking),
        cmocka_unit_test(those_that_have_shown_it_are_remembered),
        cmocka_unit_test(all_that_show_it_at_once_are_remembered),
        cmocka_unit_test(what_is_accepted_is_remembered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
