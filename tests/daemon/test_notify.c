/*
 * What the service manager is told, at its end of the socket.
 */
#include "daemon/notify.h"

#include "daemon/open_files.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* A name in the abstract namespace, so that nothing is left lying. */
static int begin(void **state)
{
    static int manager;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char name[64];
    snprintf(name, sizeof name, "@amberbar-test-notify-%d", (int)getpid());
    memcpy(address.sun_path, name, strlen(name));
    address.sun_path[0] = '\0';
    manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    *state = &manager;
    setenv("NOTIFY_SOCKET", name, 1);
    return bind(manager, (const struct sockaddr *)&address,
                (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name)));
}

static int finish(void **state)
{
    return close(*(const int *)*state);
}

static void expect_told(void **state, const char *wanted)
{
    char told[512];
    const ssize_t length = recv(*(const int *)*state, told, sizeof told - 1, 0);
    told[length > 0 ? length : 0] = '\0';
    assert_string_equal(told, wanted);
}

static void each_word_is_told(void **state)
{
    const size_t files = open_files();
    notify_ready();
    expect_told(state, "READY=1");
    notify_reloading(1234);
    expect_told(state, "RELOADING=1\nMONOTONIC_USEC=1234000");
    notify_alive();
    expect_told(state, "WATCHDOG=1");
    notify_stopping();
    expect_told(state, "STOPPING=1");
    notify_status("all 3 are stable");
    expect_told(state, "STATUS=all 3 are stable");
    expect_told(state, "");
    assert_int_equal(open_files(), files);
}

/* Also by a daemon that was begun without standard input: then the socket has that number. */
static void it_is_told_by_the_first_of_all_files(void **state)
{
    const int input = dup(STDIN_FILENO);
    close(STDIN_FILENO);
    notify_ready();
    const bool is_free = fcntl(STDIN_FILENO, F_GETFD) < 0;
    dup2(input, STDIN_FILENO);
    close(input);
    assert_true(is_free);
    expect_told(state, "READY=1");
}

/* A line of somebody else's would be an assignment of its own. */
static void words_are_one_assignment(void **state)
{
    char words[400];
    notify_status("a\nMAINPID=1");
    expect_told(state, "STATUS=a?MAINPID=1");
    memset(words, 'w', sizeof words - 1);
    words[sizeof words - 1] = '\0';
    notify_status(words);
    char wanted[sizeof "STATUS=" + 240];
    snprintf(wanted, sizeof wanted, "STATUS=%.240s", words);
    expect_told(state, wanted);
}

static void without_a_manager_nobody_is_told(void **state)
{
    static const char *const names[] = {"", "relative", "/nonexistent/socket"};
    char *name = strdup(getenv("NOTIFY_SOCKET"));
    assert_non_null(name);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        setenv("NOTIFY_SOCKET", names[i], 1);
        notify_ready();
    }
    unsetenv("NOTIFY_SOCKET");
    notify_ready();
    setenv("NOTIFY_SOCKET", name, 1);
    free(name);
    expect_told(state, "");
}

/* One that hears nothing any more holds nobody up: what is told then is lost. */
static void a_manager_that_sleeps_is_not_waited_for(void **state)
{
    enum { MORE_THAN_ANY_QUEUE = 5000 };
    char told[512];
    const unsigned before = alarm(20);
    for (int i = 0; i < MORE_THAN_ANY_QUEUE; i++)
        notify_alive();
    alarm(before);
    while (recv(*(const int *)*state, told, sizeof told, 0) > 0)
        continue;
    notify_ready();
    expect_told(state, "READY=1");
}

static void the_watchdog_is_fed_twice_as_often_as_it_asks(void **state)
{
    (void)state;
    char own[16], other[16];
    snprintf(own, sizeof own, "%d", (int)getpid());
    snprintf(other, sizeof other, "%d", (int)getppid());
    const struct {
        const char *limit, *process; /* NULL: not set */
        int64_t wanted_ms;
    } rows[] = {
        {NULL, NULL, 0},     {"4000000", NULL, 2000}, {"4000000", own, 2000}, {"4000000", other, 0},
        {"4000000", "x", 0}, {"0", NULL, 0},          {"-4000000", NULL, 0},  {"4s", NULL, 0},
        {"1", NULL, 1},      {"2000", NULL, 1},       {"3999", NULL, 1},      {"4000", NULL, 2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        unsetenv("WATCHDOG_USEC");
        unsetenv("WATCHDOG_PID");
        if (rows[i].limit != NULL)
            setenv("WATCHDOG_USEC", rows[i].limit, 1);
        if (rows[i].process != NULL)
            setenv("WATCHDOG_PID", rows[i].process, 1);
        if (notify_watchdog_ms() != rows[i].wanted_ms)
            fail_msg("row %zu: %d ms", i, (int)notify_watchdog_ms());
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_word_is_told),
        cmocka_unit_test(it_is_told_by_the_first_of_all_files),
        cmocka_unit_test(words_are_one_assignment),
        cmocka_unit_test(without_a_manager_nobody_is_told),
        cmocka_unit_test(a_manager_that_sleeps_is_not_waited_for),
        cmocka_unit_test(the_watchdog_is_fed_twice_as_often_as_it_asks),
    };
    return cmocka_run_group_tests(tests, begin, finish);
}
