#include "commands/setup/ask.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct line {
    int ends[2];
    FILE *out;
    char *said;
    size_t length;
    struct asker asker;
};

static void begin(struct line *line, const char *typed, size_t length)
{
    *line = (struct line){.said = NULL};
    assert_int_equal(pipe(line->ends), 0);
    assert_int_equal(write(line->ends[1], typed, length), length);
    line->out = open_memstream(&line->said, &line->length);
    line->asker = (struct asker){.in = line->ends[0], .out = line->out, .signals = -1};
}

static void end(struct line *line)
{
    close(line->ends[0]);
    close(line->ends[1]);
    fclose(line->out);
    free(line->said);
}

static void test_lines(void **state)
{
    (void)state;
    struct line line;
    char answer[ANSWER_SIZE];
    static const char typed[] = "one\n  two words \t\r\n\nlast\n";
    begin(&line, typed, strlen(typed));
    static const char *const wanted[] = {"one", "two words", "", "last"};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(ask(&line.asker, "? ", false, answer), HEARD_ANSWER);
        assert_string_equal(answer, wanted[i]);
    }
    assert_string_equal(line.said, "? ? ? ? ");
    end(&line);
}

/* Half a line at the end of input is no answer: nobody pressed Enter. */
static void test_end_of_input(void **state)
{
    (void)state;
    struct line line;
    char answer[ANSWER_SIZE];
    begin(&line, "y", 1);
    close(line.ends[1]);
    line.ends[1] = -1;
    assert_int_equal(ask(&line.asker, "? ", true, answer), HEARD_END);
    end(&line);
}

static void test_a_line_that_is_too_long_is_gone(void **state)
{
    (void)state;
    struct line line;
    char answer[ANSWER_SIZE], typed[ANSWER_SIZE + 100];
    memset(typed, 'x', sizeof typed);
    typed[ANSWER_SIZE + 10] = '\n';
    memcpy(typed + ANSWER_SIZE + 11, "yes\n", 4);
    begin(&line, typed, ANSWER_SIZE + 15);
    assert_int_equal(ask(&line.asker, "? ", false, answer), HEARD_TOO_LONG);
    assert_int_equal(ask(&line.asker, "? ", false, answer), HEARD_ANSWER);
    assert_string_equal(answer, "yes");
    end(&line);
}

/* A signal goes before whatever was typed. */
static void test_a_signal_ends_it(void **state)
{
    (void)state;
    struct line line;
    char answer[ANSWER_SIZE];
    int signal_ends[2];
    begin(&line, "yes\n", 4);
    assert_int_equal(pipe(signal_ends), 0);
    line.asker.signals = signal_ends[0];
    assert_false(ask_interrupted(&line.asker));
    assert_int_equal(write(signal_ends[1], "!", 1), 1);
    assert_true(ask_interrupted(&line.asker));
    assert_int_equal(ask(&line.asker, "? ", false, answer), HEARD_END);
    close(signal_ends[0]);
    close(signal_ends[1]);
    end(&line);
}

static void count(void *what)
{
    struct line *line = what;
    if (++line->length == 3)
        assert_int_equal(write(line->ends[1], "y\n", 2), 2);
}

/* What goes on meanwhile goes on until somebody answers. */
static void test_ticks(void **state)
{
    (void)state;
    struct line line, ticks = {.length = 0};
    char answer[ANSWER_SIZE];
    begin(&line, "", 0);
    ticks.ends[1] = line.ends[1];
    line.asker.tick = count;
    line.asker.what = &ticks;
    assert_int_equal(ask(&line.asker, "? ", false, answer), HEARD_ANSWER);
    assert_string_equal(answer, "y");
    assert_int_equal(ticks.length, 3);
    end(&line);
}

static void test_consent(void **state)
{
    (void)state;
    static const struct {
        const char *answer;
        enum consent consent;
    } rows[] = {{"y", CONSENT_YES},       {"Yes", CONSENT_YES},  {"n", CONSENT_NO},
                {"NO", CONSENT_NO},       {"", CONSENT_UNCLEAR}, {"yo", CONSENT_UNCLEAR},
                {"none", CONSENT_UNCLEAR}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(consent_of(rows[i].answer), rows[i].consent);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_end_of_input),
        cmocka_unit_test(test_a_line_that_is_too_long_is_gone),
        cmocka_unit_test(test_a_signal_ends_it),
        cmocka_unit_test(test_ticks),
        cmocka_unit_test(test_consent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
