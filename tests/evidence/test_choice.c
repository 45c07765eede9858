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
    {"W4: also if it was created at the start of 1970",
     KIND_DEPLOYMENT,
     {{1, .edits = {SET(created, 0)}},
      {2, .edits = {SET(created, 0), SET(generation, 6), SET(observed, 6)}}},
     DOUBT_NONE,
     2},
    {"W4: a generation of 0 is one, and lower than 1",
     KIND_DEPLOYMENT,
     {{1, .edits = {SET(generation, 1), SET(observed, 1)}},
      {2, .edits = {SET(generation, 0), SET(observed, 0)}}},
     DOUBT_AMBIGUOUS,
     0},
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

#define ELSE SET(created, ZERO_S - 900) /* another object of the name */
#define THIS SET(created, ZERO_S - 500)
#define BEFORE SET(generation, 4), SET(observed, 4)

/* Sources 1, 2 and 3, each with the age of its sample, at the moment of evaluation, and with its
   pace. The verdict before is young. */
static const struct {
    const char *sentence;
    enum workload_kind kind;
    size_t count;
    struct {
        int64_t age_ms;
        int32_t step_ms; /* 0: not known */
        bool left_behind;
        struct edit edits[EDITS_MAX];
    } rows[ROWS_MAX];
    int64_t lag_ms;   /* of the answer */
    int64_t lags_ms;  /* the verdict before has stood so long, and scrapes are 10 s apart; or 0 */
    int64_t known_ms; /* the sample of 2 was accepted last, so long ago; 0: it was not */
    enum doubt doubt;
    uint64_t source; /* of the row that is believed; 0: none, or the verdict before stands */
} paced[] = {
    {"another object by one that is slow: it is young",
     KIND_DEPLOYMENT,
     2,
     {{10 * S, 10000, .edits = {THIS}}, {80 * S, 60000, .edits = {ELSE}}},
     .doubt = DOUBT_AMBIGUOUS},
    {"too old by what the answer lags",
     KIND_DEPLOYMENT,
     2,
     {{10 * S, 10000, .edits = {THIS}}, {90 * S - 500, 60000, .edits = {ELSE}}},
     .lag_ms = 1000,
     .doubt = DOUBT_AMBIGUOUS},
    {"too old by itself",
     KIND_DEPLOYMENT,
     2,
     {{10 * S, 10000, .edits = {THIS}}, {100 * S, 60000, .edits = {ELSE}}},
     .doubt = DOUBT_AMBIGUOUS},
    {"of two scrapes ago, and of what is rounded",
     KIND_DEPLOYMENT,
     2,
     {{10 * S, 10000, .edits = {THIS}}, {131 * S, 60000, .edits = {ELSE}}},
     .doubt = DOUBT_AMBIGUOUS},
    {"not scraped twice",
     KIND_DEPLOYMENT,
     2,
     {{10 * S, 10000, .edits = {THIS}}, {131 * S + 1, 60000, .edits = {ELSE}}},
     .doubt = DOUBT_NONE,
     .source = 1},
    {"known for too long, of the moment of its evaluation, which was rounded",
     KIND_DEPLOYMENT,
     2,
     {{10 * S, 10000, .edits = {THIS}}, {-1000, 60000, .edits = {ELSE}}},
     .known_ms = 100 * S,
     .doubt = DOUBT_AMBIGUOUS},
    {"a sample of the future is refused, and not one that is slow",
     KIND_STATEFULSET,
     2,
     {{10 * S, 10000, .edits = {THIS, SET(updated, 1)}}, {-1001, 60000, .edits = {ELSE}}},
     .known_ms = 100 * S,
     .doubt = DOUBT_NONE,
     .source = 1},
    {"nor is one that is partial, and as old as may be",
     KIND_DEPLOYMENT,
     2,
     {{10 * S, 10000, .edits = {THIS}}, {90 * S, 60000, .edits = {ELSE, SET(spec, ROW_MISSING)}}},
     .doubt = DOUBT_NONE,
     .source = 1},
    {"W4: who shows it undone, and is scraped, is believed",
     KIND_DEPLOYMENT,
     2,
     {{10 * S, 10000, .edits = {{0}}}, {31 * S, 10000, .edits = {SET(available, 2)}}},
     .doubt = DOUBT_NONE,
     .source = 2},
    {"W4: but not who has missed two scrapes",
     KIND_DEPLOYMENT,
     2,
     {{10 * S, 10000, .edits = {{0}}}, {31 * S + 1, 10000, .edits = {SET(available, 2)}}},
     .doubt = DOUBT_NONE,
     .source = 1},
    {"W4: who lacks a series and shows it undone is not believed, and nothing is known",
     KIND_DEPLOYMENT,
     2,
     {{10 * S, 10000, .edits = {{0}}},
      {10 * S, 10000, .edits = {SET(available, 1), SET(replicas, ROW_MISSING)}}},
     .doubt = DOUBT_PARTIAL},
    {"W4: also when it is seen for the first time",
     KIND_DEPLOYMENT,
     2,
     {{10 * S, 0, .edits = {{0}}},
      {10 * S, 0, .edits = {SET(available, 1), SET(replicas, ROW_MISSING)}}},
     .doubt = DOUBT_PARTIAL},
    {"W4: who lacks a series and shows nothing undone does not object, be it newer",
     KIND_DEPLOYMENT,
     2,
     {{10 * S, 10000, .edits = {{0}}}, {5 * S, 10000, .edits = {SET(replicas, ROW_MISSING)}}},
     .doubt = DOUBT_NONE,
     .source = 1},
    {"W4: nor who exports it no more",
     KIND_DEPLOYMENT,
     2,
     {{10 * S, 10000, .edits = {{0}}},
      {20 * S, 10000, .left_behind = true, .edits = {SET(available, 2)}}},
     .doubt = DOUBT_NONE,
     .source = 1},
    {"W4: who is slow has shown it undone when that still counted: nothing is known",
     KIND_DEPLOYMENT,
     2,
     {{10 * S, 10000, .edits = {{0}}}, {100 * S, 60000, .edits = {SET(available, 2)}}},
     .doubt = DOUBT_STALE},
    {"W4: and that is why, whatever else is there",
     KIND_DEPLOYMENT,
     3,
     {{10 * S, 10000, .edits = {{0}}},
      {100 * S, 60000, .edits = {SET(available, 2)}},
      {10 * S, 10000, .edits = {SET(spec, ROW_MISSING)}}},
     .doubt = DOUBT_STALE},
    {"who has not come to the new generation yet, and had all there",
     KIND_DEPLOYMENT,
     2,
     {{10 * S, 10000, .edits = {{0}}}, {11 * S, 10000, .edits = {BEFORE}}},
     .doubt = DOUBT_NONE,
     .source = 1},
    {"and had a pod missing: the verdict before stands",
     KIND_DEPLOYMENT,
     2,
     {{10 * S, 10000, .edits = {{0}}}, {11 * S, 10000, .edits = {BEFORE, SET(available, 2)}}},
     .doubt = DOUBT_NONE},
    {"and had an old pod left: likewise",
     KIND_DEPLOYMENT,
     2,
     {{10 * S, 10000, .edits = {{0}}},
      {11 * S, 10000, .edits = {BEFORE, SET(replicas, 4), SET(available, 4)}}},
     .doubt = DOUBT_NONE},
    {"also fewer than a partition holds back now",
     KIND_STATEFULSET,
     2,
     {{10 * S, 10000, .edits = {SET(updated, 1)}},
      {11 * S, 10000,
       .edits = {BEFORE, SET(spec, 1), SET(replicas, 1), SET(updated, 1), SET(available, 0)}}},
     .doubt = DOUBT_NONE},
    {"it may have had all there a scrape before: that is young enough",
     KIND_DEPLOYMENT,
     2,
     {{10 * S, 10000, .edits = {{0}}}, {11 * S, 79000, .edits = {BEFORE, SET(available, 2)}}},
     .doubt = DOUBT_NONE},
    {"or is not",
     KIND_DEPLOYMENT,
     2,
     {{10 * S, 10000, .edits = {{0}}}, {11 * S, 79001, .edits = {BEFORE, SET(available, 2)}}},
     .doubt = DOUBT_AMBIGUOUS},
    {"or is not, and the verdict before has stood for two scrapes",
     KIND_DEPLOYMENT,
     2,
     {{10 * S, 10000, .edits = {{0}}}, {11 * S, 79001, .edits = {BEFORE, SET(available, 2)}}},
     .lags_ms = 20 * S + 1,
     .doubt = DOUBT_AMBIGUOUS},
    {"nothing says when that was",
     KIND_DEPLOYMENT,
     2,
     {{10 * S, 10000, .edits = {{0}}}, {11 * S, 0, .edits = {BEFORE, SET(available, 2)}}},
     .doubt = DOUBT_AMBIGUOUS},
    {"W4: the higher one is scraped just often enough to be known",
     KIND_DEPLOYMENT,
     2,
     {{10 * S, 90000, .edits = {{0}}}, {11 * S, 10000, .edits = {BEFORE}}},
     .doubt = DOUBT_NONE,
     .source = 1},
    {"W4: and less often, as one that comes anew: nothing says when it came to that",
     KIND_DEPLOYMENT,
     2,
     {{10 * S, 90001, .edits = {{0}}}, {11 * S, 10000, .edits = {BEFORE}}},
     .doubt = DOUBT_AMBIGUOUS},
};

static void sources_are_heard_by_their_pace(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof paced / sizeof paced[0]; i++) {
        struct row rows[ROWS_MAX];
        struct proof proof = {.accepted = true,
                              .created = ROW_MISSING,
                              .generation = ROW_MISSING,
                              .observed = ROW_MISSING};
        for (size_t k = 0; k < paced[i].count; k++) {
            rows[k] = rows_whole(paced[i].kind);
            rows[k].source_id = proof.exporters[k] = k + 1;
            rows[k].sample_ms = ZERO - paced[i].rows[k].age_ms;
            rows[k].left_behind = paced[i].rows[k].left_behind;
            rows_apply(&rows[k], paced[i].rows[k].edits);
            proof.paces[k] = (struct pace){.sample_ms = rows[k].sample_ms,
                                           .step_ms = paced[i].rows[k].step_ms,
                                           .before_ms = paced[i].rows[k].step_ms};
        }
        if (paced[i].known_ms > 0) {
            proof.source = 2;
            proof.sample_ms = rows[1].sample_ms;
            proof.known_ms = -paced[i].known_ms;
        }
        proof.lags = paced[i].lags_ms > 0;
        proof.lags_since_ms = -paced[i].lags_ms;
        const struct sight sight = {.kind = SIGHT_ROWS,
                                    .rows = rows,
                                    .count = paced[i].count,
                                    .eval_ms = ZERO,
                                    .step_ms = proof.lags ? 10 * S : 0,
                                    .lag_ms = paced[i].lag_ms};
        const struct belief belief = proof_weigh(&proof, &rows_limits, &sight);
        const uint64_t source = belief.row == NULL ? 0 : belief.row->source_id;
        if (belief.doubt != paced[i].doubt || source != paced[i].source)
            fail_msg("%s: doubt '%s', source %" PRIu64, paced[i].sentence, rows_doubt(belief.doubt),
                     source);
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
        struct row rows[ROWS_MAX + 1]; /* the last one is of the next workload */
        for (size_t k = 0; k <= ROWS_MAX; k++) {
            rows[k] = rows_whole(KIND_DEPLOYMENT);
            rows[k].source_id = k + 1;
            rows[k].sample_ms = ZERO - (k < ROWS_MAX ? ages[i].ages_ms[k] : 60 * S);
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
        cmocka_unit_test(sources_are_heard_by_their_pace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
