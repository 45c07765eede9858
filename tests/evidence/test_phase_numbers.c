/* What is learned, to the millisecond; and what a server says to hurt: times and steps of no world.
 */
#include "evidence/phase.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define EPOCH_MS INT64_C(1764358477000)
#define MINUTE_MS 60000

/* The next question after answers whose newest samples are each a step on, and then one that is
   evaluated at another time altogether. */
static int64_t due_after_leap(int64_t step_ms, int64_t sample_ms, int64_t leap_ms, bool moves)
{
    struct phase phase = {.random = 7};
    int64_t now_ms = MINUTE_MS;
    for (int i = 0; i < 9; i++, now_ms += 1000, sample_ms += step_ms) {
        struct source_seen source = {.id = UINT64_MAX, .newest_ms = sample_ms};
        struct answer answer = {.eval_ms = sample_ms + 10 + (i < 8 ? 0 : leap_ms),
                                .sent_ms = now_ms,
                                .sources = &source,
                                .source_count = 1};
        phase_want_none(&phase);
        if (moves)
            phase_want(&phase, source.id);
        phase_note(&phase, &answer);
    }
    const struct phase_terms terms = {
        .moves = moves, .interval_ms = 10000, .asked_ms = now_ms - 1000};
    return phase_due_ms(&phase, &terms) - terms.asked_ms;
}

/* A server that chooses its numbers to hurt: it may not keep anybody from asking, or at work. */
static void numbers_of_no_world_cost_nothing(void **state)
{
    (void)state;
    static const int64_t steps[] = {1, 10, 499, 500, 1000, 15000, 3600000, 86400000},
                         leaps[] = {0, 1000, 3600000, INT64_C(900000000000), EPOCH_MS},
                         samples[] = {1, 86400000, EPOCH_MS};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        for (size_t k = 0; k < sizeof leaps / sizeof leaps[0]; k++)
            for (size_t m = 0; m < 2 * sizeof samples / sizeof samples[0]; m++) {
                const int64_t due = due_after_leap(steps[i], samples[m / 2], leaps[k], m % 2 == 0);
                if (due < PHASE_LEAST_MS || due > 10000)
                    fail_msg("steps of %" PRId64 " ms, a leap of %" PRId64 ": due in %" PRId64,
                             steps[i], leaps[k], due);
            }
}

#define FIRST "0@100 0@10150 10000@300 "    /* early 150, late 300 */
#define KNOWN FIRST "10000@9000 20000@200 " /* early 140, late 200 */

/* Answers, each with the time of the newest sample and its age; and what is known after them of one
   source that is wanted. */
static const struct {
    const char *sentence, *answers;
    int64_t step_ms, early_ms, late_ms;
    bool sure;
    unsigned beats, tries, missed;
    int credit;
} lessons[] = {
    {"one sample says nothing", "0@100", 0, 0, 0, false, 0, 0, 0, 1},
    {"two are a step; it was not there at that age, so there was none between",
     "0@100 0@9000 10000@300", 10000, 0, 300, true, 1, 0, 0, 2},
    {"... or in its first half there may have been", "0@100 0@5000 10000@300", 10000, 0, 300, false,
     1, 0, 0, 2},
    {"... which is not so beyond it", "0@100 0@5001 10000@300", 10000, 0, 300, true, 1, 0, 0, 2},
    {"it is visible at least so late as it was not yet there", FIRST, 10000, 150, 300, true, 1, 0,
     0, 2},
    {"seen earlier than ever, and the bound below fades", KNOWN, 10000, 140, 200, true, 2, 0, 0, 3},
    {"a question that was almost in time says most", KNOWN "20000@10180 30000@190", 10000, 180, 190,
     true, 2, 0, 0, 4},
    {"one that came too early is a try", KNOWN "20000@10195", 10000, 140, 200, true, 2, 1, 0, 3},
    {"and after it the lag is longer", KNOWN "20000@10195 30000@400", 10000, 195, 400, true, 2, 0,
     0, 2},
    {"steps drift", KNOWN "30040@200", 10010, 136, 200, true, 2, 0, 0, 4},
    {"a sample that was missed changes nothing", FIRST "30000@250", 10000, 150, 300, true, 2, 0, 0,
     3},
    {"half a step is another one", FIRST "15000@250", 5000, 0, 250, false, 1, 0, 0, 3},
    {"late by a tenth it is the same", FIRST "21000@250", 10250, 140, 250, true, 2, 0, 0, 3},
    {"and later it is not", FIRST "21001@250", 11001, 0, 250, false, 1, 0, 0, 3},
    {"too quick to need a phase", "0@100 499@100", 0, 0, 0, false, 0, 0, 0, 2},
    {"just slow enough", "0@100 500@100", 500, 0, 100, false, 1, 0, 0, 2},
    {"just quick enough", "0@100 3600000@100", 3600000, 0, 100, false, 1, 0, 0, 2},
    {"too slow to have one", "0@100 3600001@100", 0, 0, 0, false, 0, 0, 0, 2},
    {"one is overdue", KNOWN "20000@20199", 10000, 140, 200, true, 2, 1, 1, 3},
    {"a second one nearly", KNOWN "20000@30199", 10000, 140, 200, true, 2, 1, 2, 3},
    {"after three it is forgotten", KNOWN "20000@30200", 0, 0, 0, false, 0, 0, 0, 3},
    {"so is what goes back", KNOWN "19999@200", 0, 0, 0, false, 0, 0, 0, 4},
    {"asking again costs two, of one a sample", KNOWN "20000@10195 20000@10300", 10000, 140, 200,
     true, 2, 2, 1, 1},
    {"and never more than there are", KNOWN "20000@10195 20000@10300 20000@10400 20000@10500",
     10000, 140, 200, true, 2, 4, 1, 0},
    {"it is tried no more often than that",
     KNOWN "20000@10200 20000@10201 20000@10202 20000@10203 20000@10204 20000@10205 20000@10206 "
           "20000@10207 20000@10208",
     10000, 140, 200, true, 2, 7, 1, 0},
};

static void what_is_learned_is_as_reckoned(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof lessons / sizeof lessons[0]; i++) {
        struct phase phase = {.random = 7};
        phase_want(&phase, UINT64_MAX);
        for (const char *at = lessons[i].answers; *at != '\0'; at += strspn(at, " ")) {
            char *end;
            const int64_t sample_ms = EPOCH_MS + strtoll(at, &end, 10);
            struct source_seen source = {.id = UINT64_MAX, .newest_ms = sample_ms};
            const struct answer answer = {.eval_ms = sample_ms + strtoll(end + 1, &end, 10),
                                          .sources = &source,
                                          .source_count = 1};
            phase_note(&phase, &answer);
            at = end;
        }
        const struct pulse *pulse = &phase.pulses[0];
        assert_int_equal(phase.count, 1);
        if (pulse->step_ms != lessons[i].step_ms || pulse->early_ms != lessons[i].early_ms ||
            pulse->late_ms != lessons[i].late_ms || pulse->sure != lessons[i].sure ||
            pulse->beats != lessons[i].beats || pulse->tries != lessons[i].tries ||
            pulse->missed != lessons[i].missed || phase.credit != lessons[i].credit)
            fail_msg("%s: %" PRId64 " ms, late by %" PRId64 " to %" PRId64
                     ", %ssure, %u beats, %u tries, %u missed, credit %d",
                     lessons[i].sentence, pulse->step_ms, pulse->early_ms, pulse->late_ms,
                     pulse->sure ? "" : "not ", pulse->beats, pulse->tries, pulse->missed,
                     phase.credit);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_learned_is_as_reckoned),
        cmocka_unit_test(numbers_of_no_world_cost_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
