/* What a server says to hurt: times and steps of no world. */
#include "evidence/phase.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <inttypes.h>

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_of_no_world_cost_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
