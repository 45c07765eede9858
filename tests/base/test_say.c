/*
 * What reaches a person: lines, in which nothing foreign steers or breaks.
 */
#include "base/say.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char said[16384];

static FILE *begin(void)
{
    memset(said, 0, sizeof said);
    FILE *to = fmemopen(said, sizeof said, "w");
    assert_non_null(to);
    return to;
}

static void a_line_is_one_line_whatever_is_in_it(void **state)
{
    (void)state;
    static const struct {
        const char *sentence, *word, *line;
    } rows[] = {
        {"plain", "web", "name web, 3\n"},
        {"nothing", "", "name , 3\n"},
        {"a newline would forge a line", "a\nb", "name a?b, 3\n"},
        {"an escape sequence", "\033[2J", "name ?[2J, 3\n"},
        {"a direction, and what nobody sees", "\u202Ea\u200B", "name ?a?, 3\n"},
        {"broken UTF-8", "\xFF\xC3", "name ??, 3\n"},
        {"letters of any script", "\u00FC\u4E2D", "name \u00FC\u4E2D, 3\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        FILE *to = begin();
        say_line(to, "name %s, %d", rows[i].word, 3);
        fclose(to);
        if (strcmp(said, rows[i].line) != 0)
            fail_msg("%s: %s", rows[i].sentence, said);
    }
}

static void lines_keep_their_newlines_alone(void **state)
{
    (void)state;
    FILE *to = begin();
    say_lines(to, "a\tb\n\n\033c\n\u2028d");
    fclose(to);
    assert_string_equal(said, "a?b\n\n?c\n?d");
    to = begin();
    say_lines(to, NULL);
    fclose(to);
    assert_string_equal(said, "not enough memory\n");
}

static void long_lines_are_cut_nowhere(void **state)
{
    (void)state;
    static char word[9001], expected[9001];
    for (size_t shift = 0; shift < 3; shift++) { /* so that a piece ends within a character */
        memset(word, 0, sizeof word);
        memset(word, 'x', shift);
        for (size_t i = 0; i < 2900; i++)
            memcpy(word + shift + 3 * i, "\u20AC", 3);
        FILE *to = begin();
        say_line(to, "%s", word);
        fclose(to);
        memcpy(expected, word, sizeof expected);
        memcpy(expected + strlen(expected), "\n", 2);
        assert_string_equal(said, expected);
    }
    memset(word, 0x80, sizeof word - 1); /* no character to cut at */
    FILE *to = begin();
    say_line(to, "%s", word);
    fclose(to);
    assert_int_equal(strspn(said, "?"), sizeof word - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_one_line_whatever_is_in_it),
        cmocka_unit_test(lines_keep_their_newlines_alone),
        cmocka_unit_test(long_lines_are_cut_nowhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
