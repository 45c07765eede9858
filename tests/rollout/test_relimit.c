/*
 * What other limits change of what is known: no verdict by those before stands, and what is
 * remembered goes on where it does not depend on them.
 */
#include "rollout/rollout.h"
#include "rollout/scene.h"
#include "rollout/story.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct story table[] = {
    {"what lags lets no verdict by other limits stand", KIND_DEPLOYMENT,
     "0: 6/6 3 3/3/3/3 N => ST 1; max_age 60; 15: 5/5 3 3/3/3/3 N => ?? lagging; "
     "30: 6/6 3 3/3/3/3 N => ST 1"},
    {"nor does what is to be confirmed, and it is still to be", KIND_STATEFULSET,
     "0: 1/1 3 3/3/3/3 a>a => ST 1; 15: 2/1 3 3/3/3/3 a>a => PR 0 unobserved; hold_after 90; "
     "30: 2/2 3 3/3/3/3 a>b => ?? confirming; 35: 2/2 3 3/3/3/3 a>b @30 => ?? confirming; "
     "45: 2/2 3 3/3/3/3 a>b => ST 1"},
    {"what was seen before is no news by other limits either", KIND_DEPLOYMENT,
     "0: 6/6 3 4/2/3/3 U => PR 0.3333; stall_after 300; 15: 6/6 3 4/2/3/3 U @-1 => ?? lagging"},
    {"nothing has moved for longer than there is patience now", KIND_DEPLOYMENT,
     "0: 5/5 6 7/3/5/5 U => PR 0.1667; 60: 5/5 6 7/3/5/5 U => PR 0.1667; stall_after 60; "
     "75: 5/5 6 7/3/5/5 U => SL 0.1667"},
    {"or for shorter", KIND_DEPLOYMENT,
     "stall_after 60; 0: 5/5 6 7/3/5/5 U => PR 0.1667; 60: 5/5 6 7/3/5/5 U => SL 0.1667; "
     "stall_after 90; 75: 5/5 6 7/3/5/5 U => PR 0.1667; 90: 5/5 6 7/3/5/5 U => SL 0.1667"},
    {"what was at rest did not stand still", KIND_DEPLOYMENT,
     "0: 5/5 3 3/3/3/3 N => ST 1; max_age 60; 700: 6/6 4 3/3/3/3 N => PR 0.75 scaling"},
    {"what is held has stood still since before", KIND_STATEFULSET,
     "0: 2/2 4 4/1/4/4 a>b => PR 0.25 rollout; 60: 2/2 4 4/1/4/4 a>b => PA 0.25 held; "
     "hold_after 90; 75: 2/2 4 4/1/4/4 a>b => PR 0.25 rollout; 90: 2/2 4 4/1/4/4 a>b => PA 0.25"},
    {"pods have been lost since they were", KIND_DEPLOYMENT,
     "0: 5/5 3 3/3/3/3 N => ST 1; 15: 5/5 3 3/3/2/2 N => DG 0.6667 degraded calm; "
     "degraded_after 10; 25: 5/5 3 3/3/2/2 N => DG 0.6667 degraded alarm"},
    {"what was settled is so", KIND_DEPLOYMENT,
     "0: 5/5 3 3/3/3/3 N => ST 1; max_age 60; 15: 5/5 3 3/3/2/2 -true => DG 0.6667"},
    {"what is done with one partition is not with another", KIND_STATEFULSET,
     "partition 3; 0: 2/2 5 5/2/5/5 a>b => ST 1; partition 0; "
     "15: 2/2 5 5/2/5/5 a>b => PR 0.4 rollout"},
    {"nor was it settled", KIND_STATEFULSET,
     "partition 3; 0: 2/2 5 5/2/5/5 a>b => ST 1; partition 2; "
     "15: 2/2 5 5/3/4/4 a>b => PR 0.6667 rollout"},
    {"held by a strategy of before", KIND_STATEFULSET,
     "OnDelete; 0: 2/2 4 4/1/4/4 a>b => PA 0.25 held; RollingUpdate; "
     "15: 2/2 4 4/1/4/4 a>b => PR 0.25 rollout"},
};

static void no_verdict_by_other_limits_stands(void **unused)
{
    (void)unused;
    STORIES_HOLD(table);
}

/* What a selector found, and the first scrape after that lacks. */
static void nor_does_it_once_more(void **unused)
{
    (void)unused;
    for (int other = 0; other <= 1; other++) {
        struct workload_memory memory = {0};
        struct limits limits = limits_default;
        struct row row = story_row(KIND_DEPLOYMENT, STORY_ZERO_MS, "5/5 3 3/3/3/3 N");
        struct sight sight = {.kind = SIGHT_ROWS,
                              .rows = &row,
                              .count = 1,
                              .eval_ms = STORY_ZERO_MS,
                              .now_ms = STORY_ZERO_MS};
        assert_int_equal(workload_judge(&memory, &limits, &sight).state, STATE_STABLE);
        limits.max_age_ms -= other;
        if (other != 0)
            workload_relimit(&memory, &limits_default, &limits);
        sight = (struct sight){.kind = SIGHT_ABSENT,
                               .now_ms = STORY_ZERO_MS + 15000,
                               .found = true,
                               .witness_ms = STORY_ZERO_MS + 15000};
        const struct verdict verdict = workload_judge(&memory, &limits, &sight);
        assert_int_equal(verdict.state, other != 0 ? STATE_UNKNOWN : STATE_STABLE);
        assert_int_equal(verdict.why, WHY_CONFIRMING);
    }
}

/* Of a rollout as of each of its workloads. */
static void each_workload_of_a_rollout_has_them(void **unused)
{
    (void)unused;
    struct workload member = {.memory = {.last = {.state = STATE_STABLE}}};
    struct rollout rollout = {.limits = limits_default, .workloads = &member, .capacity = 1};
    struct limits other = limits_default;
    rollout_start(&rollout, 0);
    rollout.count = 1;
    assert_false(rollout_relimit(&rollout, &other, 1000));
    assert_int_equal(member.memory.last.state, STATE_STABLE);
    other.partition = 1;
    assert_true(rollout_relimit(&rollout, &other, 1000));
    assert_int_equal(rollout.limits.partition, 1);
    assert_int_equal(member.memory.last.state, STATE_UNKNOWN);
    assert_int_equal(member.verdict.state, STATE_UNKNOWN);
    assert_int_equal(rollout.verdict.why, WHY_NOT_ASKED);
}

/* Whatever the last answer was: no green stands that was green by other limits. */
static void nothing_is_left_of_the_last_answer(void **unused)
{
    (void)unused;
    static const char *const answers[] = {
        "a: 1/1 3 3/3/3/3 N",
        "a: 1/1 3 3/3/3/3 N; b: 1/1 3 3/3/3/3 N; c: 1/1 3 3/3/3/3 N",
        "a: 1/1 3 3/3/3/3 N; b: 2/2 4 5/3/4/4 U; c: 1/1 3 3/1/3/3 D",
        "survey 9",
        "survey 9; a: 2/2 4 5/3/4/4 U",
        "survey 9 more; a: 2/2 4 5/3/4/4 U",
        "survey 9 = eu 9/8/0",
        "survey 9 stale",
        "partial",
        "partial; a: 1/1 3 3/3/3/3 N",
        "",
        "nodata",
        "fetch",
    };
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        struct scene_rollout scene;
        struct limits other = limits_default;
        char sentence[256];
        scene_start(&scene, 4);
        scene_poll(&scene, 0, answers[i]);
        rollout_quote(&scene.rollout, "store eu is down");
        other.stall_after_ms++;
        assert_true(rollout_relimit(&scene.rollout, &other, 1000));
        const struct rollout *rollout = &scene.rollout;
        if (rollout->verdict.state != STATE_UNKNOWN || rollout->verdict.why != WHY_NOT_ASKED)
            fail_msg("%s: %s (%s)", answers[i], state_name(rollout->verdict.state),
                     why_name(rollout->verdict.why));
        for (size_t k = 0; k < rollout->count; k++)
            assert_int_equal(rollout->workloads[k].verdict.why, WHY_NOT_ASKED);
        rollout_sentence(rollout, sentence, sizeof sentence);
        assert_null(strstr(sentence, "stable"));
        assert_null(strstr(sentence, "store eu"));
        assert_non_null(strstr(sentence, "Prometheus has not answered yet"));
    }
}

static void each_limit_tells_limits_apart(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < 9; i++) {
        struct limits other = limits_default;
        int64_t *const fields[] = {&other.stall_after_ms, &other.stall_after_failure_ms,
                                   &other.max_age_ms,     &other.forget_after_ms,
                                   &other.hold_after_ms,  &other.degraded_after_ms,
                                   &other.partition};
        if (i < sizeof fields / sizeof fields[0])
            ++*fields[i];
        else
            other.on_delete = i == 7;
        if (limits_same(&limits_default, &other) != (i == 8))
            fail_msg("limit %zu", i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_verdict_by_other_limits_stands),
        cmocka_unit_test(nor_does_it_once_more),
        cmocka_unit_test(each_workload_of_a_rollout_has_them),
        cmocka_unit_test(nothing_is_left_of_the_last_answer),
        cmocka_unit_test(each_limit_tells_limits_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
