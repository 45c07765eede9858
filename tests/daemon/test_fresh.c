/* Which answers are news: a canary's, by what it says of its time. */
#include "daemon/fresh.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define S 1000
#define ZERO INT64_C(1700000000000)

static const struct {
    const char *sentence;
    bool asked;               /* with a nonce */
    int64_t workloads_s;      /* what time it was there when workloads were asked for, at 0 s */
    int64_t sent_s, canary_s; /* the canary's; 0: it says no time */
    bool news;
} canaries[] = {
    {"one that goes on is news", true, 100, 5, 105, true},
    {"with a nonce, behind by more than max_age, is not", true, 100, 5, 14, false},
    {"behind by max_age is", true, 100, 5, 15, true},
    {"without a nonce, of before what is known, is not", false, 100, 5, 14, false},
    {"without a nonce, of now, is", false, 100, 5, 105, true},
    {"one that has shown nothing is no good news", true, 100, 5, 0, true},
};

static void a_canary_is_held_against_the_clock(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof canaries / sizeof canaries[0]; i++) {
        struct config config = {.prometheus = {.query_nonce = canaries[i].asked}};
        struct evidence evidence = {.clock = {.asks = canaries[i].asked}};
        const struct fresh fresh = {&config, &evidence};
        const int64_t eval_ms = ZERO + canaries[i].workloads_s * S;
        const struct http_answer workloads = {.sent_ms = 0, .date_ms = eval_ms};
        const struct http_answer http = {.sent_ms = canaries[i].sent_s * S, .date_ms = -1};
        struct answer answer = {.eval_ms = eval_ms, .answered = canaries[i].asked};
        struct clock_reading reading = {.lag_ms = 0};
        struct refusal refusal;
        assert_true(fresh_answer(&fresh, &workloads, &answer, &reading, &refusal));
        if (canaries[i].canary_s != 0)
            answer.canary_ms = ZERO + canaries[i].canary_s * S;
        if (fresh_canary(&fresh, &http, &answer) != canaries[i].news)
            fail_msg("%s", canaries[i].sentence);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_canary_is_held_against_the_clock)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
