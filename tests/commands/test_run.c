/*
 * A signal to read the config again that comes while it is read for the first time.
 */
#include "commands/capture.h"
#include "commands/commands.h"
#include "config/config.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* In the place of the real one: one that takes long enough for a signal. */
struct config *config_read_beside(const char *path, const char *card, struct complaints *complaints)
{
    (void)path, (void)card;
    raise(SIGHUP);
    text_add(&complaints->text, "the config is wrong\n");
    return NULL;
}

static void a_reload_that_comes_early_ends_nothing(void **state)
{
    (void)state;
    sigset_t pending;
    setenv("RUNTIME_DIRECTORY", "/nonexistent", 1);
    const struct captured said = capture(&command_run, (const char *const[4]){"run"});
    assert_int_equal(said.status, EXIT_STATUS_USAGE);
    assert_non_null(strstr(said.err, "the config is wrong"));
    assert_int_equal(sigpending(&pending), 0);
    assert_int_equal(sigismember(&pending, SIGHUP), 1); /* the daemon will take it */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_reload_that_comes_early_ends_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
