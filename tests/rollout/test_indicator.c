#include "rollout/indicator_scene.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct scene explanations[] = {
    {"orange while its rollout progresses is explained", 0.4, 0.8, 0,
     "0:0.1/S=ok 10:0.1/P=ok 20:0.5=warning*?rolling 30:0.1=ok 40:0.1/S=ok"},
    {"red is explained as well, and orange before it", 0.4, 0.8, 0,
     "0:0.1/S=ok 10:0.1/P=ok 20:0.5=warning*?rolling 30:0.9=critical*?rolling 40:0.5=warning*"},
    {"orange within the grace of its end is explained, and no longer", 0.4, 0.8, 0,
     "0:0.1/S=ok 10:0.5/P=warning*?rolling 60:0.5/S=warning*?just-ended "
     "179:0.5=warning*?just-ended 180:0.5=warning?grace-over 9999:0.5=warning?grace-over "
     "10000:0.1=ok 10010:0.5=warning?idle"},
    {"what turns orange only after the end has the grace, too", 0.4, 0.8, 0,
     "0:0.1/S=ok 10:0.1/P=ok 60:0.1/S=ok 100:0.5=warning*?just-ended 180:0.5=warning?grace-over"},
    {"so has what turns orange in the moment in which that is over", 0.4, 0.8, 0,
     "0:0.1/S=ok 10:0.1/P=ok 60:0.1/S=ok 180:0.5=warning?grace-over"},
    {"what turns orange after the grace has nothing to do with it", 0.4, 0.8, 0,
     "0:0.1/S=ok 10:0.1/P=ok 60:0.1/S=ok 200:0.5=warning?idle"},
    {"already orange before the rollout began: an alarm to its end", 0.4, 0.8, 0,
     "0:0.5/S=warning?idle 10:0.5/P=warning?before 20:0.9=critical?before 30:0.5/S=warning?before "
     "149:0.5=warning?before 150:0.5=warning?idle"},
    {"once it was fine, what comes later in the same rollout is new", 0.4, 0.8, 0,
     "0:0.5/S=warning?idle 10:0.5/P=warning?before 20:0.1=ok 30:0.5=warning*?rolling"},
    {"a rollout that fails explains nothing", 0.4, 0.8, 0,
     "0:0.1/S=ok 10:0.5/P=warning*?rolling 20:0.5/F=warning?failed 30:0.1=ok "
     "40:0.5=warning?failed"},
    {"nor does the way back from it, while it is still orange", 0.4, 0.8, 0,
     "0:0.1/S=ok 10:0.5/P=warning*?rolling 20:0.5/F=warning?failed 30:0.5/P=warning?before "
     "40:0.5/S=warning?before"},
    {"a failed rollout that ends well has no grace for what it broke", 0.4, 0.8, 0,
     "0:0.1/S=ok 10:0.5/P=warning*?rolling 20:0.5/F=warning?failed 30:0.5/S=warning?idle"},
    {"a rollout that stalls explains nothing until it moves again", 0.4, 0.8, 0,
     "0:0.1/S=ok 10:0.5/P=warning*?rolling 20:0.5/L=warning?stalled 30:0.5/P=warning*?rolling"},
    {"however long it stalled", 0.4, 0.8, 0,
     "0:0.1/S=ok 10:0.5/P=warning*?rolling 20:0.5/L=warning?stalled 900:0.5/L=warning?stalled "
     "910:0.5/P=warning*?rolling"},
    {"a pause is an end: the grace runs, and the same run goes on after it", 0.4, 0.8, 0,
     "0:0.1/S=ok 10:0.5/P=warning*?rolling 20:0.5/H=warning*?just-ended 140:0.5=warning?grace-over "
     "150:0.5/P=warning*?rolling 160:0.5/S=warning*?just-ended"},
    {"a pause in which nothing was under way is rest", 0.4, 0.8, 0,
     "0:0.1/S=ok 10:0.1/H=ok 20:0.5/H=warning?idle 30:0.5/P=warning?before"},
    {"a rollout that was paused all the time explains nothing", 0.4, 0.8, 0,
     "0:0.1/H=ok 10:0.5=warning?idle"},
    {"pods lost after the rollout are no part of it", 0.4, 0.8, 0,
     "0:0.1/S=ok 10:0.5/P=warning*?rolling 20:0.5/S=warning*?just-ended 30:0.5/D=warning?lost "
     "40:0.5/S=warning*?just-ended"},
    {"an unknown rollout explains nothing; known again, the same run goes on", 0.4, 0.8, 0,
     "0:0.1/S=ok 10:0.5/P=warning*?rolling 20:0.5/?=warning?rollout-unknown "
     "30:0.5/P=warning*?rolling 40:0.5/?=warning?rollout-unknown 50:0.5/S=warning*?just-ended "
     "169:0.5=warning*?just-ended 170:0.5=warning?grace-over"},
    {"started in the middle of a rollout, nobody saw what was before", 0.4, 0.8, 0,
     "0:0.5/P=warning?before-unknown 10:0.5=warning?before-unknown 20:0.1=ok "
     "30:0.5=warning*?rolling"},
    {"nor was it seen before while there was no number", 0.4, 0.8, 0,
     "0:none/S=unknown?none 10:none/P=unknown?none 20:0.5=warning?before-unknown"},
    {"nor when both were out of sight", 0.4, 0.8, 0,
     "0:0.1/S=ok 10:fetch/?=unknown?fetch 20:0.5/P=warning?before-unknown"},
    {"nor when it turned in a blind moment, and the rollout began after it", 0.4, 0.8, 0,
     "0:0.1/S=ok 10:fetch/S=unknown?fetch 20:0.5/P=warning?before-unknown"},
    {"a blind moment in the middle changes nothing", 0.4, 0.8, 0,
     "0:0.1/S=ok 10:0.5/P=warning*?rolling 20:fetch/?=unknown?fetch 30:0.5/P=warning*?rolling"},
    {"what was fine before a blind moment may have turned in it: before counts", 0.4, 0.8, 0,
     "0:0.1/S=ok 10:fetch=unknown?fetch 20:0.5/S=warning?idle 30:0.5/P=warning?before"},
    {"it turns before the next scrape shows the rollout: not before it", 0.4, 0.8, 0,
     "0:0.1/S=ok 10:0.1/S-5=ok 20:0.5/S-15=warning?idle 30:0.5/S-25=warning?idle "
     "40:0.5/P=warning*?rolling"},
    {"it turned, and the scrape after that still showed rest: before it", 0.4, 0.8, 0,
     "0:0.1/S=ok 20:0.5/S-15=warning?idle 40:0.5/S-5=warning?idle 50:0.5/P=warning?before"},
    {"a rollout on the heels of another goes on with it", 0.4, 0.8, 0,
     "0:0.1/S=ok 10:0.5/P=warning*?rolling 60:0.5/S=warning*?just-ended 100:0.5/P=warning*?rolling "
     "200:0.5/S=warning*?just-ended 320:0.5=warning?grace-over 330:0.5/P=warning?before"},
    {"scaled to zero is an end as any", 0.4, 0.8, 0,
     "0:0.1/S=ok 10:0.5/P=warning*?rolling 20:0.5/Z=warning*?just-ended "
     "140:0.5=warning?grace-over"},
    {"one workload that rolls explains, whatever its siblings do", 0.4, 0.8, 0,
     "0:0.1/SFS=ok 10:0.1/PFS=ok 20:0.5/PFS=warning*?rolling 30:0.5/SFS=warning*?just-ended "
     "149:0.5/SFS=warning*?just-ended 150:0.5/SFS=warning?failed"},
    {"be it the last of them", 0.4, 0.8, 0,
     "0:0.1/SSS=ok 10:0.1/SSP=ok 20:0.5/SFP=warning*?rolling"},
    {"beside one that lost pods, one that is paused, one that is unknown", 0.4, 0.8, 0,
     "0:0.1/SDS=ok 10:0.5/PDS=warning*?rolling 20:0.5/PDH=warning*?rolling "
     "30:0.5/PD?=warning*?rolling 40:0.5/SDS=warning*?just-ended"},
    {"the one that rolls fails itself: that is no end that has a grace", 0.4, 0.8, 0,
     "0:0.1/SFS=ok 10:0.5/PFS=warning*?rolling 20:0.5/FFS=warning?failed "
     "30:0.5/FFS=warning?failed"},
    {"a sibling that fails in the grace is news", 0.4, 0.8, 0,
     "0:0.1/SDS=ok 10:0.5/PDS=warning*?rolling 20:0.5/SDS=warning*?just-ended "
     "30:0.5/SDF=warning?failed"},
    {"no sibling explains what was there before", 0.4, 0.8, 0,
     "0:0.5/SFS=warning?failed 10:0.5/PFS=warning?before"},
    {"of two rollouts one that explains is enough", 0.4, 0.8, 0,
     "0:0.1/S/S=ok 10:0.1/P/F=ok 20:0.5=warning*?rolling 30:0.5/S/F=warning*?just-ended "
     "150:0.5=warning?failed"},
    {"of two rollouts the one in trouble is the news", 0.4, 0.8, 0,
     "0:0.5/S/S=warning?idle 10:0.5/P/S=warning?before 20:0.5/P/L=warning?stalled"},
    {"another's rollout does not excuse what the first one left behind", 0.4, 0.8, 0,
     "0:0.1/S/S=ok 10:0.5/P/S=warning*?rolling 20:0.5/S/S=warning*?just-ended "
     "30:0.5/S/P=warning*?just-ended 140:0.5=warning?grace-over"},
};

static const struct scene values[] = {
    {"a threshold itself is beyond it, rising", 0.4, 0.8, 0,
     "0:0.39=ok 1:0.4=warning?alone 2:0.79=warning 3:0.8=critical?alone 4:-1=ok"},
    {"or falling", 0.8, 0.4, 0,
     "0:0.81=ok 1:0.8=warning?alone 2:0.41=warning 3:0.4=critical?alone 4:2=ok"},
    {"one threshold for both is rising", 0.5, 0.5, 0, "0:0.4=ok 1:0.5=critical 2:0.6=critical"},
    {"negative thresholds are thresholds", -10, -20, 0,
     "0:-9=ok 1:-10=warning 2:-20=critical 3:0=ok"},
    {"what is infinite is a number", 0.4, 0.8, 0, "0:inf=critical 1:-inf=ok"},
    {"and falling the other way round", 0.8, 0.4, 0, "0:inf=ok 1:-inf=critical"},
    {"no number, no series, a part of them, no answer", 0.4, 0.8, 0,
     "0:nan=unknown?nan 1:none=unknown?none 2:some=unknown?partial 3:fetch=unknown?fetch "
     "4:late=unknown?late 5:0.1=ok"},
    {"the worst of several series counts", 0.4, 0.8, 0, "0:0.1,0.9,0.5=critical 1:0.1,0.5=warning"},
    {"falling, the least", 0.8, 0.4, 0, "0:0.9,0.1,0.5=critical 1:0.9,0.95=ok"},
    {"a series without a number is not fine, but bad is bad", 0.4, 0.8, 0,
     "0:0.1,nan=unknown?nan 1:nan,0.5=warning 2:nan,nan=unknown?nan 3:0.1,0.2=ok"},
    {"a level counts once it held for long enough, up and down", 0.4, 0.8, 30,
     "0:0.1=ok 10:0.5=ok 30:0.5=ok 40:0.5=warning 50:0.1=warning 60:0.5=warning 70:0.1=warning "
     "99:0.1=warning 100:0.1=ok"},
    {"red and orange in turn is orange all the time", 0.4, 0.8, 30,
     "0:0.1=ok 10:0.5=ok 20:0.9=ok 30:0.5=ok 40:0.9=warning 50:0.9=warning 70:0.9=critical "
     "80:0.5=critical 110:0.5=warning"},
    {"the first value counts at once", 0.4, 0.8, 30, "0:0.9=critical 10:0.1=critical 40:0.1=ok"},
    {"after a long silence, too", 0.4, 0.8, 30,
     "0:0.9=critical 10:fetch=unknown 20:fetch=unknown 41:0.1=ok"},
    {"and not before it was that long", 0.4, 0.8, 30,
     "0:0.9=critical 10:fetch=unknown 40:0.1=critical"},
    {"a short silence changes no level, but holds none either", 0.4, 0.8, 30,
     "0:0.9=critical 10:0.1=critical 20:fetch=unknown 30:0.1=critical 50:0.1=critical 60:0.1=ok"},
    {"one bad poll in good times is not told", 0.4, 0.8, 10,
     "0:0.1=ok 10:9=ok 19:0.1=ok 29:0.1=ok"},
};

/* What the raw value did counts for before and after, not when it was believed. */
static const struct scene held_explanations[] = {
    {"already beyond before the rollout, believed in it", 0.4, 0.8, 30,
     "0:0.1/S=ok 10:0.5/S=ok 20:0.5/P=ok 40:0.5=warning?before"},
    {"a dip in the rollout is no new beginning", 0.4, 0.8, 30,
     "0:0.5/S=warning 10:0.5/P=warning?before 20:0.1=warning?before 30:0.5=warning?before"},
    {"beyond in the rollout, believed in it", 0.4, 0.8, 30,
     "0:0.1/S=ok 10:0.1/P=ok 20:0.5=ok 50:0.5=warning*?rolling"},
};

#define COUNT(list) (sizeof list / sizeof list[0])

static void a_rollout_explains_what_it_causes_and_no_more(void **state)
{
    (void)state;
    assert_int_equal(scene_failures(explanations, COUNT(explanations)), 0);
    assert_int_equal(scene_failures(held_explanations, COUNT(held_explanations)), 0);
}

static void values_become_levels(void **state)
{
    (void)state;
    assert_int_equal(scene_failures(values, COUNT(values)), 0);
}

static void its_states_have_the_names_of_the_history(void **state)
{
    (void)state;
    assert_string_equal(indicator_state_name(HEALTH_OK, false), "ok");
    assert_string_equal(indicator_state_name(HEALTH_WARNING, false), "warning");
    assert_string_equal(indicator_state_name(HEALTH_WARNING, true), "explained_warning");
    assert_string_equal(indicator_state_name(HEALTH_CRITICAL, true), "explained_critical");
}

static void of_two_that_explain_it_the_first_is_named(void **state)
{
    (void)state;
    static const struct scene scene = {"", 0.4, 0.8, 0, "/S/S"};
    struct indicator indicator;
    struct rollout rollouts[ROLLOUTS];
    char sentence[256];
    scene_begin(&indicator, rollouts, &scene);
    static const char *const polls[] = {"0.1/S/S", "0.5/P/P", "0.5/S/P"};
    static const char *const named[] = {"good", "rollout of cms", "rollout of shop"};
    for (int64_t i = 0; i < 3; i++) {
        scene_move(rollouts, polls[i], i * 1000);
        scene_observe(&indicator, polls[i], i * 1000);
        indicator_explain(&indicator, rollouts, i * 1000);
        indicator_sentence(&indicator, rollouts, sentence, sizeof sentence);
        assert_non_null(strstr(sentence, named[i]));
    }
}

/* Whatever is in its memory from before. */
static void a_start_forgets_all(void **state)
{
    (void)state;
    static const struct scene scene = {"", 0.4, 0.8, 0, "/"};
    struct indicator indicator;
    struct rollout rollouts[ROLLOUTS];
    scene_begin(&indicator, rollouts, &scene);
    static const char *const polls[] = {"0.1/S", "0.5/P", "0.5/D"};
    for (int64_t i = 0; i < 3; i++) {
        scene_move(rollouts, polls[i], i * 1000);
        scene_observe(&indicator, polls[i], i * 1000);
        indicator_explain(&indicator, rollouts, i * 1000);
    }
    indicator_quote(&indicator, "store eu is down");
    indicator.explained = true;
    indicator.causes[1].open = true; /* it has none of that number */
    indicator_start(&indicator, 5000);
    assert_true(indicator.causes[1].open);
    assert_false(indicator.bad || indicator.explained);
    assert_true(indicator.blank && isnan(indicator.value));
    assert_int_equal(indicator.health, HEALTH_UNKNOWN);
    assert_int_equal(indicator.why, INDICATOR_NOT_ASKED);
    assert_int_equal(indicator.seen_ms, 5000);
    assert_int_equal(indicator.blank_ms, INT64_MIN);
    assert_string_equal(indicator.note, "");
    assert_string_equal(indicator.series, "");
    assert_int_equal(indicator.cause, indicator.cause_count);
    const struct cause *cause = &indicator.causes[0];
    assert_int_equal(indicator.cause_count, 1);
    assert_false(cause->open || cause->moving);
    assert_int_equal(cause->before, BEFORE_UNKNOWN);
    assert_int_equal(cause->stopped_ms, INT64_MIN);
    assert_int_equal(cause->rest_ms, INT64_MIN);
}

static void an_explanation_says_when_it_ends(void **state)
{
    (void)state;
    static const struct scene scene = {"", 0.4, 0.8, 0, "/"};
    struct indicator indicator;
    struct rollout rollouts[ROLLOUTS];
    scene_begin(&indicator, rollouts, &scene);
    const struct {
        const char *value, *rollout;
        int64_t now_ms, expiry_ms;
    } rows[] = {
        {"0.1", "/S", 0, INT64_MAX},     {"0.1", "/P", 10000, INT64_MAX},
        {"0.5", "/P", 20000, INT64_MAX}, {"0.5", "/S", 30000, 150000},
        {"0.5", "/S", 149999, 150000},   {"0.5", "/S", 150000, INT64_MAX},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        scene_move(rollouts, rows[i].rollout, rows[i].now_ms);
        scene_observe(&indicator, rows[i].value, rows[i].now_ms);
        indicator_explain(&indicator, rollouts, rows[i].now_ms);
        if (indicator_expiry_ms(&indicator) != rows[i].expiry_ms)
            fail_msg("row %d: it ends at %lld", (int)i, (long long)indicator_expiry_ms(&indicator));
    }
}

static void sentences_say_what_and_why(void **state)
{
    (void)state;
    static const struct {
        const char *polls[3], *sentence;
    } rows[] = {
        {{"0.1/S", "0.12/S"}, "0.12, good; warning from 0.4 up"},
        {{"0.1/S", "0.1/P", "0.5/P"}, "0.5, warning from 0.4 up; explained by the rollout of cms"},
        {{"0.1/S", "0.9/P", "0.9/S"},
         "0.9, critical from 0.8 up; explained by the rollout of cms, which has just ended"},
        {{"0.5/S", "0.5/P"},
         "0.5, warning from 0.4 up; already orange before the rollout of cms began"},
        {{"0.1/S", "0.9/S"},
         "0.9, critical from 0.8 up; nothing is rolling out that would explain it"},
        {{"0.1/S", "0.5/F"}, "0.5, warning from 0.4 up; the rollout of cms has failed"},
        {{"0.1/S", "0.5/D"}, "0.5, warning from 0.4 up; cms has lost pods"},
        {{"0.5/?"}, "0.5, warning from 0.4 up; nothing is known of the rollout of cms"},
        {{"0.5/P"},
         "0.5, warning from 0.4 up; nobody saw whether it was orange before the rollout of cms "
         "began"},
        {{"0.1/S", "0.5/P", "0.5/L"}, "0.5, warning from 0.4 up; the rollout of cms has stalled"},
        {{NULL}, "Prometheus has not answered yet"},
        {{"late/S"}, "nothing new was heard of it for too long"},
        {{"none/P"}, "the query finds no series"},
        {{"fetch/?"}, "no usable answer from Prometheus"},
    };
    static const struct scene scene = {"", 0.4, 0.8, 0, "/"};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct indicator indicator;
        struct rollout rollouts[ROLLOUTS];
        char sentence[256];
        scene_begin(&indicator, rollouts, &scene);
        for (size_t k = 0; k < 3 && rows[i].polls[k] != NULL; k++) {
            scene_move(rollouts, rows[i].polls[k], (int64_t)k * 10000);
            scene_observe(&indicator, rows[i].polls[k], (int64_t)k * 10000);
            indicator_explain(&indicator, rollouts, (int64_t)k * 10000);
        }
        indicator_sentence(&indicator, rollouts, sentence, sizeof sentence);
        assert_string_equal(sentence, rows[i].sentence);
    }
}

static void the_worst_series_is_named_and_cannot_steer_a_terminal(void **state)
{
    (void)state;
    static const struct scene scene = {"", 0.4, 0.8, 3600, ""};
    static const struct ratio_sample samples[] = {{"{service=\"cart\"}", 0.1, 0},
                                                  {"{service=\"pay\x1b[2J\"}", 0.9, 0},
                                                  {"{service=\"web\"}", 0.5, 0}};
    struct indicator indicator;
    struct rollout rollouts[ROLLOUTS];
    char sentence[256];
    scene_begin(&indicator, rollouts, &scene);
    indicator_observe(&indicator, samples, 3, false, 0);
    indicator_explain(&indicator, rollouts, 0);
    indicator_sentence(&indicator, rollouts, sentence, sizeof sentence);
    assert_string_equal(sentence, "0.9, critical from 0.8 up; nothing explains it; "
                                  "its series: {service=\"pay?[2J\"}");
    indicator_observe(&indicator, samples, 1, false, 10000);
    indicator_explain(&indicator, rollouts, 10000);
    indicator_sentence(&indicator, rollouts, sentence, sizeof sentence);
    assert_string_equal(sentence, "0.1, critical from 0.8 up for 3600 s; nothing explains it; "
                                  "its series: {service=\"cart\"}");
    indicator_observe(&indicator, &samples[2], 1, false, 20000); /* one of the two turns */
    indicator_explain(&indicator, rollouts, 20000);
    indicator_sentence(&indicator, rollouts, sentence, sizeof sentence);
    assert_string_equal(sentence, "0.5, critical from 0.8 up for 3600 s; nothing explains it; "
                                  "its series: {service=\"web\"}");
}

static void a_threshold_is_said_with_its_direction(void **state)
{
    (void)state;
    static const struct {
        struct scene scene;
        const char *value, *sentence;
    } rows[] = {
        {{"", 0.4, 0.8, 0, ""}, "0.5", "0.5, warning from 0.4 up; nothing explains it"},
        {{"", 0.8, 0.4, 0, ""}, "0.5", "0.5, warning from 0.8 down; nothing explains it"},
        {{"", 0.8, 0.4, 0, ""}, "0.3", "0.3, critical from 0.4 down; nothing explains it"},
        {{"", 0.5, 0.5, 0, ""}, "0.5", "0.5, critical from 0.5 up; nothing explains it"},
        {{"", -10, -20, 0, ""}, "-9.5", "-9.5, good; warning from -10 down"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct indicator indicator;
        struct rollout rollouts[ROLLOUTS];
        char sentence[256];
        scene_begin(&indicator, rollouts, &rows[i].scene);
        scene_observe(&indicator, rows[i].value, 0);
        indicator_explain(&indicator, rollouts, 0);
        indicator_sentence(&indicator, rollouts, sentence, sizeof sentence);
        assert_string_equal(sentence, rows[i].sentence);
    }
}

/* Whatever is as long as it may be: all of it is said, to its end. */
static void the_longest_sentence_has_an_end(void **state)
{
    (void)state;
    static const struct scene scene = {"", 4.123e-100, 8.123e-100, 86400, "/"};
    static const double shown[] = {9.123e-100, 5.123e-100}; /* the second one is about to turn */
    struct indicator indicator;
    struct rollout rollouts[ROLLOUTS];
    char labels[INDICATOR_SERIES_SIZE] = "", note[INDICATOR_NOTE_SIZE] = "", sentence[1024];
    memset(labels, 'l', sizeof labels - 1);
    memset(note, 'n', sizeof note - 1);
    scene_begin(&indicator, rollouts, &scene);
    memset(rollouts[0].name, 'r', sizeof rollouts[0].name - 1);
    for (size_t i = 0; i < COUNT(shown); i++) {
        const struct ratio_sample sample = {labels, shown[i], 0};
        scene_move(rollouts, "/P", 0);
        indicator_observe(&indicator, &sample, 1, false, 0);
        indicator_quote(&indicator, note);
        indicator_explain(&indicator, rollouts, 0);
    }
    indicator_sentence(&indicator, rollouts, sentence, sizeof sentence);
    assert_non_null(
        strstr(sentence, "5.123e-100, critical from 8.123e-100 up for 86400 s; nobody saw"));
    assert_non_null(strstr(sentence, "rollout of rrr"));
    assert_non_null(strstr(sentence, "rrr began; its series: lll"));
    assert_non_null(strstr(sentence, "lll; the server says: nnn"));
    assert_string_equal(sentence + strlen(sentence) - strlen(note), note);
}

/* That there is no answer is not what the server says. */
static void why_there_is_no_answer_is_no_word_of_the_servers(void **state)
{
    (void)state;
    struct indicator indicator = {.limits = {.warning = 0.4, .critical = 0.8}};
    char sentence[256];
    indicator_start(&indicator, 0);
    indicator_observe_failure(&indicator, 0);
    indicator_quote(&indicator, "nothing listens on 127.0.0.1:9");
    indicator_sentence(&indicator, NULL, sentence, sizeof sentence);
    assert_string_equal(sentence,
                        "no usable answer from Prometheus: nothing listens on 127.0.0.1:9");
}

static void what_the_server_says_is_said_beside_the_value(void **state)
{
    (void)state;
    static const struct scene scene = {"", 0.4, 0.8, 0, ""};
    static const struct {
        struct ratio_sample sample;
        bool partial;
        const char *note, *sentence;
    } rows[] = {
        {{"{}", 0.1, 0},
         false,
         "PromQL warning: quantile\033 1.5",
         "0.1, good; warning from 0.4 up; the server says: PromQL warning: quantile? 1.5"},
        {{"{}", 0.5, 0},
         true,
         "store eu is down",
         "0.5, warning from 0.4 up; nothing explains it; the server says: store eu is down"},
        {{"{}", (double)NAN, 0},
         false,
         "PromQL warning: quantile 1.5",
         "the query yields NaN, which is no number; the server says: PromQL warning: quantile 1.5"},
        {{"{}", 0.1, 0},
         true,
         "store eu is down",
         "a part of the answer is missing: store eu is down"},
        {{"{}", 0.1, 0}, true, NULL, "a part of the answer is missing"},
        {{"{}", 0.1, 0}, false, "?", "0.1, good; warning from 0.4 up; the server says: ?"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct indicator indicator;
        struct rollout rollouts[ROLLOUTS];
        char sentence[256];
        scene_begin(&indicator, rollouts, &scene);
        indicator_observe(&indicator, &rows[i].sample, 1, rows[i].partial, 0);
        indicator_quote(&indicator, rows[i].note);
        indicator_explain(&indicator, rollouts, 0);
        indicator_sentence(&indicator, rollouts, sentence, sizeof sentence);
        assert_string_equal(sentence, rows[i].sentence);
    }
}

static void what_the_server_said_is_over_with_its_answer(void **state)
{
    (void)state;
    static const struct scene scene = {"", 0.4, 0.8, 0, ""};
    static const char *const silences[] = {"fetch", "late"};
    for (size_t i = 0; i < COUNT(silences); i++) {
        struct indicator indicator;
        struct rollout rollouts[ROLLOUTS];
        scene_begin(&indicator, rollouts, &scene);
        scene_observe(&indicator, "0.1", 0);
        indicator_quote(&indicator, "store eu is down");
        scene_observe(&indicator, silences[i], 1000);
        assert_string_equal(indicator.note, "");
    }
}

static void an_alarm_outshouts_every_rollout_and_what_is_explained_none(void **state)
{
    (void)state;
    for (int i = 0; i < STATE_COUNT; i++)
        assert_true(health_severity(HEALTH_CRITICAL, false) > state_severity((enum state)i));
    int moving = state_severity(STATE_PROGRESSING);
    assert_true(health_severity(HEALTH_CRITICAL, true) <= moving);
    assert_true(health_severity(HEALTH_WARNING, true) <= moving);
    assert_true(health_severity(HEALTH_WARNING, false) > moving);
    assert_true(health_severity(HEALTH_UNKNOWN, false) == state_severity(STATE_UNKNOWN));
    assert_true(health_severity(HEALTH_OK, false) == state_severity(STATE_STABLE));
}

/* Three workloads, of which the last is none any more. */
static void what_is_behind_the_last_workload_explains_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *polls[3];
        enum state worst[3];
        enum indicator_why why;
    } rows[] = {
        {{"0.1/SSP", "0.1/SSP", "0.5/SSP"},
         {STATE_STABLE, STATE_STABLE, STATE_STABLE},
         INDICATOR_NOTHING_MOVES},
        {{"0.1/SSS", "0.5/PSF", "0.5/FSS"},
         {STATE_STABLE, STATE_PROGRESSING, STATE_FAILED},
         INDICATOR_ROLLOUT_FAILED},
    };
    static const struct scene scene = {"", 0.4, 0.8, 0, "/"};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct indicator indicator;
        struct rollout rollouts[ROLLOUTS];
        scene_begin(&indicator, rollouts, &scene);
        for (int64_t k = 0; k < 3; k++) {
            scene_move(rollouts, rows[i].polls[k], k * 10000);
            rollouts[0].count = 2;
            rollouts[0].verdict.state = rows[i].worst[k];
            scene_observe(&indicator, rows[i].polls[k], k * 10000);
            indicator_explain(&indicator, rollouts, k * 10000);
        }
        assert_int_equal(indicator.why, rows[i].why);
    }
}

/* Beside which state it is shown: as bad as that one, or one step worse. */
static void each_health_has_its_place_among_the_states(void **state)
{
    (void)state;
    static const struct {
        const char *sentence;
        enum health health;
        bool explained;
        enum state like;
        int above;
    } rows[] = {
        {"fine is as good as stable", HEALTH_OK, false, STATE_STABLE, 0},
        {"there is nothing to explain", HEALTH_OK, true, STATE_STABLE, 0},
        {"what explains orange is more than it", HEALTH_WARNING, true, STATE_PAUSED, 0},
        {"and so it is with red", HEALTH_CRITICAL, true, STATE_PAUSED, 0},
        {"orange is as bad as lost pods", HEALTH_WARNING, false, STATE_DEGRADED, 0},
        {"unknown is unknown", HEALTH_UNKNOWN, false, STATE_UNKNOWN, 0},
        {"and no rollout explains it", HEALTH_UNKNOWN, true, STATE_UNKNOWN, 0},
        {"red is next to the worst of all states", HEALTH_CRITICAL, false, STATE_FAILED, 1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const int severity = health_severity(rows[i].health, rows[i].explained);
        if (severity != state_severity(rows[i].like) + rows[i].above)
            fail_msg("%s: it is %d, and %s is %d", rows[i].sentence, severity,
                     state_name(rows[i].like), state_severity(rows[i].like));
    }
}

/* Nor is it when nothing is known, whatever explained it before. */
static void what_is_fine_is_about_no_rollout(void **state)
{
    (void)state;
    static const struct scene scene = {"", 0.4, 0.8, 0, "/S/"};
    static const struct {
        const char *poll;
        size_t cause;
    } polls[] = {{"0.1/S/S", 2}, {"0.5/S/P", 1}, {"0.1/S/P", 2}, {"0.5/P/S", 0}, {"fetch/P/S", 2}};
    struct indicator indicator;
    struct rollout rollouts[ROLLOUTS];
    scene_begin(&indicator, rollouts, &scene);
    for (size_t i = 0; i < COUNT(polls); i++) {
        const int64_t now_ms = (int64_t)i * 10000;
        scene_move(rollouts, polls[i].poll, now_ms);
        scene_observe(&indicator, polls[i].poll, now_ms);
        indicator_explain(&indicator, rollouts, now_ms);
        if (indicator.cause != polls[i].cause)
            fail_msg("%s: it is about rollout %zu", polls[i].poll, indicator.cause);
    }
}

static void what_is_not_known_is_of_no_series(void **state)
{
    (void)state;
    static const struct scene scene = {"", 0.4, 0.8, 0, ""};
    static const struct ratio_sample cart = {"{service=\"cart\"}", 0.1, 0};
    static const char *const nothing[] = {"nan", "none", "some", "fetch", "late"};
    struct indicator indicator;
    struct rollout rollouts[ROLLOUTS];
    scene_begin(&indicator, rollouts, &scene);
    for (size_t i = 0; i < COUNT(nothing); i++) {
        indicator_observe(&indicator, &cart, 1, false, 0);
        assert_string_equal(indicator.series, cart.labels);
        scene_observe(&indicator, nothing[i], 1000);
        assert_string_equal(indicator.series, "");
    }
    indicator_observe(&indicator, &cart, 1, false, 2000);
    indicator_start(&indicator, 3000);
    assert_string_equal(indicator.series, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rollout_explains_what_it_causes_and_no_more),
        cmocka_unit_test(values_become_levels),
        cmocka_unit_test(a_start_forgets_all),
        cmocka_unit_test(an_explanation_says_when_it_ends),
        cmocka_unit_test(sentences_say_what_and_why),
        cmocka_unit_test(of_two_that_explain_it_the_first_is_named),
        cmocka_unit_test(its_states_have_the_names_of_the_history),
        cmocka_unit_test(the_worst_series_is_named_and_cannot_steer_a_terminal),
        cmocka_unit_test(why_there_is_no_answer_is_no_word_of_the_servers),
        cmocka_unit_test(what_the_server_says_is_said_beside_the_value),
        cmocka_unit_test(what_the_server_said_is_over_with_its_answer),
        cmocka_unit_test(an_alarm_outshouts_every_rollout_and_what_is_explained_none),
        cmocka_unit_test(what_is_behind_the_last_workload_explains_nothing),
        cmocka_unit_test(each_health_has_its_place_among_the_states),
        cmocka_unit_test(what_is_fine_is_about_no_rollout),
        cmocka_unit_test(a_threshold_is_said_with_its_direction),
        cmocka_unit_test(the_longest_sentence_has_an_end),
        cmocka_unit_test(what_is_not_known_is_of_no_series),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
