#include "scenario/stage.h"

#include "base/clock.h"
#include "daemon/daemon.h"
#include "scenario/virtual.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#define BEGIN_MS INT64_C(100000000)        /* monotonic */
#define REALTIME_MS INT64_C(1791583200000) /* since 1970, of the server's clock, too */
#define TEXT_SIZE 65536

struct stage stage;

int64_t stage_ms(void)
{
    return virtual_time.monotonic_ms - BEGIN_MS;
}

void wrong(const char *what, const char *where)
{
    if (stage.wrong[0] == '\0')
        snprintf(stage.wrong, sizeof stage.wrong, "after %lld ms: %s: %s", (long long)stage_ms(),
                 what, where);
    if (virtual_time.on)
        kill(getpid(), SIGTERM);
}

const char *path_of(const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", stage.folder, name);
    return path;
}

const char *read_name(const char *name)
{
    static char text[TEXT_SIZE];
    FILE *file = fopen(path_of(name), "r");
    if (file == NULL)
        return NULL;
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

void write_name(const char *name, const char *text)
{
    FILE *file = fopen(path_of(name), "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

const char *read_log(void)
{
    static char text[TEXT_SIZE];
    ssize_t got = pread(stage.log, text, sizeof text - 1, 0);
    text[got > 0 ? got : 0] = '\0';
    return text;
}

size_t count_words(const char *text, const char *words)
{
    size_t count = 0;
    for (const char *at = strstr(text, words); at != NULL; at = strstr(at + 1, words))
        count++;
    return count;
}

void expect(const char *where, const char *text, const char *words)
{
    if (text == NULL || strstr(text, words) == NULL)
        wrong(where, words);
}

void expect_log(const char *words, size_t times)
{
    if (count_words(read_log(), words) != times)
        wrong("the log has another number of such lines", words);
}

void write_board(int pixels)
{
    char text[256];
    snprintf(text, sizeof text,
             "title: Paper\noutputs: [{name: paper, chip: frames, pixels: %d, bus: stdout}]\n",
             pixels);
    write_name("board.yaml", text);
}

void write_config(const char *more)
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

void write_config_with_metrics(const char *name)
{
    char line[160];
    snprintf(line, sizeof line, "metrics_file: %s\n", path_of(name));
    write_config(line);
}

void hear(void)
{
    char message[512];
    ssize_t got;
    while ((got = recv(stage.heard, message, sizeof message - 1, MSG_DONTWAIT)) > 0) {
        message[got] = '\0';
        if (strcmp(message, "WATCHDOG=1") == 0) {
            stage.fed_ms = stage_ms();
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
    if (stage_ms() - stage.fed_ms > WATCHDOG_MS && getenv("WATCHDOG_USEC") != NULL)
        wrong("the watchdog was not fed", "");
    stage.has_begun |= strstr(stage.told, "STATUS=") != NULL; /* the last that it does first */
    if (!stage.has_begun)
        return;
    if (!stage.is_stuck)
        look_at_status();
    if (stage.next->happens != NULL && stage_ms() >= stage.next->at_ms)
        (stage.next++)->happens();
}

bool is_dark(const char *shown)
{
    return strchr(shown, '#') != NULL && count_words(shown, "#") == count_words(shown, "#000000");
}

/* What is lit stands in the record from the first light on. */
static void look_at_record(void)
{
    char line[32];
    snprintf(line, sizeof line, "pixels: %zu,", count_words(stage.shown, "#"));
    expect("record of what is lit", read_name("lit.yaml"), line);
}

static void written(const char *bytes, size_t length)
{
    const bool was_dark = is_dark(stage.shown);
    snprintf(stage.shown, sizeof stage.shown, "%.*s", (int)length, bytes);
    stage.lines++;
    stage.darks += is_dark(stage.shown);
    if (was_dark && !is_dark(stage.shown) && !stage.is_stuck)
        look_at_record();
    if (stage.lines == 1 && stage.darks == 0)
        wrong("its first picture is not dark", stage.shown);
}

static void answered(enum way way, bool indicator)
{
    (void)way;
    (void)indicator;
}

static size_t count_files(void)
{
    size_t count = 0;
    DIR *files = opendir("/proc/self/fd");
    while (files != NULL && readdir(files) != NULL)
        count++;
    if (files != NULL)
        closedir(files);
    return count;
}

void stage_begin(const struct moment moments[])
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    stage = (struct stage){.folder = "/tmp/amberbar-daemon-XXXXXX",
                           .rollout = "web",
                           .next = moments,
                           .files = count_files()};
    assert_non_null(mkdtemp(stage.folder));
    snprintf(address.sun_path, sizeof address.sun_path, "%s/notify", stage.folder);
    stage.heard = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(stage.heard, (struct sockaddr *)&address, sizeof address), 0);
    setenv("NOTIFY_SOCKET", address.sun_path, 1);
    setenv("WATCHDOG_USEC", "14000000", 1);
    setenv("RUNTIME_DIRECTORY", stage.folder, 1);
    setenv("TZ", "UTC", 1);
    unsetenv("JOURNAL_STREAM"); /* the log's lines have no more than their words */
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

void stage_end(const struct moment *last)
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
    if (count_files() != stage.files + 1) /* the log */
        wrong("it has left files open", "or closed others'");
    if (stage.wrong[0] != '\0')
        fail_msg("%s\nshown: %stold: %s\nlog:\n%s", stage.wrong, stage.shown, stage.told,
                 read_log());
    close(stage.log);
}

/* None more than are open. */
static void limit_files(struct rlimit *before)
{
    struct rlimit limit;
    const int next = dup(STDERR_FILENO);
    close(next);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, before), 0);
    limit = *before;
    limit.rlim_cur = (rlim_t)next;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

static bool run(struct config *config)
{
    struct rlimit limit;
    if (stage.is_poor)
        limit_files(&limit);
    const int input = stage.is_deaf ? dup(STDIN_FILENO) : -1;
    if (stage.is_deaf)
        close(STDIN_FILENO);
    virtual_time.on = true;
    const bool good = daemon_run(config, &stage.error);
    virtual_time.on = false;
    if (stage.is_deaf && fcntl(STDIN_FILENO, F_GETFD) >= 0)
        wrong("it has left a file open", "in the place of standard input");
    if (stage.is_deaf)
        dup2(input, STDIN_FILENO);
    if (input >= 0)
        close(input);
    if (stage.is_poor)
        setrlimit(RLIMIT_NOFILE, &limit);
    return good;
}

bool stage_run(void)
{
    struct complaints complaints = {0};
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
    const bool good = run(config);
    dup2(output, STDOUT_FILENO);
    dup2(standard_error, STDERR_FILENO);
    close(paper);
    close(output);
    close(standard_error);
    return good;
}

void expect_darks(size_t darks)
{
    if (stage.darks != darks)
        wrong("it was dark another number of times", stage.shown);
}

void expect_frame(void)
{
    char colours[sizeof stage.shown];
    const char *from = strchr(stage.shown, '['), *to = strchr(stage.shown, ']');
    snprintf(colours, sizeof colours, "\"frame\":{\"pixels\":%.*s]",
             from != NULL && to != NULL ? (int)(to - from) : 0, from != NULL ? from : "");
    expect("status", read_name("status.json"), colours);
}

void read_again(void)
{
    stage.told[0] = '\0';
    kill(getpid(), SIGHUP);
}
