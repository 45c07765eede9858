/*
 * A name server that is dead: each question that waits for it has a thread of its own, which stays
 * for as long as the C library tries. There are never more than the unit allows.
 */
#include "prometheus/asking.h"
#include "prometheus/http/transfer.h"

#include <netdb.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <cmocka.h>

static atomic_int waiting;
static atomic_bool released;

/* In the place of the C library's: waits, and knows no name. */
int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
                struct addrinfo **found)
{
    (void)name, (void)service, (void)hints, (void)found;
    const struct timespec nap = {.tv_nsec = 5000000};
    waiting++;
    while (!released)
        nanosleep(&nap, NULL);
    waiting--;
    return EAI_AGAIN;
}

static int tasks(void)
{
    struct stat status;
    assert_int_equal(stat("/proc/self/task", &status), 0);
    return (int)status.st_nlink - 2;
}

static void expect_failure(struct talk *talk)
{
    enum client_event event = asking(talk->client, &talk->answer, &talk->error);
    assert_int_equal(event, CLIENT_FAILED);
    assert_true(text_is_utf8(talk->error.text, strlen(talk->error.text)));
}

static void threads_that_resolve_are_bounded(void **state)
{
    struct talk *talk = *state;
    const int before = tasks();
    talk->settings = asking_settings(1);
    talk->settings.timeout_ms = 20;
    snprintf(talk->settings.url, sizeof talk->settings.url, "http://prometheus.wall.test:9090");
    talk_open(talk);
    for (int i = 0; i < 20; i++) {
        expect_failure(talk);
        assert_true(tasks() - before < TRANSFERS_TASKS_MAX);
    }
    const struct timespec nap = {.tv_nsec = 5000000};
    for (int i = 0; i < 2000 && waiting <= 2; i++)
        nanosleep(&nap, NULL); /* on a busy machine threads begin late */
    assert_true(waiting > 2);  /* they are real */
    assert_non_null(strstr(talk->error.text, "does not resolve"));
    released = true;
    for (int i = 0; i < 2000 && tasks() > before; i++)
        nanosleep(&nap, NULL);
    client_close(talk->client);
    talk->settings.timeout_ms = 5000;
    talk_open(talk);
    expect_failure(talk); /* which asks the name server again */
    assert_non_null(strstr(talk->error.text, "does not resolve"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(threads_that_resolve_are_bounded, talk_set_up,
                                        talk_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
