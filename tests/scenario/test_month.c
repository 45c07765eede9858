/*
 * A month on the wall, in virtual time: the whole daemon with libcurl, a server, lamps that fail,
 * nights, the change of the hour, good and bad configs. At every moment the picture must be one
 * that the answers so far allow; at the end nothing may have grown. With AMBERBAR_MONTH in the
 * environment (tools/test --month) all of it; else the week in which the clocks change.
 */
#include "commands/commands.h"
#include "daemon/history.h"
#include "scenario/calendar.h"
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

#define MONOTONIC_MS (INT64_C(1) << 31) /* begins two days before it; 2^32 is 24.9 days on */
#define STALE_MS (3 * MINUTE_MS)        /* a poll, its time-outs, one dimmed picture */
#define CALM_MS (61 * INT64_C(1000))    /* degraded_after is over, and the next poll sees it */
#define FADE_MS INT64_C(11000)          /* from day to night, and a moment */
#define CALM_FROM (17 * 60)             /* no episode, and what was is long over: ... */
#define CALM_TO (18 * 60 + 59)
#define STILL_MS 5000 /* ... pictures so far apart are no one movement, but two heartbeats */
#define PIXELS 8
#define BAR_END 5       /* a pixel that the bar has last, or last but one */
#define GROWTH_MAX 4096 /* bytes */

/*
 * Days are counted from 0. Between warm and cool three configs have taken their turns a whole
 * number of times, so that the heap is compared in the same state; before, the history has filled
 * up.
 */
static const struct span {
    int first, warm, cool;
} whole = {.first = 0, .warm = 6, .cool = DAYS - 1},
  part = {.first = 12, .warm = 15, .cool = 18}; /* every kind of fault, the change of the hour */

/* What the month has come to. */
static struct month {
    struct span span;
    char folder[64], config[128];
    int port;                    /* Prometheus's */
    int log, output;             /* where standard error and output go; memory */
    int64_t heard_ms;            /* monotonic: the newest answer */
    int64_t stable_ms, other_ms; /* monotonic: the newest answer of such a kind; 0: none */
    int64_t lost_ms;             /* monotonic: the first answer that told of the loss; 0: none is */
    char shown[256];             /* the newest line on paper */
    bool green;                  /* it is */
    bool whole;                  /* and the bar's end, too */
    int64_t shown_ms;            /* monotonic: since when */
    int level;                   /* of its brightest channel */
    int night_level, day_level;  /* the brightest at night, the dimmest stable by day */
    size_t frames, reloads, beats;
    int last_day;                        /* that was looked at */
    size_t heap[DAYS];                   /* in use, bytes */
    size_t reported[DAYS];               /* transitions in the history */
    const struct lamp_fault *lamp_fault; /* under way */
    off_t lamp_log;                      /* the log's length when it began */
    int64_t lamps_well_ms;               /* monotonic: since when */
} month;

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

static void answered(enum way way, bool indicator)
{
    month.heard_ms = virtual_time.monotonic_ms;
    if (indicator)
        return;
    if (way == WAY_STABLE)
        month.stable_ms = virtual_time.monotonic_ms;
    else
        month.other_ms = virtual_time.monotonic_ms;
    if (way != WAY_DEGRADED)
        month.lost_ms = 0;
    else if (month.lost_ms == 0)
        month.lost_ms = virtual_time.monotonic_ms;
}

/* When all is well for long, only the heartbeat moves: with an answer, and never without. */
static void look_at_heartbeat(void)
{
    int64_t now = virtual_time.monotonic_ms;
    int minute = minute_now();
    if (minute < CALM_FROM || minute >= CALM_TO || now - month.shown_ms < STILL_MS)
        return;
    month.beats++;
    if (now - month.heard_ms > 1000)
        breach("the picture moves, and nobody has answered");
}

/* A line of the `frames` chip. */
static void written(const char *bytes, size_t length)
{
    look_at_heartbeat();
    snprintf(month.shown, sizeof month.shown, "%.*s", (int)length, bytes);
    month.shown_ms = virtual_time.monotonic_ms;
    month.frames++;
    month.green = month.whole = false;
    month.level = 0;
    const char *at = strchr(month.shown, '#');
    for (int i = 0; i < PIXELS && at != NULL; i++, at = strchr(at + 1, '#')) {
        unsigned long colour = strtoul(at + 1, NULL, 16);
        int red = (int)(colour >> 16), green = (int)(colour >> 8 & 255), blue = (int)(colour & 255);
        bool is_green = i < PIXELS - 1 && green > red && green > blue; /* the last: the indicator */
        month.green |= is_green;
        month.whole |= i == BAR_END && is_green;
        month.level = red > month.level ? red : month.level;
        month.level = green > month.level ? green : month.level;
        month.level = blue > month.level ? blue : month.level;
    }
}

/* A whole bar needs an answer that is not too old, and none after it that says otherwise. */
static bool may_be_whole(void)
{
    int64_t now = virtual_time.monotonic_ms;
    return month.stable_ms > 0 && now - month.stable_ms <= STALE_MS &&
           (month.other_ms <= month.stable_ms || now - month.other_ms <= 1000);
}

/* So does green; but for what is lost the bar is only shorter at first. */
static bool may_be_green(void)
{
    bool calm = month.lost_ms > 0 && virtual_time.monotonic_ms - month.lost_ms <= CALM_MS;
    return calm || may_be_whole();
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
    if (is_between(NIGHT_FROM, ms) || is_between(NIGHT_TO, ms) || day_now() == month.span.first)
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
    if (lines == 0 || lines > (size_t)month.lamp_fault->minutes + 4)
        breach(lines == 0 ? "the log does not say that the lamps fail"
                          : "the log has more than a line a minute about failing lamps");
}

static void look_at_lamps(void)
{
    const struct lamp_fault *fault = lamp_fault_now();
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
#define COUNTS_CACHED false
#else
#define HEAP_BYTES() (mallinfo2().uordblks + mallinfo2().hblkhd)
#define COUNTS_CACHED true /* what is free in a thread's cache counts as in use */
#endif

static void write_config(size_t number)
{
    static const char *const displays[] = {
        "  brightness: 30%\n",
        ("  brightness: 30%\n  segments:\n    - {pixels: 0-6, show: rollout web}\n"
         "    - {pixels: 7, show: indicator ttfb}\n"),
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

static size_t look_at_history(void)
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
    return count;
}

/* Once a day at 13:00, when all is calm. */
static void look_at_day(void)
{
    int day = day_now();
    if (day <= month.last_day || minute_now() < 13 * 60)
        return;
    month.last_day = day;
    month.heap[day] = HEAP_BYTES();
    month.reported[day] = look_at_history();
    if (!month.green && way_now() == WAY_STABLE)
        breach("all is well, and the picture is not green");
    write_config((size_t)day);
    month.reloads++;
    kill(getpid(), day >= month.span.cool ? SIGTERM : SIGHUP);
}

static void look(void)
{
    prometheus.way = way_now();
    prometheus.now_ms = virtual_time.realtime_ms;
    if (month.green && !may_be_green())
        breach("green, and the answers do not say so");
    if (month.whole && !may_be_whole())
        breach("a whole green bar, and the answers do not say so");
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
    const struct options options = {.values = {month.config}};
    int output = dup(STDOUT_FILENO), error = dup(STDERR_FILENO);
    month.output = output;
    month.log = memfd_create("log", MFD_CLOEXEC);
    int paper = memfd_create("output", MFD_CLOEXEC);
    assert_true(month.log >= 0 && paper >= 0);
    fflush(stdout);
    dup2(paper, STDOUT_FILENO);
    dup2(month.log, STDERR_FILENO);
    virtual_time.on = true;
    int status = command_run.run(&options);
    virtual_time.on = false;
    dup2(output, STDOUT_FILENO);
    dup2(error, STDERR_FILENO);
    return status;
}

static void begin(void)
{
    bool all = getenv("AMBERBAR_MONTH") != NULL;
    month = (struct month){.span = all ? whole : part,
                           .folder = "/tmp/amberbar-month-XXXXXX",
                           .day_level = 256,
                           .last_day = -1};
    assert_non_null(mkdtemp(month.folder));
    snprintf(month.config, sizeof month.config, "%s/amberbar.yaml", month.folder);
    setenv("RUNTIME_DIRECTORY", month.folder, 1);
    setenv("TZ", CALENDAR_ZONE, 1);
    tzset();
    month.port = prometheus_listen();
    prometheus.answered = answered;
    write_board();
    write_config(0);
    virtual_time = (struct virtual_time){.monotonic_ms = MONOTONIC_MS - 2 * DAY_MS,
                                         .realtime_ms = BEGIN_MS + month.span.first * DAY_MS,
                                         .serve = prometheus_serve,
                                         .look = look,
                                         .written = written};
}

static void end(void)
{
    static const char *const left[] = {"amberbar.yaml", "board.yaml"};
    char path[128];
    for (size_t i = 0; i < sizeof left / sizeof left[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", month.folder, left[i]);
        unlink(path);
    }
    rmdir(month.folder);
    prometheus_close();
}

static void a_month_passes(void **state)
{
    (void)state;
    begin();
    const struct span *span = &month.span;
    assert_int_equal(run(), 0);
    end();
    int days = span->cool - span->first + 1;
    printf("%d days: %" PRIu64
           " requests, %zu frames, %zu reloads, %zu beats, %zu sets of lamps; by night at "
           "most %d, by day at least %d of 255; bytes in use, transitions:",
           days, prometheus.requests, month.frames, month.reloads, month.beats, lamps.sets,
           month.night_level, month.day_level);
    for (int day = span->first; day <= span->cool; day++)
        printf(" %zu,%zu", month.heap[day], month.reported[day]);
    puts("");
    assert_int_equal(month.last_day, span->cool); /* no signal from outside has ended it */
    assert_true(prometheus.requests > (uint64_t)(days - 1) * 1440);
    for (int way = 0; way < WAY_COUNT; way++)
        if (prometheus.asked[way] == 0)
            fail_msg("nobody asked while the server's way was %d", way);
    assert_in_range(month.beats, days, 3 * days); /* one an hour, in two hours each day */
    assert_int_equal(month.reported[span->warm], HISTORY_LENGTH);
    if (month.heap[span->cool] > month.heap[span->warm] + GROWTH_MAX)
        fail_msg("day %d has %zu bytes in use, day %d had %zu", span->cool, month.heap[span->cool],
                 span->warm, month.heap[span->warm]);
    assert_int_equal(month.level, 0); /* dark at the end */
    assert_false(lamps_green());
}

int main(int count, char *arguments[])
{
    (void)count;
    if (COUNTS_CACHED && getenv("GLIBC_TUNABLES") == NULL) { /* read at a program's start alone */
        setenv("GLIBC_TUNABLES", "glibc.malloc.tcache_count=0", 1);
        execv("/proc/self/exe", arguments);
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_month_passes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
