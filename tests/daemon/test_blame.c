/*
 * Whose fault it is that no answer came. A network that is not there is a namespace of this test's
 * own, which has no route.
 */
#include "daemon/blame.h"

#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define CANNOT 77

static const struct {
    const char *sentence;
    enum client_trouble trouble;
    enum why why;
    const char *words; /* how what is said begins */
} rows[] = {
    {"a server that refuses is there", CLIENT_TROUBLE_OTHER, WHY_FETCH, "it failed"},
    {"no way, and no network", CLIENT_TROUBLE_WAY, WHY_NO_NETWORK, "this machine has no network: "},
    {"the clock is not set", CLIENT_TROUBLE_CLOCK, WHY_CLOCK_UNSET, "it failed"},
};

/* The number of the row that is not so, from 1; 0: all are. */
static int try_without_network(void)
{
    if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
        return CANNOT;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct error error;
        error_set(&error, "it failed");
        if (blame(rows[i].trouble, &error) != rows[i].why ||
            strncmp(error.text, rows[i].words, strlen(rows[i].words)) != 0)
            return (int)i + 1;
    }
    return 0;
}

static void who_has_no_network_is_told(void **state)
{
    (void)state;
    int status;
    const pid_t child = fork();
    if (child == 0)
        _exit(try_without_network());
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == CANNOT)
        skip(); /* no namespaces here */
    if (WEXITSTATUS(status) != 0)
        fail_msg("%s: it is not so", rows[WEXITSTATUS(status) - 1].sentence);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(who_has_no_network_is_told)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
