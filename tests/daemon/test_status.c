/*
 * The status file, whole: status.json and bad_day.json beside this are what other programs read
 * (names and shapes are promised), in one line as it is written.
 */
#include "daemon/status.h"

#include "daemon/bad_day.h"
#include "daemon/four_pods.h"
#include "daemon/open_files.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define T_MS INT64_C(1700000000000)
#define NOBODY 65534 /* a user who is not root */

/* Two rollouts, of which one has two Deployments, and two indicators, one of them known.
 */
static struct rollout_settings rollouts[] = {
    {.name = "shop", .kinds = KIND_BIT(KIND_DEPLOYMENT), .namespace_ = "shop", .max_workloads = 4},
    {.name = "cms", .kinds = KIND_BIT(KIND_DEPLOYMENT), .namespace_ = "cms", .max_workloads = 4}};
static struct indicator_settings indicators[] = {{.name = "errors", .query = "a"},
                                                 {.name = "ttfb", .query = "b"}};

static void observe(struct model *model, int64_t now_ms, int64_t generation, int64_t updated)
{
    struct row rows[] = {four_pods("api", now_ms, generation, updated),
                         four_pods("web", now_ms, generation, 4)};
    const struct answer answer = {
        .eval_ms = now_ms, .rows = rows, .count = 2, .kind_alive = {[KIND_DEPLOYMENT] = true}};
    const struct answer nothing = {.eval_ms = now_ms, .kind_alive = {[KIND_DEPLOYMENT] = true}};
    const struct poll_report report = {.asked = true, .ok = true, .good_ms = now_ms};
    const struct ratio_sample sample = {.labels = "{}", .value = 0.5};
    rollout_observe(&model->rollouts[0], &answer, 0, now_ms);
    rollout_observe(&model->rollouts[1], &nothing, 0, now_ms);
    indicator_observe(&model->indicators.indicators[0], &sample, 1, false, now_ms);
    model_take(model, &report, now_ms);
}

static void the_file_is_as_promised(void **state)
{
    (void)state;
    static struct model model;
    struct config config = {.rollouts = rollouts,
                            .rollout_count = 2,
                            .indicators = indicators,
                            .indicator_count = 2,
                            .prometheus = {.poll_interval_ms = 10000}};
    struct pixel pixels[] = {{UINT16_MAX, 0, 0}, {0, UINT16_MAX, 0}};
    const struct frame frame = {.pixels = pixels, .count = 2, .text = "50"};
    struct poll_report report = {.asked = true, .ok = true, .good_ms = 20000};
    struct error error;
    struct text text = {0};
    for (size_t i = 0; i < 2; i++) {
        rollouts[i].limits = limits_default;
        indicators[i].limits = (struct indicator_limits){.warning = 0.4, .critical = 0.8};
    }
    setenv("TZ", "UTC", 1);
    assert_true(model_start(&model, &config, 0, &error));
    observe(&model, 10000, 1, 4);
    observe(&model, 20000, 2, 1);
    for (size_t i = 0; i < model.history.count; i++) /* which took the time of this machine */
        model.history.transitions[i].at_ms = T_MS - 1000 * (int64_t)i;
    error_set(&report.remark, "a \"remark\"");
    const struct status_view view = {.model = &model,
                                     .report = &report,
                                     .frame = &frame,
                                     .output_fault = "strip: gone",
                                     .limited = true,
                                     .now_ms = 22500,
                                     .realtime_ms = T_MS,
                                     .valid_ms = 30000};
    status_render(&view, &text);
    expect_file("status.json", text.data);
    text_free(&text);
    model_stop(&model);
}

static void a_bad_day_is_told_whole(void **state)
{
    (void)state;
    static struct model model;
    struct pixel pixels[] = {{0, 0, 0}};
    const struct frame frame = {.pixels = pixels, .count = 1};
    struct text text = {0};
    setenv("TZ", "CET-1", 1);
    bad_day_start(&model);
    const struct status_view view = {.model = &model,
                                     .report = &bad_day_report,
                                     .frame = &frame,
                                     .night = true,
                                     .reload_fault = "line 3: no such key",
                                     .now_ms = BAD_DAY_MS,
                                     .realtime_ms = BAD_DAY_REALTIME_MS,
                                     .valid_ms = 60000};
    status_render(&view, &text);
    expect_file("bad_day.json", text.data);
    text_free(&text);
    model_stop(&model);
}

/* What the status says of a poll. */
static const struct {
    const char *sentence;
    struct poll_report report;
    const char *words;
} polls[] = {
    {"before the first nothing is well, and nothing has failed",
     {.ok = true, .good_ms = INT64_MIN},
     "\"poll\":{\"ok\":false,\"age_s\":null,\"error\":null,\"remark\":null}"},
    {"a good one",
     {.asked = true, .ok = true, .good_ms = BAD_DAY_MS},
     "\"poll\":{\"ok\":true,\"age_s\":0.0,\"error\":null,\"remark\":null}"},
    {"one of two hours ago",
     {.asked = true, .good_ms = BAD_DAY_MS - 7200000},
     "\"poll\":{\"ok\":false,\"age_s\":7200.0,\"error\":null,\"remark\":null}"},
    {"one that failed, after none that went well",
     {.asked = true, .error = {"no"}, .good_ms = INT64_MIN},
     "\"poll\":{\"ok\":false,\"age_s\":null,\"error\":\"no\",\"remark\":null}"},
};

static void polls_are_told(void **state)
{
    (void)state;
    static struct model model;
    const struct frame frame = {.count = 0};
    bad_day_start(&model);
    for (size_t i = 0; i < sizeof polls / sizeof polls[0]; i++) {
        struct text text = {0};
        const struct status_view view = {
            .model = &model, .report = &polls[i].report, .frame = &frame, .now_ms = BAD_DAY_MS};
        status_render(&view, &text);
        if (strstr(text.data, polls[i].words) == NULL)
            fail_msg("%s: there is no\n%s\nin\n%s", polls[i].sentence, polls[i].words, text.data);
        text_free(&text);
    }
    model_stop(&model);
}

/* Of the first workloads, in whole seconds. */
static void expect_left(const char *status)
{
    static const char *const words[] = {
        "\"time_left_s\":null", "\"time_left_s\":0,", "\"time_left_s\":0,", "\"time_left_s\":1,",
        "\"time_left_s\":1,",   "\"time_left_s\":2,", "\"time_left_s\":61,"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        char name[32];
        snprintf(name, sizeof name, "\"name\":\"w%zu.\"", i);
        const char *at = strstr(status, name);
        const char *left = at != NULL ? strstr(at, "\"time_left_s\"") : NULL;
        if (left == NULL || strncmp(left, words[i], strlen(words[i])) != 0)
            fail_msg("%s has not %s", name, words[i]);
    }
}

/* First those that are not settled, then as many others as there is room for. */
static void of_many_workloads_the_unsettled_come_first(void **state)
{
    (void)state;
    static struct rollout_settings many = {
        .name = "all", .kinds = KIND_BIT(KIND_DEPLOYMENT), .namespace_ = ".*"};
    static struct model model;
    const struct config config = {.rollouts = &many, .rollout_count = 1};
    const struct frame frame = {.count = 0};
    const struct poll_report report = {.good_ms = INT64_MIN};
    struct error error;
    struct text text = {0};
    many.max_workloads = STATUS_WORKLOADS_MAX + 2;
    assert_true(model_start(&model, &config, 0, &error));
    struct rollout *rollout = &model.rollouts[0];
    rollout->count = STATUS_WORKLOADS_MAX + 2;
    for (size_t i = 0; i < rollout->count; i++) {
        const bool last = i + 1 == rollout->count;
        rollout->workloads[i].verdict.state = last ? STATE_FAILED : STATE_STABLE;
        snprintf(rollout->workloads[i].name, WORKLOAD_NAME_SIZE, "w%zu.", i);
    }
    static const int64_t left_ms[] = {0, 1, 499, 500, 1499, 1500, 61000};
    for (size_t i = 0; i < sizeof left_ms / sizeof left_ms[0]; i++)
        rollout->workloads[i].time_left.left_ms = left_ms[i];
    struct workload *seventh = &rollout->workloads[7];
    seventh->time_left.runs = true;
    seventh->time_left.usual = (struct usual_time){1, {.total_s = 7200}};
    strcpy(seventh->cluster, "c");
    const struct status_view view = {.model = &model, .report = &report, .frame = &frame};
    status_render(&view, &text);
    expect_left(text.data);
    const char *shown = strstr(text.data, "\"cluster\":\"c\",\"namespace\":\"\",\"name\":\"w7.\"");
    const char *usual = shown != NULL ? strstr(shown, "\"usual_s\":") : NULL;
    assert_non_null(usual);
    assert_memory_equal(usual, "\"usual_s\":7200}", strlen("\"usual_s\":7200}"));
    size_t listed = 0;
    for (const char *at = text.data; (at = strstr(at, "\"name\":\"w")) != NULL; at++)
        listed++;
    assert_int_equal(listed, STATUS_WORKLOADS_MAX);
    const char *first = strstr(text.data, "\"name\":\"w");
    assert_memory_equal(first, "\"name\":\"w101.", strlen("\"name\":\"w101."));
    assert_non_null(strstr(text.data, "w98."));
    assert_null(strstr(text.data, "w99."));
    assert_non_null(strstr(text.data, "\"workloads_total\":102"));
    text_free(&text);
    model_stop(&model);
}

/* Which folder the environment names. */
static const struct {
    const char *sentence;
    const char *runtime, *user; /* NULL: not set */
    const char *folder;         /* NULL: none, but for root, whose it is in any case */
} folders[] = {
    {"the service's", "/run/one", "/run/user/7", "/run/one"},
    {"the first of several", "/run/one:/run/two", NULL, "/run/one"},
    {"a user's own", NULL, "/run/user/7", "/run/user/7/amberbar"},
    {"what is empty names none", "", "/run/user/7", "/run/user/7/amberbar"},
    {"nor does what begins with an empty one", ":/run/two", NULL, NULL},
    {"a user's, of one letter", NULL, "/", "//amberbar"},
    {"the service's, of one letter", "/", NULL, "/"},
    {"nobody's", NULL, NULL, NULL},
    {"nobody's, which is empty", NULL, "", NULL},
};

static void set_or_not(const char *name, const char *value)
{
    if (value != NULL)
        setenv(name, value, 1);
    else
        unsetenv(name);
}

static void expect_folders(void)
{
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        char out[64] = "";
        const bool service = folders[i].runtime != NULL && folders[i].runtime[0] != '\0';
        const char *expected =
            !service && geteuid() == 0 ? STATUS_SERVICE_DIRECTORY : folders[i].folder;
        set_or_not("RUNTIME_DIRECTORY", folders[i].runtime);
        set_or_not("XDG_RUNTIME_DIR", folders[i].user);
        const bool named = status_directory(out, sizeof out);
        if (named != (expected != NULL) || (named && strcmp(out, expected) != 0))
            fail_msg("%s, for user %d: '%s'", folders[i].sentence, (int)geteuid(), out);
    }
}

static void the_environment_names_the_folder(void **state)
{
    (void)state;
    expect_folders();
    if (geteuid() == 0 && seteuid(NOBODY) == 0) {
        expect_folders();
        assert_int_equal(seteuid(0), 0);
    }
    char exact[sizeof "/run/one"], less[sizeof exact - 1];
    setenv("RUNTIME_DIRECTORY", "/run/one", 1);
    assert_true(status_directory(exact, sizeof exact));
    assert_false(status_directory(less, sizeof less));
    unsetenv("RUNTIME_DIRECTORY");
}

/* The folder is made, and claimed by one; one that was removed is made anew. */
static void a_folder_is_one_daemons(void **state)
{
    (void)state;
    char above[] = "/tmp/amberbar-test-XXXXXX", folder[64];
    int mine = -1, other = -1;
    struct error error = {0};
    struct text text = {0};
    assert_non_null(mkdtemp(above));
    snprintf(folder, sizeof folder, "%s/amberbar", above);
    const size_t files = open_files();
    assert_int_equal(status_life(folder), DAEMON_GONE);
    const mode_t mask = umask(S_IWGRP | S_IWOTH);
    struct stat status;
    assert_true(status_claim(folder, &mine, &error));
    umask(mask);
    assert_int_equal(stat(folder, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0755);
    assert_int_equal(status_life(folder), DAEMON_RUNS);
    const int claimed = mine;
    assert_int_equal(fcntl(mine, F_SETFD, 0), 0);     /* so that it is known again */
    assert_true(status_claim(folder, &mine, &error)); /* still */
    assert_int_equal(mine, claimed);
    assert_int_equal(fcntl(mine, F_GETFD), 0);
    assert_false(status_claim(folder, &other, &error));
    assert_int_equal(other, -1);
    assert_non_null(strstr(error.text, "another amberbar writes "));
    assert_int_equal(rmdir(folder), 0);
    assert_true(status_claim(folder, &mine, &error));
    assert_int_equal(open_files(), files + 1);
    text_add(&text, "{}");
    assert_true(status_write(folder, &text, &error));
    status_remove(folder);
    assert_int_equal(rmdir(folder), 0);
    close(mine);
    assert_int_equal(rmdir(above), 0);
    mine = -1;
    assert_false(status_claim(folder, &mine, &error));
    assert_non_null(strstr(error.text, "cannot make "));
    assert_int_equal(status_life(folder), DAEMON_GONE);
    assert_int_equal(status_life("/proc/self/status"), DAEMON_UNSEEN); /* no folder */
    assert_false(status_claim("/proc/self/status", &mine, &error));
    assert_non_null(strstr(error.text, "cannot open /proc/self/status for the status file: "));
    assert_int_equal(open_files(), files);
    text_free(&text);
}

/* Somebody who looks whether a daemon runs has the folder's lock, and lets go of it in a nap. */
static struct {
    int folder;
    size_t naps, last; /* 0: in none */
    int64_t slept_ns;
} looker;

/* In libc's place. */
int nanosleep(const struct timespec *time, struct timespec *left)
{
    (void)left;
    looker.slept_ns += time->tv_sec * INT64_C(1000000000) + time->tv_nsec;
    if (++looker.naps == looker.last)
        flock(looker.folder, LOCK_UN);
    return 0;
}

static void whoever_only_looks_takes_no_folder(void **state)
{
    (void)state;
    static const struct {
        size_t last;
        bool claimed;
    } rows[] = {{1, true}, {2, true}, {4, true}, {0, false}};
    char folder[] = "/tmp/amberbar-test-XXXXXX";
    assert_non_null(mkdtemp(folder));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int mine = -1;
        struct error error = {0};
        looker.folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        looker.naps = 0;
        looker.slept_ns = 0;
        looker.last = rows[i].last;
        assert_int_equal(flock(looker.folder, LOCK_SH), 0);
        if (status_claim(folder, &mine, &error) != rows[i].claimed)
            fail_msg("let go of in nap %zu: %s", rows[i].last, error.text);
        assert_true(rows[i].claimed ? mine >= 0 : mine == -1);
        assert_true(rows[i].claimed || strstr(error.text, "another amberbar writes ") != NULL);
        assert_in_range(looker.slept_ns, 1000000, 50000000); /* it is short in any case */
        close(looker.folder);
        if (mine >= 0)
            close(mine);
    }
    assert_int_equal(rmdir(folder), 0);
}

/* A daemon may be begun without standard input: then its claim has that number. */
static void a_claim_may_be_the_first_of_all_files(void **state)
{
    (void)state;
    char folder[] = "/tmp/amberbar-test-XXXXXX";
    int mine = -1, other = -1;
    struct error error = {0};
    assert_non_null(mkdtemp(folder));
    const int input = dup(STDIN_FILENO);
    close(STDIN_FILENO);
    const bool claimed =
        status_claim(folder, &mine, &error) && status_claim(folder, &mine, &error) && mine == 0;
    const bool others = status_claim(folder, &other, &error);
    const enum daemon_life life = status_life(folder);
    close(mine);
    dup2(input, STDIN_FILENO);
    close(input);
    assert_true(claimed && !others);
    assert_int_equal(life, DAEMON_RUNS);
    assert_int_equal(rmdir(folder), 0);
}

/* A folder's name may be as long as any in the config. */
static void a_long_name_is_no_other_files(void **state)
{
    (void)state;
    char above[] = "/tmp/amberbar-test-XXXXXX", folder[CONFIG_PATH_SIZE];
    struct error error = {0};
    struct text text = {0};
    assert_non_null(mkdtemp(above));
    const size_t length = strlen(above);
    memset(folder, 'a', sizeof folder - 1);
    memcpy(folder, above, length);
    folder[length] = folder[CONFIG_PATH_SIZE / 2] = '/'; /* a part has 255 characters at most */
    folder[sizeof folder - 1] = '\0';
    folder[CONFIG_PATH_SIZE / 2] = '\0';
    assert_int_equal(mkdir(folder, 0755), 0);
    folder[CONFIG_PATH_SIZE / 2] = '/';
    assert_int_equal(mkdir(folder, 0755), 0);
    text_add(&text, "{}");
    assert_true(status_write(folder, &text, &error));
    status_remove(folder);
    text_free(&text);
    assert_int_equal(rmdir(folder), 0);
    folder[CONFIG_PATH_SIZE / 2] = '\0';
    assert_int_equal(rmdir(folder), 0);
    assert_int_equal(rmdir(above), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_file_is_as_promised),
        cmocka_unit_test(a_bad_day_is_told_whole),
        cmocka_unit_test(polls_are_told),
        cmocka_unit_test(of_many_workloads_the_unsettled_come_first),
        cmocka_unit_test(the_environment_names_the_folder),
        cmocka_unit_test(a_folder_is_one_daemons),
        cmocka_unit_test(whoever_only_looks_takes_no_folder),
        cmocka_unit_test(a_claim_may_be_the_first_of_all_files),
        cmocka_unit_test(a_long_name_is_no_other_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
