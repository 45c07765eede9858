#include "commands/card/tidy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define BYTES(literal) (literal), sizeof literal - 1

static const struct {
    const char *sentence, *bytes;
    size_t length;
    const char *tidy; /* NULL: it is no text */
} texts[] = {
    {"as it should be", BYTES("ssid: a\npassword: b\n"), "ssid: a\npassword: b\n"},
    {"nothing", BYTES(""), ""},
    {"Windows", BYTES("a\r\nb\r\n"), "a\nb\n"},
    {"an old Mac", BYTES("a\rb\r"), "a\nb\n"},
    {"both in one file", BYTES("a\r\nb\rc\nd"), "a\nb\nc\nd"},
    {"a byte order mark",
     BYTES("\xef\xbb\xbf"
           "a\n"),
     "a\n"},
    {"a byte order mark in the middle, of two files in one",
     BYTES("a\xef\xbb\xbf"
           "b"),
     "ab"},
    {"UTF-16, as Windows calls Unicode",
     BYTES("\xff\xfe"
           "a\0\r\0\n\0\xe4\0"),
     "a\n\xc3\xa4"},
    {"UTF-16 the other way round", BYTES("\xfe\xff\0a\x20\x1c"), "a\xe2\x80\x9c"},
    {"a picture in UTF-16, in two halves", BYTES("\xff\xfe\x3d\xd8\x00\xde"), "\xf0\x9f\x98\x80"},
    {"half a picture", BYTES("\xff\xfe\x3d\xd8"), NULL},
    {"the other half",
     BYTES("\xff\xfe\x00\xde"
           "a\0"),
     NULL},
    {"UTF-16 that ends in the middle of a character",
     BYTES("\xff\xfe"
           "a\0b"),
     NULL},
    {"a NUL in UTF-16",
     BYTES("\xff\xfe"
           "a\0\0\0"),
     NULL},
    {"Windows's own eight bits", BYTES("caf\xe9\n"), NULL},
    {"a NUL", BYTES("a\0b"), NULL},
    {"a space that does not break",
     BYTES("a\xc2\xa0"
           "b"),
     "a b"},
    {"a space without width",
     BYTES("a\xe2\x80\x8b"
           "b"),
     "ab"},
    {"a tabulator stays", BYTES("a\tb"), "a\tb"},
};

static void every_editors_text_is_tidied(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct text bytes = {0}, tidy = {0};
        text_add_bytes(&bytes, texts[i].bytes, texts[i].length);
        bool good = tidy_text(&bytes, &tidy);
        if (good != (texts[i].tidy != NULL))
            fail_msg("%s: it is %s", texts[i].sentence, good ? "taken for text" : "refused");
        const char *is = tidy.data != NULL ? tidy.data : "";
        if (good && strcmp(is, texts[i].tidy) != 0)
            fail_msg("%s: '%s'", texts[i].sentence, is);
        text_wipe(&bytes);
        text_wipe(&tidy);
    }
}

static const struct {
    const char *sentence, *written, *plain; /* NULL: there was none */
} quotes[] = {
    {"none", "a: \"b\"", NULL},
    {"English ones",
     "a: \xe2\x80\x9c"
     "b\xe2\x80\x9d",
     "a: \"b\""},
    {"German ones",
     "a: \xe2\x80\x9e"
     "b\xe2\x80\x9c",
     "a: \"b\""},
    {"French ones",
     "a: \xc2\xab"
     "b\xc2\xbb",
     "a: \"b\""},
    {"single ones",
     "a: \xe2\x80\x98"
     "b\xe2\x80\x99",
     "a: 'b'"},
    {"in a query", "up{job=\xe2\x80\x9dx\xe2\x80\x9d}", "up{job=\"x\"}"},
    {"an apostrophe within a word stays, and is none", "Bob\xe2\x80\x99s", NULL},
    {"beside quotes, too",
     "\xe2\x80\x9c"
     "Bob\xe2\x80\x99s\xe2\x80\x9d",
     "\"Bob\xe2\x80\x99s\""},
    {"a single one behind or before a double one is a quote",
     "\xe2\x80\x9c\xe2\x80\x98"
     "b\xe2\x80\x99\xe2\x80\x9d",
     "\"'b'\""},
};

static void typographic_quotes_become_plain(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof quotes / sizeof quotes[0]; i++) {
        struct text plain = {0};
        bool any = tidy_quotes(quotes[i].written, &plain);
        const char *wanted = quotes[i].plain != NULL ? quotes[i].plain : quotes[i].written;
        if (any != (quotes[i].plain != NULL) || strcmp(plain.data, wanted) != 0)
            fail_msg("%s: '%s'", quotes[i].sentence, plain.data);
        text_free(&plain);
    }
}

static const char *const words[][2] = {
    {"  a b \t", "a b"},
    {"", ""},
    {"   ", ""},
    {"\"a \"", "a "},
    {"'a'", "a"},
    {"\xe2\x80\x9c"
     "a\xe2\x80\x9d",
     "a"},
    {"\"\"", ""},
    {"\"", "\""},
    {"\"a", "\"a"},
    {"a\"", "a\""},
    {"\"\"a\"\"", "\"a\""},
};

static void words_lose_one_pair_of_quotes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        char word[32];
        text_copy(word, sizeof word, words[i][0]);
        assert_string_equal(tidy_word(word), words[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_editors_text_is_tidied),
        cmocka_unit_test(typographic_quotes_become_plain),
        cmocka_unit_test(words_lose_one_pair_of_quotes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
