/*
 * A month on the wall, in virtual time: the whole daemon with libcurl, a server, lamps that fail,
 * nights, the change of the hour, good and bad configs. At every moment the picture must be one
 * that the answers so far allow; at the end nothing may have grown.
 */
#include "commands/commands.h"
#include "daemon/history.h"
#include "scenario/lamps.h"
#include "scenario/prometheus.h"
#include "scenario/virtual.h"

#include <fcntl.h>
#include <inttypes.h>
#include <malloc.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define MINUTE_MS INT64_C(60000)
#define DAY_MS (1440 * MINUTE_MS)
#if defined __SANITIZE_ADDRESS__ /* which takes five times as long */
#define FIRST_DAY 11             /* the hour of silence, the change of the hour */
#define LAST_DAY 18
#else
#define FIRST_DAY 0
#define LAST_DAY 30
#endif
#define BEGIN_MS INT64_C(1791583200000)       /* 2026-10-10 00:00 in Central Europe: day 0 */
#define WINTER_MS INT64_C(1792890000000)      /* 2026-10-25 01:00 UTC: the clocks go back */
#define MONOTONIC_MS (INT64_C(1) << 31)       /* begins two days before it; 2^32 is 24.9 days on */
#define POLLS ((LAST_DAY - FIRST_DAY) * 1440) /* at the least: one a minute */
#define STALE_MS (3 * MINUTE_MS)              /* a poll, its time-outs, one dimmed picture */
#define FADE_MS INT64_C(11000)                /* from day to night, and a moment */
#define NIGHT_FROM (19 * 60)                  /* as the config says, minutes of the day */
#define NIGHT_TO (7 * 60 + 30)
#define WARM_DAY (FIRST_DAY + 4) /* the history is full; three configs take turns, so ... */
#define COOL_DAY \
    (WARM_DAY + (LAST_DAY - 1 - WARM_DAY) / 3 * 3) /* ... it is compared with the same */
#define PIXELS 8
#define GROWTH_MAX 4096 /* bytes */

static const struct episode {
    const char *what;
    int from, minutes; /* of the day */
    int every, day;    /* on each `every`-th day, beginning with `day` */
    enum way way;
} episodes[] = {
    {"a rollout in the morning", 9 * 60, 4, 1, 0, WAY_ROLLING},
    {"a rollout at night", 22 * 60 + 30, 4, 1, 0, WAY_ROLLING},
    {"one while the clocks go back", 2 * 60 + 55, 10, 31, 15, WAY_ROLLING},
    {"pods are lost", 16 * 60, 5, 7, 3, WAY_DEGRADED},
    {"the server falls silent", 11 * 60 + 30, 6, 3, 0, WAY_SILENT},
    {"the server closes at once", 11 * 60 + 30, 6, 3, 1, WAY_GONE},
    {"the server says 503", 11 * 60 + 30, 6, 3, 2, WAY_BROKEN},
    {"answers are torn, at night", 3 * 60 + 10, 6, 3, 0, WAY_TORN},
    {"the exporter is not scraped", 3 * 60 + 10, 6, 3, 1, WAY_OLD},
    {"the series are gone", 3 * 60 + 10, 6, 3, 2, WAY_EMPTY},
    {"an hour of silence", 14 * 60, 60, 31, 12, WAY_SILENT},
};

static const struct lamp_fault {
    const char *what;
    int from, minutes, every, day;
    enum lamp_way way;
} lamp_faults[] = {
    {"setting lines gives EIO", 12 * 60, 10, 5, 1, LAMPS_FAIL},
    {"the lines are busy", 12 * 60, 10, 5, 2, LAMPS_BUSY},
    {"the chip is gone", 12 * 60, 10, 5, 3, LAMPS_GONE},
    {"a loose contact: every other call fails", 12 * 60, 10, 5, 4, LAMPS_LOOSE},
};

/* What the month has come to. */
static struct month {
    char folder[64], config[128];
    int port;                    /* Prometheus's */
    int log, output;             /* where standard error and output go; memory */
    int64_t stable_ms, other_ms; /* monotonic: the newest answer of such a kind; 0: none */
    char shown[256];             /* the newest line on paper */
    bool green;                  /* it is */
    int64_t shown_ms;            /* monotonic: since when */
    int level;                   /* of its brightest channel */
    int night_level, day_level;  /* the brightest at night, the dimmest stable by day */
    size_t frames, reloads;
    int last_day;                        /* that was looked at */
    size_t heap[LAST_DAY + 1];           /* in use, bytes */
    const struct lamp_fault *lamp_fault; /* under way */
    off_t lamp_log;                      /* the log's length when it began */
    int64_t lamps_well_ms;               /* monotonic: since when */
} month;

static int64_t local_ms(void)
{
    int64_t hours = virtual_time.realtime_ms < WINTER_MS ? 2 : 1;
    return virtual_time.realtime_ms + hours * 60 * MINUTE_MS;
}

static int day_now(void)
{
    return (int)((virtual_time.realtime_ms - BEGIN_MS) / DAY_MS);
}

static int minute_now(void)
{
    return (int)(local_ms() / MINUTE_MS % 1440);
}

static bool is_on(int from, int minutes, int every, int day)
{
    int minute = minute_now();
    return day_now() % every == day % every && minute >= from && minute < from + minutes;
}

static enum way way_now(void)
{
    for (size_t i = 0; i < sizeof episodes / sizeof episodes[0]; i++) {
        const struct episode *episode = &episodes[i];
        if (is_on(episode->from, episode->minutes, episode->every, episode->day))
            return episode->way;
    }
    return WAY_STABLE;
}

/* Ends the test with the moment and what was the matter. */
static void breach(const char *what)
{
    char words[1024] = "";
    virtual_time.on = false;
    off_t length = lseek(month.log, 0, SEEK_END);
    ssize_t got = pread(month.log, words, sizeof words - 1, length > 900 ? length - 900 : 0);
    words[got > 0 ? got : 0] = '\0';
    dup2(month.output, STDOUT_FILENO);
    fprintf(stdout, "day %d, %02d:%02d, way %d: %s\nshown: %sthe log ends with: %s\n", day_now(),
            minute_now() / 60, minute_now() % 60, (int)way_now(), what, month.shown, words);
    fflush(stdout);
    abort();
}

static void answered(enum way way)
{
    if (way == WAY_STABLE)
        month.stable_ms = virtual_time.monotonic_ms;
    else
        month.other_ms = virtual_time.monotonic_ms;
}

/* A line of the `frames` chip. */
static void written(const char *bytes, size_t length)
{
    snprintf(month.shown, sizeof month.shown, "%.*s", (int)length, bytes);
    month.shown_ms = virtual_time.monotonic_ms;
    month.frames++;
    month.green = false;
    month.level = 0;
    const char *at = strchr(month.shown, '#');
    for (int i = 0; i < PIXELS && at != NULL; i++, at = strchr(at + 1, '#')) {
        unsigned long colour = strtoul(at + 1, NULL, 16);
        int red = (int)(colour >> 16), green = (int)(colour >> 8 & 255), blue = (int)(colour & 255);
        month.green |= i < PIXELS - 1 && green > red && green > blue; /* the last: the indicator */
        month.level = red > month.level ? red : month.level;
        month.level = green > month.level ? green : month.level;
        month.level = blue > month.level ? blue : month.level;
    }
}

/* Green needs an answer that is not too old, and none after it that says otherwise. */
static bool may_be_green(void)
{
    int64_t now = virtual_time.monotonic_ms;
    return month.stable_ms > 0 && now - month.stable_ms <= STALE_MS &&
           (month.other_ms <= month.stable_ms || now - month.other_ms <= 1000);
}

/* Milliseconds since the last change from day to night or back, or until the next, if nearer. */
static bool is_between(int minute_from, int64_t ms)
{
    int64_t from_ms = minute_from * MINUTE_MS;
    return ms >= from_ms - 1000 && ms < from_ms + FADE_MS;
}

static void look_at_brightness(void)
{
    int64_t ms = local_ms() % DAY_MS;
    if (is_between(NIGHT_FROM, ms) || is_between(NIGHT_TO, ms) || day_now() == FIRST_DAY)
        return;
    bool night = ms >= NIGHT_FROM * MINUTE_MS || ms < NIGHT_TO * MINUTE_MS;
    bool fresh = virtual_time.monotonic_ms - month.stable_ms <= MINUTE_MS;
    if (night && month.level > month.night_level)
        month.night_level = month.level;
    if (!night && month.green && fresh && month.level < month.day_level)
        month.day_level = month.level;
    if (month.night_level >= month.day_level)
        breach("a picture at night is as bright as one by day");
}

static size_t log_lines(const char *words)
{
    static char text[65536];
    ssize_t got = pread(month.log, text, sizeof text - 1, month.lamp_log);
    size_t count = 0;
    text[got > 0 ? got : 0] = '\0';
    for (const char *at = strstr(text, words); at != NULL; at = strstr(at + 1, words))
        count++;
    return count;
}

static void end_lamp_fault(void)
{
    size_t lines = log_lines("output lamps");
    if (lines == 0 || lines > (size_t)month.lamp_fault->minutes + 2)
        breach(lines == 0 ? "the log does not say that the lamps fail"
                          : "the log has more than a line a minute about failing lamps");
}

static void look_at_lamps(void)
{
    const struct lamp_fault *fault = NULL;
    for (size_t i = 0; i < sizeof lamp_faults / sizeof lamp_faults[0]; i++)
        if (is_on(lamp_faults[i].from, lamp_faults[i].minutes, lamp_faults[i].every,
                  lamp_faults[i].day))
            fault = &lamp_faults[i];
    if (fault != month.lamp_fault) {
        if (month.lamp_fault != NULL)
            end_lamp_fault();
        month.lamp_log = lseek(month.log, 0, SEEK_END);
        month.lamps_well_ms = virtual_time.monotonic_ms;
        month.lamp_fault = fault;
        lamps.way = fault != NULL ? fault->way : LAMPS_WORK;
    }
    bool still = virtual_time.monotonic_ms - month.shown_ms > 1500;
    if (fault != NULL || !still || virtual_time.monotonic_ms - month.lamps_well_ms < 2100)
        return;
    if (lamps_green() != month.green && !(month.green && !may_be_green()))
        breach(lamps_green() ? "the green lamp is lit, and the strip is not green"
                             : "the strip is green, and the lamp is dark");
}

#if defined __SANITIZE_ADDRESS__
size_t __sanitizer_get_current_allocated_bytes(void);
#define HEAP_BYTES() __sanitizer_get_current_allocated_bytes()
#else
#define HEAP_BYTES() mallinfo2().uordblks
#endif

static void write_config(size_t number)
{
    static const char *const displays[] = {
        "  brightness: 30%\n",
        "  brightness: 30%\n  segments:\n    - {pixels: 0-6, show: rollout web}\n"
        "    - {pixels: 7, show: indicator ttfb}\n",
        "  brightnes: 30%\n", /* refused */
    };
    FILE *file = fopen(month.config, "w");
    assert_non_null(file);
    fprintf(file,
            "board: %s/board.yaml\n"
            "prometheus: {url: \"http://127.0.0.1:%d\", poll_interval: 60s}\n"
            "metrics_file: %s/amberbar.prom\n"
            "rollouts: [{name: web, namespace: shop, deployment: web}]\n"
            "indicators:\n  - {name: ttfb, query: ttfb, warning: 0.4, critical: 0.8, "
            "explained_by: [web], grace: 2m}\n"
            "display:\n  heartbeat: 1h\n"
            "  night: {from: \"19:00\", to: \"07:30\", brightness: 3%%}\n%s",
            month.folder, month.port, month.folder, displays[number % 3]);
    fclose(file);
}

static void look_at_history(void)
{
    char path[128], text[65536];
    snprintf(path, sizeof path, "%s/status.json", month.folder);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        breach("there is no status file");
    size_t length = fread(text, 1, sizeof text - 1, file), count = 0;
    fclose(file);
    text[length] = '\0';
    for (const char *at = strstr(text, "\"at\""); at != NULL; at = strstr(at + 1, "\"at\""))
        count++;
    if (count > HISTORY_LENGTH || length == sizeof text - 1)
        breach("the history grows");
}

/* Once a day at 13:00, when all is calm. */
static void look_at_day(void)
{
    int day = day_now();
    if (day <= month.last_day || minute_now() < 13 * 60)
        return;
    month.last_day = day;
    month.heap[day] = HEAP_BYTES();
    look_at_history();
    if (!month.green && way_now() == WAY_STABLE)
        breach("all is well, and the picture is not green");
    write_config((size_t)day);
    month.reloads++;
    kill(getpid(), day >= LAST_DAY ? SIGTERM : SIGHUP);
}

static void look(void)
{
    prometheus.way = way_now();
    prometheus.now_ms = virtual_time.realtime_ms;
    if (month.green && !may_be_green())
        breach("green, and the answers do not say so");
    look_at_brightness();
    look_at_lamps();
    look_at_day();
}

static void write_board(void)
{
    char path[128];
    snprintf(path, sizeof path, "%s/board.yaml", month.folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("title: A strip on paper and three lamps\noutputs:\n"
          "  - {name: paper, chip: frames, pixels: 8, digits: 4, bus: stdout}\n"
          "  - name: lamps\n    chip: lamps\n"
          "    lamps: [{colour: red, pixel: 0}, {colour: amber, pixel: 0}, "
          "{colour: green, pixel: 0}]\n"
          "    bus: {gpio: {gpiochip: [pinctrl-bcm2711], lines: [GPIO17, GPIO27, GPIO22]}}\n",
          file);
    fclose(file);
}

static int run(void)
{
    static char command[] = "run", option[] = "-c";
    char *arguments[] = {command, option, month.config, NULL};
    int output = dup(STDOUT_FILENO), error = dup(STDERR_FILENO);
    month.output = output;
    month.log = memfd_create("log", MFD_CLOEXEC);
    int paper = memfd_create("output", MFD_CLOEXEC);
    assert_true(month.log >= 0 && paper >= 0);
    fflush(stdout);
    dup2(paper, STDOUT_FILENO);
    dup2(month.log, STDERR_FILENO);
    virtual_time.on = true;
    int status = command_run(3, arguments);
    virtual_time.on = false;
    dup2(output, STDOUT_FILENO);
    dup2(error, STDERR_FILENO);
    return status;
}

static void a_month_passes(void **state)
{
    (void)state;
    month =
        (struct month){.folder = "/tmp/amberbar-month-XXXXXX", .day_level = 256, .last_day = -1};
    assert_non_null(mkdtemp(month.folder));
    snprintf(month.config, sizeof month.config, "%s/amberbar.yaml", month.folder);
    setenv("RUNTIME_DIRECTORY", month.folder, 1);
    setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
    tzset();
    month.port = prometheus_listen();
    prometheus.answered = answered;
    write_board();
    write_config(0);
    virtual_time = (struct virtual_time){.monotonic_ms = MONOTONIC_MS - 2 * DAY_MS,
                                         .realtime_ms = BEGIN_MS + FIRST_DAY * DAY_MS,
                                         .serve = prometheus_serve,
                                         .look = look,
                                         .written = written};
    assert_int_equal(run(), 0);
    prometheus_close();
    printf("%d days: %" PRIu64 " requests, %zu frames, %zu reloads, %zu sets of lamps; heap %zu to "
           "%zu bytes; by night at most %d, by day at least %d of 255\n",
           LAST_DAY - FIRST_DAY + 1, prometheus.requests, month.frames, month.reloads, lamps.sets,
           month.heap[WARM_DAY], month.heap[COOL_DAY], month.night_level, month.day_level);
    assert_true(prometheus.requests > POLLS);
    for (int way = 0; way < WAY_COUNT; way++)
        if (prometheus.asked[way] == 0)
            fail_msg("nobody asked while the server's way was %d", way);
    assert_true(month.heap[COOL_DAY] <= month.heap[WARM_DAY] + GROWTH_MAX);
    assert_int_equal(month.level, 0); /* dark at the end */
    assert_false(lamps_green());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_month_passes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
