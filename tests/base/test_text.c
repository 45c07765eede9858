#include "base/text.h"

#include "base/character.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof array / sizeof array[0])

static void copies_whole_characters_only(void **state)
{
    (void)state;
    char out[5];
    assert_true(text_copy(out, sizeof out, "1234"));
    assert_string_equal(out, "1234");
    assert_false(text_copy(out, sizeof out, "12345"));
    assert_string_equal(out, "1234");
    assert_false(text_copy(out, sizeof out, "abc\xC3\xA9")); /* the e with acute does not fit */
    assert_string_equal(out, "abc");
    assert_false(text_copy(out, 1, "x"));
    assert_string_equal(out, "");
}

static void shortens_to_a_whole_word(void **state)
{
    (void)state;
    char out[16];
    text_shorten(out, sizeof out, "all of it fits.");
    assert_string_equal(out, "all of it fits.");
    text_shorten(out, sizeof out, "all of this fits not");
    assert_string_equal(out, "all of this ...");
    text_shorten(out, sizeof out, "withoutanyblankanywhere");
    assert_string_equal(out, "withoutanyb ...");
}

static void reads_numbers_as_prometheus_writes_them(void **state)
{
    (void)state;
    static const struct {
        const char *sentence, *text;
        bool good;
        double value;
    } rows[] = {
        {"a plain integer", "5", true, 5},
        {"a fraction", "5.0", true, 5},
        {"an exponent", "1e+06", true, 1e6},
        {"a negative number", "-1", true, -1},
        {"a leading point", ".5", true, 0.5},
        {"infinity", "+Inf", true, (double)INFINITY},
        {"a number beyond double", "1e400", true, (double)INFINITY},
        {"nothing", "", false, 0},
        {"a leading space", " 5", false, 0},
        {"a trailing space", "5 ", false, 0},
        {"hexadecimal", "0x10", false, 0},
        {"trailing letters", "5abc", false, 0},
        {"a decimal comma", "5,0", false, 0},
        {"an exponent without digits", "5e", false, 0},
        {"a lone sign", "-", false, 0},
        {"two signs", "+-5", false, 0},
        {"an exponent alone", "e5", false, 0},
        {"C's other words for NaN", "nan(0)", false, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        double value = 0;
        bool good = text_number(rows[i].text, &value);
        if (good != rows[i].good || (good && value != rows[i].value))
            fail_msg("%s: '%s' gave %d, %g", rows[i].sentence, rows[i].text, good, value);
    }
    double nan = 0;
    assert_true(text_number("NaN", &nan));
    assert_true(isnan(nan));
}

static void reads_integers_in_their_range(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool good;
        int64_t value;
    } rows[] = {
        {"0", true, 0},
        {"-3", true, -3},
        {"100", true, 100},
        {"101", false, 0},
        {"-4", false, 0},
        {"", false, 0},
        {"-", false, 0},
        {"+1", false, 0},
        {"1 ", false, 0},
        {"1.0", false, 0},
        {"99999999999999999999", false, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t value = 0;
        bool good = text_integer(rows[i].text, -3, 100, &value);
        if (good != rows[i].good || (good && value != rows[i].value))
            fail_msg("'%s' gave %d, %lld", rows[i].text, good, (long long)value);
    }
}

static void knows_utf8(void **state)
{
    (void)state;
    static const struct {
        const char *sentence, *bytes;
        bool good;
    } rows[] = {
        {"ASCII", "abc", true},
        {"two, three and four bytes", "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x9A\xA6", true},
        {"a lone continuation", "\x80", false},
        {"a cut character", "\xE2\x82", false},
        {"an overlong slash", "\xC0\xAF", false},
        {"an overlong three-byte form", "\xE0\x80\xAF", false},
        {"a surrogate", "\xED\xA0\x80", false},
        {"beyond U+10FFFF", "\xF4\x90\x80\x80", false},
        {"Latin-1", "caf\xE9", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        if (text_is_utf8(rows[i].bytes, strlen(rows[i].bytes)) != rows[i].good)
            fail_msg("%s", rows[i].sentence);
    assert_false(text_is_utf8("a\0b", 3));
}

static void makes_text_safe_to_print(void **state)
{
    (void)state;
    static const struct {
        const char *sentence, *from, *to;
    } rows[] = {
        {"plain words stay", "web \xC3\xA9", "web \xC3\xA9"},
        {"escape sequences lose their escape", "\033[2Jx", "?[2Jx"},
        {"line breaks", "a\nb\rc", "a?b?c"},
        {"C1 controls",
         "a\xC2\x9B"
         "31m",
         "a?31m"},
        {"bidirectional overrides",
         "a\xE2\x80\xAE"
         "b\xE2\x81\xA7",
         "a?b?"},
        {"broken UTF-8, byte by byte", "a\xFF\xC3(",
         "a?"
         "?("},
        {"a surrogate in UTF-8 is no character", "\xED\xA0\x80", "???"},
        {"directional marks", "\u200E\u200F\u061C", "???"},
        {"isolates", "\u2066\u2067\u2068\u2069", "????"},
        {"what has no width: joiners, soft hyphen, byte order mark",
         "\u200B\u200C\u200D\u2060\u00AD\uFEFF", "??????"},
        {"line and paragraph separators", "a\u2028b\u2029c", "a?b?c"},
        {"tags, and fillers that look like nothing", "\U000E0041\u3164\u115F", "???"},
        {"noncharacters, at the end of each plane too", "\xEF\xB7\x90\xEF\xBF\xBE\xF4\x8F\xBF\xBF",
         "???"},
        {"signs and letters of any script stay", "\u4E2D \U0001F6A6 \u0645 \u2764\uFE0F \u00A0",
         "\u4E2D \U0001F6A6 \u0645 \u2764\uFE0F \u00A0"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char out[128];
        text_printable(out, sizeof out, rows[i].from);
        if (strcmp(out, rows[i].to) != 0)
            fail_msg("%s: '%s'", rows[i].sentence, out);
    }
    char small[4];
    text_printable(small, sizeof small, "ab\xC3\xA9");
    assert_string_equal(small, "ab");
}

static void every_character_is_shown_or_replaced(void **state)
{
    (void)state;
    size_t shown = 0, hidden = 0;
    for (unsigned code = 1; code <= 0x10FFFF; code++) {
        char bytes[5] = {0}, out[8];
        if (code >= 0xD800 && code <= 0xDFFF)
            continue;
        if (code < 0x80)
            bytes[0] = (char)code;
        else if (code < 0x800)
            bytes[0] = (char)(0xC0 | code >> 6), bytes[1] = (char)(0x80 | (code & 63));
        else if (code < 0x10000)
            bytes[0] = (char)(0xE0 | code >> 12), bytes[1] = (char)(0x80 | (code >> 6 & 63)),
            bytes[2] = (char)(0x80 | (code & 63));
        else
            bytes[0] = (char)(0xF0 | code >> 18), bytes[1] = (char)(0x80 | (code >> 12 & 63)),
            bytes[2] = (char)(0x80 | (code >> 6 & 63)), bytes[3] = (char)(0x80 | (code & 63));
        text_printable(out, sizeof out, bytes);
        bool same = strcmp(out, bytes) == 0;
        assert_true(same || strcmp(out, "?") == 0);
        assert_true(same || code == '?' || character_is_hidden(code));
        shown += same;
        hidden += !same;
    }
    printf("%zu characters are shown, %zu replaced\n", shown, hidden);
    assert_true(shown > 1000000 && hidden > 4000);
}

static void fills_and_cuts_cells_by_what_is_seen(void **state)
{
    (void)state;
    static const struct {
        const char *sentence, *from, *to;
        size_t least, most;
    } rows[] = {
        {"ASCII is filled up", "ab", "ab  ", 4, 6},
        {"two bytes are one column", "\u00E9", "\u00E9   ", 4, 6},
        {"a wide sign takes two", "\u4E2D", "\u4E2D  ", 4, 6},
        {"a combining mark takes none", "e\u0301x", "e\u0301x  ", 4, 6},
        {"cut at the last column", "abcdefgh", "abcdef", 4, 6},
        {"a wide sign is not halved", "abcde\u4E2D", "abcde", 4, 6},
        {"a controls' mark counts", "\033\xFF", "??  ", 4, 6},
    };
    struct text cell = {0};
    for (size_t i = 0; i < COUNT(rows); i++) {
        text_clear(&cell);
        text_add_cell(&cell, rows[i].from, rows[i].least, rows[i].most);
        if (strcmp(cell.data, rows[i].to) != 0)
            fail_msg("%s: '%s'", rows[i].sentence, cell.data);
    }
    text_free(&cell);
    assert_int_equal(text_fit("a\u20AC", 3), 1);
    assert_int_equal(text_fit("a\u20AC", 4), 4);
    assert_int_equal(text_fit("abc", 9), 3);
}

static void suggests_what_was_meant(void **state)
{
    (void)state;
    static const char *const words[] = {"board",   "prometheus", "rollouts", NULL,
                                        "display", "run",        "stalled",  "scaled_to_zero"};
    static const struct {
        const char *word, *suggestion;
    } rows[] = {
        {"bord", "board"},
        {"borad", "board"},
        {"promethues", "prometheus"},
        {"rollout", "rollouts"},
        {"dipslay", "display"},
        {"rnu", "run"},
        {"scaled", "scaled_to_zero"}, /* its beginning; not "stalled", two letters off */
        {"rat", NULL},                /* one letter of three */
        {"kubernetes", NULL},
        {"x", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *found = text_suggest(rows[i].word, words, COUNT(words));
        if ((found == NULL) != (rows[i].suggestion == NULL) ||
            (found != NULL && strcmp(found, rows[i].suggestion) != 0))
            fail_msg("'%s' suggested '%s'", rows[i].word, found != NULL ? found : "nothing");
    }
}

static void breaks_lines_between_words(void **state)
{
    (void)state;
    static const struct {
        const char *sentence, *line;
        size_t columns;
        const char *wrapped;
    } rows[] = {
        {"a line that fits", "one two", 7, "one two"},
        {"one that does not", "one two", 6, "one\ntwo"},
        {"no terminal", "one two three four", 0, "one two three four"},
        {"behind spaces", "   one two three", 10, "   one two\n   three"},
        {"behind a number", "12. one two three", 11, "12. one two\n    three"},
        {"a word that is longer than a line", "a wordwordword b", 6, "a\nwordwordword\nb"},
        {"it begins the line", "wordwordword b", 6, "wordwordword\nb"},
        {"a prompt keeps its end", "one two ", 7, "one two "},
        {"spaces within", "a  b    c", 6, "a  b\nc"},
        {"wide signs count twice", "\u4E2D\u4E2D \u4E2D", 6, "\u4E2D\u4E2D\n\u4E2D"},
        {"accents of their own count nothing", "e\u0301e\u0301 e", 4, "e\u0301e\u0301 e"},
        {"more indentation than room", "          one two", 8, "          one\ntwo"},
        {"nothing", "", 8, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct text text = {0};
        text_add_wrapped(&text, rows[i].line, rows[i].columns);
        if (strcmp(text.data != NULL ? text.data : "", rows[i].wrapped) != 0)
            fail_msg("%s:\n%s", rows[i].sentence, text.data);
        text_free(&text);
    }
}

static void grows_and_escapes(void **state)
{
    (void)state;
    struct text text = {0};
    for (int i = 0; i < 1000; i++)
        text_addf(&text, "%d,", i);
    assert_int_equal(text.length, 10 * 2 + 90 * 3 + 900 * 4);
    assert_false(text.failed);
    text_clear(&text);
    text_add_json(&text, "a\"b\\c\n\x7F\xC2\x85\xEF\xBB\xBF\xC3\xA9\xFF");
    assert_string_equal(text.data, "\"a\\\"b\\\\c\\u000a\\u007f\\u0085\\ufeff\xC3\xA9\\ufffd\"");
    text_clear(&text);
    text_add_json(&text, "\u202E\u2066\u200B\u2028\u2029\u00AD\uFEFF\U000E0041");
    assert_string_equal(text.data, "\"\\u202e\\u2066\\u200b\\u2028\\u2029\\u00ad\\ufeff\\ufffd\"");
    text_free(&text);
    assert_null(text.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copies_whole_characters_only),
        cmocka_unit_test(reads_numbers_as_prometheus_writes_them),
        cmocka_unit_test(reads_integers_in_their_range),
        cmocka_unit_test(shortens_to_a_whole_word),
        cmocka_unit_test(knows_utf8),
        cmocka_unit_test(makes_text_safe_to_print),
        cmocka_unit_test(every_character_is_shown_or_replaced),
        cmocka_unit_test(fills_and_cuts_cells_by_what_is_seen),
        cmocka_unit_test(suggests_what_was_meant),
        cmocka_unit_test(breaks_lines_between_words),
        cmocka_unit_test(grows_and_escapes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
