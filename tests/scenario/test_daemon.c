/*
 * A few minutes of the whole daemon, in virtual time: what it tells systemd, the log, the status
 * file and the metrics file while configs, good and bad, are read again, and Prometheus fails and
 * is back. (What is on the wall over a week is test_month.c's.)
 */
#include "scenario/stage.h"

#include "config/config.h"
#include "scenario/virtual.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* A file has nothing before what it is to have. */
static void expect_begin(const char *name, const char *words)
{
    const char *text = read_name(name);
    if (text == NULL || strncmp(text, words, strlen(words)) != 0)
        wrong("that is not how it begins", name);
}

/* Before anything is asked: dark, then what is not known yet, wherever it is to be read. */
static void nothing_is_known_yet(void)
{
    if (prometheus.requests > 0 || stage.lines != 2 || is_dark(stage.shown))
        wrong("its second picture does not come first of all", stage.shown);
    expect("systemd", stage.told, "READY=1\nSTATUS=");
    expect("status", read_name("status.json"), "\"state\":\"unknown\"");
    expect_begin("status.json", "{\"version\":1,");
    expect_begin("one.prom", "# HELP ");
    expect("metrics", read_name("one.prom"), "amberbar_polls_total 0\n");
    expect("metrics", read_name("one.prom"), "amberbar_config_last_reload_successful 1\n");
    expect_frame();
}

static char noted[4096]; /* how the status file begins */
static char by_day[8];   /* the first colour on paper */

static void read_colour(char colour[static 8])
{
    const char *at = strchr(stage.shown, '#');
    snprintf(colour, 8, "%s", at != NULL ? at : "");
}

static void note_status(void)
{
    const char *status = read_name("status.json");
    snprintf(noted, sizeof noted, "%s", status != NULL ? status : "");
}

static void all_stands_still(void)
{
    expect_frame(); /* to which it has glided */
    note_status();
}

/* Neither the rounds nor the watchdog have written it. */
static void it_still_does(void)
{
    const char *status = read_name("status.json");
    if (status == NULL || strncmp(status, noted, sizeof noted - 1) != 0)
        wrong("the status file is written too often", noted);
}

static void all_is_well_and_a_bad_config_comes(void)
{
    expect("systemd", stage.told, "READY=1\n");
    expect("systemd", stage.told, "STATUS=web: stable, 2 pods available\n");
    expect("status", read_name("status.json"), "\"poll\":{\"ok\":true,");
    expect("status", read_name("status.json"), "\"state\":\"stable\"");
    expect("status", read_name("status.json"), "\"reload_fault\":null");
    expect("status", read_name("status.json"), "\"night\":false");
    expect_begin("status.json", "{\"version\":1,");
    expect_begin("one.prom", "# HELP ");
    expect("metrics", read_name("one.prom"), "amberbar_polls_total 3\n");
    expect("metrics", read_name("one.prom"),
           "amberbar_last_good_poll_timestamp_seconds 1791583220.");
    expect("record", read_name("lit.yaml"), "pixels: 8");
    expect("paper", stage.shown, "\"#");
    expect_darks(1); /* before it is lit */
    expect_frame();
    if (is_dark(stage.shown))
        wrong("it is dark", stage.shown);
    read_colour(by_day);
    write_config("rollout: 1\nindicator: 2\n");
    read_again();
}

static void it_is_refused_and_another_comes(void)
{
    expect("systemd", stage.told, "RELOADING=1\nMONOTONIC_USEC=1000");
    expect("systemd", stage.told, "READY=1\n");
    expect("status", read_name("status.json"), "\"reload_fault\":\"");
    expect("status", read_name("status.json"), "\"state\":\"stable\"");
    expect("metrics", read_name("one.prom"), "amberbar_config_last_reload_successful 0\n");
    expect_log("amberbar.yaml is refused, the config before stays\n", 1);
    expect_log("cannot write", 0);
    if (mkdir(path_of("two.prom.new"), 0755) != 0)
        wrong("it is in the way already", "two.prom.new");
    expect_log(":4:", 1); /* a line for each complaint */
    expect_log(":5:", 1);
    expect_log("\n\n", 0);
    write_config_with_metrics("two.prom");
    read_again();
}

static void other_metrics_cannot_be_written(void)
{
    expect("systemd", stage.told, "READY=1\n");
    expect("status", read_name("status.json"), "\"reload_fault\":null");
    expect("status", read_name("status.json"), "\"state\":\"stable\"");
    if (read_name("one.prom") != NULL)
        wrong("old numbers are left behind", "one.prom");
    expect_log("two.prom.new is in the way, a directory; remove it\n", 1); /* not at each poll */
    rmdir(path_of("two.prom.new"));
}

static void the_way_is_free_and_other_lights_come(void)
{
    expect("metrics", read_name("two.prom"), "amberbar_config_last_reload_successful 1\n");
    expect("metrics", read_name("two.prom"), "amberbar_polls_total 7\n"); /* it goes on */
    expect_log("amberbar.yaml is read again\n", 1);
    write_board(4);
    stage.rollout = "site";
    write_config("display: {night: {from: \"21:00\", to: \"23:00\", brightness: 20%}}\n");
    read_again();
}

static void other_lights_are_lit_and_prometheus_fails(void)
{
    if (read_name("two.prom") != NULL)
        wrong("old numbers are left behind", "two.prom");
    expect("systemd", stage.told, "STATUS=site: stable, 2 pods available\n");
    char by_night[8];
    read_colour(by_night);
    if (strcmp(by_night, by_day) == 0)
        wrong("it is as bright as by day", stage.shown);
    expect("status", read_name("status.json"), "\"night\":true");
    expect("record", read_name("lit.yaml"), "pixels: 4");
    unlink(path_of("lit.yaml"));
    expect_darks(2); /* the eight */
    if (count_words(stage.shown, "#") != 4 || is_dark(stage.shown))
        wrong("not four pixels are lit", stage.shown);
    if (count_words(read_name("status.json"), "\"#") != 4)
        wrong("the status file has others' pixels", "");
    expect_log("amberbar.yaml is read again\n", 2);
    prometheus.way = WAY_BROKEN;
}

static void the_failure_is_told_once(void)
{
    expect("status", read_name("status.json"), "\"poll\":{\"ok\":false,");
    expect("status", read_name("status.json"), "(HTTP 503)");
    expect("systemd", stage.told, "STATUS=127.0.0.1");
    expect_log("\n127.0.0.1", 1);
    expect("record, written anew", read_name("lit.yaml"), "pixels: 4");
    prometheus.way = WAY_STABLE;
}

static void its_end_too_and_the_status_file_cannot_be_written(void)
{
    expect_log("Prometheus answers again\n", 1);
    expect("status", read_name("status.json"), "\"poll\":{\"ok\":true,");
    if (mkdir(path_of("status.json.new"), 0755) != 0)
        wrong("it is in the way already", "status.json.new");
    stage.is_stuck = true;
    read_again();
}

static void that_is_told_once_and_a_signal_comes(void)
{
    expect_log("status.json.new is in the way, a directory; remove it\n", 1);
    rmdir(path_of("status.json.new"));
    if (stage.feeds > 1 + (size_t)(stage_ms() / WATCHDOG_MS))
        wrong("the watchdog was fed too often", "");
    stage.told[0] = '\0';
    kill(getpid(), SIGTERM);
}

static const struct moment minutes[] = {
    {0, nothing_is_known_yet},
    {8000, all_stands_still},
    {19000, it_still_does},
    {25000, all_is_well_and_a_bad_config_comes},
    {35000, it_is_refused_and_another_comes},
    {55000, other_metrics_cannot_be_written},
    {65000, the_way_is_free_and_other_lights_come},
    {75000, other_lights_are_lit_and_prometheus_fails},
    {110000, the_failure_is_told_once},
    {140000, its_end_too_and_the_status_file_cannot_be_written},
    {143000, that_is_told_once_and_a_signal_comes},
    {0},
};

static void minutes_pass(void **state)
{
    (void)state;
    stage_begin(minutes);
    write_config_with_metrics("one.prom");
    if (!stage_run())
        wrong("it ended badly", "");
    hear();
    expect("systemd", stage.told, "STOPPING=1\n");
    expect_log("stopping, as SIGTERM asks\n", 1);
    expect_log("max_response_size: a server that sends so much", 1);
    expect_darks(3);
    if (!is_dark(stage.shown) || count_words(stage.shown, "#") != 4)
        wrong("the lights are left lit", stage.shown);
    stage_end(&minutes[sizeof minutes / sizeof minutes[0] - 1]);
}

/* Nothing is asked since so many questions, and the wall says why: still after a while. */
static void expect_card_wrong(size_t requests, const char *error, const char *words)
{
    expect("status", read_name("status.json"), error);
    expect("status", read_name("status.json"), "\"ok\":false,\"age_s\":null");
    expect("status", read_name("status.json"), "\"state\":\"unknown\"");
    expect("systemd", stage.told, words);
    if (prometheus.requests != requests)
        wrong("Prometheus is asked", "");
}

static void nobody_is_asked_and_it_heals(void)
{
    expect_card_wrong(0, "\"error\":\"config.txt is not there\"",
                      "STATUS=card: the files on the card are wrong: config.txt is not there");
    unlink(path_of(CARD_WRONG));
    read_again();
}

static void all_is_well_and_it_is_wrong_again(void)
{
    expect("status", read_name("status.json"), "\"state\":\"stable\"");
    expect("systemd", stage.told, "STATUS=web: stable, 2 pods available\n");
    write_name(CARD_WRONG, "board.txt is not there\n");
    read_again();
}

static void what_was_asked_is_answered(void)
{
    stage.requests = prometheus.requests;
}

static void nobody_is_asked_any_more(void)
{
    expect_card_wrong(stage.requests, "\"error\":\"board.txt is not there\"",
                      "STATUS=card: the files on the card are wrong: board.txt is not there");
    unlink(path_of(CARD_WRONG));
    kill(getpid(), SIGINT);
}

static const struct moment card_moments[] = {
    {90000, nobody_is_asked_and_it_heals},
    {120000, all_is_well_and_it_is_wrong_again},
    {121000, what_was_asked_is_answered},
    {210000, nobody_is_asked_any_more},
    {0},
};

static void a_card_that_is_wrong_is_told(void **state)
{
    (void)state;
    stage_begin(card_moments);
    write_config("");
    write_name(CARD_WRONG, "config.txt is not there\n");
    if (!stage_run())
        wrong("it ended badly", "");
    expect_log("stopping, as SIGINT asks\n", 1);
    stage_end(&card_moments[4]);
}

#define TTFB(state) "{\"name\":\"ttfb\",\"state\":\"" state "\""
#define WEB(state) "{\"name\":\"web\",\"state\":\"" state "\""

/* It would not be so good by the limits that come now; and nobody says how good it is. */
static void all_is_well_and_other_limits_come(void)
{
    expect("status", read_name("status.json"), TTFB("ok"));
    expect("status", read_name("status.json"), WEB("stable"));
    prometheus.way = WAY_SILENT;
    stage.rollout = "web, stall_after: 5m";
    write_config("indicators: [{name: ttfb, query: ttfb, warning: 0.1, critical: 0.15}]\n");
    read_again();
}

static void by_them_nothing_is_known(void)
{
    expect_log("amberbar.yaml is read again\n", 1);
    expect("status", read_name("status.json"), TTFB("unknown"));
    expect("status", read_name("status.json"), WEB("unknown"));
    expect("status", read_name("status.json"), "Prometheus has not answered yet");
    expect("systemd", stage.told, "STATUS=web: unknown, Prometheus has not answered yet | ttfb: ");
    prometheus.way = WAY_STABLE;
}

static void it_is_said_by_them_and_they_stay(void)
{
    expect("status", read_name("status.json"), TTFB("critical"));
    expect("status", read_name("status.json"), WEB("stable"));
    prometheus.way = WAY_SILENT;
    read_again();
}

static void it_is_known_still(void)
{
    expect_log("amberbar.yaml is read again\n", 2);
    expect("status", read_name("status.json"), TTFB("critical"));
    expect("status", read_name("status.json"), WEB("stable"));
    kill(getpid(), SIGTERM);
}

static const struct moment limit_moments[] = {
    {25000, all_is_well_and_other_limits_come},
    {29000, by_them_nothing_is_known},
    {90000, it_is_said_by_them_and_they_stay},
    {94000, it_is_known_still},
    {0},
};

static void by_other_limits_nothing_is_known(void **state)
{
    (void)state;
    stage_begin(limit_moments);
    write_config("indicators: [{name: ttfb, query: ttfb, warning: 1, critical: 2}]\n");
    if (!stage_run())
        wrong("it ended badly", "");
    stage_end(&limit_moments[4]);
}

static size_t shown_before; /* so many lines on paper */

/* The ripple of the last answer is over, and the next question is not due. */
static void the_ripple_is_over(void)
{
    expect("status", read_name("status.json"), WEB("stable"));
    shown_before = stage.lines;
}

static void between_two_answers_there_is_none(void)
{
    if (stage.lines != shown_before)
        wrong("without an answer the picture moves", stage.shown);
}

static void an_answer_makes_one(void)
{
    if (stage.lines < shown_before + 5)
        wrong("an answer is not to be seen", stage.shown);
    kill(getpid(), SIGTERM);
}

static const struct moment ripple_moments[] = {
    {23000, the_ripple_is_over},
    {29900, between_two_answers_there_is_none},
    {32000, an_answer_makes_one},
    {0},
};

/* Also where ripples may be as often as each second. */
static void only_an_answer_makes_a_ripple(void **state)
{
    (void)state;
    stage_begin(ripple_moments);
    write_config("display: {heartbeat: 1s}\n");
    if (!stage_run())
        wrong("it ended badly", "");
    stage_end(&ripple_moments[3]);
}

/* Without having been day before. */
static void it_is_night_from_the_first_picture_on(void)
{
    expect("status", read_name("status.json"), "\"night\":true");
    expect_begin("one.prom", "# HELP ");
}

static void it_is_still_and_a_signal_comes(void)
{
    expect("status", read_name("status.json"), "\"night\":true");
    expect_begin("one.prom", "# HELP ");
    kill(getpid(), SIGTERM);
}

static const struct moment night_moments[] = {
    {0, it_is_night_from_the_first_picture_on},
    {25000, it_is_still_and_a_signal_comes},
    {0},
};

/* And goes with its metrics, which nobody writes any more: the stage is left empty. */
static void it_begins_by_night(void **state)
{
    (void)state;
    char lines[256];
    stage_begin(night_moments);
    snprintf(lines, sizeof lines,
             "metrics_file: %s\ndisplay: {night: {from: \"21:00\", to: \"23:00\"}}\n",
             path_of("one.prom"));
    write_config(lines);
    if (!stage_run())
        wrong("it ended badly", "");
    stage_end(&night_moments[2]);
}

/* As a proxy before it may. */
static bool refuse_post(const char *request, struct canned *canned)
{
    *canned = (struct canned){"405 Method Not Allowed", "", ""};
    return strncmp(request, "POST", 4) == 0;
}

static void it_is_asked_otherwise_and_that_is_told(void)
{
    expect("status", read_name("status.json"), WEB("stable"));
    expect_log("the server refuses POST (HTTP 405) and answers GET: ", 1);
    kill(getpid(), SIGTERM);
}

static const struct moment post_moments[] = {{45000, it_is_asked_otherwise_and_that_is_told}, {0}};

static void where_post_is_refused_it_asks_by_get(void **state)
{
    (void)state;
    stage_begin(post_moments);
    prometheus.tell = refuse_post;
    write_config("");
    if (!stage_run())
        wrong("it ended badly", "");
    stage_end(&post_moments[1]);
}

static bool ask_for_time(const char *request, struct canned *canned)
{
    (void)request;
    *canned = (struct canned){"429 Too Many Requests", "Retry-After: 300\r\n", "{}"};
    return true;
}

static void all_is_well_and_the_server_asks_for_time(void)
{
    expect("status", read_name("status.json"), WEB("stable"));
    stage.told[0] = '\0';
    stage.is_stuck = true; /* it is good for longer */
    prometheus.tell = ask_for_time;
}

static void what_was_known_is_dimmed(void)
{
    expect("status", read_name("status.json"), WEB("unknown") ",\"dimmed\":true,");
    expect_frame();
    snprintf(noted, sizeof noted, "%s", stage.shown);
}

static void it_is_unknown(void)
{
    const char *status = read_name("status.json");
    expect("status", status, WEB("unknown"));
    if (status != NULL && strstr(status, "dimmed") != NULL)
        wrong("what was known is shown for too long", status);
    if (strcmp(noted, stage.shown) == 0)
        wrong("the picture is the same", stage.shown);
    stage.requests = prometheus.requests;
}

static void it_was_not_asked_and_stays_so(void)
{
    if (prometheus.requests != stage.requests)
        wrong("the server was not given its time", "");
    expect("status", read_name("status.json"), WEB("unknown"));
    kill(getpid(), SIGTERM);
}

static const struct moment patient_moments[] = {
    {25000, all_is_well_and_the_server_asks_for_time},
    {38000, what_was_known_is_dimmed},
    {41000, it_is_unknown},
    {200000, it_was_not_asked_and_stays_so},
    {0},
};

/* Nothing but the end of what was known wakes it. */
static void what_was_known_ends_while_nobody_is_asked(void **state)
{
    (void)state;
    stage_begin(patient_moments);
    unsetenv("WATCHDOG_USEC");
    write_config("");
    if (!stage_run())
        wrong("it ended badly", "");
    stage_end(&patient_moments[4]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(minutes_pass),
        cmocka_unit_test(a_card_that_is_wrong_is_told),
        cmocka_unit_test(only_an_answer_makes_a_ripple),
        cmocka_unit_test(it_begins_by_night),
        cmocka_unit_test(where_post_is_refused_it_asks_by_get),
        cmocka_unit_test(what_was_known_ends_while_nobody_is_asked),
        cmocka_unit_test(by_other_limits_nothing_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
