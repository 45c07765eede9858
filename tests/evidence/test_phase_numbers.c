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
    {"a sample of an hour ago is one", "0@3600000", 0, 0, 0, false, 0, 0, 0, 1},
    {"an older one is none", "0@3600001", 0, 0, 0, false, 0, 0, 0, 0},
    {"a sample of after its evaluation, which was rounded, is of now", "0@100 0@9000 10000@-300",
     10000, 0, 0, true, 1, 0, 0, 2},
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
    {"one at the very moment that was aimed at is a try", KNOWN "20000@10193", 10000, 140, 200,
     true, 2, 1, 0, 3},
    {"and before that it is none", KNOWN "20000@10192", 10000, 140, 200, true, 2, 0, 0, 3},
    {"one that came too early is a try", KNOWN "20000@10195", 10000, 140, 200, true, 2, 1, 0, 3},
    {"and after it the lag is longer", KNOWN "20000@10195 30000@400", 10000, 195, 400, true, 2, 0,
     0, 2},
    {"asked for later it says nothing more of the lag", KNOWN "30000@250", 10000, 136, 200, true, 2,
     0, 0, 4},
    {"seen before it was not there once: the lag has become shorter", KNOWN "30000@100", 10000, 100,
     100, true, 2, 0, 0, 4},
    {"the bound fades faster, the more of them come in time", KNOWN "30000@200 40000@200 50000@200",
     10000, 124, 200, true, 2, 0, 0, 6},
    {"and no more than three questions may be asked again, however many came",
     KNOWN "30000@200 40000@200 50000@200 60000@200", 10000, 118, 200, true, 2, 0, 0, 6},
    {"and slowly again after one that was asked for too early",
     KNOWN "30000@200 40000@200 40000@10195 50000@200 60000@200", 10000, 194, 200, true, 2, 0, 0,
     5},
    {"it does not fade below nothing", "0@100 0@10005 10000@300 20000@250", 10000, 0, 250, true, 2,
     0, 0, 3},
    {"it fades where it is just no guess", "0@100 0@10100 10000@700 20000@650", 10000, 62, 650,
     true, 2, 0, 0, 3},
    {"and not where it is one", "0@100 0@10100 10000@701 20000@650", 10000, 100, 650, true, 2, 0, 0,
     3},
    {"steps drift", KNOWN "30040@200", 10010, 136, 200, true, 2, 0, 0, 4},
    {"a sample that was missed changes nothing", FIRST "30000@250", 10000, 150, 300, true, 2, 0, 0,
     3},
    {"half a step is another one", FIRST "15000@250", 5000, 0, 250, false, 1, 0, 0, 3},
    {"which may hide another one, if it was the newest up to half of it and the lag",
     FIRST "10000@2800 15000@250", 5000, 0, 250, false, 1, 0, 0, 3},
    {"and not beyond that", FIRST "10000@2801 15000@250", 5000, 0, 250, true, 1, 0, 0, 3},
    {"a later one may show that there is no other", "0@100 0@5000 10000@300 10000@5301 20000@200",
     10000, 0, 200, true, 2, 0, 0, 3},
    {"or not", "0@100 0@5000 10000@300 10000@5300 20000@200", 10000, 0, 200, false, 2, 0, 0, 3},
    {"late by a tenth it is the same", FIRST "21000@250", 10250, 140, 250, true, 2, 0, 0, 3},
    {"and later it is not", FIRST "21001@250", 11001, 0, 250, false, 1, 0, 0, 3},
    {"too quick to need a phase", "0@100 499@100", 0, 0, 0, false, 0, 0, 0, 2},
    {"also where another one was known", KNOWN "20499@100", 0, 0, 0, false, 0, 0, 0, 4},
    {"just slow enough", "0@100 500@100", 500, 0, 100, false, 1, 0, 0, 2},
    {"just quick enough", "0@100 3600000@100", 3600000, 0, 100, false, 1, 0, 0, 2},
    {"too slow to have one", "0@100 3600001@100", 0, 0, 0, false, 0, 0, 0, 2},
    {"one is overdue", KNOWN "20000@20199", 10000, 140, 200, true, 2, 1, 1, 3},
    {"and comes with the next", KNOWN "20000@20199 40000@200", 10000, 140, 200, true, 2, 0, 0, 2},
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

#define SENT_MS INT64_C(1000000)

/* A source that moves and is scraped each 10 s, whose newest sample was so old, and that of an
   answer that did not show the next one, and of one that did. */
#define SCRAPED(step, age, early, late)                                                      \
    {                                                                                        \
        .id = 1000, .wanted = true, .seen = true, .sure = true, .beats = 2, .step_ms = step, \
        .age_ms = age, .early_ms = early, .late_ms = late                                    \
    }
#define KNOWN_WELL(step, age) SCRAPED(step, age, 140, 200) /* asked for at 193 ms */
#define UNSURE(age)                                                                            \
    {                                                                                          \
        .id = 1000, .wanted = true, .seen = true, .beats = 2, .step_ms = 10000, .age_ms = age, \
        .early_ms = 140, .late_ms = 200                                                        \
    }
#define TRIED(times, early, late)                                                           \
    {                                                                                       \
        .id = 1000, .wanted = true, .seen = true, .sure = true, .beats = 2, .tries = times, \
        .step_ms = 10000, .age_ms = 10150, .early_ms = early, .late_ms = late               \
    }

/* When the next question is due after the last one, of all boards: from the first to the last. */
static const struct {
    const char *sentence;
    struct pulse pulses[2];
    int64_t interval_ms;
    int64_t least_ms, most_ms;
    int64_t since_ms; /* the last question, after the last answer that was noted */
    int credit;
} moving[] = {
    {"just before the next sample was seen last, and up to a quarter of a second later",
     {KNOWN_WELL(10000, 3000)},
     60000,
     7193,
     7442,
     0,
     0},
    {"whose lag is known less well: in the middle",
     {SCRAPED(10000, 3000, 99, 200)},
     60000,
     7150,
     7399,
     0,
     0},
    {"just well enough", {SCRAPED(10000, 3000, 100, 200)}, 60000, 7188, 7437, 0, 0},
    {"just well enough for the middle", {SCRAPED(10000, 3000, 0, 600)}, 60000, 7300, 7549, 0, 0},
    {"whose lag is a guess: as soon as is usual",
     {SCRAPED(10000, 3000, 99, 700)},
     60000,
     7199,
     7448,
     0,
     0},
    {"or a quarter of the way", {SCRAPED(10000, 3000, 100, 701)}, 60000, 7250, 7499, 0, 0},
    {"of quick scrapes: spread by a tenth of them",
     {KNOWN_WELL(2400, 400)},
     60000,
     2193,
     2432,
     0,
     0},
    {"and by no more", {KNOWN_WELL(2700, 400)}, 60000, 2493, 2742, 0, 0},
    {"and no sooner than in 800 ms", {KNOWN_WELL(1000, 900)}, 60000, 800, 899, 0, 0},
    {"also just below two seconds", {KNOWN_WELL(1999, 1900)}, 60000, 800, 998, 0, 0},
    {"of others no sooner than in two seconds", {KNOWN_WELL(2000, 1900)}, 60000, 2000, 2199, 0, 0},
    {"that one is due in a moment", {KNOWN_WELL(10000, 10192)}, 60000, 2000, 2249, 0, 0},
    {"is due now, and will not be there: the next one",
     {KNOWN_WELL(10000, 10193)},
     60000,
     10000,
     10249,
     0,
     0},
    {"was due", {KNOWN_WELL(10000, 10300)}, 60000, 9893, 10142, 0, 0},
    {"and the one after it as well", {KNOWN_WELL(10000, 20300)}, 60000, 9893, 10142, 0, 0},
    {"was asked for too early", {TRIED(1, 140, 200)}, 60000, 120, 120, 0, 2},
    {"twice", {TRIED(2, 140, 200)}, 60000, 240, 240, 0, 6},
    {"six times", {TRIED(6, 140, 200)}, 60000, 3840, 3840, 0, 2},
    {"more often", {TRIED(7, 140, 200)}, 60000, 2000, 2249, 0, 6},
    {"too early, and there is no credit left", {TRIED(1, 140, 200)}, 60000, 2000, 2249, 0, 1},
    {"too early, of a lag that is known badly", {TRIED(2, 0, 2000)}, 60000, 500, 500, 0, 2},
    {"of which there may be more: in between, and no later than blindly",
     {UNSURE(3000)},
     60000,
     2000,
     2249,
     0,
     0},
    {"or a little sooner", {UNSURE(5192)}, 60000, 1001, 1250, 0, 0},
    {"and not where the next is due in half a step", {UNSURE(5193)}, 60000, 5000, 5249, 0, 0},
    {"of which no beat repeats",
     {{.id = 1000, .wanted = true, .seen = true, .beats = 1, .step_ms = 10000, .age_ms = 3000}},
     60000,
     2000,
     2000,
     0,
     0},
    {"of which no beat is known",
     {{.id = 1000, .wanted = true, .seen = true, .beats = 2}},
     60000,
     2000,
     2000,
     0,
     0},
    {"that does not move",
     {{.id = 1000, .seen = true, .sure = true, .beats = 2, .step_ms = 10000, .age_ms = 3000}},
     60000,
     2000,
     2000,
     0,
     0},
    {"that is not in the answer",
     {{.id = 1000, .wanted = true, .sure = true, .beats = 2, .step_ms = 10000, .age_ms = 3000}},
     60000,
     2000,
     2000,
     0,
     0},
    {"whose moment is an interval away: all boards keep their places",
     {KNOWN_WELL(10000, 3000)},
     7193,
     7193,
     7193,
     0,
     0},
    {"and almost half the spread more", {KNOWN_WELL(10000, 3000)}, 7317, 7317, 7317, 0, 0},
    {"a little more: no silence is longer", {KNOWN_WELL(10000, 3000)}, 7318, 7193, 7318, 0, 0},
    {"further away: two questions, about evenly, and as far apart as no silence is longer",
     {KNOWN_WELL(10000, 3000)},
     5000,
     3082,
     4359,
     0,
     0},
    {"two intervals away: two questions", {KNOWN_WELL(10000, 2993)}, 3600, 3600, 3600, 0, 0},
    {"more than two: three", {KNOWN_WELL(10000, 2992)}, 3600, 1925, 3041, 0, 0},
    {"of two, one of which is not known: whichever is sooner",
     {KNOWN_WELL(1000, 900), {.id = 1001, .wanted = true, .seen = true}},
     60000,
     800,
     899,
     0,
     0},
    {"whose moment has passed meanwhile", {KNOWN_WELL(10000, 3000)}, 60000, 2000, 2000, 7193, 0},
    {"or will in a moment", {KNOWN_WELL(10000, 3000)}, 60000, 1, 250, 7192, 0},
    {"of two, the next",
     {KNOWN_WELL(10000, 3000), KNOWN_WELL(15000, 10000)},
     60000,
     5193,
     5442,
     0,
     0},
    {"in whatever order",
     {KNOWN_WELL(15000, 10000), KNOWN_WELL(10000, 3000)},
     60000,
     5193,
     5442,
     0,
     0},
};

/* At rest: each twentieth question is put into phase, where scrapes and the interval fit. */
static const struct {
    const char *sentence;
    struct pulse pulses[2];
    int64_t interval_ms;
    int64_t least_ms, most_ms;
    unsigned steady; /* questions before */
} resting[] = {
    {"after the next sample, and up to two seconds later",
     {KNOWN_WELL(10000, 3000)},
     10000,
     7243,
     9242,
     19},
    {"not before the twentieth", {KNOWN_WELL(10000, 3000)}, 10000, 10000, 10000, 18},
    {"in phase", {KNOWN_WELL(10000, 2243)}, 10000, 10000, 10000, 19},
    {"just not in phase", {KNOWN_WELL(10000, 2244)}, 10000, 7999, 9998, 19},
    {"the interval is two steps: up to a quarter of one later",
     {KNOWN_WELL(5000, 3000)},
     10000,
     7243,
     8492,
     19},
    {"or up to a quarter of both", {KNOWN_WELL(7000, 3000)}, 7000, 4243, 5992, 19},
    {"the step is three intervals", {KNOWN_WELL(30000, 3000)}, 10000, 7243, 9242, 19},
    {"a step and a half do not fit", {KNOWN_WELL(15000, 3000)}, 10000, 10000, 10000, 19},
    {"longer by half a hundredth they fit", {KNOWN_WELL(10050, 3000)}, 10000, 7293, 9292, 19},
    {"and by more they do not", {KNOWN_WELL(10051, 3000)}, 10000, 10000, 10000, 19},
    {"shorter they fit as well", {KNOWN_WELL(9950, 3000)}, 10000, 7193, 9192, 19},
    {"and do not", {KNOWN_WELL(9949, 3000)}, 10000, 10000, 10000, 19},
    {"no later than an interval", {KNOWN_WELL(5024, 1500)}, 10023, 8791, 10023, 19},
    {"the slowest counts",
     {KNOWN_WELL(5000, 1000), KNOWN_WELL(10000, 3000)},
     10000,
     7243,
     9242,
     19},
    {"in whatever order", {KNOWN_WELL(10000, 3000), KNOWN_WELL(5000, 1000)}, 10000, 7243, 9242, 19},
    {"but for one that is asked for again",
     {KNOWN_WELL(10000, 3000), TRIED(1, 140, 200)},
     10000,
     7243,
     9242,
     19},
    {"nothing is known",
     {{.id = 1000, .seen = true, .beats = 1, .step_ms = 10000}},
     10000,
     10000,
     10000,
     19},
    {"nothing is seen",
     {{.id = 1000, .beats = 2, .step_ms = 10000, .age_ms = 3000}},
     10000,
     10000,
     10000,
     19},
};

#define BOARDS 30000

/* Of many boards the first and the last; the phase of the last of them is left in `phase`. */
static void assert_due(const char *sentence, struct phase *phase, const struct phase_terms *terms,
                       int64_t least_ms, int64_t most_ms)
{
    const struct phase before = *phase;
    int64_t first_ms = INT64_MAX, last_ms = 0;
    for (uint32_t board = 0; board < BOARDS; board++) {
        *phase = before;
        phase->random = board * 2654435761u;
        const int64_t due_ms = phase_due_ms(phase, terms) - terms->asked_ms;
        first_ms = due_ms < first_ms ? due_ms : first_ms;
        last_ms = due_ms > last_ms ? due_ms : last_ms;
    }
    if (first_ms != least_ms || last_ms != most_ms)
        fail_msg("%s: due in %" PRId64 " to %" PRId64 " ms", sentence, first_ms, last_ms);
}

static void the_next_question_is_due_as_reckoned(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof moving / sizeof moving[0]; i++) {
        struct phase phase = {.pulses = {moving[i].pulses[0], moving[i].pulses[1]},
                              .count = moving[i].pulses[1].id == 0 ? 1 : 2,
                              .sent_ms = SENT_MS,
                              .credit = moving[i].credit};
        const struct phase_terms terms = {true, moving[i].interval_ms,
                                          SENT_MS + moving[i].since_ms};
        assert_due(moving[i].sentence, &phase, &terms, moving[i].least_ms, moving[i].most_ms);
    }
}

static void at_rest_questions_come_into_phase_as_reckoned(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof resting / sizeof resting[0]; i++) {
        struct phase phase = {.pulses = {resting[i].pulses[0], resting[i].pulses[1]},
                              .count = resting[i].pulses[1].id == 0 ? 1 : 2,
                              .sent_ms = SENT_MS,
                              .steady = resting[i].steady};
        const struct phase_terms terms = {false, resting[i].interval_ms, SENT_MS};
        assert_due(resting[i].sentence, &phase, &terms, resting[i].least_ms, resting[i].most_ms);
        if (resting[i].least_ms == resting[i].interval_ms)
            continue;
        for (int next = 1; next < 20; next++) /* and not the ones that follow */
            assert_int_equal(phase_due_ms(&phase, &terms), SENT_MS + resting[i].interval_ms);
        assert_in_range(phase_due_ms(&phase, &terms) - SENT_MS, resting[i].least_ms,
                        resting[i].most_ms);
    }
}

/* Nor does one of a time of no world count: nothing is noted, and nobody is missed for it. */
static void an_answer_without_a_time_says_nothing(void **state)
{
    (void)state;
    const struct source_seen source = {.id = UINT64_MAX, .newest_ms = 1};
    struct answer answer = {.eval_ms = 1, .sent_ms = 5, .sources = &source, .source_count = 1};
    struct phase phase = {.random = 7};
    phase_note(&phase, &answer);
    assert_int_equal(phase.count, 1);
    assert_int_equal(phase.credit, 0); /* it is not wanted */
    for (answer.eval_ms = -1; answer.eval_ms <= 0; answer.eval_ms++) {
        answer.sent_ms = 9;
        answer.source_count = 0;
        phase_note(&phase, &answer);
        assert_true(phase.pulses[0].seen);
        assert_int_equal(phase.sent_ms, 5);
        assert_int_equal(phase.eval_ms, 1);
    }
    struct phase empty = {.random = 7};
    for (int64_t sample_ms = ROW_MISSING; sample_ms <= 0; sample_ms++) { /* nor such a sample */
        const struct source_seen none = {.id = UINT64_MAX, .newest_ms = sample_ms};
        answer = (struct answer){.eval_ms = 1000, .sources = &none, .source_count = 1};
        phase_note(&empty, &answer);
        assert_int_equal(empty.count, 0);
    }
}

static bool knows(const struct phase *phase, uint64_t id)
{
    size_t i = 0;
    while (i < phase->count && phase->pulses[i].id != id)
        i++;
    return i < phase->count;
}

/* An answer in which those sources have a sample. */
static void see(struct phase *phase, const uint64_t ids[], size_t count)
{
    struct source_seen sources[PHASE_PULSES_MAX + 1];
    for (size_t i = 0; i < count; i++)
        sources[i] = (struct source_seen){.id = ids[i], .newest_ms = EPOCH_MS};
    const struct answer answer = {
        .eval_ms = EPOCH_MS, .sent_ms = SENT_MS, .sources = sources, .source_count = count};
    phase_note(phase, &answer);
}

/* Sources 1000, 1001 ... fill it, and all but one of them are wanted, or seen: the new one takes
   its place, wherever that is. Where all are, none. */
static void who_is_neither_wanted_nor_seen_makes_room(void **state)
{
    (void)state;
    static const size_t places[] = {0, 1, PHASE_PULSES_MAX - 1, PHASE_PULSES_MAX /* none */};
    uint64_t all[PHASE_PULSES_MAX], others[PHASE_PULSES_MAX + 1];
    for (size_t i = 0; i < PHASE_PULSES_MAX; i++)
        all[i] = 1000 + i;
    for (size_t i = 0; i < 2 * sizeof places / sizeof places[0]; i++) {
        const size_t place = places[i / 2];
        const bool wants = i % 2 != 0;
        struct phase phase = {.random = 7};
        size_t count = 0;
        see(&phase, all, PHASE_PULSES_MAX);
        assert_int_equal(phase.count, PHASE_PULSES_MAX);
        for (size_t k = 0; k < PHASE_PULSES_MAX; k++)
            if (k != place && wants)
                phase_want(&phase, all[k]);
            else if (k != place)
                others[count++] = all[k];
        if (wants) {
            phase_want(&phase, 2000);
        } else {
            see(&phase, others, count);
            others[count++] = 2000;
            see(&phase, others, count);
        }
        const bool has_room = place < PHASE_PULSES_MAX;
        if (knows(&phase, 2000) != has_room || (has_room && knows(&phase, all[place])))
            fail_msg("place %zu, wanted %d: 2000 is %sknown", place, wants,
                     knows(&phase, 2000) ? "" : "not ");
        for (size_t k = 0; k < PHASE_PULSES_MAX; k++)
            if (k != place && !knows(&phase, all[k]))
                fail_msg("place %zu, wanted %d: %zu is not known any more", place, wants, k);
    }
}

static void what_is_not_wanted_or_seen_any_more_is_not_asked_for(void **state)
{
    (void)state;
    const struct phase_terms terms = {true, 60000, SENT_MS};
    struct phase phase = {.pulses = {KNOWN_WELL(10000, 3000), KNOWN_WELL(10000, 3000)},
                          .count = 2,
                          .random = 7,
                          .sent_ms = SENT_MS};
    phase.pulses[1].id++;
    struct phase then = phase;
    phase_want_none(&then);
    assert_due("not wanted", &then, &terms, PHASE_BLIND_MS, PHASE_BLIND_MS);
    phase_want(&then, 1001);
    assert_due("one is", &then, &terms, 7193, 7442);
    then = phase;
    see(&then, NULL, 0);
    assert_due("not seen", &then, &terms, PHASE_BLIND_MS, PHASE_BLIND_MS);
}

/* What recording rules say is as new as the last of them; else as the oldest sample. */
static void a_survey_is_a_source_of_its_own(void **state)
{
    (void)state;
    static struct survey surveys[3];
    struct phase phase = {.random = 7};
    surveys[1] = surveys[2] = survey_empty(); /* and 0 is not taken */
    for (size_t i = 0; i < 3; i++) {
        surveys[i].oldest_ms = EPOCH_MS - 7000;
        surveys[i].evaluated_ms[RULE_UNSETTLED] = EPOCH_MS - 3000;
    }
    surveys[2].recorded = true;
    const struct answer answer = {.eval_ms = EPOCH_MS, .surveys = surveys, .survey_count = 3};
    phase_note(&phase, &answer);
    assert_int_equal(phase.count, 2);
    assert_int_equal(phase.pulses[0].id, phase_survey_id(1));
    assert_int_equal(phase.pulses[0].age_ms, 7000);
    assert_int_equal(phase.pulses[1].id, phase_survey_id(2));
    assert_int_equal(phase.pulses[1].age_ms, 3000);
}

/* As low as no hash is, and none is that of nothing. */
static void surveys_have_ids_of_their_own(void **state)
{
    (void)state;
    for (size_t i = 0; i < 64; i++)
        assert_in_range(phase_survey_id(i), i + 1, 64 + i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_learned_is_as_reckoned),
        cmocka_unit_test(the_next_question_is_due_as_reckoned),
        cmocka_unit_test(at_rest_questions_come_into_phase_as_reckoned),
        cmocka_unit_test(an_answer_without_a_time_says_nothing),
        cmocka_unit_test(who_is_neither_wanted_nor_seen_makes_room),
        cmocka_unit_test(what_is_not_wanted_or_seen_any_more_is_not_asked_for),
        cmocka_unit_test(a_survey_is_a_source_of_its_own),
        cmocka_unit_test(surveys_have_ids_of_their_own),
        cmocka_unit_test(numbers_of_no_world_cost_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
