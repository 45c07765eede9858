/*
 * When Prometheus is asked what, and what is told of it: firmware/daemon/source.c with libcurl and
 * a server, in virtual time. A table of what the server does to the rounds about workloads and to
 * the config's own queries, and the moments at which each must be asked then.
 */
#include "daemon/source.h"

#include "daemon/nearby.h"
#include "scenario/asked.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define STEPS_MAX 6
#define TROUBLE_MS 100000 /* so long the server does what the row says; WELL_MS ends that */
#define END_MS 200000
#define DEADLINE_MS 32000 /* four requests' time-outs */

static const char rollouts[] = "rollouts: [{name: web, namespace: shop, deployment: web}]\n";
static const char ttfb[] = "indicators:\n  - {name: ttfb, query: ttfb, warning: 1, critical: 2}\n";
static const char rare_errors[] =
    "  - {name: errors, query: errors, warning: 1, critical: 2, poll_interval: 60s}\n";

/* A round about one Deployment and two own queries, of which the second is asked each minute. */
static const char *usual[3] = {rollouts, ttfb, rare_errors};

/* How long after the question before, or after the beginning, it is asked; the last step goes on
   for ever. */
struct step {
    int64_t least_ms, most_ms; /* 0: no more steps */
};

#define ABOUT(ms)            \
    {                        \
        (ms) - 10, (ms) + 10 \
    } /* libcurl rounds its time-outs */
#define AT(ms)     \
    {              \
        (ms), (ms) \
    }
#define EACH(ms)   \
    {              \
        (ms), (ms) \
    }
#define BETWEEN(least, most) \
    {                        \
        (least), (most)      \
    }
#define EACH_POLL          \
    {                      \
        AT(0), EACH(10000) \
    }
#define EACH_MINUTE        \
    {                      \
        AT(0), EACH(60000) \
    }
#define RARELY                       \
    {                                \
        AT(0), BETWEEN(22500, 37500) \
    } /* somebody has to change something */
#define BACKING_OFF                                                                                \
    {                                                                                              \
        AT(0), BETWEEN(750, 1250), BETWEEN(1500, 2500), BETWEEN(3000, 5000), BETWEEN(6000, 10000), \
            BETWEEN(7500, 10000)                                                                   \
    }

static const struct {
    const char *sentence;
    enum deed does[WHOS];
    struct step steps[WHOS][STEPS_MAX];
    enum poll_failure failure;
    const char *fault; /* how it begins; NULL: there is none */
    bool was_good;     /* a round */
} rows[] = {
    {"what is answered is asked again when it is due",
     {ANSWERS, ANSWERS, ANSWERS},
     {EACH_POLL, EACH_POLL, EACH_MINUTE},
     0,
     NULL,
     true},
    {"a round that cannot be read waits for somebody; own queries do not",
     {REFUSES, ANSWERS, ANSWERS},
     {RARELY, EACH_POLL, {AT(0), EACH(30000)}},
     POLL_FAILURE_QUERY,
     "127.0.0.1",
     false},
    {"an own query that is refused is asked each 30 s, alone",
     {ANSWERS, REFUSES, ANSWERS},
     {EACH_POLL, {AT(0), EACH(30000)}, EACH_MINUTE},
     POLL_FAILURE_QUERY,
     "indicator ttfb: ",
     true},
    {"one that is rare, too, when it is refused",
     {ANSWERS, ANSWERS, REFUSES},
     {EACH_POLL, EACH_POLL, {AT(0), EACH(30000)}},
     POLL_FAILURE_QUERY,
     "indicator errors: ",
     true},
    {"a server that is not available is asked more and more rarely, at last each poll",
     {BREAKS, ANSWERS, ANSWERS},
     {BACKING_OFF, EACH_POLL, {AT(0), EACH(30000)}},
     POLL_FAILURE_ANSWER,
     "127.0.0.1",
     false},
    {"an own query that fails is asked as often as before",
     {ANSWERS, BREAKS, ANSWERS},
     {EACH_POLL, EACH_POLL, EACH_MINUTE},
     POLL_FAILURE_ANSWER,
     "indicator ttfb: ",
     true},
    {"a rare one that fails is not unknown for its minute",
     {ANSWERS, ANSWERS, BREAKS},
     {EACH_POLL, EACH_POLL, {AT(0), EACH(30000)}},
     POLL_FAILURE_ANSWER,
     "indicator errors: ",
     true},
    {"a round without credentials waits for somebody",
     {DENIES, ANSWERS, ANSWERS},
     {RARELY, EACH_POLL, {AT(0), EACH(30000)}},
     POLL_FAILURE_AUTHENTICATION,
     "127.0.0.1",
     false},
    {"an own query without credentials holds up the others: they would fare alike",
     {ANSWERS, ANSWERS, DENIES},
     {EACH_POLL, {AT(0), BETWEEN(22500, 47500)}, {AT(0), BETWEEN(30000, 37500)}},
     POLL_FAILURE_AUTHENTICATION,
     "indicator ",
     true},
    {"a server that asks for time has it",
     {ASKS_TO_WAIT, ANSWERS, ANSWERS},
     {{AT(0), EACH(90000)}, EACH_POLL, {AT(0), EACH(30000)}},
     POLL_FAILURE_ANSWER,
     "127.0.0.1",
     false},
    {"own queries wait for the first round, but for no later one",
     {STAYS_SILENT, ANSWERS, ANSWERS},
     {{AT(0), BETWEEN(8740, 9260), BETWEEN(9490, 10510), BETWEEN(10990, 13010),
       BETWEEN(13990, 18010), BETWEEN(15490, 18010)},
      {ABOUT(8000), ABOUT(10000)},
      {ABOUT(8000), ABOUT(30000)}},
     POLL_FAILURE_TRANSPORT,
     "timed out",
     false},
    {"an own query that is slow is late alone",
     {ANSWERS, ANSWERS, STAYS_SILENT},
     {EACH_POLL, {AT(0), BETWEEN(9990, 16010)}, {AT(0), ABOUT(38000)}},
     POLL_FAILURE_TRANSPORT,
     "indicator errors: timed out",
     true},
    {"a server that hangs up is asked again soon, then each poll",
     {HANGS_UP, ANSWERS, ANSWERS},
     {BACKING_OFF, EACH_POLL, {AT(0), EACH(30000)}},
     POLL_FAILURE_TRANSPORT,
     "",
     false},
    {"where it hangs up on one own query, the others wait a moment",
     {ANSWERS, HANGS_UP, ANSWERS},
     {EACH_POLL, EACH_POLL, {BETWEEN(750, 1250), BETWEEN(60000, 70000)}},
     POLL_FAILURE_TRANSPORT,
     "indicator ttfb: ",
     true},
};

static void fail_row(size_t row, const char *what)
{
    static const char *const names[WHOS] = {"the round", "ttfb", "errors"};
    for (size_t who = 0; who < WHOS; who++) {
        printf("%s was asked at", names[who]);
        for (size_t i = 0; i < server.asked[who]; i++)
            printf(" %lld", (long long)server.asked_ms[who][i]);
        puts("");
    }
    fail_msg("%s: %s", rows[row].sentence, what);
}

static void check_steps(size_t row, enum who who)
{
    const struct step *steps = rows[row].steps[who];
    size_t step = 0;
    int64_t before_ms = 0;
    for (size_t i = 0; i < server.asked[who]; i++) {
        const int64_t after_ms = server.asked_ms[who][i] - before_ms;
        if (after_ms < steps[step].least_ms || after_ms > steps[step].most_ms)
            fail_row(row, "it was asked too soon, or too late");
        before_ms += after_ms;
        if (step + 1 < STEPS_MAX && steps[step + 1].most_ms > 0)
            step++;
    }
    if (before_ms + steps[step].most_ms < TROUBLE_MS)
        fail_row(row, "it was not asked for too long");
}

static void check_report(size_t row, const struct poll_report *report)
{
    const char *fault = rows[row].fault;
    if (!report->asked || report->ok != (fault == NULL))
        fail_row(row, "it is well, and should not be; or it should be");
    if (fault != NULL && report->failure != rows[row].failure)
        fail_row(row, "it is another failure");
    if (strncmp(report->error.text, fault != NULL ? fault : "",
                fault != NULL ? strlen(fault) : 1) != 0)
        fail_row(row, report->error.text);
    if (report->good_ms != (rows[row].was_good ? BEGIN_MS + TROUBLE_MS - 10000 : INT64_MIN))
        fail_row(row, "a round went well at another time");
}

static void each_is_asked_in_its_own_time(void **state)
{
    (void)state;
    static struct scene scene;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        scene_begin(&scene, rows[i].does, usual);
        scene_run_until(&scene, TROUBLE_MS);
        for (int who = 0; who < WHOS; who++)
            check_steps(i, (enum who)who);
        check_report(i, source_report(scene.source));
        if (!source_complete(scene.source))
            fail_row(i, "it is not complete");
        scene_run_until(&scene, END_MS);
        const struct poll_report *report = source_report(scene.source);
        if (!report->ok || BEGIN_MS + END_MS - report->good_ms > 10000)
            fail_row(i, "the server is well again, and nobody says so");
        scene_end(&scene);
    }
}

/* An event for each round that finished and for each own query that was answered. */
static void each_answer_is_an_event(void **state)
{
    (void)state;
    static struct scene scene;
    scene_begin(&scene, (enum deed[WHOS]){ANSWERS}, usual);
    scene_run_until(&scene, 65000);
    assert_int_equal(scene.rounds, 7);
    assert_int_equal(scene.own, 7 + 2);
    assert_int_equal(scene.model.indicators.indicators[1].seen_ms, BEGIN_MS + 60000);
    assert_int_equal(scene.model.rollouts[0].verdict.state, STATE_STABLE);
    scene_end(&scene);
}

static void it_is_complete_when_all_were_heard(void **state)
{
    (void)state;
    static struct scene scene;
    scene_begin(&scene, (enum deed[WHOS]){STAYS_SILENT}, usual);
    scene_run_until(&scene, 4000);
    assert_false(source_complete(scene.source) || source_report(scene.source)->asked);
    assert_int_equal(source_report(scene.source)->good_ms, INT64_MIN);
    assert_int_equal(source_deadline_ms(scene.source), BEGIN_MS + DEADLINE_MS);
    scene_end(&scene);
    scene_begin(&scene, (enum deed[WHOS]){[TTFB] = STAYS_SILENT}, usual);
    scene_run_until(&scene, 4000);
    assert_true(source_report(scene.source)->asked);
    assert_false(source_complete(scene.source));
    assert_int_equal(source_deadline_ms(scene.source), BEGIN_MS + 10000 + DEADLINE_MS);
    scene_run_until(&scene, 9000);
    assert_true(source_complete(scene.source));
    scene_end(&scene);
    for (enum who last = TTFB; last <= ERRORS; last++) { /* of one own query, of two */
        const char *subjects[3] = {rollouts, ttfb, last == TTFB ? "" : rare_errors};
        enum deed does[WHOS] = {ANSWERS};
        does[last] = STAYS_SILENT;
        scene_begin(&scene, does, subjects);
        scene_run_until(&scene, 4000);
        assert_false(source_complete(scene.source));
        scene_end(&scene);
    }
}

/* Without workloads a round asks for the time alone, each minute; what is well is well by the
   rollouts' own queries. */
static void own_queries_alone_are_asked_each_poll(void **state)
{
    (void)state;
    static struct scene scene;
    const char *alone[3] = {"rollouts: [{name: web, query: errors}]\n", "", ""};
    scene_begin(&scene, (enum deed[WHOS]){ANSWERS}, alone);
    scene_run_until(&scene, TROUBLE_MS);
    assert_int_equal(server.asked[ROUND], 2);
    assert_int_equal(server.asked_ms[ROUND][1], 60000);
    assert_in_range(server.asked[ERRORS], 44, 50); /* each 2 s while it moves */
    assert_true(source_report(scene.source)->good_ms >= BEGIN_MS + TROUBLE_MS - 10000);
    assert_true(source_report(scene.source)->ok);
    assert_int_equal(scene.model.rollouts[0].verdict.state, STATE_PROGRESSING);
    scene_end(&scene);
}

/* A failed round says so of every rollout of workloads, and of no other. */
static void a_failed_round_is_no_failure_of_own_queries(void **state)
{
    (void)state;
    static struct scene scene;
    const char *both[3] = {("rollouts: [{name: web, namespace: shop, deployment: web}, "
                            "{name: canary, query: errors}]\n"),
                           "", ""};
    scene_begin(&scene, (enum deed[WHOS]){ANSWERS}, both);
    scene_run_until(&scene, 15000);
    server.does[ROUND] = BREAKS;
    scene_run_until(&scene, 35000);
    const struct rollout *web = &scene.model.rollouts[0], *canary = &scene.model.rollouts[1];
    assert_int_equal(web->verdict.why, WHY_FETCH);
    assert_non_null(strstr(web->detail, "not available (HTTP 503)"));
    assert_null(strstr(web->detail, RETRY_WORDS));
    assert_int_equal(canary->verdict.state, STATE_PROGRESSING);
    scene_end(&scene);
}

/* One that the server hangs up on holds up the others for a moment each time, and no longer the
   tenth time than the first: between two of its failures others were answered. */
static void an_own_query_that_fails_for_long_holds_up_no_longer(void **state)
{
    (void)state;
    static struct scene scene;
    const char *often[3] = {rollouts, ttfb,
                            "  - {name: errors, query: errors, warning: 1, critical: 2}\n"};
    scene_begin(&scene, (enum deed[WHOS]){[TTFB] = HANGS_UP}, often);
    scene_run_until(&scene, TROUBLE_MS);
    assert_in_range(server.asked[TTFB], 9, 11);
    for (size_t i = 1; i < server.asked[ERRORS]; i++) {
        const int64_t after_ms = server.asked_ms[ERRORS][i] - server.asked_ms[ERRORS][i - 1];
        if (after_ms > 10000 + 1250)
            fail_msg("%lld ms after the beginning it was not asked for %lld ms",
                     (long long)server.asked_ms[ERRORS][i], (long long)after_ms);
    }
    scene_end(&scene);
}

/* While rounds fail, an own query that is answered in the midst of one does not make it well. */
static void a_round_under_way_is_no_good_news(void **state)
{
    (void)state;
    static struct scene scene;
    scene_begin(&scene, (enum deed[WHOS]){ANSWERS}, usual);
    scene_run_until(&scene, 15000);
    server.does[ROUND] = STAYS_SILENT;
    scene_run_until(&scene, 28500);
    for (int64_t ms = 28500; ms < 60000; ms += 500) {
        scene_run_until(&scene, ms);
        const struct poll_report *report = source_report(scene.source);
        if (report->ok || report->good_ms != BEGIN_MS + 10000)
            fail_msg("%lld ms after the beginning all seems well", (long long)since_ms());
    }
    scene_end(&scene);
}

/* What is missing is asked after beside it: has it gone, or what exports it? */
static void a_canary_asks_after_what_is_missing(void **state)
{
    (void)state;
    static struct scene scene;
    const char *alone[3] = {rollouts, "", ""};
    static const struct {
        const char *sentence;
        enum deed canary;
        int64_t behind_ms; /* it is */
        bool is_well;
        enum why why;
    } canaries[] = {
        {"the canary says that nothing of its kind is there", ANSWERS, 0, true, WHY_NO_DATA},
        {"the canary fails", BREAKS, 0, false, WHY_PARTIAL},
        {"the canary is as old as may be", ANSWERS, 90000, true, WHY_NO_DATA},
        {"the canary is of before", ANSWERS, 90001, true, WHY_PARTIAL},
    };
    for (size_t i = 0; i < sizeof canaries / sizeof canaries[0]; i++) {
        scene_begin(&scene, (enum deed[WHOS]){ANSWERS}, alone);
        scene_run_until(&scene, 15000);
        assert_int_equal(scene.model.rollouts[0].verdict.state, STATE_STABLE);
        server.way = WAY_EMPTY;
        server.canary = canaries[i].canary;
        server.canary_behind_ms = canaries[i].behind_ms;
        scene_run_until(&scene, 24000);
        const struct poll_report *report = source_report(scene.source);
        const struct rollout *web = &scene.model.rollouts[0];
        if (server.canaries == 0 || report->ok != canaries[i].is_well ||
            web->verdict.state != STATE_UNKNOWN || web->verdict.why != canaries[i].why)
            fail_msg("%s: %zu canaries, %s, %s", canaries[i].sentence, server.canaries,
                     report->error.text, why_sentence(web->verdict.why));
        scene_end(&scene);
    }
}

/* What is missed is looked for nearby: its namespace's names, then other namespaces, and again. */
static void what_is_missed_is_looked_for(void **state)
{
    (void)state;
    static struct scene scene;
    const char *alone[3] = {rollouts, "", ""};
    scene_begin(&scene, (enum deed[WHOS]){ANSWERS}, alone);
    server.way = WAY_EMPTY;
    scene_run_until(&scene, 5000);
    assert_true(source_complete(scene.source));
    const size_t first = server.looks;
    scene_run_until(&scene, NEARBY_AGAIN_MS - 5000);
    const size_t then = server.looks;
    scene_run_until(&scene, NEARBY_AGAIN_MS + 15000);
    if (first != 2 || then != 2 || server.looks != 4)
        fail_msg("it is looked for %zu times, %zu, %zu", first, then, server.looks);
    scene_end(&scene);
}

/* A password that cannot be read: nothing is sent, and the reason is told. */
static void what_cannot_be_asked_is_told(void **state)
{
    (void)state;
    static struct scene scene;
    scene_begin(&scene, (enum deed[WHOS]){ANSWERS}, usual);
    struct prometheus_settings *settings = &scene.config->prometheus;
    scene_run_until(&scene, 15000);
    text_copy(settings->bearer_token_file, sizeof settings->bearer_token_file, "/nowhere/token");
    scene_run_until(&scene, 25000);
    const struct poll_report *report = source_report(scene.source);
    assert_false(report->ok);
    assert_int_equal(report->failure, POLL_FAILURE_LOCAL);
    if (strstr(report->error.text, "cannot read bearer_token_file") == NULL)
        fail_msg("it says '%s'", report->error.text);
    assert_int_equal(scene.model.rollouts[0].verdict.why, WHY_FETCH);
    assert_int_equal(scene.model.indicators.indicators[0].why, INDICATOR_FETCH);
    assert_int_equal(server.asked[ROUND], 2);
    settings->bearer_token_file[0] = '\0';
    scene_run_until(&scene, 70000);
    assert_true(source_report(scene.source)->ok);
    scene_end(&scene);
}

/* What a round shows to lack for all that it is good; where other queries stand beside it, too. */
static void a_good_round_is_remarked_on(void **state)
{
    (void)state;
    static struct scene scene;
    const char *two[3] = {("rollouts: [{name: canary, query: errors}, "
                           "{name: web, namespace: shop, deployment: web}]\n"),
                          "", ""};
    scene_begin(&scene, (enum deed[WHOS]){ANSWERS}, two);
    scene_run_until(&scene, 15000);
    const struct poll_report *report = source_report(scene.source);
    assert_true(report->ok);
    assert_int_equal(scene.model.rollouts[0].verdict.state, STATE_PROGRESSING);
    assert_int_equal(scene.model.rollouts[1].verdict.state, STATE_STABLE);
    assert_int_equal(scene.model.rollouts[1].seen_ms, BEGIN_MS + 10000);
    if (strstr(report->remark.text, "no Deployment shows the condition Progressing") == NULL)
        fail_msg("it remarks '%s'", report->remark.text);
    scene_end(&scene);
}

/* A server that asked for time has it once: what fails after that is asked again soon. */
static void what_it_asked_for_once_is_no_habit(void **state)
{
    (void)state;
    static struct scene scene;
    const char *alone[3] = {rollouts, "", ""};
    scene_begin(&scene, (enum deed[WHOS]){[ROUND] = ASKS_TO_WAIT}, alone);
    scene_run_until(&scene, 80000);
    assert_int_equal(server.asked[ROUND], 1);
    server.does[ROUND] = HANGS_UP; /* after 90 s, and about 2 s and 4 s later */
    scene_run_until(&scene, TROUBLE_MS);
    assert_in_range(server.asked[ROUND], 4, 5);
    scene_end(&scene);
}

/* A question about what is near, which is not answered, is no round, and holds up none. */
static void rounds_go_on_while_it_is_looked_for(void **state)
{
    (void)state;
    static struct scene scene;
    const char *two[3] = {rollouts, ttfb, ""};
    scene_begin(&scene, (enum deed[WHOS]){ANSWERS}, two);
    scene.config->prometheus.timeout_ms = 25000;
    server.way = WAY_EMPTY;
    server.look = STAYS_SILENT;
    scene_run_until(&scene, 24000);
    assert_int_equal(server.looks, 1);
    assert_int_equal(server.asked[TTFB], 1); /* it waits as for any own query */
    assert_false(source_complete(scene.source));
    assert_int_equal(scene.rounds, 3);
    assert_true(source_report(scene.source)->ok);
    assert_int_equal(scene.model.rollouts[0].verdict.why, WHY_NO_DATA);
    scene_run_until(&scene, 36000);
    assert_int_equal(server.looks, 1); /* given up, for now */
    assert_int_equal(server.asked[TTFB], 3);
    assert_true(source_complete(scene.source));
    assert_true(source_report(scene.source)->ok);
    scene_end(&scene);
}

/* What moves is asked after sooner, and no longer than it moves. */
static void what_moves_is_asked_after_more_often(void **state)
{
    (void)state;
    static struct scene scene;
    scene_begin(&scene, (enum deed[WHOS]){ANSWERS}, usual);
    scene_run_until(&scene, 15000);
    server.way = WAY_ROLLING;
    scene_run_until(&scene, 41000);
    const size_t rounds = server.asked[ROUND], own = server.asked[TTFB];
    server.way = WAY_STABLE;
    scene_run_until(&scene, 101000);
    const size_t then = server.asked[ROUND] - rounds;
    if (rounds < 12 || own < 10 || then > 10)
        fail_msg("%zu rounds and %zu own queries, then %zu rounds", rounds, own, then);
    scene_end(&scene);
}

/* What a server that has fallen behind says of workloads is as old as that, and no longer than it
   is behind. */
static void an_answer_from_behind_is_dated(void **state)
{
    (void)state;
    static struct scene scene;
    static const int64_t behind_ms[] = {0, 3000, 9000, 0, 2000};
    const char *alone[3] = {rollouts, "", ""};
    scene_begin(&scene, (enum deed[WHOS]){ANSWERS}, alone);
    scene_run_until(&scene, 5000);
    for (size_t i = 0; i < sizeof behind_ms / sizeof behind_ms[0]; i++) {
        const int64_t asked_ms = 10000 * (int64_t)(i + 1);
        server.behind_ms = behind_ms[i];
        scene_run_until(&scene, asked_ms + 5000);
        const int64_t seen_ms = scene.model.rollouts[0].seen_ms - BEGIN_MS;
        if (seen_ms != asked_ms - behind_ms[i])
            fail_msg("%lld ms behind, what was asked at %lld ms is of %lld ms",
                     (long long)behind_ms[i], (long long)asked_ms, (long long)seen_ms);
    }
    scene_end(&scene);
}

/* An own query's answer from a cache counts from when it was made. */
static void an_old_answer_ends_sooner(void **state)
{
    (void)state;
    static struct scene scene;
    scene_begin(&scene, (enum deed[WHOS]){ANSWERS}, usual);
    server.age = "Age: 7\r\n";
    scene_run_until(&scene, 5000);
    const struct indicator *indicators = scene.model.indicators.indicators;
    assert_int_equal(indicators[0].seen_ms, BEGIN_MS);
    assert_int_equal(indicators[1].seen_ms, BEGIN_MS - 7000);
    assert_int_equal(indicators[1].health, HEALTH_OK);
    scene_end(&scene);
}

/* How many there are is asked before all of them are asked for, and after a failure anew. */
static void they_are_counted_until_it_is_known_that_they_are_few(void **state)
{
    (void)state;
    static struct scene scene;
    const char *all[3] = {"rollouts: [{name: shop, namespace: shop}]\n", "", ""};
    scene_begin(&scene, (enum deed[WHOS]){ANSWERS}, all);
    scene_run_until(&scene, 25000);
    assert_int_equal(scene.rounds, 3);
    assert_int_equal(server.counts, 1);
    assert_int_equal(server.asked[ROUND], 4);
    assert_int_equal(scene.model.rollouts[0].verdict.state, STATE_STABLE);
    server.does[ROUND] = BREAKS;
    scene_run_until(&scene, 31500);
    const size_t counts = server.counts;
    server.does[ROUND] = ANSWERS;
    scene_run_until(&scene, 50000);
    if (counts != 2 || server.counts != 3)
        fail_msg("they were counted %zu times, then %zu", counts, server.counts);
    assert_int_equal(scene.model.rollouts[0].verdict.state, STATE_STABLE);
    scene_end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_asked_in_its_own_time),
        cmocka_unit_test(each_answer_is_an_event),
        cmocka_unit_test(it_is_complete_when_all_were_heard),
        cmocka_unit_test(a_round_under_way_is_no_good_news),
        cmocka_unit_test(a_canary_asks_after_what_is_missing),
        cmocka_unit_test(what_is_missed_is_looked_for),
        cmocka_unit_test(what_cannot_be_asked_is_told),
        cmocka_unit_test(a_good_round_is_remarked_on),
        cmocka_unit_test(own_queries_alone_are_asked_each_poll),
        cmocka_unit_test(an_own_query_that_fails_for_long_holds_up_no_longer),
        cmocka_unit_test(a_failed_round_is_no_failure_of_own_queries),
        cmocka_unit_test(what_it_asked_for_once_is_no_habit),
        cmocka_unit_test(rounds_go_on_while_it_is_looked_for),
        cmocka_unit_test(what_moves_is_asked_after_more_often),
        cmocka_unit_test(an_answer_from_behind_is_dated),
        cmocka_unit_test(an_old_answer_ends_sooner),
        cmocka_unit_test(they_are_counted_until_it_is_known_that_they_are_few),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
