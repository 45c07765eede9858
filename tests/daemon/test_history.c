#include "daemon/history.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void keeps_the_newest_fifty(void **state)
{
    (void)state;
    struct history history = {0};
    assert_null(history_newest(&history, 0));
    for (int64_t at = 1; at <= 120; at++) {
        history_add(&history, &(struct transition){.at_ms = at, .name = "cms"});
        assert_true(history_newest(&history, 0)->at_ms == at);
        size_t kept = at < HISTORY_LENGTH ? (size_t)at : HISTORY_LENGTH;
        assert_true(history_newest(&history, kept - 1)->at_ms == at - (int64_t)kept + 1);
        assert_null(history_newest(&history, kept));
    }
}

static void names_of_states_are_read_as_words(void **state)
{
    (void)state;
    static const struct {
        const char *name, *words, *why, *rest;
    } rows[] = {
        {"stable", "stable", "stable, 2 pods available", "2 pods available"},
        {"scaled_to_zero", "scaled to zero", "scaled to zero, no pods", "no pods"},
        {"explained_warning", "explained warning", "explained by the rollout of cms (0.52)",
         "explained by the rollout of cms (0.52)"},
        {"ok", "ok", "ok", "ok"},
        {"stable", "stable", "2 pods", "2 pods"},
        {"degraded", "degraded", "de", "de"},
        {"scaled_to_zero", "scaled to zero", "scaled_to_zero, no pods", "no pods"},
        {"scaled_to_zero", "scaled to zero", "scaled to one", "scaled to one"},
        {"ok", "ok", "no, it is not", "no, it is not"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char words[HISTORY_STATE_SIZE];
        history_state_words(rows[i].name, words);
        assert_string_equal(words, rows[i].words);
        assert_string_equal(history_why(rows[i].name, rows[i].why), rows[i].rest);
    }
}

/* What stands in the log, of standard error. */
static void the_log_says_a_state_once(void **state)
{
    (void)state;
    struct transition transition = {
        .name = "cms", .from = "scaled_to_zero", .to = "stable", .why = "stable, 2 pods available"};
    FILE *file = tmpfile();
    const int kept = dup(STDERR_FILENO);
    char line[256] = "";
    assert_non_null(file);
    assert_true(kept >= 0 && dup2(fileno(file), STDERR_FILENO) >= 0);
    history_log(&transition);
    assert_true(dup2(kept, STDERR_FILENO) >= 0);
    close(kept);
    rewind(file);
    assert_non_null(fgets(line, sizeof line, file));
    assert_non_null(strstr(line, "cms: scaled to zero -> stable: 2 pods available\n"));
    fclose(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_the_newest_fifty),
        cmocka_unit_test(names_of_states_are_read_as_words),
        cmocka_unit_test(the_log_says_a_state_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
