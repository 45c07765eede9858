#include "commands/capture.h"
#include "commands/commands.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct example {
    const char *sentence;
    const char *text;
    int status;
    const char *out, *err; /* $ stands for the file's path */
} rows[] = {
    {"lights on pins",
     "board: pimoroni-blinkt\nprometheus: {url: 'http://p'}\n"
     "rollouts: [{name: a, namespace: b}, {name: c, query: up}]\n",
     EXIT_STATUS_OK, "$: fine: 2 rollouts, board Pimoroni Blinkt! (8 pixels on gpio)\n", ""},
    {"one rollout on a screen",
     "board: terminal\nprometheus: {url: 'http://p'}\nrollouts: [{name: a, namespace: b}]\n",
     EXIT_STATUS_OK, "$: fine: 1 rollout, board Terminal (8 pixels and 4 digits on stdout)\n", ""},
    {"mistakes", "board: terminal\nprometheus: {url: 'http://p'}\nrollout: x\n", EXIT_STATUS_USAGE,
     "", "$:3:1: unknown key 'rollout'; did you mean 'rollouts'?\n"},
    {"files that are not there, at their places",
     "board: terminal\nprometheus:\n  url: https://p\n  basic_auth:\n    username: a\n"
     "    password_file: /etc/nope.password\n  tls_config: {ca_file: /tmp}\n"
     "  http_headers: {X-A: {files: /nowhere/header}}\n"
     "rollouts: [{name: a, namespace: b}]\n",
     EXIT_STATUS_USAGE, "",
     "$:6:20: basic_auth: password_file: there is no such file in /etc; create it there, or "
     "correct the path\n"
     "$:7:25: tls_config: ca_file: /tmp is a directory; name a file in it\n"
     "$:8:31: http_headers: X-A: files: there is no such file, nor its folder; create them, or "
     "correct "
     "the path\n"},
    {"a file that may be the service's credential",
     "board: terminal\nprometheus: {url: 'https://p', bearer_token_file: amberbar-nope}\n"
     "rollouts: [{name: a, namespace: b}]\n",
     EXIT_STATUS_OK,
     "$: fine, but for a file that it names: 1 rollout, board Terminal (8 pixels and 4 digits "
     "on stdout)\n",
     "$:2:51: bearer_token_file: there is no such file in /tmp; create it there, or correct the "
     "path, "
     "unless the service has it as a credential\n"
     "$: bearer_token_file is deprecated; write authorization: {credentials_file: ...}\n"},
    {"segments that leave something out",
     "board: terminal\nprometheus: {url: 'http://p'}\n"
     "rollouts: [{name: a, namespace: b}, {name: c, query: up}]\n"
     "indicators: [{name: d, query: up, warning: 1, critical: 2}]\n"
     "display: {segments: [{pixels: 0-6, show: rollout a}, {pixels: 7, show: indicators}]}\n",
     EXIT_STATUS_OK, "$: fine: 2 rollouts, board Terminal (8 pixels and 4 digits on stdout)\n",
     "$: the segments leave out the rollout 'c': no pixel shows when it fails; add a "
     "segment for it, or one with show: summary\n"},
    {"segments that leave out what is only watched",
     "board: terminal\nprometheus: {url: 'http://p'}\n"
     "rollouts: [{name: a, namespace: b}, {name: c, query: up}]\n"
     "indicators: [{name: d, query: up, warning: 1, critical: 2}, {name: e, query: up, warning: 1, "
     "critical: 2}]\n"
     "display: {segments: [{pixels: 0-6, show: rollouts}, {pixels: 7, show: indicator e}]}\n",
     EXIT_STATUS_OK, "$: fine: 2 rollouts, board Terminal (8 pixels and 4 digits on stdout)\n",
     "$: the segments leave out the indicator 'd': no pixel shows when it fails; add a "
     "segment for it, or one with show: summary\n"},
    {"segments that leave things to the summary",
     "board: terminal\nprometheus: {url: 'http://p'}\n"
     "rollouts: [{name: a, namespace: b}, {name: c, query: up}]\n"
     "display: {segments: [{pixels: 0-6, show: rollout a}, {pixels: 7, show: summary}]}\n",
     EXIT_STATUS_OK, "$: fine: 2 rollouts, board Terminal (8 pixels and 4 digits on stdout)\n", ""},
    {"a password that everybody can read",
     "board: terminal\nprometheus: {url: 'https://p', basic_auth: {username: a, password: b}}\n"
     "rollouts: [{name: a, namespace: b}]\n",
     EXIT_STATUS_OK, "$: fine: 1 rollout, board Terminal (8 pixels and 4 digits on stdout)\n",
     "$: anybody on this machine can read the secret in it; chmod o-r it, or move the secret to a "
     "file of its own\n"},
};

/* `text` with the path for each $. */
static void put_path(char *out, size_t size, const char *text, const char *path)
{
    size_t length = 0;
    for (; *text != '\0' && length + 1 < size; text++)
        if (*text == '$')
            length += (size_t)snprintf(out + length, size - length, "%s", path);
        else
            out[length++] = *text;
    out[length] = '\0';
}

static void test_check(void **state)
{
    (void)state;
    char path[] = "/tmp/amberbar-test-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(fchmod(file, 0644), 0);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char out[1024];
        char err[1024];
        size_t length = strlen(rows[i].text);
        assert_int_equal(ftruncate(file, 0), 0);
        assert_int_equal(pwrite(file, rows[i].text, length, 0), length);
        struct captured captured = capture(&command_check, (const char *[4]){"check", "-c", path});
        put_path(out, sizeof out, rows[i].out, path);
        put_path(err, sizeof err, rows[i].err, path);
        if (captured.status != rows[i].status || strcmp(captured.out, out) != 0 ||
            strcmp(captured.err, err) != 0) {
            fail_msg("%s: status %d\n%s%s", rows[i].sentence, captured.status, captured.out,
                     captured.err);
        }
    }
    close(file);
    unlink(path);
}

static void test_a_secret_that_this_user_may_not_read(void **state)
{
    (void)state;
    char path[] = "/tmp/amberbar-test-XXXXXX", secret[] = "/tmp/amberbar-secret-XXXXXX";
    int file = mkstemp(path), secret_file = mkstemp(secret);
    assert_true(file >= 0 && secret_file >= 0);
    char out[256], err[256];
    dprintf(file,
            "board: terminal\nprometheus:\n  authorization: {credentials_file: %s}\n"
            "  url: https://p\nrollouts: [{name: a, namespace: b}]\n",
            secret);
    snprintf(out, sizeof out,
             "%s: fine, but for a file that it names: 1 rollout, board Terminal (8 pixels and 4 "
             "digits on stdout)\n",
             path);
    snprintf(err, sizeof err,
             "%s:3:37: authorization: credentials_file: this user may not read it; the one that "
             "runs amberbar has to (`amberbar doctor` looks)\n",
             path);
    const bool is_root = geteuid() == 0;
    assert_int_equal(fchmod(file, 0644), 0);
    assert_int_equal(fchmod(secret_file, is_root ? 0600 : 0), 0);
    if (is_root)
        assert_int_equal(seteuid(65534), 0);
    struct captured captured = capture(&command_check, (const char *[4]){"check", "-c", path});
    if (is_root)
        assert_int_equal(seteuid(0), 0);
    assert_string_equal(captured.out, out);
    assert_string_equal(captured.err, err);
    assert_int_equal(captured.status, EXIT_STATUS_OK);
    close(file);
    close(secret_file);
    unlink(path);
    unlink(secret);
}

#define MOST 65536
#define MOST_OF_PEM 1048576

/* As much as is read of a file, and a byte more; @ stands for its path. */
static const struct {
    const char *settings;
    off_t most;
    const char *key; /* with its place */
} lengths[] = {
    {"authorization: {credentials_file: @}", MOST, ":3:37: authorization: credentials_file: "},
    {"basic_auth: {username: a, password_file: @}", MOST, ":3:44: basic_auth: password_file: "},
    {"http_headers: {X-A: {files: [@]}}", MOST, ":3:24: http_headers: X-A: files: "},
    {"tls_config: {ca_file: @}", MOST_OF_PEM, ":3:25: tls_config: ca_file: "},
};

static void test_files_that_are_too_long(void **state)
{
    (void)state;
    char path[] = "/tmp/amberbar-test-XXXXXX", long_path[] = "/tmp/amberbar-long-XXXXXX";
    int file = mkstemp(path), long_file = mkstemp(long_path);
    assert_true(file >= 0 && long_file >= 0);
    for (size_t i = 0; i < 2 * sizeof lengths / sizeof lengths[0]; i++) {
        const off_t most = lengths[i / 2].most;
        const bool fits = i % 2 == 0;
        char text[512], err[512] = "";
        const char *settings = lengths[i / 2].settings, *at = strchr(settings, '@');
        int length = snprintf(text, sizeof text,
                              "board: terminal\nprometheus:\n  %.*s%s%s\n  url: https://p\n"
                              "rollouts: [{name: a, namespace: b}]\n",
                              (int)(at - settings), settings, long_path, at + 1);
        assert_int_equal(ftruncate(file, 0), 0);
        assert_int_equal(pwrite(file, text, (size_t)length, 0), length);
        assert_int_equal(ftruncate(long_file, most + !fits), 0);
        struct captured captured = capture(&command_check, (const char *[4]){"check", "-c", path});
        if (!fits)
            snprintf(err, sizeof err,
                     "%s%scannot read %s: it is too long; at most %jd bytes are read\n", path,
                     lengths[i / 2].key, long_path, (intmax_t)most);
        if (captured.status != (fits ? EXIT_STATUS_OK : EXIT_STATUS_USAGE) ||
            strcmp(captured.err, err) != 0)
            fail_msg("%s of %jd bytes: status %d\n%s", settings, (intmax_t)(most + !fits),
                     captured.status, captured.err);
    }
    close(file);
    close(long_file);
    unlink(path);
    unlink(long_path);
}

static bool make_pipe(const char *path)
{
    return mkfifo(path, 0644) == 0;
}

static bool make_folder(const char *path)
{
    return mkdir(path, 0755) == 0;
}

static bool make_link(const char *path)
{
    return symlink("/nowhere/a.prom", path) == 0;
}

static bool make_device_link(const char *path)
{
    return symlink("/dev/null", path) == 0;
}

static bool make_file(const char *path)
{
    return close(creat(path, 0644)) == 0;
}

static bool make_nothing(const char *path)
{
    return access(path, F_OK) != 0;
}

/* What stands where the metrics are to be written. */
static void test_the_place_of_the_metrics(void **state)
{
    static const struct {
        const char *sentence;
        bool (*make)(const char *path);
        bool fine;
    } things[] = {
        {"nothing", make_nothing, true},         {"a file", make_file, true},
        {"a named pipe", make_pipe, false},      {"a directory", make_folder, false},
        {"a link to nothing", make_link, false}, {"a link to a device", make_device_link, false},
    };
    (void)state;
    char path[] = "/tmp/amberbar-test-XXXXXX", text[256], metrics[64], err[512];
    int file = mkstemp(path);
    assert_true(file >= 0);
    snprintf(metrics, sizeof metrics, "%s.prom", path);
    int length = snprintf(text, sizeof text,
                          "board: terminal\nprometheus: {url: 'http://p'}\nmetrics_file: %s\n"
                          "rollouts: [{name: a, namespace: b}]\n",
                          metrics);
    assert_int_equal(pwrite(file, text, (size_t)length, 0), length);
    for (size_t i = 0; i < sizeof things / sizeof things[0]; i++) {
        assert_true(things[i].make(metrics));
        struct captured captured = capture(&command_check, (const char *[4]){"check", "-c", path});
        snprintf(
            err, sizeof err,
            "%s:3:15: metrics_file: %s is no regular file, and is left alone; name another, or "
            "remove it\n",
            path, metrics);
        if (captured.status != (things[i].fine ? EXIT_STATUS_OK : EXIT_STATUS_USAGE) ||
            strcmp(captured.err, things[i].fine ? "" : err) != 0)
            fail_msg("%s: status %d\n%s", things[i].sentence, captured.status, captured.err);
        (void)remove(metrics);
    }
    close(file);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_check),
                                       cmocka_unit_test(test_a_secret_that_this_user_may_not_read),
                                       cmocka_unit_test(test_files_that_are_too_long),
                                       cmocka_unit_test(test_the_place_of_the_metrics)};
    setenv("AMBERBAR_BOARDS", SOURCE_DIR "/boards", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
