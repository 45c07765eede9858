#include "config/config.h"

#include "config/expect.h"
#include "config/sections.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void test_defaults(void **state)
{
    (void)state;
    scratch_make();
    struct config *config = read_text(HEAD);
    const struct rollout_settings *rollout = &config->rollouts[1];
    assert_string_equal(config->board.title, "Pimoroni Blinkt!");
    assert_int_equal(config->prometheus.poll_interval_ms, 10000);
    assert_string_equal(config->prometheus.authorization.type, "Bearer");
    assert_true(config->picture.brightness == 0.5);
    assert_int_equal(config->picture.segment_count, 0);
    assert_int_equal(config->rollout_count, 2);
    assert_string_equal(rollout->name, "shop");
    assert_string_equal(rollout->namespace_, "shop");
    assert_string_equal(rollout->workload, "");
    assert_string_equal(rollout->query, "");
    assert_int_equal(rollout->kinds, KIND_BIT(KIND_DEPLOYMENT));
    assert_int_equal(rollout->weighting, WEIGHT_REPLICAS);
    assert_int_equal(rollout->max_workloads, 2000);
    assert_int_equal(rollout->limits.stall_after_ms, limits_default.stall_after_ms);
    assert_int_equal(rollout->limits.stall_after_failure_ms, limits_default.stall_after_failure_ms);
    assert_int_equal(rollout->limits.max_age_ms, limits_default.max_age_ms);
    assert_int_equal(rollout->limits.forget_after_ms, limits_default.forget_after_ms);
    assert_int_equal(rollout->limits.hold_after_ms, limits_default.hold_after_ms);
    assert_int_equal(rollout->limits.degraded_after_ms, limits_default.degraded_after_ms);
    assert_int_equal(rollout->limits.partition, limits_default.partition);
    assert_int_equal(rollout->limits.on_delete, limits_default.on_delete);
    config_free(config);
    scratch_remove();
}

static void expect_prometheus(const struct config *config)
{
    assert_int_equal(config->prometheus.poll_interval_ms, 90000);
    assert_string_equal(config->prometheus.http_headers[0].name, "X-Scope-OrgID");
    assert_string_equal(config->prometheus.http_headers[0].value, "wall");
    assert_string_equal(config->prometheus.http_headers[1].name, "X-B");
    assert_string_equal(config->prometheus.http_headers[2].name, "");
    const char *file = config->prometheus.basic_auth.password_file;
    assert_int_equal(strncmp(file, config->path, strlen(config->path) - strlen("c.yaml")), 0);
    assert_string_equal(strrchr(file, '/'), "/wall.password");
}

static void expect_rollouts(const struct config *config)
{
    const struct rollout_settings *rollouts = config->rollouts;
    assert_int_equal(rollouts[0].kinds, KIND_BIT(KIND_STATEFULSET));
    assert_string_equal(rollouts[0].workload, "pg.*");
    assert_string_equal(rollouts[0].cluster, "eu-.*");
    assert_string_equal(rollouts[1].cluster, "");
    assert_string_equal(rollouts[4].cluster, "prod.example.org");
    assert_int_equal(rollouts[0].limits.partition, 2);
    assert_true(rollouts[0].limits.on_delete);
    assert_int_equal(rollouts[0].limits.hold_after_ms, 300000);
    assert_int_equal(rollouts[1].kinds, KIND_BIT(KIND_DAEMONSET));
    assert_int_equal(rollouts[1].weighting, WEIGHT_EQUAL);
    assert_int_equal(rollouts[2].kinds, KIND_BIT(KIND_ROLLOUT));
    assert_int_equal(rollouts[2].limits.stall_after_ms, 5400000);
    assert_int_equal(rollouts[2].limits.degraded_after_ms, 0);
    assert_int_equal(rollouts[3].kinds, KIND_BIT(KIND_DEPLOYMENT) | KIND_BIT(KIND_STATEFULSET));
    assert_int_equal(rollouts[3].limits.partition, 1);
    assert_string_equal(rollouts[4].query, "sum(a) / sum(b)");
    assert_int_equal(rollouts[4].kinds, 0);
    assert_string_equal(rollouts[4].workload, "");
    assert_int_equal(rollouts[4].max_workloads, 5);
}

static void expect_picture(const struct config *config)
{
    const struct segment *segments = config->picture.segments;
    assert_int_equal(config->picture.segment_count, 3);
    assert_int_equal(segments[0].source, SEGMENT_SUMMARY);
    assert_int_equal(segments[0].first, 7);
    assert_int_equal(segments[0].count, 1);
    assert_int_equal(segments[1].source, SEGMENT_ROLLOUT);
    assert_int_equal(segments[1].index, 4);
    assert_int_equal(segments[1].count, 2);
    assert_int_equal(segments[1].more_count, 1);
    assert_int_equal(segments[1].more[0].first, 3);
    assert_int_equal(segments[1].more[0].count, 1);
    assert_true(segments[1].reverse);
    assert_int_equal(segments[1].mirror, MIRROR_CENTRE);
    assert_int_equal(segments[1].offset, 2);
    assert_int_equal(config->picture.motion, PICTURE_MOTION_OFF);
    assert_true(config->picture.palette->drives[HUE_GREEN].green <= 0);
    assert_true(config->picture.palette->drives[HUE_SKY].green > 0.2);
    assert_int_equal(config->heartbeat_ms, 60000);
    assert_true(config->night.kept);
    assert_int_equal(config->night.from_minute, 1140);
    assert_int_equal(config->night.to_minute, 450);
    assert_true(config->picture.night.brightness <= 0 && config->picture.night.failed > 0.19);
    assert_int_equal(segments[2].source, SEGMENT_ROLLOUTS);
}

static void test_values(void **state)
{
    (void)state;
    scratch_make();
    struct config *config = read_text(
        BOARD "prometheus:\n  url: https://p/prom\n  poll_interval: 1m30s\n"
              "  basic_auth: {username: wall, password_file: wall.password}\n"
              "  http_headers: {X-Scope-OrgID: wall, X-B: ''}\n"
              "rollouts:\n"
              "  - {name: db, cluster: 'eu-.*', namespace: 'shop|cms', statefulset: 'pg.*', "
              "partition: 2, strategy: "
              "OnDelete, hold_after: 5m}\n"
              "  - {name: agents, namespace: .*, daemonset: node-exporter, weight: equal}\n"
              "  - {name: api, namespace: shop, rollout: api, stall_after: 1h30m, "
              "degraded_after: 0s}\n"
              "  - {name: all, namespace: shop, kinds: [Deployment, StatefulSet], partition: 1}\n"
              "  - {name: my canary, query: 'sum(a) / sum(b)', max_workloads: 5, "
              "cluster: prod.example.org}\n"
              "display:\n  brightness: 3%\n  motion: off\n  palette: night-red\n"
              "  colours: {paused: '#ff8000'}\n  heartbeat: 1m\n"
              "  night: {from: '19:00', to: '7:30', brightness: off, failed: 20%}\n  segments:\n"
              "    - {pixels: 7, show: summary}\n"
              "    - {pixels: '0-1,3', show: rollout my canary, reverse: true, mirror: centre, "
              "offset: 2}\n"
              "    - {pixels: 4-6, show: rollouts}\n");
    expect_prometheus(config);
    expect_rollouts(config);
    expect_picture(config);
    config_free(config);
    scratch_remove();
}

static void test_darkest_night(void **state)
{
    (void)state;
    scratch_make();
    struct config *config =
        read_text(BOARD "prometheus: {url: http://p}\nrollouts: [{name: a, namespace: b}]\n"
                        "display:\n  night: {from: '19:00', to: '7:30', brightness: 1%}\n");
    assert_true(config->picture.night.brightness > 0.0099);
    assert_true(config->picture.night.brightness < 0.0101);
    config_free(config);
    scratch_remove();
}

/* A config in JSON, with a board file beside it that shows digits only. */
static void test_own_board(void **state)
{
    (void)state;
    static const char board[] = "{\"title\": \"Mine\", \"outputs\": [{\"name\": \"a\", \"chip\": "
                                "\"frames\", \"pixels\": 0, \"bus\": \"stdout\"}]}";
    static const char text[] = "{\"board\": \"./mine.json\", \"prometheus\": {\"url\": "
                               "\"http://p\"}, \"rollouts\": [{\"name\": \"a\", \"namespace\": "
                               "\"b\"}],\n\"display\": {\"segments\": %s}}\n";
    char whole[512];
    char expected[512];
    struct complaints complaints = {0};
    scratch_make();
    scratch_write("mine.json", board, strlen(board));
    snprintf(whole, sizeof whole, text, "[]");
    struct config *config = read_text(whole);
    assert_string_equal(config->board.name, "mine");
    assert_int_equal(board_pixels(&config->board), 0);
    assert_int_equal(board_digits(&config->board), 4);
    config_free(config);

    snprintf(whole, sizeof whole, text, "[{\"pixels\": \"0\", \"show\": \"summary\"}]");
    const char *path = scratch_write("c.yaml", whole, strlen(whole));
    assert_null(config_read(path, &complaints));
    snprintf(expected, sizeof expected, "%s:2:13: the board mine has no pixels; remove segments\n",
             path);
    expect_complaints("segments of a board without pixels", &complaints, expected);
    complaints_free(&complaints);
    scratch_remove();
}

static void test_broken_board(void **state)
{
    (void)state;
    char expected[512];
    struct complaints complaints = {0};
    scratch_make();
    scratch_write("mine.yaml", "titel: T\n", 9);
    const char *path = scratch_write("c.yaml", "board: mine.yaml\nbord: 1\n", 24);
    char board[128];
    snprintf(board, sizeof board, "%.*s/mine.yaml", (int)(strrchr(path, '/') - path), path);
    assert_null(config_read(path, &complaints));
    assert_int_equal(complaints.count, 5);
    snprintf(expected, sizeof expected, "%s:1:1: unknown key 'titel'; did you mean 'title'?\n",
             board);
    assert_non_null(strstr(complaints.text.data, expected)); /* both files, each by its name */
    complaints_free(&complaints);
    scratch_remove();
}

/* What fits the file need not fit one request. */
static void test_long_query(void **state)
{
    (void)state;
    struct text text = {0};
    struct complaints complaints = {0};
    scratch_make();
    text_add(&text, BOARD URL "rollouts:\n");
    for (int i = 0; i < CONFIG_ROLLOUTS_MAX; i++) {
        text_addf(&text, "  - {name: r%d, namespace: n%d, deployment: \"%0*d|.*\"}\n", i, i, 500,
                  1);
    }
    const char *path = scratch_write("c.yaml", text.data, text.length);
    assert_null(config_read(path, &complaints));
    assert_int_equal(complaints.count, 1);
    const char *place = complaints.text.data + strlen(path);
    assert_int_equal(strncmp(place, ":3:1: the query for 32 rollouts ", 32), 0);
    complaints_free(&complaints);
    text_free(&text);
    scratch_remove();
}

static void test_missing_file(void **state)
{
    (void)state;
    struct complaints complaints = {0};
    assert_null(config_read("/nowhere/amberbar.yaml", &complaints));
    assert_int_equal(complaints.count, 1);
    const char *text = complaints.text.data;
    assert_int_equal(strncmp(text, "/nowhere/amberbar.yaml: there is no such file; ", 47), 0);
    assert_non_null(strstr(text, "/examples/amberbar.yaml")); /* where to begin */
    complaints_free(&complaints);
}

/* How many lines are remarked on it. */
static size_t count_remarks(const char *config_text, mode_t mode)
{
    struct text remarks = {0};
    size_t lines = 0;
    struct config *config = read_text(config_text);
    assert_int_equal(chmod(config->path, mode), 0);
    config_remarks(config, &remarks);
    for (size_t i = 0; i < remarks.length; i++)
        lines += remarks.data[i] == '\n';
    text_free(&remarks);
    config_free(config);
    return lines;
}

static void test_remarks(void **state)
{
    (void)state;
    static const struct {
        const char *sentence, *auth;
        mode_t mode;
        bool remarked;
    } rows[] = {
        {"a password that all can read", "basic_auth: {username: a, password: b}", 0644, true},
        {"a password for its group", "basic_auth: {username: a, password: b}", 0640, false},
        {"a token that all can read", "authorization: {credentials: b}", 0644, true},
        {"no secret", "timeout: 5s", 0644, false},
        {"answers that need not prove to be new", "query_nonce: false", 0644, true},
    };
    scratch_make();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[256];
        snprintf(text, sizeof text, "%sprometheus: {url: 'https://p', %s}\n%s", BOARD, rows[i].auth,
                 ROLLOUTS);
        if ((count_remarks(text, rows[i].mode) > 0) != rows[i].remarked)
            fail_msg("%s", rows[i].sentence);
    }
    scratch_remove();
}

/* Told where lamps could blink and shall not. */
static void test_lamps_that_stand_still(void **state)
{
    (void)state;
    static const struct {
        const char *board, *motion;
        size_t remarks;
    } rows[] = {
        {"traffic-light", "off", 1}, {"traffic-light", "on", 0}, {"pimoroni-blinkt", "off", 0}};
    scratch_make();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[256];
        snprintf(text, sizeof text,
                 "board: %s\nprometheus: {url: 'https://p'}\n%sdisplay: {motion: %s}\n",
                 rows[i].board, ROLLOUTS, rows[i].motion);
        assert_int_equal(count_remarks(text, 0644), rows[i].remarks);
    }
    scratch_remove();
}

/* Without `display:` it is the board's, too. */
static void test_the_board_decides_of_its_picture(void **state)
{
    (void)state;
    static const struct {
        const char *board, *display;
        bool blinks;
        size_t width;
    } rows[] = {
        {"traffic-light", "", true, 0},
        {"traffic-light", "display: {brightness: 10%}\n", true, 0},
        {"raspberry-pi-leds", "", true, 0},
        {"relay-tower", "", false, 0},
        {"pimoroni-blinkt", "", false, 0},
        {"pimoroni-unicorn-hat", "", false, 8},
        {"pimoroni-unicorn-hat", "display: {brightness: 10%}\n", false, 8},
    };
    scratch_make();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[256];
        snprintf(text, sizeof text, "board: %s\nprometheus: {url: 'https://p'}\n%s%s",
                 rows[i].board, ROLLOUTS, rows[i].display);
        struct config *config = read_text(text);
        if (config->picture.blinks != rows[i].blinks || config->picture.width != rows[i].width)
            fail_msg("%s %s: %s, %zu wide", rows[i].board, rows[i].display,
                     config->picture.blinks ? "blinks" : "does not blink", config->picture.width);
        config_free(config);
    }
    scratch_remove();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_darkest_night),
        cmocka_unit_test(test_own_board),
        cmocka_unit_test(test_broken_board),
        cmocka_unit_test(test_long_query),
        cmocka_unit_test(test_missing_file),
        cmocka_unit_test(test_remarks),
        cmocka_unit_test(test_lamps_that_stand_still),
        cmocka_unit_test(test_the_board_decides_of_its_picture),
    };
    setenv("AMBERBAR_BOARDS", SOURCE_DIR "/boards", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
