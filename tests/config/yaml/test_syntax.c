/*
 * What libyaml says, in words for a reader, and where; and the bytes that no file may hold.
 */
#include "config/yaml/syntax.h"

#include "config/expect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of each sort of fault: whether it is shown where it begins, 1:2, or where it is found, 2:3. */
static const struct {
    const char *problem, *context;
    const char *said; /* its place and the beginning of the sentence */
} faults[] = {
    {"could not find expected directive name", "while scanning a directive",
     "x:1:2: a line that begins with % is a YAML directive"},
    {"did not find expected '!'", "while scanning a tag",
     "x:1:2: a value that begins with ! must be in quotes"},
    {"found unexpected ':'", "while scanning a plain scalar",
     "x:2:3: a ':' is out of place here; put the value in quotes"},
    {"found unexpected end of stream", "while scanning a quoted scalar",
     "x:1:2: this quote is never closed"},
    {"found unexpected document indicator", "while scanning a quoted scalar",
     "x:1:2: this quote is not closed before the next ---"},
    {"found a tab character that violates indentation", "while scanning a plain scalar",
     "x:2:3: a tab where spaces belong"},
    {"mapping values are not allowed in this context", "",
     "x:2:3: a ':' is out of place here; put quotes around"},
    {"block sequence entries are not allowed in this context", "",
     "x:2:3: a '-' is out of place here"},
    {"mapping keys are not allowed in this context", "", "x:2:3: a '?' is out of place here"},
    {"could not find expected ':'", "while scanning a simple key",
     "x:1:2: a key without its ':'; write key: value"},
    {"did not find expected key", "while parsing a block mapping",
     "x:2:3: this line does not fit the lines around it"},
    {"did not find expected '-' indicator", "while parsing a block collection",
     "x:2:3: this line does not fit the list above it"},
    {"did not find expected node content", "while parsing a block node",
     "x:2:3: a value is missing here"},
    {"did not find expected <document start>", "", "x:2:3: text after the end of the document"},
    {"found unknown escape character", "while parsing a quoted scalar",
     "x:2:3: a backslash in double quotes begins an escape"},
    {"did not find expected hexdecimal number", "while parsing a quoted scalar",
     "x:2:3: a \\x, \\u or \\U in double quotes needs its hexadecimal digits"},
    {"found invalid Unicode character escape code", "while parsing a quoted scalar",
     "x:2:3: there is no such Unicode character"},
    {"did not find expected comment or line break", "while scanning a block scalar",
     "x:2:3: nothing may follow here"},
    {"found an indentation indicator equal to 0", "while scanning a block scalar",
     "x:2:3: the number after | or > counts from 1"},
    {"did not find expected alphabetic or numeric character", "while scanning an alias",
     "x:1:2: a value that begins with & or * must be in quotes"},
    {"found incompatible YAML document", "", "x:2:3: this %YAML version is not read"},
    {"found character that cannot start any token", "while scanning for the next token",
     "x:2:3: a value cannot begin with 'e'; put it in quotes"},
    {"did not find expected ',' or ']'", "while parsing a flow sequence",
     "x:2:3: a ',' or ']' is missing before this; the '[' in line 1, column 2 is not closed"},
    {"did not find expected ',' or '}'", "while parsing a flow mapping",
     "x:2:3: a ',' or '}' is missing before this; the '{' in line 1, column 2 is not closed"},
    {"something new", "while reading",
     "x:2:3: this is no YAML (something new); check the line's quotes"},
};

static void test_faults(void **state)
{
    (void)state;
    static const char text[] = "ab\ncde\n";
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        struct complaints complaints = {0};
        const struct syntax_fault fault = {.problem = faults[i].problem,
                                           .context = faults[i].context,
                                           .line = 2,
                                           .column = 3,
                                           .context_line = 1,
                                           .context_column = 2};
        syntax_complain(&complaints, "x", text, sizeof text - 1, &fault);
        assert_int_equal(complaints.count, 1);
        if (strncmp(complaints.text.data, faults[i].said, strlen(faults[i].said)) != 0)
            fail_msg("%s: %s", faults[i].problem, complaints.text.data);
        complaints_free(&complaints);
    }
}

/* Files as bytes, which end where they end. */
static const struct {
    const char *sentence, *bytes, *complaints;
} files[] = {
    {"nothing", "", ""},
    {"letters, tabs and lines of any system", "a~\t\r\n", ""},
    {"letters of two, three and four bytes", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", ""},
    {"a column is a character, whatever its bytes", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\x01",
     "x:1:4: a control character (its first byte is 0x01); remove it\n"},
    {"a letter of two bytes that is cut", "a\xc3",
     "x:1:2: byte 0xc3 is no UTF-8; save the file as UTF-8\n"},
    {"a letter of three bytes that is cut", "a\xe2\x82",
     "x:1:2: byte 0xe2 is no UTF-8; save the file as UTF-8\n"},
    {"a letter of four bytes that is cut", "a\xf0\x9f\x98",
     "x:1:2: byte 0xf0 is no UTF-8; save the file as UTF-8\n"},
    {"a byte that continues nothing", "a\x80",
     "x:1:2: byte 0x80 is no UTF-8; save the file as UTF-8\n"},
    {"half of a pair of UTF-16", "\xed\xa0\x80",
     "x:1:1: byte 0xed is no UTF-8; save the file as UTF-8\n"},
    {"beyond the last character", "\xf4\x90\x80\x80",
     "x:1:1: byte 0xf4 is no UTF-8; save the file as UTF-8\n"},
    {"the last character but two", "\xf4\x8f\xbf\xbd", ""},
    {"a control character below the space", "\n\x1f",
     "x:2:1: a control character (its first byte is 0x1f); remove it\n"},
    {"a vertical tab", "\x0b", "x:1:1: a control character (its first byte is 0x0b); remove it\n"},
    {"delete", "\x7f", "x:1:1: a control character (its first byte is 0x7f); remove it\n"},
    {"the first control character of C1", "\xc2\x80",
     "x:1:1: a control character (its first byte is 0xc2); remove it\n"},
    {"the last", "\xc2\x9f", "x:1:1: a control character (its first byte is 0xc2); remove it\n"},
    {"the space that follows them", "\xc2\xa0", ""},
    {"that of the next byte", "\xc3\x80\xc3\x85\xc3\x9f", ""},
    {"before the end of a line that IBM has", "\xc2\x84",
     "x:1:1: a control character (its first byte is 0xc2); remove it\n"},
    {"that end of a line", "\xc2\x85", ""},
    {"behind it", "\xc2\x86", "x:1:1: a control character (its first byte is 0xc2); remove it\n"},
    {"a byte order mark in front", "\xef\xbb\xbf", ""},
    {"is passed over", "\xef\xbb\xbf\x01",
     "x:1:1: a control character (its first byte is 0x01); remove it\n"},
    {"two of them", "\xef\xbb\xbf\xef\xbb\xbf",
     "x:1:1: a control character (its first byte is 0xef); remove it\n"},
    {"a replacement for what was lost", "a\xef\xbf\xbdz", ""},
    {"U+FFFE", "a\xef\xbf\xbez",
     "x:1:2: a control character (its first byte is 0xef); remove it\n"},
    {"U+FFFF", "a\xef\xbf\xbfz",
     "x:1:2: a control character (its first byte is 0xef); remove it\n"},
};

static void test_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct complaints complaints = {0};
        const size_t length = strlen(files[i].bytes);
        char *bytes = malloc(length > 0 ? length : 1); /* what lies behind is not looked at */
        assert_non_null(bytes);
        memcpy(bytes, files[i].bytes, length);
        const bool good = syntax_check_bytes(&complaints, "x", bytes, length);
        expect_complaints(files[i].sentence, &complaints, files[i].complaints);
        assert_int_equal(good, complaints.count == 0);
        complaints_free(&complaints);
        free(bytes);
    }
}

/* Of a character that is cut by the end, the rest of it lies behind. */
static void test_end(void **state)
{
    (void)state;
    static const char *const letters[] = {"\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80"};
    for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++) {
        struct complaints complaints = {0};
        const size_t length = strlen(letters[i]);
        assert_true(syntax_check_bytes(&complaints, "x", letters[i], length));
        for (size_t cut = 1; cut < length; cut++)
            assert_false(syntax_check_bytes(&complaints, "x", letters[i], cut));
        assert_int_equal(complaints.count, length - 1);
        complaints_free(&complaints);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
