/*
 * What one workload's memory keeps, forgets and repeats.
 */
#include "rollout/change.h"
#include "rollout/story.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct story table[] = {
    {"Prometheus down in mid-rollout: unknown at once, the truth on return (trap 32)",
     KIND_DEPLOYMENT,
     "0: 5/5 6 6/6/6/6 N => ST 1; 15: fetch => ?? fetch; 30: 5/5 6 6/6/5/5 N => DG 0.8333"},
    {"the stall clock runs on while nothing is known", KIND_DEPLOYMENT,
     "0: 5/5 6 7/3/5/5 U => PR 0.1667; 15: fetch => ??; 585: nodata => ??; "
     "600: 5/5 6 7/3/5/5 U => SL 0.1667"},
    {"what was settled is known after an outage of hours", KIND_DEPLOYMENT,
     "0: 5/5 3 3/3/3/3 N => ST 1; 15: nodata => ?? no_data; 9000: nodata => ?? no_data; "
     "9015: 5/5 3 3/3/2/2 -true => DG 0.6667"},
    {"absent, then gone, then a stranger", KIND_DEPLOYMENT,
     "0: 5/5 3 3/3/3/3 N => ST 1; 15: absent => ?? absent; 104: absent => ?? absent; "
     "105: absent => ?? gone; 9000: absent => ?? gone; 9015: 5/5 3 3/3/2/2 -true => PR 0.6667 "
     "rollout"},
    {"gone, and then another of its name, which is younger", KIND_DEPLOYMENT,
     "max_age 300; 0: 77/77 3 3/3/3/3 N => ST 1; 15: absent => ?? absent; 105: absent => ?? gone; "
     "120: 1/1 3 3/3/2/2 -true => PR 0.6667 rollout"},
    {"back in time: nothing was forgotten", KIND_DEPLOYMENT,
     "0: 5/5 3 3/3/3/3 N => ST 1; 15: absent => ??; 90: absent => ??; "
     "100: 5/5 3 3/3/2/2 -true => DG 0.6667"},
    {"one blink is never gone (trap 23)", KIND_DEPLOYMENT,
     "0: 5/5 3 3/3/3/3 N => ST 1; 15: absent => ?? absent; 30: 5/5 3 3/3/3/3 N => ST 1; "
     "115: absent => ?? absent; 200: absent => ?? absent; 205: absent => ?? gone"},
    {"while nothing of its kind is visible, absence starts anew", KIND_DEPLOYMENT,
     "0: absent => ?? absent; 60: nodata => ?? no_data; 90: absent => ?? absent; "
     "179: absent => ?? absent; 180: absent => ?? gone"},
    {"a partial answer concludes nothing", KIND_DEPLOYMENT,
     "0: 5/5 3 3/3/3/3 N => ST 1; 15: partial => ?? partial; 900: partial => ?? partial; "
     "915: 5/5 3 3/3/2/2 -true => DG 0.6667"},
    {"deleted and created again (trap 16)", KIND_DEPLOYMENT,
     "0: 77/77 3 3/3/3/3 N c100 => ST 1; 15: 1/1 3 3/3/3/3 N c200 => ST 1 complete"},
    {"created again, seen before its status", KIND_DEPLOYMENT,
     "0: 77/77 3 3/3/3/3 N c100 => ST 1; 15: 1/0 3 0/0/0/0 c200 => PR 0 unobserved"},
    {"being deleted", KIND_DEPLOYMENT,
     "0: 5/5 3 3/3/3/3 N => ST 1; 15: 6/6 3 3/3/3/3 N deleting => ?? deleting"},
    {"a missing creation time is no other object", KIND_DEPLOYMENT,
     "0: 5/5 3 3/3/3/3 N c100 => ST 1; 15: 5/5 3 3/3/2/2 -true => DG 0.6667; "
     "30: 5/5 3 3/3/2/2 -true c100 => DG 0.6667; 45: 5/5 3 3/3/2/2 -true c101 => PR 0.6667"},
    {"two Prometheus servers in turn do not flicker (trap 18)", KIND_DEPLOYMENT,
     "0: 5/5 3 3/3/3/3 N => ST 1; 15: 6/6 3 4/1/3/3 C => PR 0 rollout; "
     "30: 5/5 3 3/3/3/3 N => PR 0 lagging; 45: 6/6 3 4/2/3/3 U => PR 0.3333 rollout; "
     "60: 5/5 3 3/3/3/3 N => PR 0.3333 lagging; 75: 6/6 3 4/3/3/3 U => PR 0.6667"},
    {"what is lower in two newer samples of one exporter is another object", KIND_DEPLOYMENT,
     "0: 6/6 3 3/3/3/3 N => ST 1; 15: 1/1 3 3/3/0/0 C => ST 1 lagging; "
     "30: 1/1 3 3/3/0/0 C => PR 0 rollout"},
    {"and in the same sample twice it is not", KIND_DEPLOYMENT,
     "0: 6/6 3 3/3/3/3 N => ST 1; 15: 1/1 3 3/3/0/0 C @14 => ST 1 lagging; "
     "17: 1/1 3 3/3/0/0 C @14 => ST 1 lagging; 30: 1/1 3 3/3/0/0 C => PR 0"},
    {"an older sample of the same generation lags too", KIND_DEPLOYMENT,
     "0: 6/6 3 4/2/3/3 U @0 => PR 0.3333; 15: 6/6 3 4/3/3/3 U @14 => PR 0.6667; "
     "30: 6/6 3 4/2/3/3 U @13 => PR 0.6667 lagging; 45: 6/6 3 4/3/3/3 U @14 => PR 0.6667 rollout"},
    {"whoever lags longer than max_age is the truth", KIND_DEPLOYMENT,
     "0: 6/6 3 4/1/3/3 C => PR 0; 90: 5/5 3 3/3/3/3 N @80 => PR 0 lagging; "
     "91: 5/5 3 3/3/3/3 N @80 => ST 1 complete"},
    {"lagging is no sign of life for the stall clock", KIND_DEPLOYMENT,
     "0: 6/6 3 4/1/3/3 C => PR 0; 590: 6/6 3 4/1/3/3 C => PR 0; "
     "595: 5/5 3 3/3/3/3 N => PR 0 lagging; 600: 6/6 3 4/1/3/3 C => SL 0"},
    {"pods that were lost are an alarm in time, whatever lags meanwhile", KIND_DEPLOYMENT,
     "0: 5/5 3 3/3/3/3 N => ST 1; 15: 5/5 3 3/3/2/2 N => DG 0.6667 degraded calm; "
     "44: 5/5 3 3/3/3/3 N @14 => DG 0.6667 lagging calm; "
     "45: 5/5 3 3/3/3/3 N @14 => DG 0.6667 lagging alarm"},
    {"frozen samples look live for max_age only (trap 20)", KIND_DEPLOYMENT,
     "90: 5/5 3 3/3/3/3 N @0 => ST 1; 91: 5/5 3 3/3/3/3 N @0 => ?? stale"},
    {"a sample of the future is no number of this world", KIND_DEPLOYMENT,
     "0: 5/5 3 3/3/3/3 N @30 => ?? clock; 15: 5/5 3 3/3/3/3 N @16 => ST 1"},
    {"two exporters, one behind: never combined (trap 17)", KIND_DEPLOYMENT,
     "0: 5/5 3 3/3/3/3 N & 6/6 3 0/0/0/0 U => PR 0 rollout"},
    {"of one generation the observed one counts", KIND_DEPLOYMENT,
     "0: 6/5 3 3/3/3/3 N & 6/6 3 4/1/3/3 C => PR 0 rollout"},
    {"of one moment the more modest one counts", KIND_DEPLOYMENT,
     "0: 6/6 3 4/3/3/3 U & 6/6 3 4/2/3/3 U => PR 0.3333"},
    {"of one moment and one progress the first by its labels counts", KIND_DEPLOYMENT,
     "0: 6/6 3 4/2/3/3 D & 6/6 3 4/2/3/3 U => FA 0.3333"},
    {"two objects of one name (trap 25)", KIND_DEPLOYMENT,
     "0: 5/5 3 3/3/3/3 N c1 & 9/9 3 3/3/3/3 N c2 => ?? ambiguous"},
    {"a stale second object does not count", KIND_DEPLOYMENT,
     "100: 5/5 3 3/3/3/3 N c1 & 9/9 3 3/3/3/3 N c2 @9 => ST 1"},
    {"an incomplete second source does not count", KIND_DEPLOYMENT,
     "0: 5/5 3 3/3/3/3 N & 9/9 3 3/3/3/? N => ST 1"},
};

static void memory_is_kept_and_dropped_as_written(void **unused)
{
    (void)unused;
    STORIES_HOLD(table);
}

/* Two exporters scraped in turn through a whole rollout; one is always a scrape behind. */
static const struct story flicker[] = {
    {"two kube-state-metrics through a rollout: the bar never goes back", KIND_DEPLOYMENT,
     "0: 5/5 3 3/3/3/3 N @-1 & 5/5 3 3/3/3/3 N @-8 => ST 1; "
     "15: 6/6 3 4/1/3/3 C @14 & 5/5 3 3/3/3/3 N @7 => PR 0; "
     "22: 6/6 3 4/1/3/3 C @14 & 6/6 3 4/2/3/3 U @22 => PR 0.3333; "
     "29: 6/6 3 4/3/3/3 U @29 & 6/6 3 4/2/3/3 U @22 => PR 0.6667; "
     "30: 6/6 3 4/2/3/3 U @22 => PR 0.6667 lagging; "
     "37: 6/6 3 4/3/3/3 U @29 & 6/6 3 3/3/3/3 N @37 => PR 0.6667; "
     "38: 6/6 3 4/3/3/3 U @29 => PR 0.6667; "
     "44: 6/6 3 3/3/3/3 N @44 & 6/6 3 3/3/3/3 N @37 => ST 1 complete"},
};

static void two_exporters_do_not_flicker(void **unused)
{
    (void)unused;
    STORIES_HOLD(flicker);
}

/* Prometheus's clock tells the age of samples, the daemon's own how long nothing moved. */
static void each_clock_has_its_own_use(void **unused)
{
    (void)unused;
    static const struct {
        const char *sentence;
        int64_t eval_s, now_s, sample_s;
        enum state state;
        enum why why;
    } polls[] = {
        {"two clocks a century apart", 1, 3000000000, 0, STATE_PROGRESSING, WHY_ROLLOUT},
        {"the sample ages by Prometheus's clock", 90, 3000000001, 0, STATE_PROGRESSING,
         WHY_ROLLOUT},
        {"and is then too old", 91, 3000000002, 0, STATE_UNKNOWN, WHY_STALE},
        {"patience ends by ours", 92, 3000000600, 92, STATE_STALLED, WHY_ROLLOUT},
    };
    struct workload_memory memory = {0};
    for (size_t i = 0; i < sizeof polls / sizeof polls[0]; i++) {
        struct row row = story_row(KIND_DEPLOYMENT, polls[i].sample_s * 1000, "2/2 3 4/1/3/3 U");
        struct sight sight = {.kind = SIGHT_ROWS,
                              .rows = &row,
                              .count = 1,
                              .eval_ms = polls[i].eval_s * 1000,
                              .now_ms = polls[i].now_s * 1000};
        struct verdict verdict = workload_judge(&memory, &limits_default, &sight);
        if (verdict.state != polls[i].state || verdict.why != polls[i].why)
            fail_msg("%s: %s %s", polls[i].sentence, state_name(verdict.state),
                     why_name(verdict.why));
    }
}

static void every_doubt_has_its_reason(void **unused)
{
    (void)unused;
    static const struct {
        enum doubt doubt;
        enum why why;
    } rows[] = {{DOUBT_UNPROVEN, WHY_UNPROVEN},
                {DOUBT_REPEATED, WHY_FETCH},
                {DOUBT_FETCH, WHY_FETCH},
                {DOUBT_NO_DATA, WHY_NO_DATA},
                {DOUBT_ABSENT, WHY_ABSENT},
                {DOUBT_GONE, WHY_GONE},
                {DOUBT_SOURCE_GONE, WHY_SOURCE_GONE},
                {DOUBT_STALE, WHY_STALE},
                {DOUBT_CLOCK, WHY_CLOCK},
                {DOUBT_PARTIAL, WHY_PARTIAL},
                {DOUBT_COUNTS, WHY_COUNTS},
                {DOUBT_AMBIGUOUS, WHY_AMBIGUOUS},
                {DOUBT_DELETING, WHY_DELETING}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(why_of_doubt(rows[i].doubt), rows[i].why);
}

/* Of the next one it is known what is new in it. */
static void the_very_first_row_is_fresh(void **unused)
{
    (void)unused;
    struct workload_memory memory = {0};
    const struct row row = story_row(KIND_DEPLOYMENT, STORY_ZERO_MS, "5/5 3 3/3/3/3 N");
    const struct change first = change_take(&memory, &row), second = change_take(&memory, &row);
    assert_true(first.fresh);
    assert_false(first.renewed || second.renewed || second.fresh);
    assert_int_equal(first.created, 0);
    assert_int_equal(second.created, 0);
}

/* As workload.h and the config's manual say. */
static void patience_is_as_documented(void **unused)
{
    (void)unused;
    assert_int_equal(limits_default.stall_after_ms, 600000);
    assert_int_equal(limits_default.stall_after_failure_ms, 60000);
    assert_int_equal(limits_default.max_age_ms, 90000);
    assert_int_equal(limits_default.forget_after_ms, 90000);
    assert_int_equal(limits_default.hold_after_ms, 60000);
    assert_int_equal(limits_default.degraded_after_ms, 30000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_kept_and_dropped_as_written),
        cmocka_unit_test(two_exporters_do_not_flicker),
        cmocka_unit_test(every_doubt_has_its_reason),
        cmocka_unit_test(the_very_first_row_is_fresh),
        cmocka_unit_test(patience_is_as_documented),
        cmocka_unit_test(each_clock_has_its_own_use),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
