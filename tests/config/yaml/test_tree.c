#include "config/expect.h"
#include "config/yaml/tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Texts that are refused, and each complaint as a reader sees it. The file is called x. */
static const struct refused refused[] = {
    {"an empty file says so", "",
     "x: the file holds nothing but white space and comments; write its keys\n"},
    {"comments alone are no keys", "# board: terminal\n\n",
     "x: the file holds nothing but white space and comments; write its keys\n"},
    {"a tab before a key", "a:\n\tb: 1\n",
     "x:2:1: a tab where spaces belong; YAML is indented with spaces only\n"},
    {"a tab before a list item", "a:\n\t- 1\n",
     "x:2:1: a tab where spaces belong; YAML is indented with spaces only\n"},
    {"an unclosed double quote is shown where it opens", "a: 1\nb: \"x\nc: 2\n",
     "x:2:4: this quote is never closed; add the closing quote\n"},
    {"an unclosed single quote is shown where it opens", "a: 'x\n",
     "x:1:4: this quote is never closed; add the closing quote\n"},
    {"a quote unclosed in a list", "a: [\"x, y]\n",
     "x:1:5: this quote is never closed; add the closing quote\n"},
    {"an unclosed list names its bracket", "a: [1, 2\nb: 3\n",
     "x:2:2: a ',' or ']' is missing before this; the '[' in line 1, column 4 is not closed\n"},
    {"an unclosed map names its brace", "a: {b: 1\nc: 2\n",
     "x:2:2: a ',' or '}' is missing before this; the '{' in line 1, column 4 is not closed\n"},
    {"quotes in quotes, in a map", "a: {b: \"x{y=\"z\"}\"}\n",
     "x:1:14: the quote before this ends the value: a ',' is missing, or the value holds \"; put "
     "it "
     "into '...'\n"},
    {"quotes in single quotes, in a list", "a: ['x{y='z'}']\n",
     "x:1:11: the quote before this ends the value: a ',' is missing, or the value holds '; put it "
     "into \"...\"\n"},
    {"quotes in quotes, on a line", "a: \"x{y=\"z\"}\"\n",
     "x:1:10: the quote before this ends the value; put a value that holds \" into '...'\n"},
    {"quotes in single quotes, on a line", "a: 'x{y='z'}'\n",
     "x:1:10: the quote before this ends the value; put a value that holds ' into \"...\"\n"},
    {"quotes in quotes, behind spaces", "a: \"b\"  c\n",
     "x:1:9: the quote before this ends the value; put a value that holds \" into '...'\n"},
    {"a quote that ends at the beginning of a line, in a list", "[\"b\n\" c]\n",
     "x:2:3: the quote before this ends the value: a ',' is missing, or the value holds \"; put it "
     "into '...'\n"},
    {"a space that is missing", "board:terminal\nrollouts: x\n",
     "x:1:7: a space is missing after this ':'; add it\n"},
    {"a space that is missing before an address", "a:\n  url:http://p\n  b: c\n",
     "x:2:7: a space is missing after this ':'; add it\n"},
    {"a space that is missing in a list, some lines before", "a:\n- name:x\n\n\n  b: c\n",
     "x:2:8: a space is missing after this ':'; add it\n"},
    {"lines that end otherwise", "board:terminal\rrollouts: x\r",
     "x:1:7: a space is missing after this ':'; add it\n"},
    {"more of them", "a: x\r  y:z\r  b: c\r",
     "x:3:4: a ':' is out of place here; put quotes around a value that holds ': ', or check that "
     "the line before is complete and this one is not indented too far\n"},
    {"an address on a line of its own", "a:\n  http://p\n  b: c\n",
     "x:3:4: a ':' is out of place here; put quotes around a value that holds ': ', or check that "
     "the line before is complete and this one is not indented too far\n"},
    {"a key that is indented too far", "a: x\n  b: c\n",
     "x:2:4: a ':' is out of place here; put quotes around a value that holds ': ', or check that "
     "the line before is complete and this one is not indented too far\n"},
    {"a bracket forgotten on the line before", "a:\n  - {b: c\n  - {b: d}\n",
     "x:3:5: a ',' or '}' is missing before this; the '{' in line 2, column 5 is not closed\n"},
    {"a query without quotes, on two lines", "a: {b: sum\n  (up{job=\"x\"})}\n",
     "x:2:6: a value that holds { or [ must be in quotes here; it may hold the other kind of "
     "quotes: '... \"x\" ...'\n"},
    {"a query without quotes, in a map", "a: {b: sum(up{job=\"x\"})}\n",
     "x:1:14: a value that holds { or [ must be in quotes here; it may hold the other kind of "
     "quotes: '... \"x\" ...'\n"},
    {"a list unclosed at the end", "[1, 2",
     "x:2:1: a ',' or ']' is missing before this; the '[' in line 1, column 1 is not closed\n"},
    {"a colon within a plain value", "a: b: c\n",
     "x:1:5: a ':' is out of place here; put quotes around a value that holds ': ', or check that "
     "the line before is complete and this one is not indented too far\n"},
    {"a line indented too far", "a: 1\n  b: 2\n",
     "x:2:4: a ':' is out of place here; put quotes around a value that holds ': ', or check that "
     "the line before is complete and this one is not indented too far\n"},
    {"a line indented too little", "a:\n   b: 1\n  c: 2\n",
     "x:3:3: this line does not fit the lines around it; indent it as much as its neighbours, and "
     "put quotes around a value that holds quotes\n"},
    {"a key after a list", "- a\nb: 1\n",
     "x:2:1: this line does not fit the list above it; begin it with '- ' in the same column, or "
     "indent it as much as its neighbours\n"},
    {"a list on the line of its key", "a: - b\n",
     "x:1:4: a '-' is out of place here; begin the list on a line of its own\n"},
    {"a value that begins with @", "a: @b\n",
     "x:1:4: a value cannot begin with '@'; put it in quotes\n"},
    {"a value that begins with a back-quote", "a: `b`\n",
     "x:1:4: a value cannot begin with '`'; put it in quotes\n"},
    {"a column is counted in characters, not bytes", "ä: @b\n",
     "x:1:4: a value cannot begin with '@'; put it in quotes\n"},
    {"a template's braces", "a: {{ b }}\n",
     "x:1:5: a key must be a word, not a list or a map; put quotes around a value that begins with "
     "[ or {\n"},
    {"a list as a key", "[a, b]: c\n",
     "x:1:1: a key must be a word, not a list or a map; put quotes around a value that begins with "
     "[ or {\n"},
    {"an anchor", "a: &b 1\n",
     "x:1:4: an anchor (&name) is not read; remove it, or put quotes around a value that begins "
     "with &\n"},
    {"aliases are each refused, and reading goes on", "a: *b\nc: *d\n",
     "x:1:4: an alias (*name) is not read; write the value out, or put quotes around a value that "
     "begins with *\n"
     "x:2:4: an alias (*name) is not read; write the value out, or put quotes around a value that "
     "begins with *\n"},
    {"an alias as a key", "*a : 1\n",
     "x:1:1: an alias (*name) is not read; write the value out, or put quotes around a value that "
     "begins with *\n"},
    {"a tag on a scalar", "a: !!str 1\n",
     "x:1:4: a tag (!name) is not read; remove it, or put quotes around a value that begins with "
     "!\n"},
    {"a tag on a list", "a: !x [1]\n",
     "x:1:4: a tag (!name) is not read; remove it, or put quotes around a value that begins with "
     "!\n"},
    {"a tag on a map", "!x {a: 1}\n",
     "x:1:1: a tag (!name) is not read; remove it, or put quotes around a value that begins with "
     "!\n"},
    {"an expression that begins with *", "a: *.local\n",
     "x:1:4: a value that begins with & or * must be in quotes\n"},
    {"a merge key", "a:\n  <<: {b: 1}\n",
     "x:2:3: a merge key (<<) is not read; write the keys out\n"},
    {"duplicate keys name both lines, each time", "a: 1\nb: 2\na: 3\n\na: 4\n",
     "x:3:1: this key is given again, first in line 1; keep one\n"
     "x:5:1: this key is given again, first in line 1; keep one\n"},
    {"duplicate keys beside others", "a: 1\nb: 2\nb: 3\nc: 4\na: 5\n",
     "x:3:1: this key is given again, first in line 2; keep one\n"
     "x:5:1: this key is given again, first in line 1; keep one\n"},
    {"duplicate keys in an inner map", "a: {b: 1, c: 2, b: 3}\n",
     "x:1:17: this key is given again, first in line 1; keep one\n"},
    {"a second document", "a: 1\n---\nb: 2\n",
     "x:2:1: a second document (---) begins here; a file holds one\n"},
    {"of more documents the second alone is named", "a: 1\n---\nb: &b 2\nb: 3\n---\nc: 3\n---\n",
     "x:2:1: a second document (---) begins here; a file holds one\n"},
    {"text after the end of the document", "a: 1\n...\nb: 2\n",
     "x:3:1: text after the end of the document; a file holds one map, each key at the line's "
     "beginning\n"},
    {"an escaped NUL", "a: \"b\\0c\"\n", "x:1:4: a NUL (\\0) is in this text; remove it\n"},
    {"a backslash in double quotes", "a: \"web\\d+\"\n",
     "x:1:8: a backslash in double quotes begins an escape; double it, or use single quotes\n"},
    {"an escape without its digits", "a: \"\\xZZ\"\n",
     "x:1:7: a \\x, \\u or \\U in double quotes needs its hexadecimal digits; double the "
     "backslash, or use single quotes\n"},
    {"an escape for no character", "a: \"\\uD800\"\n",
     "x:1:7: there is no such Unicode character; correct the code\n"},
    {"text on the line of a block", "a: | b\n  c\n",
     "x:1:6: nothing may follow here; put the text on the next line, indented\n"},
    {"a directive", "%FOO bar\n---\na: 1\n",
     "x:1:1: a line that begins with % is a YAML directive, which is not read; remove it\n"},
    {"a directive in a wrong version", "%YAML 1\n---\na: 1\n",
     "x:1:1: a line that begins with % is a YAML directive, which is not read; remove it\n"},
    {"a value that begins with !", "a: !b!\n",
     "x:1:4: a value that begins with ! must be in quotes\n"},
    {"a value that begins with !<", "a: !<b\n",
     "x:1:4: a value that begins with ! must be in quotes\n"},
    {"a colon before a comma", "a: [b:c:, d]\n",
     "x:1:8: a ':' is out of place here; put the value in quotes\n"},
    {"a control character", "a: \x01\n",
     "x:1:4: a control character (its first byte is 0x01); remove it\n"},
    {"a C1 control character", "a: \xc2\x80\n",
     "x:1:4: a control character (its first byte is 0xc2); remove it\n"},
    {"a byte order mark within the text", "a: \xef\xbb\xbf\n",
     "x:1:4: a control character (its first byte is 0xef); remove it\n"},
    {"Latin-1 says which byte and where", "a: 1\nb: caf\xe9\n",
     "x:2:7: byte 0xe9 is no UTF-8; save the file as UTF-8\n"},
    {"an overlong character is no UTF-8", "a: \xc0\xaf\n",
     "x:1:4: byte 0xc0 is no UTF-8; save the file as UTF-8\n"},
    {"UTF-16 is no UTF-8",
     "\xff\xfe"
     "a",
     "x:1:1: byte 0xff is no UTF-8; save the file as UTF-8\n"},
};

static void test_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        struct complaints complaints = {0};
        const char *text = refused[i].text;
        tree_free(tree_read_text("x", text, strlen(text), &complaints));
        expect_complaints(refused[i].sentence, &complaints, refused[i].complaints);
        complaints_free(&complaints);
    }
}

static struct tree *read_good(const char *text)
{
    struct complaints complaints = {0};
    struct tree *tree = tree_read_text("x", text, strlen(text), &complaints);
    expect_complaints(text, &complaints, "");
    assert_non_null(tree);
    complaints_free(&complaints);
    return tree;
}

static void test_positions(void **state)
{
    (void)state;
    struct tree *tree = read_good("# first\na: 1\nlist:\n  - x\n  - {ü: y, key: \"z\"}\n");
    const struct node *root = tree_root(tree);
    const struct node *list = node_get(root, "list");
    assert_int_equal(root->type, NODE_MAP);
    assert_int_equal(root->line, 2);
    assert_int_equal(list->key_line, 3);
    assert_int_equal(list->key_column, 1);
    assert_int_equal(list->line, 4);
    assert_int_equal(list->column, 3);
    assert_int_equal(list->count, 2);
    assert_null(list->children[0].key);

    const struct node *last = node_get(&list->children[1], "key");
    assert_string_equal(last->text, "z");
    assert_false(last->plain);
    assert_int_equal(last->line, 5);
    assert_int_equal(last->key_column, 12);
    assert_int_equal(last->column, 17);
    assert_null(node_get(root, "b"));
    assert_null(node_get(list, "b"));
    assert_null(node_get(NULL, "b"));
    assert_string_equal(tree_name(tree), "x");
    tree_free(tree);
}

static void test_json(void **state)
{
    (void)state;
    struct tree *tree = read_good("{\"rows\": [{\"t\": 0, \"p\": null, \"ok\": true, \"e\": {}},\n"
                                  "\t{\"t\": -1.5e3, \"name\": \"a\\u00e9\\/\", \"l\": []}]}\n");
    const struct node *rows = node_get(tree_root(tree), "rows");
    assert_int_equal(rows->count, 2);
    assert_string_equal(node_get(&rows->children[0], "p")->text, "null");
    assert_true(node_get(&rows->children[0], "p")->plain);
    assert_string_equal(node_get(&rows->children[0], "ok")->text, "true");
    assert_int_equal(node_get(&rows->children[0], "e")->type, NODE_MAP);
    assert_int_equal(node_get(&rows->children[0], "e")->count, 0);
    assert_string_equal(node_get(&rows->children[1], "t")->text, "-1.5e3");
    assert_string_equal(node_get(&rows->children[1], "name")->text, "a\xc3\xa9/");
    assert_int_equal(node_get(&rows->children[1], "l")->type, NODE_LIST);
    tree_free(tree);
}

static void test_byte_order_mark(void **state)
{
    (void)state;
    struct tree *tree = read_good("\xef\xbb\xbf"
                                  "a: 1\r\nb: 2\r\n");
    assert_string_equal(node_get(tree_root(tree), "a")->text, "1");
    assert_int_equal(node_get(tree_root(tree), "b")->line, 2);
    tree_free(tree);
}

static void test_nul_byte(void **state)
{
    (void)state;
    struct complaints complaints = {0};
    assert_null(tree_read_text("x", "a: 1\nb\0: 2\n", 11, &complaints));
    expect_complaints(
        "a NUL byte is named at its place", &complaints,
        "x:2:2: a NUL byte, which no text holds; is this really the file you meant?\n");
    complaints_free(&complaints);
}

static void test_depth(void **state)
{
    (void)state;
    char text[2 * TREE_DEPTH_MAX + 3] = "";
    struct complaints complaints = {0};
    memset(text, '[', TREE_DEPTH_MAX);
    memset(text + TREE_DEPTH_MAX, ']', TREE_DEPTH_MAX);
    tree_free(read_good(text));

    memset(text, '[', TREE_DEPTH_MAX + 1);
    memset(text + TREE_DEPTH_MAX + 1, ']', TREE_DEPTH_MAX + 1);
    assert_null(tree_read_text("x", text, sizeof text - 1, &complaints));
    expect_complaints("level 65 is refused", &complaints,
                      "x:1:65: lists and maps are nested too deeply; 64 levels are read\n");
    complaints_free(&complaints);
}

/* A text of `count` times `piece`, in brackets. */
static char *repeat(const char *piece, size_t count, size_t *length)
{
    size_t step = strlen(piece);
    char *text = malloc(count * step + 2);
    assert_non_null(text);
    text[0] = '[';
    for (size_t i = 0; i < count; i++)
        memcpy(text + 1 + i * step, piece, step);
    text[1 + count * step] = ']';
    *length = count * step + 2;
    return text;
}

static void test_sizes(void **state)
{
    (void)state;
    static const struct {
        const char *sentence;
        const char *piece;
        size_t count;
        const char *complaints;
    } rows[] = {
        {"a mebibyte is read", " ", TREE_BYTES_MAX - 2, ""},
        {"a byte more is not", " ", TREE_BYTES_MAX - 1,
         "x: the file is longer than 1024 KiB; is it really the one you meant?\n"},
        {"many values are read, with the list itself", "1,", TREE_VALUES_MAX - 1, ""},
        {"one more is not", "1,", TREE_VALUES_MAX,
         "x:1:200000: more than 100000 values; is it really the one you meant?\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct complaints complaints = {0};
        size_t length;
        char *text = repeat(rows[i].piece, rows[i].count, &length);
        struct tree *tree = tree_read_text("x", text, length, &complaints);
        expect_complaints(rows[i].sentence, &complaints, rows[i].complaints);
        assert_int_equal(tree != NULL, complaints.count == 0);
        tree_free(tree);
        free(text);
        complaints_free(&complaints);
    }
}

static void test_files(void **state)
{
    (void)state;
    char expected[256];
    struct complaints complaints = {0};
    const char *directory = scratch_make();

    assert_null(tree_read_file(directory, &complaints));
    snprintf(expected, sizeof expected, "%s: it is a directory; name a file in it\n", directory);
    expect_complaints("a directory is no file", &complaints, expected);
    complaints_free(&complaints);

    assert_null(tree_read_file("/nowhere/x.yaml", &complaints));
    expect_complaints("a missing file is named", &complaints,
                      "/nowhere/x.yaml: there is no such file; check the path\n");
    complaints_free(&complaints);

    static char large[TREE_BYTES_MAX + 1];
    memset(large, '#', sizeof large);
    const char *path = scratch_write("large.yaml", large, sizeof large);
    assert_null(tree_read_file(path, &complaints));
    snprintf(expected, sizeof expected,
             "%s: the file is longer than 1024 KiB; is it really the one you meant?\n", path);
    expect_complaints("a byte too many", &complaints, expected);
    complaints_free(&complaints);

    path = scratch_write("large.yaml", large, sizeof large - 1);
    assert_null(tree_read_file(path, &complaints));
    snprintf(expected, sizeof expected,
             "%s: the file holds nothing but white space and comments; write its keys\n", path);
    expect_complaints("as large as a file may be", &complaints, expected);
    complaints_free(&complaints);

    path = scratch_write("large.yaml", "", 0);
    assert_null(tree_read_file(path, &complaints));
    snprintf(expected, sizeof expected,
             "%s: the file holds nothing but white space and comments; write its keys\n", path);
    expect_complaints("an empty file", &complaints, expected);
    complaints_free(&complaints);

    struct tree *tree = tree_read_file(scratch_write("a.yaml", "a: 1\n", 5), &complaints);
    assert_non_null(tree);
    tree_free(tree);
    complaints_free(&complaints);
    scratch_remove();
}

/* Modes bind everybody but root, so root becomes nobody for a moment. */
static void test_unreadable(void **state)
{
    (void)state;
    static const struct {
        const char *sentence;
        mode_t mode;
        uid_t owner;
        const char *who;
    } rows[] = {
        {"its owner may", 0400, 1, "daemon"},
        {"its group may too", 0440, 1, "daemon and group daemon"},
        {"root always may", 0200, 1, "root"},
    };
    if (geteuid() != 0)
        skip();
    const char *directory = scratch_make();
    assert_int_equal(chmod(directory, 0755), 0);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char expected[256];
        struct complaints complaints = {0};
        const char *path = scratch_write("a.yaml", "a: 1\n", 5);
        assert_int_equal(chown(path, rows[i].owner, rows[i].owner), 0);
        assert_int_equal(chmod(path, rows[i].mode), 0);
        assert_int_equal(seteuid(65534), 0);
        assert_null(tree_read_file(path, &complaints));
        assert_int_equal(seteuid(0), 0);
        snprintf(expected, sizeof expected,
                 "%s: user nobody may not read it, only %s; run as one who may, or chmod or chgrp "
                 "it\n",
                 path, rows[i].who);
        expect_complaints(rows[i].sentence, &complaints, expected);
        complaints_free(&complaints);
    }
    scratch_remove();
}

/* A directory that may not be entered hides even who may read the file. */
static void test_closed_directory(void **state)
{
    (void)state;
    char expected[256];
    struct complaints complaints = {0};
    if (geteuid() != 0)
        skip();
    scratch_make(); /* mode 0700 */
    const char *path = scratch_write("a.yaml", "a: 1\n", 5);
    assert_int_equal(seteuid(65534), 0);
    assert_null(tree_read_file(path, &complaints));
    assert_int_equal(seteuid(0), 0);
    snprintf(expected, sizeof expected,
             "%s: user nobody may not enter a directory above it; give others search permission "
             "there (chmod o+x), or run as root\n",
             path);
    expect_complaints("the directory is in the way", &complaints, expected);
    complaints_free(&complaints);
    scratch_remove();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refused),    cmocka_unit_test(test_positions),
        cmocka_unit_test(test_json),       cmocka_unit_test(test_byte_order_mark),
        cmocka_unit_test(test_nul_byte),   cmocka_unit_test(test_depth),
        cmocka_unit_test(test_sizes),      cmocka_unit_test(test_files),
        cmocka_unit_test(test_unreadable), cmocka_unit_test(test_closed_directory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
