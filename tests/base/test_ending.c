/*
 * Which signals end a program, that they wait until it asks, and what its exit status is.
 */
#include "base/ending.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define STATUS 7

static bool is_left_out(int number)
{
    static const int others[] = {SIGKILL, SIGSTOP, SIGPIPE, SIGABRT, SIGSEGV,
                                 SIGBUS,  SIGILL,  SIGFPE,  SIGTRAP, SIGSYS};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (others[i] == number)
            return true;
    return false;
}

#define NO_SUCH_SIGNAL 1

/* What the kernel does to a process that does nothing about it; what is wanted, where the kernel
 * has no such signal (qemu-user has not the last ones: the C library below it keeps some). */
static bool ends_or_stops(int number, bool wanted)
{
    int status = 0;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        const struct rlimit none = {0};
        setrlimit(RLIMIT_CORE, &none);
        signal(number, SIG_DFL);
        _exit(raise(number) != 0 ? NO_SUCH_SIGNAL : 0);
    }
    assert_int_equal(waitpid(child, &status, WUNTRACED), child);
    if (WIFEXITED(status) && WEXITSTATUS(status) == NO_SUCH_SIGNAL)
        return wanted;
    if (!WIFSTOPPED(status))
        return WIFSIGNALED(status);
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    return true;
}

static void test_all_that_end_or_stop_are_there(void **state)
{
    (void)state;
    sigset_t set;
    ending_signals(&set);
    for (int number = 1; number <= SIGRTMAX; number++) {
        if (is_left_out(number) || (number > SIGSYS && number < SIGRTMIN))
            continue;
        /* The kernel stops nobody in an orphaned process group by these. */
        const bool stops = number == SIGTSTP || number == SIGTTIN || number == SIGTTOU;
        const bool there = sigismember(&set, number) == 1;
        const bool wanted = stops || ends_or_stops(number, there);
        if (wanted != there)
            fail_msg("signal %d is %s", number, wanted ? "missing" : "there for nothing");
    }
    for (int number = 1; number <= SIGSYS; number++)
        assert_false(is_left_out(number) && sigismember(&set, number) == 1);
}

static void test_it_waits_and_gives_the_exit_status(void **state)
{
    (void)state;
    const struct {
        const char *sentence;
        int numbers[2], status;
    } rows[] = {
        {"none came", {0}, STATUS},
        {"SIGINT asks for an end", {SIGINT}, STATUS},
        {"SIGTERM asks for an end", {SIGTERM}, STATUS},
        {"SIGHUP asks for an end", {SIGHUP}, STATUS},
        {"Ctrl-\\ ", {SIGQUIT}, 128 + SIGQUIT},
        {"Ctrl-Z", {SIGTSTP}, 128 + SIGTSTP},
        {"SIGUSR1", {SIGUSR1}, 128 + SIGUSR1},
        {"SIGALRM", {SIGALRM}, 128 + SIGALRM},
        {"one of real time", {SIGRTMIN}, 128 + SIGRTMIN},
        {"SIGINT, and one that does not ask", {SIGINT, SIGUSR2}, 128 + SIGUSR2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ending ending;
        sigset_t after;
        ending_begin(&ending);
        assert_true(ending.fd >= 0);
        for (size_t j = 0; j < 2 && rows[i].numbers[j] != 0; j++)
            raise(rows[i].numbers[j]); /* would end this test */
        if (ending_wait(&ending, 0) != (rows[i].numbers[0] != 0))
            fail_msg("%s: it is not told", rows[i].sentence);
        assert_int_equal(ending_wait(&ending, 0), rows[i].numbers[0] != 0);
        const int status = ending_end(&ending, STATUS);
        if (status != rows[i].status)
            fail_msg("%s: exit status %d", rows[i].sentence, status);
        sigprocmask(SIG_SETMASK, NULL, &after);
        assert_int_equal(sigismember(&after, SIGQUIT), 0);
    }
}

static void test_names(void **state)
{
    (void)state;
    assert_string_equal(ending_name(SIGQUIT), "SIGQUIT");
    assert_string_equal(ending_name(SIGALRM), "SIGALRM");
    assert_string_equal(ending_name(SIGRTMIN), "a signal");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_that_end_or_stop_are_there),
        cmocka_unit_test(test_it_waits_and_gives_the_exit_status),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
