#include "config/expect.h"
#include "config/schema/fields.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const colours[] = {"red", "amber", "green", NULL};

struct inner {
    int64_t depth;
    char note[8];
};

struct settings {
    char name[8];
    char path[24];
    int64_t count;
    double ratio;
    bool wanted;
    int64_t wait_ms;
    int64_t bytes;
    int64_t speed_hz;
    double share;
    int colour;
    int64_t max_ma, half_us;
    struct {
        int64_t level;
        struct inner inner;
    } outer;
    char extra[16];
};

#define AT(member) offsetof(struct settings, member)

static const struct field inner_fields[] = {
    {.key = "depth",
     .type = FIELD_INTEGER,
     .offset = offsetof(struct inner, depth),
     .fallback = "7",
     .required = true},
    {.key = "note", .type = FIELD_STRING, .offset = offsetof(struct inner, note), .size = 8},
    {.key = NULL},
};

static const struct field outer_fields[] = {
    {.key = "level", .type = FIELD_INTEGER, .offset = 0, .fallback = "3"},
    {.key = "inner",
     .type = FIELD_MAP,
     .offset = AT(outer.inner) - AT(outer),
     .fields = inner_fields},
    {.key = NULL},
};

static const struct field fields[] = {
    {.key = "name", .type = FIELD_STRING, .offset = AT(name), .size = 8, .required = true},
    {.key = "path", .type = FIELD_PATH, .offset = AT(path), .size = 24},
    {.key = "count",
     .type = FIELD_INTEGER,
     .offset = AT(count),
     .min = 1,
     .max = 10,
     .fallback = "4"},
    {.key = "ratio", .type = FIELD_NUMBER, .offset = AT(ratio), .fallback = "0.5"},
    {.key = "wanted", .type = FIELD_BOOL, .offset = AT(wanted), .fallback = "true"},
    {.key = "wait",
     .type = FIELD_DURATION,
     .offset = AT(wait_ms),
     .min = 500,
     .max = 5400000,
     .fallback = "10s"},
    {.key = "size",
     .type = FIELD_BYTES,
     .offset = AT(bytes),
     .min = 4096,
     .max = 1048576,
     .fallback = "64KiB"},
    {.key = "speed",
     .type = FIELD_FREQUENCY,
     .offset = AT(speed_hz),
     .min = 1000,
     .max = 1e6,
     .fallback = "400kHz"},
    {.key = "share",
     .type = FIELD_PERCENT,
     .offset = AT(share),
     .min = 0.01,
     .max = 1,
     .fallback = "30%"},
    {.key = "colour",
     .type = FIELD_WORD,
     .offset = AT(colour),
     .words = colours,
     .fallback = "amber"},
    {.key = "max_ma", .type = FIELD_INTEGER, .offset = AT(max_ma)},
    {.key = "half_us", .type = FIELD_INTEGER, .offset = AT(half_us)},
    {.key = "outer", .type = FIELD_MAP, .offset = AT(outer), .fields = outer_fields},
    {.key = NULL},
};

static void read_extra(const struct reading *reading, const struct node *node, void *context)
{
    struct settings *settings = context;
    if (node_is(reading, node, NODE_LIST, "a list"))
        snprintf(settings->extra, sizeof settings->extra, "%zu items", node->count);
}

static const struct section sections[] = {
    {.key = "extra", .read = read_extra},
    {.key = "passed"},
    {.key = NULL},
};

static struct settings read_text(const char *text, struct complaints *complaints)
{
    struct settings settings = {0};
    struct tree *tree = tree_read_text("dir/x", text, strlen(text), complaints);
    const struct reading reading = {"dir/x", complaints, MANUAL_CONFIG};
    const struct keys keys = {fields, &settings, sections, &settings};
    assert_non_null(tree);
    fields_read(&reading, tree_root(tree), &keys, 1);
    tree_free(tree);
    return settings;
}

static const struct row {
    const char *sentence;
    const char *text; /* read beside name: n, in line 2 and on */
    const char *complaints;
} rows[] = {
    {"a key of a map within this one", "inner: {depth: 1}",
     "dir/x:2:1: unknown key 'inner' here: it is one of outer; move it there\n"},
    {"a key of another map", "max_age: 5s",
     "dir/x:2:1: unknown key 'max_age' here: it is one of a rollout; move it there\n"},
    {"a mistyped key", "cuont: 5", "dir/x:2:1: unknown key 'cuont'; did you mean 'count'?\n"},
    {"a key like no other, of more than fit a sentence: the manual has them", "zzzzzzzz: 5",
     "dir/x:2:1: unknown key 'zzzzzzzz'; amberbar.yaml(5) lists those that there are\n"},
    {"a mistyped key of an inner map", "outer: {inner: {depth: 1, not: x}}",
     "dir/x:2:27: unknown key 'not'; did you mean 'note'?\n"},
    {"a missing key of an inner map", "outer: {inner: {note: x}}",
     "dir/x:2:16: the key 'depth' is missing here; add it, with a whole number\n"},
    {"a list for text", "path: [a]", "dir/x:2:7: path cannot be a list; write a file name\n"},
    {"a map for a number", "count: {a: 1}",
     "dir/x:2:8: count cannot be a map of keys; write a whole number\n"},
    {"a value for a map", "outer: 5",
     "dir/x:2:8: outer cannot be a single value; write its keys, indented under it\n"},
    {"a key without a value", "count:", "dir/x:2:7: count cannot be empty; write a whole number\n"},
    {"null", "count: null", "dir/x:2:8: count cannot be empty; write a whole number\n"},
    {"a map without keys",
     "outer:", "dir/x:2:7: outer cannot be empty; write its keys, indented under it\n"},
    {"text too long", "path: abcdefghijklmnopqrstuvwxyz",
     "dir/x:2:7: path cannot be so long; at most 23 bytes fit\n"},
    {"a control character in text", "path: \"a\\eb\"",
     "dir/x:2:7: path holds a control character; remove it\n"},
    {"a control character that comes first", "path: \"\\ea\"",
     "dir/x:2:7: path holds a control character; remove it\n"},
    {"a control character that comes last", "path: \"a\\e\"",
     "dir/x:2:7: path holds a control character; remove it\n"},
    {"a direction of reading", "path: \"a\\u202eb\"",
     "dir/x:2:7: path holds a control character; remove it\n"},
    {"a question mark, letters of several bytes, lines and tabs are none",
     "path: \"?\u00e4\\n\\t\u20ac\"", ""},
    {"a number with a unit", "max_ma: 20mA",
     "dir/x:2:9: max_ma cannot be '20mA'; write 20, the number alone, in mA\n"},
    {"a number with a larger unit, in other letters", "max_ma: 2.5 a",
     "dir/x:2:9: max_ma cannot be '2.5 a'; write 2500, the number alone, in mA\n"},
    {"a time with a unit", "half_us: 5us",
     "dir/x:2:10: half_us cannot be '5us'; write 5, the number alone, in microseconds\n"},
    {"a time with a larger unit", "half_us: 0.5ms",
     "dir/x:2:10: half_us cannot be '0.5ms'; write 500, the number alone, in microseconds\n"},
    {"a number with a unit of something else", "half_us: 5mA",
     "dir/x:2:10: half_us cannot be '5mA'; write a whole number\n"},
    {"a unit without a number", "max_ma: mA",
     "dir/x:2:9: max_ma cannot be 'mA'; write a whole number\n"},
    {"a unit where none is meant", "count: 5mA",
     "dir/x:2:8: count cannot be '5mA'; write a whole number\n"},
    {"a word for a whole number", "count: five",
     "dir/x:2:8: count cannot be 'five'; write a whole number\n"},
    {"a fraction for a whole number", "count: 1.5",
     "dir/x:2:8: count cannot be '1.5'; write a whole number\n"},
    {"a number below its range", "count: 0", "dir/x:2:8: count cannot be 0; write 1 to 10\n"},
    {"a number above its range", "count: 11", "dir/x:2:8: count cannot be 11; write 1 to 10\n"},
    {"no number", "ratio: NaN", "dir/x:2:8: ratio cannot be 'NaN'; write a number such as 0.5\n"},
    {"an infinite number", "ratio: +Inf",
     "dir/x:2:8: ratio cannot be '+Inf'; write a number such as 0.5\n"},
    {"YAML 1.1's other truth", "wanted: yes",
     "dir/x:2:9: wanted cannot be 'yes'; write true or false\n"},
    {"a duration without its unit", "wait: 10",
     "dir/x:2:7: wait cannot be '10'; write a duration such as 500ms, 10s, 2m or 1h30m\n"},
    {"a duration out of its range", "wait: 100ms",
     "dir/x:2:7: wait cannot be 100ms; write 500ms to 1h30m\n"},
    {"a decimal size", "size: 1MB",
     "dir/x:2:7: size cannot be '1MB'; write a size such as 65536, 512KiB or 4MiB\n"},
    {"a size out of its range", "size: 1GiB",
     "dir/x:2:7: size cannot be 1GiB; write 4KiB to 1MiB\n"},
    {"a frequency out of its range", "speed: 8MHz",
     "dir/x:2:8: speed cannot be 8MHz; write 1kHz to 1MHz\n"},
    {"a share without its sign", "share: 30",
     "dir/x:2:8: share cannot be '30'; write a share such as 30%\n"},
    {"a mistyped word", "colour: ambr",
     "dir/x:2:9: colour cannot be 'ambr'; did you mean 'amber'?\n"},
    {"a word that YAML knows lists them, too", "colour: no",
     "dir/x:2:9: colour cannot be 'no'; write red, amber or green\n"},
    {"a word like no other lists them all", "colour: violet",
     "dir/x:2:9: colour cannot be 'violet'; write red, amber or green\n"},
    {"a section of the wrong shape", "extra: 1",
     "dir/x:2:8: extra cannot be a single value; write a list\n"},
    {"what the tree refused is not refused again", "count: *five",
     "dir/x:2:8: an alias (*name) is not read; write the value out, or put quotes around a value "
     "that begins with *\n"},
    {"a hostile key cannot move the cursor", "\"\\e[2J\": 1",
     "dir/x:2:1: unknown key '?[2J'; amberbar.yaml(5) lists those that there are\n"},
    {"every mistake of a file, in the order of its lines", "wait: 1\nshare: 2\ncuont: 3\nsize: 4",
     "dir/x:2:7: wait cannot be '1'; write a duration such as 500ms, 10s, 2m or 1h30m\n"
     "dir/x:3:8: share cannot be '2'; write a share such as 30%\n"
     "dir/x:4:1: unknown key 'cuont'; did you mean 'count'?\n"
     "dir/x:5:7: size cannot be 4; write 4KiB to 1MiB\n"},
};

static void test_complaints(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[512];
        struct complaints complaints = {0};
        snprintf(text, sizeof text, "name: n\n%s\n", rows[i].text);
        struct settings settings = read_text(text, &complaints);
        expect_complaints(rows[i].sentence, &complaints, rows[i].complaints);
        assert_string_equal(settings.name, "n"); /* one mistake does not spoil the rest */
        complaints_free(&complaints);
    }
}

static void test_missing(void **state)
{
    (void)state;
    struct complaints complaints = {0};
    read_text("{count: 5}", &complaints);
    expect_complaints("a required key", &complaints,
                      "dir/x:1:1: the key 'name' is missing here; add it, with text\n");
    complaints_free(&complaints);
    read_text("name: ''", &complaints);
    expect_complaints("a required text that is empty", &complaints,
                      "dir/x:1:7: name cannot be empty; write text\n");
    complaints_free(&complaints);
    read_text("[name]", &complaints);
    expect_complaints("a list for the whole file", &complaints,
                      "dir/x:1:1: this cannot be a list; write its keys, indented under it\n");
    complaints_free(&complaints);
}

static void test_fallbacks(void **state)
{
    (void)state;
    struct complaints complaints = {0};
    struct settings settings = read_text("name: n", &complaints);
    expect_complaints("nothing else is required", &complaints, "");
    assert_string_equal(settings.path, "");
    assert_int_equal(settings.count, 4);
    assert_true(settings.ratio == 0.5);
    assert_true(settings.wanted);
    assert_int_equal(settings.wait_ms, 10000);
    assert_int_equal(settings.bytes, 65536);
    assert_int_equal(settings.speed_hz, 400000);
    assert_true(settings.share == 0.3);
    assert_int_equal(settings.colour, 1);
    assert_int_equal(settings.outer.level, 3);
    assert_int_equal(settings.outer.inner.depth, 7);
    complaints_free(&complaints);
}

static void test_values(void **state)
{
    (void)state;
    struct complaints complaints = {0};
    struct settings settings =
        read_text("name: 5\npath: sub/p\ncount: 10\nratio: -1e3\nwanted: false\nwait: 1h\n"
                  "size: 4096\nspeed: 1kHz\nshare: 1%\ncolour: \"green\"\n"
                  "outer: {level: -2, inner: {depth: 9, note: \"\"}}\nextra: [1, 2]\npassed: {}\n",
                  &complaints);
    expect_complaints("all is well", &complaints, "");
    assert_string_equal(settings.name, "5");
    assert_string_equal(settings.path, "dir/sub/p");
    assert_int_equal(settings.count, 10);
    assert_true(settings.ratio == -1000.0);
    assert_false(settings.wanted);
    assert_int_equal(settings.wait_ms, 3600000);
    assert_int_equal(settings.bytes, 4096);
    assert_int_equal(settings.speed_hz, 1000);
    assert_true(settings.share == 0.01);
    assert_int_equal(settings.colour, 2);
    assert_int_equal(settings.outer.level, -2);
    assert_int_equal(settings.outer.inner.depth, 9);
    assert_string_equal(settings.extra, "2 items");
    complaints_free(&complaints);
}

/* Exactly full, and one byte more. */
static void test_lengths(void **state)
{
    (void)state;
    static const struct {
        const char *sentence, *text, *name, *path, *complaints;
    } texts[] = {
        {"a text that just fits", "name: abcdefg", "abcdefg", "", ""},
        {"a text that does not", "name: abcdefgh", "abcdefg", "",
         "dir/x:1:7: name cannot be so long; at most 7 bytes fit\n"},
        {"a path that just fits with its directory", "{name: n, path: abcdefghijklmnopqrs}", "n",
         "dir/abcdefghijklmnopqrs", ""},
        {"a path that does not", "{name: n, path: abcdefghijklmnopqrst}", "n",
         "dir/abcdefghijklmnopqrs", "dir/x:1:17: path cannot be so long; at most 23 bytes fit\n"},
        {"a path of one letter", "{name: n, path: x}", "n", "dir/x", ""},
        {"no path", "{name: n, path: ''}", "n", "", ""},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct complaints complaints = {0};
        const struct settings settings = read_text(texts[i].text, &complaints);
        expect_complaints(texts[i].sentence, &complaints, texts[i].complaints);
        assert_string_equal(settings.name, texts[i].name);
        assert_string_equal(settings.path, texts[i].path);
        complaints_free(&complaints);
    }
}

/* What is cut before it is looked through is too long, and nothing else. */
static void test_very_long_texts(void **state)
{
    (void)state;
    static const struct {
        int letters;
        const char *end, *complaints;
    } texts[] = {
        {8189, "\\e", "dir/x:1:7: name holds a control character; remove it\n"},
        {8189, "\u00e9", "dir/x:1:7: name cannot be so long; at most 7 bytes fit\n"},
        {8190, "\u00e9", "dir/x:1:7: name cannot be so long; at most 7 bytes fit\n"},
        {8191, "", "dir/x:1:7: name cannot be so long; at most 7 bytes fit\n"},
        {8192, "", "dir/x:1:7: name cannot be so long; at most 7 bytes fit\n"},
        {9000, "\u00e9", "dir/x:1:7: name cannot be so long; at most 7 bytes fit\n"},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct complaints complaints = {0};
        char text[9100];
        snprintf(text, sizeof text, "name: \"%0*d%s\"", texts[i].letters, 0, texts[i].end);
        read_text(text, &complaints);
        expect_complaints(texts[i].end, &complaints, texts[i].complaints);
        complaints_free(&complaints);
    }
}

static void test_paths(void **state)
{
    (void)state;
    static const struct {
        const char *file, *name, *path;
    } paths[] = {
        {"/etc/amberbar/a.yaml", "x", "/etc/amberbar/x"},
        {"/etc/amberbar/a.yaml", "/x", "/x"},
        {"/a.yaml", "x", "/x"},
        {"a.yaml", "x", "x"},
        {"d/a.yaml", "../x", "d/../x"},
        {NULL, "x", "x"},
    };
    char out[32];
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        assert_true(path_resolve(paths[i].file, paths[i].name, out, sizeof out));
        assert_string_equal(out, paths[i].path);
    }
    assert_false(path_resolve("dir/a", "12345", out, 9));
    assert_true(path_resolve("dir/a", "1234", out, 9));
}

static void test_credentials(void **state)
{
    (void)state;
    char directory[] = "/tmp/amberbar-credentials-XXXXXX";
    char path[64];
    char out[64];
    assert_non_null(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/wall", directory);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fclose(file);

    unsetenv("CREDENTIALS_DIRECTORY");
    assert_false(path_credential("wall", out, sizeof out));
    setenv("CREDENTIALS_DIRECTORY", directory, 1);
    assert_true(path_credential("wall", out, sizeof out));
    assert_string_equal(out, path);
    assert_false(path_credential("floor", out, sizeof out));  /* there is none */
    assert_false(path_credential("./wall", out, sizeof out)); /* a path means what it says */
    assert_false(path_credential("/wall", out, sizeof out));
    assert_false(path_credential("..", out, sizeof out));
    assert_true(path_credential("wall", out, strlen(path) + 1));
    assert_string_equal(out, path);
    path[strlen(path) - 1] = '\0'; /* what is left of it when it is cut is there, too */
    file = fopen(path, "w");
    assert_non_null(file);
    fclose(file);
    assert_false(path_credential("wall", out, strlen(path) + 1)); /* one byte short */
    unsetenv("CREDENTIALS_DIRECTORY");
    unlink(path);
    strcat(path, "l");
    unlink(path);
    rmdir(directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_complaints), cmocka_unit_test(test_missing),
        cmocka_unit_test(test_fallbacks),  cmocka_unit_test(test_values),
        cmocka_unit_test(test_lengths),    cmocka_unit_test(test_very_long_texts),
        cmocka_unit_test(test_paths),      cmocka_unit_test(test_credentials),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
