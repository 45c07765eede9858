#include "rollout/indicator.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/*
 * A scene in virtual time, one word a poll: SECONDS:VALUE[/ROLLOUT[/ROLLOUT]]=EXPECTED[?WHY].
 * VALUE is a number, "nan", "none", "some" (part of the answer), or "fetch"; a rollout is a letter
 * of `letters`, with "-N" when its newest sample is N seconds old. EXPECTED is ok, warning,
 * critical or unknown, with "*" when it is explained. A rollout keeps its state until the next
 * letter.
 */
struct scene {
    const char *sentence;
    double warning, critical;
    int for_s;
    const char *polls;
};

#define GRACE_S 120
#define ROLLOUTS 2

static const struct {
    char letter;
    enum state state;
} letters[] = {
    {'?', STATE_UNKNOWN},  {'S', STATE_STABLE},         {'P', STATE_PROGRESSING},
    {'L', STATE_STALLED},  {'F', STATE_FAILED},         {'H', STATE_PAUSED},
    {'D', STATE_DEGRADED}, {'Z', STATE_SCALED_TO_ZERO},
};

static const struct {
    const char *word;
    enum indicator_why why;
} whys[] = {
    {"fetch", INDICATOR_FETCH},
    {"none", INDICATOR_NO_SERIES},
    {"nan", INDICATOR_NO_NUMBER},
    {"partial", INDICATOR_PARTIAL},
    {"alone", INDICATOR_ALONE},
    {"idle", INDICATOR_NOTHING_MOVES},
    {"rollout-unknown", INDICATOR_ROLLOUT_UNKNOWN},
    {"before-unknown", INDICATOR_BEFORE_UNKNOWN},
    {"before", INDICATOR_BEFORE},
    {"grace-over", INDICATOR_GRACE_OVER},
    {"lost", INDICATOR_ROLLOUT_LOST_PODS},
    {"stalled", INDICATOR_ROLLOUT_STALLED},
    {"failed", INDICATOR_ROLLOUT_FAILED},
    {"just-ended", INDICATOR_EXPLAINED_STILL},
    {"rolling", INDICATOR_EXPLAINED},
};

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
    {"negative thresholds are thresholds", -10, -20, 0,
     "0:-9=ok 1:-10=warning 2:-20=critical 3:0=ok"},
    {"what is infinite is a number", 0.4, 0.8, 0, "0:inf=critical 1:-inf=ok"},
    {"and falling the other way round", 0.8, 0.4, 0, "0:inf=ok 1:-inf=critical"},
    {"no number, no series, a part of them, no answer", 0.4, 0.8, 0,
     "0:nan=unknown?nan 1:none=unknown?none 2:some=unknown?partial 3:fetch=unknown?fetch 4:0.1=ok"},
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

static const char *const names[ROLLOUTS] = {"cms", "shop"};

static void start(struct indicator *indicator, struct rollout rollouts[ROLLOUTS],
                  const struct scene *scene)
{
    size_t causes = strstr(scene->polls, "/") == NULL ? 0 : strstr(scene->polls, "/S/") ? 2 : 1;
    *indicator = (struct indicator){.name = "ttfb",
                                    .limits = {.warning = scene->warning,
                                               .critical = scene->critical,
                                               .for_ms = scene->for_s * 1000,
                                               .grace_ms = GRACE_S * 1000},
                                    .cause_count = causes};
    for (size_t i = 0; i < ROLLOUTS; i++) {
        rollouts[i] =
            (struct rollout){.verdict = verdict_unknown(WHY_NOT_ASKED), .seen_ms = INT64_MIN};
        snprintf(rollouts[i].name, sizeof rollouts[i].name, "%s", names[i]);
        indicator->causes[i].rollout = i;
    }
    indicator_start(indicator, 0);
    assert_int_equal(indicator->health, HEALTH_UNKNOWN);
    assert_int_equal(indicator->why, INDICATOR_NOT_ASKED);
}

static void observe(struct indicator *indicator, const char *value, int64_t now_ms)
{
    struct ratio_sample samples[4];
    size_t count = 0;
    bool partial = strncmp(value, "some", 4) == 0;
    if (strncmp(value, "fetch", 5) == 0) {
        indicator_observe_failure(indicator, now_ms);
        return;
    }
    if (partial)
        samples[count++] = (struct ratio_sample){.labels = "{}", .value = 0};
    else if (strncmp(value, "none", 4) != 0)
        for (char *end = NULL; end == NULL || *end == ','; value = end + 1)
            samples[count++] = (struct ratio_sample){.labels = "{}", .value = strtod(value, &end)};
    indicator_observe(indicator, samples, count, partial, now_ms);
}

/* The letters after each '/' of a poll, up to its '='. */
static void move(struct rollout rollouts[ROLLOUTS], const char *poll, int64_t now_ms)
{
    size_t end = strcspn(poll, "=");
    for (size_t i = 0, at = strcspn(poll, "/"); at < end;
         i++, at += 1 + strcspn(poll + at + 1, "/")) {
        size_t k = 0;
        while (letters[k].letter != poll[at + 1])
            k++;
        rollouts[i].verdict.state = letters[k].state;
        long age_s = poll[at + 2] == '-' ? strtol(poll + at + 3, NULL, 10) : 0;
        if (letters[k].state != STATE_UNKNOWN)
            rollouts[i].seen_ms = now_ms - age_s * 1000;
    }
}

static bool check(const struct scene *scene, const struct indicator *indicator, const char *poll)
{
    const char *expected = strchr(poll, '=') + 1;
    size_t length = strcspn(expected, " "), word = strcspn(expected, "*? ");
    const char *name = health_name(indicator->health);
    bool right = strlen(name) == word && strncmp(expected, name, word) == 0;
    right = right && indicator->explained == (expected[word] == '*');
    const char *why = memchr(expected, '?', length);
    for (size_t i = 0; why != NULL && i < sizeof whys / sizeof whys[0]; i++)
        if (strlen(whys[i].word) == (size_t)(expected + length - why - 1) &&
            strncmp(whys[i].word, why + 1, strlen(whys[i].word)) == 0)
            right = right && indicator->why == whys[i].why;
    if (!right)
        print_error("%s: at %.*s: %s%s, why %d\n", scene->sentence, (int)strcspn(poll, " "), poll,
                    name, indicator->explained ? ", explained" : "", (int)indicator->why);
    return right;
}

static size_t failures(const struct scene scenes[], size_t count)
{
    size_t failed = 0;
    for (size_t i = 0; i < count; i++) {
        struct indicator indicator;
        struct rollout rollouts[ROLLOUTS];
        start(&indicator, rollouts, &scenes[i]);
        for (const char *poll = scenes[i].polls; *poll != '\0'; poll += strspn(poll, " ")) {
            char *value;
            int64_t now_ms = strtol(poll, &value, 10) * 1000;
            move(rollouts, poll, now_ms);
            observe(&indicator, value + 1, now_ms);
            indicator_explain(&indicator, rollouts, now_ms);
            failed += check(&scenes[i], &indicator, poll) ? 0 : 1;
            poll += strcspn(poll, " ");
        }
    }
    return failed;
}

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

static void a_rollout_explains_what_it_causes_and_no_more(void **state)
{
    (void)state;
    assert_int_equal(failures(explanations, COUNT(explanations)), 0);
    assert_int_equal(failures(held_explanations, COUNT(held_explanations)), 0);
}

static void values_become_levels(void **state)
{
    (void)state;
    assert_int_equal(failures(values, COUNT(values)), 0);
}

static void an_explanation_says_when_it_ends(void **state)
{
    (void)state;
    static const struct scene scene = {"", 0.4, 0.8, 0, "/"};
    struct indicator indicator;
    struct rollout rollouts[ROLLOUTS];
    start(&indicator, rollouts, &scene);
    const struct {
        const char *value, *rollout;
        int64_t now_ms, expiry_ms;
    } rows[] = {
        {"0.1", "/S", 0, INT64_MAX},     {"0.1", "/P", 10000, INT64_MAX},
        {"0.5", "/P", 20000, INT64_MAX}, {"0.5", "/S", 30000, 150000},
        {"0.5", "/S", 149999, 150000},   {"0.5", "/S", 150000, INT64_MAX},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        move(rollouts, rows[i].rollout, rows[i].now_ms);
        observe(&indicator, rows[i].value, rows[i].now_ms);
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
        {{"0.1/S", "0.1/P", "0.5/P"}, "explained by the rollout of cms (0.5, warning from 0.4 up)"},
        {{"0.1/S", "0.9/P", "0.9/S"},
         "explained by the rollout of cms, which has just ended (0.9, critical from 0.8 up)"},
        {{"0.5/S", "0.5/P"},
         "already orange before the rollout of cms began (0.5, warning from 0.4 up)"},
        {{"0.1/S", "0.9/S"},
         "nothing is rolling out that would explain it (0.9, critical from 0.8 up)"},
        {{"0.1/S", "0.5/F"}, "the rollout of cms has failed (0.5, warning from 0.4 up)"},
        {{"0.1/S", "0.5/D"}, "cms has lost pods (0.5, warning from 0.4 up)"},
        {{"none/P"}, "the query finds no series"},
        {{"fetch/?"}, "no usable answer from Prometheus"},
    };
    static const struct scene scene = {"", 0.4, 0.8, 0, "/"};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct indicator indicator;
        struct rollout rollouts[ROLLOUTS];
        char sentence[256];
        start(&indicator, rollouts, &scene);
        for (size_t k = 0; k < 3 && rows[i].polls[k] != NULL; k++) {
            move(rollouts, rows[i].polls[k], (int64_t)k * 10000);
            observe(&indicator, rows[i].polls[k], (int64_t)k * 10000);
            indicator_explain(&indicator, rollouts, (int64_t)k * 10000);
        }
        indicator_sentence(&indicator, rollouts, sentence, sizeof sentence);
        assert_string_equal(sentence, rows[i].sentence);
    }
}

static void the_worst_series_is_named_and_cannot_steer_a_terminal(void **state)
{
    (void)state;
    static const struct scene scene = {"", 0.4, 0.8, 30, ""};
    static const struct ratio_sample samples[] = {{"{service=\"cart\"}", 0.1, 0},
                                                  {"{service=\"pay\x1b[2J\"}", 0.9, 0},
                                                  {"{service=\"web\"}", 0.5, 0}};
    struct indicator indicator;
    struct rollout rollouts[ROLLOUTS];
    char sentence[256];
    start(&indicator, rollouts, &scene);
    indicator_observe(&indicator, samples, 3, false, 0);
    indicator_explain(&indicator, rollouts, 0);
    indicator_sentence(&indicator, rollouts, sentence, sizeof sentence);
    assert_string_equal(sentence, "nothing explains it (0.9 of {service=\"pay?[2J\"}, critical "
                                  "from 0.8 up)");
    indicator_observe(&indicator, samples, 1, false, 10000);
    indicator_explain(&indicator, rollouts, 10000);
    indicator_sentence(&indicator, rollouts, sentence, sizeof sentence);
    assert_string_equal(sentence, "nothing explains it (0.1 of {service=\"cart\"}, critical "
                                  "from 0.8 up for 30 s)");
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rollout_explains_what_it_causes_and_no_more),
        cmocka_unit_test(values_become_levels),
        cmocka_unit_test(an_explanation_says_when_it_ends),
        cmocka_unit_test(sentences_say_what_and_why),
        cmocka_unit_test(the_worst_series_is_named_and_cannot_steer_a_terminal),
        cmocka_unit_test(an_alarm_outshouts_every_rollout_and_what_is_explained_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
