/*
 * A few minutes of the whole daemon, in virtual time: what it tells systemd, the log, the status
 * file and the metrics file while configs, good and bad, are read again, and Prometheus fails and
 * is back. (What is on the wall over a week is test_month.c's.)
 */
#include "daemon/daemon.h"

#include "base/clock.h"
#include "scenario/prometheus.h"
#include "scenario/virtual.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#define BEGIN_MS INT64_C(100000000)        /* monotonic */
#define REALTIME_MS INT64_C(1791583200000) /* since 1970, of the server's clock, too */
#define WATCHDOG_MS 7000                   /* fed so often */
#define TEXT_SIZE 65536

/* What happens once so much time has passed, and not before what stands above it. */
struct moment {
    int64_t at_ms;
    void (*happens)(void);
};

static struct stage {
    char folder[64];
    int port;
    const char *rollout; /* its name */
    int log, heard;      /* standard error, in memory; what systemd hears */
    char told[1024];     /* by the latter, a line a message, since a moment has asked */
    int64_t fed_ms;      /* the watchdog, since the beginning */
    size_t feeds;
    const struct moment *next;
    char shown[512];     /* the newest line on paper */
    size_t lines, darks; /* on paper; those of them that are dark */
    size_t requests;     /* when a moment asked */
    bool is_stuck;       /* the status file is as it is, to the end */
    char wrong[1024];    /* the first thing that is */
} stage;

static int64_t since_ms(void)
{
    return virtual_time.monotonic_ms - BEGIN_MS;
}

/* The first counts, and ends the daemon. */
static void wrong(const char *what, const char *where)
{
    if (stage.wrong[0] == '\0')
        snprintf(stage.wrong, sizeof stage.wrong, "after %lld ms: %s: %s", (long long)since_ms(),
                 what, where);
    if (virtual_time.on)
        kill(getpid(), SIGTERM);
}

static const char *path_of(const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", stage.folder, name);
    return path;
}

/* NULL: there is no such file. */
static const char *read_name(const char *name)
{
    static char text[TEXT_SIZE];
    FILE *file = fopen(path_of(name), "r");
    if (file == NULL)
        return NULL;
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

static void write_name(const char *name, const char *text)
{
    FILE *file = fopen(path_of(name), "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static const char *read_log(void)
{
    static char text[TEXT_SIZE];
    ssize_t got = pread(stage.log, text, sizeof text - 1, 0);
    text[got > 0 ? got : 0] = '\0';
    return text;
}

static size_t count_words(const char *text, const char *words)
{
    size_t count = 0;
    for (const char *at = strstr(text, words); at != NULL; at = strstr(at + 1, words))
        count++;
    return count;
}

static void expect(const char *where, const char *text, const char *words)
{
    if (text == NULL || strstr(text, words) == NULL)
        wrong(where, words);
}

static void expect_log(const char *words, size_t times)
{
    if (count_words(read_log(), words) != times)
        wrong("the log has another number of such lines", words);
}

static void write_board(int pixels)
{
    char text[256];
    snprintf(text, sizeof text,
             "title: Paper\noutputs: [{name: paper, chip: frames, pixels: %d, bus: stdout}]\n",
             pixels);
    write_name("board.yaml", text);
}

/* `more`: lines of the top level. */
static void write_config(const char *more)
{
    char text[512];
    snprintf(text, sizeof text,
             "board: %s/board.yaml\n"
             "prometheus: {url: \"http://127.0.0.1:%d\", poll_interval: 10s,"
             " max_response_size: 8MiB}\n"
             "rollouts: [{name: %s, namespace: shop, deployment: web}]\n%s",
             stage.folder, stage.port, stage.rollout, more);
    write_name("amberbar.yaml", text);
}

static void write_config_with_metrics(const char *name)
{
    char line[160];
    snprintf(line, sizeof line, "metrics_file: %s\n", path_of(name));
    write_config(line);
}

static void hear(void)
{
    char message[512];
    ssize_t got;
    while ((got = recv(stage.heard, message, sizeof message - 1, MSG_DONTWAIT)) > 0) {
        message[got] = '\0';
        if (strcmp(message, "WATCHDOG=1") == 0) {
            stage.fed_ms = since_ms();
            stage.feeds++;
            continue;
        }
        const size_t length = strlen(stage.told);
        snprintf(stage.told + length, sizeof stage.told - length, "%s\n", message);
    }
}

/* Is the time of that key in the status file within so many milliseconds from now? */
static bool is_within(const char *status, const char *key, int64_t from_ms, int64_t to_ms)
{
    char first[CLOCK_RFC3339_SIZE], last[CLOCK_RFC3339_SIZE];
    const char *time = status != NULL ? strstr(status, key) : NULL;
    clock_rfc3339(virtual_time.realtime_ms + from_ms, first);
    clock_rfc3339(virtual_time.realtime_ms + to_ms, last);
    return time != NULL && strncmp(time + strlen(key), first, strlen(first)) >= 0 &&
           strncmp(time + strlen(key), last, strlen(last)) <= 0;
}

/* The status file is written each 20 s, or with the poll after that. It says until when it is good:
   20 s after the end of a round of four requests that begins in 10 s. It is written anew by then.
 */
static void look_at_status(void)
{
    const char *status = read_name("status.json");
    if (!is_within(status, "\"updated\":\"", -31000, 0))
        wrong("the status file is too old", status != NULL ? status : "");
    if (!is_within(status, "\"valid_until\":\"", 0, 20000 + 10000 + 32000))
        wrong("the status file is good for too short, or too long", status != NULL ? status : "");
}

static void look(void)
{
    prometheus.now_ms = virtual_time.realtime_ms;
    hear();
    if (since_ms() - stage.fed_ms > WATCHDOG_MS)
        wrong("the watchdog was not fed", "");
    const bool has_begun = since_ms() > 0 || prometheus.requests > 0;
    if (has_begun && !stage.is_stuck)
        look_at_status();
    if (stage.next->happens != NULL && since_ms() >= stage.next->at_ms)
        (stage.next++)->happens();
}

static bool is_dark(const char *shown)
{
    return strchr(shown, '#') != NULL && count_words(shown, "#") == count_words(shown, "#000000");
}

static void written(const char *bytes, size_t length)
{
    snprintf(stage.shown, sizeof stage.shown, "%.*s", (int)length, bytes);
    stage.lines++;
    stage.darks += is_dark(stage.shown);
    if (stage.lines == 1 && stage.darks == 0)
        wrong("its first picture is not dark", stage.shown);
}

static void answered(enum way way, bool indicator)
{
    (void)way;
    (void)indicator;
}

static void begin(const struct moment moments[])
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    stage =
        (struct stage){.folder = "/tmp/amberbar-daemon-XXXXXX", .rollout = "web", .next = moments};
    assert_non_null(mkdtemp(stage.folder));
    snprintf(address.sun_path, sizeof address.sun_path, "%s/notify", stage.folder);
    stage.heard = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(stage.heard, (struct sockaddr *)&address, sizeof address), 0);
    setenv("NOTIFY_SOCKET", address.sun_path, 1);
    setenv("WATCHDOG_USEC", "14000000", 1);
    setenv("RUNTIME_DIRECTORY", stage.folder, 1);
    setenv("TZ", "UTC", 1);
    stage.port = prometheus_listen();
    stage.log = memfd_create("log", MFD_CLOEXEC);
    prometheus = (struct prometheus){.answered = answered};
    virtual_time = (struct virtual_time){.monotonic_ms = BEGIN_MS,
                                         .realtime_ms = REALTIME_MS,
                                         .serve = prometheus_serve,
                                         .look = look,
                                         .written = written};
    write_board(8);
}

/* What is left of it. */
static void end(const struct moment *last)
{
    static const char *const ours[] = {"amberbar.yaml", "board.yaml", "notify"};
    hear();
    if (stage.next != last)
        wrong("not all moments have come", "");
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
        unlink(path_of(ours[i]));
    if (rmdir(stage.folder) != 0)
        wrong("it left something behind in", stage.folder);
    prometheus_close();
    close(stage.heard);
    if (stage.wrong[0] != '\0')
        fail_msg("%s\nshown: %stold: %s\nlog:\n%s", stage.wrong, stage.shown, stage.told,
                 read_log());
    close(stage.log);
}

/* On a board that is set up by a card, whose faults stand in the stage's folder. */
static bool run(void)
{
    struct complaints complaints = {0};
    struct error error;
    char path[128];
    snprintf(path, sizeof path, "%s", path_of("amberbar.yaml"));
    struct config *config = config_read_beside(path, stage.folder, &complaints);
    if (config == NULL)
        fail_msg("%s", complaints.text.data);
    int paper = memfd_create("output", MFD_CLOEXEC), output = dup(STDOUT_FILENO),
        standard_error = dup(STDERR_FILENO);
    fflush(stdout);
    dup2(paper, STDOUT_FILENO);
    dup2(stage.log, STDERR_FILENO);
    virtual_time.on = true;
    bool good = daemon_run(config, &error);
    virtual_time.on = false;
    dup2(output, STDOUT_FILENO);
    dup2(standard_error, STDERR_FILENO);
    close(paper);
    close(output);
    close(standard_error);
    return good;
}

/* As many dark pictures as were to be. */
static void expect_darks(size_t darks)
{
    if (stage.darks != darks)
        wrong("it was dark another number of times", stage.shown);
}

/* The status file has the colours that are on paper. */
static void expect_frame(void)
{
    char colours[sizeof stage.shown];
    const char *from = strchr(stage.shown, '['), *to = strchr(stage.shown, ']');
    snprintf(colours, sizeof colours, "\"frame\":{\"pixels\":%.*s]",
             from != NULL && to != NULL ? (int)(to - from) : 0, from != NULL ? from : "");
    expect("status", read_name("status.json"), colours);
}

static void read_again(void)
{
    stage.told[0] = '\0';
    kill(getpid(), SIGHUP);
}

static void all_is_well_and_a_bad_config_comes(void)
{
    expect("systemd", stage.told, "READY=1\n");
    expect("systemd", stage.told, "STATUS=web: stable, 2 pods available\n");
    expect("status", read_name("status.json"), "\"poll\":{\"ok\":true,");
    expect("status", read_name("status.json"), "\"state\":\"stable\"");
    expect("status", read_name("status.json"), "\"reload_fault\":null");
    expect("status", read_name("status.json"), "\"night\":false");
    expect("metrics", read_name("one.prom"), "amberbar_polls_total 3\n");
    expect("metrics", read_name("one.prom"),
           "amberbar_last_good_poll_timestamp_seconds 1791583220.");
    expect("record", read_name("lit.yaml"), "pixels: 8");
    expect("paper", stage.shown, "\"#");
    expect_darks(1); /* before it is lit */
    expect_frame();
    if (is_dark(stage.shown))
        wrong("it is dark", stage.shown);
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
    write_config("display: {night: {from: \"21:00\", to: \"23:00\", brightness: 50%}}\n");
    read_again();
}

static void other_lights_are_lit_and_prometheus_fails(void)
{
    if (read_name("two.prom") != NULL)
        wrong("old numbers are left behind", "two.prom");
    expect("systemd", stage.told, "STATUS=site: stable, 2 pods available\n");
    expect("status", read_name("status.json"), "\"night\":true");
    expect("record", read_name("lit.yaml"), "pixels: 4");
    unlink(path_of("lit.yaml"));
    expect_darks(2); /* the eight */
    if (count_words(stage.shown, "#") != 4 || is_dark(stage.shown))
        wrong("not four pixels are lit", stage.shown);
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
    if (stage.feeds > 1 + (size_t)(since_ms() / WATCHDOG_MS))
        wrong("the watchdog was fed too often", "");
    stage.told[0] = '\0';
    kill(getpid(), SIGTERM);
}

static const struct moment minutes[] = {
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
    begin(minutes);
    write_config_with_metrics("one.prom");
    if (!run())
        wrong("it ended badly", "");
    hear();
    expect("systemd", stage.told, "STOPPING=1\n");
    expect_log("stopping, as SIGTERM asks\n", 1);
    expect_log("max_response_size: a server that sends so much", 1);
    expect_darks(3);
    if (!is_dark(stage.shown) || count_words(stage.shown, "#") != 4)
        wrong("the lights are left lit", stage.shown);
    end(&minutes[sizeof minutes / sizeof minutes[0] - 1]);
}

/* Nothing is asked since so many questions, and the wall says why: still after a while. */
static void expect_card_wrong(size_t requests)
{
    expect("status", read_name("status.json"), "\"error\":\"config.txt is not there\"");
    expect("status", read_name("status.json"), "\"ok\":false,\"age_s\":null");
    expect("status", read_name("status.json"), "\"state\":\"unknown\"");
    expect("systemd", stage.told,
           "STATUS=card: the files on the card are wrong: config.txt is not there");
    if (prometheus.requests != requests)
        wrong("Prometheus is asked", "");
}

static void make_card_wrong(void)
{
    write_name(CARD_WRONG, "config.txt is not there\n");
}

static void nobody_is_asked_and_it_heals(void)
{
    expect_card_wrong(0);
    unlink(path_of(CARD_WRONG));
    read_again();
}

static void all_is_well_and_it_is_wrong_again(void)
{
    expect("status", read_name("status.json"), "\"state\":\"stable\"");
    expect("systemd", stage.told, "STATUS=web: stable, 2 pods available\n");
    make_card_wrong();
    read_again();
}

static void what_was_asked_is_answered(void)
{
    stage.requests = prometheus.requests;
}

static void nobody_is_asked_any_more(void)
{
    expect_card_wrong(stage.requests);
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
    begin(card_moments);
    write_config("");
    make_card_wrong();
    if (!run())
        wrong("it ended badly", "");
    expect_log("stopping, as SIGINT asks\n", 1);
    end(&card_moments[4]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(minutes_pass),
        cmocka_unit_test(a_card_that_is_wrong_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
