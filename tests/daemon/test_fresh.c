/* Which answers are news: a canary's, by what it says of its time. */
#include "daemon/fresh.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define S 1000
#define ZERO INT64_C(1700000000000)

static const struct {
    const char *sentence;
    bool asked;               /* with a nonce */
    int64_t workloads_s;      /* what time it was there when workloads were asked for, at 0 s */
    int64_t sent_s, canary_s; /* the canary's; 0: it says no time */
    bool news;
    int64_t spread_s; /* its newest row was evaluated so much later */
} canaries[] = {
    {"one that goes on is news", true, 100, 5, 105, true, 0},
    {"with a nonce, behind by more than max_age, is not", true, 100, 5, 14, false, 0},
    {"behind by max_age is", true, 100, 5, 15, true, 0},
    {"without a nonce, of before what is known, is not", false, 100, 5, 14, false, 0},
    {"without a nonce, of now, is", false, 100, 5, 105, true, 0},
    {"one that has shown nothing is no good news", true, 100, 5, 0, true, 0},
    {"what is put together of rows as old as max_age is", true, 100, 5, 15, true, 90},
    {"of older ones it is not", true, 100, 5, 14, false, 91},
    {"nor without a nonce", false, 100, 5, 14, false, 91},
    {"nor where its newest row is ahead", true, 100, 5, 20, false, 91},
    {"by as much as max_age it is", true, 100, 5, 20, true, 90},
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
        answer.canary_spread_ms = canaries[i].spread_s * S;
        if (fresh_canary(&fresh, &http, &answer) != canaries[i].news)
            fail_msg("%s", canaries[i].sentence);
    }
}

/* An answer after one that was proven 100 s after ZERO, and sent 5 s later. */
static const struct {
    const char *sentence;
    bool asked;       /* with a nonce */
    bool first;       /* nothing was proven before */
    bool answered;    /* it has the question's own nonce */
    int64_t eval_s;   /* its time; 0: it says none */
    const char *word; /* of its refusal; NULL: it is taken */
    enum evidence_fault fault;
    int64_t lag_s;    /* that is known then */
    int64_t spread_s; /* its newest row was evaluated so much later */
} answers[] = {
    {"one that goes on is taken", true, false, true, 105, NULL, EVIDENCE_OTHER, 0, 0},
    {"one that says no time, and was not asked to, is no good news", false, false, false, 0, NULL,
     EVIDENCE_OTHER, 3, 0},
    {"one with a row of before, beside its nonce of now, lags", true, false, true, -395, NULL,
     EVIDENCE_OTHER, 500, 500},
    {"also the first", true, true, true, -395, NULL, EVIDENCE_OTHER, 500, 500},
    {"one that lacks the nonce is another's", true, false, false, 105,
     "an answer to another question", EVIDENCE_REPEATED, 3, 0},
    {"one that is behind, with the nonce, lags", true, false, true, 85, NULL, EVIDENCE_OTHER, 20,
     0},
    {"without a nonce the first proves nothing", false, true, false, 105,
     "nothing proves yet that what Prometheus answers is new; asking again", EVIDENCE_UNPROVEN, 3,
     0},
    {"before 1970 a clock is wrong", true, false, true, -1700000000 - 5,
     "the answer says that it is of -5000 ms since 1970: the clock of Prometheus is wrong",
     EVIDENCE_CLOCK, 3, 0},
};

static void prove(const struct fresh *fresh, bool asked)
{
    const struct http_answer http = {.sent_ms = 0, .date_ms = ZERO + 100 * S};
    const struct answer answer = {.eval_ms = ZERO + 100 * S, .answered = asked};
    struct clock_reading reading = {.lag_ms = 0};
    struct refusal refusal;
    assert_true(fresh_answer(fresh, &http, &answer, &reading, &refusal));
}

static void an_answer_is_held_against_the_clock(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        struct config config = {.prometheus = {.query_nonce = answers[i].asked}};
        struct evidence evidence = {.clock = {.asks = answers[i].asked}};
        const struct fresh fresh = {&config, &evidence};
        const struct http_answer http = {.sent_ms = 5 * S, .date_ms = -1};
        const struct answer answer = {.eval_ms =
                                          answers[i].eval_s != 0 ? ZERO + answers[i].eval_s * S : 0,
                                      .spread_ms = answers[i].spread_s * S,
                                      .answered = answers[i].answered};
        struct clock_reading reading = {.lag_ms = answers[i].lag_s == 3 ? 3 * S : 0};
        struct refusal refusal = {.fault = EVIDENCE_OTHER};
        if (!answers[i].first)
            prove(&fresh, answers[i].asked);
        const bool taken = fresh_answer(&fresh, &http, &answer, &reading, &refusal);
        if (taken != (answers[i].word == NULL) || refusal.fault != answers[i].fault ||
            (!taken && strstr(refusal.error.text, answers[i].word) == NULL))
            fail_msg("%s: '%s', %d", answers[i].sentence, taken ? "" : refusal.error.text,
                     (int)refusal.fault);
        if (taken && reading.lag_ms != answers[i].lag_s * S)
            fail_msg("%s: %lld ms", answers[i].sentence, (long long)reading.lag_ms);
    }
}

/* The same of an own query, which has no nonce. */
static const struct {
    const char *sentence;
    bool first;
    int64_t eval_s;
    const char *word;
    enum evidence_fault fault;
    int64_t lag_s;    /* of one that is taken */
    int64_t spread_s; /* its newest row was evaluated so much later */
} ratios[] = {
    {"one that goes on is taken", false, 105, NULL, EVIDENCE_OTHER, 0, 0},
    {"one without a sample says nothing of when it was made", false, 0, NULL, EVIDENCE_OTHER, 0, 0},
    {"one that is as old as may be", false, 15, NULL, EVIDENCE_OTHER, 90, 0},
    {"one of before is old", false, 14,
     "its answer is over 90 s old: does a cache stand between, or did the clock go back?",
     EVIDENCE_CLOCK, 0, 0},
    {"one with a row as old as may be", false, 15, NULL, EVIDENCE_OTHER, 90, 90},
    {"nor is it newer where the newest row is ahead", false, 20, NULL, EVIDENCE_OTHER, 90, 90},
    {"and older than that it is old", false, 20, "its answer is over 90 s old", EVIDENCE_CLOCK, 0,
     91},
    {"one with an older row is old, whatever is beside it", false, 14,
     "its answer is over 90 s old", EVIDENCE_CLOCK, 0, 91},
    {"the first proves nothing", true, 105, "nothing proves yet", EVIDENCE_UNPROVEN, 0, 0},
};

static void an_own_answer_is_held_against_the_clock(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof ratios / sizeof ratios[0]; i++) {
        struct config config = {.prometheus = {.query_nonce = true}};
        struct evidence evidence = {.clock = {.asks = true}};
        const struct fresh fresh = {&config, &evidence};
        const struct http_answer http = {.sent_ms = 5 * S, .date_ms = -1};
        const struct ratio_answer answer = {
            .eval_ms = ratios[i].eval_s != 0 ? ZERO + ratios[i].eval_s * S : 0,
            .spread_ms = ratios[i].spread_s * S};
        struct clock_reading reading = {.lag_ms = 7 * S}; /* of another answer */
        struct refusal refusal = {.fault = EVIDENCE_OTHER};
        if (!ratios[i].first)
            prove(&fresh, true);
        const bool taken = fresh_ratio(&fresh, &http, &answer, &reading, &refusal);
        if (taken != (ratios[i].word == NULL) || refusal.fault != ratios[i].fault ||
            (!taken && strstr(refusal.error.text, ratios[i].word) == NULL))
            fail_msg("%s: '%s', %d", ratios[i].sentence, taken ? "" : refusal.error.text,
                     (int)refusal.fault);
        if (taken && reading.lag_ms != ratios[i].lag_s * S)
            fail_msg("%s: %lld ms", ratios[i].sentence, (long long)reading.lag_ms);
        fresh_count(&fresh, &refusal);
        fresh_count(&fresh, &refusal);
        assert_int_equal(evidence.refused[ratios[i].fault], 2);
    }
}

/* The strictest rollout says how old an answer may be. */
static void a_lag_beyond_max_age_is_remarked_on(void **unused)
{
    (void)unused;
    struct rollout_settings rollouts[] = {{.limits = limits_default}, {.limits = limits_default}};
    struct config config = {.rollouts = rollouts, .rollout_count = 2};
    struct evidence evidence = {.clock = {.known = true}};
    const struct fresh fresh = {&config, &evidence};
    struct error remark = {0};
    struct clock_reading reading = {.lag_ms = 40 * S};
    rollouts[1].limits.max_age_ms = 40 * S;
    assert_int_equal(fresh_max_age_ms(&config), 40 * S);
    fresh_remark(&fresh, &reading, &remark);
    assert_string_equal(remark.text, "");
    reading.lag_ms++;
    fresh_remark(&fresh, &reading, &remark);
    assert_string_equal(remark.text, "what Prometheus answers is over 40 s older than it looks: "
                                     "its clock went back, or a cache repeats old answers");
}

/* In whole seconds, and never more than it may be. */
static void how_old_it_may_be_is_told(void **unused)
{
    (void)unused;
    struct rollout_settings rollout = {.limits = {.max_age_ms = 60 * S - 1}};
    struct config config = {.rollouts = &rollout, .rollout_count = 1};
    struct evidence evidence = {.clock = {.asks = true}};
    const struct fresh fresh = {&config, &evidence};
    const struct http_answer http = {.sent_ms = 5 * S, .date_ms = -1};
    const struct ratio_answer answer = {.eval_ms = ZERO};
    struct clock_reading reading = {.lag_ms = 60 * S};
    struct refusal refusal = {.fault = EVIDENCE_OTHER};
    struct error remark = {0};
    config.prometheus.query_nonce = true;
    prove(&fresh, true);
    fresh_remark(&fresh, &reading, &remark);
    assert_non_null(strstr(remark.text, "is over 59 s older"));
    assert_false(fresh_ratio(&fresh, &http, &answer, &reading, &refusal));
    assert_non_null(strstr(refusal.error.text, "is over 59 s old:"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_canary_is_held_against_the_clock),
        cmocka_unit_test(an_answer_is_held_against_the_clock),
        cmocka_unit_test(an_own_answer_is_held_against_the_clock),
        cmocka_unit_test(a_lag_beyond_max_age_is_remarked_on),
        cmocka_unit_test(how_old_it_may_be_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
