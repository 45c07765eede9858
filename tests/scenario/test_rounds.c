/*
 * What is told of a round beside its rows, what is looked for nearby where something is missed, and
 * that boards do not come back in step: firmware/daemon/source.c with libcurl and a server.
 */
#include "daemon/source.h"

#include "scenario/asked.h"

#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define CANNOT 77
#define BOARDS 4

static const char *alone[3] = {"rollouts: [{name: web, namespace: shop, deployment: web}]\n", "",
                               ""};
static const char *usual[3] = {
    "rollouts: [{name: web, namespace: shop, deployment: web}]\n",
    "indicators:\n  - {name: ttfb, query: ttfb, warning: 1, critical: 2}\n", ""};

static const char *both[3] = {
    "rollouts: [{name: web, namespace: shop, deployment: web}]\n",
    "indicators:\n  - {name: ttfb, query: ttfb, warning: 1, critical: 2}\n",
    "  - {name: errors, query: errors, warning: 1, critical: 2}\n"};

static void wait_for(struct scene *scene, enum source_event event)
{
    const int64_t end_ms = since_ms() + 60000;
    struct pollfd fds[] = {{.fd = -1}};
    while (since_ms() < end_ms)
        if (source_wait(scene->source, fds, 1, BEGIN_MS + end_ms) == event)
            return;
    fail_msg("it has not happened");
}

/* A server whose clock goes back is believed, by the nonce, and remarked on. */
static void a_clock_that_goes_back_is_remarked_on(void **state)
{
    (void)state;
    static struct scene scene;
    static const char words[] = "what Prometheus answers is over 90 s older than it looks: ";
    scene_begin(&scene, (enum deed[WHOS]){ANSWERS}, alone);
    scene_run_until(&scene, 15000);
    assert_null(strstr(source_report(scene.source)->remark.text, words));
    server.behind_ms = 95000;
    scene_run_until(&scene, 25000);
    const struct poll_report *report = source_report(scene.source);
    if (!report->ok || strncmp(report->remark.text, words, strlen(words)) != 0)
        fail_msg("'%s', and it remarks '%s'", report->error.text, report->remark.text);
    server.behind_ms = 0;
    scene_run_until(&scene, 35000);
    assert_null(strstr(source_report(scene.source)->remark.text, words));
    scene_end(&scene);
}

/* Also what the config asks for and Prometheus has not loaded. */
static void rules_that_are_not_there_are_remarked_on(void **state)
{
    (void)state;
    static struct scene scene;
    struct error error;
    const char *all[3] = {"rollouts: [{name: shop, namespace: shop}]\n", "", ""};
    scene_begin(&scene, (enum deed[WHOS]){ANSWERS}, all);
    source_close(scene.source);
    scene.config->prometheus.recording_rules = true;
    const struct source_subjects subjects = model_subjects(&scene.model);
    scene.source = source_open(scene.config, &subjects, &error);
    server.way = WAY_EMPTY;
    scene_run_until(&scene, 5000);
    const struct poll_report *report = source_report(scene.source);
    if (!report->ok || strstr(report->remark.text, "load amberbar.rules.yml") == NULL)
        fail_msg("'%s', and it remarks '%s'", report->error.text, report->remark.text);
    assert_int_equal(scene.model.rollouts[0].verdict.state, STATE_UNKNOWN);
    scene_end(&scene);
}

/* Rows of before beside a nonce and a sample's time of now: good, and not known to be true now. */
static void what_is_merged_is_as_old_as_its_oldest_row(void **state)
{
    (void)state;
    static struct scene scene;
    scene_begin(&scene, (enum deed[WHOS]){ANSWERS}, alone);
    prometheus.kept_ms = 500000;
    scene_run_until(&scene, 5000);
    assert_true(source_report(scene.source)->asked);
    assert_int_equal(scene.model.rollouts[0].verdict.state, STATE_UNKNOWN); /* also as the first */
    prometheus.kept_ms = 0;
    scene_run_until(&scene, 35000);
    assert_int_equal(scene.model.rollouts[0].verdict.state, STATE_STABLE);
    prometheus.kept_ms = 500000;
    scene_run_until(&scene, 45000);
    const enum state merged = scene.model.rollouts[0].verdict.state;
    if (merged != STATE_UNKNOWN)
        fail_msg("rows of before are %s", state_name(merged));
    scene_end(&scene);
}

/* Its exit status: 0 when the round's cause is that, and only then. */
static int ask_without_network(void)
{
    static struct scene scene;
    scene_begin(&scene, (enum deed[WHOS]){ANSWERS}, alone);
    if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
        return CANNOT;
    scene_run_until(&scene, 5000);
    const struct poll_report *report = source_report(scene.source);
    const bool told = report->asked && !report->ok && report->failure == POLL_FAILURE_TRANSPORT;
    return told && report->cause == WHY_NO_NETWORK ? 0 : 1;
}

static void a_round_without_network_says_so(void **state)
{
    (void)state;
    int status;
    fflush(stdout);
    const pid_t child = fork();
    if (child == 0)
        _exit(ask_without_network());
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == CANNOT)
        skip(); /* no namespaces here */
    assert_int_equal(WEXITSTATUS(status), 0);
}

/* What a cache has kept for too long is refused each time, and counted. */
static void what_is_refused_is_counted(void **state)
{
    (void)state;
    static struct scene scene;
    scene_begin(&scene, (enum deed[WHOS]){ANSWERS}, both);
    server.age = "Age: 500\r\n";
    scene_run_until(&scene, 25000);
    const struct indicator *errors = &scene.model.indicators.indicators[1];
    assert_int_equal(server.asked[ERRORS], 3);
    assert_int_equal(scene.model.evidence->refused[EVIDENCE_CLOCK], 3);
    assert_int_equal(errors->health, HEALTH_UNKNOWN);
    const struct poll_report *report = source_report(scene.source);
    if (report->ok || strstr(report->error.text, "indicator errors: its answer is over ") == NULL)
        fail_msg("it says '%s'", report->error.text);
    scene_end(&scene);
}

/* Its memory, in which a token is, is nobody else's to read. */
static void a_secret_is_kept_from_other_programs(void **state)
{
    (void)state;
    static struct scene scene;
    struct error error;
    scene_begin(&scene, (enum deed[WHOS]){ANSWERS}, alone);
    const int before = prctl(PR_GET_DUMPABLE);
    struct prometheus_settings *settings = &scene.config->prometheus;
    text_copy(settings->bearer_token, sizeof settings->bearer_token, "t0ken");
    const struct source_subjects subjects = model_subjects(&scene.model);
    struct source *source = source_open(scene.config, &subjects, &error);
    const int with_secret = prctl(PR_GET_DUMPABLE);
    prctl(PR_SET_DUMPABLE, before);
    source_close(source);
    scene_end(&scene);
    assert_non_null(source);
    assert_int_equal(with_secret, 0);
    assert_int_equal(before, 1);
}

/* What failed before it was well does not count when it fails again. */
static void a_new_failure_is_asked_about_soon(void **state)
{
    (void)state;
    static struct scene scene;
    scene_begin(&scene, (enum deed[WHOS]){[ROUND] = BREAKS}, alone);
    scene_run_until(&scene, 40000);
    server.does[ROUND] = ANSWERS;
    scene_run_until(&scene, 70000);
    assert_true(source_report(scene.source)->ok);
    server.does[ROUND] = BREAKS;
    scene_run_until(&scene, 90000);
    int64_t fails_ms = INT64_MAX;
    for (size_t i = 0; i < server.asked[ROUND]; i++)
        if (server.asked_ms[ROUND][i] >= 70000 && fails_ms == INT64_MAX)
            fails_ms = server.asked_ms[ROUND][i];
        else if (server.asked_ms[ROUND][i] > fails_ms) {
            assert_in_range(server.asked_ms[ROUND][i] - fails_ms, 750, 1250);
            break;
        }
    assert_true(fails_ms < 81000);
    scene_end(&scene);
}

static void run_by_steps(struct scene *scene, int64_t end_ms)
{
    for (int64_t ms = since_ms(); ms <= end_ms; ms += 500)
        scene_run_until(scene, ms);
}

/* Each answer takes its time: what it says was so when the first question was sent, and counts from
   then [T1]. */
static void what_takes_long_is_as_old_as_its_question(void **state)
{
    (void)state;
    static struct scene scene;
    const char *all[3] = {"rollouts: [{name: shop, namespace: shop}]\n", usual[1], ""};
    scene_begin(&scene, (enum deed[WHOS]){ANSWERS}, all);
    prometheus.late_ms = 3000;
    run_by_steps(&scene, 8500);
    const struct rollout *shop = &scene.model.rollouts[0];
    assert_int_equal(server.counts, 1);
    assert_int_equal(server.asked[ROUND], 2); /* how many there are, then their rows */
    assert_int_equal(shop->verdict.state, STATE_STABLE);
    assert_int_equal(shop->seen_ms, BEGIN_MS);
    run_by_steps(&scene, 9500); /* an own query, once the round is over */
    assert_int_equal(server.asked[TTFB], 1);
    assert_int_equal(scene.model.indicators.indicators[0].health, HEALTH_OK);
    assert_in_range(scene.model.indicators.indicators[0].seen_ms - BEGIN_MS, 6000, 6200);
    run_by_steps(&scene, 14000);
    assert_int_equal(server.asked[ROUND], 3);
    assert_int_equal(shop->seen_ms, BEGIN_MS + 10000);
    scene_end(&scene);
}

/* An own query that fails when nearly all of its 8 s are over is slow, and holds up no other; where
   one fails sooner the server is not well. (libcurl asks anew once, where it is hung up on.) */
static void what_fails_late_is_slow(void **state)
{
    (void)state;
    static struct scene scene;
    static const int64_t late_ms[] = {50, 3400, 3550, 3650, 7300};
    size_t slow = 0, quick = 0;
    for (size_t i = 0; i < sizeof late_ms / sizeof late_ms[0]; i++) {
        scene_begin(&scene, (enum deed[WHOS]){[TTFB] = HANGS_UP}, both);
        prometheus.late_ms = late_ms[i];
        prometheus.late_for = "ttfb";
        const struct indicator *failed = &scene.model.indicators.indicators[0];
        for (int64_t ms = late_ms[i]; failed->why != INDICATOR_FETCH; ms++) {
            scene_run_until(&scene, ms);
            ms += ms % late_ms[i] == 1 ? late_ms[i] - 2 : 0; /* nothing comes between */
        }
        const int64_t after_ms = since_ms();
        scene_run_until(&scene, after_ms + 1500);
        const int64_t held_ms = server.asked_ms[ERRORS][0] - after_ms;
        const bool is_slow = after_ms >= 7200;
        slow += is_slow;
        quick += !is_slow;
        if (server.asked[ERRORS] == 0 || (is_slow ? held_ms > 100 : held_ms < 700))
            fail_msg("it failed after %lld ms, and the other was asked %lld ms later",
                     (long long)after_ms, (long long)held_ms);
        scene_end(&scene);
    }
    assert_true(slow >= 2 && quick >= 1);
}

/* All is known when what is missed was looked for; what is there instead is the hint. */
static void what_is_near_is_the_hint(void **state)
{
    (void)state;
    static struct scene scene;
    scene_begin(&scene, (enum deed[WHOS]){ANSWERS}, alone);
    server.way = WAY_EMPTY;
    server.near = "\"namespace\":\"shop\",\"deployment\":\"wbe\","
                  "\"m\":\"kube_deployment_spec_replicas\"";
    wait_for(&scene, SOURCE_ROUND);
    assert_true(source_report(scene.source)->asked);
    assert_false(source_complete(scene.source)); /* it was not looked for yet */
    wait_for(&scene, SOURCE_OWN);
    assert_true(source_complete(scene.source));
    assert_int_equal(server.looks, 1);
    assert_string_equal(scene.model.rollouts[0].hint,
                        "no Deployment web in shop (there is wbe); did you mean wbe?");
    scene_end(&scene);
}

/* A look that cannot even be asked for holds up nothing after it. */
static void what_cannot_be_looked_for_is_given_up(void **state)
{
    (void)state;
    static struct scene scene;
    scene_begin(&scene, (enum deed[WHOS]){ANSWERS}, usual);
    struct prometheus_settings *settings = &scene.config->prometheus;
    server.way = WAY_EMPTY;
    wait_for(&scene, SOURCE_ROUND);
    wait_for(&scene, SOURCE_OWN);
    assert_false(source_complete(scene.source));
    text_copy(settings->bearer_token_file, sizeof settings->bearer_token_file, "/nowhere/token");
    scene_run_until(&scene, 5000);
    assert_true(source_complete(scene.source));
    settings->bearer_token_file[0] = '\0';
    scene_run_until(&scene, 25000);
    assert_int_equal(server.looks, 0); /* for now */
    assert_int_equal(server.asked[ROUND], 3);
    assert_int_equal(server.asked[TTFB], 3);
    scene_end(&scene);
}

/* How long a board waits before it goes on, when a server hangs up on the first question. */
static int64_t held_up_ms(enum who hung_up, enum who waits)
{
    static struct scene scene;
    enum deed does[WHOS] = {ANSWERS};
    does[hung_up] = HANGS_UP;
    scene_begin(&scene, does, both);
    scene_run_until(&scene, 5000);
    scene_end(&scene);
    return server.asked_ms[waits][waits == hung_up];
}

/* The spread is of each process's own. */
static void boards_do_not_come_back_in_step(void **state)
{
    (void)state;
    int64_t ms[BOARDS][2];
    int ends[2], status;
    size_t rounds = 0, own = 0; /* that differ from the first board's */
    assert_int_equal(pipe(ends), 0);
    fflush(stdout);
    for (size_t i = 0; i < BOARDS; i++) {
        const pid_t child = fork();
        if (child == 0) {
            ms[i][0] = held_up_ms(ROUND, ROUND);
            ms[i][1] = held_up_ms(TTFB, ERRORS);
            _exit(write(ends[1], ms[i], sizeof ms[i]) == sizeof ms[i] ? 0 : 1);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
        assert_int_equal(read(ends[0], ms[i], sizeof ms[i]), sizeof ms[i]);
        assert_in_range(ms[i][0], 750, 1250);
        assert_in_range(ms[i][1], 750, 1250);
        rounds += ms[i][0] != ms[0][0];
        own += ms[i][1] != ms[0][1];
    }
    close(ends[0]);
    close(ends[1]);
    if (rounds == 0 || own == 0)
        fail_msg("all wait for %d ms, and own queries for %d ms", (int)ms[0][0], (int)ms[0][1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clock_that_goes_back_is_remarked_on),
        cmocka_unit_test(rules_that_are_not_there_are_remarked_on),
        cmocka_unit_test(what_is_merged_is_as_old_as_its_oldest_row),
        cmocka_unit_test(a_round_without_network_says_so),
        cmocka_unit_test(what_is_refused_is_counted),
        cmocka_unit_test(a_secret_is_kept_from_other_programs),
        cmocka_unit_test(a_new_failure_is_asked_about_soon),
        cmocka_unit_test(what_takes_long_is_as_old_as_its_question),
        cmocka_unit_test(what_fails_late_is_slow),
        cmocka_unit_test(what_is_near_is_the_hint),
        cmocka_unit_test(what_cannot_be_looked_for_is_given_up),
        cmocka_unit_test(boards_do_not_come_back_in_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
